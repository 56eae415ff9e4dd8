/* arietta-packed.h - a matrix laid out for y = W x, one or a few rows at a time
 *
 * Sampling multiplies one short vector by the same large matrix at every step, so what counts is how
 * fast W streams past.  Packed, W (N,K) becomes ceil (N / 64) blocks of (K,64), each block the columns of
 * 64 rows of W side by side, padded with zeros:
 *
 *     W rows 0..63:   k=0 | w[0][0] w[1][0] ... w[63][0] |
 *                     k=1 | w[0][1] w[1][1] ... w[63][1] |  ...
 *
 * so that 64 sums grow in registers and memory is read once, in order.
 */
#pragma once

#include "math/arietta-real.h"

/* Numbers that arietta_pack () writes. */
size_t arietta_packed_size     (int                N, int K);
/* packed must be aligned to 64 bytes. */
void   arietta_pack            (AriettaReal       *packed,
                                const AriettaReal *W,
                                int                N, int K);

/* y (n,N) += x (n,K) . W^T + b (N); b may be NULL.  On the calling thread. */
void   arietta_packed_multiply (AriettaReal       *y,
                                const AriettaReal *x, const AriettaReal *packed,
                                const AriettaReal *b,
                                int                n, int N, int K);
