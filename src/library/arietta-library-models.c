#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arietta-error.h"
#include "library/arietta-file-store.h"
#include "library/arietta-library-private.h"

#define MODEL_COLUMNS "SELECT id, name, kind, dataset_id, stored, state, created_unix FROM models "

static char *
dup_lock_path (const char *folder)
{
  return g_build_filename (folder, "run.lock", NULL);
}

/* Whether some process holds the run. A lock dies with its process, so a killed training shows as paused. */
static gboolean
is_held (const char *folder)
{
  g_autofree char *path = dup_lock_path (folder);
  int              fd = open (path, O_RDWR | O_CLOEXEC);
  gboolean         held;

  if (fd < 0)
    return FALSE;

  held = flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);
  return held;
}

static AriettaModelRecord *
read_model (AriettaLibrary *self,
            sqlite3_stmt   *statement)
{
  AriettaModelRecord *model = g_new0 (AriettaModelRecord, 1);

  model->id = sqlite3_column_int64 (statement, 0);
  model->name = arietta_statement_dup_text (statement, 1);
  model->kind = arietta_statement_dup_text (statement, 2);
  model->dataset_id = sqlite3_column_int64 (statement, 3);
  model->folder = arietta_library_dup_path (self, (const char *) sqlite3_column_text (statement, 4));
  model->state = (AriettaModelState) CLAMP (sqlite3_column_int (statement, 5), ARIETTA_MODEL_READY,
                                            ARIETTA_MODEL_PAUSED);
  model->created_unix = sqlite3_column_int64 (statement, 6);

  if (model->state == ARIETTA_MODEL_TRAINING && !is_held (model->folder))
    model->state = ARIETTA_MODEL_PAUSED;

  return model;
}

static char *
dup_taken (const char *name)
{
  return g_strdup_printf (_("There is already a model named “%s”. Choose another name."), name);
}

static const AriettaNamedRows rows = {
  .table = "models",
  .tables = ARIETTA_TABLE_MODELS,
  .dup_taken = dup_taken,
  .gone = N_("The model is no longer in the library."),
};

gint64
arietta_library_add_model (AriettaLibrary  *self,
                           const char      *name,
                           const char      *kind,
                           gint64           dataset_id,
                           GError         **error)
{
  gint64   id = 0;
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), 0);
  g_return_val_if_fail (name != NULL && *name != '\0' && kind != NULL, 0);

  if (!arietta_library_begin (self, error))
    return 0;

  done = arietta_library_check_name (self, &rows, name, 0, error)
         && arietta_database_run (self->writer, error,
                                  "INSERT INTO models (name, kind, dataset_id, stored, state, created_unix)"
                                  " VALUES (?, ?, nullif (?, 0), '', ?, ?)",
                                  "ssiui", name, kind, dataset_id, ARIETTA_MODEL_PAUSED,
                                  arietta_library_now ());
  if (done)
    {
      g_autofree char *stored = NULL;
      g_autofree char *folder = NULL;

      /* By number, not by name: a name may change and may hold anything. */
      id = arietta_database_last_id (self->writer);
      stored = g_strdup_printf ("models/%" G_GINT64_FORMAT, id);
      folder = arietta_library_dup_path (self, stored);

      if (g_mkdir_with_parents (folder, 0700) != 0)
        {
          arietta_file_store_set_error (error, errno, folder);
          done = FALSE;
        }
      else
        done = arietta_database_run (self->writer, error, "UPDATE models SET stored = ? WHERE id = ?",
                                     "si", stored, id);
    }

  return arietta_library_end (self, done, ARIETTA_TABLE_MODELS, error) ? id : 0;
}

GPtrArray *
arietta_library_list_models (AriettaLibrary  *self,
                             GError         **error)
{
  g_autoptr(GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_model_record_free);
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      MODEL_COLUMNS "WHERE removed_unix IS NULL ORDER BY id", "");
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_ptr_array_add (models, read_model (self, statement));
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&models) : NULL;
}

AriettaModelRecord *
arietta_library_find_model (AriettaLibrary  *self,
                            const char      *name,
                            GError         **error)
{
  AriettaModelRecord *model = NULL;
  sqlite3_stmt       *statement;
  int                 state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      MODEL_COLUMNS "WHERE name = ? AND removed_unix IS NULL", "s", name);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      model = read_model (self, statement);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  if (state == 0)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                       _("There is no model named “%s”."), name);

  return model;
}

gboolean
arietta_library_set_model_state (AriettaLibrary     *self,
                                 gint64              id,
                                 AriettaModelState   state,
                                 GError            **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_MODELS,
                                     _("The model is no longer in the library."), error,
                                     "UPDATE models SET state = ? WHERE id = ?", "ui", state, id);
}

gboolean
arietta_library_rename_model (AriettaLibrary  *self,
                              gint64           id,
                              const char      *name,
                              GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (name != NULL && *name != '\0', FALSE);

  return arietta_library_rename_row (self, &rows, id, name, error);
}

gboolean
arietta_library_remove_model (AriettaLibrary  *self,
                              gint64           id,
                              gboolean         removed,
                              GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_remove_row (self, &rows, id, removed, error);
}

int
arietta_library_hold_model (AriettaLibrary            *self,
                            const AriettaModelRecord  *model,
                            guint                      patience_ms,
                            GError                   **error)
{
  const gint64     end = g_get_monotonic_time () + (gint64) patience_ms * 1000;
  g_autofree char *path = NULL;
  int              fd;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), -1);
  g_return_val_if_fail (model != NULL, -1);

  path = dup_lock_path (model->folder);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      arietta_file_store_set_error (error, errno, path);
      return -1;
    }

  while (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno != EWOULDBLOCK && errno != EINTR)
        {
          arietta_file_store_set_error (error, errno, path);
          close (fd);
          return -1;
        }
      if (g_get_monotonic_time () >= end)
        {
          arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY, model->folder, NULL,
                             _("The model “%s” is already being trained, here or by another program."),
                             model->name);
          close (fd);
          return -1;
        }
      g_usleep (10000);
    }

  return fd;
}

void
arietta_library_release_model (int fd)
{
  if (fd >= 0)
    close (fd);
}
