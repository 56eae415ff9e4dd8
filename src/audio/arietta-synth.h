/* arietta-synth.h - FluidSynth, held by one hand
 *
 * Wraps one fluid_synth_t with one SoundFont and 256 channels, and remembers what was asked of each
 * channel, so that a seek needs to send only differences.  Output is interleaved stereo float at
 * ARIETTA_SAMPLE_RATE.
 *
 * FluidSynth renders in blocks of 64 frames: what is asked takes effect at the next block, at most
 * 1.45 ms later.  When all is silent, no block is pending, and the next note begins exactly where it is
 * asked.
 *
 * Channels 0 .. ARIETTA_SCHEDULE_MAX_CHANNELS - 1 belong to the piece, the last four to a keyboard, fingers
 * and clicks.
 *
 * Threads: one at a time.  It is made in a worker, handed to the audio thread, and freed elsewhere.
 */
#pragma once

#include "audio/arietta-audio-error.h"
#include "audio/arietta-schedule.h"

G_BEGIN_DECLS

#define ARIETTA_SYNTH_N_CHANNELS      256
#define ARIETTA_SYNTH_VOICES          256
#define ARIETTA_SYNTH_N_METERS        32
#define ARIETTA_SYNTH_THRU            252
#define ARIETTA_SYNTH_LIVE_DRUMS      253
#define ARIETTA_SYNTH_LIVE            254
#define ARIETTA_SYNTH_CLICK           255

typedef struct
{
  guint8  controls[128];
  gint16  program;
  gint16  bend;       /* 0..16383 */
  guint8  pressure;
} AriettaSynthChannel;

typedef struct _AriettaSynth AriettaSynth;

AriettaSynth              *arietta_synth_new               (const char                *soundfont,
                                                            GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a meter for each channel, for a little work more; channels ARIETTA_SYNTH_N_METERS apart share one. */
AriettaSynth              *arietta_synth_new_with_meters   (const char                *soundfont,
                                                            GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
void                       arietta_synth_free              (AriettaSynth              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSynth, arietta_synth_free)

/* 1..ARIETTA_SYNTH_VOICES, which it has at first.  Before it sounds. */
void                       arietta_synth_set_polyphony     (AriettaSynth              *self,
                                                            guint                      n_voices);
/* What a channel holds before anything is asked. */
const AriettaSynthChannel *arietta_synth_get_defaults      (AriettaSynth              *self);
/* Sends what differs from @wanted; programs and banks only where they differ. */
void                       arietta_synth_set_channel       (AriettaSynth              *self,
                                                            guint                      channel,
                                                            const AriettaSynthChannel *wanted);
void                       arietta_synth_set_percussion    (AriettaSynth              *self,
                                                            guint                      channel,
                                                            gboolean                   percussion);
/* 0..1, for notes that sound as well; independent of controller 7. */
void                       arietta_synth_set_gain          (AriettaSynth              *self,
                                                            guint                      channel,
                                                            double                     gain);

void                       arietta_synth_note_on           (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      pitch,
                                                            guint                      velocity);
void                       arietta_synth_note_off          (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      pitch);
gboolean                   arietta_synth_is_on             (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      pitch);
/* Ends the channel's notes (they ring out as their sounds do) and lifts its pedals. */
void                       arietta_synth_release           (AriettaSynth              *self,
                                                            guint                      channel);
void                       arietta_synth_control           (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      controller,
                                                            guint                      value);
void                       arietta_synth_program           (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      program);
void                       arietta_synth_bend              (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      value);
void                       arietta_synth_pressure          (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      value);
void                       arietta_synth_key_pressure      (AriettaSynth              *self,
                                                            guint                      channel,
                                                            guint                      pitch,
                                                            guint                      value);

/* TRUE for the controllers that address parameters (bend range, tuning): only their order has meaning, so
 * they are sent again rather than compared. */
gboolean                   arietta_synth_is_parameter      (guint                      controller);

/* The channel's peak in what was rendered last, after its volume and without effects; 0 without meters. */
float                      arietta_synth_get_peak          (AriettaSynth              *self,
                                                            guint                      channel);

/* The next @n_frames. */
void                       arietta_synth_render            (AriettaSynth              *self,
                                                            float                     *out,
                                                            guint                      n_frames);

G_END_DECLS
