#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-train.h"

#include "base/arietta-error.h"
#include "learning/arietta-training.h"
#include "library/arietta-library-error.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_TRIES 10
#define MAX_IMPORTS 50

/* Stands in the folder while somebody trains; found without anybody holding the lock, it tells of a crash. */
#define MARK "unfinished"

/* A run being worked on. Its lock is held as long as this lives, and let go by the system if we die. */
typedef struct
{
  AriettaLibrary     *library;
  AriettaModelRecord *record;
  AriettaRecipe      *recipe;
  AriettaTraining    *training;
  AriettaJob         *job;
  AriettaTrainFunc    func;
  gpointer            user_data;
  GError             *error;          /* of a checkpoint made within a callback */

  int                 lock;           /* file descriptor, -1 */
  guint64             seed;
  double              minutes;
  guint               epochs;
  gboolean            export_bundle;
  char               *dataset;
  char               *recipe_name;    /* without folders; NULL: the kind's default */
  GPtrArray          *imports;        /* char *: commands that would bring these items in again, for the card */

  GHashTable         *licences;       /* style -> GHashTable of licences as a set */
  guint               n_unstated;     /* training items whose licence is unstated */
  guint               n_sound, n_forbidden, n_skipped, n_unreadable;
} Run;

static char *
path_in (Run        *self,
         const char *name)
{
  return g_build_filename (self->record->folder, name, NULL);
}

static Run *
run_new (AriettaLibrary *library,
         AriettaJob     *job)
{
  Run *self = g_new0 (Run, 1);

  self->library = g_object_ref (library);
  self->job = job;
  self->lock = -1;
  self->imports = g_ptr_array_new_with_free_func (g_free);
  self->licences = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);

  return self;
}

static void
run_free (Run *self)
{
  if (self == NULL)
    return;

  if (self->lock >= 0)
    {
      g_autofree char *mark = path_in (self, MARK);

      g_remove (mark);
    }
  g_clear_pointer (&self->training, arietta_training_free);
  g_clear_pointer (&self->recipe, arietta_recipe_unref);
  g_clear_pointer (&self->record, arietta_model_record_free);
  g_clear_pointer (&self->licences, g_hash_table_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->imports, g_ptr_array_unref);
  g_free (self->dataset);
  g_free (self->recipe_name);
  if (self->lock >= 0)
    close (self->lock);
  g_object_unref (self->library);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

/* The run's lock, which the library looks at too, or -1: held by another program, or (with *busy FALSE) not to be
 * had.  Whoever only looks holds it for a moment, hence the patience. */
static int
take_lock (const char *folder,
           gboolean   *busy)
{
  g_autofree char *path = g_build_filename (folder, "run.lock", NULL);
  int              lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

  *busy = FALSE;
  if (lock < 0)
    return -1;

  for (int i = 0; i < LOCK_TRIES; i++)
    {
      if (flock (lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
      *busy = errno == EWOULDBLOCK;
      g_usleep (10000);
    }
  close (lock);

  return -1;
}

static gboolean
run_lock (Run     *self,
          GError **error)
{
  g_autofree char *mark = path_in (self, MARK);
  gboolean         busy;

  self->lock = take_lock (self->record->folder, &busy);
  if (self->lock >= 0)
    return g_file_set_contents (mark, "", 0, error);

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_RUNNING, self->record->folder, NULL,
                     busy ? _("“%s” is being trained by another program.")
                          : _("The folder of “%s” cannot be used: its lock cannot be made."),
                     self->record->name);
  return FALSE;
}

/* --- what a run was asked for, in its folder --- */

static gboolean
write_request (Run     *self,
               GError **error)
{
  g_autofree char       *path = path_in (self, "request.json");
  g_autofree char       *recipe_path = path_in (self, "recipe");
  g_autoptr(JsonObject)  object = json_object_new ();
  g_autoptr(JsonNode)    node = json_node_init_object (json_node_alloc (), object);
  g_autofree char       *text = NULL;
  const char            *recipe = arietta_recipe_get_text (self->recipe);

  json_object_set_string_member (object, "dataset", self->dataset);
  if (self->recipe_name != NULL)
    json_object_set_string_member (object, "recipe", self->recipe_name);
  json_object_set_double_member (object, "minutes", self->minutes);
  json_object_set_int_member (object, "epochs", self->epochs);
  json_object_set_int_member (object, "seed", (gint64) self->seed);
  json_object_set_boolean_member (object, "export_bundle", self->export_bundle);
  text = json_to_string (node, TRUE);

  return g_file_set_contents (path, text, -1, error) && g_file_set_contents (recipe_path, recipe, -1, error);
}

static gboolean
read_request (Run     *self,
              GError **error)
{
  g_autofree char      *path = path_in (self, "request.json");
  g_autofree char      *recipe_path = path_in (self, "recipe");
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode             *root;
  JsonObject           *object;

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
  self->dataset = g_strdup (json_object_get_string_member_with_default (object, "dataset", ""));
  self->recipe_name = g_strdup (json_object_get_string_member_with_default (object, "recipe", NULL));
  self->minutes = json_object_get_double_member_with_default (object, "minutes", 0.0);
  self->epochs = (guint) json_object_get_int_member_with_default (object, "epochs", 0);
  self->seed = (guint64) json_object_get_int_member_with_default (object, "seed", 1);
  self->export_bundle = json_object_get_boolean_member_with_default (object, "export_bundle", FALSE);

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
choose_recipe (const AriettaTrainRequest *request,
               GError                   **error)
{
  const char             *name = request->kind != NULL ? request->kind : "melody-vae";
  const AriettaModelKind *kind = arietta_model_kind_find (name);
  g_autoptr(AriettaRecipe) recipe = NULL;

  if (kind == NULL)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNKNOWN_KIND, NULL, NULL,
                         _("There is no kind of model called “%s”."), name);
      return NULL;
    }

  recipe = request->recipe_path != NULL ? arietta_recipe_load (request->recipe_path, error)
                                        : arietta_recipe_parse (kind->default_recipe, kind->name, error);
  if (recipe != NULL && request->kind != NULL && strcmp (arietta_recipe_get_kind (recipe), request->kind) != 0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_RECIPE, request->recipe_path, NULL,
                         _("The recipe “%s” is for models of the kind “%s”, not “%s”."), request->recipe_path,
                         arietta_recipe_get_kind (recipe), request->kind);
      return NULL;
    }

  return g_steal_pointer (&recipe);
}

