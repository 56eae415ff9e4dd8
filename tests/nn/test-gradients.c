/* Every operation's backward against central differences, on the portable twin compiled for double.
 * Each case makes all that may be varied a parameter, so one loop checks everything. */
#include "gradient-case.h"

#include "nn/arietta-graph-gather.h"
#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

static void
test_linear (void)
{
  GradientCase c;
  AriettaNode  y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 3, 4));
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (5, 4));
  gradient_case_add (&c, "f.bias", ARIETTA_SHAPE (5));
  gradient_case_begin (&c);
  y = arietta_graph_linear_named (c.graph, gradient_case_param (&c, "x"), "f");
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  gradient_case_check (&c, loss);
}

static void
test_embedding (void)
{
  static const gint32 ids[] = { 2, 0, 2, -1, 4, 2 };
  GradientCase        c;
  AriettaNode         id_node, y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "table", ARIETTA_SHAPE (5, 3));
  gradient_case_begin (&c);
  id_node = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 2));
  y = arietta_graph_keep (c.graph, arietta_graph_embedding (c.graph, id_node, gradient_case_param (&c, "table")));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, id_node), ids, sizeof ids);
  gradient_case_fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (arietta_graph_get_values (c.graph, y)[3 * 3 + i], ==, 0.0);
  gradient_case_check (&c, loss);
}

static void
test_bag (void)
{
  static const gint32 ids[] = { 2, 0, 2, -1, 4, 2, -1, -1, -1 };
  GradientCase        c;
  AriettaNode         id_node, y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "table", ARIETTA_SHAPE (5, 67));
  gradient_case_begin (&c);
  id_node = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 3));
  y = arietta_graph_keep (c.graph, arietta_graph_bag (c.graph, id_node, gradient_case_param (&c, "table")));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, id_node), ids, sizeof ids);
  gradient_case_fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 67; i++)
    {
      const AriettaReal *table = arietta_params_get (c.params, "table");
      const AriettaReal *values = arietta_graph_get_values (c.graph, y);

      g_assert_cmpfloat_with_epsilon (values[i], 2 * table[2 * 67 + i] + table[i], 1e-12);
      g_assert_cmpfloat (values[2 * 67 + i], ==, 0.0);
    }
  gradient_case_check (&c, loss);
}

static void
test_align (void)
{
  static const gint32 places[] = { 3, -1, 0, 4 };
  GradientCase        c;
  AriettaNode         place_node, y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (4, 10));
  gradient_case_begin (&c);
  place_node = arietta_graph_input_int (c.graph, "places", ARIETTA_SHAPE (4));
  y = arietta_graph_keep (c.graph, arietta_graph_align (c.graph, gradient_case_param (&c, "x"), place_node));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, place_node), places, sizeof places);
  gradient_case_fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  for (int n = 0; n < 4; n++)
    for (int j = 0; j < 5; j++)
      g_assert_cmpfloat (arietta_graph_get_values (c.graph, y)[n * 5 + j], ==,
                         j == 0 || places[n] < 0
                           ? 0.0
                           : arietta_params_get (c.params, "x")[n * 10 + j - places[n] + 5]);
  gradient_case_check (&c, loss);
}

/* Two weights at one column, one at none. */
static void
test_point (void)
{
  static const gint32 ids[] = { 1, 1, 4, -1, 0, 3 };
  GradientCase        c;
  AriettaNode         id_node, y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 5));
  gradient_case_add (&c, "weights", ARIETTA_SHAPE (3, 2));
  gradient_case_begin (&c);
  id_node = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 2));
  y = arietta_graph_keep (c.graph, arietta_graph_point (c.graph, gradient_case_param (&c, "x"), id_node,
                                                        gradient_case_param (&c, "weights")));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, id_node), ids, sizeof ids);
  gradient_case_fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  for (int n = 0; n < 3; n++)
    for (int v = 0; v < 5; v++)
      {
        double expected = arietta_params_get (c.params, "x")[n * 5 + v];

        for (int k = 0; k < 2; k++)
          if (ids[n * 2 + k] == v)
            expected += arietta_params_get (c.params, "weights")[n * 2 + k];
        g_assert_cmpfloat_with_epsilon (arietta_graph_get_values (c.graph, y)[n * 5 + v], expected, 1e-12);
      }
  gradient_case_check (&c, loss);
}

