/* arietta-recorder.h - keyboards and player together: what is played is heard at once, and kept when asked for
 *
 * Every message sounds with the player's next buffer, whether or not anything plays.  While
 * recording, each is placed where the music was that the person heard when they played it: by the
 * clock of the stream, so that neither the device's buffer nor a busy main loop moves a note.
 *
 * Properties (notify): "recording" (bool, read only).
 * Signals, on the main loop: "changed", a note was completed while recording; "wrapped", the loop came round;
 * "finished", the recording is over, by arietta_recorder_stop () or because playing stopped: then, and until the
 * next start, arietta_recorder_get_recording () has it; "heard" (uint status, uint data1, uint data2), a message.
 *
 * Main thread only.
 */
#pragma once

#include "audio/arietta-midi-input.h"
#include "audio/arietta-player.h"
#include "music/arietta-recording.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_RECORDER (arietta_recorder_get_type ())
G_DECLARE_FINAL_TYPE (AriettaRecorder, arietta_recorder, ARIETTA, RECORDER, GObject)

AriettaRecorder  *arietta_recorder_new           (AriettaPlayer    *player,
                                                  AriettaMidiInput *input) G_GNUC_WARN_UNUSED_RESULT;

AriettaMidiInput *arietta_recorder_get_input     (AriettaRecorder  *self);

/* On the piece of the player, from where it is; when it stands, after @count_in bars of clicks.
 * FALSE without a piece. */
gboolean          arietta_recorder_start         (AriettaRecorder  *self,
                                                  guint             count_in);
/* Playing goes on. */
void              arietta_recorder_stop          (AriettaRecorder  *self);
gboolean          arietta_recorder_is_recording  (AriettaRecorder  *self);
/* NULL before the first start; borrowed. */
AriettaRecording *arietta_recorder_get_recording (AriettaRecorder  *self);
/* Where it began, and how far it reached. */
void              arietta_recorder_get_span      (AriettaRecorder  *self,
                                                  gint64           *start_ticks,
                                                  gint64           *end_ticks);

G_END_DECLS
