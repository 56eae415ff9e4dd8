#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "formats/arietta-midi.h"
#include "library/arietta-library-private.h"

#define TAKE_COLUMNS                                                                                \
  "SELECT id, title, model, model_hash, seed, settings, style, starred, example, parent_id,"        \
  " created_unix, seconds, n_notes, note FROM takes "

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static AriettaTake *
read_take (sqlite3_stmt *statement)
{
  AriettaTake *take = g_new0 (AriettaTake, 1);

  take->id = sqlite3_column_int64 (statement, 0);
  take->title = arietta_statement_dup_text (statement, 1);
  take->model = arietta_statement_dup_text (statement, 2);
  take->model_hash = arietta_statement_dup_text (statement, 3);
  take->seed = (guint64) sqlite3_column_int64 (statement, 4);
  take->settings = arietta_statement_dup_text (statement, 5);
  take->style = arietta_statement_dup_text (statement, 6);
  take->starred = sqlite3_column_int (statement, 7) != 0;
  take->example = sqlite3_column_int (statement, 8) != 0;
  take->parent_id = sqlite3_column_int64 (statement, 9);
  take->created_unix = sqlite3_column_int64 (statement, 10);
  take->seconds = sqlite3_column_double (statement, 11);
  take->n_notes = (guint) sqlite3_column_int (statement, 12);
  take->note = arietta_statement_dup_text (statement, 13);

  return take;
}

static void
set_take_gone (GError **error)
{
  arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL,
                     _("The take is no longer in the library."));
}

gboolean
arietta_library_add_take (AriettaLibrary  *self,
                          AriettaTake     *take,
                          AriettaPiece    *piece,
                          GError         **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gboolean          done;
  gint64            id = 0;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (take != NULL && piece != NULL, FALSE);

  bytes = arietta_midi_write_bytes (piece, 1, error);
  if (bytes == NULL)
    return FALSE;

  if (take->created_unix == 0)
    take->created_unix = arietta_library_now ();
  take->seconds = arietta_piece_get_duration_seconds (piece);
  take->n_notes = arietta_piece_get_n_notes (piece);

  if (!arietta_library_begin (self, error))
    return FALSE;

  done = arietta_database_run (self->writer, error,
                               "INSERT INTO takes (title, model, model_hash, seed, settings, style, starred,"
                               " example, parent_id, created_unix, seconds, n_notes, note, notes)"
                               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif (?, 0), ?, ?, ?, ?, ?)",
                               "sssissuuiidusb", or_empty (take->title), or_empty (take->model),
                               or_empty (take->model_hash), (gint64) take->seed,
                               or_empty (take->settings), or_empty (take->style), take->starred,
                               take->example, take->parent_id, take->created_unix, take->seconds,
                               take->n_notes, or_empty (take->note), g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (done)
    id = arietta_database_last_id (self->writer);

  if (!arietta_library_end (self, done, ARIETTA_TABLE_TAKES, error))
    return FALSE;

  take->id = id;
  return TRUE;
}

GPtrArray *
arietta_library_list_takes (AriettaLibrary  *self,
                            GError         **error)
{
  g_autoptr(GPtrArray) takes = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_take_free);
  sqlite3_stmt        *statement;
  int                  state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      TAKE_COLUMNS "WHERE removed_unix IS NULL ORDER BY id DESC", "");
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_ptr_array_add (takes, read_take (statement));
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&takes) : NULL;
}

AriettaTake *
arietta_library_get_take (AriettaLibrary  *self,
                          gint64           id,
                          GError         **error)
{
  AriettaTake  *take = NULL;
  sqlite3_stmt *statement;
  int           state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error, TAKE_COLUMNS "WHERE id = ?", "i", id);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      take = read_take (statement);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  if (state == 0)
    set_take_gone (error);

  return take;
}

AriettaPiece *
arietta_library_load_take (AriettaLibrary  *self,
                           gint64           id,
                           GError         **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char  *title = NULL;
  sqlite3_stmt     *statement;
  int               state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error, "SELECT notes, title FROM takes WHERE id = ?",
                                      "i", id);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      bytes = g_bytes_new (sqlite3_column_blob (statement, 0),
                           (gsize) sqlite3_column_bytes (statement, 0));
      title = arietta_statement_dup_text (statement, 1);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);

  if (state == 0)
    set_take_gone (error);
  if (bytes == NULL)
    return NULL;

  return arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), title,
                                  ARIETTA_MIDI_READ_DEFAULT, NULL, error);
}

gboolean
arietta_library_rename_take (AriettaLibrary  *self,
                             gint64           id,
                             const char      *title,
                             GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_TAKES, _("The take is no longer in the library."),
                                     error, "UPDATE takes SET title = ? WHERE id = ?", "si",
                                     or_empty (title), id);
}

gboolean
arietta_library_note_take (AriettaLibrary  *self,
                           gint64           id,
                           const char      *note,
                           GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_TAKES, _("The take is no longer in the library."),
                                     error, "UPDATE takes SET note = ? WHERE id = ?", "si", or_empty (note), id);
}

gboolean
arietta_library_star_take (AriettaLibrary  *self,
                           gint64           id,
                           gboolean         starred,
                           GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_TAKES, _("The take is no longer in the library."),
                                     error, "UPDATE takes SET starred = ? WHERE id = ?", "ui",
                                     starred != FALSE, id);
}

gboolean
arietta_library_remove_takes (AriettaLibrary  *self,
                              const gint64    *ids,
                              guint            n_ids,
                              gboolean         removed,
                              GError         **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  if (!arietta_library_begin (self, error))
    return FALSE;

  for (guint i = 0; i < n_ids && done; i++)
    done = arietta_database_run (self->writer, error, "UPDATE takes SET removed_unix = nullif (?, 0)"
                                 " WHERE id = ?",
                                 "ii", removed ? arietta_library_now () : (gint64) 0, ids[i]);

  return arietta_library_end (self, done, ARIETTA_TABLE_TAKES, error);
}
