/* The loops against libm in double, and every kind of processor's version against the portable one. */
#include "base/arietta-random.h"
#include "math/arietta-dot.h"
#include "math/arietta-gemm.h"
#include "math/arietta-linear.h"
#include "math/arietta-optimise.h"
#include "math/arietta-packed.h"
#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N 1037 /* not a multiple of any vector */

static void
fill (AriettaReal *x,
      gsize        n,
      double       scale,
      const char  *stream)
{
  AriettaRandom random;

  arietta_random_init (&random, 3, stream);
  for (gsize i = 0; i < n; i++)
    x[i] = (AriettaReal) (scale * arietta_random_normal (&random));
}

static void
test_exp_tanh_sigmoid (void)
{
  const AriettaVector *v = arietta_vector ();

  for (double x = -80.0; x <= 80.0; x += 0.0137)
    {
      AriettaReal in = (AriettaReal) x, y;

      v->activate (&y, &in, ARIETTA_EXP, 1);
      g_assert_cmpfloat_with_epsilon (y / exp ((double) in), 1.0, 3e-7);
      v->activate (&y, &in, ARIETTA_TANH, 1);
      g_assert_cmpfloat_with_epsilon (y, tanh ((double) in), 2e-7);
      v->activate (&y, &in, ARIETTA_SIGMOID, 1);
      g_assert_cmpfloat_with_epsilon (y, 1.0 / (1.0 + exp (-(double) in)), 2e-7);
    }

  /* Small arguments keep their relative accuracy, which a quotient of exponentials would lose. */
  for (double x = 1e-7; x < 1.0; x *= 1.7)
    {
      AriettaReal in = (AriettaReal) -x, y;

      v->activate (&y, &in, ARIETTA_TANH, 1);
      g_assert_cmpfloat_with_epsilon (y / tanh ((double) in), 1.0, 4e-7);
    }
}

/* By the lower tail too, where the share of the normal distribution is small. */
static void
test_gelu (void)
{
  const AriettaVector *v = arietta_vector ();

  for (double x = -12.0; x <= 12.0; x += 0.0037)
    {
      AriettaReal  in = (AriettaReal) x, y, slope = 0, one = 1;
      const double share = 0.5 * erfc (-(double) in * M_SQRT1_2), density = exp (-0.5 * (double) in * in) / sqrt (2 * M_PI);

      v->activate (&y, &in, ARIETTA_GELU, 1);
      v->activate_back (&slope, &one, &in, &y, ARIETTA_GELU, 1);
      g_assert_cmpfloat_with_epsilon (y, in * share, 1e-30 + 1.2e-5 * fabs (in * share));
      if (fabs (x) < 3)
        g_assert_cmpfloat_with_epsilon (y, in * share, 1e-30 + 1.2e-6 * fabs (in * share));
      g_assert_cmpfloat_with_epsilon (slope, share + in * density, 4e-7);
    }
}

static void
test_not_finite_stays (void)
{
  const AriettaVector *v = arietta_vector ();
  AriettaReal          x[40], y[40];

  for (int f = 0; f < ARIETTA_N_ACTIVATIONS; f++)
    {
      for (int i = 0; i < 40; i++)
        x[i] = NAN;
      v->activate (y, x, f, 40);
      for (int i = 0; i < 40; i++)
        g_assert_true (isnan (y[i]));
    }
}

