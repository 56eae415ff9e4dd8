#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-library-projects.h"

#include <glib/gi18n.h>

#include "base/arietta-error.h"
#include "formats/arietta-history-bytes.h"
#include "library/arietta-library-private.h"

/* So far from the kept state loading may have to go. */
#define MOST_EDITS_FROM_STATE 64

#define PROJECT_COLUMNS "SELECT id, title, take_id, created_unix, changed_unix, place, heard FROM projects "

void
arietta_project_free (AriettaProject *self)
{
  g_free (self->title);
  g_free (self->heard);
  g_free (self);
}

void
arietta_project_step_free (AriettaProjectStep *self)
{
  g_free (self->label);
  g_free (self->maker);
  g_clear_pointer (&self->edit, arietta_edit_unref);
  g_free (self);
}

static AriettaProject *
read_project (sqlite3_stmt *statement)
{
  AriettaProject *project = g_new0 (AriettaProject, 1);

  project->id = sqlite3_column_int64 (statement, 0);
  project->title = arietta_statement_dup_text (statement, 1);
  project->take_id = sqlite3_column_int64 (statement, 2);
  project->created_unix = sqlite3_column_int64 (statement, 3);
  project->changed_unix = sqlite3_column_int64 (statement, 4);
  project->place = (guint) MAX (sqlite3_column_int (statement, 5), 0);
  project->heard = arietta_statement_dup_text (statement, 6);
  return project;
}

static GBytes *
read_blob (sqlite3_stmt *statement,
           int           column)
{
  return g_bytes_new (sqlite3_column_blob (statement, column), (gsize) sqlite3_column_bytes (statement, column));
}

static const char *
get_gone (void)
{
  return _("The piece is no longer in the library.");
}

/* ---- Changing ---- */

gint64
arietta_library_add_project (AriettaLibrary  *self,
                             const char      *title,
                             gint64           take_id,
                             AriettaPiece    *piece,
                             GError         **error)
{
  g_autoptr(GBytes) state = NULL;
  g_autofree char *origin = NULL;
  gint64 id = 0, now = arietta_library_now ();
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), 0);
  g_return_val_if_fail (title != NULL && piece != NULL, 0);

  state = arietta_history_write_state (piece, error);
  if (state == NULL || !arietta_library_begin (self, error))
    return 0;

  origin = arietta_piece_dup_digest (piece);
  done = arietta_database_run (self->writer, error,
                               "INSERT INTO projects (title, origin, take_id, created_unix, changed_unix, place,"
                               " state_place, state) VALUES (?, ?, nullif (?, 0), ?, ?, 0, 0, ?)",
                               "ssiiib", title, origin, take_id, now, now, g_bytes_get_data (state, NULL),
                               g_bytes_get_size (state));
  if (done)
    id = arietta_database_last_id (self->writer);
  return arietta_library_end (self, done, ARIETTA_TABLE_PROJECTS, error) ? id : 0;
}

/* Reads one integer of the project; wants the writer.  -1 (with an error) when there is no such project. */
static gint64
read_state_place (AriettaLibrary  *self,
                  gint64           id,
                  GError         **error)
{
  sqlite3_stmt *statement = arietta_database_query (self->writer, error,
                                                    "SELECT state_place FROM projects WHERE id = ?", "i", id);
  int state = statement != NULL ? arietta_database_step (self->writer, statement, error) : -1;
  gint64 place = -1;

  if (state > 0)
    {
      place = sqlite3_column_int64 (statement, 0);
      arietta_statement_end (statement);
    }
  else if (state == 0)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL, "%s", get_gone ());
  return place;
}

