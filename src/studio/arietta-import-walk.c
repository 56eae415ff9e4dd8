#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-import-walk.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arietta-error.h"
#include "studio/arietta-studio-error.h"

/* Deeper than any collection, shallow enough for any stack. */
#define MAX_DEPTH 64

typedef struct
{
  AriettaImportWalk *walk;
  AriettaJob        *job;
  GHashTable        *entered;  /* "device:inode" of folders */
} Walker;

static void
file_clear (gpointer data)
{
  AriettaImportFile *file = data;

  g_free (file->path);
  g_free (file->reason);
}

static void
add_file (Walker        *self,
          const char    *path,
          AriettaMedium  medium,
          goffset        n_bytes,
          char          *reason)
{
  AriettaImportFile file = { g_strdup (path), medium, n_bytes, reason };

  g_array_append_val (self->walk->files, file);
}

/* What stands before us by name may still be a pipe, which would wait for ever. */
static void
meet_file (Walker            *self,
           const char        *path,
           const struct stat *facts)
{
  AriettaMedium medium = S_ISREG (facts->st_mode) ? arietta_formats_guess_medium (path)
                                                  : ARIETTA_MEDIUM_NONE;

  if (medium == ARIETTA_MEDIUM_NONE)
    self->walk->n_skipped++;
  else
    add_file (self, path, medium, facts->st_size, NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names in a folder, sorted; NULL with errno. */
static GPtrArray *
list_names (const char *path)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  DIR                 *dir = opendir (path);
  struct dirent       *entry;

  if (dir == NULL)
    return NULL;

  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (dir);

  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static void
enter_folder (Walker            *self,
              const char        *path,
              const struct stat *facts,
              guint              depth)
{
  g_autofree char     *identity = NULL;
  g_autoptr(GPtrArray) names = NULL;

  identity = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) facts->st_dev,
                              (guint64) facts->st_ino);
  if (depth > MAX_DEPTH || !g_hash_table_add (self->entered, g_steal_pointer (&identity)))
    return;

  names = list_names (path);
  if (names == NULL)
    {
      g_autofree char *shown = g_filename_display_name (path);

      add_file (self, path, ARIETTA_MEDIUM_NONE, 0,
                g_strdup_printf (_("The folder “%s” cannot be opened: %s."), shown, g_strerror (errno)));
      return;
    }

  for (guint i = 0; i < names->len && arietta_job_check (self->job); i++)
    {
      const char      *name = g_ptr_array_index (names, i);
      g_autofree char *child = g_build_filename (path, name, NULL);
      struct stat      child_facts;

      /* Hidden ones hold what programs keep for themselves: .git, ._Song.mid. */
      if (*name == '.' || stat (child, &child_facts) != 0)
        self->walk->n_skipped++;
      else if (S_ISDIR (child_facts.st_mode))
        enter_folder (self, child, &child_facts, depth + 1);
      else
        meet_file (self, child, &child_facts);
    }
}

void
arietta_import_walk_clear (AriettaImportWalk *self)
{
  g_clear_pointer (&self->files, g_array_unref);
  self->n_skipped = 0;
}

gboolean
arietta_import_walk (const char *const  *paths,
                     guint               n_paths,
                     AriettaJob         *job,
                     AriettaImportWalk  *walk,
                     GError            **error)
{
  g_autoptr(GHashTable) entered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walker                self = { walk, job, entered };

  g_return_val_if_fail (walk->files == NULL, FALSE);

  walk->files = g_array_new (FALSE, FALSE, sizeof (AriettaImportFile));
  g_array_set_clear_func (walk->files, file_clear);

  for (guint i = 0; i < n_paths; i++)
    {
      g_autofree char *path = g_canonicalize_filename (paths[i], NULL);
      struct stat      facts;

      if (stat (path, &facts) != 0)
        {
          g_autofree char *shown = g_filename_display_name (path);
          int              saved_errno = errno;

          if (saved_errno == ENOENT || saved_errno == ENOTDIR)
            arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOT_FOUND, shown, NULL,
                               _("“%s” does not exist."), shown);
          else
            arietta_set_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOT_FOUND, shown, NULL,
                               _("“%s” cannot be opened: %s."), shown, g_strerror (saved_errno));
          return FALSE;
        }

      if (S_ISDIR (facts.st_mode))
        enter_folder (&self, path, &facts, 0);
      else
        meet_file (&self, path, &facts);
    }

  if (arietta_job_is_cancelled (job))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The import was cancelled."));
      return FALSE;
    }

  return TRUE;
}
