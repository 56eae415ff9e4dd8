/* What training promises: same bits at any number of threads, a step that allocates nothing, and a sentence when
 * numbers run away.  (Stopping and going on: test-checkpoint.c.) */
#include "count-allocations.h"
#include "training-run.h"

#include "math/arietta-pool.h"
#include "nn/arietta-nn-error.h"

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
  g_test_add_func ("/nn/training/not-finite", test_not_finite);
  g_test_add_func ("/nn/training/adding-up", test_adding_up);
  g_test_add_func ("/nn/training/eval", test_eval);
  g_test_add_func ("/nn/training/forward-to", test_forward_to);

  return g_test_run ();
}