gboolean
arietta_library_add_edit (AriettaLibrary            *self,
                          gint64                     id,
                          guint                      place,
                          const AriettaProjectStep  *step,
                          AriettaPiece              *piece,
                          GError                   **error)
{
  g_autoptr(GBytes) edit = NULL;
  gint64 now = arietta_library_now (), state_place;
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (step != NULL && step->edit != NULL && piece != NULL, FALSE);

  edit = arietta_history_write_edit (step->edit, error);
  if (edit == NULL || !arietta_library_begin (self, error))
    return FALSE;

  state_place = read_state_place (self, id, error);
  done = state_place >= 0
         && arietta_database_run (self->writer, error, "DELETE FROM edits WHERE project_id = ? AND nth >= ?",
                                  "iu", id, place)
         && arietta_database_run (self->writer, error,
                                  "INSERT INTO edits (project_id, nth, label, maker, unix_time, edit)"
                                  " VALUES (?, ?, ?, ?, ?, ?)",
                                  "iussib", id, place, step->label, step->maker != NULL ? step->maker : "", now,
                                  g_bytes_get_data (edit, NULL), g_bytes_get_size (edit))
         && arietta_database_run (self->writer, error,
                                  "UPDATE projects SET place = ?, changed_unix = ?, removed_unix = NULL WHERE id = ?",
                                  "uii", place + 1, now, id);

  /* A state further on leads nowhere once its edits are gone; one far behind makes loading slow. */
  if (done && (state_place > place || place + 1 - state_place > MOST_EDITS_FROM_STATE))
    {
      g_autoptr(GBytes) state = arietta_history_write_state (piece, error);

      done = state != NULL
             && arietta_database_run (self->writer, error,
                                      "UPDATE projects SET state_place = ?, state = ? WHERE id = ?", "ubi",
                                      place + 1, g_bytes_get_data (state, NULL), g_bytes_get_size (state), id);
    }
  return arietta_library_end (self, done, ARIETTA_TABLE_PROJECTS, error);
}

gint64
arietta_library_import_project (AriettaLibrary        *self,
                                const AriettaProject  *project,
                                AriettaPiece          *first,
                                AriettaPiece          *piece,
                                GPtrArray             *steps,
                                GError               **error)
{
  g_autoptr(GPtrArray) edits = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GBytes) state = arietta_history_write_state (piece, error);
  g_autofree char *origin = arietta_piece_dup_digest (first);
  gint64 id = 0;
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self) && project != NULL, 0);

  if (state == NULL)
    return 0;
  for (guint i = 0; i < steps->len; i++)
    {
      GBytes *edit = arietta_history_write_edit (((AriettaProjectStep *) steps->pdata[i])->edit, error);

      if (edit == NULL)
        return 0;
      g_ptr_array_add (edits, edit);
    }
  if (!arietta_library_begin (self, error))
    return 0;

  done = arietta_database_run (self->writer, error,
                               "INSERT INTO projects (title, origin, take_id, created_unix, changed_unix, place,"
                               " state_place, heard, state) VALUES (?, ?, nullif (?, 0), ?, ?, ?, ?, ?, ?)",
                               "ssiiiuusb", project->title, origin, project->take_id, project->created_unix,
                               arietta_library_now (), project->place, project->place,
                               project->heard != NULL ? project->heard : "", g_bytes_get_data (state, NULL),
                               g_bytes_get_size (state));
  if (done)
    id = arietta_database_last_id (self->writer);
  for (guint i = 0; done && i < steps->len; i++)
    {
      const AriettaProjectStep *step = steps->pdata[i];

      done = arietta_database_run (self->writer, error,
                                   "INSERT INTO edits (project_id, nth, label, maker, unix_time, edit)"
                                   " VALUES (?, ?, ?, ?, ?, ?)",
                                   "iussib", id, i, step->label, step->maker, step->unix_time,
                                   g_bytes_get_data (edits->pdata[i], NULL), g_bytes_get_size (edits->pdata[i]));
    }
  return arietta_library_end (self, done, ARIETTA_TABLE_PROJECTS, error) ? id : 0;
}

gboolean
arietta_library_set_place (AriettaLibrary  *self,
                           gint64           id,
                           guint            place,
                           GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_PROJECTS, get_gone (), error,
                                     "UPDATE projects SET place = ?, changed_unix = ? WHERE id = ?", "uii", place,
                                     arietta_library_now (), id);
}

gboolean
arietta_library_rename_project (AriettaLibrary  *self,
                                gint64           id,
                                const char      *title,
                                GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self) && title != NULL, FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_PROJECTS, get_gone (), error,
                                     "UPDATE projects SET title = ? WHERE id = ?", "si", title, id);
}

