/* Attention; formulas and gradients stand in math/arietta-attention.h. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-attention.h"
#include "nn/arietta-graph-attention.h"

#include <math.h>

enum
{
  IN_QKV,
  IN_BIAS,
  IN_REL,
  IN_LENGTHS,
  N_IN,
};

enum
{
  HEADS,
  CAUSAL,
  WINDOW,
  WEIGHTS, /* whether they are an output */
};

/* R of a table (H,rows,...): how many distances it tells apart. */
static int
distances (const AriettaOp     *op,
           const AriettaTensor *table)
{
  return op->settings[CAUSAL] ? table->shape[1] : (table->shape[1] + 1) / 2;
}

/* Sizes only: what the shape rule knows. */
static AriettaAttention
describe_sizes (const AriettaOp *op)
{
  static const AriettaReal some = 0;
  const AriettaTensor     *qkv = op->inputs[IN_QKV], *bias = op->inputs[IN_BIAS];
  const AriettaTensor     *rel = op->inputs[IN_REL], *table = bias != NULL ? bias : rel;
  const int                E = qkv->shape[2] / 3;

  return (AriettaAttention) {
    .B = qkv->shape[0], .H = op->settings[HEADS], .D = E / op->settings[HEADS],
    .n_queries = qkv->shape[1], .n_keys = qkv->shape[1],
    .causal = op->settings[CAUSAL], .window = op->settings[WINDOW],
    .scale = (AriettaReal) (1.0 / sqrt ((double) E / op->settings[HEADS])),
    .q_stride = 3 * (gsize) E, .kv_stride = 3 * (gsize) E,
    .R = table != NULL ? distances (op, table) : 0,
    .bias = bias != NULL ? &some : NULL,
    .rel = rel != NULL ? &some : NULL,
  };
}

static AriettaAttention
describe (const AriettaOp *op)
{
  AriettaAttention     attention = describe_sizes (op);
  const AriettaTensor *lengths = op->inputs[IN_LENGTHS];
  const int            E = attention.H * attention.D;

  attention.q = op->inputs[IN_QKV]->value;
  attention.k = attention.q + E;
  attention.v = attention.q + 2 * E;
  attention.bias = arietta_values (op->inputs[IN_BIAS]);
  attention.rel = arietta_values (op->inputs[IN_REL]);
  attention.lengths = lengths != NULL ? lengths->value : NULL;
  attention.y = op->outputs[0]->value;
  attention.lse = op->training ? op->saved : NULL;
  attention.weights = op->n_outputs > 1 ? op->outputs[1]->value : NULL;
  attention.scratch = op->work;

  return attention;
}

