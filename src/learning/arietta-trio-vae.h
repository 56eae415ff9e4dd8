/* arietta-trio-vae.h - the trio VAE: two bars of melody, bass, accompaniment and (where there are some) drums
 * as one point
 *
 * Voices are those of encoding/arietta-trio-steps.h, units of the hierarchical net of
 * arietta-window-vae-private.h: each is read and written by the same lower level, the conductor gives each
 * its point, and each heeds what sounds in those before it.  MusicVAE's trio (Roberts et al., ICML 2018) has a
 * decoder for each instrument instead, deaf to the others.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_trio_vae_kind;

G_END_DECLS