gboolean
arietta_library_set_project_heard (AriettaLibrary  *self,
                                   gint64           id,
                                   const char      *heard,
                                   GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self) && heard != NULL, FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_PROJECTS, get_gone (), error,
                                     "UPDATE projects SET heard = ? WHERE id = ?", "si", heard, id);
}

gboolean
arietta_library_remove_project (AriettaLibrary  *self,
                                gint64           id,
                                gboolean         removed,
                                GError         **error)
{
  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  return arietta_library_change_row (self, ARIETTA_TABLE_PROJECTS, get_gone (), error,
                                     "UPDATE projects SET removed_unix = nullif (?, 0) WHERE id = ?", "ii",
                                     removed ? arietta_library_now () : (gint64) 0, id);
}

/* ---- Reading ---- */

GPtrArray *
arietta_library_list_projects (AriettaLibrary  *self,
                               GError         **error)
{
  g_autoptr(GPtrArray) projects = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_project_free);
  sqlite3_stmt *statement;
  int state = -1;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      PROJECT_COLUMNS "WHERE removed_unix IS NULL ORDER BY changed_unix DESC, id DESC",
                                      "");
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    g_ptr_array_add (projects, read_project (statement));
  arietta_database_unlock (self->reader);

  return state == 0 ? g_steal_pointer (&projects) : NULL;
}

gint64
arietta_library_find_project (AriettaLibrary  *self,
                              AriettaPiece    *piece,
                              GError         **error)
{
  g_autofree char *origin = arietta_piece_dup_digest (piece);
  sqlite3_stmt *statement;
  gint64 id = 0;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), 0);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, error,
                                      "SELECT id FROM projects WHERE origin = ? AND removed_unix IS NULL"
                                      " ORDER BY changed_unix DESC, id DESC LIMIT 1", "s", origin);
  if (statement != NULL && arietta_database_step (self->reader, statement, error) > 0)
    {
      id = sqlite3_column_int64 (statement, 0);
      arietta_statement_end (statement);
    }
  arietta_database_unlock (self->reader);
  return id;
}

/* Wants the reader: whether each of @steps was made at that time in the project @id too. */
static gboolean
has_steps (AriettaLibrary  *self,
           gint64           id,
           GPtrArray       *steps,
           GError         **error)
{
  sqlite3_stmt *statement = arietta_database_query (self->reader, error,
                                                    "SELECT label, unix_time FROM edits WHERE project_id = ? ORDER BY nth",
                                                    "i", id);
  guint n = 0;
  int state = -1;

  while (statement != NULL && n < steps->len && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      const AriettaProjectStep *step = steps->pdata[n];

      if (sqlite3_column_int64 (statement, 1) != step->unix_time
          || g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), step->label) != 0)
        break;
      n++;
    }
  if (state > 0)
    arietta_statement_end (statement);
  return n == steps->len;
}

gint64
arietta_library_find_same_project (AriettaLibrary        *self,
                                   const AriettaProject  *project,
                                   AriettaPiece          *first,
                                   GPtrArray             *steps,
                                   GError               **error)
{
  g_autofree char *origin = arietta_piece_dup_digest (first);
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) problem = NULL;
  sqlite3_stmt *statement;
  gint64 found = 0;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), 0);

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, &problem,
                                      "SELECT id FROM projects WHERE origin = ? AND created_unix = ?"
                                      " AND removed_unix IS NULL ORDER BY changed_unix DESC", "si", origin,
                                      project->created_unix);
  while (statement != NULL && arietta_database_step (self->reader, statement, &problem) > 0)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  for (guint i = 0; found == 0 && problem == NULL && i < ids->len; i++)
    if (has_steps (self, g_array_index (ids, gint64, i), steps, &problem))
      found = g_array_index (ids, gint64, i);
  arietta_database_unlock (self->reader);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return found;
}

