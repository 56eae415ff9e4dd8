/* arietta-midi-input.h - keyboards
 *
 * One interface; behind it the sequencer of ALSA (audio/arietta-midi-alsa.h), or a script
 * (audio/arietta-midi-script.h) where tests stand in for hands.  Devices appear and vanish while
 * the program runs; by default all that can be played are heard.
 *
 * A keyboard that is pulled out lets go of its keys: ARIETTA_MIDI_ALL_NOTES_OFF comes for it.
 *
 * Signal: "devices-changed", on the main loop.  Main thread, except that messages come in a thread of the source's own.
 */
#pragma once

#include <glib-object.h>

#include "audio/arietta-midi-message.h"

G_BEGIN_DECLS

/* In the source's thread: be quick, and lock nothing a person may hold. */
typedef void (*AriettaMidiReceiver) (const AriettaMidiMessage *message,
                                     gpointer                  user_data);

#define ARIETTA_TYPE_MIDI_INPUT (arietta_midi_input_get_type ())
G_DECLARE_INTERFACE (AriettaMidiInput, arietta_midi_input, ARIETTA, MIDI_INPUT, GObject)

struct _AriettaMidiInputInterface
{
  GTypeInterface parent_interface;

  void    (*set_receiver) (AriettaMidiInput *self, AriettaMidiReceiver receiver, gpointer user_data);
  GStrv   (*dup_devices)  (AriettaMidiInput *self);
  void    (*choose)       (AriettaMidiInput *self, const char *device);
};

/* What the system has: ALSA, else nothing at all.  With ARIETTA_MIDI_SCRIPT in the environment the
 * script of that name. */
AriettaMidiInput *arietta_midi_input_new_system   (void) G_GNUC_WARN_UNUSED_RESULT;

/* NULL stops; once it returns, no call is under way any more. */
void              arietta_midi_input_set_receiver (AriettaMidiInput    *self,
                                                   AriettaMidiReceiver  receiver,
                                                   gpointer             user_data);
/* Names, as the system shows them. */
GStrv             arietta_midi_input_dup_devices  (AriettaMidiInput    *self) G_GNUC_WARN_UNUSED_RESULT;
/* Only this one is heard, now or when it appears; NULL: every one. */
void              arietta_midi_input_choose       (AriettaMidiInput    *self,
                                                   const char          *device);

/* For sources: tells that the devices changed. */
void              arietta_midi_input_emit_devices_changed (AriettaMidiInput *self);

G_END_DECLS
