/* What a training takes over from a model that is there. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
arietta_training_take_memory (AriettaTraining *self,
                              const char      *weights_path,
                              GError         **error)
{
  g_autoptr(GError)             local = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (weights_path, &local);
  const AriettaTensorView      *seen, *known;
  AriettaCopied                *copied = NULL;

  if (file == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, weights_path, NULL,
                         "%s", local->message);
      return FALSE;
    }

  if (self->kind->begin_from != NULL)
    self->kind->begin_from (self->net, file);
  seen = arietta_safetensors_find (file, "seen");
  if (seen != NULL && seen->dtype == ARIETTA_DTYPE_U64)
    for (gsize i = 0; i < seen->n_elements; i++)
      {
        guint64 mark;

        memcpy (&mark, (const guint8 *) seen->data + i * sizeof mark, sizeof mark);
        g_array_append_val (self->seen, mark);
      }
  known = arietta_safetensors_find (file, "known");
  if (known != NULL && known->dtype == ARIETTA_DTYPE_U8)
    copied = arietta_copied_restore (known->data, known->n_bytes);
  if (copied != NULL)
    {
      arietta_copied_unref (self->known);
      self->known = copied;
    }

  return TRUE;
}

guint
arietta_training_take_weights (AriettaTraining *self,
                               const char      *weights_path,
                               GError         **error)
{
  g_autoptr(GError)             local = NULL;
  g_autoptr(AriettaSafetensors) file = arietta_safetensors_open (weights_path, &local);
  AriettaParams                *params = self->kind->get_params (self->net);
  guint                         n = 0;

  for (guint i = 0; file != NULL && i < arietta_params_get_n (params); i++)
    {
      const AriettaParam      *param = arietta_params_get_nth (params, i);
      const AriettaTensorView *view = arietta_safetensors_find (file, param->name);
      gboolean                 fits = view != NULL && view->n_dims == param->n_dims;
      g_autofree float        *values = NULL;

      for (int d = 0; fits && d < param->n_dims; d++)
        fits = view->shape[d] == param->shape[d];
      values = fits ? arietta_safetensors_dup_f32 (file, view, NULL) : NULL;
      if (values == NULL)
        continue;

      memcpy (arietta_params_get (params, param->name), values, param->n_elements * sizeof (float));
      n++;
    }

  self->taken = n > 0;
  if (self->taken && self->average != NULL)
    memcpy (arietta_average_get_values (self->average), arietta_params_get_values (params),
            arietta_params_get_size (params) * sizeof (AriettaReal));
  if (file != NULL && n > 0 && self->kind->begin_from != NULL)
    self->kind->begin_from (self->net, file);

  if (file == NULL)
    arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, weights_path, NULL,
                       "%s", local->message);
  else if (n == 0)
    arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE, weights_path, NULL,
                       _("Nothing of “%s” fits the model to be trained."), weights_path);
  else
    g_debug ("%u of %u tensors from “%s”", n, arietta_params_get_n (params), weights_path);

  return n;
}
