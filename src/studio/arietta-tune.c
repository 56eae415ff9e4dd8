#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-tune.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "nn/arietta-safetensors.h"
#include "studio/arietta-import-walk.h"
#include "studio/arietta-import.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-surprise.h"

#include <glib/gi18n.h>

/* It is near already: of the learning rate, and at most. */
#define SLOWER  0.2
#define HIGHEST 1.2e-4
/* Of the average of the weights, which is measured and kept: some thirty steps. */
#define AVERAGE 0.97
/* Takes at each measurement. */
#define WATCHED 4
#define KEPT_BACK 5
/* Of a new piece that was kept back: there are few, so much of each is measured. */
#define FRESH_BARS 64

AriettaRecipe *
arietta_tune_dup_recipe (AriettaLibrary  *library,
                         const char      *from,
                         GError         **error)
{
  g_autoptr(AriettaModelInfo)   info = arietta_models_find (library, from, error);
  g_autoptr(AriettaSafetensors) file = NULL;
  g_autoptr(AriettaRecipe)      recipe = NULL;
  g_autoptr(GKeyFile)           keys = g_key_file_new ();
  g_autofree char              *text = NULL;

  if (info == NULL)
    return NULL;
  if (info->weights_path == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, NULL, NULL,
                         _("The model “%s” has not learned anything yet.  Let it train for a while first."), from);
      return NULL;
    }
  file = arietta_safetensors_open (info->weights_path, error);
  if (file == NULL)
    return NULL;
  text = g_strdup (arietta_safetensors_get_metadata (file, "recipe"));
  recipe = arietta_recipe_parse (text != NULL ? text : "", info->name, error);
  if (recipe == NULL || !g_key_file_load_from_data (keys, text, (gsize) -1, G_KEY_FILE_NONE, error))
    return NULL;

  g_key_file_set_string (keys, "training", "from", info->name);
  g_key_file_set_double (keys, "training", "rate",
                         MIN (HIGHEST, SLOWER * arietta_recipe_get_real (recipe, "training", "rate")));
  g_key_file_set_double (keys, "training", "ema", AVERAGE);
  g_key_file_set_double (keys, "training", "minutes", ARIETTA_TUNE_MINUTES);
  g_key_file_set_integer (keys, "training", "epochs", 0);
  g_key_file_set_integer (keys, "training", "warmup", 20);
  g_key_file_set_integer (keys, "training", "validate-every", 20);
  g_key_file_set_integer (keys, "training", "patience", 8);
  /* What else a point may tell is paid for in full: a few pieces would make it tell everything. */
  if (g_key_file_has_key (keys, "training", "beta", NULL))
    g_key_file_set_double (keys, "training", "beta", 1.0);
  /* Few pieces are soon known by heart. */
  if (arietta_recipe_get_int (recipe, "training", "watch") == 0)
    g_key_file_set_integer (keys, "training", "watch", WATCHED);
  /* What was for a beginning from nothing. */
  g_key_file_remove_key (keys, "training", "hold-lower", NULL);
  g_key_file_remove_key (keys, "training", "kl-warmup", NULL);
  /* It may turn out that nothing was gained. */
  g_key_file_remove_key (keys, "training", "beat-first", NULL);
  /* And what minutes are too short for. */
  g_key_file_remove_key (keys, "data", "exchanged", NULL);
  /* Credits of other data. */
  g_key_file_remove_group (keys, "sources", NULL);

  g_free (text);
  text = g_key_file_to_data (keys, NULL, NULL);
  return arietta_recipe_parse (text, info->name, error);
}

gboolean
arietta_tune_bring_in (AriettaLibrary     *library,
                       const char         *dataset,
                       const char *const  *paths,
                       AriettaJob         *job,
                       GError            **error)
{
  g_auto(AriettaImportWalk) walk = { 0 };
  g_autoptr(GPtrArray)      files = g_ptr_array_new ();
  guint                     n_paths = g_strv_length ((char **) paths), n_back;

  if (!arietta_import_walk (paths, n_paths, job, &walk, error))
    return FALSE;
  for (guint i = 0; i < walk.files->len; i++)
    {
      const AriettaImportFile *file = &g_array_index (walk.files, AriettaImportFile, i);

      if (file->medium == ARIETTA_MEDIUM_NOTES && file->reason == NULL)
        g_ptr_array_add (files, file->path);
    }
  if (files->len == 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING, paths[0], NULL,
                         _("There are no notes to learn from in “%s”."), paths[0]);
      return FALSE;
    }

  n_back = files->len > 1 ? MAX (1, (files->len + KEPT_BACK / 2) / KEPT_BACK) : 0;
  for (guint part = 0; part < 2; part++)
    {
      g_auto(AriettaImportResult) result = { 0 };
      AriettaImportOptions        options = {
        .may_train = TRUE,
        .split = part == 0 ? ARIETTA_SPLIT_TRAIN : ARIETTA_SPLIT_VALIDATION,
      };
      guint                       first = part == 0 ? 0 : files->len - n_back;
      guint                       n = part == 0 ? files->len - n_back : n_back;

      if (n > 0
          && !arietta_import_paths (library, dataset, (const char *const *) files->pdata + first, n, &options, job,
                                    &result, error))
        return FALSE;
    }

  return TRUE;
}

