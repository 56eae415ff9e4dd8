/* arietta-synth-output.h - where a sequencer is heard: a pipeline with a device, found again when it is lost
 *
 * The pipeline runs from our source (audio/arietta-synth-source.h) to a sink
 * (audio/arietta-audio-sink.h).  Opening a device may take its time, so that happens in a worker.
 * Where none can be opened, a silent sink keeps time.
 *
 * A device that fails (pulled out, its server started again) is replaced by a silent sink at once; while
 * arietta_synth_output_set_wanted () says so, a device is looked for, after two seconds, then four,
 * up to a minute, and takes over when there is one.  Which device it is, the system decides: a
 * sound server moves our stream when the person chooses another, and a new pipeline asks again.
 *
 * Threads: the main loop's; so are the callbacks.
 */
#pragma once

#include "audio/arietta-audio-error.h"
#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

typedef struct
{
  void (*opened) (gpointer user_data);   /* there is a pipeline, or another one; PAUSED */
  void (*closing) (gpointer user_data);  /* it is about to go */
  void (*closed) (gpointer user_data);   /* it is gone; the next one counts its frames from 0 */
  void (*failed) (const GError *error, gpointer user_data);  /* not even silence keeps time */
} AriettaSynthOutputEvents;

typedef struct _AriettaSynthOutput AriettaSynthOutput;

AriettaSynthOutput *arietta_synth_output_new         (AriettaSequencer               *sequencer,
                                                      const AriettaSynthOutputEvents *events,
                                                      gpointer                        user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Calls back no more. */
void                arietta_synth_output_free        (AriettaSynthOutput *self);

/* Nothing when it is open or being opened. */
void                arietta_synth_output_open        (AriettaSynthOutput *self);
void                arietta_synth_output_close       (AriettaSynthOutput *self);
gboolean            arietta_synth_output_is_open     (AriettaSynthOutput *self);
/* Known while open. */
gboolean            arietta_synth_output_is_silent   (AriettaSynthOutput *self);

/* PLAYING or PAUSED. */
void                arietta_synth_output_run         (AriettaSynthOutput *self,
                                                      gboolean            run);
/* Whether anybody misses a device; begins to look for one afresh when set. */
void                arietta_synth_output_set_wanted  (AriettaSynthOutput *self,
                                                      gboolean            wanted);
/* How much sound the device holds in advance.  An open pipeline is made anew. */
void                arietta_synth_output_set_latency (AriettaSynthOutput *self,
                                                      guint               latency_ms);
/* The frame of the stream that is heard now; FALSE when that is not known. */
gboolean            arietta_synth_output_get_frame   (AriettaSynthOutput *self,
                                                      double             *frame);

G_END_DECLS
