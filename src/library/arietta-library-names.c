/* Rows with a name of their own, which may be removed and come back: datasets, models. */
#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "library/arietta-library-private.h"

static gboolean
refuse_gone (const AriettaNamedRows  *rows,
             GError                 **error)
{
  arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL, "%s",
                     _(rows->gone));
  return FALSE;
}

gboolean
arietta_library_check_name (AriettaLibrary          *self,
                            const AriettaNamedRows  *rows,
                            const char              *name,
                            gint64                   but_id,
                            GError                 **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE name = ? AND id <> ?"
                                          " AND removed_unix IS NULL", rows->table);
  sqlite3_stmt    *statement = arietta_database_query (self->writer, error, sql, "si", name, but_id);
  int              state = -1;

  if (statement != NULL && (state = arietta_database_step (self->writer, statement, error)) > 0)
    {
      g_autofree char *sentence = rows->dup_taken (name);

      arietta_statement_end (statement);
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS, NULL, NULL, "%s",
                         sentence);
    }

  return state == 0;
}

gboolean
arietta_library_rename_row (AriettaLibrary          *self,
                            const AriettaNamedRows  *rows,
                            gint64                   id,
                            const char              *name,
                            GError                 **error)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE %s SET name = ? WHERE id = ?"
                                          " AND removed_unix IS NULL", rows->table);
  gboolean         done;

  if (!arietta_library_begin (self, error))
    return FALSE;

  done = arietta_library_check_name (self, rows, name, id, error)
         && arietta_database_run (self->writer, error, sql, "si", name, id)
         && (arietta_database_n_changed (self->writer) > 0 || refuse_gone (rows, error));

  return arietta_library_end (self, done, rows->tables, error);
}

/* Its name may have been given away meanwhile. */
static gboolean
bring_back (AriettaLibrary          *self,
            const AriettaNamedRows  *rows,
            gint64                   id,
            GError                 **error)
{
  g_autofree char *find = g_strdup_printf ("SELECT name FROM %s WHERE id = ?", rows->table);
  g_autofree char *update = g_strdup_printf ("UPDATE %s SET removed_unix = NULL WHERE id = ?",
                                             rows->table);
  g_autofree char *name = NULL;
  sqlite3_stmt    *statement = arietta_database_query (self->writer, error, find, "i", id);
  int              state = -1;

  if (statement != NULL && (state = arietta_database_step (self->writer, statement, error)) > 0)
    {
      name = arietta_statement_dup_text (statement, 0);
      arietta_statement_end (statement);
    }
  if (state == 0)
    return refuse_gone (rows, error);

  return name != NULL && arietta_library_check_name (self, rows, name, id, error)
         && arietta_database_run (self->writer, error, update, "i", id);
}

gboolean
arietta_library_remove_row (AriettaLibrary          *self,
                            const AriettaNamedRows  *rows,
                            gint64                   id,
                            gboolean                 removed,
                            GError                 **error)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE %s SET removed_unix = coalesce (removed_unix, ?)"
                                          " WHERE id = ?", rows->table);
  gboolean         done;

  if (!arietta_library_begin (self, error))
    return FALSE;

  done = removed ? arietta_database_run (self->writer, error, sql, "ii", arietta_library_now (), id)
                     && (arietta_database_n_changed (self->writer) > 0 || refuse_gone (rows, error))
                 : bring_back (self, rows, id, error);

  return arietta_library_end (self, done, rows->tables, error);
}
