/* arietta-vector-body.h - the loops of arietta-vector.h; included by arietta-vector.c once for each
 * kind of processor, with NAME (x) giving each a name of its own.
 *
 * exp: x = k ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite's two-part reduction), e^r - 1 by the
 * Taylor series to the 7th power (error under half a unit in the last place), 2^k by its bits.
 * Keeping e^r - 1 rather than e^r makes tanh right for small arguments too.  A NaN stays one.
 */

#ifdef ARIETTA_REAL_IS_DOUBLE

static inline AriettaReal
NAME (exp1) (AriettaReal x)
{
  return exp (x);
}

static inline AriettaReal
NAME (tanh1) (AriettaReal x)
{
  return tanh (x);
}

static inline AriettaReal
NAME (expm1_1) (AriettaReal x)
{
  return expm1 (x);
}

static inline AriettaReal
NAME (log1p1) (AriettaReal x)
{
  return log1p (x);
}

static inline AriettaReal
NAME (normal1) (AriettaReal x)
{
  return 0.5 * erfc (-x * M_SQRT1_2);
}

#else

/* e^x = power (1 + p). */
static inline float
NAME (exp_parts) (float  x,
                  float *power)
{
  const float round_to_integer = 12582912.0f; /* 1.5 2^23: adding it leaves k in the low bits */
  float       t, k, r, p;
  int32_t     bits;

  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;

  t = x * 1.44269504f + round_to_integer;
  k = t - round_to_integer;
  r = x - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;

  p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r * r + r;

  memcpy (&bits, &t, sizeof bits);
  bits = (int32_t) ((uint32_t) bits << 23) + (127 << 23);
  memcpy (power, &bits, sizeof bits);

  return p;
}

static inline float
NAME (exp1) (float x)
{
  float power, p = NAME (exp_parts) (x, &power);

  return power + power * p;
}

/* e^x - 1, right for small x too. */
static inline float
NAME (expm1_1) (float x)
{
  float power, p = NAME (exp_parts) (x, &power);

  return power * p + (power - 1.0f);
}

/* log (1 + x) for x in 0 .. 1: 2 artanh (x / (2 + x)) by its series, whose argument is at most 1/3. */
static inline float
NAME (log1p1) (float x)
{
  const float s = x / (2.0f + x), z = s * s;
  float       p;

  p = 1.0f / 15.0f;
  p = p * z + 1.0f / 13.0f;
  p = p * z + 1.0f / 11.0f;
  p = p * z + 1.0f / 9.0f;
  p = p * z + 1.0f / 7.0f;
  p = p * z + 1.0f / 5.0f;
  p = p * z + 1.0f / 3.0f;
  p = p * z * s + s;

  return p + p;
}

static inline float
NAME (tanh1) (float x)
{
  float a = fabsf (x), power, p, e;

  a = a > 9.5f ? 9.5f : a;
  p = NAME (exp_parts) (2.0f * a, &power);
  e = power * p + (power - 1.0f);

  return copysignf (e / (e + 2.0f), x);
}

/* The share of the standard normal distribution below x, 1/2 erfc (-x / sqrt 2).  With z = |x| / sqrt 2 and
 * t = 1 / (1 + 0.38 z), erfc (z) = t P (t) e^(-z^2); P is our own fit, within 3e-8 of itself for every z up to
 * 14, so the lower tail keeps its relative accuracy but for the rounding of z^2. */
static inline float
NAME (normal1) (float x)
{
  const float t = 1.0f / (1.0f + 0.38f * 0.70710678f * fabsf (x));
  float       p;

  p = 0.058422427624464035f;
  p = p * t - 0.25986313819885254f;
  p = p * t + 0.3593437969684601f;
  p = p * t - 0.15684391558170319f;
  p = p * t + 0.22722160816192627f;
  p = p * t + 0.13967949151992798f;
  p = p * t + 0.203685462474823f;
  p = p * t + 0.2139444351196289f;
  p = p * t + 0.21440982818603516f;
  p = 0.5f * t * p * NAME (exp1) (-0.5f * x * x);

  return x < 0 ? p : 1.0f - p;
}

#endif

static inline AriettaReal
NAME (sigmoid1) (AriettaReal x)
{
  return 1 / (1 + NAME (exp1) (-x));
}

static void
NAME (add) (AriettaReal *restrict       y,
            const AriettaReal *restrict x,
            size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += x[i];
}

