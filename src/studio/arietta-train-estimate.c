#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-train-estimate.h"

#include "base/arietta-error.h"
#include "learning/arietta-training.h"
#include "studio/arietta-studio-error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define MOST_PIECES 24

/* Those that training would learn from, borrowed. */
static GPtrArray *
list_learnable (GPtrArray *items)
{
  GPtrArray *learnable = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      if (item->medium == ARIETTA_MEDIUM_NOTES && item->may_train && item->split == ARIETTA_SPLIT_TRAIN)
        g_ptr_array_add (learnable, items->pdata[i]);
    }
  return learnable;
}

static gboolean
add_pieces (AriettaLibrary   *library,
            GPtrArray        *learnable,
            AriettaTraining  *training,
            GCancellable     *cancellable,
            guint            *n_added,
            GError          **error)
{
  /* Spread over the whole, as a dataset's styles come one after another. */
  for (guint i = 0; i < learnable->len && *n_added < MOST_PIECES; i += MAX (1, learnable->len / MOST_PIECES))
    {
      const AriettaItem      *item = learnable->pdata[i];
      g_autoptr(AriettaPiece) piece = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      piece = arietta_library_load_item (library, item->id, NULL);
      if (piece != NULL)
        {
          AriettaExample example = { .piece = piece, .name = "", .style = item->style };

          *n_added += arietta_training_add (training, &example);
        }
    }

  return TRUE;
}

AriettaTrainEstimate *
arietta_train_estimate (AriettaLibrary  *library,
                        const char      *kind_name,
                        const char      *dataset_name,
                        GCancellable    *cancellable,
                        GError         **error)
{
  const AriettaModelKind     *kind = arietta_model_kind_find (kind_name);
  g_autoptr(AriettaDataset)   dataset = arietta_library_find_dataset (library, dataset_name, error);
  g_autoptr(GPtrArray)        items = NULL, learnable = NULL;
  g_autoptr(AriettaRecipe)    recipe = NULL;
  g_autoptr(AriettaTraining)  training = NULL;
  g_autofree AriettaTrainEstimate *estimate = g_new0 (AriettaTrainEstimate, 1);
  g_autofree char            *nowhere = NULL;
  guint                       n_added = 0;

  if (kind == NULL || dataset == NULL
      || (items = arietta_library_list_items (library, dataset->id, NULL, error)) == NULL
      || (recipe = arietta_recipe_parse (kind->default_recipe, kind->name, error)) == NULL)
    return NULL;

  learnable = list_learnable (items);
  nowhere = g_dir_make_tmp ("arietta-estimate-XXXXXX", error);
  if (nowhere == NULL)
    return NULL;
  training = arietta_training_new (recipe, 1, 1.0, 0, nowhere, error);
  if (training != NULL && add_pieces (library, learnable, training, cancellable, &n_added, error))
    {
      guint n_batches = 0;

      if (n_added == 0)
        arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                           _("There is nothing in this dataset that a model of notes can learn from."));
      else if (!g_cancellable_set_error_if_cancelled (cancellable, error)
               && arietta_training_probe (training, &estimate->step_seconds, &n_batches, &estimate->bytes, error))
        estimate->steps_per_pass = (double) n_batches * learnable->len / n_added;
    }
  g_rmdir (nowhere);

  return estimate->steps_per_pass > 0.0 ? g_steal_pointer (&estimate) : NULL;
}
