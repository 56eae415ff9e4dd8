/* arietta-recording.h - what a hand played while the piece went by, on its way to being notes
 *
 * Takes the messages of a keyboard, each with the tick that was heard when it was played, and joins
 * them to notes and pedals.  Where a loop comes round, held notes end with it and the next pass
 * lies over the one before.
 *
 * Main thread; pure but for what it gathers.
 */
#pragma once

#include "music/arietta-selection.h"

G_BEGIN_DECLS

typedef struct
{
  gint64   start_ticks;  /* where recording began, and where it ended: the later of ... */
  gint64   end_ticks;    /* ... the passes of a loop */
  gboolean replace;      /* what the track had there goes; else it stays */
  gint64   grid_ticks;   /* beginnings are put on this grid; 0: as played */
} AriettaRecordingSettings;

typedef struct _AriettaRecording AriettaRecording;

AriettaRecording *arietta_recording_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_recording_free        (AriettaRecording *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRecording, arietta_recording_free)

/* A channel message, @status 0x80..0xEF; modes, programs, volume and pan are not kept: they are the mixer's. */
void              arietta_recording_add         (AriettaRecording *self,
                                                 gint64            tick,
                                                 guint8            status,
                                                 guint8            data1,
                                                 guint8            data2);
/* Everything held ends at @tick: a loop came round, or the recording is over. */
void              arietta_recording_end_notes   (AriettaRecording *self,
                                                 gint64            tick);
guint             arietta_recording_get_n_notes (AriettaRecording *self);
/* The frozen piece with it on track @track (an empty piece gets one), or @piece itself, with a new
 * reference, when there is nothing to add or to take away.  What began before the start begins
 * there; what ended before is left out.  Held notes are left out too.  @selected, if not NULL: the
 * new notes there. */
AriettaPiece     *arietta_recording_apply       (AriettaRecording *self,
                                                 AriettaPiece     *piece,
                                                 guint             track,
                                                 const AriettaRecordingSettings *settings,
                                                 AriettaSelection **selected) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
