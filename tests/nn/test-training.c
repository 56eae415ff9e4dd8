/* What training promises: same bits at any number of threads, a step that allocates nothing, runs that
 * resume as if they had never stopped, and a sentence when numbers run away. */
#include "count-allocations.h"

#include "math/arietta-pool.h"
#include "nn/arietta-checkpoint.h"
#include "nn/arietta-graph.h"
#include "nn/arietta-nn-error.h"
#include "nn/arietta-trainer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- A small variational autoencoder of sequences, with everything a real one has --- */

enum { V = 11, T = 6, B = 70, H = 20, Z = 5 };

typedef struct
{
  AriettaParams        *params;
  AriettaGraph         *graph;
  AriettaOptimiser     *optimiser;
  AriettaAverage       *average;
  AriettaTrainingState *state;
  AriettaRandom         noise, dropout, data;
  AriettaNode           tokens, before, lengths, velocities, weights, loss, logits;
  gint64                stop_after;
  const char           *path;
  gint64                poison_at;
} Run;

static void
run_init (Run *r)
{
  AriettaOptimiserSettings  settings = ARIETTA_ADAM_DEFAULTS;
  g_autoptr(GError)         error = NULL;
  AriettaLstmOutputs        forward, back, dec;
  AriettaNode               h, mu, logvar, z, y, parts[3];
  AriettaGraph             *g;

  memset (r, 0, sizeof *r);
  r->stop_after = G_MAXINT64;
  r->poison_at = -1;
  arietta_random_init (&r->noise, 4, "noise");
  arietta_random_init (&r->dropout, 4, "dropout");
  arietta_random_init (&r->data, 4, "data");

  r->params = arietta_params_new ();
  arietta_params_add (r->params, "enc.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "enc", H);
  arietta_params_add (r->params, "back.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "back", H);
  arietta_params_add_linear (r->params, "mu", 2 * H, Z);
  arietta_params_add_linear (r->params, "logvar", 2 * H, Z);
  arietta_params_add_linear (r->params, "start", Z, H);
  arietta_params_add_linear (r->params, "dec.z", Z, 4 * H);
  arietta_params_add (r->params, "dec.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "dec", H);
  arietta_params_add_linear (r->params, "out", H, V);
  arietta_params_add_linear (r->params, "velocity", H, 1);
  arietta_params_allocate (r->params, 9);

  r->graph = g = arietta_graph_new (r->params, ARIETTA_GRAPH_TRAIN);
  r->tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
  r->before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, B));
  r->lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (B));
  r->velocities = arietta_graph_input (g, "velocities", ARIETTA_SHAPE (T, B, 1));
  r->weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (3));
  forward = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                                  .ids = { r->tokens }, .tables = { arietta_graph_param (g, "enc.table") },
                                  .bias = arietta_graph_param (g, "enc.bias"),
                                  .weight = arietta_graph_param (g, "enc.weight_hh"), .lengths = r->lengths });
  back = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                               .ids = { r->tokens }, .tables = { arietta_graph_param (g, "back.table") },
                               .bias = arietta_graph_param (g, "back.bias"),
                               .weight = arietta_graph_param (g, "back.weight_hh"), .lengths = r->lengths,
                               .reverse = TRUE });
  h = arietta_graph_concat (g, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar, arietta_graph_normal (g, &r->noise, ARIETTA_SHAPE (B, Z)));
  dec = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                              .ids = { r->before }, .tables = { arietta_graph_param (g, "dec.table") },
                              .constant = arietta_graph_linear_named (g, z, "dec.z"),
                              .bias = arietta_graph_param (g, "dec.bias"),
                              .weight = arietta_graph_param (g, "dec.weight_hh"),
                              .h0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "start"),
                                                              ARIETTA_TANH) });
  arietta_graph_label (g, dec.y, "decoder");
  y = arietta_graph_dropout (g, dec.y, 0.2, &r->dropout);
  r->logits = arietta_graph_keep (g, arietta_graph_linear_named (g, y, "out"));
  parts[0] = arietta_graph_cross_entropy (g, r->logits, r->tokens, ARIETTA_NODE_NONE, 0, B, NULL);
  parts[1] = arietta_graph_squared_error (g, arietta_graph_linear_named (g, y, "velocity"), r->velocities,
                                          ARIETTA_NODE_NONE, B);
  parts[2] = arietta_graph_gaussian_kl (g, mu, logvar, 0.5, NULL);
  r->loss = arietta_graph_weighted_sum (g, parts, 3, r->weights);
  arietta_graph_compile (g, r->loss, &error);
  g_assert_no_error (error);

  settings.weight_decay = 0.01;
  settings.clip_norm = 1.0;
  r->optimiser = arietta_optimiser_new (r->params, &settings);
  r->average = arietta_average_new (r->params, 0.9);
  r->state = arietta_training_state_new (r->optimiser);
  arietta_training_state_set_average (r->state, r->average);
  arietta_training_state_add_stream (r->state, "noise", &r->noise);
  arietta_training_state_add_stream (r->state, "dropout", &r->dropout);
  arietta_training_state_add_stream (r->state, "data", &r->data);
}

