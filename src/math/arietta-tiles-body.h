/* arietta-tiles-body.h - the loops of arietta-tiles.h; included by arietta-tiles.c once for each kind of
 * processor, see arietta-vector-versions.h.
 */

/* What fits the registers: without fused multiply-add a product needs one for itself. */
#if FAST_PANELS
#define ROWS PANEL_ROWS
#define VECTORS TILE_VECTORS
#else
#define ROWS 4
#define VECTORS 2
#endif

/* rows and n_vectors are constants at each call, so that all sums stay in registers. */
static inline __attribute__ ((always_inline)) void
NAME (gather_tile) (AriettaReal *const       *c,
                    const AriettaReal *const *a,
                    const ptrdiff_t          *taps,
                    int                       n_taps,
                    size_t                    K,
                    const AriettaReal        *b,
                    size_t                    ldb,
                    size_t                    column,
                    const int                 rows,
                    const int                 n_vectors,
                    int                       add,
                    const AriettaReal        *bias,
                    AriettaReal               slope)
{
  Vec sums[ROWS][VECTORS];

  b += column;
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      sums[r][v] = add ? *(const UnalignedVec *) (c[r] + column + v * VEC_LANES)
                   : bias != NULL ? *(const UnalignedVec *) (bias + column + v * VEC_LANES) : (Vec) { 0 };

  for (int o = 0; o < n_taps; o++)
    {
      const AriettaReal *from[ROWS];

#pragma GCC unroll 8
      for (int r = 0; r < rows; r++)
        from[r] = a[r] + taps[o];

      for (size_t k = 0; k < K; k++, b += ldb)
        {
          Vec w[VECTORS];

#pragma GCC unroll 12
          for (int v = 0; v < n_vectors; v++)
            w[v] = *(const UnalignedVec *) (b + v * VEC_LANES);
#pragma GCC unroll 8
          for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
            for (int v = 0; v < n_vectors; v++)
              sums[r][v] = MULTIPLY_ADD (from[r][k], w[v], sums[r][v]);
        }
    }

#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      {
        if (slope != 1)
          {
            const __typeof__ (sums[r][v] < 0) below = sums[r][v] < 0;

            sums[r][v] = (Vec) ((below & (__typeof__ (below)) (sums[r][v] * slope))
                                | (~below & (__typeof__ (below)) sums[r][v]));
          }
        *(UnalignedVec *) (c[r] + column + v * VEC_LANES) = sums[r][v];
      }
}

static inline __attribute__ ((always_inline)) void
NAME (gather_rows) (AriettaReal *const       *c,
                    const AriettaReal *const *a,
                    const ptrdiff_t          *taps,
                    int                       n_taps,
                    size_t                    K,
                    const AriettaReal        *b,
                    size_t                    ldb,
                    const int                 rows,
                    int                       columns,
                    int                       add,
                    const AriettaReal        *bias,
                    AriettaReal               slope)
{
  int at = 0, n_vectors = columns / VEC_LANES;

  for (; n_vectors - at >= VECTORS; at += VECTORS)
    NAME (gather_tile) (c, a, taps, n_taps, K, b, ldb, (size_t) at * VEC_LANES, rows, VECTORS, add, bias, slope);
#if VECTORS > 2
  if (n_vectors - at >= 2)
    {
      NAME (gather_tile) (c, a, taps, n_taps, K, b, ldb, (size_t) at * VEC_LANES, rows, 2, add, bias, slope);
      at += 2;
    }
#endif
  for (; n_vectors - at >= 1; at++)
    NAME (gather_tile) (c, a, taps, n_taps, K, b, ldb, (size_t) at * VEC_LANES, rows, 1, add, bias, slope);
}

static void
NAME (gather_whole) (AriettaReal *const       *c,
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
                     AriettaReal               slope)
{
  for (; rows >= ROWS; rows -= ROWS, c += ROWS, a += ROWS)
    NAME (gather_rows) (c, a, taps, n_taps, K, b, ldb, ROWS, columns, add, bias, slope);
#if ROWS > 4
  if (rows >= 4)
    {
      NAME (gather_rows) (c, a, taps, n_taps, K, b, ldb, 4, columns, add, bias, slope);
      rows -= 4, c += 4, a += 4;
    }
#endif
#if ROWS > 2
  if (rows >= 2)
    {
      NAME (gather_rows) (c, a, taps, n_taps, K, b, ldb, 2, columns, add, bias, slope);
      rows -= 2, c += 2, a += 2;
    }
#endif
#if ROWS > 1
  if (rows >= 1)
    NAME (gather_rows) (c, a, taps, n_taps, K, b, ldb, 1, columns, add, bias, slope);
#endif
}

