/* arietta-training-private.h - shared by the files of a training
 *
 *   arietta-training.c         life, examples, steps, measuring, checkpoints
 *   arietta-training-take.c    what it takes over from a model that is there
 *   arietta-training-probe.c   what a step of it costs
 *   arietta-training-finish.c  the weights that are kept, and the card
 */
#pragma once

#include "learning/arietta-training.h"

#include "learning/arietta-training-watch.h"
#include "nn/arietta-checkpoint.h"
#include "nn/arietta-optimiser.h"
#include "nn/arietta-trainer.h"

G_BEGIN_DECLS

struct _AriettaTraining
{
  AriettaRecipe          *recipe;
  const AriettaModelKind *kind;
  gpointer                net;
  gpointer                learner;
  AriettaOptimiser       *optimiser;
  AriettaAverage         *average;      /* or NULL */
  AriettaTrainingState   *state;
  AriettaRateSchedule     schedule;
  GArray                 *seen;         /* guint64 of each piece of the training part */
  AriettaCopied          *known;        /* their passages */
  AriettaTrainingWatch   *watch;        /* or NULL */
  double                  copied;       /* share of copies, when last watched */
  char                   *folder;
  guint64                 seed;
  double                  minutes;
  guint                   epochs;
  gboolean                taken;         /* it begins with weights that others have learned */
  int                     accumulate;    /* batches in a step */
  int                     n_filled;      /* of this step */
  gint64                  validate_every;
  gint64                  patience;

  /* Saved with the state. */
  guint64                 epoch;
  guint                   batch;         /* next one of the epoch */
  double                  seconds_before; /* of earlier stretches */
  double                  train_loss;
  double                  best_loss;
  gint64                  best_step;
  gint64                  n_worse;       /* measurements since the best */
  AriettaPlateau          plateau;

  guint                   n_batches;     /* of this epoch */
  gint64                  started_us;    /* of this stretch; 0 while not running */
  double                  checkpoint_seconds, point_seconds;

  AriettaTrainingFunc     point_func;
  AriettaGoOnFunc         go_on_func;
  gpointer                user_data;
  AriettaTrainingOutcome  outcome;
  GError                 *error;         /* of a callback that cannot hand one on */
};

/* Of a file of the folder that it keeps. */
char     *arietta_training_dup_path (AriettaTraining *self,
                                     const char      *name);

/* Measures the weights, or their average where the recipe asks for one; keeps them as the best when they are. FALSE
 * with self->error set. */
gboolean  arietta_training_measure  (AriettaTraining *self,
                                     double          *loss);

G_END_DECLS
