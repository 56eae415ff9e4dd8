#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-model-pack.h"

#include "base/arietta-error.h"
#include "studio/arietta-card.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>

/* What of “evaluate” is a surprise in nats, the first that a kind has. */
static const char * const figures[] = { "nll_per_note", "nll_per_token", "elbo_per_step" };

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (user_data);
}

static gboolean
measure (const char            *path,
         const AriettaExample  *examples,
         guint                  n_examples,
         AriettaJob            *job,
         const char           **figure,
         double                *value,
         GError               **error)
{
  g_autoptr(AriettaModel) model = arietta_model_load (path, error);
  g_autoptr(JsonObject)   results = NULL;

  if (model == NULL)
    return FALSE;
  results = arietta_model_evaluate (model, examples, n_examples, NULL, job != NULL ? go_on_cb : NULL, job, error);
  if (results == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (json_object_has_member (results, figures[i]) && !json_object_get_null_member (results, figures[i]))
      {
        *figure = figures[i];
        *value = json_object_get_double_member (results, figures[i]);
        return TRUE;
      }

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, path, NULL,
                     _("“%s” has no figure that would say what fewer bits cost."), path);
  return FALSE;
}

static gint64
get_bytes (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

static void
note (AriettaModelInfo           *info,
      AriettaModelWeights         weights,
      guint                       n_examples,
      const AriettaModelPackCost *cost)
{
  JsonObject *storage = json_object_new ();

  json_object_set_int_member (storage, "bits", weights == ARIETTA_WEIGHTS_I8 ? 8 : 16);
  json_object_set_int_member (storage, "pieces", n_examples);
  json_object_set_string_member (storage, "figure", cost->figure);
  json_object_set_double_member (storage, "before", cost->before);
  json_object_set_double_member (storage, "after", cost->after);
  json_object_set_object_member (info->card, "storage", storage);
  json_object_set_string_member (info->card, "weights", weights == ARIETTA_WEIGHTS_I8 ? "I8" : "F16");
}

gboolean
arietta_model_pack (AriettaModelInfo      *info,
                    AriettaModelWeights    weights,
                    const AriettaExample  *examples,
                    guint                  n_examples,
                    AriettaJob            *job,
                    AriettaModelPackCost  *cost,
                    GError               **error)
{
  g_autofree char *packed = g_strconcat (info->weights_path, ".packed", NULL);
  gboolean         good;

  if (!measure (info->weights_path, examples, n_examples, job, &cost->figure, &cost->before, error)
      || !arietta_model_file_pack (info->weights_path, packed, weights, error))
    return FALSE;

  cost->bytes_before = get_bytes (info->weights_path);
  cost->bytes_after = get_bytes (packed);
  good = measure (packed, examples, n_examples, job, &cost->figure, &cost->after, error);
  if (good && !(cost->after <= cost->before * (1.0 + ARIETTA_MODEL_PACK_MOST)))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, info->weights_path, NULL,
                         _("“%s” would lose too much: %.4f nats instead of %.4f.  It stays as it is."), info->name,
                         cost->after, cost->before);
      good = FALSE;
    }
  if (good && g_rename (packed, info->weights_path) != 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, info->weights_path, NULL,
                         _("“%s” cannot be replaced."), info->weights_path);
      good = FALSE;
    }
  if (!good)
    {
      g_remove (packed);
      return FALSE;
    }

  note (info, weights, n_examples, cost);
  return arietta_card_complete (info, NULL, error);
}
