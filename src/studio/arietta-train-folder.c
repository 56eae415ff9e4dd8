/* The folder of a run: its lock, what was asked for, its name. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-train-private.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "library/arietta-library-error.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-tune.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* Whoever only looks at the lock holds it for a moment; on a busy machine a moment may be long. */
#define LOCK_PATIENCE_MS 3000

char *
arietta_train_work_dup_path (AriettaTrainWork *self,
                             const char       *name)
{
  return g_build_filename (self->record->folder, name, NULL);
}

AriettaTrainWork *
arietta_train_work_new (AriettaLibrary *library,
                        AriettaJob     *job)
{
  AriettaTrainWork *self = g_new0 (AriettaTrainWork, 1);

  self->library = g_object_ref (library);
  self->job = job;
  self->lock = -1;
  self->imports = g_ptr_array_new_with_free_func (g_free);
  self->licences = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_hash_table_unref);

  return self;
}

void
arietta_train_work_free (AriettaTrainWork *self)
{
  if (self == NULL)
    return;

  if (self->lock >= 0)
    {
      g_autofree char *mark = arietta_train_work_dup_path (self, ARIETTA_TRAIN_MARK);

      g_remove (mark);
    }
  g_clear_pointer (&self->training, arietta_training_free);
  g_clear_pointer (&self->recipe, arietta_recipe_unref);
  g_clear_pointer (&self->record, arietta_model_record_free);
  g_clear_pointer (&self->licences, g_hash_table_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->imports, g_ptr_array_unref);
  g_free (self->dataset);
  g_free (self->from);
  g_free (self->recipe_name);
  arietta_library_release_model (self->lock);
  g_object_unref (self->library);
  g_free (self);
}

static gboolean
run_lock (AriettaTrainWork  *self,
          GError           **error)
{
  g_autofree char *mark = arietta_train_work_dup_path (self, ARIETTA_TRAIN_MARK);

  self->lock = arietta_library_hold_model (self->library, self->record, LOCK_PATIENCE_MS, error);

  return self->lock >= 0 && g_file_set_contents (mark, "", 0, error);
}

/* --- what a run was asked for, in its folder --- */

static gboolean
write_request (AriettaTrainWork  *self,
               GError           **error)
{
  g_autofree char       *path = arietta_train_work_dup_path (self, "request.json");
  g_autofree char       *recipe_path = arietta_train_work_dup_path (self, "recipe");
  g_autoptr(JsonObject)  object = json_object_new ();
  g_autoptr(JsonNode)    node = json_node_init_object (json_node_alloc (), object);
  g_autofree char       *text = NULL;
  const char            *recipe = arietta_recipe_get_text (self->recipe);

  json_object_set_string_member (object, "dataset", self->dataset);
  if (self->from != NULL)
    json_object_set_string_member (object, "from", self->from);
  if (self->recipe_name != NULL)
    json_object_set_string_member (object, "recipe", self->recipe_name);
  json_object_set_double_member (object, "minutes", self->minutes);
  json_object_set_int_member (object, "epochs", self->epochs);
  json_object_set_int_member (object, "seed", (gint64) self->seed);
  json_object_set_boolean_member (object, "export_bundle", self->export_bundle);
  text = json_to_string (node, TRUE);

  return g_file_set_contents (path, text, -1, error)
         && g_file_set_contents (recipe_path, recipe, -1, error);
}

static gboolean
read_request (AriettaTrainWork  *self,
              GError           **error)
{
  g_autofree char      *path = arietta_train_work_dup_path (self, "request.json");
  g_autofree char      *recipe_path = arietta_train_work_dup_path (self, "recipe");
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode             *root;
  JsonObject           *object;
  const char           *dataset;

  self->recipe = arietta_recipe_load (recipe_path, error);
  if (self->recipe == NULL || !json_parser_load_from_file (parser, path, error))
    return FALSE;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, path, NULL,
                         _("“%s” does not say what the run was asked for."), path);
      return FALSE;
    }

  object = json_node_get_object (root);
  dataset = arietta_json_get_text (object, "dataset");
  self->dataset = g_strdup (dataset != NULL ? dataset : "");
  self->from = g_strdup (arietta_json_get_text (object, "from"));
  self->recipe_name = g_strdup (arietta_json_get_text (object, "recipe"));
  self->minutes = json_object_get_double_member_with_default (object, "minutes", 0.0);
  self->epochs = (guint) json_object_get_int_member_with_default (object, "epochs", 0);
  self->seed = (guint64) json_object_get_int_member_with_default (object, "seed", 1);
  self->export_bundle = json_object_get_boolean_member_with_default (object, "export_bundle",
                                                                     FALSE);

  return TRUE;
}

