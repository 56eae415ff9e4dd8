/* arietta-retention.h - how much of one melody is still in another
 *
 * Both melodies (arietta-melody.h) are laid on the sixteenth grid from their pieces' beginnings.
 *  - chroma: 12-bin counts of onset pitch classes per bar, length one, dot product, mean over the
 *    bars in which the source has a note (MuseMorphose and FIGARO's chroma similarity);
 *  - contour: share of the source's steps from note to note that go the same way (up, down, level)
 *    at the same places in the result;
 *  - onset_f1: F1 of the sets of grid places where a note begins.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  double chroma, contour, onset_f1;   /* 0..1 */
} AriettaRetention;

void arietta_retention_measure (AriettaPiece     *source,
                                AriettaPiece     *result,
                                AriettaRetention *retention);

G_END_DECLS
