/* Gated recurrent units; formulas and gradients stand in math/arietta-gru.h. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-gru.h"
#include "math/arietta-packed.h"
#include "nn/arietta-graph-gru.h"

enum
{
  IN_INPUTS,
  IN_CONSTANT,
  IN_BIAS,
  IN_BIAS_HIDDEN,
  IN_IDS,          /* two */
  IN_TABLES = IN_IDS + 2,
  IN_WEIGHT = IN_TABLES + 2,
  IN_H0,
  IN_LENGTHS,
  N_IN,
};

enum
{
  OUT_Y,
  OUT_H,
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
gru_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  static const char *const names[N_IN] = {
    "inputs", "constant", "bias", "bias_hidden", "ids[0]", "ids[1]", "tables[0]", "tables[1]", "weight", "h0", "lengths",
  };
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *sequence = in[IN_INPUTS] != NULL ? in[IN_INPUTS] : in[IN_IDS];
  const AriettaTensor  *weight = in[IN_WEIGHT];
  int                   T, B, H;

  if (sequence == NULL || sequence->n_dims < 2)
    {
      g_string_assign (why, "it needs inputs (T,B,3H) or ids[0] (T,B)");
      return FALSE;
    }
  if (weight == NULL || weight->n_dims != 2 || weight->shape[0] != 3 * weight->shape[1])
    {
      g_autofree char *text = arietta_tensor_describe (weight);

      g_string_printf (why, "weight %s is not (3H,H)", text);
      return FALSE;
    }

  T = sequence->shape[0];
  B = sequence->shape[1];
  H = weight->shape[1];

  {
    const gboolean ints[N_IN] = { [IN_IDS] = TRUE, [IN_IDS + 1] = TRUE, [IN_LENGTHS] = TRUE };
    const int      dims[N_IN] = { 3, 2, 1, 1, 2, 2, 2, 2, 2, 2, 1 };
    const int      shapes[N_IN][3] = {
      { T, B, 3 * H }, { B, 3 * H }, { 3 * H }, { 3 * H }, { T, B }, { T, B }, { 0, 3 * H }, { 0, 3 * H },
      { 3 * H, H }, { B, H }, { B },
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
  if (op->reverse && in[IN_LENGTHS] != NULL && in[IN_H0] != NULL)
    {
      g_string_assign (why, "reversed with lengths, it starts from zeros only");
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (T, B, H));
  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (B, H));

  op->n_saved = (gsize) (op->training ? T : 1) * B * 6 * H;
  op->n_work = arietta_packed_size (3 * H, H);
  op->n_scratch = packed_at (B, H) + arietta_packed_size (H, 3 * H);

  return TRUE;
}

static AriettaGru
describe (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *y = op->outputs[OUT_Y];
  const int             T = y->shape[0], B = y->shape[1], H = y->shape[2];

  AriettaGru gru = {
    .T = T, .B = B, .H = H,
    .reverse = op->reverse,
    .xg_tb = arietta_values (in[IN_INPUTS]),
    .zg_b = arietta_values (in[IN_CONSTANT]),
    .bias = arietta_values (in[IN_BIAS]),
    .bias_hidden = arietta_values (in[IN_BIAS_HIDDEN]),
    .W_hh = arietta_values (in[IN_WEIGHT]),
    .h0_b = arietta_values (in[IN_H0]),
    .lengths = in[IN_LENGTHS] != NULL ? in[IN_LENGTHS]->value : NULL,
    .y_tb = y->value,
    .hn_b = op->outputs[OUT_H]->value,
    .keep = op->training,
    .gates_tb = op->saved,
    .hidden_tb = op->saved + (gsize) (op->training ? T : 1) * B * 3 * H,
  };

  for (int k = 0; k < 2; k++)
    if (in[IN_IDS + k] != NULL)
      {
        gru.ids_tb[k] = in[IN_IDS + k]->value;
        gru.table[k] = in[IN_TABLES + k]->value;
      }

  return gru;
}

static void
gru_forward (AriettaOp *op)
{
  AriettaGru gru = describe (op);

  if (arietta_packed_is_fast ())
    {
      arietta_pack (op->work, gru.W_hh, 3 * gru.H, gru.H);
      gru.packed = op->work;
    }
  arietta_gru_forward (&gru);
}

static void
gru_backward (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  AriettaGru            gru = describe (op);
  AriettaGruGradients   gradients = {
    .dy_tb = op->outputs[OUT_Y]->gradient,
    .dhn_b = op->outputs[OUT_H]->gradient,
    .dxg_tb = arietta_gradient (in[IN_INPUTS]),
    .dzg_b = arietta_gradient (in[IN_CONSTANT]),
    .dbias = arietta_gradient (in[IN_BIAS]),
    .dbias_hidden = arietta_gradient (in[IN_BIAS_HIDDEN]),
    .dtable = { arietta_gradient (in[IN_TABLES]), arietta_gradient (in[IN_TABLES + 1]) },
    .dW_hh = arietta_gradient (in[IN_WEIGHT]),
    .dh0_b = arietta_gradient (in[IN_H0]),
    .scratch = op->scratch,
  };

  if (arietta_packed_is_fast ())
    {
      AriettaReal *packed = op->scratch + packed_at (gru.B, gru.H);

      arietta_pack_transposed (packed, gru.W_hh, gru.H, 3 * gru.H);
      gradients.packed = packed;
    }
  arietta_gru_backward (&gru, &gradients);
}

static const AriettaOperation gru_operation = {
  "gru",
  ARIETTA_KEEP_OUTPUTS | ARIETTA_KEEP_INPUT (IN_IDS) | ARIETTA_KEEP_INPUT (IN_IDS + 1)
  | ARIETTA_KEEP_INPUT (IN_WEIGHT) | ARIETTA_KEEP_INPUT (IN_H0) | ARIETTA_KEEP_INPUT (IN_LENGTHS),
  gru_shape, gru_forward, gru_backward,
};

AriettaGruOutputs
arietta_graph_gru (AriettaGraph          *self,
                   const AriettaGruNodes *nodes)
{
  const AriettaNode inputs[N_IN] = {
    nodes->inputs, nodes->constant, nodes->bias, nodes->bias_hidden, nodes->ids[0], nodes->ids[1],
    nodes->tables[0], nodes->tables[1], nodes->weight, nodes->h0, nodes->lengths,
  };
  AriettaOp  settings = { .reverse = nodes->reverse };
  AriettaOp *op = arietta_graph_add_op (self, &gru_operation, &settings, inputs, N_IN);

  if (op == NULL)
    return (AriettaGruOutputs) { -1, -1 };

  return (AriettaGruOutputs) { op->output_nodes[OUT_Y], op->output_nodes[OUT_H] };
}