static gboolean
start_run (Run                       *self,
           const AriettaTrainRequest *request,
           GError                   **error)
{
  g_autoptr(AriettaDataset) dataset = NULL;
  g_autofree char          *name = NULL;

  if (request->dataset == NULL)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_DATASET, NULL, NULL,
                         _("Say which dataset the model shall learn from."));
      return FALSE;
    }

  dataset = arietta_library_find_dataset (self->library, request->dataset, error);
  if (dataset == NULL)
    return FALSE;

  self->recipe = choose_recipe (request, error);
  if (self->recipe == NULL)
    return FALSE;

  self->dataset = g_strdup (request->dataset);
  self->recipe_name = request->recipe_path != NULL ? g_path_get_basename (request->recipe_path) : NULL;
  self->minutes = request->minutes;
  self->epochs = request->epochs;
  self->export_bundle = request->export_bundle;
  self->seed = request->seed != 0 ? request->seed : (guint64) arietta_recipe_get_int (self->recipe, "training", "seed");

  name = request->name != NULL ? g_strdup (request->name)
                               : make_name (self->library, arietta_recipe_get_kind (self->recipe), request->dataset);
  if (is_bundled (name))
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS, NULL, NULL,
                         _("A model called “%s” comes with the program.  Choose another name."), name);
      return FALSE;
    }
  if (arietta_library_add_model (self->library, name, arietta_recipe_get_kind (self->recipe), dataset->id, error) == 0)
    return FALSE;

  self->record = arietta_library_find_model (self->library, name, error);
  return self->record != NULL && run_lock (self, error) && write_request (self, error);
}

static gboolean
open_run (Run         *self,
          const char  *model,
          GError     **error)
{
  self->record = arietta_library_find_model (self->library, model, error);

  return self->record != NULL && run_lock (self, error) && read_request (self, error);
}

/* --- reading the dataset --- */

static gboolean
is_cancelled (Run     *self,
              GError **error)
{
  if (self->job == NULL || arietta_job_check (self->job))
    return FALSE;

  arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_CANCELLED, NULL, NULL,
                     _("The training was stopped; it can go on later."));
  return TRUE;
}

static void
note_licence (Run               *self,
              const AriettaItem *item)
{
  GHashTable *licences = g_hash_table_lookup (self->licences, item->style);
  const char *licence = item->licence != NULL && item->licence[0] != '\0' ? item->licence : "NOASSERTION";

  if (licences == NULL)
    {
      licences = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->licences, g_strdup (item->style), licences);
    }
  g_hash_table_add (licences, g_strdup (licence));
  self->n_unstated += strcmp (licence, "NOASSERTION") == 0;
}