static void
test_activations (void)
{
  for (AriettaActivation f = 0; f < ARIETTA_N_ACTIVATIONS; f++)
    {
      GradientCase c;
      AriettaNode  loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (7, 5));
      gradient_case_begin (&c);
      loss = gradient_case_scalar_of (&c, arietta_graph_activation (c.graph, gradient_case_param (&c, "x"), f), "w");
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, loss - 1);
      gradient_case_check (&c, loss);
    }
}

/* Everything that only moves and joins, in one graph with a node used three times. */
static void
test_shapes (void)
{
  GradientCase c;
  AriettaNode  a, sum, product, joined, cut, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "a", ARIETTA_SHAPE (2, 3, 4));
  gradient_case_add (&c, "b", ARIETTA_SHAPE (3, 4));
  gradient_case_add (&c, "c", ARIETTA_SHAPE (4));
  gradient_case_begin (&c);
  a = gradient_case_param (&c, "a");
  sum = arietta_graph_add (c.graph, arietta_graph_add (c.graph, a, gradient_case_param (&c, "b")), gradient_case_param (&c, "c"));
  product = arietta_graph_multiply (c.graph, sum, a);
  joined = arietta_graph_concat (c.graph, (const AriettaNode[]) { product, sum, a }, 3);
  cut = arietta_graph_slice (c.graph, joined, 2, 9);
  cut = arietta_graph_softmax (c.graph, arietta_graph_scale (c.graph, cut, 0.6));
  cut = arietta_graph_add (c.graph, cut, arietta_graph_sum_first (c.graph, cut));
  loss = gradient_case_scalar_of (&c, cut, "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  gradient_case_check (&c, loss);
}

static void
test_dropout (void)
{
  GradientCase c;
  AriettaNode  y, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (20, 10));
  gradient_case_begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_dropout (c.graph, gradient_case_param (&c, "x"), 0.3, &c.stream));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  gradient_case_check (&c, loss);

  /* In use it is the thing itself. */
  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (4));
  arietta_params_allocate (c.params, 11);
  c.graph = arietta_graph_new (c.params, ARIETTA_GRAPH_EVAL);
  y = gradient_case_param (&c, "x");
  g_assert_cmpint (arietta_graph_dropout (c.graph, y, 0.3, &c.stream), ==, y);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

static void
test_dropout_rate (void)
{
  GradientCase c;
  AriettaNode  y, loss;
  int          dropped = 0;

  gradient_case_init (&c);
  arietta_params_add (c.params, "x", ARIETTA_INIT_CONSTANT, 1.0, ARIETTA_SHAPE (200, 100));
  gradient_case_begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_dropout (c.graph, gradient_case_param (&c, "x"), 0.3, &c.stream));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 20000; i++)
    if (arietta_graph_get_values (c.graph, y)[i] == 0.0)
      dropped++;
    else
      g_assert_cmpfloat_with_epsilon (arietta_graph_get_values (c.graph, y)[i], 1.0 / 0.7, 1e-12);
  g_assert_cmpfloat_with_epsilon (dropped / 20000.0, 0.3, 0.015);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

static void
test_cross_entropy (void)
{
  static const gint32 targets[] = { 3, -1, 0, 2, 5, -100 };

  for (int variant = 0; variant < 4; variant++)
    {
      GradientCase c;
      AriettaNode  target_node, weights = ARIETTA_NODE_NONE, loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 2, 7));
      gradient_case_begin (&c);
      target_node = arietta_graph_input_int (c.graph, "targets", ARIETTA_SHAPE (3, 2));
      if (variant & 1)
        weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3, 2));
      loss = arietta_graph_cross_entropy (c.graph, gradient_case_param (&c, "x"), target_node, weights,
                                          variant & 2 ? 0.1 : 0.0, variant & 2 ? 3.0 : 0.0, NULL);
      gradient_case_compile (&c, loss);
      memcpy (arietta_graph_get_ints (c.graph, target_node), targets, sizeof targets);
      if (weights != ARIETTA_NODE_NONE)
        memcpy (arietta_graph_get_values (c.graph, weights),
                (const AriettaReal[]) { 0.5, 2, 0, 1.5, 1, 1 }, 6 * sizeof (AriettaReal));
      gradient_case_check (&c, loss);
    }
}

