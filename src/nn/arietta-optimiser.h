/* arietta-optimiser.h - AdamW with clipping by global norm, and the learning rate over time
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization" (2019); Pascanu, Mikolov and Bengio, "On the
 * difficulty of training recurrent neural networks" (2013); cosine decay after Loshchilov and Hutter, "SGDR"
 * (2017).
 *
 * Threads: as the parameters.
 */
#pragma once

#include "nn/arietta-params.h"

G_BEGIN_DECLS

typedef struct
{
  double beta1, beta2, epsilon;
  double weight_decay; /* of tensors with AriettaParam.decay; 0: plain Adam */
  double clip_norm;    /* gradients longer than this are shortened to it; 0: never */
} AriettaAdamSettings;

#define ARIETTA_ADAM_DEFAULTS { 0.9, 0.999, 1e-8, 0.0, 0.0 }

typedef struct _AriettaOptimiser AriettaOptimiser;

/* @params is borrowed and allocated already. */
AriettaOptimiser *arietta_optimiser_new      (AriettaParams             *params,
                                              const AriettaAdamSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_optimiser_free     (AriettaOptimiser          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaOptimiser, arietta_optimiser_free)

/* One step on the gradients of the parameters, each times @gradient_scale first (1, or one over the
 * number of batches added up).  @norm, if not NULL, gets their length before clipping.
 * FALSE, with nothing changed, if that is not finite: ARIETTA_NN_ERROR_NOT_FINITE naming step and parameter. */
gboolean          arietta_optimiser_step     (AriettaOptimiser          *self,
                                              double                     learning_rate,
                                              double                     gradient_scale,
                                              double                    *norm,
                                              GError                   **error);

AriettaParams    *arietta_optimiser_get_params (AriettaOptimiser        *self);
/* Steps made so far; set when resuming. */
gint64            arietta_optimiser_get_step (AriettaOptimiser          *self);
void              arietta_optimiser_set_step (AriettaOptimiser          *self,
                                              gint64                     step);

/* Rises in a line from 0 to peak over the first warmup steps, then falls as half a cosine to floor times
 * peak at step total, and stays there.  total = 0: stays at peak. */
typedef struct
{
  double peak;
  gint64 warmup, total;
  double floor;
} AriettaSchedule;

/* The rate of step @step, counted from 1. */
double            arietta_schedule_rate      (const AriettaSchedule     *schedule,
                                              gint64                     step);

G_END_DECLS
