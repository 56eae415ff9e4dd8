#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-private.h"

#include "learning/arietta-model-file.h"
#include "learning/arietta-training-log.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define CHECKPOINT_SECONDS 25.0  /* some room below the 30 promised, for one slow step */
#define POINT_SECONDS       1.0
#define PLATEAU_LEAST       1e-3   /* a rate lower than this part of its height learns nothing more */

char *
arietta_training_dup_path (AriettaTraining *self,
                           const char      *name)
{
  return g_build_filename (self->folder, name, NULL);
}

double
arietta_training_get_seconds (AriettaTraining *self)
{
  if (self->started_us == 0)
    return self->seconds_before;

  return self->seconds_before + (double) (g_get_monotonic_time () - self->started_us) / 1e6;
}

static double
get_fraction (AriettaTraining *self)
{
  double fraction = 0.0;

  if (self->minutes > 0.0)
    fraction = arietta_training_get_seconds (self) / (60.0 * self->minutes);
  if (self->epochs > 0)
    fraction = MAX (fraction,
                    ((double) self->epoch + (double) self->batch / MAX (self->n_batches, 1))
                      / self->epochs);

  return MIN (fraction, 1.0);
}

static AriettaOptimiser *
make_optimiser (AriettaRecipe *recipe,
                AriettaParams *params)
{
  const char              *name = arietta_recipe_get_text_field (recipe, "training", "optimiser");
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;

  settings.beta1 = arietta_recipe_get_real (recipe, "training", "beta1");
  settings.beta2 = arietta_recipe_get_real (recipe, "training", "beta2");
  settings.clip_norm = arietta_recipe_get_real (recipe, "training", "clip");
  settings.l1 = arietta_recipe_get_real (recipe, "training", "l1");
  settings.l2 = arietta_recipe_get_real (recipe, "training", "l2");
  if (strcmp (name, "adamw") == 0)
    settings.weight_decay = arietta_recipe_get_real (recipe, "training", "decay");
  else if (strcmp (name, "rmsprop") == 0)
    settings.kind = ARIETTA_RMSPROP;
  else if (strcmp (name, "sgd") == 0)
    {
      settings.kind = ARIETTA_SGD;
      settings.momentum = arietta_recipe_get_real (recipe, "training", "momentum");
    }

  return arietta_optimiser_new (params, &settings);
}

AriettaTraining *
arietta_training_new (AriettaRecipe *recipe,
                      guint64        seed,
                      double         minutes,
                      guint          epochs,
                      const char    *folder,
                      GError       **error)
{
  AriettaTraining *self = g_new0 (AriettaTraining, 1);
  double           ema = arietta_recipe_get_real (recipe, "training", "ema");

  self->recipe = arietta_recipe_ref (recipe);
  self->kind = arietta_model_kind_find (arietta_recipe_get_kind (recipe));
  self->folder = g_strdup (folder);
  self->seen = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->known = arietta_copied_new ();
  self->seed = seed;
  self->minutes = minutes;
  self->epochs = epochs;
  if (minutes <= 0.0 && epochs == 0)
    {
      self->minutes = arietta_recipe_get_real (recipe, "training", "minutes");
      self->epochs = (guint) arietta_recipe_get_int (recipe, "training", "epochs");
    }
  self->accumulate = (int) arietta_recipe_get_int (recipe, "training", "accumulate");
  self->validate_every = arietta_recipe_get_int (recipe, "training", "validate-every");
  self->patience = arietta_recipe_get_int (recipe, "training", "patience");
  self->train_loss = NAN;
  self->best_loss = NAN;
  self->plateau = (AriettaPlateau) ARIETTA_PLATEAU_INIT (
    arietta_recipe_get_real (recipe, "training", "plateau-factor"),
    (int) arietta_recipe_get_int (recipe, "training", "plateau"), PLATEAU_LEAST);

  self->net = self->kind->build (recipe, seed, error);
  if (self->net == NULL)
    {
      arietta_training_free (self);
      return NULL;
    }

  self->optimiser = make_optimiser (recipe, self->kind->get_params (self->net));
  self->state = arietta_training_state_new (self->optimiser);
  if (ema > 0.0)
    {
      self->average = arietta_average_new (self->kind->get_params (self->net), ema);
      arietta_training_state_set_average (self->state, self->average);
    }
  self->learner = self->kind->learner_new (self->net, recipe, seed);
  self->watch = arietta_training_watch_new (self->kind, (guint) arietta_recipe_get_int (recipe, "training", "watch"),
                                            seed);

  return self;
}

