/* arietta-repetition.h - how much of a piece is said again within it
 *
 * A bar of a part repeats when an earlier bar of the same part has the same onsets and the same
 * intervals between its notes, in any key (percussion: the same drums).  Bars with fewer than two
 * onsets do not count, for or against.
 *
 * Threads: pure functions.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Adds to *n_bars the bars that count and to *n_repeated those of them that repeat. */
void arietta_repetition_count (AriettaPiece *piece,
                               guint        *n_bars,
                               guint        *n_repeated);

G_END_DECLS
