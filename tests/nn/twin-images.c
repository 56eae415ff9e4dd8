/* Convolutions, pooling, norms and losses, for whichever engine this is compiled against: see test-twin.c. */
#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"

/* Outcomes and gradients of each case, as doubles; the caller frees @out.  Exported. */
gsize twin_run_images (double **out);

typedef struct
{
  int                 B, H, W, C, D, kernel[2];
  gboolean            transposed;
  int                 after;  /* 0: nothing, 1: LEAKY_RELU, 2: batch norm and RELU, 3: pooling of largest, 4: of means */
  AriettaConvSettings settings;
} Case;

/* Tiles of 16 and of 48 columns, and neither; blocks of places, and fewer; many images, and one. */
static const Case cases[] = {
  { 2, 9, 8, 5, 32, { 4, 4 }, FALSE, 1, { .stride = { 2, 2 }, .padding = { 1, 1 } } },
  { 5, 24, 22, 3, 16, { 3, 3 }, FALSE, 3, { .padding = { 1, 1 } } },
  { 2, 9, 10, 16, 64, { 3, 3 }, FALSE, 2, { .stride = { 3, 3 } } },
  { 9, 4, 7, 8, 130, { 4, 7 }, FALSE, 0, { .stride = { 4, 7 } } },
  { 3, 6, 5, 12, 9, { 3, 2 }, FALSE, 4, { .padding = { 2, 1 }, .dilation = { 2, 1 }, .groups = 3 } },
  { 3, 8, 5, 16, 5, { 4, 4 }, TRUE, 0, { .stride = { 2, 2 }, .padding = { 1, 1 } } },
  { 4, 4, 1, 32, 20, { 4, 1 }, TRUE, 2, { .stride = { 4, 1 } } },
  { 2, 5, 4, 49, 33, { 3, 3 }, TRUE, 1, { .stride = { 1, 2 }, .padding = { 1, 1 }, .output_padding = { 0, 1 } } },
};

static void
append (GArray            *numbers,
        const AriettaReal *values,
        gsize              n)
{
  for (gsize i = 0; i < n; i++)
    {
      double value = values[i];

      g_array_append_val (numbers, value);
    }
}

static void
fill (AriettaReal *values,
      gsize        n,
      gsize        step)
{
  for (gsize i = 0; i < n; i++)
    values[i] = (AriettaReal) ((double) (i * step % 31) / 31 - 0.5);
}

static AriettaNode
add_after (AriettaGraph *g,
           AriettaNode   y,
           int           after)
{
  switch (after)
    {
    case 1:
      return arietta_graph_activation (g, y, ARIETTA_LEAKY_RELU);
    case 2:
      return arietta_graph_activation (g, arietta_graph_batch_norm_named (g, y, "n", FALSE), ARIETTA_RELU);
    case 3:
      return arietta_graph_pool_largest (g, y, 2, 2, 0);
    case 4:
      return arietta_graph_pool_mean (g, y, 2, 3, 1);
    default:
      return y;
    }
}

static void
run (const Case *k,
     GArray     *numbers)
{
  g_autoptr(AriettaParams) p = arietta_params_new ();
  g_autoptr(AriettaGraph)  g = NULL;
  AriettaNode              y, target, sides, parts[4], loss;
  const int                groups = k->settings.groups == 0 ? 1 : k->settings.groups;
  int                      shape[ARIETTA_MAX_DIMS], n_dims;

  arietta_params_add (p, "x", ARIETTA_INIT_NORMAL, 0.5, ARIETTA_SHAPE (k->B, k->H, k->W, k->C));
  if (k->transposed)
    arietta_params_add_conv_transposed (p, "f", k->kernel[0], k->kernel[1], k->C, k->D, groups, TRUE);
  else
    arietta_params_add_conv (p, "f", k->kernel[0], k->kernel[1], k->C, k->D, groups, TRUE);
  arietta_params_add_spectral_norm (p, "f");
  if (k->after == 2)
    arietta_params_add_batch_norm (p, "n", k->D);
  arietta_params_allocate (p, 9);

  g = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  y = (k->transposed ? arietta_graph_conv_transposed : arietta_graph_conv)
        (g, arietta_graph_param (g, "x"), arietta_graph_spectral_norm_named (g, "f"), arietta_graph_param (g, "f.bias"),
         &k->settings);
  y = arietta_graph_keep (g, add_after (g, y, k->after));
  n_dims = arietta_graph_get_shape (g, y, shape);
  target = arietta_graph_input (g, "target", n_dims, shape);
  sides = arietta_graph_input (g, "sides", n_dims, shape);
  parts[0] = arietta_graph_absolute_error (g, y, target, ARIETTA_NODE_NONE, 0);
  parts[1] = arietta_graph_huber_error (g, y, target, ARIETTA_NODE_NONE, 0.25, 0);
  parts[2] = arietta_graph_binary_cross_entropy (g, y, target, ARIETTA_NODE_NONE, 0);
  parts[3] = arietta_graph_hinge_loss (g, y, sides, ARIETTA_NODE_NONE, 0);
  loss = parts[0];
  for (int i = 1; i < 4; i++)
    loss = arietta_graph_add (g, loss, parts[i]);
  if (!arietta_graph_compile (g, loss, NULL))
    g_error ("the network does not compile");

  fill (arietta_graph_get_values (g, target), arietta_graph_get_n_elements (g, target), 7);
  for (gsize i = 0; i < arietta_graph_get_n_elements (g, sides); i++)
    arietta_graph_get_values (g, sides)[i] = i % 3 == 0 ? 1 : -1;
  arietta_graph_forward (g);
  arietta_graph_backward (g);

  append (numbers, arietta_graph_get_values (g, y), arietta_graph_get_n_elements (g, y));
  for (int i = 0; i < 4; i++)
    append (numbers, arietta_graph_get_values (g, parts[i]), 1);
  for (guint i = 0; i < arietta_params_get_n (p); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (p, i);

      append (numbers, arietta_params_get_gradients (p) + param->offset, param->n_elements);
      if (param->state)
        append (numbers, arietta_params_get_values (p) + param->offset, param->n_elements);
    }
}

gsize
twin_run_images (double **out)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  gsize   n;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    run (&cases[i], numbers);
  n = numbers->len;
  *out = (double *) g_array_free (numbers, FALSE);

  return n;
}
