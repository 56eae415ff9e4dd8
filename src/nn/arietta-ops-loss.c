/* The latent and the losses. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-graph-private.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-latent.h"
#include "math/arietta-loss.h"
#include "nn/arietta-graph-loss.h"

#include <string.h>

static void
set_scalar (AriettaTensor *tensor,
            double         value)
{
  *(AriettaReal *) tensor->value = (AriettaReal) value;
}

/* Reparameterise.  z = mu + e^(logvar/2) eps;  dmu = dz, dlogvar = dz (z - mu) / 2. */

static gboolean
reparameterise_shape (AriettaGraph *graph,
                      AriettaOp    *op,
                      GString      *why)
{
  for (int i = 0; i < 3; i++)
    if (op->inputs[i] == NULL || op->inputs[i]->is_int || !arietta_tensor_same_shape (op->inputs[0], op->inputs[i]))
      return arietta_op_refuse (op, why, "mean, log variance and noise of one shape");

  arietta_op_output (graph, op, FALSE, op->inputs[0]->n_dims, op->inputs[0]->shape);

  return TRUE;
}

static void
reparameterise_forward (AriettaOp *op)
{
  arietta_reparameterise_forward (arietta_values (op->outputs[0]), arietta_values (op->inputs[0]),
                                  arietta_values (op->inputs[1]), arietta_values (op->inputs[2]),
                                  op->outputs[0]->n);
}

static void
reparameterise_backward (AriettaOp *op)
{
  arietta_reparameterise_backward (op->inputs[0]->gradient, op->inputs[1]->gradient,
                                   op->outputs[0]->gradient,
                                   arietta_values (op->inputs[0]), arietta_values (op->outputs[0]),
                                   op->outputs[0]->n);
}

static const AriettaOperation reparameterise = {
  "reparameterise", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_OUTPUTS,
  reparameterise_shape, reparameterise_forward, reparameterise_backward,
};

AriettaNode
arietta_graph_reparameterise (AriettaGraph *self,
                              AriettaNode   mu,
                              AriettaNode   logvar,
                              AriettaNode   noise)
{
  AriettaOp *op = arietta_graph_add_op (self, &reparameterise, NULL,
                                        (const AriettaNode[]) { mu, logvar, noise }, 3);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Cross-entropy.  loss = sum over rows of w (-(1-s) log p[target] - s mean log p) / divisor,
 * p = softmax (logits);  dlogits = w (p - (1-s) onehot - s/V) / divisor. */

static gboolean
cross_entropy_shape (AriettaGraph *graph,
                     AriettaOp    *op,
                     GString      *why)
{
  const AriettaTensor *logits = op->inputs[0], *targets = op->inputs[1], *weights = op->inputs[2];

  if (logits == NULL || targets == NULL || logits->is_int || logits->n_dims < 1 || !targets->is_int
      || !arietta_tensor_is_for_rows (targets, logits)
      || (weights != NULL && (weights->is_int || !arietta_tensor_is_for_rows (weights, logits))))
    return arietta_op_refuse (op, why, "logits (...,V), integer targets (...) and weights (...)");

  arietta_op_output (graph, op, FALSE, 0, NULL);
  arietta_op_output (graph, op, FALSE, 0, NULL);
  op->n_saved = 2 * (gsize) arietta_tensor_rows (logits);

  return TRUE;
}

static void
cross_entropy_forward (AriettaOp *op)
{
  const AriettaTensor *logits = op->inputs[0];
  const int            N = arietta_tensor_rows (logits);
  double               sum, weight, right;

  sum = arietta_cross_entropy_forward (op->saved, op->saved + N, &weight, &right,
                                       arietta_values (logits), op->inputs[1]->value,
                                       arietta_values (op->inputs[2]), (AriettaReal) op->number,
                                       N, arietta_tensor_columns (logits));

  /* With no row counted there is nothing to learn, and 0 says so. */
  op->total = op->divisor > 0 ? op->divisor : weight > 0 ? weight : 1;
  set_scalar (op->outputs[0], sum / op->total);
  set_scalar (op->outputs[1], weight > 0 ? right / weight : 0);
}

static void
cross_entropy_backward (AriettaOp *op)
{
  const AriettaTensor *logits = op->inputs[0];

  arietta_cross_entropy_backward (logits->gradient, arietta_values (logits), op->saved,
                                  op->inputs[1]->value, arietta_values (op->inputs[2]),
                                  (AriettaReal) op->number,
                                  (AriettaReal) (op->outputs[0]->gradient[0] / op->total),
                                  arietta_tensor_rows (logits), arietta_tensor_columns (logits));
}

static const AriettaOperation cross_entropy = {
  "cross-entropy", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1) | ARIETTA_KEEP_INPUT (2),
  cross_entropy_shape, cross_entropy_forward, cross_entropy_backward,
};

