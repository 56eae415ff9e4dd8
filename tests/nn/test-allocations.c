/* A step allocates nothing, whatever the network is made of and whatever optimises it. (The recurrent autoencoder
 * is in test-training.c.) */
#include "count-allocations.h"

#include "math/arietta-pool.h"
#include "nn/arietta-average.h"
#include "nn/arietta-decoder.h"
#include "nn/arietta-graph-attention.h"
#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-shape.h"
#include "nn/arietta-graph.h"
#include "nn/arietta-optimiser.h"

enum { BATCH = 4, LENGTH = 96, COLUMNS = 64, WORDS = 40 };

/* Declares the parameters, and builds the graph up to its loss. */
typedef struct
{
  void        (*declare) (AriettaParams *params);
  AriettaNode (*build)   (AriettaGraph  *graph,
                          AriettaRandom *stream);
} Network;

static const AriettaDecoderShape shape = {
  .prefix = "", .n_layers = 2, .n_columns = COLUMNS, .n_heads = 4, .n_inner = 128, .context = LENGTH,
  .relative = ARIETTA_RELATIVE_EMBEDDING, .n_distances = LENGTH, .activation = ARIETTA_GELU,
};

static void
declare_transformer (AriettaParams *params)
{
  arietta_params_add (params, "words", ARIETTA_INIT_NORMAL, 0.1, ARIETTA_SHAPE (WORDS, COLUMNS));
  arietta_params_add_decoder (params, &shape);
  arietta_params_add_linear (params, "head", COLUMNS, WORDS);
}

static AriettaNode
build_transformer (AriettaGraph  *graph,
                   AriettaRandom *stream)
{
  AriettaNode words = arietta_graph_input_int (graph, "words", ARIETTA_SHAPE (BATCH, LENGTH));
  AriettaNode next = arietta_graph_input_int (graph, "next", ARIETTA_SHAPE (BATCH, LENGTH));
  AriettaNode x = arietta_graph_embedding (graph, words, arietta_graph_param (graph, "words"));

  x = arietta_graph_decoder (graph, &shape, x, ARIETTA_NODE_NONE, 0.1, stream);

  return arietta_graph_cross_entropy (graph, arietta_graph_linear_named (graph, x, "head"), next,
                                      ARIETTA_NODE_NONE, 0, 0, NULL);
}

static void
declare_conv (AriettaParams *params)
{
  arietta_params_add_conv (params, "first", 3, 3, 1, 16, 1, TRUE);
  arietta_params_add_conv (params, "second", 3, 3, 16, 16, 1, TRUE);
  arietta_params_add_linear (params, "head", 16, 10);
}

static AriettaNode
build_conv (AriettaGraph  *graph,
            AriettaRandom *stream)
{
  AriettaNode x = arietta_graph_input (graph, "rolls", ARIETTA_SHAPE (BATCH, 32, 24, 1));
  AriettaNode styles = arietta_graph_input_int (graph, "styles", ARIETTA_SHAPE (BATCH, 8, 6));

  x = arietta_graph_conv_named (graph, x, "first", &(AriettaConvSettings) { .padding = { 1, 1 } });
  x = arietta_graph_activation (graph, x, ARIETTA_RELU);
  x = arietta_graph_pool_largest (graph, x, 2, 2, 0);
  x = arietta_graph_conv_named (graph, x, "second", &(AriettaConvSettings) { .padding = { 1, 1 }, .stride = { 2, 2 } });

  return arietta_graph_cross_entropy (graph, arietta_graph_linear_named (graph, x, "head"), styles,
                                      ARIETTA_NODE_NONE, 0, 0, NULL);
}

static const struct
{
  const char               *name;
  Network                   network;
  AriettaOptimiserSettings  settings;
} cases[] = {
  { "transformer", { declare_transformer, build_transformer },
    { .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8, .weight_decay = 0.01, .clip_norm = 1 } },
  { "conv", { declare_conv, build_conv }, { .kind = ARIETTA_SGD, .momentum = 0.9, .l1 = 1e-5, .l2 = 1e-4 } },
  { "conv-rmsprop", { declare_conv, build_conv }, { .kind = ARIETTA_RMSPROP, .beta2 = 0.99, .epsilon = 1e-8 } },
};

#ifdef COUNTS_ALLOCATIONS
static void
step (AriettaGraph     *graph,
      AriettaOptimiser *optimiser,
      AriettaAverage   *average)
{
  arietta_params_zero_gradients (arietta_optimiser_get_params (optimiser));
  arietta_graph_forward (graph);
  arietta_graph_backward (graph);
  g_assert_true (arietta_optimiser_step (optimiser, 1e-3, 1, NULL, NULL));
  arietta_average_update (average);
}
#endif

static void
test_step (gconstpointer data)
{
#ifdef COUNTS_ALLOCATIONS
  const guint                 nth = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaParams)    params = arietta_params_new ();
  g_autoptr(AriettaGraph)     graph = NULL;
  g_autoptr(AriettaOptimiser) optimiser = NULL;
  g_autoptr(AriettaAverage)   average = NULL;
  g_autoptr(GError)           error = NULL;
  AriettaRandom               stream;
  AriettaNode                 loss;
  int                         before, after;

  arietta_random_init (&stream, 1, "dropout");
  arietta_pool_set_threads (2);
  cases[nth].network.declare (params);
  arietta_params_allocate (params, 1);
  graph = arietta_graph_new (params, ARIETTA_GRAPH_TRAIN);
  loss = cases[nth].network.build (graph, &stream);
  arietta_graph_compile (graph, loss, &error);
  g_assert_no_error (error);
  optimiser = arietta_optimiser_new (params, &cases[nth].settings);
  average = arietta_average_new (params, 0.99);

  for (int i = 0; i < 3; i++)
    step (graph, optimiser, average);
  before = count_allocations ();
  for (int i = 0; i < 10; i++)
    step (graph, optimiser, average);
  after = count_allocations ();
  g_assert_cmpint (after, ==, before);
#else
  g_test_skip ("allocations cannot be counted here");
#endif
}

/* The count counts. */
static void
test_counts (void)
{
#ifdef COUNTS_ALLOCATIONS
  int before = count_allocations ();

  g_free (g_malloc (10));
  g_aligned_free (g_aligned_alloc (10, 10, 64));
  g_assert_cmpint (count_allocations (), >=, before + 2);
#else
  g_test_skip ("allocations cannot be counted here");
#endif
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/allocations/counts", test_counts);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/nn/allocations/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_step);
    }

  return g_test_run ();
}
