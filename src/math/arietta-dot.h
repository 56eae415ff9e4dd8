/* arietta-dot.h - products of few rows with a matrix as it lies in a file, for use rather than training
 *
 * One row by a matrix is bound by reading the matrix, so it is read as it is stored: in the order of the
 * file, which may be mapped, and in fewer bits if so wished.  bfloat16 halves what is read and keeps 8 bits of
 * each weight; int8 quarters it and rounds each row of W to 255 steps of its own.
 *
 * The processor's own products of bfloat16 (VDPBF16PS) are no quicker here: with x kept whole, in
 * three parts of 8 bits, 512 tokens of the transformer took 165 ms instead of 161.  What is saved
 * in instructions was not what was waited for.
 */
#pragma once

#include "math/arietta-vector.h"

/* W (H,D), row-major. */
typedef struct
{
  int                H, D;
  AriettaStored      stored;
  const void        *values;
  const AriettaReal *factors; /* (H), for int8 */
} AriettaStoredMatrix;

/* Rows of x up to which dot products are the quicker; beyond, it is a matter for GEMM. */
#define ARIETTA_DOT_ROWS 8

/* y (n,H) = x (n,D) W^T + b (H), b may be NULL.  For more rows than ARIETTA_DOT_ROWS, where W is not of
 * AriettaReal, scratch must hold H D numbers.  Over the pool where the matrix is large. */
void   arietta_stored_multiply (AriettaReal               *y,
                                const AriettaReal         *x,
                                const AriettaStoredMatrix *W,
                                const AriettaReal         *b,
                                AriettaReal               *scratch,
                                int                        n);
/* y (D) = row of W, or += */
void   arietta_stored_row      (AriettaReal               *y,
                                const AriettaStoredMatrix *W,
                                int                        row,
                                int                        add);

/* Rounds W (H,D) to nearest, ties to even. */
void   arietta_store_bf16      (uint16_t                  *to,
                                const AriettaReal         *W,
                                size_t                     n);
/* Each row by itself: factor = largest magnitude / 127. */
void   arietta_store_int8      (int8_t                    *to, AriettaReal *factors,
                                const AriettaReal         *W,
                                int                        H, int D);
