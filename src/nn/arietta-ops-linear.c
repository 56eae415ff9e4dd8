/* Linear maps and tables. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-linear.h"
#include "math/arietta-packed.h"
#include "nn/arietta-graph-attention.h"

#include <string.h>

/* Linear.  y (N,H) = x (N,D) W (H,D)^T + b (H), N all dimensions but the last.
 *   dx = dy W,  dW = dy^T x,  db = sum over n of dy. */

/* Whether the product is one for packed weights, on a processor that has the kernels. */
static gboolean
may_pack (const AriettaTensor *x,
          const AriettaTensor *W)
{
  return arietta_tensor_rows (x) >= ARIETTA_LINEAR_PACK_ROWS && W->shape[0] % 16 == 0;
}

/* The same of the way back to x. */
static gboolean
may_pack_back (const AriettaTensor *x,
               const AriettaTensor *W)
{
  return x->wants_gradient && arietta_tensor_rows (x) >= ARIETTA_LINEAR_PACK_ROWS && W->shape[1] % 16 == 0;
}

static gsize
packed_size_back (const AriettaTensor *x,
                  const AriettaTensor *W)
{
  return may_pack_back (x, W) ? arietta_packed_size (W->shape[1], W->shape[0]) : 0;
}

static gboolean
linear_shape (AriettaGraph *graph,
              AriettaOp    *op,
              GString      *why)
{
  const AriettaTensor *x = op->inputs[0], *W = op->inputs[1], *b = op->inputs[2];
  int                  shape[ARIETTA_MAX_DIMS];

  if (x == NULL || W == NULL || x->is_int || x->n_dims < 1 || W->n_dims != 2
      || arietta_tensor_columns (x) != W->shape[1]
      || (b != NULL && (b->n_dims != 1 || b->shape[0] != W->shape[0])))
    {
      g_autofree char *x_text = arietta_tensor_describe (x), *W_text = arietta_tensor_describe (W);
      g_autofree char *b_text = arietta_tensor_describe (b);

      g_string_printf (why, "x %s, weight %s and bias %s do not fit (...,D), (H,D) and (H)",
                       x_text, W_text, b_text);
      return FALSE;
    }

  memcpy (shape, x->shape, sizeof shape);
  shape[x->n_dims - 1] = W->shape[0];
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);
  if (may_pack (x, W))
    op->n_work = arietta_packed_size (W->shape[0], W->shape[1]);
  op->n_scratch = packed_size_back (x, W);

  return TRUE;
}

static void
linear_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *W = op->inputs[1];
  const int            N = arietta_tensor_rows (x), D = W->shape[1], H = W->shape[0];

  if (may_pack (x, W) && arietta_packed_is_fast ())
    {
      arietta_pack (op->work, arietta_values (W), H, D);
      arietta_linear_forward_packed (arietta_values (op->outputs[0]), arietta_values (x), op->work,
                                     arietta_values (op->inputs[2]), N, D, H);
    }
  else
    {
      arietta_linear_forward (arietta_values (op->outputs[0]), arietta_values (x), arietta_values (W),
                              arietta_values (op->inputs[2]), N, D, H);
    }
}

static void
linear_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *W = op->inputs[1];
  const int            N = arietta_tensor_rows (x), D = W->shape[1], H = W->shape[0];
  const AriettaReal   *dy = arietta_gradient (op->outputs[0]);
  AriettaReal         *dx = arietta_gradient (x);

  if (dx != NULL && may_pack_back (x, W) && arietta_packed_is_fast ())
    {
      arietta_pack_transposed (op->scratch, arietta_values (W), D, H);
      arietta_linear_backward_packed (dx, dy, op->scratch, N, D, H);
      dx = NULL;
    }
  arietta_linear_backward (dx, arietta_gradient (W), arietta_gradient (op->inputs[2]), dy, arietta_values (x),
                           arietta_values (W), N, D, H);
}

static const AriettaOperation linear = {
  "linear", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  linear_shape, linear_forward, linear_backward,
};

AriettaNode
arietta_graph_linear (AriettaGraph *self,
                      AriettaNode   x,
                      AriettaNode   weight,
                      AriettaNode   bias)
{
  AriettaOp *op = arietta_graph_add_op (self, &linear, NULL,
                                        (const AriettaNode[]) { x, weight, bias }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_linear_named (AriettaGraph *self,
                            AriettaNode   x,
                            const char   *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);
  gboolean         has_bias = arietta_params_find (self->params, bias) != NULL;

  return arietta_graph_linear (self, x, arietta_graph_param (self, weight),
                               has_bias ? arietta_graph_param (self, bias) : ARIETTA_NODE_NONE);
}

/* Linear after an activation.  y = f (x) W^T + b, some rows at a time, so that f (x) is never whole; backward
 * makes it anew:  dW = dy^T f(x),  dx = (dy W) f'(x). */

#define ACTIVATED_ROWS 512

static gboolean
activated_shape (AriettaGraph *graph,
                 AriettaOp    *op,
                 GString      *why)
{
  gsize n;

  if (!linear_shape (graph, op, why))
    return FALSE;

  n = (gsize) MIN (arietta_tensor_rows (op->inputs[0]), ACTIVATED_ROWS)
      * (gsize) arietta_tensor_columns (op->inputs[0]);
  /* Behind the packed weights, if any. */
  op->n_work += n;
  op->n_scratch = packed_size_back (op->inputs[0], op->inputs[1]) + 2 * n;

  return TRUE;
}

static void
activated_forward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *W = op->inputs[1];
  const int            N = arietta_tensor_rows (x), D = W->shape[1], H = W->shape[0];
  const gboolean       packs = may_pack (x, W) && arietta_packed_is_fast ();
  AriettaReal         *active = op->work + (may_pack (x, W) ? arietta_packed_size (H, D) : 0);

  if (packs)
    arietta_pack (op->work, arietta_values (W), H, D);

  for (int from = 0; from < N; from += ACTIVATED_ROWS)
    {
      const int    n = MIN (N - from, ACTIVATED_ROWS);
      AriettaReal *y = arietta_values (op->outputs[0]) + (gsize) from * (gsize) H;

      arietta_activation_forward (active, arietta_values (x) + (gsize) from * (gsize) D, op->activation,
                                  (gsize) n * (gsize) D);
      if (packs)
        arietta_linear_forward_packed (y, active, op->work, arietta_values (op->inputs[2]), n, D, H);
      else
        arietta_linear_forward (y, active, arietta_values (W), arietta_values (op->inputs[2]), n, D, H);
    }
}

