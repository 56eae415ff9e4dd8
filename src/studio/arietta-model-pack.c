#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-model-pack.h"

#include "base/arietta-error.h"
#include "studio/arietta-card.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-surprise.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

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

/* So that who teaches it further can see what it forgot. */
static gboolean
keep_pieces (AriettaModelInfo      *info,
             const AriettaExample  *examples,
             guint                  n_examples,
             GError               **error)
{
  g_autoptr(GArray) held = arietta_held_pick (examples, n_examples);
  g_autofree char  *path = arietta_held_dup_path (info);

  return arietta_held_save (held, path, error);
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

  if (!arietta_surprise_measure (info->weights_path, examples, n_examples, job, &cost->figure, &cost->before, error)
      || !arietta_model_file_pack (info->weights_path, packed, weights, error))
    return FALSE;

  cost->bytes_before = get_bytes (info->weights_path);
  cost->bytes_after = get_bytes (packed);
  good = arietta_surprise_measure (packed, examples, n_examples, job, &cost->figure, &cost->after, error);
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
  return arietta_card_complete (info, NULL, error) && keep_pieces (info, examples, n_examples, error);
}