/* Same bits from each version of the loops. */
static void
test_versions_agree (void)
{
  static const char *const names[] = { "avx2", "avx512" };
  const AriettaVector     *p = arietta_vector_find ("portable");
  g_autofree AriettaReal  *x = g_new (AriettaReal, N), *d = g_new (AriettaReal, N);
  g_autofree AriettaReal  *a = g_new0 (AriettaReal, 4 * N), *b = g_new0 (AriettaReal, 4 * N);
  g_autofree AriettaReal  *c1 = g_new0 (AriettaReal, N), *c2 = g_new0 (AriettaReal, N);
  g_autofree AriettaReal  *h1 = g_new0 (AriettaReal, N), *h2 = g_new0 (AriettaReal, N);

  fill (x, N, 3.0, "x");
  fill (d, N, 1.0, "d");

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      const AriettaVector *v = arietta_vector_find (names[k]);
      AriettaAdamStep      s = arietta_adam_step (0.01, 0.9, 0.999, 1e-8, 0.7, 3);

      if (v == NULL)
        {
          g_test_message ("this processor has no %s", names[k]);
          continue;
        }

      for (int f = 0; f < ARIETTA_N_ACTIVATIONS; f++)
        {
          p->activate (a, x, f, N);
          v->activate (b, x, f, N);
          g_assert_cmpmem (a, N * sizeof *a, b, N * sizeof *b);
          p->activate_back (a, d, x, h1, f, N);
          v->activate_back (b, d, x, h2, f, N);
          g_assert_cmpmem (a, N * sizeof *a, b, N * sizeof *b);
        }

      g_assert_true (p->log_sum_exp (x, N) == v->log_sum_exp (x, N));
      g_assert_true (p->sum (x, N) == v->sum (x, N));
      g_assert_true (p->sum_squares (x, N) == v->sum_squares (x, N));

      fill (a, 4 * N, 2.0, "gates");
      fill (b, 4 * N, 2.0, "gates");
      p->lstm_gates (h1, c1, a, x, N);
      v->lstm_gates (h2, c2, b, x, N);
      g_assert_cmpmem (h1, N * sizeof *h1, h2, N * sizeof *h2);
      g_assert_cmpmem (c1, N * sizeof *c1, c2, N * sizeof *c2);
      g_assert_cmpmem (a, 4 * N * sizeof *a, b, 4 * N * sizeof *b);
      /* In place too. */
      fill (b, 4 * N, 2.0, "gates");
      memcpy (c2, x, N * sizeof *x);
      v->lstm_gates (h2, c2, b, c2, N);
      g_assert_cmpmem (h1, N * sizeof *h1, h2, N * sizeof *h2);
      g_assert_cmpmem (c1, N * sizeof *c1, c2, N * sizeof *c2);
      p->lstm_gates_back (a, h1, d, c1, x, N);
      v->lstm_gates_back (b, h2, d, c2, x, N);
      g_assert_cmpmem (a, 4 * N * sizeof *a, b, 4 * N * sizeof *b);
      g_assert_cmpmem (h1, N * sizeof *h1, h2, N * sizeof *h2);

      fill (a, 3 * N, 2.0, "gates");
      fill (b, 3 * N, 2.0, "gates");
      fill (a + 3 * N, N / 3 * 3, 2.0, "hidden");
      memcpy (b + 3 * N, a + 3 * N, N / 3 * 3 * sizeof *a);
      p->gru_gates (h1, a, a + 3 * N, x, N / 3);
      v->gru_gates (h2, b, b + 3 * N, x, N / 3);
      g_assert_cmpmem (h1, N / 3 * sizeof *h1, h2, N / 3 * sizeof *h2);
      g_assert_cmpmem (a, 4 * N * sizeof *a, b, 4 * N * sizeof *b);
      /* In place too. */
      fill (b, 3 * N, 2.0, "gates");
      memcpy (h2, x, N / 3 * sizeof *x);
      v->gru_gates (h2, b, b + 3 * N, h2, N / 3);
      g_assert_cmpmem (h1, N / 3 * sizeof *h1, h2, N / 3 * sizeof *h2);
      p->gru_gates_back (a, a + 3 * N, h1, d, N / 3);
      v->gru_gates_back (b, b + 3 * N, h2, d, N / 3);
      g_assert_cmpmem (h1, N / 3 * sizeof *h1, h2, N / 3 * sizeof *h2);
      g_assert_cmpmem (a, 4 * N * sizeof *a, b, 4 * N * sizeof *b);

      fill (a, ARIETTA_PANEL * 20, 2.0, "strip");
      fill (b, ARIETTA_PANEL * 20, 2.0, "strip");
      memset (c1, 0, N * sizeof *c1);
      memset (c2, 0, N * sizeof *c2);
      p->panel_max (h1, a, 20);
      v->panel_max (h2, b, 20);
      g_assert_cmpmem (h1, ARIETTA_PANEL * sizeof *h1, h2, ARIETTA_PANEL * sizeof *h2);
      p->panel_exp (a, c1, h1, 20);
      v->panel_exp (b, c2, h2, 20);
      p->panel_softmax_back (a, a + ARIETTA_PANEL * 10, c1, h1, 10);
      v->panel_softmax_back (b, b + ARIETTA_PANEL * 10, c2, h2, 10);
      g_assert_cmpmem (a, ARIETTA_PANEL * 20 * sizeof *a, b, ARIETTA_PANEL * 20 * sizeof *b);
      g_assert_cmpmem (c1, N * sizeof *c1, c2, N * sizeof *c2);

      p->norm (a, h1, x, d, x, (AriettaReal) 1e-5, 1, N);
      v->norm (b, h2, x, d, x, (AriettaReal) 1e-5, 1, N);
      g_assert_cmpmem (a, N * sizeof *a, b, N * sizeof *b);
      g_assert_cmpmem (h1, 2 * sizeof *h1, h2, 2 * sizeof *h2);
      p->norm_back (a, a + N, c1, d, x, x, h1, 1, N);
      v->norm_back (b, b + N, c2, d, x, x, h2, 1, N);
      g_assert_cmpmem (a, 2 * N * sizeof *a, b, 2 * N * sizeof *b);
      g_assert_cmpmem (c1, N * sizeof *c1, c2, N * sizeof *c2);

      fill (h1, N, 0.1, "moment");
      memset (c1, 0, N * sizeof *c1);
      memcpy (h2, h1, N * sizeof *h1);
      memcpy (c2, c1, N * sizeof *c1);
      p->adam (a, h1, c1, d, &s, N);
      v->adam (b, h2, c2, d, &s, N);
      g_assert_cmpmem (a, N * sizeof *a, b, N * sizeof *b);
    }
}