void
arietta_training_free (AriettaTraining *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->learner, self->kind->learner_free);
  g_clear_pointer (&self->state, arietta_training_state_free);
  g_clear_pointer (&self->average, arietta_average_free);
  g_clear_pointer (&self->optimiser, arietta_optimiser_free);
  g_clear_pointer (&self->net, self->kind->free);
  arietta_recipe_unref (self->recipe);
  g_clear_error (&self->error);
  g_array_unref (self->seen);
  g_clear_pointer (&self->known, arietta_copied_unref);
  arietta_training_watch_free (self->watch);
  g_free (self->folder);
  g_free (self);
}

gboolean
arietta_training_add (AriettaTraining      *self,
                      const AriettaExample *example)
{
  if (self->kind->learner_add (self->learner, example) == 0)
    return FALSE;

  if (!example->validation || self->watch != NULL)
    {
      g_autoptr(AriettaPiece) heard = self->kind->hear != NULL
                                        ? self->kind->hear (self->net, example->piece)
                                        : arietta_piece_ref (example->piece);

      if (!example->validation)
        {
          guint64 mark = arietta_model_file_mark (example->piece);

          g_array_append_val (self->seen, mark);
        }
      if (heard != NULL && example->validation)
        arietta_training_watch_add_held (self->watch, heard);
      else if (heard != NULL)
        arietta_copied_add (self->known, heard);
    }

  return TRUE;
}

/* A file that was being written when the run was killed is never finished:
 * “state.safetensors.a1B2c3”. */
static void
remove_unfinished (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char     *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      const char      *rest = strstr (name, ".safetensors.");

      if (rest != NULL && strlen (rest) == strlen (".safetensors.XXXXXX"))
        g_unlink (path);
    }
}

gboolean
arietta_training_begin (AriettaTraining *self,
                        GError         **error)
{
  g_autofree char *path = arietta_training_dup_path (self, "state.safetensors");

  remove_unfinished (self->folder);
  if (!self->kind->learner_begin (self->learner, error))
    return FALSE;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      if (!arietta_training_state_load (self->state, path, error))
        return FALSE;

      self->epoch = (guint64) arietta_training_state_get_int (self->state, "epoch", 0);
      self->batch = (guint) arietta_training_state_get_int (self->state, "batch", 0);
      self->seconds_before = arietta_training_state_get_double (self->state, "seconds", 0.0);
      self->train_loss = arietta_training_state_get_double (self->state, "train-loss", NAN);
      self->best_loss = arietta_training_state_get_double (self->state, "best-loss", NAN);
      self->best_step = arietta_training_state_get_int (self->state, "best-step", 0);
      self->n_worse = arietta_training_state_get_int (self->state, "worse", 0);
      self->plateau.scale = arietta_training_state_get_double (self->state, "plateau-scale", 1.0);
      self->plateau.best = arietta_training_state_get_double (self->state, "plateau-best", NAN);
      self->plateau.n_worse = (int) arietta_training_state_get_int (self->state, "plateau-worse", 0);
    }

  /* Dealt now, since the learning rate of the first step depends on the place in the epoch. */
  self->n_batches = self->kind->begin_epoch (self->learner, self->epoch);

  return arietta_training_log_trim (self->folder, arietta_optimiser_get_step (self->optimiser), error);
}

/* The weights as they are now, to be heard while it learns. */
static gboolean
save_latest (AriettaTraining  *self,
             GError          **error)
{
  g_autofree char *path = arietta_training_dup_path (self, "latest.safetensors");
  gboolean         saved;

  if (self->average != NULL)
    arietta_average_swap (self->average);
  saved = arietta_model_file_save (self->kind, self->net, self->recipe, ARIETTA_WEIGHTS_F16, self->seen, NULL, path, error);
  if (self->average != NULL)
    arietta_average_swap (self->average);

  return saved;
}