static void
NAME (gather) (AriettaReal *const       *c,
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
               AriettaReal               slope)
{
  AriettaReal  whole[ARIETTA_TILE_ROWS][ARIETTA_TILE_COLUMNS], whole_bias[ARIETTA_TILE_COLUMNS] = { 0 };
  AriettaReal *whole_rows[ARIETTA_TILE_ROWS];
  size_t       bytes = (size_t) columns * sizeof (AriettaReal);
  int          whole_columns = (columns + VEC_LANES - 1) / VEC_LANES * VEC_LANES;

  if (columns == whole_columns)
    {
      NAME (gather_whole) (c, a, taps, n_taps, K, b, ldb, rows, columns, add, bias, slope);
      return;
    }

  /* The odd columns beside the last whole vector are worked out elsewhere and copied. */
  if (add)
    memset (whole, 0, sizeof whole);
  if (bias != NULL)
    memcpy (whole_bias, bias, bytes);
  for (int r = 0; r < ARIETTA_TILE_ROWS; r++)
    whole_rows[r] = whole[r];
  for (int r = 0; add && r < rows; r++)
    memcpy (whole[r], c[r], bytes);
  NAME (gather_whole) (whole_rows, a, taps, n_taps, K, b, ldb, rows, whole_columns, add,
                       bias != NULL ? whole_bias : NULL, slope);
  for (int r = 0; r < rows; r++)
    memcpy (c[r], whole[r], bytes);
}

static inline __attribute__ ((always_inline)) void
NAME (collect_tile) (AriettaReal       *c,
                     size_t             ldc,
                     const AriettaReal *a,
                     const ptrdiff_t   *a_at,
                     const AriettaReal *b,
                     const ptrdiff_t   *b_at,
                     int                n,
                     const int          rows,
                     const int          n_vectors)
{
  Vec sums[ROWS][VECTORS];

#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      sums[r][v] = *(const UnalignedVec *) (c + r * ldc + v * VEC_LANES);

  for (int k = 0; k < n; k++)
    {
      const AriettaReal *from = a + a_at[k], *row = b + b_at[k];
      Vec                w[VECTORS];

#pragma GCC unroll 12
      for (int v = 0; v < n_vectors; v++)
        w[v] = *(const UnalignedVec *) (row + v * VEC_LANES);
#pragma GCC unroll 8
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
        for (int v = 0; v < n_vectors; v++)
          sums[r][v] = MULTIPLY_ADD (from[r], w[v], sums[r][v]);
    }

#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      *(UnalignedVec *) (c + r * ldc + v * VEC_LANES) = sums[r][v];
}

static inline __attribute__ ((always_inline)) void
NAME (collect_rows) (AriettaReal       *c,
                     size_t             ldc,
                     const AriettaReal *a,
                     const ptrdiff_t   *a_at,
                     const AriettaReal *b,
                     const ptrdiff_t   *b_at,
                     int                n,
                     const int          rows,
                     int                columns)
{
  int at = 0;

  for (; columns - at >= VECTORS * VEC_LANES; at += VECTORS * VEC_LANES)
    NAME (collect_tile) (c + at, ldc, a, a_at, b + at, b_at, n, rows, VECTORS);
#if VECTORS > 2
  if (columns - at >= 2 * VEC_LANES)
    {
      NAME (collect_tile) (c + at, ldc, a, a_at, b + at, b_at, n, rows, 2);
      at += 2 * VEC_LANES;
    }
#endif
  for (; columns - at >= VEC_LANES; at += VEC_LANES)
    NAME (collect_tile) (c + at, ldc, a, a_at, b + at, b_at, n, rows, 1);
}