static void
NAME (add_scaled) (AriettaReal *restrict       y,
                   const AriettaReal *restrict x,
                   AriettaReal                 factor,
                   size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += factor * x[i];
}

static void
NAME (add_product) (AriettaReal *restrict       y,
                    const AriettaReal *restrict a,
                    const AriettaReal *restrict b,
                    size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += a[i] * b[i];
}

static void
NAME (scale) (AriettaReal *x,
              AriettaReal  factor,
              size_t       n)
{
  for (size_t i = 0; i < n; i++)
    x[i] *= factor;
}

/* sqrt (2 / pi) and the cubic's share, for the tanh form of GELU */
#define GELU_A ((AriettaReal) 0.79788456080286535588)
#define GELU_B ((AriettaReal) 0.044715)

static void
NAME (activate) (AriettaReal *restrict       y,
                 const AriettaReal *restrict x,
                 AriettaActivation           f,
                 size_t                      n)
{
  switch (f)
    {
    case ARIETTA_RELU:
      /* Written so that a NaN stays one. */
      for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
      break;
    case ARIETTA_LEAKY_RELU:
      for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? (AriettaReal) 0.2 * x[i] : x[i];
      break;
    case ARIETTA_SIGMOID:
      for (size_t i = 0; i < n; i++)
        y[i] = NAME (sigmoid1) (x[i]);
      break;
    case ARIETTA_TANH:
      for (size_t i = 0; i < n; i++)
        y[i] = NAME (tanh1) (x[i]);
      break;
    case ARIETTA_GELU:
      for (size_t i = 0; i < n; i++)
        y[i] = x[i] * NAME (normal1) (x[i]);
      break;
    case ARIETTA_GELU_TANH:
      for (size_t i = 0; i < n; i++)
        y[i] = (AriettaReal) 0.5 * x[i]
               * (1 + NAME (tanh1) (GELU_A * (x[i] + GELU_B * x[i] * x[i] * x[i])));
      break;
    case ARIETTA_SILU:
      for (size_t i = 0; i < n; i++)
        y[i] = x[i] * NAME (sigmoid1) (x[i]);
      break;
    case ARIETTA_SOFTPLUS:
      for (size_t i = 0; i < n; i++)
        y[i] = (x[i] < 0 ? 0 : x[i]) + NAME (log1p1) (NAME (exp1) (x[i] < 0 ? x[i] : -x[i]));
      break;
    case ARIETTA_ELU:
      for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? NAME (expm1_1) (x[i]) : x[i];
      break;
    case ARIETTA_LOG_SIGMOID:
      for (size_t i = 0; i < n; i++)
        y[i] = (x[i] > 0 ? 0 : x[i]) - NAME (log1p1) (NAME (exp1) (x[i] < 0 ? x[i] : -x[i]));
      break;
    case ARIETTA_EXP:
      for (size_t i = 0; i < n; i++)
        y[i] = NAME (exp1) (x[i]);
      break;
    case ARIETTA_N_ACTIVATIONS:
    default:
      assert (0);
    }
}

static void
NAME (activate_back) (AriettaReal *restrict       dx,
                      const AriettaReal *restrict dy,
                      const AriettaReal *restrict x,
                      const AriettaReal *restrict y,
                      AriettaActivation           f,
                      size_t                      n)
{
  switch (f)
    {
    case ARIETTA_RELU:
      for (size_t i = 0; i < n; i++)
        dx[i] += x[i] > 0 ? dy[i] : 0;
      break;
    case ARIETTA_LEAKY_RELU:
      for (size_t i = 0; i < n; i++)
        dx[i] += x[i] > 0 ? dy[i] : (AriettaReal) 0.2 * dy[i];
      break;
    case ARIETTA_SIGMOID:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * y[i] * (1 - y[i]);
      break;
    case ARIETTA_TANH:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * (1 - y[i] * y[i]);
      break;
    case ARIETTA_GELU:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * (NAME (normal1) (x[i])
                          + x[i] * (AriettaReal) 0.39894228040143267794
                            * NAME (exp1) ((AriettaReal) -0.5 * x[i] * x[i]));
      break;
    case ARIETTA_GELU_TANH:
      for (size_t i = 0; i < n; i++)
        {
          AriettaReal t = NAME (tanh1) (GELU_A * (x[i] + GELU_B * x[i] * x[i] * x[i]));

          dx[i] += dy[i] * (AriettaReal) 0.5
                   * (1 + t + x[i] * (1 - t * t) * GELU_A * (1 + 3 * GELU_B * x[i] * x[i]));
        }
      break;
    case ARIETTA_SILU:
      for (size_t i = 0; i < n; i++)
        {
          AriettaReal s = NAME (sigmoid1) (x[i]);

          dx[i] += dy[i] * s * (1 + x[i] * (1 - s));
        }
      break;
    case ARIETTA_SOFTPLUS:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * NAME (sigmoid1) (x[i]);
      break;
    case ARIETTA_ELU:
      for (size_t i = 0; i < n; i++)
        dx[i] += x[i] < 0 ? dy[i] * (y[i] + 1) : dy[i];
      break;
    case ARIETTA_LOG_SIGMOID:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * NAME (sigmoid1) (-x[i]);
      break;
    case ARIETTA_EXP:
      for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * y[i];
      break;
    case ARIETTA_N_ACTIVATIONS:
    default:
      assert (0);
    }
}

