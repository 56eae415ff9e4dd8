/* A network whose shapes do not fit says which operation it is and what the shapes are: each operation's own
 * mistakes, and that none is left out. */
#include "nn/arietta-graph-attention.h"
#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-gather.h"
#include "nn/arietta-graph-gru.h"
#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"
#include "nn/arietta-nn-error.h"

#include <string.h>

typedef struct
{
  AriettaGraph  *graph;
  AriettaRandom *random;
  AriettaNode    a, b, vector, scalar, ints, image, kernel, sequence;
} Nodes;

static AriettaNode
linear (Nodes *n)
{
  return arietta_graph_linear (n->graph, n->a, n->b, 0);
}

static AriettaNode
linear_bias (Nodes *n)
{
  return arietta_graph_linear (n->graph, n->a, n->a, n->vector);
}

static AriettaNode
embedding (Nodes *n)
{
  return arietta_graph_embedding (n->graph, n->a, n->b);
}

static AriettaNode
bag (Nodes *n)
{
  return arietta_graph_bag (n->graph, n->ints, n->vector);
}

static AriettaNode
align (Nodes *n)
{
  return arietta_graph_align (n->graph, n->a, n->ints);
}

static AriettaNode
point (Nodes *n)
{
  return arietta_graph_point (n->graph, n->a, n->ints, n->b);
}

static AriettaNode
lstm (Nodes *n)
{
  return arietta_graph_lstm (n->graph, &(AriettaLstmNodes) { .inputs = n->sequence, .bias = n->vector, .weight = n->b }).y;
}

static AriettaNode
gru (Nodes *n)
{
  return arietta_graph_gru (n->graph, &(AriettaGruNodes) { .inputs = n->sequence, .bias = n->vector, .weight = n->b }).y;
}

static AriettaNode
activated_linear (Nodes *n)
{
  return arietta_graph_activated_linear (n->graph, n->a, ARIETTA_GELU, n->b, 0);
}

static AriettaNode
activation (Nodes *n)
{
  return arietta_graph_activation (n->graph, n->ints, ARIETTA_TANH);
}

static AriettaNode
add (Nodes *n)
{
  return arietta_graph_add (n->graph, n->a, n->b);
}

static AriettaNode
multiply (Nodes *n)
{
  return arietta_graph_multiply (n->graph, n->a, n->b);
}

static AriettaNode
scale (Nodes *n)
{
  return arietta_graph_scale (n->graph, n->ints, 2);
}

static AriettaNode
sum_first (Nodes *n)
{
  return arietta_graph_sum_first (n->graph, n->vector);
}

static AriettaNode
concat (Nodes *n)
{
  return arietta_graph_concat (n->graph, (const AriettaNode[]) { n->a, n->b }, 2);
}

static AriettaNode
slice (Nodes *n)
{
  return arietta_graph_slice (n->graph, n->a, 2, 3);
}

static AriettaNode
softmax (Nodes *n)
{
  return arietta_graph_softmax (n->graph, n->ints);
}

static AriettaNode
dropout (Nodes *n)
{
  return arietta_graph_dropout (n->graph, n->ints, 0.5, n->random);
}

static AriettaNode
reparameterise (Nodes *n)
{
  return arietta_graph_reparameterise (n->graph, n->a, n->a, n->b);
}

static AriettaNode
cross_entropy (Nodes *n)
{
  return arietta_graph_cross_entropy (n->graph, n->b, n->ints, 0, 0, 0, NULL);
}

static AriettaNode
cross_entropy_weights (Nodes *n)
{
  return arietta_graph_cross_entropy (n->graph, n->sequence, n->ints, n->vector, 0, 0, NULL);
}

static AriettaNode
gaussian_kl (Nodes *n)
{
  return arietta_graph_gaussian_kl (n->graph, n->a, n->b, 0, NULL);
}

