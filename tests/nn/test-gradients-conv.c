/* Convolution, pooling and batch norm against central differences, and convolution against its formula. */
#include "gradient-case.h"

#include "nn/arietta-graph-conv.h"
#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char          *name;
  int                  B, H, W, C, D, kernel[2];
  gboolean             sequence;   /* (B,H,C), W being 1 */
  AriettaConvSettings  settings;
  int                  rectifier;  /* 0: none; 1: RELU; 2: LEAKY_RELU */
} ConvCase;

static const ConvCase conv_cases[] = {
  { "one place", 1, 1, 1, 1, 1, { 1, 1 } },
  { "plain", 2, 5, 4, 3, 2, { 3, 3 } },
  { "padded", 2, 4, 5, 2, 3, { 3, 3 }, .settings = { .padding = { 1, 1 } } },
  { "halving", 2, 6, 8, 2, 3, { 4, 4 }, .settings = { .stride = { 2, 2 }, .padding = { 1, 1 } } },
  { "stride as large as the kernel", 3, 6, 8, 2, 3, { 3, 4 }, .settings = { .stride = { 3, 4 } } },
  { "stride larger than the kernel", 2, 7, 8, 2, 2, { 2, 1 }, .settings = { .stride = { 3, 2 } } },
  { "places left over", 2, 8, 7, 2, 2, { 3, 2 }, .settings = { .stride = { 2, 3 } } },
  { "more padding than kernel", 1, 3, 2, 1, 2, { 2, 2 }, .settings = { .padding = { 3, 2 } } },
  { "dilated", 2, 7, 6, 2, 2, { 3, 2 }, .settings = { .padding = { 2, 1 }, .dilation = { 2, 3 } } },
  { "dilated with stride", 2, 8, 7, 2, 2, { 3, 2 },
    .settings = { .stride = { 2, 3 }, .padding = { 1, 2 }, .dilation = { 2, 2 } } },
  { "groups", 2, 4, 5, 4, 6, { 3, 2 }, .settings = { .stride = { 1, 2 }, .padding = { 1, 0 }, .groups = 2 } },
  { "each channel by itself", 2, 4, 4, 3, 3, { 3, 3 }, .settings = { .padding = { 1, 1 }, .groups = 3 } },
  { "more than a tile of columns", 1, 3, 2, 2, 51, { 2, 2 }, .settings = { .padding = { 1, 0 } } },
  { "more than a tile of rows", 1, 3, 3, 19, 17, { 2, 1 } },
  { "more than a block of places", 2, 10, 9, 1, 1, { 2, 2 }, .settings = { .padding = { 1, 1 } } },
  { "rectified", 2, 4, 5, 2, 3, { 3, 3 }, .settings = { .padding = { 1, 1 } }, .rectifier = 1 },
  { "leaky, halving", 2, 6, 4, 2, 3, { 4, 4 }, .settings = { .stride = { 2, 2 }, .padding = { 1, 1 } }, .rectifier = 2 },
  { "sequence", 2, 9, 1, 3, 2, { 3, 1 }, .sequence = TRUE, .settings = { .padding = { 1 } } },
  { "sequence, dilated and halving", 2, 11, 1, 2, 3, { 3, 1 }, .sequence = TRUE,
    .settings = { .stride = { 2 }, .padding = { 2 }, .dilation = { 2 } }, .rectifier = 2 },
};

static int
at_least_one (int n)
{
  return n == 0 ? 1 : n;
}

