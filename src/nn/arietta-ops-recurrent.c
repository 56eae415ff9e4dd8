#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-ops-recurrent.h"

#include "math/arietta-packed.h"

/* Where the packed weights begin in backward's scratch, at a whole vector. */
static gsize
packed_at (int B,
           int H)
{
  return ((gsize) 2 * B * H + 15) / 16 * 16;
}

gboolean
arietta_recurrent_shape (AriettaGraph               *graph,
                         AriettaOp                  *op,
                         const AriettaRecurrentKind *kind,
                         GString                    *why)
{
  AriettaTensor *const *in = op->inputs;
  const AriettaTensor  *sequence = in[IN_INPUTS] != NULL ? in[IN_INPUTS] : in[IN_IDS];
  const AriettaTensor  *weight = in[IN_WEIGHT];
  const int             n = kind->n_gates;
  int                   T, B, H;

  if (sequence == NULL || sequence->n_dims < 2)
    {
      g_autofree char *rule = g_strdup_printf ("inputs (T,B,%dH) or ids[0] (T,B)", n);

      return arietta_op_refuse (op, why, rule);
    }
  if (weight == NULL || weight->n_dims != 2 || weight->shape[0] != n * weight->shape[1])
    {
      g_autofree char *text = arietta_tensor_describe (weight);

      g_string_printf (why, "weight %s is not (%dH,H)", text, n);
      return FALSE;
    }

  T = sequence->shape[0];
  B = sequence->shape[1];
  H = weight->shape[1];

  {
    const struct
    {
      const char *name;
      gboolean    is_int;
      int         n_dims, shape[3];
    } wanted[N_IN] = {
      [IN_INPUTS] = { "inputs", FALSE, 3, { T, B, n * H } },
      [IN_CONSTANT] = { "constant", FALSE, 2, { B, n * H } },
      [IN_BIAS] = { "bias", FALSE, 1, { n * H } },
      [IN_IDS] = { "ids[0]", TRUE, 2, { T, B } },
      [IN_IDS + 1] = { "ids[1]", TRUE, 2, { T, B } },
      [IN_TABLES] = { "tables[0]", FALSE, 2, { 0, n * H } },
      [IN_TABLES + 1] = { "tables[1]", FALSE, 2, { 0, n * H } },
      [IN_WEIGHT] = { "weight", FALSE, 2, { n * H, H } },
      [IN_H0] = { "h0", FALSE, 2, { B, H } },
      [IN_OTHER] = { kind->other, FALSE, kind->other_is_state ? 2 : 1, { kind->other_is_state ? B : n * H, H } },
      [IN_LENGTHS] = { "lengths", TRUE, 1, { B } },
    };

    for (int i = 0; i < N_IN; i++)
      if (!arietta_tensor_fits (in[i], wanted[i].is_int, wanted[i].n_dims, wanted[i].shape))
        {
          g_autofree char *text = arietta_tensor_describe (in[i]);

          g_string_printf (why, "%s %s does not fit T = %d steps, B = %d sequences, H = %d units",
                           wanted[i].name, text, T, B, H);
          return FALSE;
        }
  }

  for (int k = 0; k < 2; k++)
    if ((in[IN_IDS + k] == NULL) != (in[IN_TABLES + k] == NULL))
      {
        g_string_printf (why, "ids[%d] and tables[%d] go together", k, k);
        return FALSE;
      }
  if (op->reverse && in[IN_LENGTHS] != NULL
      && (in[IN_H0] != NULL || (kind->other_is_state && in[IN_OTHER] != NULL)))
    {
      g_string_assign (why, "reversed with lengths, it starts from zeros only");
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (T, B, H));
  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (B, H));
  if (kind->other_is_state)
    arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (B, H));

  op->n_saved = (gsize) (op->training ? T : 1) * B * kind->n_saved * H;
  op->n_work = arietta_packed_size (n * H, H);
  op->n_scratch = packed_at (B, H) + arietta_packed_size (H, n * H);

  return TRUE;
}

AriettaSteps
arietta_recurrent_steps (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;
  AriettaSteps          steps = {
    .T = op->outputs[OUT_Y]->shape[0], .B = op->outputs[OUT_Y]->shape[1],
    .reverse = op->reverse,
    .lengths = in[IN_LENGTHS] != NULL ? in[IN_LENGTHS]->value : NULL,
    .xg_tb = arietta_values (in[IN_INPUTS]),
    .zg_b = arietta_values (in[IN_CONSTANT]),
    .bias = arietta_values (in[IN_BIAS]),
  };

  for (int k = 0; k < 2; k++)
    if (in[IN_IDS + k] != NULL)
      {
        steps.ids_tb[k] = in[IN_IDS + k]->value;
        steps.table[k] = in[IN_TABLES + k]->value;
      }

  return steps;
}

AriettaStepsGradients
arietta_recurrent_gradients (AriettaOp *op)
{
  AriettaTensor *const *in = op->inputs;

  return (AriettaStepsGradients) {
    .dxg_tb = arietta_gradient (in[IN_INPUTS]),
    .dzg_b = arietta_gradient (in[IN_CONSTANT]),
    .dbias = arietta_gradient (in[IN_BIAS]),
    .dtable = { arietta_gradient (in[IN_TABLES]), arietta_gradient (in[IN_TABLES + 1]) },
  };
}

const AriettaReal *
arietta_recurrent_pack (AriettaOp *op)
{
  const AriettaTensor *weight = op->inputs[IN_WEIGHT];

  if (!arietta_packed_is_fast ())
    return NULL;
  arietta_pack (op->work, weight->value, weight->shape[0], weight->shape[1]);

  return op->work;
}

const AriettaReal *
arietta_recurrent_pack_back (AriettaOp *op)
{
  const AriettaTensor *weight = op->inputs[IN_WEIGHT], *y = op->outputs[OUT_Y];
  AriettaReal         *packed = op->scratch + packed_at (y->shape[1], y->shape[2]);

  if (!arietta_packed_is_fast ())
    return NULL;
  arietta_pack_transposed (packed, weight->value, weight->shape[1], weight->shape[0]);

  return packed;
}