static void
run_clear (Run *r)
{
  arietta_training_state_free (r->state);
  arietta_average_free (r->average);
  arietta_optimiser_free (r->optimiser);
  arietta_graph_free (r->graph);
  arietta_params_free (r->params);
}

static AriettaGraph *
fill_cb (gint64     step,
         gpointer   data,
         GError   **error)
{
  Run    *r = data;
  gint32 *tokens = arietta_graph_get_ints (r->graph, r->tokens);
  gint32 *before = arietta_graph_get_ints (r->graph, r->before);

  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++)
      {
        tokens[t * B + b] = (gint32) (arietta_random_below (&r->data, 3) + (guint64) (b + t) % (V - 3));
        before[t * B + b] = t > 0 ? tokens[(t - 1) * B + b] : -1;
        arietta_graph_get_values (r->graph, r->velocities)[t * B + b] = (AriettaReal) tokens[t * B + b] / V;
      }
  for (int b = 0; b < B; b++)
    arietta_graph_get_ints (r->graph, r->lengths)[b] = 1 + b % T;
  arietta_graph_get_values (r->graph, r->weights)[0] = 1;
  arietta_graph_get_values (r->graph, r->weights)[1] = (AriettaReal) 0.5;
  arietta_graph_get_values (r->graph, r->weights)[2] = (AriettaReal) 0.2;
  if (step == r->poison_at)
    arietta_graph_get_values (r->graph, r->velocities)[7] = (AriettaReal) INFINITY;

  return r->graph;
}

static gboolean
step_cb (const AriettaTrainerNumbers *numbers,
         AriettaGraph                *graph,
         gpointer                     data)
{
  Run *r = data;

  g_assert_cmpint (numbers->step, ==, arietta_optimiser_get_step (r->optimiser));
  arietta_average_update (r->average);
  g_assert_true (isfinite (numbers->loss) && numbers->gradient_norm > 0 && numbers->seconds >= 0);
  if (r->path != NULL)
    {
      g_autoptr(GError) error = NULL;

      arietta_training_state_set_int (r->state, "steps seen", numbers->step);
      arietta_training_state_save (r->state, r->path, &error);
      g_assert_no_error (error);
    }

  return numbers->step < r->stop_after;
}

static const AriettaRateSchedule schedule = { .peak = 0.01, .warmup = 4, .total = 40, .floor = 0.1 };

static void
train (Run    *r,
       gint64  last_step)
{
  g_autoptr(GError) error = NULL;

  arietta_trainer_run (r->optimiser, &schedule, last_step, 1, fill_cb, step_cb, r, &error);
  g_assert_no_error (error);
}

static void
assert_same_weights (Run *a,
                     Run *b)
{
  gsize n_bytes = arietta_params_get_size (a->params) * sizeof (AriettaReal);

  g_assert_cmpmem (arietta_params_get_values (a->params), n_bytes,
                   arietta_params_get_values (b->params), n_bytes);
}

