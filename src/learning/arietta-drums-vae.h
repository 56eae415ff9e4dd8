/* arietta-drums-vae.h - the drums VAE: two bars of a drum kit as one point
 *
 * The net of arietta-melody-vae.h over the tokens of encoding/arietta-drum-steps.h: for each sixteenth
 * which of nine classes are hit, 512 combinations, in any metre.  Beside the logits stand nine
 * velocities and nine offsets from the step, learned at the hits alone; so what was played comes back
 * as played, but triplets only as far as an offset of half a step reaches.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_drums_vae_kind;

G_END_DECLS
