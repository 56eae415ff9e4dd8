/* arietta-optimise.h - steps of the optimiser over a block of weights */
#pragma once

#include "math/arietta-vector.h"

/* Root of the sum of squares of x (n), in double, by pieces of fixed size. */
double arietta_norm           (const AriettaReal     *x,
                               size_t                 n);

/* Adam (Kingma and Ba, 2015) over w, m, v and dw (n each), with s as in arietta_adam_step ():
 *
 *   m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2,   g = gradient_scale dw
 *   w -= rate / (1 - b1^t) m / (sqrt (v / (1 - b2^t)) + epsilon)
 *
 * AdamW (Loshchilov and Hutter, 2019) is this after w *= 1 - rate decay, see arietta_scale (). */
void   arietta_adam           (AriettaReal           *w, AriettaReal *m, AriettaReal *v,
                               const AriettaReal     *dw,
                               const AriettaAdamStep *s,
                               size_t                 n);

/* The constants of step t, counted from 1. */
AriettaAdamStep arietta_adam_step (double rate, double beta1, double beta2, double epsilon,
                                   double gradient_scale, int64_t t);

/* Descent with momentum (Polyak, 1964), over w, m and dw (n each), g = gradient_scale dw:
 *
 *   m = momentum m + g,   w -= rate m */
void   arietta_sgd            (AriettaReal           *w, AriettaReal *m,
                               const AriettaReal     *dw,
                               double                 rate, double momentum, double gradient_scale,
                               size_t                 n);

/* RMSprop (Tieleman and Hinton, 2012) with momentum, over w, m, v and dw (n each); m may be NULL with momentum 0:
 *
 *   v = alpha v + (1 - alpha) g^2,   m = momentum m + g / (sqrt (v) + epsilon),   w -= rate m */
void   arietta_rmsprop        (AriettaReal           *w, AriettaReal *m, AriettaReal *v,
                               const AriettaReal     *dw,
                               double                 rate, double alpha, double epsilon, double momentum,
                               double                 gradient_scale,
                               size_t                 n);

/* dw (n) = gradient_scale dw + l1 sign (w) + l2 w: the gradient of l1 |w| + l2 / 2 w^2 comes on top. */
void   arietta_penalise       (AriettaReal           *dw,
                               const AriettaReal     *w,
                               double                 gradient_scale, double l1, double l2,
                               size_t                 n);

/* a (n) += share (w - a) */
void   arietta_average        (AriettaReal           *a,
                               const AriettaReal     *w,
                               AriettaReal            share,
                               size_t                 n);

/* Exchanges a (n) and b (n). */
void   arietta_swap           (AriettaReal           *a,
                               AriettaReal           *b,
                               size_t                 n);

/* x (n) = 0, in the same pieces as all of the above: each thread then has in its caches what it works on. */
void   arietta_zero           (AriettaReal           *x,
                               size_t                 n);

/* x (n) *= factor */
void   arietta_scale          (AriettaReal           *x,
                               AriettaReal            factor,
                               size_t                 n);

/* Index of the first element of x (n) that is NaN or infinite, or n. */
size_t arietta_first_not_finite (const AriettaReal   *x,
                                 size_t               n);
