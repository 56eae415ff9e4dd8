#define G_LOG_DOMAIN "arietta-library"

#include "config.h"

#include "library/arietta-file-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/arietta-error.h"
#include "base/arietta-file-name.h"
#include "formats/arietta-formats.h"
#include "library/arietta-library-error.h"

#define N_SYNC_ONE_BY_ONE 8

/* A file on its way: written, not yet on the disk, not yet under its name. */
typedef struct
{
  int   fd;
  char *draft;
  char *path;
} Draft;

static void
draft_clear (gpointer data)
{
  Draft *draft = data;

  if (draft->fd >= 0)
    {
      close (draft->fd);
      g_unlink (draft->draft);
    }
  g_free (draft->draft);
  g_free (draft->path);
}

static gboolean
write_all (int         fd,
           const char *data,
           gsize       size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static gboolean
sync_folder (const char *folder)
{
  int      fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  /* Some file systems cannot sync a folder and say so. */
  return done || errno == EINVAL;
}

/* Appends to @drafts; FALSE with errno. */
static gboolean
begin_draft (GArray     *drafts,
             const char *path,
             GBytes     *bytes)
{
  g_autofree char *parent = g_path_get_dirname (path);
  Draft            draft = { -1, g_strconcat (path, ".XXXXXX", NULL), g_strdup (path) };
  gsize            size;
  const char      *data = g_bytes_get_data (bytes, &size);
  gboolean         done;

  /* The folder is there already for all but the first few. */
  draft.fd = g_mkstemp_full (draft.draft, O_RDWR | O_CLOEXEC, 0600);
  if (draft.fd < 0 && errno == ENOENT && g_mkdir_with_parents (parent, 0700) == 0)
    {
      g_free (draft.draft);
      draft.draft = g_strconcat (path, ".XXXXXX", NULL);
      draft.fd = g_mkstemp_full (draft.draft, O_RDWR | O_CLOEXEC, 0600);
    }
  done = draft.fd >= 0 && write_all (draft.fd, data, size);

  g_array_append_val (drafts, draft);
  return done;
}

/* A few files are synced one by one.  For a batch one call for the whole file system costs a tenth: the
 * journal is written once instead of a hundred times. */
static gboolean
sync_all (GArray     *drafts,
          const char *folder)
{
  gboolean done = TRUE;
  int      fd;

  if (drafts->len < N_SYNC_ONE_BY_ONE)
    {
      for (guint i = 0; i < drafts->len && done; i++)
        done = fsync (g_array_index (drafts, Draft, i).fd) == 0;
      return done;
    }

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  done = fd >= 0 && syncfs (fd) == 0;
  if (fd >= 0)
    close (fd);
  return done;
}

/* The same for the names, which must not be lost before the rows that speak of them. */
static gboolean
sync_names (GArray     *drafts,
            const char *folder)
{
  if (drafts->len >= N_SYNC_ONE_BY_ONE)
    return sync_all (drafts, folder);

  for (guint i = 0; i < drafts->len; i++)
    {
      g_autofree char *parent = g_path_get_dirname (g_array_index (drafts, Draft, i).path);

      if (!sync_folder (parent))
        return FALSE;
    }

  return TRUE;
}

static gboolean
finish_drafts (GArray     *drafts,
               const char *folder)
{
  if (drafts->len == 0)
    return TRUE;

  if (!sync_all (drafts, folder))
    return FALSE;

  for (guint i = 0; i < drafts->len; i++)
    {
      Draft *draft = &g_array_index (drafts, Draft, i);

      if (g_rename (draft->draft, draft->path) != 0)
        return FALSE;
      close (draft->fd);
      draft->fd = -1;
    }

  return sync_names (drafts, folder);
}

char *
arietta_file_store_dup_place (GBytes     *bytes,
                              const char *name)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *ending = NULL;

  if (name != NULL && arietta_formats_guess_medium (name) == ARIETTA_MEDIUM_NOTES)
    ending = g_ascii_strdown (arietta_file_name_find_ending (name) + 1, -1);

  return g_strdup_printf ("items/%.2s/%s.%s", hash, hash, ending != NULL ? ending : "mid");
}

gboolean
arietta_file_store_has (const char *folder,
                        const char *place)
{
  g_autofree char *path = g_build_filename (folder, place, NULL);

  return g_access (path, F_OK) == 0;
}

gboolean
arietta_file_store_put (const char     *folder,
                        char *const    *places,
                        GBytes *const  *bytes,
                        guint           n,
                        GError        **error)
{
  g_autoptr(GArray) drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
  gboolean          done = TRUE;
  int               saved_errno = 0;

  g_array_set_clear_func (drafts, draft_clear);

  for (guint i = 0; i < n && done; i++)
    {
      g_autofree char *path = NULL;

      if (places[i] == NULL || bytes[i] == NULL || arietta_file_store_has (folder, places[i]))
        continue;
      path = g_build_filename (folder, places[i], NULL);
      done = begin_draft (drafts, path, bytes[i]);
      saved_errno = errno;
    }

  if (done)
    {
      done = finish_drafts (drafts, folder);
      saved_errno = errno;
    }

  if (!done)
    arietta_file_store_set_error (error, saved_errno, folder);

  return done;
}

void
arietta_file_store_set_error (GError     **error,
                              int          saved_errno,
                              const char  *path)
{
  if (saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG)
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_FULL, path, NULL,
                       _("The disk that holds the library “%s” is full. What was stored before is safe; "
                         "free some space and try again."), path);
  else
    arietta_set_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO, path, NULL,
                       _("The library “%s” cannot be written: %s."), path, g_strerror (saved_errno));
}
