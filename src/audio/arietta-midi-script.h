/* arietta-midi-script.h - keyboards that follow a script: for tests, and for machines without a sequencer
 *
 * Its functions say what happens; or lines do, read as they come from a named pipe or a file:
 *
 *   plug NAME      unplug NAME      on PITCH VELOCITY      off PITCH      control NUMBER VALUE
 *
 * Messages reach the receiver in the thread that sends them, with the time they were sent.
 */
#pragma once

#include "audio/arietta-midi-input.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MIDI_SCRIPT (arietta_midi_script_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMidiScript, arietta_midi_script, ARIETTA, MIDI_SCRIPT, GObject)

/* @path of a pipe or file, or NULL: nothing happens by itself. */
AriettaMidiScript *arietta_midi_script_new    (const char        *path) G_GNUC_WARN_UNUSED_RESULT;
void               arietta_midi_script_plug   (AriettaMidiScript *self,
                                               const char        *device);
void               arietta_midi_script_unplug (AriettaMidiScript *self,
                                               const char        *device);
/* From the first device there is, when it is the chosen one; @time_us 0: now. */
void               arietta_midi_script_send   (AriettaMidiScript *self,
                                               gint64             time_us,
                                               guint8             status,
                                               guint8             data1,
                                               guint8             data2);

G_END_DECLS
