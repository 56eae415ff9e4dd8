/* arietta-general-midi.h - the instruments of General MIDI, by name
 *
 * After the MIDI Manufacturers Association's "General MIDI System Level 1" (RP-003): 128 programs in 16 families of
 * eight, and the percussion keys 35 to 81 of channel 10.  Names are translated.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_N_PROGRAMS 128
#define ARIETTA_N_FAMILIES 16

/* @program 0..127. */
const char *arietta_general_midi_get_program    (int program);
/* Of programs 8 @family to 8 @family + 7. */
const char *arietta_general_midi_get_family     (int family);
/* NULL for a key that the standard leaves open. */
const char *arietta_general_midi_get_percussion (int pitch);

G_END_DECLS
