/* bench-kernels - products of the engine's shapes by CBLAS, and recurrent steps with the matrix packed
 *
 * usage: bench-kernels [--threads N]
 *
 * sgemm is what these threads reach by CBLAS on the melody VAE's shapes.  step is the product of a recurrent
 * step on one thread, of so many rows by a matrix of 512 by 2048, by CBLAS and with the matrix packed (see
 * math/arietta-packed.h); packing itself is measured as well.
 */
#include "math/arietta-gemm.h"
#include "math/arietta-packed.h"
#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define V 90
#define T 32
#define DEC 512

static int n_threads = 1;

static int
compare_cb (const void *a,
            const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
report (const char *shape,
        double     *ms,
        int         n,
        double      flops)
{
  qsort (ms, (size_t) n, sizeof *ms, compare_cb);
  printf ("%-26s threads %d  median %8.3f ms  best %8.3f ms  %6.1f GFLOP/s (best %.1f)\n", shape, n_threads,
          ms[n / 2], ms[0], flops / ms[n / 2] * 1e-6, flops / ms[0] * 1e-6);
  fflush (stdout);
}

/* With one thread its CPU time, which other programs on the machine disturb least; with more the clock
 * on the wall, as it is the waiting that counts then. */
static double
now_ms (void)
{
  struct timespec time;

  clock_gettime (n_threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);

  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec * 1e-6;
}

static void
bench_gemm (AriettaGemmKind kind,
            const char     *kind_name,
            int             M,
            int             N,
            int             K)
{
  g_autofree AriettaReal *a = g_new0 (AriettaReal, M * K), *b = g_new0 (AriettaReal, N * K);
  g_autofree AriettaReal *c = g_new0 (AriettaReal, M * N);
  g_autofree char        *name = g_strdup_printf ("sgemm %s %dx%dx%d", kind_name, M, N, K);
  double                  ms[15];

  for (int i = 0; i < 15; i++)
    {
      double start = now_ms ();
      int    n = 1 + (int) (1e9 / M / N / K);

      for (int k = 0; k < n; k++)
        arietta_gemm (c, a, b, 1, kind, M, N, K);
      ms[i] = (now_ms () - start) / n;
    }
  report (name, ms, 15, 2.0 * M * N * K);
}

/* @once: the matrix is packed for each product. */
static void
bench_step (int      rows,
            gboolean packed,
            gboolean once)
{
  const int               N = 4 * DEC, K = DEC, n = 2000 / (rows + 4) + 1;
  g_autofree AriettaReal *x = g_new0 (AriettaReal, rows * K), *W = g_new0 (AriettaReal, N * K);
  g_autofree AriettaReal *y = g_new0 (AriettaReal, rows * N);
  g_autofree char        *name = g_strdup_printf ("step %s %d", once ? "packed once" : packed ? "packed" : "CBLAS", rows);
  AriettaReal            *W_packed = g_aligned_alloc (arietta_packed_size (N, K), sizeof *W_packed, 64);
  double                  ms[15];

  arietta_pack (W_packed, W, N, K);
  for (int i = 0; i < 15; i++)
    {
      double start = now_ms ();

      for (int k = 0; k < n; k++)
        if (packed)
          {
            if (once)
              arietta_pack (W_packed, W, N, K);
            arietta_packed_multiply (y, x, W_packed, 1, rows, N, K);
          }
        else
          arietta_gemm_piece (y, x, W, 1, ARIETTA_NT, rows, N, K);
      ms[i] = (now_ms () - start) / n;
    }
  report (name, ms, 15, 2.0 * rows * N * K);
  g_aligned_free (W_packed);
}

int
main (int   argc,
      char *argv[])
{
  static const int rows[] = { 1, 4, 8, 16, 32, 64, 128, 256, 512 };

  for (int i = 1; i + 1 < argc; i += 2)
    if (strcmp (argv[i], "--threads") == 0)
      n_threads = atoi (argv[i + 1]);

  arietta_pool_set_threads (n_threads);
  printf ("kernels %s\n", arietta_vector ()->name);
  bench_gemm (ARIETTA_NT, "NT", 128, 4 * DEC, DEC);
  bench_gemm (ARIETTA_TN, "TN", 4 * DEC, DEC, 128 * T);
  bench_gemm (ARIETTA_NT, "NT", 128 * T, V, DEC);
  bench_gemm (ARIETTA_NN, "NN", 1024, 1024, 1024);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int k = 0; k < 3; k++)
      bench_step (rows[i], k > 0, k > 1);

  return 0;
}
