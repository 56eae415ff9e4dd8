/* arietta-graph-loss.h - losses over numbers, and what adversarial networks need
 *
 * Each loss is a scalar: the sum over rows of w sum over the last dimension of a cost, divided by
 * @divisor, or, if that is 0, by the sum of the rows' weights w.  x and target (...,D); weights
 * (...), or NONE: 1 each.  (So a mean over all numbers has their count as divisor.)  Squared error,
 * cross-entropy and divergence are in arietta-graph.h.
 *
 * A critic that gives a score for each image, real ones first, and a generator, by the hinge (Lim
 * and Ye, "Geometric GAN", 2017) or by least squares (Mao et al., "Least squares generative
 * adversarial networks", 2017):
 *
 *   critic:     arietta_graph_hinge_loss (g, scores, sides, NONE, n_of_each)        sides 1 for real, -1 for made
 *   generator:  arietta_graph_scale (g, arietta_graph_mean_all (g, scores), -1)
 *
 *   critic:     arietta_graph_squared_error (g, scores, targets, NONE, n_of_each)   targets 1 and 0
 *   generator:  the same with targets 1
 *
 * The generator's loss goes through a graph of the critic that is frozen, see arietta_graph_freeze
 * (), whose input requires a gradient; that gradient is then the incoming one of the generator's
 * own graph.
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* |x - target| */
AriettaNode arietta_graph_absolute_error       (AriettaGraph *self,
                                                AriettaNode   x,
                                                AriettaNode   target,
                                                AriettaNode   weights,
                                                double        divisor);
/* d^2 / 2 beta where |d| < beta, else |d| - beta / 2, of d = x - target */
AriettaNode arietta_graph_huber_error          (AriettaGraph *self,
                                                AriettaNode   x,
                                                AriettaNode   target,
                                                AriettaNode   weights,
                                                double        beta,
                                                double        divisor);
/* log (1 + e^x) - target x: the cross-entropy of chances sigmoid (x) with targets in 0 .. 1 */
AriettaNode arietta_graph_binary_cross_entropy (AriettaGraph *self,
                                                AriettaNode   x,
                                                AriettaNode   target,
                                                AriettaNode   weights,
                                                double        divisor);
/* max (0, 1 - side x), side being 1 or -1; the sides have no gradient. */
AriettaNode arietta_graph_hinge_loss           (AriettaGraph *self,
                                                AriettaNode   x,
                                                AriettaNode   sides,
                                                AriettaNode   weights,
                                                double        divisor);

/* Not a scalar but each row's own: y (...) = -log softmax (logits (...,V))[targets (...)], in nats,
 * from which losses that weigh whole sequences against one another are made.  A target below 0:
 * 0. */
AriettaNode arietta_graph_surprise             (AriettaGraph *self,
                                                AriettaNode   logits,
                                                AriettaNode   targets);

/* weight (...,D) divided by its largest singular value, all dimensions but the last being rows
 * (which is the matrix of a convolution's weights as well).  @u (D) is a state of the parameters
 * and comes nearer to the singular vector with each forward in TRAIN; backward takes both vectors
 * as given. */
AriettaNode arietta_graph_spectral_norm        (AriettaGraph *self,
                                                AriettaNode   weight,
                                                AriettaNode   u);
/* Of the parameter NAME.weight, with NAME.u. */
AriettaNode arietta_graph_spectral_norm_named  (AriettaGraph *self,
                                                const char   *name);
/* NAME.u for a NAME.weight that was added already. */
void        arietta_params_add_spectral_norm   (AriettaParams *params,
                                                const char    *name);

G_END_DECLS
