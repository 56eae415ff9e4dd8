#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-evaluate.h"

#include "base/arietta-error.h"
#include "base/arietta-save.h"
#include "studio/arietta-evaluate-writing.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-names.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* How much is written to be measured, where no other number is asked for. */
typedef struct
{
  guint samples, takes;
} Amount;

/* Of what writes note by note, where a number of samples is asked for. */
#define SAMPLES_PER_TAKE 8

static const Amount fast = { 1000, 50 }, slow = { 200, 12 };

/* What the kind's callbacks are given. */
typedef struct
{
  AriettaJob      *job;
  AriettaStepFunc  per_step;
  gpointer         user_data;
} Watch;

static gboolean
go_on_cb (gpointer user_data)
{
  return arietta_job_check (((Watch *) user_data)->job);
}

static void
step_cb (const char *file,
         guint       step,
         guint       voice,
         double      nll,
         gboolean    correct,
         gpointer    user_data)
{
  Watch *watch = user_data;

  watch->per_step (file, step, voice, nll, correct, watch->user_data);
}

JsonObject *
arietta_evaluate (AriettaLibrary        *library,
                  const char            *name,
                  const AriettaExample  *examples,
                  guint                  n_examples,
                  guint                  n_samples,
                  guint64                seed,
                  AriettaStepFunc        per_step,
                  gpointer               user_data,
                  AriettaJob            *job,
                  GError               **error)
{
  g_autoptr(AriettaModel) model = arietta_models_load (library, name, error);
  g_autoptr(JsonObject)   results = NULL;
  Watch                   watch = { job, per_step, user_data };
  Amount                  amount;
  gboolean                slowly;

  if (model == NULL)
    return NULL;

  slowly = (arietta_model_get_abilities (model) & ARIETTA_MODEL_CAN_WRITE) != 0;
  amount = slowly ? slow : fast;
  if (n_samples != ARIETTA_EVALUATE_DEFAULT)
    {
      amount.samples = n_samples;
      if (slowly)
        amount.takes = CLAMP (n_samples / SAMPLES_PER_TAKE, 1, fast.takes);
    }

  arietta_job_report (job, -1.0, _("Measuring"));
  results = arietta_model_evaluate (model, examples, n_examples,
                                    per_step != NULL ? step_cb : NULL, go_on_cb, &watch, error);
  if (results == NULL)
    return NULL;

  if (amount.samples > 0
      && !arietta_evaluate_writing (library, name, model, examples, n_examples, amount.samples, amount.takes, seed,
                                    results, job, error))
    return NULL;

  return g_steal_pointer (&results);
}

/* --- as a job, remembered --- */

typedef struct
{
  AriettaLibrary *library;
  char           *model, *dataset;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->library);
  g_free (request->model);
  g_free (request->dataset);
  g_free (request);
}

static char *
dup_path (AriettaLibrary *library,
          const char     *sha256)
{
  g_autofree char *file = g_strconcat (sha256, ".json", NULL);

  return g_build_filename (arietta_library_get_folder (library), "evaluations", file, NULL);
}

static gboolean
remember (AriettaLibrary  *library,
          const char      *sha256,
          JsonObject      *results,
          GError         **error)
{
  g_autofree char     *path = dup_path (library, sha256);
  g_autofree char     *folder = g_path_get_dirname (path);
  g_autoptr(JsonNode)  node = json_node_init_object (json_node_alloc (), results);
  g_autofree char     *text = json_to_string (node, TRUE);

  if (g_mkdir_with_parents (folder, 0755) == 0)
    return arietta_save_file (path, text, strlen (text), ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, error);

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, folder, NULL,
                     _("“%s” cannot be written: %s."), folder, g_strerror (errno));
  return FALSE;
}

static void
example_clear (AriettaExample *example)
{
  arietta_piece_unref (example->piece);
}

static GArray *
read_part (AriettaLibrary *library,
           GPtrArray      *items,
           AriettaSplit    split)
{
  GArray *examples = g_array_new (FALSE, TRUE, sizeof (AriettaExample));

  g_array_set_clear_func (examples, (GDestroyNotify) example_clear);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];
      AriettaExample     example = { .name = item->title, .style = item->style };

      if (item->medium == ARIETTA_MEDIUM_NOTES && item->split == split
          && (example.piece = arietta_library_load_item (library, item->id, NULL)) != NULL)
        g_array_append_val (examples, example);
    }

  return examples;
}

static gpointer
evaluate_func (AriettaJob  *job,
               gpointer     data,
               GError     **error)
{
  Request                    *request = data;
  g_autoptr(AriettaModelInfo) info =
    arietta_models_find (request->library, request->model, error);
  g_autoptr(AriettaDataset)   dataset =
    info != NULL ? arietta_library_find_dataset (request->library, request->dataset, error) : NULL;
  g_autoptr(GPtrArray)        items =
    dataset != NULL ? arietta_library_list_items (request->library, dataset->id, NULL, error) : NULL;
  g_autoptr(GArray)           examples = NULL;
  JsonObject                 *results;

  if (items == NULL)
    return NULL;

  examples = read_part (request->library, items, ARIETTA_SPLIT_TEST);
  if (examples->len == 0)
    {
      g_array_unref (examples);
      examples = read_part (request->library, items, ARIETTA_SPLIT_VALIDATION);
    }
  if (examples->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, NULL, NULL,
                         _("The dataset “%s” has no piece that was held back to measure on."),
                         request->dataset);
      return NULL;
    }

  results = arietta_evaluate (request->library, request->model,
                              (const AriettaExample *) (gpointer) examples->data, examples->len,
                              ARIETTA_EVALUATE_DEFAULT, 1, NULL, NULL, job, error);
  if (results == NULL)
    return NULL;

  json_object_set_string_member (results, "dataset", request->dataset);
  json_object_set_int_member (results, "unix_time", g_get_real_time () / G_USEC_PER_SEC);
  if (info->sha256 != NULL && !remember (request->library, info->sha256, results, error))
    {
      json_object_unref (results);
      return NULL;
    }

  return results;
}

AriettaJob *
arietta_evaluate_job_new (AriettaLibrary *library,
                          const char     *model,
                          const char     *dataset)
{
  g_autofree char *title = g_strdup_printf (_("Measuring “%s”"), arietta_model_get_title (model));
  Request         *request = g_new0 (Request, 1);

  request->library = g_object_ref (library);
  request->model = g_strdup (model);
  request->dataset = g_strdup (dataset);

  return arietta_job_new (title, TRUE, TRUE, evaluate_func, request, request_free);
}

JsonObject *
arietta_evaluate_recall (AriettaLibrary *library,
                         const char     *sha256)
{
  g_autofree char     *path = dup_path (library, sha256);
  g_autofree char     *text = NULL;
  g_autoptr(JsonNode)  node = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  node = json_from_string (text, NULL);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}
