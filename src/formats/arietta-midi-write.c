/* The writer of Standard MIDI files.
 *
 * A track is first laid out as one list of events in the order of the file (notes as note-ons and
 * note-offs, the maps as meta events), then spelled as bytes with running status.
 */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-midi-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-error.h"
#include "base/arietta-save.h"
#include "music/arietta-play-order.h"

typedef struct
{
  AriettaPiece *piece;     /* frozen */
  AriettaPlayOrder *order; /* of it */
  GArray       *events;   /* AriettaEvent: the track being laid out; bytes borrowed */
  GArray       *ends;     /* AriettaNote that sound and wait for their end, by end */
  guint         next_end;
  guint8       *map_bytes; /* what the events of the maps borrow */
  char         *title;
} Writer;

/* Laying out */

static void
lay_event (Writer *self, gint64 tick, guint8 status, guint8 data1, guint8 data2, const guint8 *bytes,
           guint32 n_bytes)
{
  AriettaEvent event = { tick, status, data1, data2, n_bytes, bytes };

  g_array_append_val (self->events, event);
}

static void
lay_end (Writer *self, const AriettaNote *note)
{
  gint64 tick = note->onset_ticks + note->duration_ticks;

  if (note->flags & ARIETTA_NOTE_OFF_BY_EVENT)
    lay_event (self, tick, 0x80 | note->channel, note->pitch, note->off_velocity, NULL, 0);
  else
    lay_event (self, tick, 0x90 | note->channel, note->pitch, 0, NULL, 0);
}

/* All ends up to and at @tick: a note that begins where another of its pitch ends must come
 * after. */
static void
lay_ends (Writer *self, gint64 tick)
{
  for (; self->next_end < self->ends->len; self->next_end++)
    {
      const AriettaNote *note = &g_array_index (self->ends, AriettaNote, self->next_end);

      if (note->onset_ticks + note->duration_ticks > tick)
        return;
      lay_end (self, note);
    }
}

static void
lay_cb (const AriettaEvent *event, const AriettaNote *note, gpointer data)
{
  Writer *self = data;

  lay_ends (self, event != NULL ? event->tick : note->onset_ticks);
  if (event != NULL)
    {
      g_array_append_vals (self->events, event, 1);
      return;
    }

  lay_event (self, note->onset_ticks, 0x90 | note->channel, note->pitch, note->velocity, NULL, 0);
  if (note->duration_ticks == 0)
    lay_end (self, note);
}

static int
compare_ends_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  const AriettaNote *x = a;
  const AriettaNote *y = b;
  gint64 left = x->onset_ticks + x->duration_ticks;
  gint64 right = y->onset_ticks + y->duration_ticks;

  return (left > right) - (left < right);
}

static int
compare_events_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 left = ((const AriettaEvent *) a)->tick;
  gint64 right = ((const AriettaEvent *) b)->tick;

  return (left > right) - (left < right);
}

static void
lay_track (Writer *self, guint nth)
{
  AriettaTrack *track = arietta_piece_get_track (self->piece, nth);
  const AriettaNote *notes;
  guint n;

  g_array_set_size (self->ends, 0);
  self->next_end = 0;
  notes = arietta_track_get_notes (track, &n);
  for (guint i = 0; i < n; i++)
    if (notes[i].duration_ticks > 0)
      g_array_append_val (self->ends, notes[i]);
  g_qsort_with_data (self->ends->data, self->ends->len, sizeof (AriettaNote), compare_ends_cb, NULL);

  arietta_play_order_foreach (self->order, self->piece, nth, lay_cb, self);
  lay_ends (self, G_MAXINT64);
}

/* Whether the division alone says what the tempo map says. */
static gboolean
is_real_time (AriettaPiece *piece)
{
  const AriettaTempo *tempos;
  int frames;
  int subframes;
  guint n;

  arietta_piece_get_smpte (piece, &frames, &subframes);
  tempos = arietta_piece_get_tempos (piece, &n);
  return frames > 0 && n == 1 && tempos[0].tick == 0 &&
         tempos[0].us_per_quarter == midi_smpte_us_per_quarter (frames) &&
         arietta_piece_get_ticks_per_quarter (piece) ==
           midi_smpte_ticks_per_quarter (frames, subframes);
}

