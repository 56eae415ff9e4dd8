/* arietta-composer.h - the attention composer: all tracks, event by event
 *
 * A decoder-only transformer over the events of encoding/arietta-events.h, after Huang et al.,
 * "Music Transformer" (ICLR 2019) for its relative attention, and Ens and Pasquier, "MMM: Exploring
 * Conditional Multi-Track Music Generation with the Transformer" (2020) for infilling: cells (a bar
 * of a part) are masked in their place and given at the end.  So one network continues, fills in
 * bars, writes chords to a melody, a melody to chords, a bass to both, drums to all: each is a
 * choice of cells.
 *
 *   x       = token + bar of the window + position in the bar + part, summed rows of four tables.
 *             The last three are known from the tokens so far, and say where in the music a token
 *             stands, which distances between tokens do not.
 *   layer   x += W attention (norm x), causal, with embeddings of distances; x += F2 gelu (F1 norm x)
 *   logits  = norm x . token table + bias
 *
 * With `home = 1` all music is moved to the tonic C on its way in and back on its way out: then a
 * network learns one key instead of twelve, which in an hour of one core is most of what it can,
 * and is in the key that was asked for by construction.
 *
 * Training: windows of whole bars, some in another key, somewhat louder or softer, slower or
 * faster; about half of them with masked cells; each condition of the head left out with a chance,
 * so that all may be left open.  Label smoothing and dropout are fields of the recipe.  With
 * `exchanged` above 0, so large a share of the windows has two holes in all parts and comes twice,
 * the second time with the bars of the holes exchanged: beside foretelling the first, the network
 * learns to find it likelier than the second, the logistic loss of pairs of Burges et al.,
 * "Learning to Rank using Gradient Descent" (ICML 2005), on whole sequences.
 *
 * Threads: as learning/arietta-model-kind.h says.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_composer_kind;

G_END_DECLS
