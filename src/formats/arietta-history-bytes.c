#define G_LOG_DOMAIN "arietta-formats"

#include "config.h"

#include "formats/arietta-history-bytes.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-byte-reader.h"
#include "base/arietta-error.h"
#include "formats/arietta-midi.h"

#define MAGIC "AHis"
#define VERSION 1
#define LEAST_NOTE_BYTES 8

/* ---- Writing ---- */

static void
put_number (GByteArray *bytes,
            guint64     number)
{
  do
    {
      guint8 seven = number & 0x7F;

      number >>= 7;
      seven |= number != 0 ? 0x80 : 0;
      g_byte_array_append (bytes, &seven, 1);
    }
  while (number != 0);
}

static void
put_notes (GByteArray        *bytes,
           const AriettaNote *notes,
           guint              n)
{
  gint64 onset = 0;

  put_number (bytes, n);
  for (guint i = 0; i < n; i++)
    {
      gint64 step = notes[i].onset_ticks - onset;
      const guint8 rest[] = { notes[i].pitch, notes[i].velocity, notes[i].off_velocity,
                              notes[i].channel, notes[i].program, notes[i].flags };

      put_number (bytes, (guint64) step << 1 ^ (guint64) (step >> 63));
      put_number (bytes, (guint64) notes[i].duration_ticks);
      g_byte_array_append (bytes, rest, sizeof rest);
      onset = notes[i].onset_ticks;
    }
}

/* NULL writes a frame of no bytes. */
static gboolean
put_frame (GByteArray    *bytes,
           AriettaPiece  *frame,
           GError       **error)
{
  g_autoptr(GBytes) midi = NULL;

  if (frame == NULL)
    {
      put_number (bytes, 0);
      return TRUE;
    }

  midi = arietta_midi_write_bytes (frame, 1, error);
  if (midi == NULL)
    return FALSE;
  put_number (bytes, g_bytes_get_size (midi));
  g_byte_array_append (bytes, g_bytes_get_data (midi, NULL), (guint) g_bytes_get_size (midi));
  return TRUE;
}

static GByteArray *
begin_bytes (void)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) MAGIC, strlen (MAGIC));
  put_number (bytes, VERSION);
  return bytes;
}

GBytes *
arietta_history_write_state (AriettaPiece  *piece,
                             GError       **error)
{
  g_autoptr(GByteArray) bytes = begin_bytes ();
  g_autoptr(AriettaPiece) frame = arietta_piece_copy (piece);
  guint n_tracks = arietta_piece_get_n_tracks (piece);

  for (guint i = 0; i < n_tracks; i++)
    arietta_track_take_notes (arietta_piece_get_track (frame, i),
                              g_array_new (FALSE, FALSE, sizeof (AriettaNote)));
  arietta_piece_freeze (frame);

  if (!put_frame (bytes, frame, error))
    return NULL;
  put_number (bytes, n_tracks);
  for (guint i = 0; i < n_tracks; i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, i), &n);

      put_notes (bytes, notes, n);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
arietta_history_write_edit (AriettaEdit  *edit,
                            GError      **error)
{
  g_autoptr(GByteArray) bytes = begin_bytes ();
  const AriettaEditStretch *stretches;
  guint n;

  if (!put_frame (bytes, arietta_edit_get_frame (edit, TRUE), error) ||
      !put_frame (bytes, arietta_edit_get_frame (edit, FALSE), error))
    return NULL;

  stretches = arietta_edit_get_stretches (edit, &n);
  put_number (bytes, n);
  for (guint i = 0; i < n; i++)
    {
      put_number (bytes, stretches[i].track);
      put_number (bytes, stretches[i].at);
      put_notes (bytes, stretches[i].before, stretches[i].n_before);
      put_notes (bytes, stretches[i].after, stretches[i].n_after);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* ---- Reading ---- */

static guint64
read_number (AriettaByteReader *reader)
{
  guint64 number = 0;

  for (int shift = 0; shift < 64; shift += 7)
    {
      guint8 seven = arietta_byte_reader_u8 (reader);

      number |= (guint64) (seven & 0x7F) << shift;
      if ((seven & 0x80) == 0)
        return number;
    }
  reader->failed = TRUE;
  return 0;
}

/* A number that counts things of at least @bytes each, or stands for a track or a tick. */
static guint
read_count (AriettaByteReader *reader,
            gsize              bytes)
{
  guint64 count = read_number (reader);

  if (count > (bytes > 0 ? arietta_byte_reader_left (reader) / bytes : G_MAXINT32))
    {
      reader->failed = TRUE;
      return 0;
    }
  return (guint) count;
}

/* Of AriettaNote; what is not possible fails the reader. */
static GArray *
read_notes (AriettaByteReader *reader)
{
  guint n = read_count (reader, LEAST_NOTE_BYTES);
  GArray *notes = g_array_sized_new (FALSE, FALSE, sizeof (AriettaNote), n);
  gint64 onset = 0;

  for (guint i = 0; i < n && !reader->failed; i++)
    {
      guint64 step = read_number (reader);
      guint64 duration = read_number (reader);
      const guint8 *rest = arietta_byte_reader_take (reader, 6);
      AriettaNote note;

      /* Wraps where the number is nonsense, which the bound below then catches. */
      onset = (gint64) ((guint64) onset + ((step >> 1) ^ -(step & 1)));
      if (rest == NULL || onset < 0 || onset > G_MAXINT32 || duration > G_MAXINT32 || rest[0] > 127 ||
          rest[1] < 1 || rest[1] > 127 || rest[2] > 127 || rest[3] > 15 || rest[4] > 127)
        {
          reader->failed = TRUE;
          break;
        }
      note = (AriettaNote) { onset, (gint64) duration, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5] };
      g_array_append_val (notes, note);
    }
  return notes;
}

/* NULL without error for a frame of no bytes. */
static AriettaPiece *
read_frame (AriettaByteReader  *reader,
            const char         *name,
            GError            **error)
{
  guint size = read_count (reader, 1);
  const guint8 *midi = arietta_byte_reader_take (reader, size);

  if (midi == NULL || size == 0)
    return NULL;
  return arietta_midi_read_bytes (midi, size, name, ARIETTA_MIDI_READ_DEFAULT, NULL, error);
}

static gboolean
begin_reading (AriettaByteReader  *reader,
               GBytes             *bytes,
               const char         *name,
               GError            **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size), *magic;
  guint64 version;

  arietta_byte_reader_init (reader, data, size);
  magic = arietta_byte_reader_take (reader, strlen (MAGIC));
  version = read_number (reader);
  if (magic == NULL || memcmp (magic, MAGIC, strlen (MAGIC)) != 0 || reader->failed)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_NOT_MUSIC, name, NULL,
                         _("The history of “%s” cannot be read: it is not a history of Arietta."), name);
      return FALSE;
    }
  if (version != VERSION)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, name, NULL,
                         _("The history of “%s” was written by a newer version of Arietta. Update Arietta to "
                           "open it."), name);
      return FALSE;
    }
  return TRUE;
}