/* Sums and maxima run in LANES lanes that are folded in order at the end. */
static AriettaReal
NAME (log_sum_exp) (const AriettaReal *x,
                    size_t             n)
{
  AriettaReal lanes[LANES], max, sum = 0;
  size_t      i;

  for (int j = 0; j < LANES; j++)
    lanes[j] = x[0];
  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] = x[i + j] > lanes[j] ? x[i + j] : lanes[j];
  max = lanes[0];
  for (int j = 1; j < LANES; j++)
    max = lanes[j] > max ? lanes[j] : max;
  for (; i < n; i++)
    max = x[i] > max ? x[i] : max;

  for (int j = 0; j < LANES; j++)
    lanes[j] = 0;
  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += NAME (exp1) (x[i + j] - max);
  for (int j = 0; j < LANES; j++)
    sum += lanes[j];
  for (; i < n; i++)
    sum += NAME (exp1) (x[i] - max);

  return (AriettaReal) (max + log ((double) sum));
}

static void
NAME (exp_shifted) (AriettaReal *restrict       y,
                    const AriettaReal *restrict x,
                    AriettaReal                 shift,
                    size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] = NAME (exp1) (x[i] - shift);
}

static void
NAME (add_exp_shifted) (AriettaReal *restrict       y,
                        const AriettaReal *restrict x,
                        AriettaReal                 shift,
                        AriettaReal                 factor,
                        size_t                      n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += factor * NAME (exp1) (x[i] - shift);
}

static double
NAME (sum) (const AriettaReal *x,
            size_t             n)
{
  double lanes[LANES] = { 0 }, total = 0;
  size_t i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += (double) x[i + j];
  for (int j = 0; j < LANES; j++)
    total += lanes[j];
  for (; i < n; i++)
    total += (double) x[i];

  return total;
}

static double
NAME (sum_squares) (const AriettaReal *x,
                    size_t             n)
{
  double lanes[LANES] = { 0 }, total = 0;
  size_t i;

  for (i = 0; i + LANES <= n; i += LANES)
    for (int j = 0; j < LANES; j++)
      lanes[j] += (double) x[i + j] * (double) x[i + j];
  for (int j = 0; j < LANES; j++)
    total += lanes[j];
  for (; i < n; i++)
    total += (double) x[i] * (double) x[i];

  return total;
}

/* c before is copied out part by part: as it may be c, the loop over both would not become vectors. */
#define GATES_PART 256

static void
NAME (lstm_gates) (AriettaReal *restrict h,
                   AriettaReal          *c,
                   AriettaReal *restrict gates,
                   const AriettaReal    *c_before,
                   size_t                H)
{
  for (size_t at = 0; at < H; at += GATES_PART)
    {
      const size_t          n = H - at < GATES_PART ? H - at : GATES_PART;
      AriettaReal *restrict gi = gates + at, *restrict gf = gi + H;
      AriettaReal *restrict gg = gi + 2 * H, *restrict go = gi + 3 * H;
      AriettaReal           before[GATES_PART];

      memcpy (before, c_before + at, n * sizeof *before);
      for (size_t j = 0; j < n; j++)
        {
          AriettaReal i = NAME (sigmoid1) (gi[j]);
          AriettaReal f = NAME (sigmoid1) (gf[j]);
          AriettaReal g = NAME (tanh1) (gg[j]);
          AriettaReal o = NAME (sigmoid1) (go[j]);
          AriettaReal s = f * before[j] + i * g;

          gi[j] = i;
          gf[j] = f;
          gg[j] = g;
          go[j] = o;
          c[at + j] = s;
          h[at + j] = o * NAME (tanh1) (s);
        }
    }
}

