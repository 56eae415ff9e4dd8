/* arietta-library-trash.c - removed rows go for good, and the files that nothing speaks of with them */
#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "library/arietta-library-private.h"

/* Drafts of another program's import may be younger than this. */
#define DRAFT_AGE_SECONDS (24 * 60 * 60)

static void
delete_tree (const char *path)
{
  g_autoptr(GDir) dir = NULL;
  const char     *name;

  /* A link is deleted, never followed. */
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && (dir = g_dir_open (path, 0, NULL)) != NULL)
    while ((name = g_dir_read_name (dir)) != NULL)
      {
        g_autofree char *child = g_build_filename (path, name, NULL);

        delete_tree (child);
      }

  g_remove (path);
}

static gboolean
is_spoken_of (AriettaLibrary *self,
              const char     *sql,
              const char     *stored)
{
  sqlite3_stmt *statement = arietta_database_query (self->writer, NULL, sql, "s", stored);
  int           state = statement != NULL ? arietta_database_step (self->writer, statement, NULL) : -1;

  if (state > 0)
    arietta_statement_end (statement);

  /* When in doubt a file stays. */
  return state != 0;
}

static gboolean
is_young_draft (const char *path)
{
  struct stat facts;

  return strchr (strrchr (path, '/'), '.') != strrchr (path, '.')
         && (stat (path, &facts) != 0 || facts.st_mtime + DRAFT_AGE_SECONDS > arietta_library_now ());
}

/* Under the write lock no other program can begin to speak of a file; it is held for one folder at a time, since the
 * window wants to write as well. */
static void
sweep_items (AriettaLibrary *self)
{
  g_autofree char *root = arietta_library_dup_path (self, "items");
  g_autoptr(GDir)  dir = g_dir_open (root, 0, NULL);
  const char      *digits;

  while (dir != NULL && (digits = g_dir_read_name (dir)) != NULL && arietta_library_begin (self, NULL))
    {
      g_autofree char *folder = g_build_filename (root, digits, NULL);
      g_autoptr(GDir)  files = g_dir_open (folder, 0, NULL);
      const char      *name;

      while (files != NULL && (name = g_dir_read_name (files)) != NULL)
        {
          g_autofree char *stored = g_strconcat ("items/", digits, "/", name, NULL);
          g_autofree char *path = g_build_filename (folder, name, NULL);

          if (!is_spoken_of (self, "SELECT 1 FROM items WHERE stored = ? LIMIT 1", stored)
              && !is_young_draft (path))
            g_unlink (path);
        }
      arietta_library_end (self, FALSE, 0, NULL);
    }
}

static void
sweep_models (AriettaLibrary *self)
{
  g_autofree char *root = arietta_library_dup_path (self, "models");
  g_autoptr(GDir)  dir = g_dir_open (root, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && arietta_library_begin (self, NULL))
    {
      g_autofree char *stored = g_strconcat ("models/", name, NULL);
      g_autofree char *path = g_build_filename (root, name, NULL);

      if (!is_spoken_of (self, "SELECT 1 FROM models WHERE stored = ?", stored))
        delete_tree (path);
      arietta_library_end (self, FALSE, 0, NULL);
    }
}

/* Asked without the write lock, for mostly there is nothing. */
static gboolean
has_removed (AriettaLibrary *self,
             const char     *table,
             gint64          until_unix)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE removed_unix <= ? LIMIT 1", table);
  sqlite3_stmt    *statement;
  int              state = -1;

  arietta_database_lock (self->reader);
  statement = arietta_database_query (self->reader, NULL, sql, "i", until_unix);
  if (statement != NULL && (state = arietta_database_step (self->reader, statement, NULL)) > 0)
    arietta_statement_end (statement);
  arietta_database_unlock (self->reader);

  return state != 0;
}

static gboolean
delete_removed (AriettaLibrary  *self,
                const char      *table,
                gint64           until_unix,
                GError         **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE removed_unix <= ?", table);

  return arietta_database_run (self->writer, error, sql, "i", until_unix);
}

gboolean
arietta_library_empty_trash (AriettaLibrary  *self,
                             guint            min_age_seconds,
                             GError         **error)
{
  static const char *const tables[] = { "datasets", "items", "models", "takes", "projects" };
  const guint              all = ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS | ARIETTA_TABLE_MODELS
                                 | ARIETTA_TABLE_TAKES | ARIETTA_TABLE_LISTENS | ARIETTA_TABLE_PROJECTS;
  gint64                   until_unix;
  gboolean                 any = FALSE, done = TRUE;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  until_unix = arietta_library_now () - min_age_seconds;
  for (guint i = 0; i < G_N_ELEMENTS (tables) && !any; i++)
    any = has_removed (self, tables[i], until_unix);
  if (!any)
    return TRUE;

  if (!arietta_library_begin (self, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (tables) && done; i++)
    done = delete_removed (self, tables[i], until_unix, error);
  if (!arietta_library_end (self, done, all, error))
    return FALSE;

  /* Only when the rows are surely gone; a file that is left over hurts nobody. */
  sweep_items (self);
  sweep_models (self);

  return TRUE;
}
