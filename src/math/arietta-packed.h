/* arietta-packed.h - a matrix laid out for y = x W, by our own kernels
 *
 * Recurrent layers multiply by the same large matrix at every step, a few rows at a time.  BLAS would
 * lay it out anew for each product; here that is done once.  Packed, the columns of y stand in panels of
 * ARIETTA_PANEL = 48, each with its part of W row by row, padded with zeros:
 *
 *     panel 0:   k=0 | W for y[0] .. y[47] |
 *                k=1 | W for y[0] .. y[47] |  ...  k=K-1
 *     panel 1:   k=0 | W for y[48] .. y[95] |  ...
 *
 * A tile of 8 rows by 48 columns (AVX-512; 4 by 24 for AVX2) of y grows in registers while W streams by in
 * order: 113-117 GFLOP/s of 115 from 8 rows on, where OpenBLAS reaches 33 (16 rows) to 95 (64 rows).
 * A row of y does not depend on the rows beside it.
 *
 * A packed matrix belongs to the kernels of arietta_vector () at the time, which all use this layout.
 */
#pragma once

#include "math/arietta-real.h"

/* to (columns,rows) = from (rows,columns) transposed; rows of to have ldto numbers, of from ldfrom. */
void   arietta_transpose         (AriettaReal       *to, int ldto,
                                  const AriettaReal *from, int ldfrom,
                                  int                rows, int columns);

/* Whether arietta_packed_multiply () is quicker than CBLAS on this processor, with any number of rows. */
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

/* The same on the calling thread, of a part: W has rows of ldw numbers, and is (K,N) if transposed. */
void   arietta_pack_part         (AriettaReal       *packed,
                                  const AriettaReal *W, int ldw, int transposed,
                                  int                N, int K);

/* y (n,N) = x (n,K) . W', or += if add.  On the calling thread. */
void   arietta_packed_multiply   (AriettaReal       *y,
                                  const AriettaReal *x, const AriettaReal *packed,
                                  int                add,
                                  int                n, int N, int K);
/* The same with rows of ldy and ldx numbers. */
void   arietta_packed_multiply_part (AriettaReal       *y, int ldy,
                                     const AriettaReal *x, int ldx, const AriettaReal *packed,
                                     int                add,
                                     int                n, int N, int K);