static void
NAME (lstm_gates_back) (AriettaReal *restrict       gates,
                        AriettaReal *restrict       dc,
                        const AriettaReal *restrict dh,
                        const AriettaReal *restrict c,
                        const AriettaReal *restrict c_before,
                        size_t                      H)
{
  AriettaReal *restrict gi = gates, *restrict gf = gates + H;
  AriettaReal *restrict gg = gates + 2 * H, *restrict go = gates + 3 * H;

  for (size_t j = 0; j < H; j++)
    {
      AriettaReal i = gi[j], f = gf[j], g = gg[j], o = go[j];
      AriettaReal t = NAME (tanh1) (c[j]);
      AriettaReal s = dc[j] + dh[j] * o * (1 - t * t);

      gi[j] = s * g * i * (1 - i);
      gf[j] = s * c_before[j] * f * (1 - f);
      gg[j] = s * i * (1 - g * g);
      go[j] = dh[j] * t * o * (1 - o);
      dc[j] = s * f;
    }
}

static void
NAME (adam) (AriettaReal *restrict       w,
             AriettaReal *restrict       m,
             AriettaReal *restrict       v,
             const AriettaReal *restrict dw,
             const AriettaAdamStep      *s,
             size_t                      n)
{
  const AriettaAdamStep k = *s;

  for (size_t i = 0; i < n; i++)
    {
      AriettaReal g = dw[i] * k.gradient_scale;

      m[i] = k.beta1 * m[i] + (1 - k.beta1) * g;
      v[i] = k.beta2 * v[i] + (1 - k.beta2) * g * g;
      w[i] -= k.step_size * m[i] / (ROOT (v[i]) * k.root_scale + k.epsilon);
    }
}

/* One tile of a product with a packed panel, see arietta-packed.h: rows and n_vectors are constants at
 * each call, so that all sums stay in registers. */
static inline __attribute__ ((always_inline)) void
NAME (panel_tile) (AriettaReal       *c,
                   size_t             ldc,
                   const AriettaReal *a,
                   size_t             lda,
                   const AriettaReal *panel,
                   size_t             K,
                   const int          rows,
                   const int          n_vectors,
                   int                add)
{
  Vec sums[PANEL_ROWS][ARIETTA_PANEL / VEC_LANES];

#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      sums[r][v] = add ? *(const UnalignedVec *) (c + r * ldc + v * VEC_LANES) : (Vec) { 0 };

  for (size_t k = 0; k < K; k++)
    {
      const UnalignedVec *row = (const UnalignedVec *) (panel + k * ARIETTA_PANEL);
      Vec                 w[ARIETTA_PANEL / VEC_LANES];

#pragma GCC unroll 12
      for (int v = 0; v < n_vectors; v++)
        w[v] = row[v];
#pragma GCC unroll 8
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
        for (int v = 0; v < n_vectors; v++)
          sums[r][v] = MULTIPLY_ADD (a[r * lda + k], w[v], sums[r][v]);
    }

#pragma GCC unroll 8
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 12
    for (int v = 0; v < n_vectors; v++)
      *(UnalignedVec *) (c + r * ldc + v * VEC_LANES) = sums[r][v];
}

/* All columns of some rows: tile beside tile. */
static inline __attribute__ ((always_inline)) void
NAME (panel_across) (AriettaReal       *c,
                     size_t             ldc,
                     const AriettaReal *a,
                     size_t             lda,
                     const AriettaReal *panel,
                     size_t             K,
                     const int          rows,
                     const int          n_vectors,
                     int                add)
{
  /* One row alone has registers for all of it. */
  const int most = rows == 1 ? n_vectors : TILE_VECTORS;

#pragma GCC unroll 4
  for (int v = 0; v < n_vectors; v += most)
    NAME (panel_tile) (c + v * VEC_LANES, ldc, a, lda, panel + v * VEC_LANES, K, rows,
                       n_vectors - v < most ? n_vectors - v : most, add);
}

