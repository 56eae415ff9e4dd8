/* arietta-loss.h - losses over rows
 *
 * A loss is a sum over rows divided by a divisor; the sum runs in double over rows in order.  Rows may
 * carry weights w (N) >= 0 (NULL: 1 each); a row of weight 0 costs nothing and teaches nothing.
 */
#pragma once

#include "math/arietta-real.h"

/* Softmax cross-entropy of logits (N,V) with targets (N); a target below 0 leaves its row out.
 *
 *   loss_n = -(1 - s) log p[target] - s mean over v of log p[v],   p = softmax (logits_n)
 *
 * with s the label smoothing.  Returns sum of w loss_n.  lse (N) keeps the log-sum-exp of each row for
 * backward; losses (N) is scratch; weight gets the sum of weights of the rows counted, right the
 * weight of those whose target had the largest logit.  weight and right may be NULL. */
double arietta_cross_entropy_forward  (AriettaReal       *lse, AriettaReal *losses,
                                       double            *weight, double *right,
                                       const AriettaReal *logits, const int32_t *targets,
                                       const AriettaReal *w, AriettaReal smoothing,
                                       int                N, int V);
/* dlogits (N,V) += factor w (p - (1 - s) onehot - s / V) */
void   arietta_cross_entropy_backward (AriettaReal       *dlogits,
                                       const AriettaReal *logits, const AriettaReal *lse,
                                       const int32_t     *targets, const AriettaReal *w,
                                       AriettaReal        smoothing, AriettaReal factor,
                                       int                N, int V);

/* y (N,V) = softmax of each row of x */
void   arietta_softmax_forward        (AriettaReal       *y,
                                       const AriettaReal *x,
                                       int                N, int V);
/* dx += y (dy - sum (dy y)) */
void   arietta_softmax_backward       (AriettaReal       *dx,
                                       const AriettaReal *dy, const AriettaReal *y,
                                       int                N, int V);