AriettaNode
arietta_graph_cross_entropy (AriettaGraph *self,
                             AriettaNode   logits,
                             AriettaNode   targets,
                             AriettaNode   weights,
                             double        smoothing,
                             double        divisor,
                             AriettaNode  *accuracy)
{
  AriettaOp *op = arietta_graph_add_op (self, &cross_entropy,
                                        &(AriettaOp) { .number = smoothing, .divisor = divisor },
                                        (const AriettaNode[]) { logits, targets, weights }, 3);

  if (op != NULL)
    op->outputs[1]->wants_gradient = FALSE;
  if (accuracy != NULL)
    *accuracy = op != NULL ? op->output_nodes[1] : -1;

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Surprise.  y_n = -log softmax (logits_n)[target];  dlogits = dy (p - onehot). */

static gboolean
surprise_shape (AriettaGraph *graph,
                AriettaOp    *op,
                GString      *why)
{
  const AriettaTensor *logits = op->inputs[0], *targets = op->inputs[1];

  if (logits == NULL || targets == NULL || logits->is_int || logits->n_dims < 1 || !targets->is_int
      || !arietta_tensor_is_for_rows (targets, logits))
    return arietta_op_refuse (op, why, "logits (...,V) and integer targets (...)");

  arietta_op_output (graph, op, FALSE, targets->n_dims, targets->shape);
  op->n_saved = (gsize) arietta_tensor_rows (logits);

  return TRUE;
}

static void
surprise_forward (AriettaOp *op)
{
  const AriettaTensor *logits = op->inputs[0];

  arietta_cross_entropy_forward (op->saved, arietta_values (op->outputs[0]), NULL, NULL, arietta_values (logits),
                                 op->inputs[1]->value, NULL, 0, arietta_tensor_rows (logits),
                                 arietta_tensor_columns (logits));
}

static void
surprise_backward (AriettaOp *op)
{
  const AriettaTensor *logits = op->inputs[0];

  arietta_cross_entropy_backward (logits->gradient, arietta_values (logits), op->saved, op->inputs[1]->value,
                                  op->outputs[0]->gradient, 0, 1, arietta_tensor_rows (logits),
                                  arietta_tensor_columns (logits));
}

static const AriettaOperation surprise = {
  "surprise", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  surprise_shape, surprise_forward, surprise_backward,
};

AriettaNode
arietta_graph_surprise (AriettaGraph *self,
                        AriettaNode   logits,
                        AriettaNode   targets)
{
  AriettaOp *op = arietta_graph_add_op (self, &surprise, NULL, (const AriettaNode[]) { logits, targets }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Gaussian divergence.  kl_b = 1/2 sum (mu^2 + e^logvar - 1 - logvar); loss = mean of max (kl_b -
 * free, 0), plain = mean of kl_b.  For examples above the free nats: dmu = mu / B, dlogvar =
 * (e^logvar - 1) / 2B. */

static gboolean
gaussian_kl_shape (AriettaGraph *graph,
                   AriettaOp    *op,
                   GString      *why)
{
  const AriettaTensor *mu = op->inputs[0], *logvar = op->inputs[1];

  if (mu == NULL || logvar == NULL || mu->is_int || logvar->is_int || mu->n_dims != 2
      || !arietta_tensor_same_shape (mu, logvar))
    return arietta_op_refuse (op, why, "mean and log variance (B,D)");

  arietta_op_output (graph, op, FALSE, 0, NULL);
  arietta_op_output (graph, op, FALSE, 0, NULL);
  op->n_saved = (gsize) mu->shape[0];

  return TRUE;
}

static void
gaussian_kl_forward (AriettaOp *op)
{
  const AriettaTensor *mu = op->inputs[0];
  double               cost, plain;

  cost = arietta_gaussian_kl_forward (op->saved, &plain, arietta_values (mu),
                                      arietta_values (op->inputs[1]), (AriettaReal) op->number,
                                      mu->shape[0], mu->shape[1]);
  set_scalar (op->outputs[0], cost / mu->shape[0]);
  set_scalar (op->outputs[1], plain / mu->shape[0]);
}

static void
gaussian_kl_backward (AriettaOp *op)
{
  const AriettaTensor *mu = op->inputs[0];
  const AriettaReal   *dcost = op->outputs[0]->gradient, *dplain = op->outputs[1]->gradient;
  const AriettaReal    B = (AriettaReal) mu->shape[0];

  arietta_gaussian_kl_backward (mu->gradient, op->inputs[1]->gradient, arietta_values (mu),
                                arietta_values (op->inputs[1]), op->saved,
                                (AriettaReal) op->number,
                                dcost != NULL ? dcost[0] / B : 0, dplain != NULL ? dplain[0] / B : 0,
                                mu->shape[0], mu->shape[1]);
}

static const AriettaOperation gaussian_kl = {
  "gaussian-kl", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1),
  gaussian_kl_shape, gaussian_kl_forward, gaussian_kl_backward,
};

AriettaNode
arietta_graph_gaussian_kl (AriettaGraph *self,
                           AriettaNode   mu,
                           AriettaNode   logvar,
                           double        free_nats,
                           AriettaNode  *plain)
{
  AriettaOp *op = arietta_graph_add_op (self, &gaussian_kl, &(AriettaOp) { .number = free_nats },
                                        (const AriettaNode[]) { mu, logvar }, 2);

  if (plain != NULL)
    *plain = op != NULL ? op->output_nodes[1] : -1;

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Weighted sum of scalars.  y = sum of w[i] x_i;  dx_i = w[i] dy.  The weights (last input) have no gradient. */

static gboolean
weighted_sum_shape (AriettaGraph *graph,
                    AriettaOp    *op,
                    GString      *why)
{
  const AriettaTensor *weights = op->inputs[op->n_inputs - 1];

  for (int i = 0; i < op->n_inputs - 1; i++)
    if (op->inputs[i] == NULL || op->inputs[i]->is_int || op->inputs[i]->n != 1)
      return arietta_op_refuse (op, why, "scalars and their weights");
  if (weights == NULL || weights->is_int || weights->n != (gsize) op->n_inputs - 1)
    return arietta_op_refuse (op, why, "scalars and their weights");

  arietta_op_output (graph, op, FALSE, 0, NULL);

  return TRUE;
}

static void
weighted_sum_forward (AriettaOp *op)
{
  const AriettaReal *weights = arietta_values (op->inputs[op->n_inputs - 1]);
  double             sum = 0;

  for (int i = 0; i < op->n_inputs - 1; i++)
    sum += (double) weights[i] * arietta_values (op->inputs[i])[0];
  set_scalar (op->outputs[0], sum);
}

static void
weighted_sum_backward (AriettaOp *op)
{
  const AriettaReal *weights = arietta_values (op->inputs[op->n_inputs - 1]);

  for (int i = 0; i < op->n_inputs - 1; i++)
    if (op->inputs[i]->gradient != NULL)
      op->inputs[i]->gradient[0] += weights[i] * op->outputs[0]->gradient[0];
}

static const AriettaOperation weighted_sum = {
  "weighted-sum", (1u << ARIETTA_OP_MAX_INPUTS) - 1,
  weighted_sum_shape, weighted_sum_forward, weighted_sum_backward,
};

AriettaNode
arietta_graph_weighted_sum (AriettaGraph      *self,
                            const AriettaNode *nodes,
                            int                n_nodes,
                            AriettaNode        weights)
{
  AriettaNode inputs[ARIETTA_OP_MAX_INPUTS];
  AriettaOp  *op;

  g_return_val_if_fail (n_nodes >= 1 && n_nodes < ARIETTA_OP_MAX_INPUTS, -1);

  memcpy (inputs, nodes, sizeof (AriettaNode) * n_nodes);
  inputs[n_nodes] = weights;
  op = arietta_graph_add_op (self, &weighted_sum, NULL, inputs, n_nodes + 1);

  return op != NULL ? op->output_nodes[0] : -1;
}

/* Dot.  y = sum of x w;  dx = w dy, dw = x dy. */

static gboolean
dot_shape (AriettaGraph *graph,
           AriettaOp    *op,
           GString      *why)
{
  if (op->inputs[0] == NULL || op->inputs[1] == NULL || op->inputs[0]->is_int || op->inputs[1]->is_int
      || !arietta_tensor_same_shape (op->inputs[0], op->inputs[1]))
    return arietta_op_refuse (op, why, "two tensors of one shape");

  arietta_op_output (graph, op, FALSE, 0, NULL);

  return TRUE;
}

static void
dot_forward (AriettaOp *op)
{
  const AriettaReal *x = arietta_values (op->inputs[0]), *w = arietta_values (op->inputs[1]);
  double             sum = 0;

  for (gsize i = 0; i < op->inputs[0]->n; i++)
    sum += (double) x[i] * w[i];
  set_scalar (op->outputs[0], sum);
}

static void
dot_backward (AriettaOp *op)
{
  for (int k = 0; k < 2; k++)
    if (op->inputs[k]->gradient != NULL)
      arietta_add_scaled (op->inputs[k]->gradient, arietta_values (op->inputs[1 - k]),
                          op->outputs[0]->gradient[0], op->inputs[k]->n);
}

static const AriettaOperation dot = {
  "dot", ARIETTA_KEEP_INPUT (0) | ARIETTA_KEEP_INPUT (1), dot_shape, dot_forward, dot_backward,
};

AriettaNode
arietta_graph_dot (AriettaGraph *self,
                   AriettaNode   x,
                   AriettaNode   weights)
{
  AriettaOp *op = arietta_graph_add_op (self, &dot, NULL, (const AriettaNode[]) { x, weights }, 2);

  return op != NULL ? op->output_nodes[0] : -1;
}
