#include "audio/arietta-midi-script.h"
#include "audio/arietta-midi-system.h"

/* Nothing ever happens there. */
AriettaMidiInput *
arietta_midi_system_new (void)
{
  return ARIETTA_MIDI_INPUT (arietta_midi_script_new (NULL));
}
