/* arietta-linear.h - y = x W^T + b, and rows of a table
 *
 * W is (out, in), as PyTorch lays it out.
 */
#pragma once

#include "math/arietta-real.h"

/* y (N,H) = x (N,D) . W (H,D)^T + b (H); b may be NULL. */
void arietta_linear_forward     (AriettaReal       *y,
                                 const AriettaReal *x, const AriettaReal *W, const AriettaReal *b,
                                 int                N, int D, int H);
/* The same with W laid out by arietta_pack () first: for N from ARIETTA_LINEAR_PACK_ROWS on and H a multiple of 16
 * that is the quicker where arietta_packed_is_fast (). */
#define ARIETTA_LINEAR_PACK_ROWS 1024
void arietta_linear_forward_packed (AriettaReal       *y,
                                 const AriettaReal *x, const AriettaReal *packed, const AriettaReal *b,
                                 int                N, int D, int H);
/* dx (N,D) += dy W;  dW (H,D) += dy^T x;  db (H) += column sums of dy (N,H). */
void arietta_linear_backward    (AriettaReal       *dx, AriettaReal *dW, AriettaReal *db,
                                 const AriettaReal *dy, const AriettaReal *x, const AriettaReal *W,
                                 int                N, int D, int H);
/* dx (N,D) += dy (N,H) W with W laid out by arietta_pack_transposed (packed, W, D, H) first; quicker under the same
 * conditions, with D the multiple of 16. */
void arietta_linear_backward_packed (AriettaReal       *dx,
                                 const AriettaReal *dy, const AriettaReal *packed,
                                 int                N, int D, int H);

/* y (N,D) = table (V,D)[ids (N)]; an id below 0 gives a row of zeros. */
void arietta_embedding_forward  (AriettaReal       *y,
                                 const int32_t     *ids, const AriettaReal *table,
                                 int                N, int V, int D);
/* dtable (V,D)[ids (N)] += dy (N,D), in order of n. */
void arietta_embedding_backward (AriettaReal       *dtable,
                                 const AriettaReal *dy, const int32_t *ids,
                                 int                N, int V, int D);