/* Wants the reader.  Fills @bytes with the kept state. */
static AriettaProject *
load_project_row (AriettaLibrary  *self,
                  gint64           id,
                  GBytes         **bytes,
                  guint           *state_place,
                  GError         **error)
{
  sqlite3_stmt *statement;
  AriettaProject *project = NULL;
  int state = -1;

  statement = arietta_database_query (self->reader, error,
                                      "SELECT id, title, take_id, created_unix, changed_unix, place, heard, state_place, state"
                                      " FROM projects WHERE id = ?", "i", id);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      project = read_project (statement);
      *state_place = (guint) sqlite3_column_int (statement, 7);
      *bytes = read_blob (statement, 8);
      arietta_statement_end (statement);
    }
  else if (state == 0)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND, NULL, NULL, "%s", get_gone ());
  return project;
}

/* Wants the reader.  The bytes are turned into edits by the caller, when the reader is free again. */
static gboolean
load_steps (AriettaLibrary  *self,
            gint64           id,
            GPtrArray       *steps,
            GPtrArray       *bytes,
            GError         **error)
{
  sqlite3_stmt *statement;
  int state = -1;

  statement = arietta_database_query (self->reader, error,
                                      "SELECT label, maker, unix_time, edit FROM edits WHERE project_id = ?"
                                      " ORDER BY nth", "i", id);
  while (statement != NULL && (state = arietta_database_step (self->reader, statement, error)) > 0)
    {
      AriettaProjectStep *step = g_new0 (AriettaProjectStep, 1);

      step->label = arietta_statement_dup_text (statement, 0);
      step->maker = arietta_statement_dup_text (statement, 1);
      step->unix_time = sqlite3_column_int64 (statement, 2);
      g_ptr_array_add (steps, step);
      g_ptr_array_add (bytes, read_blob (statement, 3));
    }
  return state == 0;
}

/* From @place to the project's, edit by edit. */
static AriettaPiece *
lead_to_place (AriettaPiece          *piece,
               guint                  place,
               const AriettaProject  *project,
               GPtrArray             *steps,
               GError               **error)
{
  g_autoptr(AriettaPiece) now = arietta_piece_ref (piece);
  guint wanted = project->place;

  while (now != NULL && place != wanted && MAX (place, wanted) <= steps->len)
    {
      gboolean undo = place > wanted;
      AriettaProjectStep *step = g_ptr_array_index (steps, undo ? place - 1 : place);
      AriettaPiece *next = arietta_edit_apply (step->edit, now, undo);

      arietta_piece_unref (now);
      now = next;
      place = undo ? place - 1 : place + 1;
    }

  if (now == NULL || place != wanted)
    {
      arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_DAMAGED, project->title, NULL,
                         _("The history of “%s” is damaged: edit %u does not fit the piece."), project->title, place);
      return NULL;
    }
  return g_steal_pointer (&now);
}

AriettaPiece *
arietta_library_load_project (AriettaLibrary  *self,
                              gint64           id,
                              AriettaProject **project_out,
                              GPtrArray      **steps_out,
                              GError         **error)
{
  g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_project_step_free);
  g_autoptr(GPtrArray) bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(AriettaProject) project = NULL;
  g_autoptr(GBytes) state = NULL;
  g_autoptr(AriettaPiece) kept = NULL, piece = NULL;
  guint state_place = 0;
  gboolean done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), NULL);

  arietta_database_lock (self->reader);
  project = load_project_row (self, id, &state, &state_place, error);
  done = project != NULL && load_steps (self, id, steps, bytes, error);
  arietta_database_unlock (self->reader);
  if (!done)
    return NULL;

  for (guint i = 0; i < steps->len; i++)
    {
      AriettaProjectStep *step = g_ptr_array_index (steps, i);

      step->edit = arietta_history_read_edit (g_ptr_array_index (bytes, i), project->title, error);
      if (step->edit == NULL)
        return NULL;
    }

  kept = arietta_history_read_state (state, project->title, error);
  if (kept == NULL)
    return NULL;
  piece = lead_to_place (kept, state_place, project, steps, error);
  if (piece == NULL)
    return NULL;

  if (project_out != NULL)
    *project_out = g_steal_pointer (&project);
  if (steps_out != NULL)
    *steps_out = g_steal_pointer (&steps);
  return g_steal_pointer (&piece);
}
