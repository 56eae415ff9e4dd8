/* arietta-vector-dots.h - the loops of arietta-vector.h for few rows by a matrix as it is stored; a part of
 * arietta-vector-body.h.
 *
 * Eight rows of W go by at once, or four if there are several rows of x: enough sums in registers to hide
 * the latency of an addition.  Short rows end before the processor has seen where they lead, so it is told: the
 * same place of the next rows, or of long ones what comes some lines on. */

#define AHEAD 1024 /* bytes */

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
  static inline __attribute__ ((always_inline)) void                                                    \
  NAME (dots_tile_##stored) (AriettaReal       *y,                                                      \
                             size_t             ldy,                                                    \
                             const AriettaReal *x,                                                      \
                             size_t             ldx,                                                    \
                             const type        *W,                                                      \
                             size_t             D,                                                      \
                             const int          rows,                                                   \
                             const int          n)                                                      \
  {                                                                                                     \
    const size_t ahead = D * sizeof (type) <= AHEAD ? (size_t) rows * D : AHEAD / sizeof (type);        \
    Vec          sums[8][4];                                                                            \
    size_t       k;                                                                                     \
                                                                                                        \
    _Pragma ("GCC unroll 8")                                                                            \
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
        _Pragma ("GCC unroll 8")                                                                        \
        for (int r = 0; r < rows; r++)                                                                  \
          {                                                                                             \
            Vec w = NAME (load_##stored) (W + r * D + k);                                               \
                                                                                                        \
            if (k * sizeof (type) % 64 == 0)                                                            \
              __builtin_prefetch (W + r * D + k + ahead);                                               \
            _Pragma ("GCC unroll 4")                                                                    \
            for (int i = 0; i < n; i++)                                                                 \
              sums[r][i] = MULTIPLY_ADD_VECTORS (in[i], w, sums[r][i]);                                 \
          }                                                                                             \
      }                                                                                                 \
                                                                                                        \
    _Pragma ("GCC unroll 8")                                                                            \
    for (int r = 0; r < rows; r++)                                                                      \
      _Pragma ("GCC unroll 4")                                                                          \
      for (int i = 0; i < n; i++)                                                                       \
        {                                                                                               \
          AriettaReal sum = NAME (across) (sums[r][i]);                                                 \
                                                                                                        \
          for (size_t d = k; d < D; d++)                                                                \
            sum += x[i * ldx + d] * NAME (one_##stored) (W + r * D + d);                                \
          y[i * ldy + r] = sum;                                                                         \
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
    const type *W = matrix;                                                                             \
    int         r = 0;                                                                                  \
                                                                                                        \
    if (n == 1)                                                                                         \
      for (; r + 8 <= rows; r += 8)                                                                     \
        NAME (dots_tile_##stored) (y + r, ldy, x, ldx, W + r * D, D, 8, 1);                             \
    for (; r < rows; r += 4)                                                                            \
      for (int i = 0; i < n; i += 4)                                                                    \
        {                                                                                               \
          AriettaReal       *to = y + i * ldy + r;                                                      \
          const AriettaReal *from = x + i * ldx;                                                        \
          const type        *some = W + r * D;                                                          \
                                                                                                        \
          if (rows - r >= 4 && n - i >= 4)                                                              \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, 4, 4);                              \
          else if (rows - r >= 4 && n - i == 3)                                                         \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, 4, 3);                              \
          else if (rows - r >= 4 && n - i == 2)                                                         \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, 4, 2);                              \
          else if (rows - r >= 4)                                                                       \
            NAME (dots_tile_##stored) (to, ldy, from, ldx, some, D, 4, 1);                              \
          else                                                                                          \
            for (int row = 0; row < rows - r; row++)                                                    \
              for (int one = 0; one < 4 && one < n - i; one++)                                          \
                NAME (dots_tile_##stored) (to + one * ldy + row, ldy, from + one * ldx, ldx,            \
                                           some + row * D, D, 1, 1);                                    \
        }                                                                                               \
  }

DOTS (real, AriettaReal)
DOTS (bf16, uint16_t)
DOTS (int8, int8_t)

#undef DOTS
#undef AHEAD

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
