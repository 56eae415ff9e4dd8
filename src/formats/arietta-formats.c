#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-formats.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-file-name.h"
#include "base/arietta-load.h"
#include "formats/arietta-archive.h"
#include "formats/arietta-midi.h"
#include "formats/arietta-musicxml.h"

#define N_HEAD 16 /* first bytes that tell formats apart */

typedef struct
{
  const char    *name;
  const char    *read_endings;  /* each with a space behind it */
  const char    *write_endings;
  gboolean     (*knows) (const guint8 *head, gsize n);
  AriettaPiece *(*read) (const char *path, gboolean salvage, AriettaReadReport *report,
                         GError **error);
  gboolean     (*write) (AriettaPiece *piece, const char *path, GError **error);
} Format;

#define SOUND_ENDINGS "wav flac ogg opus mp3 m4a aiff "

/* Standard MIDI */

static gboolean
midi_knows (const guint8 *head, gsize n)
{
  return (n >= 4 && memcmp (head, "MThd", 4) == 0) ||
         (n >= 12 && memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "RMID", 4) == 0);
}

static AriettaPiece *
midi_read (const char *path, gboolean salvage, AriettaReadReport *report, GError **error)
{
  g_auto(AriettaMidiReport) midi = { 0 };
  AriettaPiece *piece;

  piece = arietta_midi_read_file (path,
                                  salvage ? ARIETTA_MIDI_READ_SALVAGE : ARIETTA_MIDI_READ_DEFAULT,
                                  &midi, error);
  if (piece != NULL)
    {
      report->midi_format = midi.format;
      report->warnings = g_steal_pointer (&midi.warnings);
    }
  return piece;
}

static gboolean
midi_write (AriettaPiece *piece, const char *path, GError **error)
{
  return arietta_midi_write_file (piece, 1, path, error);
}

/* MusicXML */

static gboolean
musicxml_knows (const guint8 *head, gsize n)
{
  gsize start = n >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  return (n >= start + 5 && memcmp (head + start, "<?xml", 5) == 0) || arietta_archive_is_one (head, n);
}

static AriettaPiece *
musicxml_read (const char *path, gboolean salvage, AriettaReadReport *report, GError **error)
{
  report->warnings = g_ptr_array_new_with_free_func (g_free);

  return arietta_musicxml_read_file (path, error);
}

/* A project passed on: its notes as they are now (library/arietta-project-file.h knows the rest). */

#define MOST_PROJECT_BYTES ((gsize) 256 * 1024 * 1024)

static gboolean
project_knows (const guint8 *head, gsize n)
{
  return arietta_archive_is_one (head, n);
}

static AriettaPiece *
project_read (const char *path, gboolean salvage, AriettaReadReport *report, GError **error)
{
  const AriettaLoadErrors errors = { ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, ARIETTA_FORMATS_ERROR_NOT_MUSIC,
                                     ARIETTA_FORMATS_ERROR_UNSUPPORTED };
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr(GBytes) bytes = arietta_load_file (path, MOST_PROJECT_BYTES, &errors, error);
  g_autoptr(GBytes) midi = NULL;
  gsize n;
  const char *data;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &n);
  midi = arietta_archive_get (data, n, "piece.mid", MOST_PROJECT_BYTES, shown, NULL);
  if (midi == NULL)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, shown, NULL,
                         _("“%s” is no project of Arietta, or it is damaged."), shown);
      return NULL;
    }
  report->warnings = g_ptr_array_new_with_free_func (g_free);
  return arietta_midi_read_bytes (g_bytes_get_data (midi, NULL), g_bytes_get_size (midi), shown,
                                  ARIETTA_MIDI_READ_DEFAULT, NULL, error);
}

/* The one table; of formats that look alike from the front the ending tells, or else the first is taken. */
static const Format FORMATS[] = {
  { "midi", "mid midi kar rmi smf ", "mid midi smf ", midi_knows, midi_read, midi_write },
  { "musicxml", "musicxml xml mxl ", "musicxml xml ", musicxml_knows, musicxml_read,
    arietta_musicxml_write_file },
  { "arietta", "arietta ", "", project_knows, project_read, NULL },
};

