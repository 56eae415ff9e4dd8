/* arietta-midi-alsa.h - keyboards by the sequencer of ALSA
 *
 * A client of the sequencer with one port, to which every keyboard that can be read is connected as
 * it appears: USB, Bluetooth, virtual ones of other programs.  Only “Midi Through” is left out, for
 * it echoes.  A thread of its own waits for events and stamps them as they come.  Without a
 * sequencer (its module is not loaded) there are no devices, and it is tried again when something
 * appears in /dev/snd.
 */
#pragma once

#include <alsa/asoundlib.h>

#include "audio/arietta-midi-input.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MIDI_ALSA (arietta_midi_alsa_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMidiAlsa, arietta_midi_alsa, ARIETTA, MIDI_ALSA, GObject)

AriettaMidiAlsa *arietta_midi_alsa_new       (void) G_GNUC_WARN_UNUSED_RESULT;

/* The message an event of ALSA stands for; FALSE for those that are none.  The time is left to the caller. */
gboolean         arietta_midi_alsa_translate (const snd_seq_event_t *event,
                                              AriettaMidiMessage    *message);

G_END_DECLS