gboolean
arietta_training_checkpoint (AriettaTraining *self,
                             GError         **error)
{
  g_autofree char *path = arietta_training_dup_path (self, "state.safetensors");

  arietta_training_state_set_int (self->state, "epoch", (gint64) self->epoch);
  arietta_training_state_set_int (self->state, "batch", self->batch);
  arietta_training_state_set_double (self->state, "seconds", arietta_training_get_seconds (self));
  arietta_training_state_set_double (self->state, "train-loss", self->train_loss);
  arietta_training_state_set_double (self->state, "best-loss", self->best_loss);
  arietta_training_state_set_int (self->state, "best-step", self->best_step);
  arietta_training_state_set_int (self->state, "worse", self->n_worse);
  arietta_training_state_set_double (self->state, "plateau-scale", self->plateau.scale);
  arietta_training_state_set_double (self->state, "plateau-best", self->plateau.best);
  arietta_training_state_set_int (self->state, "plateau-worse", self->plateau.n_worse);
  self->checkpoint_seconds = arietta_training_get_seconds (self);

  return arietta_training_state_save (self->state, path, error) && save_latest (self, error);
}

/* Measures, and keeps the weights when they are the best so far and write music of their own. FALSE
 * with self->error set. */
static gboolean
measure_weights (AriettaTraining *self,
                 double          *loss)
{
  AriettaTrainingWatched watched = { NAN, NAN, FALSE };

  *loss = self->kind->validate (self->learner);
  if (self->watch != NULL)
    watched = arietta_training_watch_measure (self->watch, self->net, self->known);
  self->copied = watched.share;
  if (self->plateau.patience > 0)
    arietta_plateau_measure (&self->plateau, *loss);

  if (isfinite (*loss) && isfinite (self->best_loss) && (*loss >= self->best_loss || watched.memorises))
    {
      self->n_worse++;
      return TRUE;
    }
  if (isfinite (*loss))
    {
      g_autofree char *path = arietta_training_dup_path (self, "best.safetensors");

      self->best_loss = *loss;
      self->best_step = arietta_optimiser_get_step (self->optimiser);
      self->n_worse = 0;
      return arietta_model_file_save (self->kind, self->net, self->recipe, ARIETTA_WEIGHTS_F32, self->seen, NULL, path,
                                      &self->error);
    }

  return TRUE;
}

/* The same with the average of the weights where the recipe asks for one. */
gboolean
arietta_training_measure (AriettaTraining *self,
                          double          *loss)
{
  gboolean measured;

  if (self->average != NULL)
    arietta_average_swap (self->average);
  measured = measure_weights (self, loss);
  if (self->average != NULL)
    arietta_average_swap (self->average);

  return measured;
}

/* A step is made whole: only before its first batch is the budget looked at. */
static gboolean
is_spent (AriettaTraining *self)
{
  if (self->epochs > 0 && self->epoch >= self->epochs)
    return TRUE;
  if (self->n_filled > 0)
    return FALSE;

  return (self->minutes > 0.0 && arietta_training_get_seconds (self) >= 60.0 * self->minutes)
         || (self->patience > 0 && self->n_worse >= self->patience);
}

static AriettaGraph *
fill_cb (gint64   step,
         gpointer data,
         GError **error)
{
  AriettaTraining *self = data;
  AriettaGraph    *graph;

  if (self->batch >= self->n_batches)
    {
      self->epoch++;
      self->batch = 0;
      self->n_batches = self->kind->begin_epoch (self->learner, self->epoch);
    }

  if (is_spent (self))
    {
      self->outcome = ARIETTA_TRAINING_COMPLETE;
      return NULL;
    }

  graph = self->kind->fill_batch (self->learner, self->batch, (step - 1) * self->accumulate + self->n_filled + 1,
                                  get_fraction (self), error);
  self->batch++;
  self->n_filled++;

  return graph;
}

/* Warm-up, then half a cosine over the budget, lower where the measured loss stands still. */
static double
get_rate (AriettaTraining *self)
{
  double peak = arietta_recipe_get_real (self->recipe, "training", "rate");
  double end = arietta_recipe_get_real (self->recipe, "training", "rate-end");
  double warmup = (double) arietta_recipe_get_int (self->recipe, "training", "warmup");
  double next = (double) arietta_optimiser_get_step (self->optimiser) + 1.0;
  double rate = self->plateau.scale * peak * (end + (1.0 - end) * 0.5 * (1.0 + cos (G_PI * get_fraction (self))));

  return next < warmup ? rate * next / warmup : rate;
}

