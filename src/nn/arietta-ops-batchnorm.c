/* Batch norm.  y = (x - mean) / sqrt (variance + epsilon) w + b, with n = (y - b) / w and N rows:
 *   db = sum dy,  dw = sum dy n,  dx = w / sqrt (variance + epsilon) (dy - mean dy - n mean (dy n)),
 * the last two terms only where mean and variance are the batch's own. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-private.h"

#include "math/arietta-batchnorm.h"

/* The numbers of AriettaBatchNormNodes that are not nodes. */
static double
momentum_of (const AriettaOp *op)
{
  return op->number;
}

static double
epsilon_of (const AriettaOp *op)
{
  return op->divisor;
}

static gboolean
measures (const AriettaOp *op)
{
  return op->training && !op->reverse;
}

static gboolean
batch_norm_shape (AriettaGraph *graph,
                  AriettaOp    *op,
                  GString      *why)
{
  const AriettaTensor *x = op->inputs[0];

  if (x == NULL || x->is_int || x->n_dims < 2)
    {
      g_autofree char *text = arietta_tensor_describe (x);

      g_string_printf (why, "x %s must be (...,C)", text);
      return FALSE;
    }
  for (int i = 1; i < 5; i++)
    {
      static const char *const names[] = { "x", "weight", "bias", "mean", "variance" };
      const AriettaTensor     *tensor = op->inputs[i];

      if (tensor == NULL || tensor->is_int || tensor->n_dims != 1 || tensor->shape[0] != arietta_tensor_columns (x)
          || (i > 2 && (tensor->param == NULL || !tensor->param->state)))
        {
          g_autofree char *text = arietta_tensor_describe (x), *its = arietta_tensor_describe (tensor);

          g_string_printf (why, "x %s and %s %s do not fit (...,C) and (C), a state of the parameters if running",
                           text, names[i], its);
          return FALSE;
        }
    }

  arietta_op_output (graph, op, FALSE, x->n_dims, x->shape);
  op->n_saved = 2 * (gsize) arietta_tensor_columns (x);
  op->n_work = op->n_scratch = arietta_batchnorm_room (arietta_tensor_rows (x), arietta_tensor_columns (x));

  return TRUE;
}

static void
batch_norm_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0];
  const int            N = arietta_tensor_rows (x), C = arietta_tensor_columns (x);
  AriettaReal         *mean = op->saved, *deviation = op->saved + C;
  AriettaReal         *running_mean = arietta_values (op->inputs[3]), *running_variance = arietta_values (op->inputs[4]);

  if (measures (op))
    arietta_batchnorm_measure (mean, deviation, op->replay ? NULL : running_mean, op->replay ? NULL : running_variance,
                               arietta_values (x), momentum_of (op), epsilon_of (op), op->work, N, C);
  else
    arietta_batchnorm_recall (mean, deviation, running_mean, running_variance, epsilon_of (op), C);

  arietta_batchnorm_forward (arietta_values (op->outputs[0]), arietta_values (x), mean, deviation,
                             arietta_values (op->inputs[1]), arietta_values (op->inputs[2]), (AriettaReal) op->slope,
                             op->work, N, C);
}

static void
batch_norm_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *y = op->outputs[0];
  const int            N = arietta_tensor_rows (x), C = arietta_tensor_columns (x);
  /* Without a slope the sign of the outcome does not matter, and it may be gone. */
  const AriettaReal   *signs = op->slope != 1 ? arietta_values (y) : arietta_values (x);

  arietta_batchnorm_backward (x->gradient, arietta_gradient (op->inputs[1]), arietta_gradient (op->inputs[2]),
                              y->gradient, signs, arietta_values (x), op->saved, op->saved + C,
                              arietta_values (op->inputs[1]), (AriettaReal) op->slope, measures (op),
                              !(op->sets & ARIETTA_KEEP_INPUT (0)), op->scratch, N, C);
}

static const AriettaOperation batch_norm = {
  "batch-norm", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  batch_norm_shape, batch_norm_forward, batch_norm_backward,
  .rectifies = TRUE, .sets = ARIETTA_KEEP_INPUT (0),
};

AriettaNode
arietta_graph_batch_norm (AriettaGraph                *self,
                          AriettaNode                  x,
                          const AriettaBatchNormNodes *nodes)
{
  AriettaOp *op = arietta_graph_add_op (self, &batch_norm,
                                        &(AriettaOp) {
                                          .number = nodes->momentum != 0 ? nodes->momentum : 0.1,
                                          .divisor = nodes->epsilon != 0 ? nodes->epsilon : 1e-5,
                                          .reverse = nodes->fixed,
                                        },
                                        (const AriettaNode[]) { x, nodes->weight, nodes->bias, nodes->mean,
                                                                nodes->variance }, 5);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_batch_norm_named (AriettaGraph *self,
                                AriettaNode   x,
                                const char   *name,
                                gboolean      fixed)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL), *bias = g_strconcat (name, ".bias", NULL);
  g_autofree char *mean = g_strconcat (name, ".mean", NULL), *variance = g_strconcat (name, ".variance", NULL);

  return arietta_graph_batch_norm (self, x, &(AriettaBatchNormNodes) {
                                     .weight = arietta_graph_param (self, weight),
                                     .bias = arietta_graph_param (self, bias),
                                     .mean = arietta_graph_param (self, mean),
                                     .variance = arietta_graph_param (self, variance),
                                     .fixed = fixed,
                                   });
}

void
arietta_params_add_batch_norm (AriettaParams *params,
                               const char    *name,
                               int            n_channels)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL), *bias = g_strconcat (name, ".bias", NULL);
  g_autofree char *mean = g_strconcat (name, ".mean", NULL), *variance = g_strconcat (name, ".variance", NULL);

  arietta_params_add (params, weight, ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (n_channels));
  arietta_params_add (params, bias, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (n_channels));
  arietta_params_add (params, mean, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (n_channels));
  arietta_params_add (params, variance, ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (n_channels));
  arietta_params_set_state (params, mean);
  arietta_params_set_state (params, variance);
}
