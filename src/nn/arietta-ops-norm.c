/* Layer norm and RMS norm; formulas and gradients stand in math/arietta-norm.h. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-norm.h"
#include "nn/arietta-graph-attention.h"

static gboolean
norm_shape (AriettaGraph *graph,
            AriettaOp    *op,
            GString      *why)
{
  const AriettaTensor *x = op->inputs[0], *w = op->inputs[1], *b = op->inputs[2];
  const int            D = x != NULL ? arietta_tensor_columns (x) : 0;

  if (x == NULL || w == NULL || x->is_int || x->n_dims < 1 || w->n_dims != 1 || w->shape[0] != D
      || (b != NULL && (b->n_dims != 1 || b->shape[0] != D)))
    {
      g_autofree char *x_text = arietta_tensor_describe (x), *w_text = arietta_tensor_describe (w);
      g_autofree char *b_text = arietta_tensor_describe (b);

      g_string_printf (why, "x %s, weight %s and bias %s do not fit (...,D), (D) and (D)",
                       x_text, w_text, b_text);
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, x->n_dims, x->shape);
  op->n_saved = (gsize) arietta_tensor_rows (x) * 2;
  op->n_scratch = arietta_norm_scratch (arietta_tensor_rows (x), D);

  return TRUE;
}

static void
norm_run (AriettaOp *op,
          gboolean   centred)
{
  const AriettaTensor *x = op->inputs[0];

  arietta_norm_forward (arietta_values (op->outputs[0]), op->saved, arietta_values (x),
                        arietta_values (op->inputs[1]), arietta_values (op->inputs[2]),
                        (AriettaReal) op->number, centred,
                        arietta_tensor_rows (x), arietta_tensor_columns (x));
}

static void
norm_back (AriettaOp *op,
           gboolean   centred)
{
  const AriettaTensor *x = op->inputs[0];

  arietta_norm_backward (arietta_gradient (x), arietta_gradient (op->inputs[1]),
                         arietta_gradient (op->inputs[2]), op->scratch,
                         arietta_gradient (op->outputs[0]), arietta_values (x),
                         arietta_values (op->inputs[1]), op->saved, centred,
                         arietta_tensor_rows (x), arietta_tensor_columns (x));
}

static void
layer_norm_forward (AriettaOp *op)
{
  norm_run (op, TRUE);
}

static void
layer_norm_backward (AriettaOp *op)
{
  norm_back (op, TRUE);
}

static void
rms_norm_forward (AriettaOp *op)
{
  norm_run (op, FALSE);
}

static void
rms_norm_backward (AriettaOp *op)
{
  norm_back (op, FALSE);
}

static const AriettaOperation layer_norm = {
  "layer-norm", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  norm_shape, layer_norm_forward, layer_norm_backward,
};

static const AriettaOperation rms_norm = {
  "rms-norm", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  norm_shape, rms_norm_forward, rms_norm_backward,
};

AriettaNode
arietta_graph_layer_norm (AriettaGraph *self,
                          AriettaNode   x,
                          AriettaNode   weight,
                          AriettaNode   bias,
                          double        epsilon)
{
  AriettaOp *op = arietta_graph_add_op (self, &layer_norm, &(AriettaOp) { .number = epsilon },
                                        (const AriettaNode[]) { x, weight, bias }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_layer_norm_named (AriettaGraph *self,
                                AriettaNode   x,
                                const char   *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  return arietta_graph_layer_norm (self, x, arietta_graph_param (self, weight),
                                   arietta_graph_param (self, bias), 1e-5);
}

AriettaNode
arietta_graph_rms_norm (AriettaGraph *self,
                        AriettaNode   x,
                        AriettaNode   weight,
                        double        epsilon)
{
  AriettaOp *op = arietta_graph_add_op (self, &rms_norm, &(AriettaOp) { .number = epsilon },
                                        (const AriettaNode[]) { x, weight }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

void
arietta_params_add_norm (AriettaParams *params,
                         const char    *name,
                         int            n)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  arietta_params_add (params, weight, ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (n));
  arietta_params_add (params, bias, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (n));
}