static AriettaNode
weighted_sum (Nodes *n)
{
  return arietta_graph_weighted_sum (n->graph, (const AriettaNode[]) { n->scalar, n->scalar }, 2, n->vector);
}

static AriettaNode
dot (Nodes *n)
{
  return arietta_graph_dot (n->graph, n->a, n->b);
}

static AriettaNode
squared_error (Nodes *n)
{
  return arietta_graph_squared_error (n->graph, n->a, n->b, 0, 0);
}

static AriettaNode
absolute_error (Nodes *n)
{
  return arietta_graph_absolute_error (n->graph, n->a, n->b, 0, 0);
}

static AriettaNode
huber_error (Nodes *n)
{
  return arietta_graph_huber_error (n->graph, n->a, n->b, 0, 1, 0);
}

static AriettaNode
binary_cross_entropy (Nodes *n)
{
  return arietta_graph_binary_cross_entropy (n->graph, n->a, n->a, n->vector, 0);
}

static AriettaNode
surprise (Nodes *n)
{
  return arietta_graph_surprise (n->graph, n->b, n->ints);
}

static AriettaNode
hinge_loss (Nodes *n)
{
  return arietta_graph_hinge_loss (n->graph, n->a, n->ints, 0, 0);
}

static AriettaNode
spectral_norm (Nodes *n)
{
  return arietta_graph_spectral_norm (n->graph, n->a, n->vector);
}

static AriettaNode
conv (Nodes *n)
{
  return arietta_graph_conv (n->graph, n->image, n->kernel, 0, NULL);
}

static AriettaNode
conv_small (Nodes *n)
{
  return arietta_graph_conv (n->graph, arietta_graph_concat (n->graph, (const AriettaNode[]) { n->image, n->image }, 2),
                             n->kernel, 0, &(AriettaConvSettings) { .dilation = { 5, 1 } });
}

static AriettaNode
conv_bias (Nodes *n)
{
  return arietta_graph_conv (n->graph, arietta_graph_concat (n->graph, (const AriettaNode[]) { n->image, n->image }, 2),
                             n->kernel, n->vector, NULL);
}

static AriettaNode
conv_settings (Nodes *n)
{
  return arietta_graph_conv (n->graph, n->image, n->kernel, 0, &(AriettaConvSettings) { .padding = { -1, 0 } });
}

static AriettaNode
conv_sequence (Nodes *n)
{
  return arietta_graph_conv (n->graph, n->sequence, n->kernel, 0, NULL);
}

static AriettaNode
conv_transposed (Nodes *n)
{
  return arietta_graph_conv_transposed (n->graph, n->image, n->kernel, 0, NULL);
}

static AriettaNode
pool_largest (Nodes *n)
{
  return arietta_graph_pool_largest (n->graph, n->image, 6, 1, 0);
}

static AriettaNode
pool_mean (Nodes *n)
{
  return arietta_graph_pool_mean (n->graph, n->a, 2, 2, 0);
}

static AriettaNode
batch_norm (Nodes *n)
{
  return arietta_graph_batch_norm (n->graph, n->a, &(AriettaBatchNormNodes) { .weight = n->vector, .bias = n->vector,
                                                                              .mean = n->vector,
                                                                              .variance = n->vector });
}

static AriettaNode
layer_norm (Nodes *n)
{
  return arietta_graph_layer_norm (n->graph, n->a, n->vector, n->vector, 1e-5);
}

static AriettaNode
rms_norm (Nodes *n)
{
  return arietta_graph_rms_norm (n->graph, n->a, n->vector, 1e-5);
}

static AriettaNode
attention (Nodes *n)
{
  return arietta_graph_attention (n->graph, &(AriettaAttentionNodes) { .qkv = n->sequence, .heads = 5 });
}

static AriettaNode
reshape (Nodes *n)
{
  return arietta_graph_reshape (n->graph, n->a, ARIETTA_SHAPE (5, -1));
}