/* Every version, every store, sizes that leave remainders; a row does not depend on its neighbours. */
static void
test_dots (void)
{
  static const char *const names[] = { "portable", "avx2", "avx512" };
  enum { H = 13, D = 77, ROWS = 7 };
  AriettaReal              W[H * D], x[ROWS * D], unpacked[D], y[ROWS * H], alone[H], factors[H];
  uint16_t                 halves[H * D];
  int8_t                   bytes[H * D];
  const void              *stores[ARIETTA_N_STORED] = { W, halves, bytes };

  fill (W, H * D, 1.0, "W");
  fill (x, ROWS * D, 1.0, "x");
  arietta_store_bf16 (halves, W, H * D);
  arietta_store_int8 (bytes, factors, W, H, D);

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    for (AriettaStored stored = 0; arietta_vector_find (names[k]) != NULL && stored < ARIETTA_N_STORED; stored++)
      for (int n = 1; n <= ROWS; n++)
        {
          const AriettaVector *v = arietta_vector_find (names[k]);
          AriettaStoredMatrix  matrix = { H, D, stored, stores[stored], stored == ARIETTA_STORED_INT8 ? factors : NULL };

          v->dots[stored] (y, H, x, D, stores[stored], H, D, n);
          v->dots[stored] (alone, H, x + (n - 1) * D, D, stores[stored], H, D, 1);
          g_assert_cmpmem (alone, sizeof alone, y + (n - 1) * H, sizeof alone);
          for (int h = 0; h < H; h++)
            {
              double largest = 0;

              arietta_stored_row (unpacked, &matrix, h, 0);
              for (int d = 0; d < D; d++)
                largest = MAX (largest, fabs ((double) W[h * D + d]));
              for (int d = 0; d < D; d++)
                g_assert_cmpfloat_with_epsilon (unpacked[d], W[h * D + d],
                                                stored == ARIETTA_STORED_REAL ? 1e-30
                                                : stored == ARIETTA_STORED_BF16 ? fabs ((double) W[h * D + d]) / 256
                                                : largest / 127);
              for (int i = 0; i < n; i++)
                {
                  const double factor = stored == ARIETTA_STORED_INT8 ? (double) factors[h] : 1.0;
                  double       sum = 0, magnitude = 0;

                  for (int d = 0; d < D; d++)
                    {
                      sum += (double) x[i * D + d] * (double) unpacked[d] / factor;
                      magnitude += fabs ((double) x[i * D + d] * (double) unpacked[d] / factor);
                    }
                  g_assert_cmpfloat_with_epsilon (y[i * H + h], sum, 1e-6 * magnitude);
                }
            }

          v->weigh_rows (unpacked, x, W, H, D);
          for (int d = 0; d < D; d++)
            {
              double sum = 0;

              for (int h = 0; h < H; h++)
                sum += (double) x[h] * (double) W[h * D + d];
              g_assert_cmpfloat_with_epsilon (unpacked[d], sum, 2e-5);
            }
        }
}

