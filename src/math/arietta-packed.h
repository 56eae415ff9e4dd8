/* arietta-packed.h - a matrix laid out once for many products of few rows
 *
 * No second GEMM: general products are CBLAS's, see arietta-gemm.h.  But recurrent layers multiply by the
 * same matrix at every step, a few rows at a time, and CBLAS lays it out anew for each product.  Here that
 * is done once: for a sequence in training, when a cell is made in sampling.  By a matrix of 512 by 2048,
 * in GFLOP/s of one core of Zen 4 (peak 115):
 *
 *     rows               1     4     8    16    32    64   128   256   512
 *     OpenBLAS 0.3.21    7    28    42    56    74    74    88    91    92
 *     packed, AVX-512   46   112   112   111   112   110   110   100   101
 *     packed for each    4    12    15    30    35    58    71    77    89
 *     packed, AVX2      46    99   100   107   106   108
 *
 * (build/tests/bench/bench-kernels; the last row is older.)  One row alone is bound by reading the matrix.  Where a
 * matrix serves for one product only, packing it costs more than it brings, up to 512 rows at the least; used
 * again it stays the quicker with rows in the hundreds too, by a tenth.
 *
 * Packed, the columns of y stand in panels of ARIETTA_PANEL = 48, each with its part of W row by row, padded
 * with zeros:
 *
 *     panel 0:   k=0 | W for y[0] .. y[47] |
 *                k=1 | W for y[0] .. y[47] |  ...  k=K-1
 *     panel 1:   k=0 | W for y[48] .. y[95] |  ...
 *
 * A tile of 8 rows by 48 columns (AVX-512; 4 by 24 for AVX2) of y grows in registers while W streams by in
 * order.  A row of y does not depend on the rows beside it.  One thread; who has many rows cuts them.
 *
 * A packed matrix belongs to the kernels of arietta_vector () at the time, which all use this layout.
 */
#pragma once

#include "math/arietta-real.h"

/* Whether this processor has such kernels; where not, CBLAS is the quicker from 16 rows on. */
int    arietta_packed_is_fast    (void);

/* Numbers that packing writes, for y of N columns and x of K. */
size_t arietta_packed_size       (int                N, int K);
/* For y = x W^T with W (N,K), over the pool.  packed must be aligned to 64 bytes. */
void   arietta_pack              (AriettaReal       *packed,
                                  const AriettaReal *W,
                                  int                N, int K);
/* For y = x W with W (K,N). */
void   arietta_pack_transposed   (AriettaReal       *packed,
                                  const AriettaReal *W,
                                  int                N, int K);

/* y (n,N) = x (n,K) . W', or += if add.  On the calling thread. */
void   arietta_packed_multiply   (AriettaReal       *y,
                                  const AriettaReal *x, const AriettaReal *packed,
                                  int                add,
                                  int                n, int N, int K);
