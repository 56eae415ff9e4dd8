/* Long short-term memory; the formulas stand in math/arietta-lstm.h.  Backward through time, with ds the
 * gradients of the gates' sums:
 *
 *   dh += dy[t];   dc += dh o (1 - tanh(c)^2)
 *   ds = ( dc g i(1-i),  dc c[t-1] f(1-f),  dc i (1-g^2),  dh tanh(c) o(1-o) )
 *   to t-1:  dc = dc f,  dh = ds W_hh
 *   dW_hh = sum over t of ds[t]^T h[t-1];  every term of s gets ds, summed over where it was repeated. */
#define G_LOG_DOMAIN "arietta-nn"

#include "math/arietta-lstm.h"
#include "nn/arietta-ops-recurrent.h"

static gboolean
lstm_shape (AriettaGraph *graph,
            AriettaOp    *op,
            GString      *why)
{
  static const AriettaRecurrentKind kind = { 4, "c0", TRUE, 5 };

  return arietta_recurrent_shape (graph, op, &kind, why);
}

static AriettaLstm
describe (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *y = op->outputs[OUT_Y];
  const gsize           rows = (gsize) (op->training ? y->shape[0] : 1) * y->shape[1];

  return (AriettaLstm) {
    .in = arietta_recurrent_steps (op),
    .H = y->shape[2],
    .W_hh = arietta_values (in[IN_WEIGHT]),
    .h0_b = arietta_values (in[IN_H0]),
    .c0_b = arietta_values (in[IN_OTHER]),
    .y_tb = y->value,
    .hn_b = op->outputs[OUT_H]->value,
    .cn_b = op->outputs[OUT_C]->value,
    .keep = op->training,
    .gates_tb = op->saved,
    .c_tb = op->saved + rows * 4 * y->shape[2],
  };
}

static void
lstm_forward (AriettaOp *op)
{
  AriettaLstm lstm = describe (op);

  lstm.packed = arietta_recurrent_pack (op);
  arietta_lstm_forward (&lstm);
}

static void
lstm_backward (AriettaOp *op)
{
  AriettaTensor *const      *in = op->inputs;
  const AriettaLstm          lstm = describe (op);
  const AriettaLstmGradients gradients = {
    .dy_tb = op->outputs[OUT_Y]->gradient,
    .dhn_b = op->outputs[OUT_H]->gradient,
    .dcn_b = op->outputs[OUT_C]->gradient,
    .in = arietta_recurrent_gradients (op),
    .dW_hh = arietta_gradient (in[IN_WEIGHT]),
    .dh0_b = arietta_gradient (in[IN_H0]),
    .dc0_b = arietta_gradient (in[IN_OTHER]),
    .scratch = op->scratch,
    .packed = arietta_recurrent_pack_back (op),
  };

  arietta_lstm_backward (&lstm, &gradients);
}

static const AriettaOperation lstm_operation = {
  "lstm",
  ARIETTA_RECURRENT_KEEPS | ARIETTA_KEEP_INPUT (IN_OTHER),
  lstm_shape, lstm_forward, lstm_backward,
};

AriettaLstmOutputs
arietta_graph_lstm (AriettaGraph           *self,
                    const AriettaLstmNodes *nodes)
{
  const AriettaNode inputs[N_IN] = {
    nodes->inputs, nodes->constant, nodes->bias, nodes->ids[0], nodes->ids[1],
    nodes->tables[0], nodes->tables[1], nodes->weight, nodes->h0, nodes->c0, nodes->lengths,
  };
  AriettaOp  settings = { .reverse = nodes->reverse };
  AriettaOp *op = arietta_graph_add_op (self, &lstm_operation, &settings, inputs, N_IN);

  if (op == NULL)
    return (AriettaLstmOutputs) { -1, -1, -1 };

  return (AriettaLstmOutputs) { op->output_nodes[OUT_Y], op->output_nodes[OUT_H],
                                op->output_nodes[OUT_C] };
}
