/* arietta-attention-step.h - attention of one row over what was kept of the rows before it
 *
 * The same sums as arietta-attention.h, for use: keys and values of earlier rows are kept, and a new row
 * costs one pass over them.  Keys lie in panels of ARIETTA_PANEL places, so that the scores of a panel are one
 * product of the packed kernels; values lie row by row:
 *
 *   keys    (H, capacity / ARIETTA_PANEL, D, ARIETTA_PANEL)
 *   values  (H, capacity, D)
 *
 * capacity is a multiple of ARIETTA_PANEL.  Distances are told by differences of places, so rows may be moved
 * down together by whole panels, which is how a bounded cache goes on without end.
 */
#pragma once

#include "math/arietta-real.h"

typedef struct
{
  int                H, D, capacity;
  AriettaReal       *keys, *values;
} AriettaKept;

/* Numbers of keys, and as many of values. */
size_t arietta_kept_size   (int                H, int D, int capacity);
/* Keeps k (H D) and v (H D) at a place. */
void   arietta_kept_put    (const AriettaKept *kept,
                            const AriettaReal *k, const AriettaReal *v,
                            int                place);
/* Keys and values of places from .. to - 1 as rows (H D) each. */
void   arietta_kept_get    (const AriettaKept *kept,
                            AriettaReal       *k, AriettaReal *v,
                            int                from, int to);
/* Moves places from .. to - 1 down to 0; from is a multiple of ARIETTA_PANEL. */
void   arietta_kept_move   (const AriettaKept *kept,
                            int                from, int to);

/* Tables of distances as arietta-attention.h has them for causal attention: bias (H,R), or NULL; far, each
 * head's rel (R,D) by arietta_pack (), arietta_packed_size (R, D) numbers a head, or NULL. */
typedef struct
{
  int                R;
  const AriettaReal *bias, *far;
  AriettaReal        scale;
} AriettaKeptTables;

/* y (H D) of q (H D) at a place whose key and value are kept already, over places low .. place.  weights
 * (H,capacity) gets what each place gave, from low on; scratch holds 2 capacity + D numbers. */
void   arietta_kept_attend (AriettaReal             *y,
                            AriettaReal             *weights,
                            const AriettaReal       *q,
                            const AriettaKept       *kept,
                            const AriettaKeptTables *tables,
                            AriettaReal             *scratch,
                            int                      low, int place);