/* The formula of the header: @wide meets @narrow through the weights. */
static void
plain_product (const ConvCase    *k,
               gboolean           transposed,
               double            *y,
               const AriettaReal *x,
               const AriettaReal *weight,
               const AriettaReal *bias,
               int                P,
               int                Q,
               int                n_wide,
               int                n_narrow)
{
  const AriettaConvSettings *s = &k->settings;
  const int G = at_least_one (s->groups), wide_H = transposed ? P : k->H, wide_W = transposed ? Q : k->W;
  const int narrow_H = transposed ? k->H : P, narrow_W = transposed ? k->W : Q;

  for (int i = 0; i < k->B * P * Q * k->D; i++)
    y[i] = bias[i % k->D];

  for (int b = 0; b < k->B; b++)
    for (int p = 0; p < narrow_H; p++)
      for (int q = 0; q < narrow_W; q++)
        for (int i = 0; i < k->kernel[0]; i++)
          for (int j = 0; j < k->kernel[1]; j++)
            {
              const int h = p * at_least_one (s->stride[0]) + i * at_least_one (s->dilation[0]) - s->padding[0];
              const int w = q * at_least_one (s->stride[1]) + j * at_least_one (s->dilation[1]) - s->padding[1];

              if (h < 0 || h >= wide_H || w < 0 || w >= wide_W)
                continue;

              for (int c = 0; c < n_wide; c++)
                for (int d = 0; d < n_narrow; d++)
                  {
                    const int    group = c / (n_wide / G), wide_at = ((b * wide_H + h) * wide_W + w) * n_wide + c;
                    const int    narrow_at = ((b * narrow_H + p) * narrow_W + q) * n_narrow + d;
                    const double by = weight[((i * k->kernel[1] + j) * (n_wide / G) + c % (n_wide / G)) * n_narrow + d];

                    if (d / (n_narrow / G) != group)
                      continue;
                    if (transposed)
                      y[wide_at] += x[narrow_at] * by;
                    else
                      y[narrow_at] += x[wide_at] * by;
                  }
            }
}

static void
check_conv (const ConvCase *k,
            gboolean        transposed)
{
  GradientCase        c;
  AriettaNode         x, y, out, loss;
  AriettaConvSettings settings = k->settings;
  const int           G = at_least_one (settings.groups);
  const int           rows = (transposed ? k->D : k->C) / G, columns = transposed ? k->C : k->D;
  const int           slope_percent = k->rectifier == 0 ? 100 : k->rectifier == 1 ? 0 : 20;
  int                 shape[ARIETTA_MAX_DIMS];
  g_autofree double  *expected = NULL;
  gsize               n;

  g_test_message ("%s%s", k->name, transposed ? ", transposed" : "");
  for (int axis = 0; transposed && axis < 2; axis++)
    if (at_least_one (settings.stride[axis]) > 1 && !k->sequence)
      settings.output_padding[axis] = 1;

  gradient_case_init (&c);
  if (k->sequence)
    {
      gradient_case_add (&c, "x", ARIETTA_SHAPE (k->B, k->H, k->C));
      gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (k->kernel[0], rows, columns));
    }
  else
    {
      gradient_case_add (&c, "x", ARIETTA_SHAPE (k->B, k->H, k->W, k->C));
      gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (k->kernel[0], k->kernel[1], rows, columns));
    }
  gradient_case_add (&c, "f.bias", ARIETTA_SHAPE (k->D));
  gradient_case_begin (&c);
  x = gradient_case_param (&c, "x");
  /* A node between, so that the gradient of x is one of those that are set. */
  x = arietta_graph_scale (c.graph, x, 1);
  y = transposed ? arietta_graph_conv_transposed_named (c.graph, x, "f", &settings)
                 : arietta_graph_conv_named (c.graph, x, "f", &settings);
  out = k->rectifier == 0 ? y
        : arietta_graph_activation (c.graph, y, k->rectifier == 1 ? ARIETTA_RELU : ARIETTA_LEAKY_RELU);
  arietta_graph_keep (c.graph, out);
  loss = gradient_case_scalar_of (&c, out, "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);

  arietta_graph_forward (c.graph);
  n = arietta_graph_get_n_elements (c.graph, out);
  expected = g_new (double, n);
  arietta_graph_get_shape (c.graph, out, shape);
  plain_product (k, transposed, expected, arietta_params_get (c.params, "x"), arietta_params_get (c.params, "f.weight"),
                 arietta_params_get (c.params, "f.bias"), shape[1], k->sequence ? 1 : shape[2],
                 transposed ? k->D : k->C, transposed ? k->C : k->D);
  for (gsize i = 0; i < n; i++)
    {
      double value = expected[i] < 0 ? expected[i] * slope_percent / 100 : expected[i];

      g_assert_cmpfloat_with_epsilon (arietta_graph_get_values (c.graph, out)[i], value, 1e-11);
    }

  gradient_case_check (&c, loss);
}