static void
test_squared_error (void)
{
  GradientCase c;
  AriettaNode  weights, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 2, 2));
  gradient_case_add (&c, "target", ARIETTA_SHAPE (3, 2, 2));
  gradient_case_begin (&c);
  weights = arietta_graph_input (c.graph, "mask", ARIETTA_SHAPE (3, 2));
  loss = arietta_graph_squared_error (c.graph, gradient_case_param (&c, "x"), gradient_case_param (&c, "target"), weights, 0.0);
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_values (c.graph, weights),
          (const AriettaReal[]) { 1, 0, 1, 0, 0, 2 }, 6 * sizeof (AriettaReal));
  gradient_case_check (&c, loss);
}

static void
test_latent (void)
{
  /* With 3 free nats some of the examples stand above and some below; with 0 all above. */
  for (int variant = 0; variant < 2; variant++)
    {
      GradientCase c;
      AriettaNode  mu, logvar, z, cost, plain, weights, reconstruction, loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "mu", ARIETTA_SHAPE (5, 4));
      gradient_case_add (&c, "logvar", ARIETTA_SHAPE (5, 4));
      gradient_case_begin (&c);
      mu = gradient_case_param (&c, "mu");
      logvar = gradient_case_param (&c, "logvar");
      z = arietta_graph_reparameterise (c.graph, mu, logvar,
                                        arietta_graph_normal (c.graph, &c.stream, ARIETTA_SHAPE (5, 4)));
      reconstruction = gradient_case_scalar_of (&c, z, "w");
      cost = arietta_graph_gaussian_kl (c.graph, mu, logvar, variant ? 1.5 : 0.0, &plain);
      weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3));
      loss = arietta_graph_weighted_sum (c.graph, (const AriettaNode[]) { reconstruction, cost, plain },
                                         3, weights);
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, reconstruction - 1);
      memcpy (arietta_graph_get_values (c.graph, weights), (const AriettaReal[]) { 1, 0.4, 0.2 },
              3 * sizeof (AriettaReal));
      gradient_case_check (&c, loss);
    }
}

typedef struct
{
  const char *name;
  gboolean    reverse, dense, constant, start, lengths;
} LstmCase;

static const LstmCase lstm_cases[] = {
  { "forward from tokens" },
  { "reversed from tokens", .reverse = TRUE },
  { "dense inputs, given start", .dense = TRUE, .start = TRUE },
  { "reversed, dense, given start", .reverse = TRUE, .dense = TRUE, .start = TRUE },
  { "everything", .dense = TRUE, .constant = TRUE, .start = TRUE },
  { "by length", .lengths = TRUE, .constant = TRUE },
  { "by length, given start", .lengths = TRUE, .start = TRUE },
  { "reversed by length", .lengths = TRUE, .reverse = TRUE, .dense = TRUE },
};

