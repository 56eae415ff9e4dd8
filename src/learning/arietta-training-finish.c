/* The weights that a training leaves, and their card. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-private.h"

#include "learning/arietta-model-file.h"

#include <math.h>

/* The last weights may be better than the best measured ones; then they are kept. */
static gboolean
choose_weights (AriettaTraining *self,
                GError         **error)
{
  g_autofree char              *path = arietta_training_dup_path (self, "best.safetensors");
  g_autoptr(AriettaSafetensors) file = NULL;
  double                        loss;

  if (!arietta_training_measure (self, &loss))
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }

  if (!isfinite (self->best_loss))
    {
      if (self->average != NULL)
        arietta_average_swap (self->average);
      return TRUE;
    }

  file = arietta_safetensors_open (path, error);
  return file != NULL
         && arietta_weights_load (self->kind->get_params (self->net), file, path, error);
}

gboolean
arietta_training_finish (AriettaTraining *self,
                         JsonObject      *card,
                         AriettaGoOnFunc  go_on,
                         gpointer         user_data,
                         GError         **error)
{
  g_autofree char  *path = arietta_training_dup_path (self, "model.safetensors");
  const char       *from = arietta_recipe_get_text_field (self->recipe, "training", "from");
  AriettaParams    *params = self->kind->get_params (self->net);
  g_autoptr(GBytes) known = NULL;

  if (!choose_weights (self, error))
    return FALSE;

  /* Figures are taken of the very weights that are stored. */
  arietta_model_file_round (params, ARIETTA_WEIGHTS_F16);
  self->kind->ready (self->net);
  self->kind->finish (self->learner, card, go_on, user_data);

  json_object_set_string_member (card, "kind", self->kind->name);
  json_object_set_int_member (card, "parameters", (gint64) arietta_params_count (params));
  json_object_set_string_member (card, "weights", "F16");
  if (from[0] != '\0')
    json_object_set_string_member (card, "from", from);
  json_object_set_int_member (card, "seed", (gint64) self->seed);
  json_object_set_int_member (card, "steps", arietta_optimiser_get_step (self->optimiser));
  json_object_set_int_member (card, "best_step", self->best_step);
  json_object_set_int_member (card, "epochs", (gint64) self->epoch);
  json_object_set_double_member (card, "seconds", round (arietta_training_get_seconds (self)));
  if (isfinite (self->train_loss))
    json_object_set_double_member (card, "train_loss", self->train_loss);
  if (isfinite (self->best_loss))
    json_object_set_double_member (card, "validation_loss", self->best_loss);

  known = arietta_copied_store (self->known);
  return arietta_model_file_save (self->kind, self->net, self->recipe, ARIETTA_WEIGHTS_F16, self->seen, known, path,
                                  error);
}