static void
set_broken (GError                 **error,
            const char              *name,
            const AriettaByteReader *reader)
{
  g_autofree char *place = NULL;

  if (error != NULL && *error != NULL)
    return;   /* the frame's reader knows better */

  place = g_strdup_printf (_("byte %u"), (guint) reader->position);
  arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED, name, place,
                     _("The history of “%s” is damaged at %s."), name, place);
}

AriettaPiece *
arietta_history_read_state (GBytes      *bytes,
                            const char  *name,
                            GError     **error)
{
  g_autoptr(AriettaPiece) frame = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GError) inner = NULL;
  AriettaByteReader reader;
  guint n_tracks;

  if (!begin_reading (&reader, bytes, name, error))
    return NULL;

  frame = read_frame (&reader, name, &inner);
  n_tracks = read_count (&reader, 1);
  if (frame != NULL && n_tracks <= arietta_piece_get_n_tracks (frame))
    {
      piece = arietta_piece_copy (frame);
      /* A MIDI file has at least one track, a piece may have none. */
      while (arietta_piece_get_n_tracks (piece) > n_tracks)
        arietta_piece_remove_track (piece, n_tracks);
    }
  for (guint i = 0; i < n_tracks && piece != NULL && !reader.failed; i++)
    arietta_track_take_notes (arietta_piece_get_track (piece, i), read_notes (&reader));

  if (piece == NULL || reader.failed || arietta_byte_reader_left (&reader) > 0)
    {
      set_broken (&inner, name, &reader);
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  return arietta_piece_freeze (g_steal_pointer (&piece));
}

static void
stretch_clear (gpointer data)
{
  AriettaEditStretch *stretch = data;

  g_free ((gpointer) stretch->before);
  g_free ((gpointer) stretch->after);
}

static void
read_side (AriettaByteReader  *reader,
           const AriettaNote **notes,
           guint              *n)
{
  GArray *array = read_notes (reader);

  *n = array->len;
  *notes = (const AriettaNote *) (void *) g_array_free (array, FALSE);
}

AriettaEdit *
arietta_history_read_edit (GBytes      *bytes,
                           const char  *name,
                           GError     **error)
{
  g_autoptr(AriettaPiece) before = NULL;
  g_autoptr(AriettaPiece) after = NULL;
  g_autoptr(GArray) stretches = g_array_new (FALSE, TRUE, sizeof (AriettaEditStretch));
  g_autoptr(GError) inner = NULL;
  AriettaByteReader reader;
  guint n;

  g_array_set_clear_func (stretches, stretch_clear);
  if (!begin_reading (&reader, bytes, name, error))
    return NULL;

  before = read_frame (&reader, name, &inner);
  if (inner == NULL)
    after = read_frame (&reader, name, &inner);
  n = read_count (&reader, 4);
  for (guint i = 0; i < n && !reader.failed; i++)
    {
      AriettaEditStretch stretch = { .track = read_count (&reader, 0), .at = read_count (&reader, 0) };

      read_side (&reader, &stretch.before, &stretch.n_before);
      read_side (&reader, &stretch.after, &stretch.n_after);
      g_array_append_val (stretches, stretch);
    }

  if (inner != NULL || reader.failed || arietta_byte_reader_left (&reader) > 0 ||
      (before == NULL) != (after == NULL))
    {
      set_broken (&inner, name, &reader);
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  return arietta_edit_new (before, after, (const AriettaEditStretch *) (void *) stretches->data, stretches->len);
}
