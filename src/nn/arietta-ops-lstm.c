/* Long short-term memory; the formulas stand in math/arietta-lstm.h.  Backward through time, with ds the
 * gradients of the gates' sums:
 *
 *   dh += dy[t];   dc += dh o (1 - tanh(c)^2)
 *   ds = ( dc g i(1-i),  dc c[t-1] f(1-f),  dc i (1-g^2),  dh tanh(c) o(1-o) )
 *   to t-1:  dc = dc f,  dh = ds W_hh
 *   dW_hh = sum over t of ds[t]^T h[t-1];  every term of s gets ds, summed over where it was repeated. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-lstm.h"
#include "math/arietta-packed.h"

enum
{
  IN_INPUTS,
  IN_CONSTANT,
  IN_BIAS,
  IN_IDS,          /* two */
  IN_TABLES = IN_IDS + 2,
  IN_WEIGHT = IN_TABLES + 2,
  IN_H0,
  IN_C0,
  IN_LENGTHS,
  N_IN,
};

enum
{
  OUT_Y,
  OUT_H,
  OUT_C,
};

G_STATIC_ASSERT (N_IN <= ARIETTA_OP_MAX_INPUTS);

/* Where the packed weights begin in backward's scratch, at a whole vector. */
static gsize
packed_at (int B,
           int H)
{
  return ((gsize) 2 * B * H + 15) / 16 * 16;
}

static gboolean
lstm_shape (AriettaGraph *graph,
            AriettaOp    *op,
            GString      *why)
{
  static const char *const names[N_IN] = {
    "inputs", "constant", "bias", "ids[0]", "ids[1]", "tables[0]", "tables[1]", "weight", "h0", "c0", "lengths",
  };
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *sequence = in[IN_INPUTS] != NULL ? in[IN_INPUTS] : in[IN_IDS];
  const AriettaTensor  *weight = in[IN_WEIGHT];
  int                   T, B, H;

  if (sequence == NULL || sequence->n_dims < 2)
    return arietta_op_refuse (op, why, "inputs (T,B,4H) or ids[0] (T,B)");
  if (weight == NULL || weight->n_dims != 2 || weight->shape[0] != 4 * weight->shape[1])
    {
      g_autofree char *text = arietta_tensor_describe (weight);

      g_string_printf (why, "weight %s is not (4H,H)", text);
      return FALSE;
    }

  T = sequence->shape[0];
  B = sequence->shape[1];
  H = weight->shape[1];

  {
    const gboolean ints[N_IN] = { [IN_IDS] = TRUE, [IN_IDS + 1] = TRUE, [IN_LENGTHS] = TRUE };
    const int      dims[N_IN] = { 3, 2, 1, 2, 2, 2, 2, 2, 2, 2, 1 };
    const int      shapes[N_IN][3] = {
      { T, B, 4 * H }, { B, 4 * H }, { 4 * H }, { T, B }, { T, B }, { 0, 4 * H }, { 0, 4 * H },
      { 4 * H, H }, { B, H }, { B, H }, { B },
    };

    for (int i = 0; i < N_IN; i++)
      if (!arietta_tensor_fits (in[i], ints[i], dims[i], shapes[i]))
        {
          g_autofree char *text = arietta_tensor_describe (in[i]);

          g_string_printf (why, "%s %s does not fit T = %d steps, B = %d sequences, H = %d units",
                           names[i], text, T, B, H);
          return FALSE;
        }
  }

  for (int k = 0; k < 2; k++)
    if ((in[IN_IDS + k] == NULL) != (in[IN_TABLES + k] == NULL))
      {
        g_string_printf (why, "ids[%d] and tables[%d] go together", k, k);
        return FALSE;
      }
  if (op->reverse && in[IN_LENGTHS] != NULL && (in[IN_H0] != NULL || in[IN_C0] != NULL))
    {
      g_string_assign (why, "reversed with lengths, it starts from zeros only");
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (T, B, H));
  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (B, H));
  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (B, H));

  op->n_saved = (gsize) (op->training ? T : 1) * B * 5 * H;
  op->n_work = arietta_packed_size (4 * H, H);
  op->n_scratch = packed_at (B, H) + arietta_packed_size (H, 4 * H);

  return TRUE;
}

static AriettaLstm
describe (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *y = op->outputs[OUT_Y];
  const int             T = y->shape[0], B = y->shape[1], H = y->shape[2];

  AriettaLstm lstm = {
    .T = T, .B = B, .H = H,
    .reverse = op->reverse,
    .xg_tb = arietta_values (in[IN_INPUTS]),
    .zg_b = arietta_values (in[IN_CONSTANT]),
    .bias = arietta_values (in[IN_BIAS]),
    .W_hh = arietta_values (in[IN_WEIGHT]),
    .h0_b = arietta_values (in[IN_H0]),
    .c0_b = arietta_values (in[IN_C0]),
    .lengths = in[IN_LENGTHS] != NULL ? in[IN_LENGTHS]->value : NULL,
    .y_tb = y->value,
    .hn_b = op->outputs[OUT_H]->value,
    .cn_b = op->outputs[OUT_C]->value,
    .keep = op->training,
    .gates_tb = op->saved,
    .c_tb = op->saved + (gsize) (op->training ? T : 1) * B * 4 * H,
  };

  for (int k = 0; k < 2; k++)
    if (in[IN_IDS + k] != NULL)
      {
        lstm.ids_tb[k] = in[IN_IDS + k]->value;
        lstm.table[k] = in[IN_TABLES + k]->value;
      }

  return lstm;
}

static void
lstm_forward (AriettaOp *op)
{
  AriettaLstm lstm = describe (op);

  if (arietta_packed_is_fast ())
    {
      arietta_pack (op->work, lstm.W_hh, 4 * lstm.H, lstm.H);
      lstm.packed = op->work;
    }
  arietta_lstm_forward (&lstm);
}

static void
lstm_backward (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  AriettaLstm           lstm = describe (op);
  AriettaLstmGradients  gradients = {
    .dy_tb = op->outputs[OUT_Y]->gradient,
    .dhn_b = op->outputs[OUT_H]->gradient,
    .dcn_b = op->outputs[OUT_C]->gradient,
    .dxg_tb = arietta_gradient (in[IN_INPUTS]),
    .dzg_b = arietta_gradient (in[IN_CONSTANT]),
    .dbias = arietta_gradient (in[IN_BIAS]),
    .dtable = { arietta_gradient (in[IN_TABLES]), arietta_gradient (in[IN_TABLES + 1]) },
    .dW_hh = arietta_gradient (in[IN_WEIGHT]),
    .dh0_b = arietta_gradient (in[IN_H0]),
    .dc0_b = arietta_gradient (in[IN_C0]),
    .scratch = op->scratch,
  };

  if (arietta_packed_is_fast ())
    {
      AriettaReal *packed = op->scratch + packed_at (lstm.B, lstm.H);

      arietta_pack_transposed (packed, lstm.W_hh, lstm.H, 4 * lstm.H);
      gradients.packed = packed;
    }
  arietta_lstm_backward (&lstm, &gradients);
}

static const AriettaOperation lstm_operation = {
  "lstm",
  ARIETTA_KEEP_OUTPUTS | ARIETTA_KEEP_INPUT (IN_IDS) | ARIETTA_KEEP_INPUT (IN_IDS + 1)
  | ARIETTA_KEEP_INPUT (IN_WEIGHT) | ARIETTA_KEEP_INPUT (IN_H0) | ARIETTA_KEEP_INPUT (IN_C0)
  | ARIETTA_KEEP_INPUT (IN_LENGTHS),
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