static gboolean
step_cb (const AriettaTrainerNumbers *numbers,
         AriettaGraph                *graph,
         gpointer                     data)
{
  AriettaTraining     *self = data;
  double               seconds = arietta_training_get_seconds (self);
  gboolean             measured = numbers->step % self->validate_every == 0;
  AriettaTrainingPoint point = {
    .step = numbers->step,
    .epoch = self->epoch,
    .seconds = seconds,
    .validation_loss = NAN,
    .copied = NAN,
    .learning_rate = numbers->learning_rate,
  };

  self->n_filled = 0;
  if (self->average != NULL)
    arietta_average_update (self->average);
  self->train_loss = isfinite (self->train_loss) ? 0.98 * self->train_loss + 0.02 * numbers->loss
                                                 : numbers->loss;

  if (measured && !arietta_training_measure (self, &point.validation_loss))
    return FALSE;
  if (measured)
    point.copied = self->copied;
  self->schedule.peak = get_rate (self);

  if (measured || seconds - self->point_seconds >= POINT_SECONDS)
    {
      point.train_loss = self->train_loss;
      point.fraction = get_fraction (self);
      self->point_seconds = seconds;
      if (!arietta_training_log_add (self->folder, &point, &self->error))
        return FALSE;
      if (self->point_func != NULL)
        self->point_func (&point, self->user_data);
    }

  if (seconds - self->checkpoint_seconds >= CHECKPOINT_SECONDS
      && !arietta_training_checkpoint (self, &self->error))
    return FALSE;

  if (self->go_on_func != NULL)
    {
      gint64   before = g_get_monotonic_time ();
      gboolean go_on = self->go_on_func (self->user_data);

      /* Waiting in a pause is not training. */
      self->started_us += g_get_monotonic_time () - before;
      if (!go_on)
        {
          self->outcome = ARIETTA_TRAINING_STOPPED;
          return FALSE;
        }
    }

  return TRUE;
}

/* Weights that others have learned are the first to be beaten. */
static gboolean
measure_beginning (AriettaTraining *self)
{
  gboolean beaten = self->taken && arietta_recipe_get_int (self->recipe, "training", "beat-first") != 0;
  double   loss;

  return !beaten || arietta_optimiser_get_step (self->optimiser) > 0 || arietta_training_measure (self, &loss);
}

AriettaTrainingOutcome
arietta_training_run (AriettaTraining      *self,
                      AriettaTrainingFunc   point,
                      AriettaGoOnFunc       go_on,
                      gpointer              user_data,
                      GError              **error)
{
  gboolean ran;

  self->point_func = point;
  self->go_on_func = go_on;
  self->user_data = user_data;
  self->outcome = ARIETTA_TRAINING_FAILED;
  self->n_filled = 0;
  self->started_us = g_get_monotonic_time ();
  self->checkpoint_seconds = self->point_seconds = self->seconds_before;
  self->schedule = (AriettaRateSchedule) { .peak = get_rate (self), .floor = 1.0 };

  ran = !measure_beginning (self)
        || arietta_trainer_run (self->optimiser, &self->schedule, G_MAXINT64, self->accumulate, fill_cb,
                                step_cb, self, error);
  if (ran && self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      self->outcome = ARIETTA_TRAINING_FAILED;
    }

  if (ran && self->outcome != ARIETTA_TRAINING_FAILED && !arietta_training_checkpoint (self, error))
    self->outcome = ARIETTA_TRAINING_FAILED;

  self->seconds_before = arietta_training_get_seconds (self);
  self->started_us = 0;

  return ran ? self->outcome : ARIETTA_TRAINING_FAILED;
}

gint64
arietta_training_get_step (AriettaTraining *self)
{
  return arietta_optimiser_get_step (self->optimiser);
}

double
arietta_training_get_train_loss (AriettaTraining *self)
{
  return self->train_loss;
}

double
arietta_training_get_validation_loss (AriettaTraining *self)
{
  return self->best_loss;
}

AriettaParams *
arietta_training_get_params (AriettaTraining *self)
{
  return self->kind->get_params (self->net);
}
