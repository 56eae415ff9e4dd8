/* Every operation's backward against central differences, on the portable twin compiled for double.
 * Each case makes all that may be varied a parameter, so one loop checks everything. */
#include "nn/arietta-graph.h"
#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT (sizeof (AriettaReal) == sizeof (double));

typedef struct
{
  AriettaParams *params;
  AriettaGraph  *graph;
  AriettaRandom  stream;
} Case;

static void
case_init (Case *c)
{
  c->params = arietta_params_new ();
  c->graph = NULL;
  arietta_random_init (&c->stream, 5, "case");
}

static void
add (Case       *c,
     const char *name,
     int         n_dims,
     const int  *shape)
{
  arietta_params_add (c->params, name, ARIETTA_INIT_NORMAL, 0.7, n_dims, shape);
}

static AriettaNode
param (Case       *c,
       const char *name)
{
  return arietta_graph_param (c->graph, name);
}

static void
begin (Case *c)
{
  arietta_params_allocate (c->params, 11);
  c->graph = arietta_graph_new (c->params, ARIETTA_GRAPH_TRAIN);
}

/* A scalar that weighs every element of @node differently. */
static AriettaNode
scalar_of (Case        *c,
           AriettaNode  node,
           const char  *name)
{
  int shape[ARIETTA_MAX_DIMS];
  int n_dims = arietta_graph_get_shape (c->graph, node, shape);

  return arietta_graph_dot (c->graph, node,
                            arietta_graph_label (c->graph,
                                                 arietta_graph_input (c->graph, name, n_dims, shape), name));
}

static void
fill (Case        *c,
      AriettaNode  node)
{
  AriettaReal  *values = arietta_graph_get_values (c->graph, node);
  AriettaRandom random;

  arietta_random_init (&random, node, "fill");
  for (gsize i = 0; i < arietta_graph_get_n_elements (c->graph, node); i++)
    values[i] = arietta_random_normal (&random);
}

static void
compile (Case        *c,
         AriettaNode  loss)
{
  g_autoptr(GError) error = NULL;

  arietta_graph_compile (c->graph, loss, &error);
  g_assert_no_error (error);
}

static void
check (Case        *c,
       AriettaNode  loss)
{
  const gsize             size = arietta_params_get_size (c->params);
  g_autofree AriettaReal *gradients = g_new (AriettaReal, size);
  AriettaReal            *values = arietta_params_get_values (c->params);
  AriettaRandom           stream = c->stream;
  double                  largest = 0.0;

  arietta_params_zero_gradients (c->params);
  arietta_graph_forward (c->graph);
  arietta_graph_backward (c->graph);
  memcpy (gradients, arietta_params_get_gradients (c->params), size * sizeof *gradients);

  for (guint k = 0; k < arietta_params_get_n (c->params); k++)
    {
      const AriettaParam *p = arietta_params_get_nth (c->params, k);

      for (gsize i = p->offset; i < p->offset + p->n_elements; i++)
        {
          const double h = 1e-5;
          double       before = values[i], up, down, slope;

          values[i] = before + h;
          c->stream = stream;
          arietta_graph_forward (c->graph);
          up = arietta_graph_get_scalar (c->graph, loss);
          values[i] = before - h;
          c->stream = stream;
          arietta_graph_forward (c->graph);
          down = arietta_graph_get_scalar (c->graph, loss);
          values[i] = before;

          slope = (up - down) / (2.0 * h);
          largest = MAX (largest, fabs (slope));
          if (fabs (slope - gradients[i]) > 1e-7 + 1e-6 * fabs (slope))
            g_error ("%s[%" G_GSIZE_FORMAT "]: backward %.12g, differences %.12g", p->name,
                     i - p->offset, (double) gradients[i], slope);
        }
    }

  /* A loss that does not depend on anything would pass too. */
  g_assert_cmpfloat (largest, >, 1e-3);

  arietta_graph_free (c->graph);
  arietta_params_free (c->params);
}

static void
test_linear (void)
{
  Case        c;
  AriettaNode y, loss;

  case_init (&c);
  add (&c, "x", ARIETTA_SHAPE (2, 3, 4));
  add (&c, "f.weight", ARIETTA_SHAPE (5, 4));
  add (&c, "f.bias", ARIETTA_SHAPE (5));
  begin (&c);
  y = arietta_graph_linear_named (c.graph, param (&c, "x"), "f");
  loss = scalar_of (&c, y, "w");
  compile (&c, loss);
  fill (&c, loss - 1);
  check (&c, loss);
}

