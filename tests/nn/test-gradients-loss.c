/* Losses of numbers and spectral normalisation, against central differences. */
#include "gradient-case.h"

#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"
#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

enum { SQUARED, ABSOLUTE, HUBER, BINARY, HINGE, N_KINDS };

static AriettaNode
add_loss (AriettaGraph *g,
          int           kind,
          AriettaNode   x,
          AriettaNode   target,
          AriettaNode   weights,
          double        divisor)
{
  switch (kind)
    {
    case SQUARED:
      return arietta_graph_squared_error (g, x, target, weights, divisor);
    case ABSOLUTE:
      return arietta_graph_absolute_error (g, x, target, weights, divisor);
    case HUBER:
      return arietta_graph_huber_error (g, x, target, weights, 0.7, divisor);
    case BINARY:
      return arietta_graph_binary_cross_entropy (g, x, target, weights, divisor);
    default:
      return arietta_graph_hinge_loss (g, x, target, weights, divisor);
    }
}

/* Rows of 7 and of 40 numbers, and thus whole lanes and what is left of them. */
static void
test_distances (void)
{
  for (int variant = 0; variant < 8 * N_KINDS; variant++)
    {
      const int    kind = variant / 8, D = variant & 1 ? 40 : 7;
      GradientCase c;
      AriettaNode  target, weights = ARIETTA_NODE_NONE, loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 2, D));
      if (kind != HINGE)
        gradient_case_add (&c, "target", ARIETTA_SHAPE (3, 2, D));
      gradient_case_begin (&c);
      target = kind != HINGE ? gradient_case_param (&c, "target")
                             : arietta_graph_input (c.graph, "sides", ARIETTA_SHAPE (3, 2, D));
      if (variant & 2)
        weights = arietta_graph_input (c.graph, "weights", ARIETTA_SHAPE (3, 2));
      loss = add_loss (c.graph, kind, gradient_case_param (&c, "x"), target, weights, variant & 4 ? 2.5 : 0);
      gradient_case_compile (&c, loss);
      if (weights != ARIETTA_NODE_NONE)
        memcpy (arietta_graph_get_values (c.graph, weights), (const AriettaReal[]) { 1, 0, 0.5, 1, 0, 2 },
                6 * sizeof (AriettaReal));
      for (int i = 0; kind == HINGE && i < 6 * D; i++)
        arietta_graph_get_values (c.graph, target)[i] = i % 3 == 0 ? 1 : -1;
      gradient_case_check (&c, loss);
    }
}

/* Each row's own surprise, weighed against the others; its mean is the cross-entropy. */
static void
test_surprise (void)
{
  static const gint32 targets[] = { 3, -1, 0, 2, 5, 6 };
  GradientCase        c;
  AriettaNode         ids, sides, y, mean, loss;
  double              sum = 0.0;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 2, 7));
  gradient_case_begin (&c);
  ids = arietta_graph_input_int (c.graph, "ids", ARIETTA_SHAPE (3, 2));
  sides = arietta_graph_input (c.graph, "sides", ARIETTA_SHAPE (3, 2));
  y = arietta_graph_surprise (c.graph, gradient_case_param (&c, "x"), ids);
  arietta_graph_keep (c.graph, y);
  mean = arietta_graph_cross_entropy (c.graph, gradient_case_param (&c, "x"), ids, ARIETTA_NODE_NONE, 0, 0, NULL);
  loss = arietta_graph_sum_all (c.graph, arietta_graph_multiply (c.graph, y, sides));
  loss = arietta_graph_add (c.graph, loss, mean);
  gradient_case_compile (&c, loss);
  memcpy (arietta_graph_get_ints (c.graph, ids), targets, sizeof targets);
  memcpy (arietta_graph_get_values (c.graph, sides), (const AriettaReal[]) { 1, 9, -1, 0, 0.5, -2 },
          6 * sizeof (AriettaReal));
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 6; i++)
    sum += arietta_graph_get_values (c.graph, y)[i];
  g_assert_cmpfloat (arietta_graph_get_values (c.graph, y)[1], ==, 0.0);
  g_assert_cmpfloat_with_epsilon (sum / 5, arietta_graph_get_scalar (c.graph, mean), 1e-12);
  gradient_case_check (&c, loss);
}