static gboolean
attention_shape (AriettaGraph *graph,
                 AriettaOp    *op,
                 GString      *why)
{
  const AriettaTensor *qkv = op->inputs[IN_QKV], *bias = op->inputs[IN_BIAS], *rel = op->inputs[IN_REL];
  const AriettaTensor *lengths = op->inputs[IN_LENGTHS];
  const int            H = op->settings[HEADS];
  AriettaAttention     attention;
  int                  E;

  if (qkv == NULL || qkv->is_int || qkv->n_dims != 3 || qkv->shape[2] % 3 != 0
      || H < 1 || qkv->shape[2] / 3 % H != 0)
    {
      g_autofree char *text = arietta_tensor_describe (qkv);

      g_string_printf (why, "%s is not (B,S,3E) with E columns for %d heads", text, H);
      return FALSE;
    }

  E = qkv->shape[2] / 3;
  if ((bias != NULL && (bias->is_int || bias->n_dims != 2 || bias->shape[0] != H))
      || (rel != NULL && (rel->is_int || rel->n_dims != 3 || rel->shape[0] != H || rel->shape[2] != E / H))
      || (bias != NULL && rel != NULL && bias->shape[1] != rel->shape[1])
      || (!op->settings[CAUSAL] && ((bias != NULL && bias->shape[1] % 2 == 0)
                                    || (rel != NULL && rel->shape[1] % 2 == 0))))
    {
      g_autofree char *bias_text = arietta_tensor_describe (bias);
      g_autofree char *rel_text = arietta_tensor_describe (rel);

      g_string_printf (why, "bias %s and embeddings %s of distances do not fit (H,R) and (H,R,D) with H = %d, "
                       "D = %d, and R odd unless causal", bias_text, rel_text, H, E / H);
      return FALSE;
    }
  if ((lengths != NULL && (!lengths->is_int || lengths->n_dims != 1 || lengths->shape[0] != qkv->shape[0]))
      || op->settings[WINDOW] < 0 || (op->settings[WINDOW] > 0 && !op->settings[CAUSAL]))
    {
      g_autofree char *text = arietta_tensor_describe (lengths);

      g_string_printf (why, "lengths %s are not (%d) of integers, or a window is not at least 0, or not causal",
                       text, qkv->shape[0]);
      return FALSE;
    }

  arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (qkv->shape[0], qkv->shape[1], E));
  if (op->settings[WEIGHTS])
    arietta_op_output (graph, op, FALSE, ARIETTA_SHAPE (qkv->shape[0], H, qkv->shape[1], qkv->shape[1]));

  attention = describe_sizes (op);
  op->n_saved = op->training ? (gsize) qkv->shape[0] * H * qkv->shape[1] : 0;
  op->n_work = arietta_attention_scratch (&attention);
  op->n_scratch = arietta_attention_scratch_back (&attention);
  /* Where only the tables learn, the gradient of qkv is made all the same. */
  if (!qkv->wants_gradient)
    op->n_scratch += qkv->n;

  return TRUE;
}

static void
attention_forward (AriettaOp *op)
{
  AriettaAttention attention = describe (op);

  arietta_attention_forward (&attention);
}

static void
attention_backward (AriettaOp *op)
{
  AriettaAttention          attention = describe (op);
  const int                 E = attention.H * attention.D;
  const gsize               n_scratch = arietta_attention_scratch_back (&attention);
  AriettaReal              *dqkv = op->inputs[IN_QKV]->gradient != NULL ? op->inputs[IN_QKV]->gradient
                                                                        : op->scratch + n_scratch;
  AriettaAttentionGradients gradients = {
    .dy = op->outputs[0]->gradient,
    .dq = dqkv, .dk = dqkv + E, .dv = dqkv + 2 * E,
    .dbias = arietta_gradient (op->inputs[IN_BIAS]),
    .drel = arietta_gradient (op->inputs[IN_REL]),
    .scratch = op->scratch,
  };

  arietta_attention_backward (&attention, &gradients);
}

static const AriettaOperation attention_operation = {
  "attention",
  ARIETTA_KEEP_INPUT (IN_QKV) | ARIETTA_KEEP_INPUT (IN_BIAS) | ARIETTA_KEEP_INPUT (IN_REL)
  | ARIETTA_KEEP_INPUT (IN_LENGTHS) | ARIETTA_KEEP_OUTPUTS,
  attention_shape, attention_forward, attention_backward,
};

AriettaNode
arietta_graph_attention (AriettaGraph                *self,
                         const AriettaAttentionNodes *nodes)
{
  const AriettaNode inputs[N_IN] = { nodes->qkv, nodes->bias, nodes->rel, nodes->lengths };
  AriettaOp         settings = {
    .settings = { nodes->heads, nodes->causal, nodes->window, nodes->weights != NULL },
  };
  AriettaOp        *op = arietta_graph_add_op (self, &attention_operation, &settings, inputs, N_IN);

  if (nodes->weights != NULL)
    *nodes->weights = op != NULL ? op->output_nodes[1] : -1;
  if (op != NULL && nodes->weights != NULL)
    op->outputs[1]->wants_gradient = FALSE;

  return op != NULL ? op->output_nodes[0] : -1;
}