static JsonObject *
measure_both (const char   *before_path,
              const char   *after_path,
              GArray       *pieces,
              AriettaJob   *job,
              const char  **figure,
              GError      **error)
{
  const AriettaExample *examples = (const AriettaExample *) (gpointer) pieces->data;
  double                before, after;
  JsonObject           *object;

  if (!arietta_surprise_measure (before_path, examples, pieces->len, job, figure, &before, error)
      || !arietta_surprise_measure (after_path, examples, pieces->len, job, figure, &after, error))
    return NULL;

  object = json_object_new ();
  json_object_set_int_member (object, "pieces", pieces->len);
  json_object_set_double_member (object, "before", before);
  json_object_set_double_member (object, "after", after);

  return object;
}

/* Those of its file, or of what it was taught from here. */
static GArray *
find_old (AriettaLibrary         *library,
          const AriettaModelInfo *info)
{
  g_autofree char              *path = arietta_held_dup_path (info);
  g_autoptr(AriettaModelRecord) record = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return arietta_held_load (path, NULL);
  if (info->bundled)
    return NULL;

  record = arietta_library_find_model (library, info->name, NULL);
  return record != NULL && record->dataset_id != 0
           ? arietta_held_pick_from_dataset (library, record->dataset_id, ARIETTA_HELD_BARS, FALSE, NULL)
           : NULL;
}

/* What the first model learned from is in these weights too. */
static void
add_data (JsonObject             *card,
          const AriettaModelInfo *info)
{
  JsonArray *theirs = arietta_json_get_array (info->card, "data"), *rows = arietta_json_get_array (card, "data");

  for (guint i = 0; rows != NULL && i < arietta_json_get_length (theirs); i++)
    {
      JsonNode *row = json_node_copy (json_array_get_element (theirs, i));

      if (JSON_NODE_HOLDS_OBJECT (row) && !json_object_has_member (json_node_get_object (row), "by"))
        json_object_set_string_member (json_node_get_object (row), "by", info->name);
      json_array_add_element (rows, row);
    }
}

gboolean
arietta_tune_note (AriettaLibrary  *library,
                   const char      *from,
                   const char      *folder,
                   const char      *weights_path,
                   gint64           dataset_id,
                   JsonObject      *card,
                   AriettaJob      *job,
                   GError         **error)
{
  g_autoptr(AriettaModelInfo) info = arietta_models_find (library, from, NULL);
  g_autoptr(GArray)           old = NULL, fresh = NULL;
  g_autoptr(JsonObject)       tuned = json_object_new ();
  g_autofree char            *held_path = g_build_filename (folder, "held.safetensors", NULL);
  const char                 *figure = NULL;
  gboolean                    learned;

  if (info == NULL || info->weights_path == NULL)
    return TRUE;

  add_data (card, info);
  old = find_old (library, info);
  fresh = arietta_held_pick_from_dataset (library, dataset_id, FRESH_BARS, FALSE, error);
  learned = fresh != NULL && fresh->len == 0;
  if (learned)
    {
      g_array_unref (fresh);
      fresh = arietta_held_pick_from_dataset (library, dataset_id, ARIETTA_HELD_BARS, TRUE, error);
    }
  if (fresh == NULL)
    return FALSE;

  if (job != NULL)
    arietta_job_report (job, 0.999, _("Measuring what it forgot…"));
  if (old != NULL && old->len > 0)
    {
      JsonObject *object = measure_both (info->weights_path, weights_path, old, job, &figure, error);

      if (object == NULL)
        return FALSE;
      json_object_set_object_member (tuned, "old", object);
      if (!arietta_held_save (old, held_path, error))
        return FALSE;
    }
  if (fresh->len > 0)
    {
      JsonObject *object = measure_both (info->weights_path, weights_path, fresh, job, &figure, error);

      if (object == NULL)
        return FALSE;
      json_object_set_boolean_member (object, "learned", learned);
      json_object_set_object_member (tuned, "new", object);
    }
  json_object_set_string_member (tuned, "from", from);
  if (figure != NULL)
    json_object_set_string_member (tuned, "figure", figure);
  json_object_set_object_member (card, "tuned", g_steal_pointer (&tuned));

  return TRUE;
}
