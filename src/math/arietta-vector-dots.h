/* arietta-vector-dots.h - the loops of arietta-vector.h for few rows by a matrix as it is stored; a part of
 * arietta-vector-body.h.
 *
 * Four rows of W go by at once, each from a quarter of its own: four streams that the processor foresees, since
 * each is read in order from one row into the next.  Neighbouring rows, of which a tile would leave off before their
 * ends were foreseen, come a third slower, and so does a single stream. */

static inline AriettaReal
NAME (one_bf16) (const uint16_t *w)
{
  uint32_t bits = (uint32_t) *w << 16;
  float    value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

static inline AriettaReal
NAME (one_int8) (const int8_t *w)
{
  return *w;
}

static inline Vec
NAME (load_bf16) (const uint16_t *w)
{
#ifdef LOAD_BF16
  return LOAD_BF16 (w);
#else
  Vec v;

  for (int i = 0; i < VEC_LANES; i++)
    v[i] = NAME (one_bf16) (w + i);

  return v;
#endif
}

static inline Vec
NAME (load_int8) (const int8_t *w)
{
#ifdef LOAD_INT8
  return LOAD_INT8 (w);
#else
  Vec v;

  for (int i = 0; i < VEC_LANES; i++)
    v[i] = NAME (one_int8) (w + i);

  return v;
#endif
}

static inline AriettaReal
NAME (one_real) (const AriettaReal *w)
{
  return *w;
}

static inline Vec
NAME (load_real) (const AriettaReal *w)
{
  return *(const UnalignedVec *) w;
}

static inline AriettaReal
NAME (across) (Vec v)
{
  AriettaReal lanes[VEC_LANES];

  memcpy (lanes, &v, sizeof v);
#pragma GCC unroll 4
  for (int half = VEC_LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++)
      lanes[i] += lanes[i + half];

  return lanes[0];
}

#define DOTS(stored, type)                                                                              \
  /* Rows of W, and what they give in y, are `apart` rows from each other. */                           \
  static inline __attribute__ ((always_inline)) void                                                    \
  NAME (dots_tile_##stored) (AriettaReal       *y,                                                      \
                             size_t             ldy,                                                    \
                             const AriettaReal *x,                                                      \
                             size_t             ldx,                                                    \
                             const type        *W,                                                      \
                             size_t             D,                                                      \
                             size_t             apart,                                                  \
                             const int          rows,                                                   \
                             const int          n)                                                      \
  {                                                                                                     \
    Vec    sums[4][4];                                                                                  \
    size_t k;                                                                                           \
                                                                                                        \
    _Pragma ("GCC unroll 4")                                                                            \
    for (int r = 0; r < rows; r++)                                                                      \
      _Pragma ("GCC unroll 4")                                                                          \
      for (int i = 0; i < n; i++)                                                                       \
        sums[r][i] = (Vec) { 0 };                                                                       \
                                                                                                        \
    for (k = 0; k + VEC_LANES <= D; k += VEC_LANES)                                                     \
      {                                                                                                 \
        Vec in[4];                                                                                      \
                                                                                                        \
        _Pragma ("GCC unroll 4")                                                                        \
        for (int i = 0; i < n; i++)                                                                     \
          in[i] = *(const UnalignedVec *) (x + i * ldx + k);                                            \
        _Pragma ("GCC unroll 4")                                                                        \
        for (int r = 0; r < rows; r++)                                                                  \
          {                                                                                             \
            Vec w = NAME (load_##stored) (W + r * apart * D + k);                                       \
                                                                                                        \
            _Pragma ("GCC unroll 4")                                                                    \
            for (int i = 0; i < n; i++)                                                                 \
              sums[r][i] = MULTIPLY_ADD_VECTORS (in[i], w, sums[r][i]);                                 \
          }                                                                                             \
      }                                                                                                 \
                                                                                                        \
    _Pragma ("GCC unroll 4")                                                                            \
    for (int r = 0; r < rows; r++)                                                                      \
      _Pragma ("GCC unroll 4")                                                                          \
      for (int i = 0; i < n; i++)                                                                       \
        {                                                                                               \
          AriettaReal sum = NAME (across) (sums[r][i]);                                                 \
                                                                                                        \
          for (size_t d = k; d < D; d++)                                                                \
            sum += x[i * ldx + d] * NAME (one_##stored) (W + r * apart * D + d);                        \
          y[i * ldy + r * apart] = sum;                                                                 \
        }                                                                                               \
  }                                                                                                     \
                                                                                                        \
  static void                                                                                           \
  NAME (dots_##stored) (AriettaReal       *y,                                                           \
                        size_t             ldy,                                                         \
                        const AriettaReal *x,                                                           \
                        size_t             ldx,                                                         \
                        const void        *matrix,                                                      \
                        int                rows,                                                        \
                        size_t             D,                                                           \
                        int                n)                                                           \
  {                                                                                                     \
    const type  *W = matrix;                                                                            \
    const size_t quarter = (size_t) rows / 4;                                                           \
                                                                                                        \
    for (size_t r = 0; r < quarter; r++)                                                                \
      for (int i = 0; i < n; i += 4)                                                                    \
        {                                                                                               \
          AriettaReal       *to = y + i * ldy + r;                                                      \
          const AriettaReal *from = x + i * ldx;                                                        \
          const type        *some = W + r * D;                                                          \
                                                                                                        \
          if (n - i >= 4)                                                                               \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, quarter, 4, 4);                     \
          else if (n - i == 3)                                                                          \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, quarter, 4, 3);                     \
          else if (n - i == 2)                                                                          \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, quarter, 4, 2);                     \
          else                                                                                          \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, quarter, 4, 1);                     \
        }                                                                                               \
    for (size_t r = 4 * quarter; r < (size_t) rows; r++)                                                \
      for (int i = 0; i < n; i++)                                                                       \
        NAME (dots_tile_##stored) (y + i * ldy + r, ldy, x + i * ldx, ldx, W + r * D, D, 0, 1, 1);      \
  }

