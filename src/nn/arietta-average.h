/* arietta-average.h - a moving average of the weights, better than the weights themselves
 *
 * Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).  After each step
 *
 *   a += (1 - d) (w - a),   d = min (decay, (1 + n) / (10 + n))   with n steps before it
 *
 * so that the first weights are soon forgotten.  Training goes on with w; a is what is measured and kept:
 *
 *   arietta_average_swap (average);   // the weights are the average's
 *   ... measure, save ...
 *   arietta_average_swap (average);   // and the run's own again, bit for bit
 *
 * Threads: as the parameters; the bits do not depend on the pool.
 */
#pragma once

#include "nn/arietta-params.h"

G_BEGIN_DECLS

typedef struct _AriettaAverage AriettaAverage;

/* Begins with the weights as they are.  @params is borrowed and allocated already; @decay below 1: 0.999 averages
 * over about the last thousand steps. */
AriettaAverage *arietta_average_new        (AriettaParams  *params,
                                            double          decay) G_GNUC_WARN_UNUSED_RESULT;
void            arietta_average_free       (AriettaAverage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaAverage, arietta_average_free)

/* After a step. */
void            arietta_average_update     (AriettaAverage *self);
/* Exchanges weights and average. */
void            arietta_average_swap       (AriettaAverage *self);

/* The average, in the layout of the parameters' block; with the steps taken in, what a checkpoint keeps. */
AriettaReal    *arietta_average_get_values (AriettaAverage *self);
gint64          arietta_average_get_step   (AriettaAverage *self);
void            arietta_average_set_step   (AriettaAverage *self,
                                            gint64          step);

G_END_DECLS
