/* Spectral normalisation.  y = W / sigma, sigma = v^T W u;  dW = dy / sigma - (sum of dy W) / sigma^2 v u^T. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-private.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-spectral.h"

#include <string.h>

static gboolean
spectral_shape (AriettaGraph *graph,
                AriettaOp    *op,
                GString      *why)
{
  const AriettaTensor *W = op->inputs[0], *u = op->inputs[1];

  if (W == NULL || u == NULL || W->is_int || W->n_dims < 2 || u->n_dims != 1
      || u->shape[0] != arietta_tensor_columns (W) || u->param == NULL || !u->param->state)
    return arietta_op_refuse (op, why, "a weight (...,D) and (D), a state of the parameters");

  arietta_op_output (graph, op, FALSE, W->n_dims, W->shape);
  op->n_saved = (gsize) arietta_tensor_rows (W) + (gsize) arietta_tensor_columns (W);

  return TRUE;
}

static void
spectral_forward (AriettaOp *op)
{
  const AriettaTensor *W = op->inputs[0];
  const int            R = arietta_tensor_rows (W), D = arietta_tensor_columns (W);
  AriettaReal         *v = op->saved, *u = op->saved + R;

  if (!op->replay)
    {
      memcpy (u, op->inputs[1]->value, (gsize) D * sizeof *u);
      op->total = arietta_spectral_measure (v, u, arietta_values (W), !op->training, R, D);
      if (op->training)
        memcpy (op->inputs[1]->value, u, (gsize) D * sizeof *u);
    }

  memset (op->outputs[0]->value, 0, W->n * sizeof (AriettaReal));
  arietta_add_scaled (arietta_values (op->outputs[0]), arietta_values (W), (AriettaReal) (1 / op->total), W->n);
}

static void
spectral_backward (AriettaOp *op)
{
  const AriettaTensor *W = op->inputs[0];
  const int            R = arietta_tensor_rows (W), D = arietta_tensor_columns (W);

  arietta_spectral_backward (W->gradient, op->outputs[0]->gradient, arietta_values (W), op->saved, op->saved + R,
                             op->total, R, D);
}

static const AriettaOperation spectral_norm = {
  "spectral-norm", ARIETTA_KEEP_INPUT (0), spectral_shape, spectral_forward, spectral_backward,
};

AriettaNode
arietta_graph_spectral_norm (AriettaGraph *self,
                             AriettaNode   weight,
                             AriettaNode   u)
{
  AriettaOp *op = arietta_graph_add_op (self, &spectral_norm, NULL, (const AriettaNode[]) { weight, u }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_spectral_norm_named (AriettaGraph *self,
                                   const char   *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *u = g_strconcat (name, ".u", NULL);

  return arietta_graph_spectral_norm (self, arietta_graph_param (self, weight), arietta_graph_param (self, u));
}

void
arietta_params_add_spectral_norm (AriettaParams *params,
                                  const char    *name)
{
  g_autofree char    *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char    *u = g_strconcat (name, ".u", NULL);
  const AriettaParam *param = arietta_params_find (params, weight);

  g_return_if_fail (param != NULL && param->n_dims >= 2);

  arietta_params_add (params, u, ARIETTA_INIT_NORMAL, 1, ARIETTA_SHAPE (param->shape[param->n_dims - 1]));
  arietta_params_set_state (params, u);
}