/* 70 sequences make two blocks of rows. */
static void
check_lstm (const LstmCase *l,
            int             T,
            int             B,
            int             H)
{
  GradientCase       c;
  AriettaLstmNodes   nodes = { .reverse = l->reverse };
  AriettaLstmOutputs out;
  AriettaNode        ids, places, lengths, weights, parts[3], loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "table", ARIETTA_SHAPE (4, 4 * H));
  gradient_case_add (&c, "places", ARIETTA_SHAPE (T, 4 * H));
  gradient_case_add (&c, "bias", ARIETTA_SHAPE (4 * H));
  gradient_case_add (&c, "weight", ARIETTA_SHAPE (4 * H, H));
  if (l->dense)
    gradient_case_add (&c, "xg", ARIETTA_SHAPE (T, B, 4 * H));
  if (l->constant)
    gradient_case_add (&c, "zg", ARIETTA_SHAPE (B, 4 * H));
  if (l->start)
    {
      gradient_case_add (&c, "h0", ARIETTA_SHAPE (B, H));
      gradient_case_add (&c, "c0", ARIETTA_SHAPE (B, H));
    }
  gradient_case_begin (&c);

  ids = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (T, B));
  places = arietta_graph_input_int (c.graph, "places", ARIETTA_SHAPE (T, B));
  lengths = arietta_graph_input_int (c.graph, "lengths", ARIETTA_SHAPE (B));
  nodes.ids[0] = ids;
  nodes.ids[1] = places;
  nodes.tables[0] = gradient_case_param (&c, "table");
  nodes.tables[1] = gradient_case_param (&c, "places");
  nodes.bias = gradient_case_param (&c, "bias");
  nodes.weight = gradient_case_param (&c, "weight");
  if (l->dense)
    nodes.inputs = gradient_case_param (&c, "xg");
  if (l->constant)
    nodes.constant = gradient_case_param (&c, "zg");
  if (l->start)
    {
      nodes.h0 = gradient_case_param (&c, "h0");
      nodes.c0 = gradient_case_param (&c, "c0");
    }
  if (l->lengths)
    nodes.lengths = lengths;

  out = arietta_graph_lstm (c.graph, &nodes);
  parts[0] = gradient_case_scalar_of (&c, out.y, "wy");
  parts[1] = gradient_case_scalar_of (&c, out.h_last, "wh");
  parts[2] = gradient_case_scalar_of (&c, out.c_last, "wc");
  weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3));
  loss = arietta_graph_weighted_sum (c.graph, parts, 3, weights);
  gradient_case_compile (&c, loss);

  for (int i = 0; i < 3; i++)
    {
      gradient_case_fill (&c, parts[i] - 1);
      arietta_graph_get_values (c.graph, weights)[i] = 1 + i;
    }
  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++)
      {
        arietta_graph_get_ints (c.graph, ids)[t * B + b] = (t * 7 + b * 3) % 5 - 1;
        arietta_graph_get_ints (c.graph, places)[t * B + b] = t;
      }
  for (int b = 0; b < B; b++)
    arietta_graph_get_ints (c.graph, lengths)[b] = 1 + (b * 2 + 1) % T;

  gradient_case_check (&c, loss);
}

static void
test_lstm (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lstm_cases); i++)
    {
      g_test_message ("%s", lstm_cases[i].name);
      check_lstm (&lstm_cases[i], 4, 3, 2);
    }

  check_lstm (&lstm_cases[4], 2, 70, 1);
}

static void
test_words (void)
{
  struct
  {
    const char *part;
  } cases[] = { { "linear" }, { "(3,4)" }, { "(5,6)" } };
  g_autoptr(GError) error = NULL;
  GradientCase      c;
  AriettaNode       y;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 4));
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (5, 6));
  gradient_case_begin (&c);
  y = arietta_graph_linear_named (c.graph, gradient_case_param (&c, "x"), "f");
  y = arietta_graph_activation (c.graph, y, ARIETTA_TANH);
  g_assert_false (arietta_graph_compile (c.graph, y, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_nonnull (strstr (error->message, cases[i].part));
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/gradients/linear", test_linear);
  g_test_add_func ("/nn/gradients/embedding", test_embedding);
  g_test_add_func ("/nn/gradients/bag", test_bag);
  g_test_add_func ("/nn/gradients/align", test_align);
  g_test_add_func ("/nn/gradients/point", test_point);
  g_test_add_func ("/nn/gradients/activations", test_activations);
  g_test_add_func ("/nn/gradients/shapes", test_shapes);
  g_test_add_func ("/nn/gradients/dropout", test_dropout);
  g_test_add_func ("/nn/gradients/dropout-rate", test_dropout_rate);
  g_test_add_func ("/nn/gradients/cross-entropy", test_cross_entropy);
  g_test_add_func ("/nn/gradients/squared-error", test_squared_error);
  g_test_add_func ("/nn/gradients/latent", test_latent);
  g_test_add_func ("/nn/gradients/lstm", test_lstm);
  g_test_add_func ("/nn/gradients/misfit-says-which", test_words);

  return g_test_run ();
}