/* A card names folders, but not where they stood on this machine. */
static void
note_import (Run               *self,
             const AriettaItem *item)
{
  g_autofree char *folder_path = g_path_get_dirname (item->source_path != NULL ? item->source_path : "");
  g_autofree char *folder = g_path_get_basename (folder_path);
  g_autofree char *dataset = g_shell_quote (self->dataset);
  g_autofree char *place = g_shell_quote (folder);
  g_autofree char *style = g_shell_quote (item->style);
  g_autofree char *licence = g_shell_quote (item->licence);
  g_autofree char *command = g_strdup_printf ("arietta-cli import %s --dataset %s --style %s --licence %s", place,
                                              dataset, style, licence);

  if (self->imports->len < MAX_IMPORTS && item->style[0] != '\0'
      && !g_ptr_array_find_with_equal_func (self->imports, command, g_str_equal, NULL))
    g_ptr_array_add (self->imports, g_steal_pointer (&command));
}

static void
add_item (Run               *self,
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
    {
      note_licence (self, item);
      note_import (self, item);
    }
}

static gboolean
read_dataset (Run     *self,
              GError **error)
{
  g_autoptr(AriettaDataset) dataset = arietta_library_find_dataset (self->library, self->dataset, error);
  g_autoptr(GPtrArray)      items = NULL;

  if (dataset == NULL)
    return FALSE;

  items = arietta_library_list_items (self->library, dataset->id, NULL, error);
  if (items == NULL)
    return FALSE;

  self->training = arietta_training_new (self->recipe, self->seed, self->minutes, self->epochs, self->record->folder,
                                         error);
  if (self->training == NULL)
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

  return arietta_training_begin (self->training, error);
}

/* --- the run --- */

static void
point_cb (const AriettaTrainingPoint *point,
          gpointer                    user_data)
{
  Run              *self = user_data;
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
  Run *self = user_data;

  if (self->job == NULL)
    return TRUE;

  /* What is waited for may never come: first save. */
  if (arietta_job_get_state (self->job) == ARIETTA_JOB_PAUSED
      && !arietta_training_checkpoint (self->training, &self->error))
    return FALSE;

  return arietta_job_check (self->job);
}

/* Adds what the items say to the rows that the kind made, a row for each style. */
static void
complete_data (Run        *self,
               JsonObject *card)
{
  JsonArray *rows = json_object_has_member (card, "data") ? json_object_get_array_member (card, "data") : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject       *row = json_array_get_object_element (rows, i);
      GHashTable       *licences = g_hash_table_lookup (self->licences,
                                                        json_object_get_string_member_with_default (row, "style", ""));
      JsonArray        *names = json_array_new ();
      g_autoptr(GList)  keys = licences != NULL ? g_hash_table_get_keys (licences) : NULL;

      keys = g_list_sort (keys, (GCompareFunc) strcmp);
      for (GList *l = keys; l != NULL; l = l->next)
        json_array_add_string_element (names, l->data);
      json_object_set_array_member (row, "licences", names);
    }

  json_object_set_int_member (card, "items_without_licence", self->n_unstated);
  json_object_set_int_member (card, "pieces_skipped", self->n_skipped);
  json_object_set_int_member (card, "pieces_not_for_training", self->n_forbidden);
  json_object_set_int_member (card, "sound_items", self->n_sound);
}