static void
test_learns (void)
{
  Run    r;
  double first;

  run_init (&r);
  train (&r, 1);
  first = arietta_graph_get_loss (r.graph);
  train (&r, 120);
  g_assert_cmpfloat (arietta_graph_get_loss (r.graph), <, 0.8 * first);
  run_clear (&r);
}

static void
test_threads (void)
{
  static const int counts[] = { 2, 3, 7 };
  Run              one;

  arietta_pool_set_threads (1);
  run_init (&one);
  train (&one, 8);

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Run many;

      arietta_pool_set_threads (counts[i]);
      run_init (&many);
      train (&many, 5);
      /* A core is given away in the middle. */
      arietta_pool_set_threads (1);
      train (&many, 8);
      assert_same_weights (&one, &many);
      run_clear (&many);
    }

  run_clear (&one);
}

static atomic_bool toggling;

static gpointer
toggle_in_thread (gpointer data)
{
  for (int i = 1; atomic_load (&toggling); i++)
    {
      arietta_pool_spare (i % 3);
      g_usleep (200);
    }
  arietta_pool_spare (0);

  return NULL;
}

/* Something plays now and then while the run goes on. */
static void
test_spared_threads (void)
{
  g_autoptr(GThread) thread = NULL;
  Run                alone, spared;

  arietta_pool_set_threads (3);
  run_init (&alone);
  train (&alone, 20);

  atomic_store (&toggling, TRUE);
  thread = g_thread_new ("toggle", toggle_in_thread, NULL);
  run_init (&spared);
  train (&spared, 20);
  atomic_store (&toggling, FALSE);
  g_thread_join (g_steal_pointer (&thread));

  assert_same_weights (&alone, &spared);
  run_clear (&alone);
  run_clear (&spared);
}

static void
test_allocates_nothing (void)
{
#ifdef COUNTS_ALLOCATIONS
  Run r;
  int before;

  arietta_pool_set_threads (2);
  run_init (&r);
  train (&r, 3);
  before = count_allocations ();
  train (&r, 13);
  g_assert_cmpint (count_allocations (), ==, before);
  run_clear (&r);
#else
  g_test_skip ("allocations cannot be counted here");
#endif
}

/* The average against its own definition, and back from it. */
static void
test_average (void)
{
  Run                       r;
  g_autoptr(AriettaAverage) average = NULL;
  g_autofree AriettaReal   *expected = NULL, *own = NULL;
  gsize                     size;

  run_init (&r);
  size = arietta_params_get_size (r.params);
  average = arietta_average_new (r.params, 0.5);
  expected = g_memdup2 (arietta_params_get_values (r.params), size * sizeof *expected);
  for (int step = 0; step < 8; step++)
    {
      double decay = MIN (0.5, (1.0 + step) / (10.0 + step));

      train (&r, step + 1);
      arietta_average_update (average);
      for (gsize i = 0; i < size; i++)
        expected[i] = (AriettaReal) (decay * expected[i] + (1 - decay) * arietta_params_get_values (r.params)[i]);
    }

  own = g_memdup2 (arietta_params_get_values (r.params), size * sizeof *own);
  arietta_average_swap (average);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpfloat_with_epsilon (arietta_params_get_values (r.params)[i], expected[i], 1e-5);
  g_assert_cmpfloat (arietta_params_get (r.params, "out.weight")[0], !=, own[0]);
  arietta_average_swap (average);
  g_assert_cmpmem (arietta_params_get_values (r.params), size * sizeof *own, own, size * sizeof *own);
  run_clear (&r);
}

static char *
temporary_path (const char *name)
{
  static char *folder = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("arietta-training-XXXXXX", NULL);
  g_assert_nonnull (folder);

  return g_build_filename (folder, name, NULL);
}

