/* A run: the dataset read, the training watched over, the result kept. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-train-private.h"

#include "base/arietta-error.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>

/* --- reading the dataset --- */

static gboolean
is_cancelled (AriettaTrainWork  *self,
              GError           **error)
{
  if (self->job == NULL || arietta_job_check (self->job))
    return FALSE;

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                     _("The training was stopped; it can go on later."));
  return TRUE;
}

static void
add_item (AriettaTrainWork  *self,
          const AriettaItem *item)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GError)       local = NULL;
  AriettaExample          example = { .name = item->file_name, .style = item->style };

  if (item->medium != ARIETTA_MEDIUM_NOTES)
    {
      self->n_sound++;
      return;
    }
  if (!item->may_train)
    {
      self->n_forbidden++;
      return;
    }
  if (item->split == ARIETTA_SPLIT_TEST || item->example)
    return;

  piece = arietta_library_load_item (self->library, item->id, &local);
  if (piece == NULL)
    {
      g_warning ("%s", local->message);
      self->n_unreadable++;
      return;
    }

  example.piece = piece;
  example.validation = item->split == ARIETTA_SPLIT_VALIDATION;
  if (!arietta_training_add (self->training, &example))
    self->n_skipped++;
  else if (!example.validation)
    arietta_train_work_note_item (self, item);
}

/* The weights that the recipe begins with, where the run does not go on from its own. */
static gboolean
take_weights (AriettaTrainWork  *self,
              GError           **error)
{
  const char      *from = arietta_recipe_get_text_field (self->recipe, "training", "from");
  g_autofree char *state = arietta_train_work_dup_path (self, "state.safetensors");
  g_autoptr(AriettaModelInfo) info = NULL;

  if (from[0] == '\0' || g_file_test (state, G_FILE_TEST_EXISTS))
    return TRUE;

  info = arietta_models_find (self->library, from, error);
  if (info == NULL)
    return FALSE;
  if (info->weights_path == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, self->recipe_name, "from",
                         _("The model “%s”, which this one begins with, has no weights yet.  Train it "
                           "first."),
                         from);
      return FALSE;
    }

  return arietta_training_take_weights (self->training, info->weights_path, error) > 0;
}

/* What the model that is taught further learned from; it may be gone since the run began. */
static gboolean
take_memory (AriettaTrainWork  *self,
             GError           **error)
{
  g_autoptr(AriettaModelInfo) info = self->from != NULL ? arietta_models_find (self->library, self->from, NULL) : NULL;

  return info == NULL || info->weights_path == NULL
         || arietta_training_take_memory (self->training, info->weights_path, error);
}

gboolean
arietta_train_work_read (AriettaTrainWork  *self,
                         GError           **error)
{
  g_autoptr(AriettaDataset) dataset =
    arietta_library_find_dataset (self->library, self->dataset, error);
  g_autoptr(GPtrArray)      items = NULL;

  if (dataset == NULL)
    return FALSE;

  items = arietta_library_list_items (self->library, dataset->id, NULL, error);
  if (items == NULL)
    return FALSE;

  self->training = arietta_training_new (self->recipe, self->seed, self->minutes, self->epochs,
                                         self->record->folder, error);
  if (self->training == NULL)
    return FALSE;

  if (!take_memory (self, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      if (i % 32 == 0)
        {
          if (is_cancelled (self, error))
            return FALSE;
          if (self->job != NULL)
            arietta_job_report (self->job, -1.0, _("Reading the dataset…"));
        }
      add_item (self, items->pdata[i]);
    }

  if (!take_weights (self, error))
    return FALSE;

  return arietta_training_begin (self->training, error);
}

/* --- the run --- */

static void
point_cb (const AriettaTrainingPoint *point,
          gpointer                    user_data)
{
  AriettaTrainWork  *self = user_data;
  AriettaTrainPoint told = {
    .step = (guint64) point->step,
    .seconds = point->seconds,
    .train_loss = point->train_loss,
    .validation_loss = point->validation_loss,
    .learning_rate = point->learning_rate,
  };

  if (self->job != NULL)
    {
      /* Macros within a translated string end it where the translators' tool reads. */
      g_autofree char *step = g_strdup_printf ("%" G_GINT64_FORMAT, point->step);
      g_autofree char *message = g_strdup_printf (_("Step %s, loss %.3f"), step, point->train_loss);

      arietta_job_report (self->job, point->fraction, message);
    }
  if (self->func != NULL)
    self->func (&told, self->user_data);
}

static gboolean
go_on_cb (gpointer user_data)
{
  AriettaTrainWork *self = user_data;

  if (self->job == NULL)
    return TRUE;

  /* What is waited for may never come: first save. */
  if (arietta_job_get_state (self->job) == ARIETTA_JOB_PAUSED
      && !arietta_training_checkpoint (self->training, &self->error))
    return FALSE;

  return arietta_job_check (self->job);
}

void
arietta_train_result_free (AriettaTrainResult *self)
{
  if (self == NULL)
    return;

  g_free (self->model);
  g_free (self->checkpoint);
  g_free (self);
}

static AriettaTrainResult *
make_result (AriettaTrainWork *self)
{
  AriettaTrainResult *result = g_new0 (AriettaTrainResult, 1);

  result->model = g_strdup (self->record->name);
  result->steps = (guint64) arietta_training_get_step (self->training);
  result->seconds = arietta_training_get_seconds (self->training);
  result->train_loss = arietta_training_get_train_loss (self->training);
  result->validation_loss = arietta_training_get_validation_loss (self->training);
  result->checkpoint = arietta_train_work_dup_path (self, "model.safetensors");

  return result;
}

AriettaTrainResult *
arietta_train (AriettaLibrary             *library,
               const AriettaTrainRequest  *request,
               AriettaTrainFunc            func,
               gpointer                    user_data,
               AriettaJob                 *job,
               GError                    **error)
{
  g_autoptr(AriettaTrainWork) run = arietta_train_work_new (library, job);
  AriettaTrainingOutcome     outcome;
  gboolean                   ready;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library) && request != NULL, NULL);

  run->func = func;
  run->user_data = user_data;
  ready = request->resume != NULL ? arietta_train_work_open (run, request->resume, error)
                                  : arietta_train_work_start (run, request, error);
  if (!ready)
    {
      /* A run that never began leaves nothing behind. */
      if (request->resume == NULL && run->record != NULL)
        arietta_library_remove_model (library, run->record->id, TRUE, NULL);
      return NULL;
    }

  if (!arietta_library_set_model_state (library, run->record->id, ARIETTA_MODEL_TRAINING, error))
    return NULL;

  if (!arietta_train_work_read (run, error))
    {
      arietta_library_set_model_state (library, run->record->id, ARIETTA_MODEL_PAUSED, NULL);
      if (request->resume == NULL)
        arietta_library_remove_model (library, run->record->id, TRUE, NULL);
      return NULL;
    }

  outcome = arietta_training_run (run->training, point_cb, go_on_cb, run, error);
  if (outcome == ARIETTA_TRAINING_STOPPED && run->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&run->error));
      outcome = ARIETTA_TRAINING_FAILED;
    }
  else if (outcome == ARIETTA_TRAINING_STOPPED)
    arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                       _("The training of “%s” was stopped; it can go on later."),
                       run->record->name);

  if (outcome != ARIETTA_TRAINING_COMPLETE || !arietta_train_work_finish (run, error))
    {
      arietta_library_set_model_state (library, run->record->id, ARIETTA_MODEL_PAUSED, NULL);
      return NULL;
    }

  return make_result (run);
}
