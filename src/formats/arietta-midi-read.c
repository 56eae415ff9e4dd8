/* The reader of Standard MIDI files: wrapper, header, chunks, and what holds for the whole file. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-midi-read-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/arietta-byte-reader.h"
#include "base/arietta-error.h"
#include "base/arietta-load.h"

#define MAX_WARNINGS 100
#define MAX_FILE     (64 * 1024 * 1024)

/* Sentences */

static char *
place_of (const MidiReader *self, gsize byte)
{
  if (self->n_tracks == 0)
    return g_strdup_printf (_("byte %zu"), byte);
  return g_strdup_printf (_("track %u, byte %zu"), self->n_tracks, byte);
}

void
midi_warn (MidiReader *self,
           gsize       byte,
           const char *format,
           ...)
{
  g_autofree char *place = NULL;
  g_autofree char *what = NULL;
  va_list args;

  if (self->warnings->len >= MAX_WARNINGS)
    {
      self->n_unsaid++;
      return;
    }

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  place = place_of (self, byte);
  /* Translators: a place such as "track 3, byte 412", then what is odd there. */
  g_ptr_array_add (self->warnings, g_strdup_printf (_("At %s: %s"), place, what));
}

void
midi_warn_plainly (MidiReader *self,
                   char       *sentence)
{
  if (self->warnings->len < MAX_WARNINGS)
    {
      g_ptr_array_add (self->warnings, sentence);
      return;
    }
  self->n_unsaid++;
  g_free (sentence);
}

gboolean
midi_fail (MidiReader           *self,
           GError              **error,
           AriettaFormatsError   code,
           gsize                 byte,
           const char           *format,
           ...)
{
  g_autofree char *place = place_of (self, byte);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  /* Translators: a file, a place such as "track 3, byte 412", then what is wrong there. */
  arietta_set_error (error, ARIETTA_FORMATS_ERROR, code, self->name, place,
                     _("“%s” cannot be read at %s: %s"), self->name, place, what);
  return FALSE;
}

/* Chunks */

static gboolean
is_chunk_name (const guint8 *name)
{
  for (int i = 0; i < 4; i++)
    if (!g_ascii_isprint (name[i]))
      return FALSE;
  return TRUE;
}

/* Where the next track chunk begins from @at on, or the end. */
static gsize
find_track (const MidiReader *self, gsize at)
{
  const guint8 *found = NULL;

  if (at < self->end)
    found = memmem (self->data + at, self->end - at, "MTrk", 4);
  return found != NULL ? (gsize) (found - self->data) : self->end;
}

static gboolean
read_chunks (MidiReader *self, gsize at, GError **error)
{
  while (self->end - at >= 8)
    {
      AriettaByteReader bytes;
      gsize length;
      gsize left;

      arietta_byte_reader_init (&bytes, self->data + at + 4, 4);
      length = arietta_byte_reader_u32be (&bytes);
      left = self->end - at - 8;

      if (memcmp (self->data + at, "MTrk", 4) == 0)
        {
          self->n_tracks++;
          if (self->n_tracks > G_MAXUINT16)
            return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, at,
                         _("a file has at most %u tracks."), G_MAXUINT16);
          if (!midi_read_track (self, at + 8, at + 8 + MIN (length, left), length, error))
            return FALSE;
          at += 8 + MIN (length, left);
        }
      else if (self->n_tracks >= self->n_promised && !self->salvage)
        {
          break;
        }
      else if (is_chunk_name (self->data + at) && length <= left)
        {
          midi_warn (self, at, _("a chunk “%.4s” is no track and is left out."),
                     (const char *) self->data + at);
          at += 8 + length;
        }
      else if (self->salvage)
        {
          gsize next = find_track (self, at + 1);

          midi_warn (self, at, _("%zu bytes before the next track are left out."), next - at);
          at = next;
        }
      else
        {
          return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, at,
                       _("a track must begin here, but does not."));
        }
    }

  if (at < self->end)
    midi_warn (self, at, ngettext ("%zu byte after the last track is left out.",
                              "%zu bytes after the last track are left out.",
                              self->end - at), self->end - at);
  if (self->n_tracks == 0 && self->n_promised > 0)
    return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, self->end,
                 ngettext ("the file promises %u track and holds none.",
                           "the file promises %u tracks and holds none.", self->n_promised),
                 self->n_promised);
  if (self->n_tracks != self->n_promised)
    midi_warn (self, self->end, _("the file promises %u tracks and holds %u."), self->n_promised,
               self->n_tracks);
  return TRUE;
}

