/* What stays of a run: weights, card, bundle; and runs as they are found. */
#define G_LOG_DOMAIN "arietta-studio"

#include "studio/arietta-train-private.h"

#include "base/arietta-error.h"
#include "base/arietta-json.h"
#include "base/arietta-load.h"
#include "base/arietta-save.h"
#include "library/arietta-library-error.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-tune.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define MOST_BYTES ((gsize) 1 << 30) /* of a file of the run */

#define MAX_IMPORTS 50

static void
note_licence (AriettaTrainWork  *self,
              const AriettaItem *item)
{
  GHashTable *licences = g_hash_table_lookup (self->licences, item->style);
  const char *licence = item->licence != NULL && item->licence[0] != '\0' ? item->licence
                                                                          : "NOASSERTION";

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
note_import (AriettaTrainWork  *self,
             const AriettaItem *item)
{
  g_autofree char *folder_path = g_path_get_dirname (item->source_path != NULL ? item->source_path
                                                                               : "");
  g_autofree char *folder = g_path_get_basename (folder_path);
  g_autofree char *dataset = g_shell_quote (self->dataset);
  g_autofree char *place = g_shell_quote (folder);
  g_autofree char *style = g_shell_quote (item->style);
  g_autofree char *licence = g_shell_quote (item->licence);
  g_autofree char *command =
    g_strdup_printf ("arietta-cli import %s --dataset %s --style %s --licence %s", place, dataset,
                     style, licence);

  if (self->imports->len < MAX_IMPORTS && item->style[0] != '\0'
      && !g_ptr_array_find_with_equal_func (self->imports, command, g_str_equal, NULL))
    g_ptr_array_add (self->imports, g_steal_pointer (&command));
}

void
arietta_train_work_note_item (AriettaTrainWork  *self,
                              const AriettaItem *item)
{
  note_licence (self, item);
  note_import (self, item);
}

/* Adds what the items say to the rows that the kind made, a row for each style. */
static void
complete_data (AriettaTrainWork *self,
               JsonObject       *card)
{
  JsonArray *rows = arietta_json_get_array (card, "data");

  for (guint i = 0; i < arietta_json_get_length (rows); i++)
    {
      JsonObject       *row = json_array_get_object_element (rows, i);
      GHashTable *licences =
        g_hash_table_lookup (self->licences,
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
  const AriettaLoadErrors errors = { ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, ARIETTA_STUDIO_ERROR_UNABLE,
                                     ARIETTA_STUDIO_ERROR_UNABLE };
  g_autoptr(GBytes)       bytes = arietta_load_file (from, MOST_BYTES, &errors, error);

  return bytes != NULL
         && arietta_save_file (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), ARIETTA_STUDIO_ERROR,
                               ARIETTA_STUDIO_ERROR_UNABLE, error);
}

/* NAME.safetensors, .json, .log and .recipe in the run's folder "bundle", as they belong into
 * models/. */
static gboolean
write_bundle (AriettaTrainWork  *self,
              GError           **error)
{
  static const char * const files[][2] = {
    { "model.safetensors", "safetensors" },
    { "card.json", "json" },
    { "log.jsonl", "log" },
    { "recipe", "recipe" },
  };
  g_autofree char *folder = arietta_train_work_dup_path (self, "bundle");

  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNABLE, folder, NULL,
                         _("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = arietta_train_work_dup_path (self, files[i][0]);
      g_autofree char *name = g_strdup_printf ("%s.%s", self->record->name, files[i][1]);
      g_autofree char *to = g_build_filename (folder, name, NULL);

      if (!copy_file (from, to, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
arietta_train_work_finish (AriettaTrainWork  *self,
                           GError           **error)
{
  g_autoptr(JsonObject) card = json_object_new ();
  g_autoptr(JsonNode)   node = json_node_init_object (json_node_alloc (), card);
  g_autofree char      *path = arietta_train_work_dup_path (self, "card.json");
  g_autofree char      *text = NULL;
  JsonArray            *commands = json_array_new ();
  GString              *command = g_string_new (NULL);

  if (self->job != NULL)
    arietta_job_report (self->job, 0.999, _("Measuring what was learned…"));

  json_object_set_string_member (card, "name", self->record->name);
  json_object_set_string_member (card, "dataset", self->dataset);
  g_string_printf (command,
                   "arietta-cli train %s %s --dataset %s --name %s --seed %" G_GUINT64_FORMAT,
                   self->from != NULL ? "--from" : "--kind",
                   self->from != NULL ? self->from : arietta_recipe_get_kind (self->recipe), self->dataset,
                   self->record->name, self->seed);
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
  if (self->from != NULL)
    {
      g_autofree char *weights = arietta_train_work_dup_path (self, "model.safetensors");

      if (!arietta_tune_note (self->library, self->from, self->record->folder, weights, self->record->dataset_id, card,
                              self->job, error))
        return FALSE;
    }
  text = json_to_string (node, TRUE);
  if (!g_file_set_contents (path, text, -1, error))
    return FALSE;
  if (self->export_bundle && !write_bundle (self, error))
    return FALSE;

  return arietta_library_set_model_state (self->library, self->record->id, ARIETTA_MODEL_READY,
                                          error);
}

gboolean
arietta_train_stop_and_keep (AriettaLibrary  *library,
                             const char      *model,
                             GError         **error)
{
  g_autoptr(AriettaTrainWork) run = arietta_train_work_new (library, NULL);

  return arietta_train_work_open (run, model, error) && arietta_train_work_read (run, error)
         && arietta_train_work_finish (run, error);
}

GArray *
arietta_train_read_log (const char  *folder,
                        GError     **error)
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
arietta_train_find_paused (AriettaLibrary  *library,
                           GError         **error)
{
  g_autoptr(GPtrArray) records = arietta_library_list_models (library, error);
  guint                n = 0;

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const AriettaModelRecord *record = records->pdata[i];
      g_autofree char          *mark = g_build_filename (record->folder, ARIETTA_TRAIN_MARK, NULL);
      g_autoptr(GError)         local_error = NULL;
      int                       lock;

      if (!g_file_test (mark, G_FILE_TEST_EXISTS))
        continue;

      lock = arietta_library_hold_model (library, record, 0, &local_error);
      if (g_error_matches (local_error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY))
        continue;

      /* A run that ended meanwhile took its mark away before it let go: it has said itself how it ended, and whoever
       * wants the lock next should not find it here. */
      if (g_file_test (mark, G_FILE_TEST_EXISTS))
        {
          g_remove (mark);
          if (arietta_library_set_model_state (library, record->id, ARIETTA_MODEL_PAUSED, error))
            n++;
        }
      arietta_library_release_model (lock);
    }

  return n;
}
