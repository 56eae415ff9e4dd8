/* Losses of numbers with targets.  loss = sum over rows of w sum cost (x, target) / divisor;
 *   dx = w dcost / dx / divisor, and by the target likewise.  The costs are in math/arietta-vector.h. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-private.h"

#include "math/arietta-distance.h"

static gboolean
distance_shape (AriettaGraph *graph,
                AriettaOp    *op,
                GString      *why)
{
  const AriettaTensor *x = op->inputs[0], *target = op->inputs[1], *weights = op->inputs[2];

  if (x == NULL || target == NULL || x->is_int || target->is_int || x->n_dims < 1
      || !arietta_tensor_same_shape (x, target)
      || (weights != NULL && (weights->is_int || !arietta_tensor_is_for_rows (weights, x))))
    return arietta_op_refuse (op, why, "x (...,D), target (...,D) and weights (...)");
  if (op->settings[0] == ARIETTA_HINGE && target->wants_gradient)
    return arietta_op_refuse (op, why, "x (...,D) and sides (...,D) that are not learned");

  arietta_op_output (graph, op, FALSE, 0, NULL);

  return TRUE;
}

static void
distance_forward (AriettaOp *op)
{
  double weight;
  double sum = arietta_distance_forward ((AriettaDistance) op->settings[0], &weight, arietta_values (op->inputs[0]),
                                         arietta_values (op->inputs[1]), arietta_values (op->inputs[2]),
                                         (AriettaReal) op->number, arietta_tensor_rows (op->inputs[0]),
                                         arietta_tensor_columns (op->inputs[0]));

  op->total = op->divisor > 0 ? op->divisor : weight > 0 ? weight : 1;
  *(AriettaReal *) op->outputs[0]->value = (AriettaReal) (sum / op->total);
}

static void
distance_backward (AriettaOp *op)
{
  arietta_distance_backward ((AriettaDistance) op->settings[0], op->inputs[0]->gradient, op->inputs[1]->gradient,
                             arietta_values (op->inputs[0]), arietta_values (op->inputs[1]),
                             arietta_values (op->inputs[2]), (AriettaReal) op->number,
                             (AriettaReal) (op->outputs[0]->gradient[0] / op->total),
                             arietta_tensor_rows (op->inputs[0]), arietta_tensor_columns (op->inputs[0]));
}

#define KEEP (ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1) | ARIETTA_KEEP_INPUT (2))

static const AriettaOperation distances[] = {
  [ARIETTA_SQUARED]  = { "squared-error", KEEP, distance_shape, distance_forward, distance_backward },
  [ARIETTA_ABSOLUTE] = { "absolute-error", KEEP, distance_shape, distance_forward, distance_backward },
  [ARIETTA_HUBER]    = { "huber-error", KEEP, distance_shape, distance_forward, distance_backward },
  [ARIETTA_BINARY]   = { "binary-cross-entropy", KEEP, distance_shape, distance_forward, distance_backward },
  [ARIETTA_HINGE]    = { "hinge-loss", KEEP, distance_shape, distance_forward, distance_backward },
};

static AriettaNode
add_distance (AriettaGraph    *self,
              AriettaDistance  kind,
              AriettaNode      x,
              AriettaNode      target,
              AriettaNode      weights,
              double           beta,
              double           divisor)
{
  AriettaOp *op = arietta_graph_add_op (self, &distances[kind],
                                        &(AriettaOp) { .settings = { kind }, .number = beta, .divisor = divisor },
                                        (const AriettaNode[]) { x, target, weights }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}

AriettaNode
arietta_graph_squared_error (AriettaGraph *self,
                             AriettaNode   x,
                             AriettaNode   target,
                             AriettaNode   weights,
                             double        divisor)
{
  return add_distance (self, ARIETTA_SQUARED, x, target, weights, 1, divisor);
}

AriettaNode
arietta_graph_absolute_error (AriettaGraph *self,
                              AriettaNode   x,
                              AriettaNode   target,
                              AriettaNode   weights,
                              double        divisor)
{
  return add_distance (self, ARIETTA_ABSOLUTE, x, target, weights, 1, divisor);
}

AriettaNode
arietta_graph_huber_error (AriettaGraph *self,
                           AriettaNode   x,
                           AriettaNode   target,
                           AriettaNode   weights,
                           double        beta,
                           double        divisor)
{
  g_return_val_if_fail (beta > 0, -1);

  return add_distance (self, ARIETTA_HUBER, x, target, weights, beta, divisor);
}

AriettaNode
arietta_graph_binary_cross_entropy (AriettaGraph *self,
                                    AriettaNode   x,
                                    AriettaNode   target,
                                    AriettaNode   weights,
                                    double        divisor)
{
  return add_distance (self, ARIETTA_BINARY, x, target, weights, 1, divisor);
}

AriettaNode
arietta_graph_hinge_loss (AriettaGraph *self,
                          AriettaNode   x,
                          AriettaNode   sides,
                          AriettaNode   weights,
                          double        divisor)
{
  return add_distance (self, ARIETTA_HINGE, x, sides, weights, 1, divisor);
}
