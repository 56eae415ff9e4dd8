/* arietta-midi-system.h - what meson chose to build: arietta-midi-alsa.c, or arietta-midi-none.c without ALSA */
#pragma once

#include "audio/arietta-midi-input.h"

G_BEGIN_DECLS

AriettaMidiInput *arietta_midi_system_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