static void
test_embedding (void)
{
  static const gint32 ids[] = { 2, 0, 2, -1, 4, 2 };
  Case                c;
  AriettaNode         id_node, y, loss;

  case_init (&c);
  add (&c, "table", ARIETTA_SHAPE (5, 3));
  begin (&c);
  id_node = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 2));
  y = arietta_graph_keep (c.graph, arietta_graph_embedding (c.graph, id_node, param (&c, "table")));
  loss = scalar_of (&c, y, "w");
  compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, id_node), ids, sizeof ids);
  fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (arietta_graph_get_values (c.graph, y)[3 * 3 + i], ==, 0.0);
  check (&c, loss);
}

static void
test_activations (void)
{
  for (AriettaActivation f = 0; f < ARIETTA_N_ACTIVATIONS; f++)
    {
      Case        c;
      AriettaNode loss;

      case_init (&c);
      add (&c, "x", ARIETTA_SHAPE (7, 5));
      begin (&c);
      loss = scalar_of (&c, arietta_graph_activation (c.graph, param (&c, "x"), f), "w");
      compile (&c, loss);
      fill (&c, loss - 1);
      check (&c, loss);
    }
}

/* Everything that only moves and joins, in one graph with a node used three times. */
static void
test_shapes (void)
{
  Case        c;
  AriettaNode a, sum, product, joined, cut, loss;

  case_init (&c);
  add (&c, "a", ARIETTA_SHAPE (2, 3, 4));
  add (&c, "b", ARIETTA_SHAPE (3, 4));
  add (&c, "c", ARIETTA_SHAPE (4));
  begin (&c);
  a = param (&c, "a");
  sum = arietta_graph_add (c.graph, arietta_graph_add (c.graph, a, param (&c, "b")), param (&c, "c"));
  product = arietta_graph_multiply (c.graph, sum, a);
  joined = arietta_graph_concat (c.graph, (const AriettaNode[]) { product, sum, a }, 3);
  cut = arietta_graph_slice (c.graph, joined, 2, 9);
  cut = arietta_graph_softmax (c.graph, arietta_graph_scale (c.graph, cut, 0.6));
  cut = arietta_graph_add (c.graph, cut, arietta_graph_sum_first (c.graph, cut));
  loss = scalar_of (&c, cut, "w");
  compile (&c, loss);
  fill (&c, loss - 1);
  check (&c, loss);
}

static void
test_dropout (void)
{
  Case        c;
  AriettaNode y, loss;

  case_init (&c);
  add (&c, "x", ARIETTA_SHAPE (20, 10));
  begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_dropout (c.graph, param (&c, "x"), 0.3, &c.stream));
  loss = scalar_of (&c, y, "w");
  compile (&c, loss);
  fill (&c, loss - 1);
  check (&c, loss);

  /* In use it is the thing itself. */
  case_init (&c);
  add (&c, "x", ARIETTA_SHAPE (4));
  arietta_params_allocate (c.params, 11);
  c.graph = arietta_graph_new (c.params, ARIETTA_GRAPH_EVAL);
  y = param (&c, "x");
  g_assert_cmpint (arietta_graph_dropout (c.graph, y, 0.3, &c.stream), ==, y);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

static void
test_dropout_rate (void)
{
  Case        c;
  AriettaNode y, loss;
  int         dropped = 0;

  case_init (&c);
  arietta_params_add (c.params, "x", ARIETTA_INIT_CONSTANT, 1.0, ARIETTA_SHAPE (200, 100));
  begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_dropout (c.graph, param (&c, "x"), 0.3, &c.stream));
  loss = scalar_of (&c, y, "w");
  compile (&c, loss);
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
      Case        c;
      AriettaNode target_node, weights = ARIETTA_NODE_NONE, loss;

      case_init (&c);
      add (&c, "x", ARIETTA_SHAPE (3, 2, 7));
      begin (&c);
      target_node = arietta_graph_input_int (c.graph, "targets", ARIETTA_SHAPE (3, 2));
      if (variant & 1)
        weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3, 2));
      loss = arietta_graph_cross_entropy (c.graph, param (&c, "x"), target_node, weights,
                                          variant & 2 ? 0.1 : 0.0, variant & 2 ? 3.0 : 0.0, NULL);
      compile (&c, loss);
      memcpy (arietta_graph_get_ints (c.graph, target_node), targets, sizeof targets);
      if (weights != ARIETTA_NODE_NONE)
        memcpy (arietta_graph_get_values (c.graph, weights),
                (const AriettaReal[]) { 0.5, 2, 0, 1.5, 1, 1 }, 6 * sizeof (AriettaReal));
      check (&c, loss);
    }
}

