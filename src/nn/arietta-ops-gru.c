/* Gated recurrent units; formulas and gradients stand in math/arietta-gru.h. */
#define G_LOG_DOMAIN "arietta-nn"

#include "math/arietta-gru.h"
#include "nn/arietta-graph-gru.h"
#include "nn/arietta-ops-recurrent.h"

static gboolean
gru_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  static const AriettaRecurrentKind kind = { 3, "bias_hidden", FALSE, 6 };

  return arietta_recurrent_shape (graph, op, &kind, why);
}

static AriettaGru
describe (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *y = op->outputs[OUT_Y];
  const gsize           rows = (gsize) (op->training ? y->shape[0] : 1) * y->shape[1];

  return (AriettaGru) {
    .in = arietta_recurrent_steps (op),
    .H = y->shape[2],
    .bias_hidden = arietta_values (in[IN_OTHER]),
    .W_hh = arietta_values (in[IN_WEIGHT]),
    .h0_b = arietta_values (in[IN_H0]),
    .y_tb = y->value,
    .hn_b = op->outputs[OUT_H]->value,
    .keep = op->training,
    .gates_tb = op->saved,
    .hidden_tb = op->saved + rows * 3 * y->shape[2],
  };
}

static void
gru_forward (AriettaOp *op)
{
  AriettaGru gru = describe (op);

  gru.packed = arietta_recurrent_pack (op);
  arietta_gru_forward (&gru);
}

static void
gru_backward (AriettaOp *op)
{
  AriettaTensor *const     *in = op->inputs;
  const AriettaGru          gru = describe (op);
  const AriettaGruGradients gradients = {
    .dy_tb = op->outputs[OUT_Y]->gradient,
    .dhn_b = op->outputs[OUT_H]->gradient,
    .in = arietta_recurrent_gradients (op),
    .dbias_hidden = arietta_gradient (in[IN_OTHER]),
    .dW_hh = arietta_gradient (in[IN_WEIGHT]),
    .dh0_b = arietta_gradient (in[IN_H0]),
    .scratch = op->scratch,
    .packed = arietta_recurrent_pack_back (op),
  };

  arietta_gru_backward (&gru, &gradients);
}

static const AriettaOperation gru_operation = {
  "gru", ARIETTA_RECURRENT_KEEPS, gru_shape, gru_forward, gru_backward,
};

AriettaGruOutputs
arietta_graph_gru (AriettaGraph          *self,
                   const AriettaGruNodes *nodes)
{
  const AriettaNode inputs[N_IN] = {
    nodes->inputs, nodes->constant, nodes->bias, nodes->ids[0], nodes->ids[1],
    nodes->tables[0], nodes->tables[1], nodes->weight, nodes->h0, nodes->bias_hidden, nodes->lengths,
  };
  AriettaOp  settings = { .reverse = nodes->reverse };
  AriettaOp *op = arietta_graph_add_op (self, &gru_operation, &settings, inputs, N_IN);

  if (op == NULL)
    return (AriettaGruOutputs) { -1, -1 };

  return (AriettaGruOutputs) { op->output_nodes[OUT_Y], op->output_nodes[OUT_H] };
}