static AriettaNode
transpose (Nodes *n)
{
  return arietta_graph_transpose (n->graph, n->a, 0, 2);
}

static AriettaNode
sum (Nodes *n)
{
  return arietta_graph_sum (n->graph, n->a, 2);
}

static AriettaNode
mean (Nodes *n)
{
  return arietta_graph_mean (n->graph, n->a, -3);
}

static const struct
{
  const char   *operation;
  const char   *shapes[2];  /* what it speaks of; the second may be NULL */
  AriettaNode (*add) (Nodes *nodes);
} mistakes[] = {
  { "linear", { "(3,4)", "(5,6)" }, linear },
  { "linear", { "(3,4)", "(7)" }, linear_bias },
  { "embedding", { "(3,4)", "(5,6)" }, embedding },
  { "bag", { "(3,4) of integers", "(7)" }, bag },
  { "align", { "(3,4)", "(3,4) of integers" }, align },
  { "point", { "(3,4) of integers", "(5,6)" }, point },
  { "lstm", { "weight (5,6)", NULL }, lstm },
  { "gru", { "weight (5,6)", NULL }, gru },
  { "activated-linear", { "(3,4)", "(5,6)" }, activated_linear },
  { "activation", { "(3,4) of integers", NULL }, activation },
  { "add", { "(3,4)", "(5,6)" }, add },
  { "multiply", { "(3,4)", "(5,6)" }, multiply },
  { "scale", { "(3,4) of integers", NULL }, scale },
  { "sum-first", { "(7)", NULL }, sum_first },
  { "concat", { "(3,4)", "(5,6)" }, concat },
  { "slice", { "(3,4)", "3 columns from 2" }, slice },
  { "softmax", { "(3,4) of integers", NULL }, softmax },
  { "dropout", { "(3,4) of integers", NULL }, dropout },
  { "reparameterise", { "(3,4)", "(5,6)" }, reparameterise },
  { "cross-entropy", { "(5,6)", "(3,4) of integers" }, cross_entropy },
  { "cross-entropy", { "(3,4,9)", "(7)" }, cross_entropy_weights },
  { "gaussian-kl", { "(3,4)", "(5,6)" }, gaussian_kl },
  { "weighted-sum", { "()", "(7)" }, weighted_sum },
  { "dot", { "(3,4)", "(5,6)" }, dot },
  { "squared-error", { "(3,4)", "(5,6)" }, squared_error },
  { "absolute-error", { "(3,4)", "(5,6)" }, absolute_error },
  { "huber-error", { "(3,4)", "(5,6)" }, huber_error },
  { "binary-cross-entropy", { "(3,4)", "(7)" }, binary_cross_entropy },
  { "surprise", { "(5,6)", "(3,4) of integers" }, surprise },
  { "hinge-loss", { "(3,4)", "(3,4) of integers" }, hinge_loss },
  { "spectral-norm", { "(3,4)", "(7)" }, spectral_norm },
  { "conv", { "(2,5,6,2)", "(3,3,4,8)" }, conv },
  { "conv", { "dilation 5,1", "nothing is left" }, conv_small },
  { "conv", { "(2,5,6,4)", "bias (7)" }, conv_bias },
  { "conv", { "(2,5,6,2)", "padding -1,0" }, conv_settings },
  { "conv", { "(3,4,9)", "(3,3,4,8)" }, conv_sequence },
  { "conv-transposed", { "(2,5,6,2)", "(3,3,4,8)" }, conv_transposed },
  { "pool-largest", { "(2,5,6,2)", "6,1" }, pool_largest },
  { "pool-mean", { "(3,4)", "2,2" }, pool_mean },
  { "batch-norm", { "(3,4)", "(7)" }, batch_norm },
  { "layer-norm", { "(3,4)", "(7)" }, layer_norm },
  { "rms-norm", { "(3,4)", "(7)" }, rms_norm },
  { "attention", { "(3,4,9)", "5" }, attention },
  { "reshape", { "(3,4)", NULL }, reshape },
  { "transpose", { "(3,4)", NULL }, transpose },
  { "sum", { "(3,4)", NULL }, sum },
  { "mean", { "(3,4)", NULL }, mean },
};