static void
test_resume (void)
{
  g_autofree char  *path = temporary_path ("state.safetensors");
  g_autoptr(GError) error = NULL;
  Run               unbroken, first, second;

  run_init (&unbroken);
  train (&unbroken, 12);

  run_init (&first);
  first.path = path;
  first.stop_after = 7;
  train (&first, 12);
  run_clear (&first);

  run_init (&second);
  arietta_training_state_load (second.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_training_state_get_int (second.state, "steps seen", -1), ==, 7);
  train (&second, 12);
  assert_same_weights (&unbroken, &second);

  run_clear (&second);
  run_clear (&unbroken);
  g_unlink (path);
}

/* A life of the run: from its last state on, if there is one, to the end. */
static void
live (const char *path,
      gint64      last_step)
{
  Run r;

  run_init (&r);
  r.path = path;
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !arietta_training_state_load (r.state, path, NULL))
    _exit (1);
  train (&r, last_step);
  _exit (0);
}

/* Killed at moments that nothing chose, again and again, at another number of threads each time, until it is
 * through. */
static void
test_killed (void)
{
  g_autofree char  *path = temporary_path ("killed.safetensors");
  g_autofree char  *whole_path = temporary_path ("whole.safetensors");
  g_autoptr(GError) error = NULL;
  AriettaRandom     chance;
  Run               unbroken, last;
  const int         n_kills = g_test_slow () ? 50 : 6, n_steps = 5 * n_kills;
  int               n_killed = 0, status = -1;
  gint64            life_us = g_get_monotonic_time ();

  run_init (&unbroken);
  unbroken.path = whole_path;
  train (&unbroken, n_steps);
  life_us = (g_get_monotonic_time () - life_us) / n_kills;

  /* A child has no workers of its parent's: it starts its own. */
  arietta_pool_stop ();
  arietta_random_init (&chance, (guint64) g_get_monotonic_time (), "kill");
  for (int i = 0; i <= n_kills; i++)
    {
      pid_t child;

      arietta_pool_set_threads (1 + i % 3);
      child = fork ();
      if (child == 0)
        live (path, n_steps);

      g_assert_cmpint (child, >, 0);
      if (i < n_kills)
        {
          g_usleep ((gulong) arietta_random_below (&chance, (guint64) (2 * life_us)));
          kill (child, SIGKILL);
        }
      waitpid (child, &status, 0);
      n_killed += WIFSIGNALED (status);
      if (WIFEXITED (status))
        g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
  g_assert_true (WIFEXITED (status));
  g_test_message ("%d of %d lives were cut short", n_killed, n_kills);
  g_assert_cmpint (n_killed, >, 0);

  run_init (&last);
  arietta_training_state_load (last.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_optimiser_get_step (last.optimiser), ==, n_steps);
  assert_same_weights (&unbroken, &last);
  g_assert_cmpmem (arietta_average_get_values (unbroken.average),
                   arietta_params_get_size (unbroken.params) * sizeof (AriettaReal),
                   arietta_average_get_values (last.average),
                   arietta_params_get_size (last.params) * sizeof (AriettaReal));
  run_clear (&last);
  run_clear (&unbroken);
  g_unlink (path);
  g_unlink (whole_path);
}

static void
test_state_facts (void)
{
  g_autofree char  *path = temporary_path ("facts.safetensors");
  g_autoptr(GError) error = NULL;
  const char       *text = "tabs\tand\nlines, “quotes” and \\ signs";
  Run               r, other;

  run_init (&r);
  arietta_training_state_set (r.state, "a\tkey", text);
  arietta_training_state_set_double (r.state, "best", 0.1 + 0.2);
  arietta_training_state_save (r.state, path, &error);
  g_assert_no_error (error);

  run_init (&other);
  arietta_training_state_set (other.state, "gone", "x");
  arietta_training_state_load (other.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_training_state_get (other.state, "a\tkey"), ==, text);
  g_assert_true (arietta_training_state_get_double (other.state, "best", 0) == 0.1 + 0.2);
  g_assert_null (arietta_training_state_get (other.state, "gone"));

  run_clear (&r);
  run_clear (&other);
  g_unlink (path);
}

static void
test_weights_files (void)
{
  static const char *const      metadata[] = { "kind", "test", NULL };
  g_autofree char              *path = temporary_path ("weights.safetensors");
  g_autofree char              *half = temporary_path ("half.safetensors");
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaParams)      wrong = arietta_params_new ();
  g_autoptr(AriettaSafetensors) file = NULL, half_file = NULL;
  Run                           r, other;

  run_init (&r);
  train (&r, 2);
  arietta_weights_save (r.params, path, ARIETTA_DTYPE_F32, metadata, &error);
  g_assert_no_error (error);
  arietta_weights_save (r.params, half, ARIETTA_DTYPE_F16, NULL, &error);
  g_assert_no_error (error);

  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_safetensors_get_metadata (file, "kind"), ==, "test");
  run_init (&other);
  g_assert_true (arietta_weights_load (other.params, file, path, &error));
  assert_same_weights (&r, &other);

  half_file = arietta_safetensors_open (half, &error);
  g_assert_no_error (error);
  g_assert_true (arietta_weights_load (other.params, half_file, half, &error));
  for (gsize i = 0; i < arietta_params_get_size (r.params); i++)
    g_assert_cmpfloat_with_epsilon (arietta_params_get_values (r.params)[i],
                                    arietta_params_get_values (other.params)[i], 1e-3);

  /* One that has other shapes is refused, and left as it was. */
  arietta_params_add (wrong, "out.weight", ARIETTA_INIT_CONSTANT, 3, ARIETTA_SHAPE (2, 2));
  arietta_params_allocate (wrong, 1);
  g_assert_false (arietta_weights_load (wrong, file, path, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "out.weight"));
  g_assert_cmpfloat (arietta_params_get (wrong, "out.weight")[3], ==, 3.0);

  /* Weights are not a training state. */
  g_clear_error (&error);
  g_assert_false (arietta_training_state_load (other.state, path, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_UNKNOWN);

  run_clear (&other);
  run_clear (&r);
  g_unlink (path);
  g_unlink (half);
}

