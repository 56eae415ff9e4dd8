/* bench-engine - milliseconds and GFLOP/s of the engine on shapes worth watching
 *
 * usage: bench-engine [--threads N] [--steps N]
 *
 * melody_vae_train is the melody VAE of 2.5 million weights: 32 steps of 90 tokens, bidirectional encoder
 * of 256 units, latent of 128, decoder of 512; a step is forward, backward, clipping and Adam on a
 * batch of 128. GFLOP/s counts only products really computed. sgemm is what these threads reach by CBLAS
 * on its shapes. step is the product of a recurrent step on one thread, of so many rows by a matrix of
 * 512 by 2048, by CBLAS and with the matrix packed.
 */
#include "math/arietta-gemm.h"
#include "math/arietta-packed.h"
#include "math/arietta-pool.h"
#include "nn/arietta-graph.h"
#include "nn/arietta-lstm-cell.h"
#include "nn/arietta-optimiser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define V 90
#define T 32
#define Z 128
#define ENC 256
#define DEC 512

static int n_threads = 1, n_steps = 20;

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
        double      flops,
        double      memory)
{
  struct rusage usage;

  qsort (ms, (size_t) n, sizeof *ms, compare_cb);
  getrusage (RUSAGE_SELF, &usage);
  printf ("%-26s threads %d  median %8.3f ms  best %8.3f ms", shape, n_threads, ms[n / 2], ms[0]);
  if (flops > 0)
    printf ("  %6.1f GFLOP/s (best %.1f)", flops / ms[n / 2] * 1e-6, flops / ms[0] * 1e-6);
  if (memory > 0)
    printf ("  graph %.0f MB", memory / 1e6);
  printf ("  peak %.0f MB\n", usage.ru_maxrss / 1024.0);
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

static AriettaParams *
vae_params_new (void)
{
  AriettaParams *p = arietta_params_new ();

  arietta_params_add (p, "enc.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * ENC));
  arietta_params_add_lstm (p, "enc", ENC);
  arietta_params_add (p, "back.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * ENC));
  arietta_params_add_lstm (p, "back", ENC);
  arietta_params_add_linear (p, "mu", 2 * ENC, Z);
  arietta_params_add_linear (p, "logvar", 2 * ENC, Z);
  arietta_params_add_linear (p, "h0", Z, DEC);
  arietta_params_add_linear (p, "c0", Z, DEC);
  arietta_params_add_linear (p, "dec.z", Z, 4 * DEC);
  arietta_params_add (p, "dec.table", ARIETTA_INIT_UNIFORM, 0.04, ARIETTA_SHAPE (V, 4 * DEC));
  arietta_params_add_lstm (p, "dec", DEC);
  arietta_params_add_linear (p, "out", DEC, V);
  arietta_params_allocate (p, 1);

  return p;
}

static AriettaLstmOutputs
lstm (AriettaGraph *g,
      const char   *name,
      AriettaNode   ids,
      AriettaNode   constant,
      AriettaNode   h0,
      AriettaNode   c0,
      gboolean      reverse)
{
  g_autofree char *table = g_strconcat (name, ".table", NULL);
  g_autofree char *weight = g_strconcat (name, ".weight_hh", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  return arietta_graph_lstm (g, &(AriettaLstmNodes) {
                               .ids = { ids },
                               .tables = { arietta_graph_param (g, table) },
                               .constant = constant,
                               .bias = arietta_graph_param (g, bias),
                               .weight = arietta_graph_param (g, weight),
                               .h0 = h0,
                               .c0 = c0,
                               .reverse = reverse,
                             });
}

static void
bench_vae (void)
{
  const int                   B = 128;
  g_autoptr(AriettaParams)    p = vae_params_new ();
  g_autoptr(AriettaGraph)     g = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  g_autoptr(AriettaOptimiser) o = NULL;
  AriettaAdamSettings         settings = ARIETTA_ADAM_DEFAULTS;
  AriettaRandom               noise;
  g_autofree double          *ms = g_new (double, n_steps);
  double                      parts[4] = { 0 };
  AriettaLstmOutputs          forward, back, dec;
  AriettaNode                 tokens, before, weights, h, mu, logvar, z, h0, c0, nll, kl, loss;
  double                      flops;

  arietta_random_init (&noise, 1, "noise");
  tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
  before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, B));
  weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (2));
  forward = lstm (g, "enc", tokens, 0, 0, 0, FALSE);
  back = lstm (g, "back", tokens, 0, 0, 0, TRUE);
  h = arietta_graph_concat (g, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar, arietta_graph_normal (g, &noise, ARIETTA_SHAPE (B, Z)));
  h0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "h0"), ARIETTA_TANH);
  c0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "c0"), ARIETTA_TANH);
  dec = lstm (g, "dec", before, arietta_graph_linear_named (g, z, "dec.z"), h0, c0, FALSE);
  nll = arietta_graph_cross_entropy (g, arietta_graph_linear_named (g, dec.y, "out"), tokens, 0, 0, B, NULL);
  kl = arietta_graph_gaussian_kl (g, mu, logvar, 0, NULL);
  loss = arietta_graph_weighted_sum (g, (const AriettaNode[]) { nll, kl }, 2, weights);
  if (!arietta_graph_compile (g, loss, NULL))
    g_error ("the graph does not compile");
  o = arietta_optimiser_new (p, &settings);

  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++)
      {
        arietta_graph_get_ints (g, tokens)[t * B + b] = (t * 31 + b * 17 + b * t) % V;
        arietta_graph_get_ints (g, before)[t * B + b] = t > 0 ? ((t - 1) * 31 + b * 17 + b * (t - 1)) % V : -1;
      }
  arietta_graph_get_values (g, weights)[0] = 1;
  arietta_graph_get_values (g, weights)[1] = (AriettaReal) 0.2;

  for (int i = -3; i < n_steps; i++)
    {
      double at[5];

      at[0] = now_ms ();
      arietta_params_zero_gradients (p);
      arietta_graph_forward (g);
      at[1] = now_ms ();
      arietta_graph_backward (g);
      at[2] = now_ms ();
      arietta_optimiser_step (o, 1e-3, 1, NULL, NULL);
      at[3] = now_ms ();
      if (i >= 0)
        {
          ms[i] = at[3] - at[0];
          for (int k = 0; k < 3; k++)
            parts[k] += (at[k + 1] - at[k]) / n_steps;
        }
    }

  /* Two flops for a multiplication and addition; forward once, backward twice. */
  flops = 3.0 * 2 * B * (2.0 * (T - 1) * 4 * ENC * ENC + (double) T * 4 * DEC * DEC
                         + 2.0 * 2 * ENC * Z + 2.0 * Z * DEC + (double) Z * 4 * DEC + (double) T * DEC * V);
  report ("melody_vae_train", ms, n_steps, flops, (double) arietta_graph_get_memory (g));
  printf ("  %" G_GSIZE_FORMAT " weights, loss %.4f; mean ms: forward %.1f, backward %.1f, Adam %.1f\n",
          arietta_params_count (p), arietta_graph_get_loss (g), parts[0], parts[1], parts[2]);
}