static gboolean
copy_file (const char  *from,
           const char  *to,
           GError     **error)
{
  g_autofree char *contents = NULL;
  gsize            length;

  return g_file_get_contents (from, &contents, &length, error)
         && g_file_set_contents_full (to, contents, (gssize) length,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

/* NAME.safetensors, .json, .log and .recipe in the run's folder "bundle", as they belong into models/. */
static gboolean
write_bundle (Run     *self,
              GError **error)
{
  static const char * const files[][2] = {
    { "model.safetensors", "safetensors" }, { "card.json", "json" }, { "log.jsonl", "log" }, { "recipe", "recipe" },
  };
  g_autofree char *folder = path_in (self, "bundle");

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, folder, NULL,
                         _("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = path_in (self, files[i][0]);
      g_autofree char *name = g_strdup_printf ("%s.%s", self->record->name, files[i][1]);
      g_autofree char *to = g_build_filename (folder, name, NULL);

      if (!copy_file (from, to, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
finish_run (Run     *self,
            GError **error)
{
  g_autoptr(JsonObject) card = json_object_new ();
  g_autoptr(JsonNode)   node = json_node_init_object (json_node_alloc (), card);
  g_autofree char      *path = path_in (self, "card.json");
  g_autofree char      *text = NULL;
  JsonArray            *commands = json_array_new ();
  GString              *command = g_string_new (NULL);

  if (self->job != NULL)
    arietta_job_report (self->job, 0.999, _("Measuring what was learned…"));

  json_object_set_string_member (card, "name", self->record->name);
  json_object_set_string_member (card, "dataset", self->dataset);
  g_string_printf (command, "arietta-cli train --kind %s --dataset %s --name %s --seed %" G_GUINT64_FORMAT,
                   arietta_recipe_get_kind (self->recipe), self->dataset, self->record->name, self->seed);
  if (self->recipe_name != NULL)
    g_string_append_printf (command, " --recipe %s", self->recipe_name);
  if (self->minutes > 0.0)
    g_string_append_printf (command, " --minutes %g", self->minutes);
  if (self->epochs > 0)
    g_string_append_printf (command, " --epochs %u", self->epochs);
  if (self->export_bundle)
    g_string_append (command, " --export-bundle");
  for (guint i = 0; i < self->imports->len; i++)
    json_array_add_string_element (commands, self->imports->pdata[i]);
  json_array_add_string_element (commands, command->str);
  g_string_free (command, TRUE);
  json_object_set_array_member (card, "commands", commands);

  if (!arietta_training_finish (self->training, card, NULL, NULL, error))
    return FALSE;

  complete_data (self, card);
  text = json_to_string (node, TRUE);
  if (!g_file_set_contents (path, text, -1, error))
    return FALSE;
  if (self->export_bundle && !write_bundle (self, error))
    return FALSE;

  return arietta_library_set_model_state (self->library, self->record->id, ARIETTA_MODEL_READY, error);
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
make_result (Run *self)
{
  AriettaTrainResult *result = g_new0 (AriettaTrainResult, 1);

  result->model = g_strdup (self->record->name);
  result->steps = (guint64) arietta_training_get_step (self->training);
  result->seconds = arietta_training_get_seconds (self->training);
  result->train_loss = arietta_training_get_train_loss (self->training);
  result->validation_loss = arietta_training_get_validation_loss (self->training);
  result->checkpoint = path_in (self, "model.safetensors");

  return result;
}

AriettaTrainResult *
arietta_train (AriettaLibrary            *library,
               const AriettaTrainRequest *request,
               AriettaTrainFunc           func,
               gpointer                   user_data,
               AriettaJob                *job,
               GError                   **error)
{
  g_autoptr(Run)         run = run_new (library, job);
  AriettaTrainingOutcome outcome;
  gboolean               ready;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (library) && request != NULL, NULL);

  run->func = func;
  run->user_data = user_data;
  ready = request->resume != NULL ? open_run (run, request->resume, error) : start_run (run, request, error);
  if (!ready)
    {
      /* A run that never began leaves nothing behind. */
      if (request->resume == NULL && run->record != NULL)
        arietta_library_remove_model (library, run->record->id, TRUE, NULL);
      return NULL;
    }

  if (!arietta_library_set_model_state (library, run->record->id, ARIETTA_MODEL_TRAINING, error))
    return NULL;

  if (!read_dataset (run, error))
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
                       _("The training of “%s” was stopped; it can go on later."), run->record->name);

  if (outcome != ARIETTA_TRAINING_COMPLETE || !finish_run (run, error))
    {
      arietta_library_set_model_state (library, run->record->id, ARIETTA_MODEL_PAUSED, NULL);
      return NULL;
    }

  return make_result (run);
}

gboolean
arietta_train_stop_and_keep (AriettaLibrary *library,
                             const char     *model,
                             GError        **error)
{
  g_autoptr(Run) run = run_new (library, NULL);

  return open_run (run, model, error) && read_dataset (run, error) && finish_run (run, error);
}

GArray *
arietta_train_read_log (const char *folder,
                        GError    **error)
{
  g_autoptr(GArray) points = arietta_training_read_log (folder, error);
  GArray           *told;

  if (points == NULL)
    return NULL;

  told = g_array_sized_new (FALSE, FALSE, sizeof (AriettaTrainPoint), points->len);
  for (guint i = 0; i < points->len; i++)
    {
      const AriettaTrainingPoint *point = &g_array_index (points, AriettaTrainingPoint, i);

      g_array_append_val (told, ((AriettaTrainPoint) {
                                  .step = (guint64) point->step,
                                  .seconds = point->seconds,
                                  .train_loss = point->train_loss,
                                  .validation_loss = point->validation_loss,
                                  .learning_rate = point->learning_rate,
                                }));
    }

  return told;
}

guint
arietta_train_find_paused (AriettaLibrary *library,
                           GError        **error)
{
  g_autoptr(GPtrArray) records = arietta_library_list_models (library, error);
  guint                n = 0;

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const AriettaModelRecord *record = records->pdata[i];
      g_autofree char          *mark = g_build_filename (record->folder, MARK, NULL);
      gboolean                  busy;
      int                       lock;

      if (!g_file_test (mark, G_FILE_TEST_EXISTS))
        continue;

      lock = take_lock (record->folder, &busy);
      if (busy)
        continue;
      g_remove (mark);
      if (arietta_library_set_model_state (library, record->id, ARIETTA_MODEL_PAUSED, error))
        n++;
      if (lock >= 0)
        close (lock);
    }

  return n;
}
