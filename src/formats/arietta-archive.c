#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"

#define MOST_ENTRIES 100000
#define BLOCK        (64 * 1024)

typedef struct archive Archive;

static void
archive_close_and_free (Archive *self)
{
  archive_read_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_close_and_free)

static void
refuse (const char  *name,
        const char  *why,
        GError     **error)
{
  g_autofree char *valid = g_utf8_make_valid (why != NULL ? why : _("it is damaged"), -1);

  arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, NULL,
                     _("“%s” cannot be unpacked: %s."), name, valid);
}

static const char *
get_name (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  return name != NULL ? name : archive_entry_pathname (entry);
}

static GBytes *
read_entry (Archive     *archive,
            gsize        most,
            const char  *name,
            GError     **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  g_autofree guint8    *block = g_malloc (BLOCK);
  la_ssize_t            got;

  /* What an entry says of its size is not believed. */
  while ((got = archive_read_data (archive, block, BLOCK)) > 0)
    {
      if ((gsize) got > most - out->len)
        {
          arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, name, NULL,
                             _("“%s” is larger unpacked than anything of its kind: %d MB at most are read."), name,
                             (int) (most >> 20));
          return NULL;
        }
      g_byte_array_append (out, block, (guint) got);
    }
  if (got < 0)
    {
      refuse (name, archive_error_string (archive), error);
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

gboolean
arietta_archive_is_one (const void *bytes,
                        gsize       n)
{
  return n >= 4 && memcmp (bytes, "PK\3\4", 4) == 0;
}

GBytes *
arietta_archive_find (const void            *bytes,
                      gsize                  n,
                      AriettaArchiveWanted   wanted,
                      gpointer               user_data,
                      gsize                  most,
                      const char            *name,
                      GError               **error)
{
  g_autoptr(Archive)    archive = archive_read_new ();
  struct archive_entry *entry;
  int                   status;

  archive_read_support_format_zip (archive);
  if (archive_read_open_memory (archive, bytes, n) != ARCHIVE_OK)
    {
      refuse (name, archive_error_string (archive), error);
      return NULL;
    }

  for (guint i = 0; i < MOST_ENTRIES; i++)
    {
      const char *found;

      status = archive_read_next_header (archive, &entry);
      if (status == ARCHIVE_EOF)
        return NULL;
      if (status < ARCHIVE_WARN)
        {
          refuse (name, archive_error_string (archive), error);
          return NULL;
        }
      found = get_name (entry);
      if (found != NULL && archive_entry_filetype (entry) == AE_IFREG && wanted (found, user_data))
        return read_entry (archive, most, name, error);
    }

  return NULL;
}

static gboolean
is_entry (const char *entry,
          gpointer    user_data)
{
  return strcmp (entry, user_data) == 0;
}

GBytes *
arietta_archive_get (const void  *bytes,
                     gsize        n,
                     const char  *entry,
                     gsize        most,
                     const char  *name,
                     GError     **error)
{
  return arietta_archive_find (bytes, n, is_entry, (gpointer) entry, most, name, error);
}

/* --- writing --- */

struct _AriettaArchiveWriter
{
  struct archive *archive;
  GByteArray     *out;
  gboolean        any;
};

static la_ssize_t
write_cb (struct archive *archive,
          void           *user_data,
          const void     *bytes,
          size_t          n)
{
  g_byte_array_append (user_data, bytes, (guint) n);
  return (la_ssize_t) n;
}

AriettaArchiveWriter *
arietta_archive_writer_new (void)
{
  AriettaArchiveWriter *self = g_new0 (AriettaArchiveWriter, 1);

  self->out = g_byte_array_new ();
  self->archive = archive_write_new ();
  archive_write_set_format_zip (self->archive);
  archive_write_set_bytes_in_last_block (self->archive, 1);
  archive_write_open (self->archive, self->out, NULL, write_cb, NULL);
  return self;
}

void
arietta_archive_writer_add (AriettaArchiveWriter *self,
                            const char           *entry,
                            const void           *bytes,
                            gsize                 n)
{
  struct archive_entry *head = archive_entry_new ();

  archive_entry_set_pathname (head, entry);
  archive_entry_set_size (head, (la_int64_t) n);
  archive_entry_set_filetype (head, AE_IFREG);
  archive_entry_set_perm (head, 0644);
  if (self->any)
    archive_write_zip_set_compression_deflate (self->archive);
  else
    archive_write_zip_set_compression_store (self->archive);
  self->any = TRUE;
  /* Into memory, with names of ours: nothing that could fail. */
  archive_write_header (self->archive, head);
  archive_write_data (self->archive, bytes, n);
  archive_entry_free (head);
}

GBytes *
arietta_archive_writer_finish (AriettaArchiveWriter *self)
{
  GBytes *bytes;

  archive_write_close (self->archive);
  archive_write_free (self->archive);
  bytes = g_byte_array_free_to_bytes (self->out);
  g_free (self);
  return bytes;
}