static inline __attribute__ ((always_inline)) void
NAME (panel_rows) (AriettaReal       *c_all,
                   size_t             ldc,
                   const AriettaReal *a_all,
                   size_t             lda,
                   const AriettaReal *panel,
                   size_t             K_all,
                   const int          all_rows,
                   const int          n_vectors,
                   int                add)
{
  /* Tiles of few rows read the panel often, so it goes by in parts that stay in the first cache. */
  const size_t depth = all_rows > PANEL_ROWS ? PANEL_DEPTH : K_all;

  for (size_t k = 0; k < K_all; k += depth, panel += depth * ARIETTA_PANEL, add = 1)
    {
      const size_t       K = K_all - k < depth ? K_all - k : depth;
      AriettaReal       *c = c_all;
      const AriettaReal *a = a_all + k;
      int                rows = all_rows;

      for (; rows >= PANEL_ROWS; rows -= PANEL_ROWS, c += PANEL_ROWS * ldc, a += PANEL_ROWS * lda)
        NAME (panel_across) (c, ldc, a, lda, panel, K, PANEL_ROWS, n_vectors, add);

#if PANEL_ROWS > 4
      if (rows >= 4)
        {
          NAME (panel_across) (c, ldc, a, lda, panel, K, 4, n_vectors, add);
          rows -= 4, c += 4 * ldc, a += 4 * lda;
        }
#endif
#if PANEL_ROWS > 2
      if (rows >= 2)
        {
          NAME (panel_across) (c, ldc, a, lda, panel, K, 2, n_vectors, add);
          rows -= 2, c += 2 * ldc, a += 2 * lda;
        }
#endif
#if PANEL_ROWS > 1
      if (rows >= 1)
        NAME (panel_across) (c, ldc, a, lda, panel, K, 1, n_vectors, add);
#endif
    }
}

static void
NAME (panel) (AriettaReal       *c,
              size_t             ldc,
              const AriettaReal *a,
              size_t             lda,
              const AriettaReal *panel,
              size_t             K,
              int                rows,
              int                columns,
              int                add)
{
  if (columns == ARIETTA_PANEL)
    {
      NAME (panel_rows) (c, ldc, a, lda, panel, K, rows, ARIETTA_PANEL / VEC_LANES, add);
    }
  else if (columns == 32)
    {
      NAME (panel_rows) (c, ldc, a, lda, panel, K, rows, 32 / VEC_LANES, add);
    }
  else if (columns == 16)
    {
      NAME (panel_rows) (c, ldc, a, lda, panel, K, rows, 16 / VEC_LANES, add);
    }
  else
    {
      AriettaReal whole[PANEL_ROWS * ARIETTA_PANEL] = { 0 };

      for (int r = 0; r < rows; r += PANEL_ROWS)
        {
          int n = rows - r < PANEL_ROWS ? rows - r : PANEL_ROWS;

          for (int i = 0; add && i < n; i++)
            memcpy (whole + i * ARIETTA_PANEL, c + (size_t) (r + i) * ldc, (size_t) columns * sizeof *c);
          NAME (panel_rows) (whole, ARIETTA_PANEL, a + (size_t) r * lda, lda, panel, K, n,
                             ARIETTA_PANEL / VEC_LANES, add);
          for (int i = 0; i < n; i++)
            memcpy (c + (size_t) (r + i) * ldc, whole + i * ARIETTA_PANEL, (size_t) columns * sizeof *c);
        }
    }
}

#include "math/arietta-vector-distance.h"
#include "math/arietta-vector-latent.h"
#include "math/arietta-vector-rows.h"
#include "math/arietta-vector-dots.h"

static const AriettaVector NAME (table) = {
  QUOTED_NAME,
  FAST_PANELS,
  NAME (add),
  NAME (add_scaled),
  NAME (add_product),
  NAME (scale),
  NAME (activate),
  NAME (activate_back),
  NAME (log_sum_exp),
  NAME (exp_shifted),
  NAME (add_exp_shifted),
  NAME (sum),
  NAME (sum_squares),
  NAME (lstm_gates),
  NAME (lstm_gates_back),
  NAME (gru_gates),
  NAME (gru_gates_back),
  NAME (adam),
  NAME (panel),
  NAME (panel_max),
  NAME (panel_exp),
  NAME (panel_softmax_back),
  NAME (norm),
  NAME (norm_back),
  { NAME (dots_real), NAME (dots_bf16), NAME (dots_int8) },
  NAME (weigh_rows),
  NAME (distance),
  NAME (distance_back),
  NAME (normals),
  NAME (reparameterise),
  NAME (divergence),
  NAME (add_expm1),
};