static void
test_bf16 (void)
{
  static const struct
  {
    float    value;
    uint16_t half;
  } cases[] = {
    { 1.0f, 0x3f80 }, { -0.0f, 0x8000 }, { 1.00390625f, 0x3f80 }, { 1.01171875f, 0x3f82 }, { INFINITY, 0x7f80 },
    { 3.4e38f, 0x7f80 }, { -1.005f, 0xbf81 },
  };
  AriettaReal nan = NAN;
  uint16_t    half;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AriettaReal value = cases[i].value;

      arietta_store_bf16 (&half, &value, 1);
      g_assert_cmphex (half, ==, cases[i].half);
    }
  arietta_store_bf16 (&half, &nan, 1);
  g_assert_cmphex (half & 0x7fff, >, 0x7f80);
}

static void
test_gemm (void)
{
  static const int sizes[][3] = { { 1, 1, 1 }, { 3, 5, 7 }, { 200, 300, 40 }, { 700, 90, 600 }, { 90, 512, 1000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (AriettaGemmKind kind = ARIETTA_NN; kind <= ARIETTA_TN; kind++)
      {
        const int               M = sizes[i][0], n = sizes[i][1], K = sizes[i][2];
        g_autofree AriettaReal *a = g_new (AriettaReal, M * K), *b = g_new (AriettaReal, n * K);
        g_autofree AriettaReal *c = g_new (AriettaReal, M * n), *one = g_new (AriettaReal, M * n);

        fill (a, (gsize) M * K, 1.0, "a");
        fill (b, (gsize) n * K, 1.0, "b");
        fill (c, (gsize) M * n, 1.0, "c");
        memcpy (one, c, (gsize) M * n * sizeof *c);

        arietta_pool_set_threads (3);
        arietta_gemm (c, a, b, 1, kind, M, n, K);
        for (int r = 0; r < M; r += 1 + M / 17)
          for (int q = 0; q < n; q += 1 + n / 13)
            {
              double sum = one[r * n + q];

              for (int k = 0; k < K; k++)
                sum += (double) (kind == ARIETTA_TN ? a[k * M + r] : a[r * K + k])
                       * (kind == ARIETTA_NT ? b[q * K + k] : b[k * n + q]);
              g_assert_cmpfloat_with_epsilon (c[r * n + q], sum, 1e-3);
            }

        /* The same bits by one thread. */
        arietta_pool_set_threads (1);
        arietta_gemm (one, a, b, 1, kind, M, n, K);
        g_assert_cmpmem (c, (gsize) M * n * sizeof *c, one, (gsize) M * n * sizeof *one);
      }
}

static void
test_packed (void)
{
  static const char *const names[] = { "portable", "avx2", "avx512" };
  static const int         sizes[][3] = { { 1, 1, 1 }, { 3, 150, 37 }, { 23, 48, 64 }, { 8, 160, 5 }, { 15, 96, 33 } };
  const AriettaVector     *best = arietta_vector ();

  for (gsize kernels = 0; kernels < G_N_ELEMENTS (names); kernels++)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (int add = 0; add < 2; add++)
        {
          const int               n = sizes[s][0], columns = sizes[s][1], K = sizes[s][2];
          g_autofree AriettaReal *W = g_new (AriettaReal, columns * K), *Wt = g_new (AriettaReal, columns * K);
          g_autofree AriettaReal *x = g_new (AriettaReal, n * K), *y = g_new (AriettaReal, n * columns);
          g_autofree AriettaReal *before = g_new (AriettaReal, n * columns);
          AriettaReal            *packed;

          if (!arietta_vector_choose (names[kernels]))
            continue;

          packed = g_aligned_alloc (arietta_packed_size (columns, K), sizeof *packed, 64);
          fill (W, (gsize) columns * K, 1.0, "W");
          fill (x, (gsize) n * K, 1.0, "x");
          fill (y, (gsize) n * columns, 1.0, "y");
          memcpy (before, y, (gsize) n * columns * sizeof *y);
          for (int c = 0; c < columns; c++)
            for (int k = 0; k < K; k++)
              Wt[k * columns + c] = W[c * K + k];

          for (int transposed = 0; transposed < 2; transposed++)
            {
              if (transposed)
                arietta_pack_transposed (packed, Wt, columns, K);
              else
                arietta_pack (packed, W, columns, K);
              memcpy (y, before, (gsize) n * columns * sizeof *y);
              arietta_packed_multiply (y, x, packed, add, n, columns, K);

              for (int i = 0; i < n; i++)
                for (int c = 0; c < columns; c++)
                  {
                    double sum = add ? before[i * columns + c] : 0.0;

                    for (int k = 0; k < K; k++)
                      sum += (double) W[c * K + k] * x[i * K + k];
                    g_assert_cmpfloat_with_epsilon (y[i * columns + c], sum, 1e-4);
                  }
            }

          /* A row alone gives the same bits as among others. */
          memcpy (y, before, (gsize) n * columns * sizeof *y);
          arietta_packed_multiply (y, x, packed, add, n, columns, K);
          arietta_packed_multiply (before + (n - 1) * columns, x + (n - 1) * K, packed, add, 1, columns, K);
          g_assert_cmpmem (y + (n - 1) * columns, columns * sizeof *y,
                           before + (n - 1) * columns, columns * sizeof *y);
          g_aligned_free (packed);
        }

  arietta_vector_choose (best->name);
}

/* dx += dy W with packed weights is what the plain product gives, to rounding. */
static void
test_linear_backward_packed (void)
{
  enum { n_rows = 130, n_in = 64, n_out = 50 };
  g_autofree AriettaReal *W = g_new (AriettaReal, n_out * n_in), *dy = g_new (AriettaReal, n_rows * n_out);
  g_autofree AriettaReal *dx = g_new (AriettaReal, n_rows * n_in), *wanted = g_new (AriettaReal, n_rows * n_in);
  AriettaReal            *packed = g_aligned_alloc (arietta_packed_size (n_in, n_out), sizeof *packed, 64);

  for (int i = 0; i < n_out * n_in; i++)
    W[i] = (AriettaReal) (i * 37 % 101 - 50) / 50;
  for (int i = 0; i < n_rows * n_out; i++)
    dy[i] = (AriettaReal) (i * 53 % 97 - 48) / 48;
  for (int i = 0; i < n_rows * n_in; i++)
    dx[i] = wanted[i] = (AriettaReal) (i % 7);

  arietta_linear_backward (wanted, NULL, NULL, dy, NULL, W, n_rows, n_in, n_out);
  arietta_pack_transposed (packed, W, n_in, n_out);
  arietta_linear_backward_packed (dx, dy, packed, n_rows, n_in, n_out);
  for (int i = 0; i < n_rows * n_in; i++)
    g_assert_cmpfloat_with_epsilon (dx[i], wanted[i], 1e-4);

  g_aligned_free (packed);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/math/kernels/exp-tanh-sigmoid", test_exp_tanh_sigmoid);
  g_test_add_func ("/math/kernels/gelu", test_gelu);
  g_test_add_func ("/math/kernels/linear-backward-packed", test_linear_backward_packed);
  g_test_add_func ("/math/kernels/not-finite-stays", test_not_finite_stays);
  g_test_add_func ("/math/kernels/versions-agree", test_versions_agree);
  g_test_add_func ("/math/kernels/dots", test_dots);
  g_test_add_func ("/math/kernels/bf16", test_bf16);
  g_test_add_func ("/math/kernels/gemm", test_gemm);
  g_test_add_func ("/math/kernels/packed", test_packed);

  return g_test_run ();
}
