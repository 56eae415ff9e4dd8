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

/* Wants the write lock: no other program can begin to speak of a file meanwhile. */
static void
sweep_items (AriettaLibrary *self)
{
  g_autofree char *root = arietta_library_dup_path (self, "items");
  g_autoptr(GDir)  dir = g_dir_open (root, 0, NULL);
  const char      *digits;

  while (dir != NULL && (digits = g_dir_read_name (dir)) != NULL)
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
    }
}

static void
sweep_models (AriettaLibrary *self)
{
  g_autofree char *root = arietta_library_dup_path (self, "models");
  g_autoptr(GDir)  dir = g_dir_open (root, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *stored = g_strconcat ("models/", name, NULL);
      g_autofree char *path = g_build_filename (root, name, NULL);

      if (!is_spoken_of (self, "SELECT 1 FROM models WHERE stored = ?", stored))
        delete_tree (path);
    }
}

gboolean
arietta_library_empty_trash (AriettaLibrary  *self,
                             GError         **error)
{
  const guint all = ARIETTA_TABLE_ITEMS | ARIETTA_TABLE_DATASETS | ARIETTA_TABLE_MODELS
                    | ARIETTA_TABLE_TAKES | ARIETTA_TABLE_LISTENS | ARIETTA_TABLE_PROJECTS;
  gboolean    done;

  g_return_val_if_fail (ARIETTA_IS_LIBRARY (self), FALSE);

  if (!arietta_library_begin (self, error))
    return FALSE;

  done = arietta_database_run_script (self->writer,
                                      "DELETE FROM datasets WHERE removed_unix IS NOT NULL;"
                                      "DELETE FROM items WHERE removed_unix IS NOT NULL;"
                                      "DELETE FROM models WHERE removed_unix IS NOT NULL;"
                                      "DELETE FROM takes WHERE removed_unix IS NOT NULL;"
                                      "DELETE FROM projects WHERE removed_unix IS NOT NULL",
                                      error);
  if (!arietta_library_end (self, done, all, error))
    return FALSE;

  /* Only when the rows are surely gone; a file that is left over hurts nobody. */
  if (arietta_library_begin (self, NULL))
    {
      sweep_items (self);
      sweep_models (self);
      arietta_library_end (self, FALSE, 0, NULL);
    }

  return TRUE;
}
