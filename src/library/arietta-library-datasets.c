#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "library/arietta-library-private.h"

#define DATASET_COLUMNS                                                                             \
  "SELECT datasets.id, datasets.name, count (items.id),"                                            \
  " coalesce (sum (items.split = 0), 0), coalesce (sum (items.split = 1), 0),"                      \
  " coalesce (sum (items.split = 2), 0), coalesce (sum (items.medium = 2), 0)"                      \
  " FROM datasets LEFT JOIN items"                                                                  \
  " ON items.dataset_id = datasets.id AND items.removed_unix IS NULL"                               \
  " WHERE datasets.removed_unix IS NULL "

G_STATIC_ASSERT (ARIETTA_MEDIUM_SOUND == 2);

static AriettaDataset *
read_dataset (sqlite3_stmt *statement)
{
  AriettaDataset *dataset = g_new0 (AriettaDataset, 1);

  dataset->id = sqlite3_column_int64 (statement, 0);
  dataset->name = arietta_statement_dup_text (statement, 1);
  dataset->n_items = (guint) sqlite3_column_int (statement, 2);
  dataset->n_train = (guint) sqlite3_column_int (statement, 3);
  dataset->n_validation = (guint) sqlite3_column_int (statement, 4);
  dataset->n_test = (guint) sqlite3_column_int (statement, 5);
  dataset->n_sound = (guint) sqlite3_column_int (statement, 6);

  return dataset;
}

/* "folk 120, hymn 40", the commonest first. */
static gboolean
read_styles (AriettaLibrary  *self,
             AriettaDataset  *dataset,
             GError         **error)
{
  g_autoptr(GString) styles = g_string_new (NULL);
  sqlite3_stmt      *statement;
  int                state = -1;

  statement = arietta_database_query (self->reader, error,
                                      "SELECT style, count (*) AS n FROM items"
                                      " WHERE dataset_id = ? AND removed_unix IS NULL AND style <> ''"
                                      " GROUP BY style ORDER BY n DESC, style",
                                      "i", dataset->id);
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_string_append_printf (styles, "%s%s %d", styles->len > 0 ? ", " : "",
                            (const char *) sqlite3_column_text (statement, 0),
                            sqlite3_column_int (statement, 1));

  dataset->styles = g_strdup (styles->str);
  return state == 0;
}

static void
set_no_such_dataset (GError     **error,
                     const char  *name)
{
  arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                     _("There is no dataset named “%s”."), name);
}

static char *
dup_taken (const char *name)
{
  return g_strdup_printf (_("There is already a dataset named “%s”."), name);
}

static const AriettaNamedRows rows = {
  .table = "datasets",
  .tables = ARIETTA_TABLE_DATASETS | ARIETTA_TABLE_ITEMS,
  .dup_taken = dup_taken,
  .gone = N_("The dataset is no longer in the library."),
};

/* The id, 0 when there is none, -1 on error. Wants the connection's lock. */
static gint64
find_id (AriettaDatabase  *database,
         const char       *name,
         GError          **error)
{
  sqlite3_stmt *statement;
  gint64        id = 0;
  int           state = -1;

  statement = arietta_database_query (database, error,
                                      "SELECT id FROM datasets WHERE name = ? AND removed_unix IS NULL",
                                      "s", name);
  if (statement != NULL && (state = arietta_database_step (database, statement, error)) > 0)
    {
      id = sqlite3_column_int64 (statement, 0);
      arietta_statement_end (statement);
    }

  return state >= 0 ? id : -1;
}

GPtrArray *
arietta_library_list_datasets (AriettaLibrary  *self,
                               GError         **error)
{
  g_autoptr(GPtrArray) datasets = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_dataset_free);
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      DATASET_COLUMNS "GROUP BY datasets.id ORDER BY datasets.name", "");
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_ptr_array_add (datasets, read_dataset (statement));
  for (guint i = 0; state == 0 && i < datasets->len; i++)
    if (!read_styles (self, g_ptr_array_index (datasets, i), error))
      state = -1;
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&datasets) : NULL;
}

AriettaDataset *
arietta_library_find_dataset (AriettaLibrary  *self,
                              const char      *name,
                              GError         **error)
{
  g_autoptr(AriettaDataset) dataset = NULL;
  sqlite3_stmt             *statement;
  int                       state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      DATASET_COLUMNS "AND datasets.name = ? GROUP BY datasets.id",
                                      "s", name);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      dataset = read_dataset (statement);
      arietta_statement_end (statement);
      if (!read_styles (self, dataset, error))
        state = -1;
    }
  arietta_database_unlock (self->reader);

  if (state == 0)
    set_no_such_dataset (error, name);

  return state > 0 ? g_steal_pointer (&dataset) : NULL;
}