static void
bench_sample (int B)
{
  g_autoptr(AriettaParams)   p = vae_params_new ();
  g_autoptr(AriettaLstmCell) cell = arietta_lstm_cell_new (p, "dec.weight_hh", "dec.bias", "dec.table", NULL);
  g_autoptr(AriettaDense)    out = arietta_dense_new (p, "out");
  g_autofree AriettaReal    *h = g_new0 (AriettaReal, B * DEC), *c = g_new0 (AriettaReal, B * DEC);
  g_autofree AriettaReal    *gates = g_new0 (AriettaReal, B * 4 * DEC), *zg = g_new0 (AriettaReal, B * 4 * DEC);
  g_autofree AriettaReal    *logits = g_new0 (AriettaReal, B * V), *chances = g_new (AriettaReal, V);
  g_autofree gint32         *ids = g_new (gint32, B);
  g_autofree double         *ms = g_new (double, n_steps);
  g_autofree char           *name = g_strdup_printf ("melody_vae_sample B=%d", B);
  AriettaRandom              random;

  arietta_random_init (&random, 1, "sample");
  for (int i = -3; i < n_steps; i++)
    {
      double start = now_ms ();

      for (int b = 0; b < B; b++)
        ids[b] = -1;
      memset (h, 0, sizeof *h * (gsize) B * DEC);
      memset (c, 0, sizeof *c * (gsize) B * DEC);
      for (int t = 0; t < T; t++)
        {
          arietta_lstm_cell_step (cell, h, c, gates, zg, ids, NULL, B);
          arietta_dense_apply (out, logits, h, B);
          for (int b = 0; b < B; b++)
            {
              arietta_vector ()->exp_shifted (chances, logits + b * V, 0, V);
              ids[b] = (gint32) arietta_random_weighted (&random, chances, V);
            }
        }
      if (i >= 0)
        ms[i] = now_ms () - start;
    }

  report (name, ms, n_steps, 2.0 * B * T * (4.0 * DEC * DEC + (double) DEC * V), 0);
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
  report (name, ms, 15, 2.0 * M * N * K, 0);
}

static void
bench_step (int      rows,
            gboolean packed)
{
  const int               N = 4 * DEC, K = DEC, n = 2000 / (rows + 4);
  g_autofree AriettaReal *x = g_new0 (AriettaReal, rows * K), *W = g_new0 (AriettaReal, N * K);
  g_autofree AriettaReal *y = g_new0 (AriettaReal, rows * N);
  g_autofree char        *name = g_strdup_printf ("step %s %d", packed ? "packed" : "CBLAS", rows);
  AriettaReal            *W_packed = g_aligned_alloc (arietta_packed_size (N, K), sizeof *W_packed, 64);
  double                  ms[15];

  arietta_pack (W_packed, W, N, K);
  for (int i = 0; i < 15; i++)
    {
      double start = now_ms ();

      for (int k = 0; k < n; k++)
        if (packed)
          arietta_packed_multiply (y, x, W_packed, 1, rows, N, K);
        else
          arietta_gemm_piece (y, x, W, 1, ARIETTA_NT, rows, N, K);
      ms[i] = (now_ms () - start) / n;
    }
  report (name, ms, 15, 2.0 * rows * N * K, 0);
  g_aligned_free (W_packed);
}

int
main (int   argc,
      char *argv[])
{
  static const int rows[] = { 1, 4, 8, 16, 32, 64 };

  for (int i = 1; i + 1 < argc; i += 2)
    if (strcmp (argv[i], "--threads") == 0)
      n_threads = atoi (argv[i + 1]);
    else if (strcmp (argv[i], "--steps") == 0)
      n_steps = MAX (1, atoi (argv[i + 1]));

  arietta_pool_set_threads (n_threads);
  printf ("kernels %s\n", arietta_vector ()->name);
  bench_gemm (ARIETTA_NT, "NT", 128, 4 * DEC, DEC);
  bench_gemm (ARIETTA_TN, "TN", 4 * DEC, DEC, 128 * T);
  bench_gemm (ARIETTA_NT, "NT", 128 * T, V, DEC);
  bench_gemm (ARIETTA_NN, "NN", 1024, 1024, 1024);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int packed = 0; packed < 2; packed++)
      bench_step (rows[i], packed);
  bench_vae ();
  bench_sample (1);
  bench_sample (128);

  return 0;
}
