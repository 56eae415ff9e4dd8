/* arietta-tiles.h - the innermost loops of convolution and batch norm, compiled once for each kind of
 * processor
 *
 * The first two grow a tile of rows and columns in registers, of which the columns are neighbours in memory and the
 * rows are wherever a pointer says: places of an image, or one of its patches read as a row of a matrix.
 * Like panel () of arietta-vector.h, AVX2 and AVX-512 use fused multiply-add, so their bits differ from the
 * portable ones; a number depends on its own row and column alone, whatever stands beside it.
 *
 * Nothing here uses the pool: these run within pieces.
 */
#pragma once

#include "math/arietta-real.h"

/* The most rows and columns of a call. */
#define ARIETTA_TILE_ROWS 8
#define ARIETTA_TILE_COLUMNS 48

/* b is read in whole vectors of up to this many numbers, also where fewer columns are wanted. */
#define ARIETTA_TILE_UNIT 16

typedef struct
{
  const char *name;

  /* c[r][j] = sum over o < n_taps and k < K of a[r][taps[o] + k] b[(o K + k) ldb + j], to which c[r][j] itself is
   * added if add, or bias[j] if that is not NULL; at last what is negative times slope (1: left alone). */
  void (*gather)  (AriettaReal *const       *c,
                   const AriettaReal *const *a,
                   const ptrdiff_t          *taps,
                   int                       n_taps,
                   size_t                    K,
                   const AriettaReal        *b,
                   size_t                    ldb,
                   int                       rows,
                   int                       columns,
                   int                       add,
                   const AriettaReal        *bias,
                   AriettaReal               slope);

  /* c[r ldc + j] += sum over k < n of a[a_at[k] + r] b[b_at[k] + j]. */
  void (*collect) (AriettaReal              *c,
                   size_t                    ldc,
                   const AriettaReal        *a,
                   const ptrdiff_t          *a_at,
                   const AriettaReal        *b,
                   const ptrdiff_t          *b_at,
                   int                       n,
                   int                       rows,
                   int                       columns);

  /* sums (C) += each row of x (R,C), in their order */
  void (*add_rows)   (AriettaReal *sums, const AriettaReal *x, int R, int C);
  /* y (n) = the larger of y and x; a NaN stays one */
  void (*maximum)    (AriettaReal *y, const AriettaReal *x, int n);
  /* dx (n) = dy where y is above zero, else slope dy */
  void (*slope_back) (AriettaReal *dx, const AriettaReal *dy, const AriettaReal *y, AriettaReal slope,
                      size_t n);

  /* Of columns, see arietta-batchnorm.h; x and its like are (R,C), what belongs to a column (C).
   * sums += x - shift and squares += (x - shift)^2 */
  void (*column_sums)  (AriettaReal *sums, AriettaReal *squares, const AriettaReal *x,
                        const AriettaReal *shift, int R, int C);
  /* y = (x - shift) scale + offset, what is negative of it times slope */
  void (*column_scale) (AriettaReal *y, const AriettaReal *x, const AriettaReal *shift,
                        const AriettaReal *scale, const AriettaReal *offset, AriettaReal slope,
                        int R, int C);
  /* With g = dy, times slope where y is not above zero: sums += g and products += g (x - shift) */
  void (*column_back_sums) (AriettaReal *sums, AriettaReal *products, const AriettaReal *dy,
                            const AriettaReal *y, const AriettaReal *x, const AriettaReal *shift,
                            AriettaReal slope, int R, int C);
  /* dx = a g + b (x - shift) + c, or += */
  void (*column_back)  (AriettaReal *dx, const AriettaReal *dy, const AriettaReal *y, const AriettaReal *x,
                        const AriettaReal *shift, const AriettaReal *a, const AriettaReal *b,
                        const AriettaReal *c, AriettaReal slope, int add, int R, int C);
} AriettaTiles;

/* Those of arietta_vector () at the time. */
const AriettaTiles *arietta_tiles (void);
