/* arietta-trainer.h - the loop of training: batch, forward, backward, step, and a word with the caller
 *
 * The trainer knows nothing of data, epochs or jobs; it asks for each batch and reports each step.  What
 * must survive a stop is in the optimiser, the caller's random streams and the caller's place in its data:
 * see arietta-checkpoint.h, and save between steps, from the step callback.
 *
 * Threads: runs on the calling thread; callbacks are called there.
 */
#pragma once

#include "nn/arietta-graph.h"
#include "nn/arietta-optimiser.h"
#include "nn/arietta-learning-rate.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 step;          /* counted from 1 */
  double loss;          /* before the step, the mean if several batches were added up */
  double gradient_norm; /* before clipping */
  double learning_rate;
  double seconds;       /* that the step took, filling the batch included */
} AriettaTrainerNumbers;

/* Fills the inputs of a compiled TRAIN graph for step @step and returns that graph, which may be another
 * one each time (batches by length) and may have run arietta_graph_forward_to () already.  NULL with
 * @error set ends the run with that error, NULL without it ends the run well. */
typedef AriettaGraph *(*AriettaTrainerFillFunc) (gint64                        step,
                                                 gpointer                      data,
                                                 GError                      **error);
/* After each step.  Parts of the loss are scalars of @graph.  FALSE ends the run well. */
typedef gboolean      (*AriettaTrainerStepFunc) (const AriettaTrainerNumbers  *numbers,
                                                 AriettaGraph                 *graph,
                                                 gpointer                      data);

/* Steps on until the optimiser has made @last_step of them (G_MAXINT64: until a callback ends it), adding
 * up @n_batches batches for each.  @schedule is read anew at each step, so a callback may change it.
 *
 * FALSE if @fill failed or a loss or gradient is no longer finite: ARIETTA_NN_ERROR_NOT_FINITE naming step and
 * operation, with the weights as the last good step left them. */
gboolean arietta_trainer_run (AriettaOptimiser           *optimiser,
                              const AriettaRateSchedule  *schedule,
                              gint64                      last_step,
                              int                         n_batches,
                              AriettaTrainerFillFunc      fill,
                              AriettaTrainerStepFunc      step,
                              gpointer                    data,
                              GError                    **error);

G_END_DECLS
