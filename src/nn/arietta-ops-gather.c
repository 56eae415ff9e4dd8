/* Sums of table rows, columns counted from a place, and columns pointed at. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-gather.h"

#include "math/arietta-gather.h"
#include "nn/arietta-graph-private.h"

#include <string.h>

/* Bag.  y (N,D) = sum over k of table (V,D)[ids (N,K)];  dtable[v] = sum of dy over the places of v. */

static gboolean
bag_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];
  int                  shape[ARIETTA_MAX_DIMS];

  if (ids == NULL || table == NULL || !ids->is_int || ids->n_dims < 1 || table->is_int
      || table->n_dims != 2)
    return arietta_op_refuse (op, why, "ids (...,K) of integers and table (V,D)");

  memcpy (shape, ids->shape, sizeof shape);
  shape[ids->n_dims - 1] = table->shape[1];
  arietta_op_output (graph, op, FALSE, ids->n_dims, shape);

  return TRUE;
}

static void
bag_forward (AriettaOp *op)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];

  arietta_bag_forward (arietta_values (op->outputs[0]), ids->value, arietta_values (table),
                       arietta_tensor_rows (ids), arietta_tensor_columns (ids), table->shape[0],
                       table->shape[1]);
}

static void
bag_backward (AriettaOp *op)
{
  const AriettaTensor *ids = op->inputs[0], *table = op->inputs[1];

  if (table->gradient != NULL)
    arietta_bag_backward (table->gradient, arietta_gradient (op->outputs[0]), ids->value,
                          arietta_tensor_rows (ids), arietta_tensor_columns (ids), table->shape[0],
                          table->shape[1]);
}

static const AriettaOperation bag = {
  "bag", ARIETTA_KEEP_INPUT (0), bag_shape, bag_forward, bag_backward,
};

AriettaNode
arietta_graph_bag (AriettaGraph *self,
                   AriettaNode   ids,
                   AriettaNode   table)
{
  AriettaOp *op = arietta_graph_add_op (self, &bag, NULL, (const AriettaNode[]) { ids, table }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Align.  y[n,j] = x[n, j - place + V], j >= 1;  dx gets dy there. */

static gboolean
align_shape (AriettaGraph *graph,
             AriettaOp    *op,
             GString      *why)
{
  const AriettaTensor *x = op->inputs[0], *places = op->inputs[1];
  int                  shape[ARIETTA_MAX_DIMS];

  if (x == NULL || places == NULL || x->is_int || !places->is_int || x->n_dims < 1
      || places->n_dims != x->n_dims - 1 || arietta_tensor_columns (x) % 2 != 0
      || memcmp (places->shape, x->shape, sizeof (int) * places->n_dims) != 0)
    return arietta_op_refuse (op, why, "x (...,2V) and places (...) of integers");

  memcpy (shape, x->shape, sizeof shape);
  shape[x->n_dims - 1] /= 2;
  arietta_op_output (graph, op, FALSE, x->n_dims, shape);

  return TRUE;
}

static void
align_forward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0];

  arietta_align_forward (arietta_values (y), arietta_values (op->inputs[0]), op->inputs[1]->value,
                         arietta_tensor_rows (y), arietta_tensor_columns (y));
}

static void
align_backward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0];

  arietta_align_backward (arietta_gradient (op->inputs[0]), arietta_gradient (y),
                          op->inputs[1]->value, arietta_tensor_rows (y), arietta_tensor_columns (y));
}

static const AriettaOperation align = {
  "align", ARIETTA_KEEP_INPUT (1), align_shape, align_forward, align_backward,
};

AriettaNode
arietta_graph_align (AriettaGraph *self,
                     AriettaNode   x,
                     AriettaNode   places)
{
  AriettaOp *op = arietta_graph_add_op (self, &align, NULL, (const AriettaNode[]) { x, places }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Point.  y[n,v] = x[n,v] + sum of weights[n,k] where ids[n,k] = v;  dx = dy, dweights[n,k] = dy at ids[n,k]. */

static gboolean
point_shape (AriettaGraph *graph,
             AriettaOp    *op,
             GString      *why)
{
  const AriettaTensor *x = op->inputs[0], *ids = op->inputs[1], *weights = op->inputs[2];

  if (x == NULL || ids == NULL || weights == NULL || x->is_int || !ids->is_int || weights->is_int
      || x->n_dims < 1 || ids->n_dims != x->n_dims || weights->n_dims != x->n_dims
      || memcmp (ids->shape, weights->shape, sizeof (int) * ids->n_dims) != 0
      || memcmp (ids->shape, x->shape, sizeof (int) * (ids->n_dims - 1)) != 0)
    return arietta_op_refuse (op, why, "x (...,V), ids (...,K) of integers and weights (...,K)");

  arietta_op_output (graph, op, FALSE, x->n_dims, x->shape);

  return TRUE;
}

static void
point_forward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0], *ids = op->inputs[1];

  arietta_point_forward (arietta_values (y), arietta_values (op->inputs[0]), ids->value,
                         arietta_values (op->inputs[2]), arietta_tensor_rows (y),
                         arietta_tensor_columns (ids), arietta_tensor_columns (y));
}

static void
point_backward (AriettaOp *op)
{
  const AriettaTensor *y = op->outputs[0], *ids = op->inputs[1];

  arietta_point_backward (arietta_gradient (op->inputs[0]), arietta_gradient (op->inputs[2]),
                          arietta_gradient (y), ids->value, arietta_tensor_rows (y),
                          arietta_tensor_columns (ids), arietta_tensor_columns (y));
}

static const AriettaOperation point = {
  "point", ARIETTA_KEEP_INPUT (1), point_shape, point_forward, point_backward,
};

AriettaNode
arietta_graph_point (AriettaGraph *self,
                     AriettaNode   x,
                     AriettaNode   ids,
                     AriettaNode   weights)
{
  AriettaOp *op = arietta_graph_add_op (self, &point, NULL, (const AriettaNode[]) { x, ids, weights }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}
