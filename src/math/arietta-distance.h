/* arietta-distance.h - how far numbers are from their targets
 *
 * Sums over rows, each with a weight w (N) >= 0 (NULL: 1 each); a row of weight 0 costs nothing and teaches
 * nothing, whatever it holds.  Sums run over pieces of fixed size in double, in order.
 */
#pragma once

#include "math/arietta-vector.h"

/* Returns the sum over n of w_n times the sum over d of cost (x, target); x, target (N,D).  weight, if not NULL,
 * gets the sum of the rows' weights.  beta is for HUBER alone. */
double arietta_distance_forward  (AriettaDistance    kind,
                                  double            *weight,
                                  const AriettaReal *x, const AriettaReal *target,
                                  const AriettaReal *w,
                                  AriettaReal        beta,
                                  int                N, int D);
/* dx (N,D) += factor w dcost / dx, and dtarget the same by the target; each may be NULL, and dtarget must be for
 * HINGE. */
void   arietta_distance_backward (AriettaDistance    kind,
                                  AriettaReal       *dx, AriettaReal *dtarget,
                                  const AriettaReal *x, const AriettaReal *target,
                                  const AriettaReal *w,
                                  AriettaReal        beta, AriettaReal factor,
                                  int                N, int D);
