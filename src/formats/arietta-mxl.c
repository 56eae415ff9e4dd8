#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-mxl.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"

#define CONTAINER       "META-INF/container.xml"
#define SCORE_TYPE      "application/vnd.recordare.musicxml+xml"
#define MOST_ENTRIES    1000
#define MOST_CONTAINER  (64 * 1024)
#define BLOCK           (64 * 1024)

/* --- the archive --- */

typedef struct archive Archive;

static void
archive_close_and_free (Archive *self)
{
  archive_read_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_close_and_free)

static gboolean
refuse (const char  *name,
        const char  *why,
        GError     **error)
{
  g_autofree char *valid = g_utf8_make_valid (why != NULL ? why : _("it is damaged"), -1);

  arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, NULL,
                     _("“%s” cannot be unpacked: %s."), name, valid);
  return FALSE;
}

static const char *
get_name (struct archive_entry *entry)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  return name != NULL ? name : archive_entry_pathname (entry);
}

/* By its ending, and not what describes the archive itself. */
static gboolean
is_score (const char *name)
{
  g_autofree char *small = g_ascii_strdown (name, -1);

  return (g_str_has_suffix (small, ".xml") || g_str_has_suffix (small, ".musicxml"))
         && !g_str_has_prefix (small, "meta-inf/") && !g_str_has_prefix (small, "__macosx/");
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
                             _("“%s” is larger unpacked than any score: %d MB at most are read."), name,
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

/* The entry called @wanted, or, with NULL, the first score.  NULL without error when there is none. */
static GBytes *
find_entry (const void  *bytes,
            gsize        n,
            const char  *wanted,
            gsize        most,
            const char  *name,
            GError     **error)
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
      if (found != NULL && archive_entry_filetype (entry) == AE_IFREG
          && (wanted != NULL ? strcmp (found, wanted) == 0 : is_score (found)))
        return read_entry (archive, most, name, error);
    }

  return NULL;
}

/* --- the container --- */

typedef struct
{
  char    *path;     /* of the score */
  gboolean typed;    /* it is said to be one */
} Root;

static void
start_cb (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              user_data,
          GError              **error)
{
  Root       *root = user_data;
  const char *path = NULL, *type = NULL;
  gboolean    typed;

  if (strcmp (element, "rootfile") != 0)
    return;
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], "full-path") == 0)
      path = values[i];
    else if (strcmp (names[i], "media-type") == 0)
      type = values[i];

  /* The first is the score; the others are pictures and sounds of it. */
  typed = type == NULL || strcmp (type, SCORE_TYPE) == 0;
  if (path == NULL || (root->path != NULL && (root->typed || !typed)))
    return;
  g_free (root->path);
  root->path = g_strdup (path);
  root->typed = typed;
}

static char *
dup_root (GBytes *container)
{
  static const GMarkupParser     parser = { .start_element = start_cb };
  Root                           root = { NULL };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &root, NULL);
  gsize                          n;
  const char                    *text = g_bytes_get_data (container, &n);

  /* Half a container may name the score as well. */
  g_markup_parse_context_parse (context, text, (gssize) n, NULL);
  return root.path;
}

/* --- public --- */

gboolean
arietta_mxl_is_one (const void *bytes,
                    gsize       n)
{
  return n >= 4 && memcmp (bytes, "PK\3\4", 4) == 0;
}

GBytes *
arietta_mxl_unpack (const void  *bytes,
                    gsize        n,
                    gsize        most,
                    const char  *name,
                    GError     **error)
{
  g_autoptr(GError)  problem = NULL;
  g_autoptr(GBytes)  container = find_entry (bytes, n, CONTAINER, MOST_CONTAINER, name, &problem);
  g_autofree char   *path = NULL;
  GBytes            *score = NULL;

  if (container != NULL)
    path = dup_root (container);
  if (problem == NULL && path != NULL)
    score = find_entry (bytes, n, path, most, name, &problem);
  if (problem == NULL && score == NULL)
    score = find_entry (bytes, n, NULL, most, name, &problem);

  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (score == NULL)
    refuse (name, _("there is no score in it"), error);
  return score;
}