static void
test_conv (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    check_conv (&conv_cases[i], FALSE);
}

static void
test_conv_transposed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    if (strcmp (conv_cases[i].name, "more padding than kernel") != 0)
      check_conv (&conv_cases[i], TRUE);
}

/* Two that read the same, one of them twice: their gradients add up. */
static void
test_conv_shared (void)
{
  GradientCase c;
  AriettaNode  x, a, b, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 4, 4, 2));
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (3, 3, 2, 2));
  gradient_case_add (&c, "g.weight", ARIETTA_SHAPE (1, 1, 2, 2));
  gradient_case_begin (&c);
  x = arietta_graph_activation (c.graph, gradient_case_param (&c, "x"), ARIETTA_TANH);
  a = arietta_graph_conv_named (c.graph, x, "f", &(AriettaConvSettings) { .padding = { 1, 1 } });
  b = arietta_graph_conv_named (c.graph, arietta_graph_activation (c.graph, a, ARIETTA_RELU), "g", NULL);
  b = arietta_graph_conv_named (c.graph, arietta_graph_add (c.graph, b, x), "f",
                                &(AriettaConvSettings) { .padding = { 1, 1 } });
  loss = gradient_case_scalar_of (&c, arietta_graph_add (c.graph, a, b), "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  gradient_case_check (&c, loss);
}

static void
test_pool (void)
{
  static const struct
  {
    int      height, width, stride;
    gboolean sequence, largest;
  } cases[] = {
    { 2, 2, 0, FALSE, TRUE }, { 3, 2, 0, FALSE, FALSE }, { 3, 2, 1, FALSE, TRUE }, { 2, 3, 2, FALSE, FALSE },
    { 2, 1, 0, TRUE, TRUE }, { 3, 1, 2, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GradientCase c;
      AriettaNode  x, y, loss;

      gradient_case_init (&c);
      if (cases[i].sequence)
        gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 7, 3));
      else
        gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 5, 6, 3));
      gradient_case_begin (&c);
      x = arietta_graph_scale (c.graph, gradient_case_param (&c, "x"), 1);
      y = cases[i].largest ? arietta_graph_pool_largest (c.graph, x, cases[i].height, cases[i].width, cases[i].stride)
                           : arietta_graph_pool_mean (c.graph, x, cases[i].height, cases[i].width, cases[i].stride);
      loss = gradient_case_scalar_of (&c, y, "w");
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, loss - 1);
      gradient_case_check (&c, loss);
    }
}

/* Where all are equal the first has the gradient, all of it. */
static void
test_pool_ties (void)
{
  GradientCase c;
  AriettaNode  loss;
  double       sum = 0;

  gradient_case_init (&c);
  arietta_params_add (c.params, "x", ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (1, 2, 2, 1));
  gradient_case_begin (&c);
  loss = gradient_case_scalar_of (&c, arietta_graph_pool_largest (c.graph, gradient_case_param (&c, "x"), 2, 2, 0), "w");
  gradient_case_compile (&c, loss);
  arietta_graph_get_values (c.graph, loss - 1)[0] = 3;
  arietta_graph_forward (c.graph);
  arietta_graph_backward (c.graph);
  for (int i = 0; i < 4; i++)
    sum += arietta_params_get_gradients (c.params)[i];
  g_assert_cmpfloat (arietta_params_get_gradients (c.params)[0], ==, 3);
  g_assert_cmpfloat (sum, ==, 3);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

static void
test_batch_norm (void)
{
  for (int variant = 0; variant < 6; variant++)
    {
      GradientCase   c;
      AriettaNode    x, y, loss;
      const gboolean fixed = variant % 2;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (3, 2, 4, 3));
      gradient_case_add (&c, "n.weight", ARIETTA_SHAPE (3));
      gradient_case_add (&c, "n.bias", ARIETTA_SHAPE (3));
      arietta_params_add (c.params, "n.mean", ARIETTA_INIT_CONSTANT, 0.3, ARIETTA_SHAPE (3));
      arietta_params_add (c.params, "n.variance", ARIETTA_INIT_CONSTANT, 2, ARIETTA_SHAPE (3));
      arietta_params_set_state (c.params, "n.mean");
      arietta_params_set_state (c.params, "n.variance");
      gradient_case_begin (&c);
      x = arietta_graph_scale (c.graph, gradient_case_param (&c, "x"), 1);
      y = arietta_graph_batch_norm_named (c.graph, x, "n", fixed);
      if (variant / 2 == 1)
        y = arietta_graph_activation (c.graph, y, ARIETTA_RELU);
      /* Read twice as well. */
      if (variant / 2 == 2)
        y = arietta_graph_add (c.graph, arietta_graph_activation (c.graph, y, ARIETTA_LEAKY_RELU), x);
      loss = gradient_case_scalar_of (&c, y, "w");
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, loss - 1);
      gradient_case_check (&c, loss);
    }
}