/* The header: *at is moved past it and the piece made. */
static gboolean
read_header (MidiReader *self, gsize *at, GError **error)
{
  AriettaByteReader bytes;
  gsize length;
  guint16 division;

  if (self->end - *at == 0)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_NOT_MUSIC, self->name,
                         NULL,
                         _("“%s” is empty."), self->name);
      return FALSE;
    }

  if (self->salvage)
    {
      const guint8 *found = memmem (self->data + *at, self->end - *at, "MThd", 4);

      if (found != NULL)
        *at = found - self->data;
    }
  if (self->end - *at < 4 || memcmp (self->data + *at, "MThd", 4) != 0)
    {
      arietta_set_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_NOT_MUSIC, self->name,
                         NULL,
                         _("“%s” is not a MIDI file: it does not begin with “MThd”."), self->name);
      return FALSE;
    }

  arietta_byte_reader_init (&bytes, self->data + *at, self->end - *at);
  arietta_byte_reader_take (&bytes, 4);
  length = arietta_byte_reader_u32be (&bytes);
  self->format = arietta_byte_reader_u16be (&bytes);
  self->n_promised = arietta_byte_reader_u16be (&bytes);
  division = arietta_byte_reader_u16be (&bytes);
  if (bytes.failed)
    return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, self->end,
                 _("the file ends within its header."));
  if (length < 6)
    return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, *at + 4,
                 _("the header has %zu bytes instead of 6."), length);
  if (length > 6 && length - 6 > arietta_byte_reader_left (&bytes))
    return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, *at + 4,
                 _("the header promises %zu bytes, more than the file has."), length);

  if (self->format > 2)
    {
      if (!self->salvage)
        return midi_fail (self, error, ARIETTA_FORMATS_ERROR_UNSUPPORTED, *at + 8,
                     _("the file is of format %d; there are 0, 1 and 2."), self->format);
      midi_warn (self, *at + 8, _("the file is of format %d; it is read as format 1."),
                 self->format);
      self->format = 1;
    }
  if (length > 6)
    midi_warn (self, *at + 4, _("the header has %zu bytes; all but 6 are left out."), length);
  if (self->format == 0 && self->n_promised > 1)
    midi_warn (self, *at + 10, _("a file of format 0 has %u tracks instead of 1."),
               self->n_promised);

  if (division >= 0x8000)
    {
      int frames = 256 - (division >> 8);
      int subframes = division & 0xFF;

      if ((frames != 24 && frames != 25 && frames != 29 && frames != 30) || subframes == 0)
        return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, *at + 12,
                     _("time is counted in %d frames per second of %d parts, "
                       "which no file can mean."),
                     frames, subframes);
      self->smpte = TRUE;
      self->piece = arietta_piece_new (midi_smpte_ticks_per_quarter (frames, subframes));
      arietta_piece_set_smpte (self->piece, frames, subframes);
      arietta_piece_set_tempo (self->piece, 0, midi_smpte_us_per_quarter (frames));
    }
  else if (division == 0)
    {
      if (!self->salvage)
        return midi_fail (self, error, ARIETTA_FORMATS_ERROR_MALFORMED, *at + 12,
                     _("a quarter note has 0 ticks, so nothing has a length."));
      midi_warn (self, *at + 12, _("a quarter note has 0 ticks; %d are taken."),
                 ARIETTA_TICKS_PER_QUARTER);
      self->piece = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
    }
  else
    {
      self->piece = arietta_piece_new (division);
    }

  *at += 8 + length;
  return TRUE;
}

/* The RIFF wrapper: begin and end become those of the MIDI data in it. */
static gboolean
unwrap_riff (MidiReader *self, GError **error)
{
  AriettaByteReader bytes;

  arietta_byte_reader_init (&bytes, self->data, self->end);
  arietta_byte_reader_take (&bytes, 12);
  while (arietta_byte_reader_left (&bytes) >= 8)
    {
      const guint8 *name = arietta_byte_reader_take (&bytes, 4);
      gsize length = arietta_byte_reader_u32le (&bytes);
      gsize left = arietta_byte_reader_left (&bytes);

      if (memcmp (name, "data", 4) == 0)
        {
          /* A wrapper cut short is no harm of its own: what is in it knows its lengths. */
          if (length > left)
            midi_warn (self, bytes.position - 4,
                       _("the wrapper promises more bytes than the file has."));
          self->begin = bytes.position;
          self->end = bytes.position + MIN (length, left);
          return TRUE;
        }
      length += length & 1;
      if (arietta_byte_reader_take (&bytes, MIN (length, left)) == NULL)
        break;
    }
  return midi_fail (self, error, ARIETTA_FORMATS_ERROR_TRUNCATED, self->end,
               _("the RIFF wrapper holds no MIDI data."));
}

/* The second reading */

/* Whether a track's program changes act on notes of other tracks in a way that a track read by
 * itself does not show. */