DOTS (real, AriettaReal)
DOTS (bf16, uint16_t)
DOTS (int8, int8_t)

#undef DOTS

/* Four rows at a time, in two sums each for as many columns as two vectors have. */
static void
NAME (weigh_rows) (AriettaReal       *y,
                   const AriettaReal *w,
                   const AriettaReal *x,
                   size_t             n,
                   size_t             D)
{
  size_t d = 0;

  for (; d + 2 * VEC_LANES <= D; d += 2 * VEC_LANES)
    {
      Vec    sums[4][2] = { { { 0 } } };
      size_t j = 0;

      for (; j + 4 <= n; j += 4)
#pragma GCC unroll 4
        for (int r = 0; r < 4; r++)
#pragma GCC unroll 2
          for (int c = 0; c < 2; c++)
            sums[r][c] = MULTIPLY_ADD (w[j + r], *(const UnalignedVec *) (x + (j + r) * D + d + c * VEC_LANES),
                                       sums[r][c]);
      for (; j < n; j++)
#pragma GCC unroll 2
        for (int c = 0; c < 2; c++)
          sums[0][c] = MULTIPLY_ADD (w[j], *(const UnalignedVec *) (x + j * D + d + c * VEC_LANES), sums[0][c]);

#pragma GCC unroll 2
      for (int c = 0; c < 2; c++)
        *(UnalignedVec *) (y + d + c * VEC_LANES) = (sums[0][c] + sums[1][c]) + (sums[2][c] + sums[3][c]);
    }

  if (d < D)
    memset (y + d, 0, (D - d) * sizeof *y);
  for (size_t j = 0; d < D && j < n; j++)
    for (size_t c = d; c < D; c++)
      y[c] += w[j] * x[j * D + c];
}