/* Helpers */

/* The ending in small letters with a space behind it, as the tables have it; NULL without one. */
static char *
dup_ending (const char *path)
{
  const char *dot = arietta_file_name_find_ending (path);
  g_autofree char *small = NULL;

  if (dot[0] == '\0' || dot[1] == '\0' || strchr (dot, ' ') != NULL)
    return NULL;
  small = g_ascii_strdown (dot + 1, -1);
  return g_strconcat (small, " ", NULL);
}

static gboolean
has_ending (const char *endings, const char *ending)
{
  for (const char *at = endings; ending != NULL && (at = strstr (at, ending)) != NULL; at++)
    if (at == endings || at[-1] == ' ')
      return TRUE;
  return FALSE;
}

static const Format *
find_by_head (const char *path, const Format *expected)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = NULL;
  guint8 head[N_HEAD];
  gsize n = 0;

  /* A pipe would wait for ever; its reader says what is wrong with it. */
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  stream = g_file_read (file, NULL, NULL);
  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &n, NULL, NULL))
    return NULL;

  if (expected != NULL && expected->knows (head, n))
    return expected;
  for (guint i = 0; i < G_N_ELEMENTS (FORMATS); i++)
    if (FORMATS[i].knows (head, n))
      return &FORMATS[i];
  return NULL;
}

static const Format *
find_by_ending (const char *path, gboolean writing)
{
  g_autofree char *ending = dup_ending (path);

  for (guint i = 0; i < G_N_ELEMENTS (FORMATS); i++)
    if (has_ending (writing ? FORMATS[i].write_endings : FORMATS[i].read_endings, ending))
      return &FORMATS[i];
  return NULL;
}

static AriettaPiece *
read_any (const char *path, gboolean salvage, AriettaReadReport *report, GError **error)
{
  g_auto(AriettaReadReport) own = { NULL, -1, NULL };
  AriettaPiece *piece;
  const Format *expected = find_by_ending (path, FALSE), *format = find_by_head (path, expected);

  if (format == NULL)
    format = expected;
  if (format == NULL)
    {
      g_autofree char *shown = g_filename_display_name (path);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, shown, NULL,
                           _("“%s” does not exist."), shown);
      else
        arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_NOT_MUSIC, shown,
                           NULL,
                           _("“%s” is not a music file of a kind that can be read (MIDI, MusicXML)."), shown);
      return NULL;
    }

  own.format = format->name;
  piece = format->read (path, salvage, &own, error);
  if (piece != NULL && report != NULL)
    {
      *report = own;
      own.warnings = NULL;
    }
  return piece;
}

/* Public */

void
arietta_read_report_clear (AriettaReadReport *self)
{
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

AriettaMedium
arietta_formats_guess_medium (const char *path)
{
  g_autofree char *ending = NULL;

  g_return_val_if_fail (path != NULL, ARIETTA_MEDIUM_NONE);

  if (find_by_ending (path, FALSE) != NULL)
    return ARIETTA_MEDIUM_NOTES;
  ending = dup_ending (path);
  return has_ending (SOUND_ENDINGS, ending) ? ARIETTA_MEDIUM_SOUND : ARIETTA_MEDIUM_NONE;
}

AriettaPiece *
arietta_formats_read (const char         *path,
                      AriettaReadReport  *report,
                      GError            **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return read_any (path, FALSE, report, error);
}

AriettaPiece *
arietta_formats_salvage (const char         *path,
                         AriettaReadReport  *report,
                         GError            **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return read_any (path, TRUE, report, error);
}

gboolean
arietta_formats_can_write (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return find_by_ending (path, TRUE) != NULL;
}

gboolean
arietta_formats_write (AriettaPiece  *piece,
                       const char    *path,
                       GError       **error)
{
  const Format *format;

  g_return_val_if_fail (piece != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  format = find_by_ending (path, TRUE);
  if (format == NULL)
    {
      g_autofree char *shown = g_filename_display_name (path);

      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, shown,
                         NULL,
                         _("“%s” cannot be written: choose a name that ends in .mid."), shown);
      return FALSE;
    }
  return format->write (piece, path, error);
}