/* The maps, and the title if nothing else says it; they come first at their ticks. */
static void
lay_maps (Writer *self)
{
  g_autofree char *stated = _arietta_midi_dup_title (self->piece,
                                                     arietta_midi_guess_encoding (self->piece));
  const char *title = arietta_piece_get_title (self->piece);
  const AriettaMeter *meters;
  const AriettaTempo *tempos;
  const AriettaKey *keys;
  guint n_meters;
  guint n_tempos;
  guint n_keys;
  guint8 *at;

  meters = arietta_piece_get_meters (self->piece, &n_meters);
  keys = arietta_piece_get_keys (self->piece, &n_keys);
  tempos = arietta_piece_get_tempos (self->piece, &n_tempos);
  if (is_real_time (self->piece))
    n_tempos = 0;
  at = self->map_bytes = g_malloc (n_meters * 4 + n_keys * 2 + n_tempos * 3 + 1);

  if (title != NULL && g_strcmp0 (title, stated) != 0)
    {
      self->title = g_strconcat (MIDI_TITLE_PREFIX, title, NULL);
      lay_event (self, 0, 0xFF, MIDI_META_TEXT, 0, (guint8 *) self->title, strlen (self->title));
    }
  for (guint i = 0; i < n_meters; i++, at += 4)
    {
      at[0] = meters[i].numerator;
      at[1] = meters[i].denominator_log2;
      at[2] = meters[i].clocks_per_click;
      at[3] = meters[i].thirty_seconds_per_quarter;
      lay_event (self, meters[i].tick, 0xFF, MIDI_META_METER, 0, at, 4);
    }
  for (guint i = 0; i < n_keys; i++, at += 2)
    {
      at[0] = (guint8) keys[i].sharps;
      at[1] = keys[i].minor ? 1 : 0;
      lay_event (self, keys[i].tick, 0xFF, MIDI_META_KEY, 0, at, 2);
    }
  for (guint i = 0; i < n_tempos; i++, at += 3)
    {
      at[0] = tempos[i].us_per_quarter >> 16;
      at[1] = tempos[i].us_per_quarter >> 8;
      at[2] = tempos[i].us_per_quarter;
      lay_event (self, tempos[i].tick, 0xFF, MIDI_META_TEMPO, 0, at, 3);
    }
}

/* Spelling */

static void
put_u16 (GByteArray *out, guint16 value)
{
  guint8 bytes[2] = { value >> 8, value };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static void
put_u32 (GByteArray *out, guint32 value)
{
  put_u16 (out, value >> 16);
  put_u16 (out, value);
}

static void
put_number (GByteArray *out, guint32 value)
{
  guint8 bytes[4];
  int n = 0;

  for (int shift = 21; shift >= 0; shift -= 7)
    if (n > 0 || shift == 0 || value >> shift != 0)
      bytes[n++] = (value >> shift & 0x7F) | (shift > 0 ? 0x80 : 0);
  g_byte_array_append (out, bytes, n);
}

static void
put_byte (GByteArray *out, guint8 byte)
{
  g_byte_array_append (out, &byte, 1);
}

static gboolean
can_be_written (const AriettaEvent *event)
{
  if (event->n_bytes > MIDI_MAX_TICKS)
    return FALSE;
  if (event->status == 0xFF)
    return event->data1 != MIDI_META_END_OF_TRACK;
  return event->status >= 0x80 && (event->status <= 0xF0 || event->status == 0xF7);
}

/* The laid out events as a track chunk that ends at @end. */
static void
put_track (Writer *self, GByteArray *out, gint64 end)
{
  guint start = out->len;
  gint64 tick = 0;
  guint8 running = 0;
  guint32 length;

  g_byte_array_append (out, (const guint8 *) "MTrk\0\0\0\0", 8);
  for (guint i = 0; i < self->events->len; i++)
    {
      const AriettaEvent *event = &g_array_index (self->events, AriettaEvent, i);

      if (!can_be_written (event))
        continue;
      put_number (out, event->tick - tick);
      tick = event->tick;

      if (event->status >= 0xF0)
        {
          running = 0;
          put_byte (out, event->status);
          if (event->status == 0xFF)
            put_byte (out, event->data1);
          put_number (out, event->n_bytes);
          if (event->n_bytes > 0)
            g_byte_array_append (out, event->bytes, event->n_bytes);
          continue;
        }
      if (event->status != running)
        put_byte (out, event->status);
      running = event->status;
      put_byte (out, event->data1 & 0x7F);
      if ((event->status & 0xE0) != 0xC0)
        put_byte (out, event->data2 & 0x7F);
    }
  put_number (out, MAX (end - tick, 0));
  g_byte_array_append (out, (const guint8 *) "\xFF\x2F\0", 3);

  length = GUINT32_TO_BE (out->len - start - 8);
  memcpy (out->data + start + 4, &length, 4);
}

static void
put_header (AriettaPiece *piece, GByteArray *out, int format, guint n_tracks)
{
  int frames;
  int subframes;

  g_byte_array_append (out, (const guint8 *) "MThd", 4);
  put_u32 (out, 6);
  put_u16 (out, format);
  put_u16 (out, n_tracks);
  arietta_piece_get_smpte (piece, &frames, &subframes);
  if (is_real_time (piece))
    put_u16 (out, (256 - frames) << 8 | subframes);
  else
    put_u16 (out, arietta_piece_get_ticks_per_quarter (piece));
}

static void
writer_clear (Writer *self)
{
  g_clear_pointer (&self->order, arietta_play_order_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->events, g_array_unref);
  g_clear_pointer (&self->ends, g_array_unref);
  g_free (self->map_bytes);
  g_free (self->title);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static gboolean
has_maps (AriettaPiece *piece)
{
  guint n_meters;
  guint n_keys;
  guint n_tempos;

  arietta_piece_get_meters (piece, &n_meters);
  arietta_piece_get_keys (piece, &n_keys);
  arietta_piece_get_tempos (piece, &n_tempos);
  return n_meters + n_keys + (is_real_time (piece) ? 0 : n_tempos) > 0 ||
         arietta_piece_get_title (piece) != NULL;
}

static gboolean
check (AriettaPiece *piece, int format, GError **error)
{
  if (format != 0 && format != 1)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, NULL, NULL,
                         _("MIDI files are written in format 0 or 1, not %d."), format);
      return FALSE;
    }
  if (arietta_piece_get_n_tracks (piece) > G_MAXUINT16)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, NULL, NULL,
                         _("The piece has %u tracks; a MIDI file has at most %u."),
                         arietta_piece_get_n_tracks (piece), G_MAXUINT16);
      return FALSE;
    }
  if (arietta_piece_get_end_ticks (piece) > MIDI_MAX_TICKS)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED, NULL, NULL,
                         _("The piece lasts longer than %d ticks, "
                           "the most that a MIDI file can state."),
                         MIDI_MAX_TICKS);
      return FALSE;
    }
  return TRUE;
}