/* Running statistics move in training only, and not when a step is run again to find a number that is not
 * finite. */
static void
test_running (void)
{
  GradientCase c;
  AriettaNode  x, y, loss;
  AriettaReal *mean;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (50, 1));
  arietta_params_add_batch_norm (c.params, "n", 1);
  gradient_case_begin (&c);
  x = gradient_case_param (&c, "x");
  y = arietta_graph_batch_norm_named (c.graph, x, "n", FALSE);
  loss = gradient_case_scalar_of (&c, y, "w");
  gradient_case_compile (&c, loss);
  for (int i = 0; i < 50; i++)
    arietta_params_get (c.params, "x")[i] = 1000 + i % 2;
  mean = arietta_params_get (c.params, "n.mean");
  for (int step = 1; step < 4; step++)
    {
      g_autofree char *found = NULL;

      arietta_graph_forward (c.graph);
      g_assert_cmpfloat_with_epsilon (mean[0], 1000.5 * (1 - pow (0.9, step)), 1e-9);
      found = arietta_graph_find_not_finite (c.graph);
      g_assert_null (found);
      g_assert_cmpfloat_with_epsilon (mean[0], 1000.5 * (1 - pow (0.9, step)), 1e-9);
    }
  arietta_graph_free (c.graph);

  c.graph = arietta_graph_new (c.params, ARIETTA_GRAPH_EVAL);
  y = arietta_graph_keep (c.graph, arietta_graph_batch_norm_named (c.graph, arietta_graph_param (c.graph, "x"), "n", FALSE));
  gradient_case_compile (&c, ARIETTA_NODE_NONE);
  mean[0] = 1000;
  arietta_params_get (c.params, "n.variance")[0] = 4 - 1e-5;
  arietta_graph_forward (c.graph);
  g_assert_cmpfloat_with_epsilon (arietta_graph_get_values (c.graph, y)[1], 0.5, 1e-9);
  g_assert_cmpfloat (mean[0], ==, 1000);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

/* A network whose parameters are frozen teaches the one before it, and itself learns nothing. */
static void
test_frozen (void)
{
  GradientCase c;
  AriettaNode  x, loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (3, 3, 2, 2));
  gradient_case_begin (&c);
  arietta_graph_freeze (c.graph);
  x = arietta_graph_input (c.graph, "x", ARIETTA_SHAPE (1, 4, 4, 2));
  arietta_graph_require_gradient (c.graph, x);
  loss = gradient_case_scalar_of (&c, arietta_graph_conv_named (c.graph, x, "f", NULL), "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  arietta_graph_forward (c.graph);
  arietta_graph_backward (c.graph);
  g_assert_cmpfloat (fabs (arietta_graph_get_gradient (c.graph, x)[5]), >, 1e-3);
  for (gsize i = 0; i < arietta_params_get_size (c.params); i++)
    g_assert_cmpfloat (arietta_params_get_gradients (c.params)[i], ==, 0);
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/gradients/conv", test_conv);
  g_test_add_func ("/nn/gradients/conv-transposed", test_conv_transposed);
  g_test_add_func ("/nn/gradients/conv-shared", test_conv_shared);
  g_test_add_func ("/nn/gradients/pool", test_pool);
  g_test_add_func ("/nn/gradients/pool-ties", test_pool_ties);
  g_test_add_func ("/nn/gradients/batch-norm", test_batch_norm);
  g_test_add_func ("/nn/gradients/running-statistics", test_running);
  g_test_add_func ("/nn/gradients/frozen", test_frozen);

  return g_test_run ();
}
