/* arietta-kept.h - what of a piece survived a conversion
 *
 * Two pieces are laid over each other in quarters.  A note is kept when the other piece has one of
 * the same pitch, percussion apart, that begins within half a sixteenth of it (each partner serves
 * once, the nearest first); of the kept notes the other shares count exact onsets, exact durations
 * and equal velocities, all as shares of every note of the first piece.  By how much those that are not
 * exact are off stands beside it, as the mean of all kept notes.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  double notes, onsets, durations, velocities;   /* 0..1; 1 for a piece without notes */
  double onset_off, duration_off;                /* quarters */
} AriettaKept;

void arietta_kept_measure (AriettaPiece *before,
                           AriettaPiece *after,
                           AriettaKept  *kept);

G_END_DECLS