static void
test_not_finite (void)
{
  g_autoptr(GError)       error = NULL;
  g_autofree AriettaReal *before = NULL;
  Run                     r;
  gsize                   n_bytes;

  run_init (&r);
  train (&r, 4);
  n_bytes = arietta_params_get_size (r.params) * sizeof (AriettaReal);
  before = g_memdup2 (arietta_params_get_values (r.params), n_bytes);

  /* A bad batch: the input is named. */
  r.poison_at = 5;
  g_assert_false (arietta_trainer_run (r.optimiser, &schedule, 9, 1, fill_cb, step_cb, &r, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_NOT_FINITE);
  g_assert_nonnull (strstr (error->message, "step 5"));
  g_assert_nonnull (strstr (error->message, "velocities"));
  g_assert_cmpmem (arietta_params_get_values (r.params), n_bytes, before, n_bytes);

  /* Weights that overflow within: the operation is named. */
  g_clear_error (&error);
  r.poison_at = -1;
  for (int i = 0; i < H; i++)
    arietta_params_get (r.params, "out.weight")[i] = i % 2 ? (AriettaReal) 3e38 : (AriettaReal) -3e38;
  arietta_params_get (r.params, "dec.bias")[0] = 50;
  g_assert_false (arietta_trainer_run (r.optimiser, &schedule, 9, 1, fill_cb, step_cb, &r, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_NOT_FINITE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "step 5"));
  g_assert_nonnull (strstr (error->message, "out.weight"));

  run_clear (&r);
}

/* Two batches added up make the step of one batch twice as long. */
static AriettaGraph *
fill_half_cb (gint64     step,
              gpointer   data,
              GError   **error)
{
  Run *r = data;

  /* The same batch twice, with the same chance, so that the sum is twice the one. */
  arietta_random_init (&r->data, (guint64) step, "data");
  arietta_random_init (&r->noise, (guint64) step, "noise");
  arietta_random_init (&r->dropout, (guint64) step, "dropout");

  return fill_cb (step, data, error);
}

static void
test_adding_up (void)
{
  Run once, twice;

  run_init (&once);
  run_init (&twice);
  g_assert_true (arietta_trainer_run (once.optimiser, &schedule, 3, 1, fill_half_cb, step_cb, &once, NULL));
  g_assert_true (arietta_trainer_run (twice.optimiser, &schedule, 3, 2, fill_half_cb, step_cb, &twice, NULL));
  for (gsize i = 0; i < arietta_params_get_size (once.params); i++)
    g_assert_cmpfloat_with_epsilon (arietta_params_get_values (once.params)[i],
                                    arietta_params_get_values (twice.params)[i], 1e-5);
  run_clear (&once);
  run_clear (&twice);
}

/* Use and training see the same thing where nothing is dropped, and use needs far less room. */
static void
test_eval (void)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaGraph) train_graph = NULL, eval_graph = NULL;
  Run                     r;
  AriettaNode             tokens[2], y[2];

  run_init (&r);
  for (int k = 0; k < 2; k++)
    {
      AriettaGraph       *g = arietta_graph_new (r.params, k == 0 ? ARIETTA_GRAPH_TRAIN : ARIETTA_GRAPH_EVAL);
      AriettaLstmOutputs  out;
      AriettaNode         zeros, loss;

      tokens[k] = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
      out = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                                  .ids = { tokens[k] }, .tables = { arietta_graph_param (g, "dec.table") },
                                  .bias = arietta_graph_param (g, "dec.bias"),
                                  .weight = arietta_graph_param (g, "dec.weight_hh") });
      y[k] = arietta_graph_keep (g, arietta_graph_linear_named (g, out.y, "out"));
      zeros = arietta_graph_input (g, "zeros", ARIETTA_SHAPE (T, B, V));
      loss = arietta_graph_squared_error (g, y[k], zeros, ARIETTA_NODE_NONE, 1);
      arietta_graph_compile (g, k == 0 ? loss : ARIETTA_NODE_NONE, &error);
      g_assert_no_error (error);
      for (int i = 0; i < T * B; i++)
        arietta_graph_get_ints (g, tokens[k])[i] = i % V;
      arietta_graph_forward (g);
      if (k == 0)
        train_graph = g;
      else
        eval_graph = g;
    }

  g_assert_cmpmem (arietta_graph_get_values (train_graph, y[0]), T * B * V * sizeof (AriettaReal),
                   arietta_graph_get_values (eval_graph, y[1]), T * B * V * sizeof (AriettaReal));
  g_assert_cmpuint (arietta_graph_get_memory (eval_graph), <, arietta_graph_get_memory (train_graph) / 2);
  run_clear (&r);
}

