/* MusicXML into a piece: bytes into text, and what is wrong into sentences. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-musicxml-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-load.h"
#include "formats/arietta-archive.h"
#include "formats/arietta-mxl.h"

#define MAX_BYTES (64 * 1024 * 1024)

/* The document in UTF-8, by its mark or the encoding it declares. */
static char *
decode (const char  *bytes,
        gsize        n,
        GError     **error)
{
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GRegex)     regex = NULL;
  g_autofree char      *head = NULL, *encoding = NULL;

  if (n == 0)
    return g_strdup ("");
  if (n >= 2 && ((guint8) bytes[0] == 0xff || (guint8) bytes[0] == 0xfe) && ((guint8) bytes[1] | 1) == 0xff)
    return g_convert (bytes, (gssize) n, "UTF-8", "UTF-16", NULL, NULL, error);
  if (n >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    {
      bytes += 3;
      n -= 3;
    }

  head = g_strndup (bytes, MIN (n, 200));
  regex = g_regex_new ("<\\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']", G_REGEX_RAW, 0, NULL);
  if (g_regex_match (regex, head, 0, &match))
    encoding = g_match_info_fetch (match, 1);
  if (encoding == NULL || g_ascii_strcasecmp (encoding, "UTF-8") == 0)
    return g_strndup (bytes, n);

  return g_convert (bytes, (gssize) n, "UTF-8", encoding, NULL, NULL, error);
}

AriettaPiece *
arietta_musicxml_read_bytes (const char  *bytes,
                             gsize        n,
                             const char  *name,
                             GError     **error)
{
  g_auto(XmlScore)  score = { NULL };
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) unpacked = NULL;
  g_autofree char  *text = NULL, *why = NULL, *place = NULL;
  int               line = 0, column = 0;

  if (arietta_archive_is_one (bytes, n))
    {
      unpacked = arietta_mxl_unpack (bytes, n, MAX_BYTES, name, error);
      if (unpacked == NULL)
        return NULL;
      bytes = g_bytes_get_data (unpacked, &n);
    }
  text = decode (bytes, n, &reason);
  if (text == NULL)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, NULL,
                         _("“%s” cannot be read: its text is not in the encoding it declares."), name);
      return NULL;
    }
  if (_arietta_musicxml_read_words (text, &score, &line, &column, &reason))
    return _arietta_musicxml_make_piece (&score);

  /* It quotes the document, whatever stands there. */
  why = g_utf8_make_valid (reason->message, -1);
  place = g_strdup_printf ("%d:%d", line, column);
  arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, place,
                     _("“%s” cannot be read as MusicXML, line %d: %s."), name, line, why);
  return NULL;
}

AriettaPiece *
arietta_musicxml_read_file (const char  *path,
                            GError     **error)
{
  const AriettaLoadErrors errors = { ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, ARIETTA_FORMATS_ERROR_NOT_MUSIC,
                                     ARIETTA_FORMATS_ERROR_UNSUPPORTED };
  g_autofree char        *shown = NULL;
  g_autoptr(GBytes)       bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = arietta_load_file (path, MAX_BYTES, &errors, error);
  if (bytes == NULL)
    return NULL;

  shown = g_filename_display_name (path);
  return arietta_musicxml_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), shown, error);
}
