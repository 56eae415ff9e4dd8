/* arietta-optimiser.h - AdamW, RMSprop or descent with momentum, with clipping by global norm
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization" (2019); Tieleman and Hinton, "Lecture 6.5:
 * RMSprop" (2012); Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013).
 * The formulas are in math/arietta-optimise.h.
 *
 * Threads: as the parameters.
 */
#pragma once

#include "nn/arietta-params.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_ADAM,    /* with weight_decay: AdamW; with l2: Adam as PyTorch decays it */
  ARIETTA_RMSPROP,
  ARIETTA_SGD,
} AriettaOptimiserKind;

/* What decays or is penalised are tensors with AriettaParam.decay. */
typedef struct
{
  double               beta1, beta2, epsilon; /* beta2 is RMSprop's alpha */
  double               weight_decay;          /* each step takes learning rate times this off a weight */
  double               clip_norm;             /* gradients longer than this are shortened to it; 0: never */
  AriettaOptimiserKind kind;
  double               momentum;              /* of RMSprop and SGD */
  double               l1, l2;                /* the loss grows by l1 |w| + l2 / 2 w^2, after clipping */
} AriettaOptimiserSettings;

typedef AriettaOptimiserSettings AriettaAdamSettings;

#define ARIETTA_ADAM_DEFAULTS { .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8 }

typedef struct _AriettaOptimiser AriettaOptimiser;

/* @params is borrowed and allocated already. */
AriettaOptimiser *arietta_optimiser_new      (AriettaParams                  *params,
                                              const AriettaOptimiserSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_optimiser_free     (AriettaOptimiser               *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaOptimiser, arietta_optimiser_free)

/* One step on the gradients of the parameters, each times @gradient_scale first (1, or one over the
 * number of batches added up); penalties change them.  @norm, if not NULL, gets their length before clipping.
 * FALSE, with nothing changed, if that is not finite: ARIETTA_NN_ERROR_NOT_FINITE naming step and parameter. */
gboolean          arietta_optimiser_step     (AriettaOptimiser               *self,
                                              double                          learning_rate,
                                              double                          gradient_scale,
                                              double                         *norm,
                                              GError                        **error);

AriettaParams    *arietta_optimiser_get_params (AriettaOptimiser             *self);
/* Steps made so far; set when resuming. */
gint64            arietta_optimiser_get_step (AriettaOptimiser               *self);
void              arietta_optimiser_set_step (AriettaOptimiser               *self,
                                              gint64                          step);
/* Whether it keeps the first (0) or second (1) of arietta_params_get_moments (): SGD has only the first, RMSprop
 * without momentum only the second. */
gboolean          arietta_optimiser_has_moments (AriettaOptimiser            *self,
                                              guint                           first_or_second);

G_END_DECLS