static void
activated_backward (AriettaOp *op)
{
  const AriettaTensor *x = op->inputs[0], *W = op->inputs[1];
  const int            N = arietta_tensor_rows (x), D = W->shape[1], H = W->shape[0];
  const gboolean       packs = x->gradient != NULL && may_pack_back (x, W) && arietta_packed_is_fast ();
  const gsize          n_active = (gsize) MIN (N, ACTIVATED_ROWS) * (gsize) D;
  AriettaReal         *active = op->scratch + packed_size_back (x, W), *dactive = active + n_active;

  if (packs)
    arietta_pack_transposed (op->scratch, arietta_values (W), D, H);

  for (int from = 0; from < N; from += ACTIVATED_ROWS)
    {
      const int          n = MIN (N - from, ACTIVATED_ROWS);
      const AriettaReal *in = arietta_values (x) + (gsize) from * (gsize) D;
      const AriettaReal *dy = arietta_gradient (op->outputs[0]) + (gsize) from * (gsize) H;

      arietta_activation_forward (active, in, op->activation, (gsize) n * (gsize) D);
      if (x->gradient != NULL)
        memset (dactive, 0, (gsize) n * (gsize) D * sizeof *dactive);
      if (packs)
        arietta_linear_backward_packed (dactive, dy, op->scratch, n, D, H);
      arietta_linear_backward (x->gradient != NULL && !packs ? dactive : NULL, arietta_gradient (W),
                               arietta_gradient (op->inputs[2]), dy, active, arietta_values (W), n, D, H);
      if (x->gradient != NULL)
        arietta_activation_backward (x->gradient + (gsize) from * (gsize) D, dactive, in, active,
                                     op->activation, (gsize) n * (gsize) D);
    }
}

static const AriettaOperation activated = {
  "activated-linear", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  activated_shape, activated_forward, activated_backward,
};

AriettaNode
arietta_graph_activated_linear (AriettaGraph      *self,
                                AriettaNode        x,
                                AriettaActivation  function,
                                AriettaNode        weight,
                                AriettaNode        bias)
{
  AriettaOp *op;

  g_return_val_if_fail (function < ARIETTA_N_ACTIVATIONS, -1);

  op = arietta_graph_add_op (self, &activated, &(AriettaOp) { .activation = function },
                             (const AriettaNode[]) { x, weight, bias }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Embedding.  y (...,D) = table (V,D)[ids (...)], zeros for an id below 0.
 *   dtable[v] = sum of dy over the places where v stands, in their order. */

static gboolean
embedding_shape (AriettaGraph *graph,
                 AriettaOp    *op,
                 GString      *why)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];
  int                  shape[ARIETTA_MAX_DIMS];

  if (ids == NULL || table == NULL || !ids->is_int || ids->n_dims >= ARIETTA_MAX_DIMS
      || table->is_int || table->n_dims != 2)
    {
      g_autofree char *ids_text = arietta_tensor_describe (ids);
      g_autofree char *table_text = arietta_tensor_describe (table);

      g_string_printf (why, "ids %s and table %s do not fit (...) of integers and (V,D)",
                       ids_text, table_text);
      return FALSE;
    }

  memcpy (shape, ids->shape, sizeof shape);
  shape[ids->n_dims] = table->shape[1];
  arietta_op_output (graph, op, FALSE, ids->n_dims + 1, shape);

  return TRUE;
}

static void
embedding_forward (AriettaOp *op)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];

  arietta_embedding_forward (arietta_values (op->outputs[0]), ids->value, arietta_values (table),
                             (int) ids->n, table->shape[0], table->shape[1]);
}

static void
embedding_backward (AriettaOp *op)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];

  if (table->gradient != NULL)
    arietta_embedding_backward (table->gradient, arietta_gradient (op->outputs[0]), ids->value,
                                (int) ids->n, table->shape[0], table->shape[1]);
}

static const AriettaOperation embedding = {
  "embedding", ARIETTA_KEEP_INPUT (0), embedding_shape, embedding_forward, embedding_backward,
};

AriettaNode
arietta_graph_embedding (AriettaGraph *self,
                         AriettaNode   ids,
                         AriettaNode   table)
{
  AriettaOp *op = arietta_graph_add_op (self, &embedding, NULL,
                                        (const AriettaNode[]) { ids, table }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}
