/* Convolution, its transpose, pooling, batch norm. */
#include "parity-fixtures.h"

#include "nn/arietta-graph-conv.h"

#include <stdlib.h>

/* Cases c0, c1, ...: their settings are in the metadata. */
static void
conv_cases (Parity   *c,
            gboolean  transposed)
{
  const int n_cases = atoi (parity_metadata (c, "cases"));

  for (int i = 0; i < n_cases; i++)
    {
      AriettaConvSettings settings = { .groups = 1 };
      AriettaNode         weight, bias, x, y, loss;
      const char         *key;

      parity_again (c);
      key = parity_name (c, "c%d", i);
      settings.groups = (int) parity_setting (c, key, "groups", 0, 1);
      for (int axis = 0; axis < 2; axis++)
        {
          settings.stride[axis] = (int) parity_setting (c, key, "stride", axis, 1);
          settings.padding[axis] = (int) parity_setting (c, key, "pad", axis, 0);
          settings.dilation[axis] = (int) parity_setting (c, key, "dilation", axis, 1);
          settings.output_padding[axis] = (int) parity_setting (c, key, "output_padding", axis, 0);
        }
      parity_param (c, "x", parity_name (c, "c%d.x", i), PARITY_CHANNELS_LAST);
      parity_param (c, "weight", parity_name (c, "c%d.weight", i), PARITY_KERNEL);
      parity_param (c, "bias", parity_name (c, "c%d.bias", i), PARITY_AS_IS);
      parity_begin (c);
      x = arietta_graph_param (c->graph, "x");
      weight = arietta_graph_param (c->graph, "weight");
      bias = arietta_graph_param (c->graph, "bias");
      y = transposed ? arietta_graph_conv_transposed (c->graph, x, weight, bias, &settings)
                     : arietta_graph_conv (c->graph, x, weight, bias, &settings);
      parity_node (c, y, parity_name (c, "c%d.y", i), PARITY_CHANNELS_LAST);
      loss = parity_dot (c, y, parity_name (c, "c%d.gy", i), PARITY_CHANNELS_LAST);
      parity_run (c, parity_node (c, loss, parity_name (c, "c%d.loss", i), PARITY_AS_IS));
      parity_gradient (c, "x", parity_name (c, "c%d.grad.x", i), PARITY_CHANNELS_LAST);
      parity_gradient (c, "weight", parity_name (c, "c%d.grad.weight", i), PARITY_KERNEL);
      parity_gradient (c, "bias", parity_name (c, "c%d.grad.bias", i), PARITY_AS_IS);
    }
}

void
parity_conv2d (Parity *c)
{
  conv_cases (c, FALSE);
}

void
parity_conv_transpose2d (Parity *c)
{
  conv_cases (c, TRUE);
}

void
parity_pool2d (Parity *c)
{
  for (int i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? "max" : "avg";
      const int   height = (int) parity_setting (c, name, "kernel", 0, 2);
      const int   width = (int) parity_setting (c, name, "kernel", 1, 2);
      AriettaNode x, y;

      parity_again (c);
      parity_param (c, "x", "x", PARITY_CHANNELS_LAST);
      parity_begin (c);
      x = arietta_graph_param (c->graph, "x");
      y = i == 0 ? arietta_graph_pool_largest (c->graph, x, height, width, 0)
                 : arietta_graph_pool_mean (c->graph, x, height, width, 0);
      parity_node (c, y, parity_name (c, "%s.y", name), PARITY_CHANNELS_LAST);
      parity_run (c, parity_dot (c, y, parity_name (c, "%s.gy", name), PARITY_CHANNELS_LAST));
      parity_gradient (c, "x", parity_name (c, "%s.grad.x", name), PARITY_CHANNELS_LAST);
    }
}

static void
batch_norm (Parity     *c,
            int         i,
            const char *mode,
            gboolean    fixed)
{
  AriettaNode y, loss;

  parity_again (c);
  parity_param (c, "x", parity_name (c, "c%d.x", i), PARITY_CHANNELS_LAST);
  parity_param (c, "weight", parity_name (c, "c%d.weight", i), PARITY_AS_IS);
  parity_param (c, "bias", parity_name (c, "c%d.bias", i), PARITY_AS_IS);
  parity_param (c, "mean", parity_name (c, "c%d.running_mean", i), PARITY_AS_IS);
  parity_param (c, "variance", parity_name (c, "c%d.running_var", i), PARITY_AS_IS);
  arietta_params_set_state (c->params, "mean");
  arietta_params_set_state (c->params, "variance");
  parity_begin (c);
  y = arietta_graph_batch_norm (c->graph, arietta_graph_param (c->graph, "x"), &(AriettaBatchNormNodes) {
                                  .weight = arietta_graph_param (c->graph, "weight"),
                                  .bias = arietta_graph_param (c->graph, "bias"),
                                  .mean = arietta_graph_param (c->graph, "mean"),
                                  .variance = arietta_graph_param (c->graph, "variance"),
                                  .momentum = g_ascii_strtod (parity_metadata (c, "momentum"), NULL),
                                  .epsilon = g_ascii_strtod (parity_metadata (c, "eps"), NULL),
                                  .fixed = fixed,
                                });
  parity_node (c, y, parity_name (c, "c%d.%s.y", i, mode), PARITY_CHANNELS_LAST);
  loss = parity_dot (c, y, parity_name (c, "c%d.gy", i), PARITY_CHANNELS_LAST);
  parity_run (c, parity_node (c, loss, parity_name (c, "c%d.%s.loss", i, mode), PARITY_AS_IS));
  parity_gradient (c, "x", parity_name (c, "c%d.%s.grad.x", i, mode), PARITY_CHANNELS_LAST);
  parity_gradient (c, "weight", parity_name (c, "c%d.%s.grad.weight", i, mode), PARITY_AS_IS);
  parity_gradient (c, "bias", parity_name (c, "c%d.%s.grad.bias", i, mode), PARITY_AS_IS);
  if (!fixed)
    {
      parity_weights (c, "mean", parity_name (c, "c%d.train.running_mean", i), PARITY_AS_IS);
      parity_weights (c, "variance", parity_name (c, "c%d.train.running_var", i), PARITY_AS_IS);
    }
}

void
parity_batchnorm (Parity *c)
{
  const int n_cases = atoi (parity_metadata (c, "cases"));

  for (int i = 0; i < n_cases; i++)
    {
      batch_norm (c, i, "train", FALSE);
      batch_norm (c, i, "eval", TRUE);
    }
}
