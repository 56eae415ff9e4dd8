/* arietta-training.h - examples in, a model out; stopping and going on
 *
 * A training lives in a folder:
 *
 *   state.safetensors   a checkpoint: everything needed to go on, which is weights, moments, average, place in
 *                       the data, best loss
 *   best.safetensors    the weights that were best on the validation part, in full precision; a model file
 *   latest.safetensors  the weights at the last checkpoint; a model file to listen to
 *   log.jsonl           a line for each point of the curve
 *   model.safetensors   the result, once finished: 16-bit weights and all the kind fits afterwards
 *   card.json           what a person should know of it
 *
 * A checkpoint is written every 30 seconds at most, when the run is stopped, and on request.
 * Chance depends on seed, epoch and step alone, so a run killed at any moment and resumed from its
 * checkpoint makes the very steps it would have made; with a budget in epochs it ends in the same
 * bits.  With a budget in minutes the learning rate follows the time, of which only the time of
 * training counts.
 *
 * Knows no GTask: callbacks are called on the calling thread.  One thread.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  step;
  guint64 epoch;
  double  seconds;           /* of training, over all stretches of it */
  double  train_loss;        /* running mean */
  double  validation_loss;   /* NaN when not measured at this step */
  double  copied;            /* share of copies in what it writes (arietta-training-watch.h); NaN when not watched */
  double  learning_rate;
  double  fraction;          /* of the budget */
} AriettaTrainingPoint;

typedef void (*AriettaTrainingFunc) (const AriettaTrainingPoint *point,
                                     gpointer                    user_data);

typedef enum
{
  ARIETTA_TRAINING_FAILED,   /* with an error */
  ARIETTA_TRAINING_STOPPED,  /* the callback said so; a checkpoint was written */
  ARIETTA_TRAINING_COMPLETE, /* the budget is spent, or patience was */
} AriettaTrainingOutcome;

typedef struct _AriettaTraining AriettaTraining;

/* @folder exists.  @minutes and @epochs above 0 replace the recipe's whole budget. */
AriettaTraining        *arietta_training_new        (AriettaRecipe        *recipe,
                                                     guint64               seed,
                                                     double                minutes,
                                                     guint                 epochs,
                                                     const char           *folder,
                                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                    arietta_training_free       (AriettaTraining      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaTraining, arietta_training_free)

/* Before beginning: tensors of a model file with the name and shape of one of its own are taken as they
 * are, the others stay as drawn.  Their number, or 0 with an error.  A run that goes on from a checkpoint has no
 * use for it. */
guint                   arietta_training_take_weights (AriettaTraining    *self,
                                                     const char           *weights_path,
                                                     GError              **error);
/* Before the first piece: what a model file remembers having learned from counts as learned from here too, as it is in
 * the weights; a run that goes on needs it again. */
gboolean                arietta_training_take_memory (AriettaTraining     *self,
                                                     const char           *weights_path,
                                                     GError              **error);
/* FALSE when the piece holds nothing to learn from. The piece is not needed afterwards. */
gboolean                arietta_training_add        (AriettaTraining      *self,
                                                     const AriettaExample *example);
/* After the last piece: goes on from the folder's checkpoint when there is one. */
gboolean                arietta_training_begin      (AriettaTraining      *self,
                                                     GError              **error);
/* @point about once a second and at each measurement, @go_on at each step; both may be NULL. */
AriettaTrainingOutcome  arietta_training_run        (AriettaTraining      *self,
                                                     AriettaTrainingFunc   point,
                                                     AriettaGoOnFunc       go_on,
                                                     gpointer              user_data,
                                                     GError              **error);
/* Instead of beginning, after the last piece: two steps, and how long the second took, how many batches make an
 * epoch, how much memory is in use for weights and steps.  Writes nothing; of no use for anything else afterwards. */
gboolean                arietta_training_probe      (AriettaTraining      *self,
                                                     double               *step_seconds,
                                                     guint                *n_batches,
                                                     guint64              *bytes,
                                                     GError              **error);
/* Writes a checkpoint now; also from within the callbacks (before waiting in a pause). */
gboolean                arietta_training_checkpoint (AriettaTraining      *self,
                                                     GError              **error);
/* Makes the best weights the result: model.safetensors.  @card is completed with kind, data,
 * figures, steps and seconds.  With @go_on saying stop, figures are left out. */
gboolean                arietta_training_finish     (AriettaTraining      *self,
                                                     JsonObject           *card,
                                                     AriettaGoOnFunc       go_on,
                                                     gpointer              user_data,
                                                     GError              **error);

gint64                  arietta_training_get_step   (AriettaTraining      *self);
double                  arietta_training_get_seconds (AriettaTraining     *self);
double                  arietta_training_get_train_loss (AriettaTraining  *self);
/* The best so far; NaN before the first. */
double                  arietta_training_get_validation_loss (AriettaTraining *self);
AriettaParams          *arietta_training_get_params (AriettaTraining      *self);

/* Points of log.jsonl, an array of AriettaTrainingPoint; empty when there is no log yet.  @folder may also be the
 * log of a bundled model itself. */
GArray                 *arietta_training_read_log   (const char           *folder,
                                                     GError              **error);

G_END_DECLS