/* A bundled model hides one of its name. */
static gboolean
is_bundled (const char *name)
{
  g_autofree char *folder = arietta_models_dup_folder ();
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* "folk-melody-vae", "folk-melody-vae-2" ... */
static char *
make_name (AriettaLibrary *library,
           const char     *kind,
           const char     *dataset)
{
  for (guint i = 1;; i++)
    {
      char                         *name = i == 1 ? g_strdup_printf ("%s-%s", dataset, kind)
                                                  : g_strdup_printf ("%s-%s-%u", dataset, kind, i);
      g_autoptr(AriettaModelRecord) taken = arietta_library_find_model (library, name, NULL);

      if ((taken == NULL && !is_bundled (name)) || i > 1000)
        return name;
      g_free (name);
    }
}

static AriettaRecipe *
choose_recipe (AriettaLibrary             *library,
               const AriettaTrainRequest  *request,
               GError                    **error)
{
  const char             *name = request->kind != NULL ? request->kind : "melody-vae";
  const AriettaModelKind *kind = arietta_model_kind_find (name);
  g_autoptr(AriettaRecipe) recipe = NULL;

  if (request->from != NULL)
    return arietta_tune_dup_recipe (library, request->from, error);
  if (kind == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNKNOWN_KIND, NULL,
                         NULL, _("There is no kind of model called “%s”."), name);
      return NULL;
    }

  recipe = request->recipe_path != NULL
             ? arietta_recipe_load (request->recipe_path, error)
             : arietta_recipe_parse (kind->default_recipe, kind->name, error);
  if (recipe != NULL && request->kind != NULL
      && strcmp (arietta_recipe_get_kind (recipe), request->kind) != 0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE,
                         request->recipe_path, NULL,
                         _("The recipe “%s” is for models of the kind “%s”, not “%s”."),
                         request->recipe_path, arietta_recipe_get_kind (recipe), request->kind);
      return NULL;
    }

  return g_steal_pointer (&recipe);
}

gboolean
arietta_train_work_start (AriettaTrainWork           *self,
                          const AriettaTrainRequest  *request,
                          GError                    **error)
{
  g_autoptr(AriettaDataset) dataset = NULL;
  g_autofree char          *name = NULL;

  if (request->dataset == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_DATASET, NULL,
                         NULL, _("Say which dataset the model shall learn from."));
      return FALSE;
    }

  if (request->paths != NULL
      && !arietta_tune_bring_in (self->library, request->dataset, request->paths, self->job, error))
    return FALSE;
  dataset = arietta_library_find_dataset (self->library, request->dataset, error);
  if (dataset == NULL)
    return FALSE;

  self->recipe = choose_recipe (self->library, request, error);
  if (self->recipe == NULL)
    return FALSE;

  self->dataset = g_strdup (request->dataset);
  self->from = g_strdup (request->from);
  self->recipe_name = request->recipe_path != NULL ? g_path_get_basename (request->recipe_path)
                                                   : NULL;
  self->minutes = request->minutes;
  self->epochs = request->epochs;
  self->export_bundle = request->export_bundle;
  self->seed = request->seed != 0
                 ? request->seed
                 : (guint64) arietta_recipe_get_int (self->recipe, "training", "seed");

  name = request->name != NULL
           ? g_strdup (request->name)
           : make_name (self->library, arietta_recipe_get_kind (self->recipe), request->dataset);
  if (is_bundled (name))
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS, NULL, NULL,
                         _("A model called “%s” comes with the program.  Choose another name."),
                         name);
      return FALSE;
    }
  if (arietta_library_add_model (self->library, name, arietta_recipe_get_kind (self->recipe),
                                 dataset->id, error)
      == 0)
    return FALSE;

  self->record = arietta_library_find_model (self->library, name, error);
  return self->record != NULL && run_lock (self, error) && write_request (self, error);
}

gboolean
arietta_train_work_open (AriettaTrainWork  *self,
                         const char        *model,
                         GError           **error)
{
  self->record = arietta_library_find_model (self->library, model, error);

  return self->record != NULL && run_lock (self, error) && read_request (self, error);
}