/* c must have room for whole vectors in each row: ldc is a multiple of ARIETTA_TILE_UNIT. */
static void
NAME (collect) (AriettaReal       *c,
                size_t             ldc,
                const AriettaReal *a,
                const ptrdiff_t   *a_at,
                const AriettaReal *b,
                const ptrdiff_t   *b_at,
                int                n,
                int                rows,
                int                columns)
{
  columns = (columns + VEC_LANES - 1) / VEC_LANES * VEC_LANES;
  for (; rows >= ROWS; rows -= ROWS, c += ROWS * ldc, a += ROWS)
    NAME (collect_rows) (c, ldc, a, a_at, b, b_at, n, ROWS, columns);
#if ROWS > 4
  if (rows >= 4)
    {
      NAME (collect_rows) (c, ldc, a, a_at, b, b_at, n, 4, columns);
      rows -= 4, c += 4 * ldc, a += 4;
    }
#endif
#if ROWS > 2
  if (rows >= 2)
    {
      NAME (collect_rows) (c, ldc, a, a_at, b, b_at, n, 2, columns);
      rows -= 2, c += 2 * ldc, a += 2;
    }
#endif
#if ROWS > 1
  if (rows >= 1)
    NAME (collect_rows) (c, ldc, a, a_at, b, b_at, n, 1, columns);
#endif
}

static void
NAME (add_rows) (AriettaReal *restrict       sums,
                 const AriettaReal *restrict x,
                 int                         R,
                 int                         C)
{
  for (int r = 0; r < R; r++, x += C)
    for (int c = 0; c < C; c++)
      sums[c] += x[c];
}

static void
NAME (maximum) (AriettaReal *restrict       y,
                const AriettaReal *restrict x,
                int                         n)
{
  for (int i = 0; i < n; i++)
    y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i];
}

static void
NAME (slope_back) (AriettaReal *restrict       dx,
                   const AriettaReal *restrict dy,
                   const AriettaReal *restrict y,
                   AriettaReal                 slope,
                   size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    dx[i] = y[i] > 0 ? dy[i] : slope * dy[i];
}

static void
NAME (column_sums) (AriettaReal *restrict       sums,
                    AriettaReal *restrict       squares,
                    const AriettaReal *restrict x,
                    const AriettaReal *restrict shift,
                    int                         R,
                    int                         C)
{
  for (int r = 0; r < R; r++, x += C)
    for (int c = 0; c < C; c++)
      {
        AriettaReal d = x[c] - shift[c];

        sums[c] += d;
        squares[c] += d * d;
      }
}

static void
NAME (column_scale) (AriettaReal *restrict       y,
                     const AriettaReal *restrict x,
                     const AriettaReal *restrict shift,
                     const AriettaReal *restrict scale,
                     const AriettaReal *restrict offset,
                     AriettaReal                 slope,
                     int                         R,
                     int                         C)
{
  for (int r = 0; r < R; r++, x += C, y += C)
    for (int c = 0; c < C; c++)
      {
        AriettaReal value = (x[c] - shift[c]) * scale[c] + offset[c];

        y[c] = value < 0 ? slope * value : value;
      }
}

static void
NAME (column_back_sums) (AriettaReal *restrict       sums,
                         AriettaReal *restrict       products,
                         const AriettaReal *restrict dy,
                         const AriettaReal *restrict y,
                         const AriettaReal *restrict x,
                         const AriettaReal *restrict shift,
                         AriettaReal                 slope,
                         int                         R,
                         int                         C)
{
  for (int r = 0; r < R; r++, dy += C, y += C, x += C)
    for (int c = 0; c < C; c++)
      {
        AriettaReal g = y[c] > 0 ? dy[c] : slope * dy[c];

        sums[c] += g;
        products[c] += g * (x[c] - shift[c]);
      }
}

static void
NAME (column_back) (AriettaReal *restrict       dx,
                    const AriettaReal *restrict dy,
                    const AriettaReal *restrict y,
                    const AriettaReal *restrict x,
                    const AriettaReal *restrict shift,
                    const AriettaReal *restrict a,
                    const AriettaReal *restrict b,
                    const AriettaReal *restrict k,
                    AriettaReal                 slope,
                    int                         add,
                    int                         R,
                    int                         C)
{
  for (int r = 0; r < R; r++, dx += C, dy += C, y += C, x += C)
    if (add)
      for (int c = 0; c < C; c++)
        dx[c] += a[c] * (y[c] > 0 ? dy[c] : slope * dy[c]) + b[c] * (x[c] - shift[c]) + k[c];
    else
      for (int c = 0; c < C; c++)
        dx[c] = a[c] * (y[c] > 0 ? dy[c] : slope * dy[c]) + b[c] * (x[c] - shift[c]) + k[c];
}

static const AriettaTiles NAME (tiles) = {
  QUOTED_NAME,
  NAME (gather),
  NAME (collect),
  NAME (add_rows),
  NAME (maximum),
  NAME (slope_back),
  NAME (column_sums),
  NAME (column_scale),
  NAME (column_back_sums),
  NAME (column_back),
};

#undef ROWS
#undef VECTORS