static void
test_mistakes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr(AriettaParams) params = arietta_params_new ();
      g_autoptr(AriettaGraph)  graph = NULL;
      g_autoptr(GError)        error = NULL;
      g_autofree char         *begin = g_strdup_printf (": %s", mistakes[i].operation);
      AriettaRandom            random;
      AriettaNode              y;
      Nodes                    n;

      arietta_params_add (params, "spare", ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (1));
      arietta_params_allocate (params, 1);
      arietta_random_init (&random, 1, "dropout");
      graph = arietta_graph_new (params, ARIETTA_GRAPH_TRAIN);
      n = (Nodes) {
        .graph = graph,
        .random = &random,
        .a = arietta_graph_input (graph, "a", ARIETTA_SHAPE (3, 4)),
        .b = arietta_graph_input (graph, "b", ARIETTA_SHAPE (5, 6)),
        .vector = arietta_graph_input (graph, "v", ARIETTA_SHAPE (7)),
        .scalar = arietta_graph_input (graph, "s", 0, NULL),
        .ints = arietta_graph_input_int (graph, "i", ARIETTA_SHAPE (3, 4)),
        .image = arietta_graph_input (graph, "image", ARIETTA_SHAPE (2, 5, 6, 2)),
        .kernel = arietta_graph_input (graph, "kernel", ARIETTA_SHAPE (3, 3, 4, 8)),
        .sequence = arietta_graph_input (graph, "sequence", ARIETTA_SHAPE (3, 4, 9)),
      };
      y = mistakes[i].add (&n);
      /* What is built on a mistake is void, and does not hide it. */
      y = arietta_graph_activation (graph, y, ARIETTA_TANH);

      g_assert_false (arietta_graph_compile (graph, y, &error));
      g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, begin));
      for (int k = 0; k < 2; k++)
        if (mistakes[i].shapes[k] != NULL && strstr (error->message, mistakes[i].shapes[k]) == NULL)
          g_error ("“%s” does not speak of %s", error->message, mistakes[i].shapes[k]);
    }
}

static gboolean
is_listed (const char *operation)
{
  /* What takes nothing in cannot be given the wrong thing. */
  if (strcmp (operation, "normal") == 0)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    if (strcmp (mistakes[i].operation, operation) == 0)
      return TRUE;

  return FALSE;
}

/* Rows of AriettaOperation in the sources. */
static void
test_complete (void)
{
  g_autofree char   *folder = g_test_build_filename (G_TEST_DIST, "..", "src", "nn", NULL);
  g_autoptr(GDir)    dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GRegex)  row = g_regex_new ("\\{\\s*\"([a-z0-9-]+)\",\\s*(?:0|KEEP|ARIETTA_KEEP|\\(1u)", 0, 0, NULL);
  const char        *name;
  int                n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char       *path = g_build_filename (folder, name, NULL);
      g_autofree char       *text = NULL;
      g_autoptr(GMatchInfo)  found = NULL;

      if (!g_str_has_prefix (name, "arietta-ops-") || !g_file_get_contents (path, &text, NULL, NULL))
        continue;

      for (g_regex_match (row, text, 0, &found); g_match_info_matches (found); g_match_info_next (found, NULL), n++)
        {
          g_autofree char *operation = g_match_info_fetch (found, 1);

          if (!is_listed (operation))
            g_error ("%s: no mistake of the operation %s is in the table", name, operation);
        }
    }
  g_assert_cmpint (n, >=, 30);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/shapes/mistakes", test_mistakes);
  g_test_add_func ("/nn/shapes/complete", test_complete);

  return g_test_run ();
}