static gboolean
programs_are_shared (MidiReader *self)
{
  const MidiTrackFacts *facts = (const MidiTrackFacts *) self->facts->data;
  guint16 noted = 0;
  guint16 changed = 0;
  guint16 candidates = 0;
  guint16 early = 0;

  if (self->format == 2)
    return FALSE;

  for (guint i = 0; i < self->facts->len; i++)
    {
      /* A channel that two tracks touch, one of them with a change. */
      candidates |= (facts[i].changed & (noted | changed)) | (facts[i].noted & changed);
      noted |= facts[i].noted;
      changed |= facts[i].changed;
      early |= facts[i].early;
    }
  for (int c = 0; c < MIDI_N_CHANNELS; c++)
    if (candidates >> c & 1 && self->highest_program[c] > 0 &&
        (early >> c & 1 || self->lowest_program[c] != self->highest_program[c]))
      return TRUE;
  return FALSE;
}

static void
start_again (MidiReader *self)
{
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->title, g_free);
  g_ptr_array_set_size (self->warnings, 0);
  self->n_unsaid = 0;
  self->n_tracks = 0;
}

/* Life */

static void
reader_clear (MidiReader *self)
{
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->facts, g_array_unref);
  g_clear_pointer (&self->order, arietta_play_order_free);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_free (self->notes);
  g_free (self->events);
  g_free (self->waiting);
  g_free (self->title);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MidiReader, reader_clear)

static gboolean
read_all (MidiReader *self, GError **error)
{
  gsize at = self->begin;

  return read_header (self, &at, error) && read_chunks (self, at, error);
}

/* The texts that are names, and the title: a text of ours only if nothing else says it. */
static AriettaEncoding
finish_texts (MidiReader *self)
{
  AriettaEncoding encoding = ARIETTA_ENCODING_UTF8;

  if (self->other_text)
    encoding = arietta_midi_guess_encoding (self->piece);
  _arietta_midi_show_texts (self->piece, encoding);
  if (self->title == NULL)
    return encoding;

  if (g_strcmp0 (self->title, arietta_piece_get_title (self->piece)) == 0)
    {
      g_autofree char *text = g_strconcat (MIDI_TITLE_PREFIX, self->title, NULL);

      arietta_track_add_event (arietta_piece_get_track (self->piece, 0), 0, 0xFF, MIDI_META_TEXT, 0,
                               (const guint8 *) text, strlen (text));
    }
  arietta_piece_set_title (self->piece, self->title);
  return encoding;
}

/* Public */

void
arietta_midi_report_clear (AriettaMidiReport *self)
{
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

AriettaPiece *
arietta_midi_read_bytes (const guint8          *data,
                         gsize                  size,
                         const char            *name,
                         AriettaMidiReadFlags   flags,
                         AriettaMidiReport     *report,
                         GError               **error)
{
  g_auto(MidiReader) reader = { 0 };
  AriettaEncoding encoding;
  gboolean riff;

  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  reader.data = data;
  reader.end = size;
  reader.name = name;
  reader.salvage = (flags & ARIETTA_MIDI_READ_SALVAGE) != 0;
  reader.facts = g_array_new (FALSE, FALSE, sizeof (MidiTrackFacts));
  reader.waiting = g_new0 (MidiWaiting, MIDI_N_SLOTS);
  reader.warnings = g_ptr_array_new_with_free_func (g_free);
  memset (reader.lowest_program, 127, sizeof reader.lowest_program);

  riff = size >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "RMID", 4) == 0;
  if (riff && !unwrap_riff (&reader, error))
    return NULL;

  if (!read_all (&reader, error))
    return NULL;
  if (programs_are_shared (&reader))
    {
      reader.order = arietta_play_order_new (reader.piece);
      start_again (&reader);
      if (!read_all (&reader, error))
        return NULL;
    }
  encoding = finish_texts (&reader);

  if (reader.n_unsaid > 0)
    g_ptr_array_add (reader.warnings,
                     g_strdup_printf (ngettext ("There is %u more oddity.",
                                                "There are %u more oddities.", reader.n_unsaid),
                                      reader.n_unsaid));
  if (report != NULL)
    *report = (AriettaMidiReport) {
      reader.format, riff, encoding, g_steal_pointer (&reader.warnings),
    };
  return arietta_piece_freeze (g_steal_pointer (&reader.piece));
}

AriettaPiece *
arietta_midi_read_file (const char            *path,
                        AriettaMidiReadFlags   flags,
                        AriettaMidiReport     *report,
                        GError               **error)
{
  const AriettaLoadErrors errors = { ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_IO, ARIETTA_FORMATS_ERROR_NOT_MUSIC,
                                     ARIETTA_FORMATS_ERROR_UNSUPPORTED };
  g_autofree char        *shown = NULL;
  g_autoptr(GBytes)       bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = arietta_load_file (path, MAX_FILE, &errors, error);
  if (bytes == NULL)
    return NULL;

  shown = g_filename_display_name (path);
  return arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), shown, flags, report, error);
}
