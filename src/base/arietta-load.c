#define G_LOG_DOMAIN "arietta-base"

#include "base/arietta-load.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arietta-error.h"

#define PART ((gsize) 1 << 16) /* read at a time beyond what the file says it has */

/* FALSE with errno; stops one byte behind @most. */
static gboolean
read_all (int         file,
          gsize       size,
          gsize       most,
          GByteArray *bytes)
{
  for (;;)
    {
      gsize  n = bytes->len, more = n < size ? size - n : PART;
      gssize got;

      more = MIN (more, most + 1 - n);
      g_byte_array_set_size (bytes, (guint) (n + more));
      do
        got = read (file, bytes->data + n, more);
      while (got < 0 && errno == EINTR);
      g_byte_array_set_size (bytes, (guint) (n + (gsize) MAX (got, 0)));
      if (got < 0)
        return FALSE;
      if (got == 0 || bytes->len > most)
        return TRUE;
    }
}

GBytes *
arietta_load_file (const char               *path,
                   gsize                     most,
                   const AriettaLoadErrors  *errors,
                   GError                  **error)
{
  g_autofree char       *shown = NULL;
  g_autoptr(GByteArray)  bytes = NULL;
  struct stat            facts;
  int                    file, problem = 0;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (most < G_MAXUINT, NULL);

  shown = g_filename_display_name (path);
  /* A pipe is opened without waiting for its writer. */
  file = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
  if (file < 0)
    {
      arietta_set_error (error, errors->domain, errors->unreadable, shown, NULL, _("“%s” cannot be opened: %s."), shown,
                         g_strerror (errno));
      return NULL;
    }

  bytes = g_byte_array_new ();
  if (fstat (file, &facts) != 0)
    problem = errno;
  else if (!S_ISREG (facts.st_mode))
    {
      close (file);
      arietta_set_error (error, errors->domain, errors->not_a_file, shown, NULL, _("“%s” is not a file."), shown);
      return NULL;
    }
  else if ((guint64) facts.st_size <= most && !read_all (file, (gsize) facts.st_size, most, bytes))
    problem = errno;
  close (file);

  if (problem != 0)
    {
      arietta_set_error (error, errors->domain, errors->unreadable, shown, NULL, _("“%s” cannot be read: %s."), shown,
                         g_strerror (problem));
      return NULL;
    }
  if ((guint64) facts.st_size > most || bytes->len > most)
    {
      arietta_set_error (error, errors->domain, errors->too_large, shown, NULL,
                         _("“%s” is larger than %u MB, more than is read of such a file."), shown,
                         (guint) (most >> 20));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