/* Stopping half way to fill in the rest, as scheduled sampling does, changes nothing by itself. */
static void
test_forward_to (void)
{
  Run    a, b;
  double loss;

  run_init (&a);
  run_init (&b);
  fill_cb (1, &a, NULL);
  fill_cb (1, &b, NULL);
  arietta_graph_forward (a.graph);
  loss = arietta_graph_get_loss (a.graph);
  arietta_graph_forward_to (b.graph, b.logits);
  arietta_graph_forward (b.graph);
  g_assert_true (arietta_graph_get_loss (b.graph) == loss);
  run_clear (&a);
  run_clear (&b);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/training/learns", test_learns);
  g_test_add_func ("/nn/training/same-bits-at-any-threads", test_threads);
  g_test_add_func ("/nn/training/same-bits-with-threads-spared", test_spared_threads);
  g_test_add_func ("/nn/training/allocates-nothing", test_allocates_nothing);
  g_test_add_func ("/nn/training/average", test_average);
  g_test_add_func ("/nn/training/resume", test_resume);
  g_test_add_func ("/nn/training/killed", test_killed);
  g_test_add_func ("/nn/training/state-facts", test_state_facts);
  g_test_add_func ("/nn/training/weights-files", test_weights_files);
  g_test_add_func ("/nn/training/not-finite", test_not_finite);
  g_test_add_func ("/nn/training/adding-up", test_adding_up);
  g_test_add_func ("/nn/training/eval", test_eval);
  g_test_add_func ("/nn/training/forward-to", test_forward_to);

  return g_test_run ();
}