/* Public */

GBytes *
arietta_midi_write_bytes (AriettaPiece  *piece,
                          int            format,
                          GError       **error)
{
  g_autoptr(GByteArray) out = NULL;
  g_auto(Writer) writer = { 0 };
  guint n_tracks;

  g_return_val_if_fail (piece != NULL, NULL);

  if (!check (piece, format, error))
    return NULL;

  /* What is not frozen yet may lack the program changes that freezing adds. */
  writer.piece = arietta_piece_is_frozen (piece) ? arietta_piece_ref (piece)
                                                 : arietta_piece_freeze (arietta_piece_copy (piece));
  writer.order = arietta_play_order_new (writer.piece);
  writer.events = g_array_new (FALSE, FALSE, sizeof (AriettaEvent));
  writer.ends = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  out = g_byte_array_new ();

  /* Maps need a track to stand in. */
  n_tracks = arietta_piece_get_n_tracks (piece);
  put_header (writer.piece, out, format,
              format == 0 ? 1 : MAX (n_tracks, has_maps (writer.piece) ? 1 : 0));

  lay_maps (&writer);
  for (guint i = 0; i < n_tracks; i++)
    {
      lay_track (&writer, i);
      if (format == 1)
        {
          g_qsort_with_data (writer.events->data, writer.events->len, sizeof (AriettaEvent),
                             compare_events_cb, NULL);
          put_track (&writer, out,
                     arietta_track_get_end_ticks (arietta_piece_get_track (writer.piece, i)));
          g_array_set_size (writer.events, 0);
        }
    }
  if (format == 0 || (n_tracks == 0 && has_maps (writer.piece)))
    {
      g_qsort_with_data (writer.events->data, writer.events->len, sizeof (AriettaEvent),
                         compare_events_cb, NULL);
      put_track (&writer, out, arietta_piece_get_end_ticks (writer.piece));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

gboolean
arietta_midi_write_file (AriettaPiece  *piece,
                         int            format,
                         const char    *path,
                         GError       **error)
{
  g_autoptr(GBytes) bytes = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (path != NULL, FALSE);

  bytes = arietta_midi_write_bytes (piece, format, error);
  if (bytes == NULL)
    return FALSE;

  data = g_bytes_get_data (bytes, &size);
  return arietta_save_file (path, data, size, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, error);
}