static void
test_squared_error (void)
{
  Case        c;
  AriettaNode weights, loss;

  case_init (&c);
  add (&c, "x", ARIETTA_SHAPE (3, 2, 2));
  add (&c, "target", ARIETTA_SHAPE (3, 2, 2));
  begin (&c);
  weights = arietta_graph_input (c.graph, "mask", ARIETTA_SHAPE (3, 2));
  loss = arietta_graph_squared_error (c.graph, param (&c, "x"), param (&c, "target"), weights, 0.0);
  compile (&c, loss);
  memcpy (arietta_graph_get_values (c.graph, weights),
          (const AriettaReal[]) { 1, 0, 1, 0, 0, 2 }, 6 * sizeof (AriettaReal));
  check (&c, loss);
}

static void
test_latent (void)
{
  /* With 3 free nats some of the examples stand above and some below; with 0 all above. */
  for (int variant = 0; variant < 2; variant++)
    {
      Case        c;
      AriettaNode mu, logvar, z, cost, plain, weights, reconstruction, loss;

      case_init (&c);
      add (&c, "mu", ARIETTA_SHAPE (5, 4));
      add (&c, "logvar", ARIETTA_SHAPE (5, 4));
      begin (&c);
      mu = param (&c, "mu");
      logvar = param (&c, "logvar");
      z = arietta_graph_reparameterise (c.graph, mu, logvar,
                                        arietta_graph_normal (c.graph, &c.stream, ARIETTA_SHAPE (5, 4)));
      reconstruction = scalar_of (&c, z, "w");
      cost = arietta_graph_gaussian_kl (c.graph, mu, logvar, variant ? 1.5 : 0.0, &plain);
      weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3));
      loss = arietta_graph_weighted_sum (c.graph, (const AriettaNode[]) { reconstruction, cost, plain },
                                         3, weights);
      compile (&c, loss);
      fill (&c, reconstruction - 1);
      memcpy (arietta_graph_get_values (c.graph, weights), (const AriettaReal[]) { 1, 0.4, 0.2 },
              3 * sizeof (AriettaReal));
      check (&c, loss);
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
  Case               c;
  AriettaLstmNodes   nodes = { .reverse = l->reverse };
  AriettaLstmOutputs out;
  AriettaNode        ids, places, lengths, weights, parts[3], loss;

  case_init (&c);
  add (&c, "table", ARIETTA_SHAPE (4, 4 * H));
  add (&c, "places", ARIETTA_SHAPE (T, 4 * H));
  add (&c, "bias", ARIETTA_SHAPE (4 * H));
  add (&c, "weight", ARIETTA_SHAPE (4 * H, H));
  if (l->dense)
    add (&c, "xg", ARIETTA_SHAPE (T, B, 4 * H));
  if (l->constant)
    add (&c, "zg", ARIETTA_SHAPE (B, 4 * H));
  if (l->start)
    {
      add (&c, "h0", ARIETTA_SHAPE (B, H));
      add (&c, "c0", ARIETTA_SHAPE (B, H));
    }
  begin (&c);

  ids = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (T, B));
  places = arietta_graph_input_int (c.graph, "places", ARIETTA_SHAPE (T, B));
  lengths = arietta_graph_input_int (c.graph, "lengths", ARIETTA_SHAPE (B));
  nodes.ids[0] = ids;
  nodes.ids[1] = places;
  nodes.tables[0] = param (&c, "table");
  nodes.tables[1] = param (&c, "places");
  nodes.bias = param (&c, "bias");
  nodes.weight = param (&c, "weight");
  if (l->dense)
    nodes.inputs = param (&c, "xg");
  if (l->constant)
    nodes.constant = param (&c, "zg");
  if (l->start)
    {
      nodes.h0 = param (&c, "h0");
      nodes.c0 = param (&c, "c0");
    }
  if (l->lengths)
    nodes.lengths = lengths;

  out = arietta_graph_lstm (c.graph, &nodes);
  parts[0] = scalar_of (&c, out.y, "wy");
  parts[1] = scalar_of (&c, out.h_last, "wh");
  parts[2] = scalar_of (&c, out.c_last, "wc");
  weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3));
  loss = arietta_graph_weighted_sum (c.graph, parts, 3, weights);
  compile (&c, loss);

  for (int i = 0; i < 3; i++)
    {
      fill (&c, parts[i] - 1);
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

  check (&c, loss);
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
  Case              c;
  AriettaNode       y;

  case_init (&c);
  add (&c, "x", ARIETTA_SHAPE (3, 4));
  add (&c, "f.weight", ARIETTA_SHAPE (5, 6));
  begin (&c);
  y = arietta_graph_linear_named (c.graph, param (&c, "x"), "f");
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