/* Chances may be as good as certain: cost and slope stay finite and right. */
static void
test_certain (void)
{
  static const struct
  {
    AriettaReal x, target;
    double      cost, slope;
  } cases[] = {
    { 500, 1, 0, 0 }, { 500, 0, 500, 1 }, { -500, 0, 0, 0 }, { -500, 1, 500, -1 }, { 0, 0.5, G_LN2, 0 },
    { -20, 0, 2.0611536181902037e-09, 2.0611536181902037e-09 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GradientCase c;
      AriettaNode  target, loss;

      gradient_case_init (&c);
      arietta_params_add (c.params, "x", ARIETTA_INIT_CONSTANT, cases[i].x, ARIETTA_SHAPE (1));
      gradient_case_begin (&c);
      target = arietta_graph_input (c.graph, "target", ARIETTA_SHAPE (1));
      loss = arietta_graph_binary_cross_entropy (c.graph, gradient_case_param (&c, "x"), target, ARIETTA_NODE_NONE, 1);
      gradient_case_compile (&c, loss);
      arietta_graph_get_values (c.graph, target)[0] = cases[i].target;
      arietta_graph_forward (c.graph);
      arietta_graph_backward (c.graph);
      g_assert_cmpfloat_with_epsilon (arietta_graph_get_loss (c.graph), cases[i].cost, 1e-15 + 1e-12 * cases[i].cost);
      g_assert_cmpfloat_with_epsilon (arietta_params_get_gradients (c.params)[0], cases[i].slope, 1e-15);
      arietta_graph_free (c.graph);
      arietta_params_free (c.params);
    }
}

/* After many rounds u is the singular vector, the norm is 1, and then backward, which takes the vectors as given,
 * is the whole derivative. */
static void
test_spectral (void)
{
  GradientCase c;
  AriettaNode  y, loss;
  AriettaReal *W, *Wn;

  gradient_case_init (&c);
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (3, 2, 4));
  arietta_params_add_spectral_norm (c.params, "f");
  gradient_case_begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_spectral_norm_named (c.graph, "f"));
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  for (int i = 0; i < 300; i++)
    arietta_graph_forward (c.graph);

  /* The largest of |Wn x| over unit x is 1: at u, and not beaten by others. */
  W = arietta_graph_get_values (c.graph, y);
  Wn = arietta_params_get (c.params, "f.u");
  for (int probe = 0; probe < 200; probe++)
    {
      AriettaRandom random;
      double        x[4], length = 0, stretched = 0;

      arietta_random_init (&random, (guint64) probe, "probe");
      for (int k = 0; k < 4; k++)
        {
          x[k] = probe == 0 ? Wn[k] : arietta_random_normal (&random);
          length += x[k] * x[k];
        }
      for (int r = 0; r < 6; r++)
        {
          double sum = 0;

          for (int k = 0; k < 4; k++)
            sum += W[r * 4 + k] * x[k];
          stretched += sum * sum;
        }
      g_assert_cmpfloat (stretched / length, <=, 1 + 1e-9);
      if (probe == 0)
        g_assert_cmpfloat_with_epsilon (stretched / length, 1, 1e-9);
    }

  gradient_case_check (&c, loss);
}

/* In use the state is left alone. */
static void
test_spectral_state (void)
{
  GradientCase c;
  AriettaReal  before, *u;

  gradient_case_init (&c);
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (5, 3));
  arietta_params_add_spectral_norm (c.params, "f");
  arietta_params_allocate (c.params, 3);
  u = arietta_params_get (c.params, "f.u");
  before = u[0];
  c.graph = arietta_graph_new (c.params, ARIETTA_GRAPH_EVAL);
  arietta_graph_keep (c.graph, arietta_graph_spectral_norm_named (c.graph, "f"));
  gradient_case_compile (&c, ARIETTA_NODE_NONE);
  arietta_graph_forward (c.graph);
  g_assert_cmpfloat (u[0], ==, before);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/gradients/distances", test_distances);
  g_test_add_func ("/nn/gradients/surprise", test_surprise);
  g_test_add_func ("/nn/gradients/certain", test_certain);
  g_test_add_func ("/nn/gradients/spectral-norm", test_spectral);
  g_test_add_func ("/nn/gradients/spectral-state", test_spectral_state);

  return g_test_run ();
}