gint64
arietta_library_ensure_dataset (AriettaLibrary  *self,
                                const char      *name,
                                GError         **error)
{
  g_autofree char *stripped = NULL;
  gint64           id;
  guint            tables = 0;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), 0);
  g_return_val_if_fail (name != NULL, 0);

  stripped = g_strstrip (g_utf8_make_valid (name, -1));
  if (*stripped == '\0')
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                         _("A dataset needs a name."));
      return 0;
    }

  if (!arietta_library_begin (self, error))
    return 0;

  id = find_id (self->writer, stripped, error);
  if (id == 0)
    {
      id = -1;
      if (arietta_database_run (self->writer, error,
                                "INSERT INTO datasets (name, created_unix) VALUES (?, ?)",
                                "si", stripped, arietta_library_now ()))
        {
          id = arietta_database_last_id (self->writer);
          tables = ARIETTA_TABLE_DATASETS;
        }
    }

  return arietta_library_end (self, id > 0, tables, error) ? id : 0;
}

gboolean
arietta_library_rename_dataset (AriettaLibrary  *self,
                                gint64           id,
                                const char      *name,
                                GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (name != NULL && *name != '\0', FALSE);

  return arietta_library_rename_row (self, &rows, id, name, error);
}

gboolean
arietta_library_remove_dataset (AriettaLibrary  *self,
                                gint64           id,
                                gboolean         removed,
                                GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_remove_row (self, &rows, id, removed, error);
}

gboolean
arietta_library_add_refusal (AriettaLibrary  *self,
                             gint64           dataset_id,
                             const char      *path,
                             const char      *reason,
                             GError         **error)
{
  AriettaRefusal  refusal = { .dataset_id = dataset_id, .path = (char *) path, .reason = (char *) reason };
  AriettaRefusal *refusals[1] = { &refusal };

  return arietta_library_add_refusals (self, refusals, 1, error);
}

gboolean
arietta_library_add_refusals (AriettaLibrary         *self,
                              AriettaRefusal *const  *refusals,
                              guint                   n_refusals,
                              GError                **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  if (n_refusals == 0)
    return TRUE;

  if (!arietta_library_begin (self, error))
    return FALSE;

  for (guint i = 0; i < n_refusals && done; i++)
    {
      AriettaRefusal  *refusal = refusals[i];
      g_autofree char *path = g_utf8_make_valid (refusal->path, -1);
      g_autofree char *reason = g_utf8_make_valid (refusal->reason, -1);

      refusal->unix_time = arietta_library_now ();
      done = arietta_database_run (self->writer, error,
                                   "INSERT INTO refusals (dataset_id, path, reason, unix_time)"
                                   " VALUES (?, ?, ?, ?) ON CONFLICT (dataset_id, path)"
                                   " DO UPDATE SET reason = excluded.reason, unix_time = excluded.unix_time",
                                   "issi", refusal->dataset_id, path, reason, refusal->unix_time);
    }

  return arietta_library_end (self, done, ARIETTA_TABLE_DATASETS, error);
}

GPtrArray *
arietta_library_list_refusals (AriettaLibrary  *self,
                               gint64           dataset_id,
                               GError         **error)
{
  g_autoptr(GPtrArray) refusals = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_refusal_free);
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      "SELECT id, dataset_id, path, reason, unix_time FROM refusals"
                                      " WHERE dataset_id = ? ORDER BY path",
                                      "i", dataset_id);
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      AriettaRefusal *refusal = g_new0 (AriettaRefusal, 1);

      refusal->id = sqlite3_column_int64 (statement, 0);
      refusal->dataset_id = sqlite3_column_int64 (statement, 1);
      refusal->path = arietta_statement_dup_text (statement, 2);
      refusal->reason = arietta_statement_dup_text (statement, 3);
      refusal->unix_time = sqlite3_column_int64 (statement, 4);
      g_ptr_array_add (refusals, refusal);
    }
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&refusals) : NULL;
}

gboolean
arietta_library_clear_refusals (AriettaLibrary  *self,
                                gint64           dataset_id,
                                GError         **error)
{
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  if (!arietta_library_begin (self, error))
    return FALSE;

  done = arietta_database_run (self->writer, error, "DELETE FROM refusals WHERE dataset_id = ?",
                               "i", dataset_id);
  return arietta_library_end (self, done, ARIETTA_TABLE_DATASETS, error);
}
