/* The parts and measures of a score into a piece: how long measures are, which notes are tied. */
#define G_LOG_DOMAIN "arietta-formats"

#include "formats/arietta-musicxml-private.h"

#include <math.h>
#include <string.h>

#include "music/arietta-marks.h"
#include "music/arietta-statement.h"

#define TPQ          MUSICXML_TPQ
#define MAX_VOICES   MUSICXML_MAX_VOICES
#define DRUM_CHANNEL MUSICXML_DRUM_CHANNEL

enum { META = 0xff, META_LYRIC = 0x05 };

/* Starts of the measures: each as long as its longest part, one more at the end. */
static gint64 *
lay_measures (XmlScore *self,
              guint  *n)
{
  gint64 *starts;
  gint64  whole = 4 * TPQ;

  *n = 0;
  for (guint p = 0; p < self->parts->len; p++)
    *n = MAX (*n, ((XmlPart *) self->parts->pdata[p])->measures->len);
  starts = g_new0 (gint64, *n + 1);
  for (guint m = 0; m < *n; m++)
    {
      gint64 length = 0;

      for (guint p = 0; p < self->parts->len; p++)
        {
          XmlPart *part = self->parts->pdata[p];

          if (m < part->measures->len)
            {
              XmlMeasure *measure = part->measures->pdata[m];

              length = MAX (length, measure->length);
              if (measure->beats > 0 && measure->beat_type > 0)
                whole = MAX (1, (gint64) 4 * TPQ * measure->beats / measure->beat_type);
            }
        }
      starts[m + 1] = starts[m] + (length > 0 ? length : whole);
    }

  return starts;
}

static gboolean
is_meter (int beats,
          int beat_type)
{
  return beats >= 1 && beats <= 255 && beat_type >= 1 && beat_type <= 64 && (beat_type & (beat_type - 1)) == 0;
}

/* Metres, keys and tempos, which any part may have told. */
static void
set_maps (XmlScore       *self,
          AriettaPiece *piece,
          const gint64 *starts,
          guint         n,
          GArray       *chords)
{
  int      beats = 4, beat_type = 4;
  gboolean short_before = FALSE;

  for (guint m = 0; m < n; m++)
    {
      gboolean told = m == 0;

      for (guint p = 0; p < self->parts->len; p++)
        {
          XmlPart    *part = self->parts->pdata[p];
          XmlMeasure *measure = m < part->measures->len ? part->measures->pdata[m] : NULL;

          if (measure == NULL)
            continue;
          if (is_meter (measure->beats, measure->beat_type))
            {
              told |= measure->beats != beats || measure->beat_type != beat_type;
              beats = measure->beats;
              beat_type = measure->beat_type;
            }
          /* A transposing part writes another key. */
          if (measure->fifths != G_MAXINT && p == 0)
            arietta_piece_set_key (piece, starts[m], measure->fifths, measure->minor);
          for (guint i = 0; i < measure->tempos->len; i++)
            {
              const XmlTempo *tempo = &g_array_index (measure->tempos, XmlTempo, i);

              arietta_piece_set_tempo (piece, starts[m] + tempo->onset, (guint32) lround (6e7 / tempo->bpm));
            }
          for (guint i = 0; i < measure->chords->len; i++)
            {
              AriettaChordMark mark = g_array_index (measure->chords, AriettaChordMark, i);

              mark.tick += starts[m];
              g_array_append_val (chords, mark);
            }
        }
      /* A bar that is not whole is cut short by a metre behind it, as the metre map has it. */
      if (told || short_before)
        arietta_piece_set_meter (piece, starts[m], beats, beat_type);
      short_before = starts[m + 1] - starts[m] != (gint64) 4 * TPQ * beats / beat_type;
    }
}

static void
add_part (AriettaPiece *piece,
          XmlPart         *part,
          const gint64 *starts,
          int           channel)
{
  AriettaTrack     *track = arietta_piece_add_track (piece, part->name);
  g_autoptr(GArray) notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));
  int               open[MAX_VOICES][128];   /* the note that a tie goes on from; -1: none */

  memset (open, 0xff, sizeof open);
  for (guint m = 0; m < part->measures->len; m++)
    {
      XmlMeasure *measure = part->measures->pdata[m];

      for (guint i = 0; i < measure->notes->len; i++)
        {
          const XmlNote *from = &g_array_index (measure->notes, XmlNote, i);
          gint64         onset = starts[m] + from->onset;
          int            held = open[from->voice][from->pitch];
          AriettaNote   *before = held >= 0 ? &g_array_index (notes, AriettaNote, held) : NULL;

          if (from->lyric != NULL && *from->lyric != '\0')
            arietta_track_add_event (track, onset, META, META_LYRIC, 0, (const guint8 *) from->lyric,
                                     (guint32) strlen (from->lyric));
          if (from->tie_from && before != NULL && before->onset_ticks + before->duration_ticks == onset)
            before->duration_ticks += from->duration;
          else
            {
              const AriettaNote note = {
                .onset_ticks = onset, .duration_ticks = from->duration, .pitch = (guint8) from->pitch,
                .velocity = (guint8) from->velocity, .off_velocity = 64, .channel = (guint8) channel,
                .program = (guint8) part->program, .flags = ARIETTA_NOTE_OFF_BY_EVENT,
              };

              held = (int) notes->len;
              g_array_append_val (notes, note);
            }
          open[from->voice][from->pitch] = from->tie_to ? held : -1;
        }
    }
  arietta_track_add_notes (track, (const AriettaNote *) (gpointer) notes->data, notes->len);
}

AriettaPiece *
_arietta_musicxml_make_piece (XmlScore *self)
{
  AriettaPiece       *piece = arietta_piece_new (TPQ), *marked;
  g_autoptr(GArray)   chords = g_array_new (FALSE, TRUE, sizeof (AriettaChordMark));
  guint               n;
  g_autofree gint64  *starts = lay_measures (self, &n);
  int                 free_channel = 0;

  for (guint p = 0; p < self->parts->len; p++)
    {
      XmlPart *part = self->parts->pdata[p];
      int   channel = part->drums ? DRUM_CHANNEL : free_channel;

      /* Each part its own as long as there are any, whatever the file says: many files say 1 to all. */
      if (!part->drums)
        free_channel = (free_channel + 1) % 16 == DRUM_CHANNEL ? free_channel + 2 : (free_channel + 1) % 16;
      add_part (piece, part, starts, channel);
    }
  set_maps (self, piece, starts, n, chords);
  if (self->title != NULL)
    arietta_piece_set_title (piece, self->title);
  if (self->statement != NULL)
    arietta_statement_set (piece, self->statement);
  arietta_piece_freeze (piece);
  if (chords->len == 0)
    return piece;

  marked = arietta_marks_set_chords (piece, chords);
  arietta_piece_unref (piece);

  return marked;
}
