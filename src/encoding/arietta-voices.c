#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-voices.h"

#include "analysis/arietta-melody.h"
#include "music/arietta-bar-map.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_GRID 1000000

/* Of a part's notes, how many may begin while another still sounds for more than a step. */
#define MAX_OVERLAP 0.1

typedef struct
{
  GArray     *notes;    /* AriettaNote, by onset */
  const char *name;     /* of its track */
  double      mean;     /* pitch */
} Part;

static void
part_clear (Part *part)
{
  g_array_unref (part->notes);
}

/* --- the grid --- */

/* Starts and phases of the steps up to @end ticks.  FALSE when they would be too many. */
static gboolean
make_grid (AriettaVoices *self,
           AriettaPiece  *piece,
           gint64         end)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  g_autoptr(GArray)        starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GByteArray)    phases = g_byte_array_new ();
  gint64                   ppq = arietta_piece_get_ticks_per_quarter (piece), tick = 0;
  guint                    n_bars = arietta_bar_map_get_n (map), phase = 0;

  for (guint b = 0; tick < end; b++)
    {
      gint64 start = arietta_bar_map_get_start (map, b);
      gint64 next = b < n_bars ? start + arietta_bar_map_get_nth (map, b)->length_ticks
                               : arietta_bar_map_get_start (map, b + 1);
      gint64 n = (MIN (next, end) - start) * 4;

      n = (n + ppq - 1) / ppq;
      if (n < 0 || starts->len + n > MAX_GRID || next <= start)
        return FALSE;

      if (b == 0 && arietta_bar_map_has_pickup (map))
        phase = (guint) ((4 - ((next - start) * 4 + ppq - 1) / ppq % 4) % 4);
      else
        phase = (phase + 3) / 4 * 4;

      for (gint64 s = 0; s < n; s++, phase++)
        {
          gint64 at = start + s * ppq / 4;
          guint8 value = (guint8) (phase % ARIETTA_VOICE_PHASES);

          g_array_append_val (starts, at);
          g_byte_array_append (phases, &value, 1);
        }
      tick = next;
    }

  self->n_steps = starts->len;
  /* The end of the last step, which may be a little after the end of the last note. */
  tick = starts->len > 0 ? MAX (end, g_array_index (starts, gint64, starts->len - 1) + 1) : end;
  g_array_append_val (starts, tick);
  self->starts = (gint64 *) (gpointer) g_array_free (g_steal_pointer (&starts), FALSE);
  self->phases = g_byte_array_free (g_steal_pointer (&phases), FALSE);
  self->frames = g_new (AriettaFrame, MAX (self->n_steps, 1));
  memset (self->frames, ARIETTA_VOICE_REST, sizeof (AriettaFrame) * self->n_steps);

  return self->n_steps > 0;
}

/* The step nearest to @tick, 0 .. n_steps. */
static guint
nearest_step (const AriettaVoices *self,
              gint64               tick)
{
  guint low = 0, high = self->n_steps;

  while (low < high)
    {
      guint middle = (low + high + 1) / 2;

      if (self->starts[middle] <= tick)
        low = middle;
      else
        high = middle - 1;
    }

  if (low < self->n_steps && self->starts[low + 1] - tick < tick - self->starts[low])
    low++;

  return low;
}

static void
place_notes (AriettaVoices *self,
             AriettaVoice   voice,
             const GArray  *notes)
{
  for (guint i = 0; i < notes->len; i++)
    {
      const AriettaNote *note = &g_array_index (notes, AriettaNote, i);
      guint              onset = nearest_step (self, note->onset_ticks);
      guint              end = nearest_step (self, note->onset_ticks + note->duration_ticks);

      end = CLAMP (end, MIN (onset + 1, self->n_steps), self->n_steps);
      for (guint s = onset; s < end; s++)
        self->frames[s].pitches[voice] = (gint8) note->pitch;
      /* Whatever an earlier note had put behind is over now. */
      for (guint s = end; s < self->n_steps && self->frames[s].pitches[voice] != ARIETTA_VOICE_REST; s++)
        self->frames[s].pitches[voice] = ARIETTA_VOICE_REST;
    }
  self->n_notes += notes->len;
}

/* --- which parts are the voices --- */

/* The voice a track's name speaks of, or -1. */
static int
read_voice_name (const char *name)
{
  static const struct
  {
    const char *start;
    int         voice;
  } names[] = {
    { "sopran", ARIETTA_VOICE_SOPRANO }, { "discant", ARIETTA_VOICE_SOPRANO },
    { "diskant", ARIETTA_VOICE_SOPRANO }, { "treble", ARIETTA_VOICE_SOPRANO },
    { "alt", ARIETTA_VOICE_ALTO }, { "contralto", ARIETTA_VOICE_ALTO },
    { "tenor", ARIETTA_VOICE_TENOR }, { "ténor", ARIETTA_VOICE_TENOR },
    { "bass", ARIETTA_VOICE_BASS }, { "baß", ARIETTA_VOICE_BASS },
  };
  g_autofree char *folded = g_utf8_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (g_strstrip (folded), names[i].start))
      return names[i].voice;

  return -1;
}

static gboolean
is_one_line (const GArray *notes,
             gint64        step_ticks)
{
  guint  overlapping = 0;
  gint64 end = G_MININT64;

  for (guint i = 0; i < notes->len; i++)
    {
      const AriettaNote *note = &g_array_index (notes, AriettaNote, i);

      overlapping += i > 0 && note->onset_ticks + step_ticks < end;
      end = MAX (end, note->onset_ticks + note->duration_ticks);
    }

  return notes->len > 0 && overlapping <= MAX_OVERLAP * notes->len;
}

static GArray *
find_parts (AriettaPiece *piece)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (Part));

  g_array_set_clear_func (parts, (GDestroyNotify) part_clear);
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (piece, t);
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);
      int                places[16];

      memset (places, -1, sizeof places);
      for (guint i = 0; i < n; i++)
        {
          int channel = notes[i].channel & 15;

          if (channel == 9)
            continue;
          if (places[channel] < 0)
            {
              Part part = { g_array_new (FALSE, FALSE, sizeof (AriettaNote)),
                            arietta_track_get_name (track), 0.0 };

              places[channel] = (int) parts->len;
              g_array_append_val (parts, part);
            }
          g_array_append_val (g_array_index (parts, Part, places[channel]).notes, notes[i]);
        }
    }

  for (guint p = 0; p < parts->len; p++)
    {
      Part *part = &g_array_index (parts, Part, p);

      for (guint i = 0; i < part->notes->len; i++)
        part->mean += (double) g_array_index (part->notes, AriettaNote, i).pitch / part->notes->len;
    }

  return parts;
}

static gint
compare_parts (gconstpointer a,
               gconstpointer b)
{
  const Part *p = a, *q = b;

  return (p->mean < q->mean) - (p->mean > q->mean);
}

/* Four of @parts, borrowed, in the order of the voices; FALSE when they are not four voices. */
static gboolean
choose_voices (GArray *parts,
               gint64  step_ticks,
               Part   *voices[ARIETTA_N_VOICES])
{
  guint n_named = 0;

  memset (voices, 0, sizeof (Part *) * ARIETTA_N_VOICES);
  for (guint p = 0; p < parts->len; p++)
    {
      Part *part = &g_array_index (parts, Part, p);
      int   voice = read_voice_name (part->name);

      if (voice >= 0 && voices[voice] == NULL)
        {
          voices[voice] = part;
          n_named++;
        }
    }

  if (n_named < ARIETTA_N_VOICES)
    {
      if (parts->len != ARIETTA_N_VOICES)
        return FALSE;

      g_array_sort (parts, compare_parts);
      for (int v = 0; v < ARIETTA_N_VOICES; v++)
        voices[v] = &g_array_index (parts, Part, v);
    }

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    if (!is_one_line (voices[v]->notes, step_ticks))
      return FALSE;

  return TRUE;
}

AriettaVoices *
arietta_voices_new (AriettaPiece *piece)
{
  g_autoptr(AriettaVoices) self = NULL;
  g_autoptr(GArray)        parts = NULL;
  Part                    *voices[ARIETTA_N_VOICES];
  gint64                   end = 0;

  g_return_val_if_fail (piece != NULL, NULL);

  parts = find_parts (piece);
  if (!choose_voices (parts, arietta_piece_get_ticks_per_quarter (piece) / 4, voices))
    return NULL;

  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    for (guint i = 0; i < voices[v]->notes->len; i++)
      {
        const AriettaNote *note = &g_array_index (voices[v]->notes, AriettaNote, i);

        end = MAX (end, note->onset_ticks + MAX (note->duration_ticks, 1));
      }

  self = g_new0 (AriettaVoices, 1);
  if (!make_grid (self, piece, end))
    return NULL;
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    place_notes (self, v, voices[v]->notes);

  return g_steal_pointer (&self);
}

AriettaVoices *
arietta_voices_new_melody (AriettaPiece *piece)
{
  g_autoptr(AriettaVoices) self = NULL;
  g_autoptr(GArray)        line = NULL;
  const AriettaNote       *last;

  g_return_val_if_fail (piece != NULL, NULL);

  line = arietta_melody_dup_notes (piece);
  if (line->len == 0)
    return NULL;

  last = &g_array_index (line, AriettaNote, line->len - 1);
  self = g_new0 (AriettaVoices, 1);
  if (!make_grid (self, piece, last->onset_ticks + MAX (last->duration_ticks, 1)))
    return NULL;
  place_notes (self, ARIETTA_VOICE_SOPRANO, line);

  return g_steal_pointer (&self);
}

AriettaVoices *
arietta_voices_new_empty (int   numerator,
                          int   denominator,
                          guint bars)
{
  g_autoptr(AriettaVoices) self = g_new0 (AriettaVoices, 1);
  g_autoptr(AriettaPiece)  piece = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);
  gint64                   bar_ticks;

  if (numerator < 1 || numerator > 255 || denominator < 1 || denominator > 64
      || (denominator & (denominator - 1)) != 0 || bars < 1)
    return NULL;

  bar_ticks = (gint64) ARIETTA_TICKS_PER_QUARTER * 4 * numerator / denominator;
  arietta_piece_set_meter (piece, 0, numerator, denominator);
  arietta_piece_freeze (piece);

  return make_grid (self, piece, bar_ticks * bars) ? g_steal_pointer (&self) : NULL;
}

void
arietta_voices_free (AriettaVoices *self)
{
  if (self == NULL)
    return;

  g_free (self->frames);
  g_free (self->starts);
  g_free (self->phases);
  g_free (self);
}

void
arietta_voices_to_notes (const AriettaVoices *self,
                         AriettaVoice         voice,
                         int                  velocity,
                         int                  program,
                         int                  channel,
                         GArray              *notes)
{
  for (guint s = 0; s < self->n_steps;)
    {
      int   pitch = self->frames[s].pitches[voice];
      guint end = s + 1;

      while (end < self->n_steps && self->frames[end].pitches[voice] == pitch)
        end++;
      if (pitch != ARIETTA_VOICE_REST)
        g_array_append_val (notes, ((AriettaNote) {
                                     .onset_ticks = self->starts[s],
                                     .duration_ticks = self->starts[end] - self->starts[s],
                                     .pitch = (guint8) pitch,
                                     .velocity = (guint8) velocity,
                                     .off_velocity = 64,
                                     .channel = (guint8) channel,
                                     .program = (guint8) program,
                                     .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                   }));
      s = end;
    }
}

const char *
arietta_voice_get_name (AriettaVoice voice)
{
  static const char * const names[] = { N_("Soprano"), N_("Alto"), N_("Tenor"), N_("Bass") };

  return _(names[voice]);
}

AriettaPiece *
arietta_voices_round_trip (AriettaPiece *piece,
                           AriettaKept  *kept)
{
  g_autoptr(AriettaVoices) voices = arietta_voices_new (piece);
  AriettaPiece            *result;

  *kept = (AriettaKept) { 0 };
  if (voices == NULL)
    return NULL;

  result = arietta_piece_copy (piece);
  while (arietta_piece_get_n_tracks (result) > 0)
    arietta_piece_remove_track (result, arietta_piece_get_n_tracks (result) - 1);
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    {
      GArray *notes = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

      arietta_voices_to_notes (voices, v, 80, 0, v, notes);
      arietta_track_take_notes (arietta_piece_add_track (result, arietta_voice_get_name (v)), notes);
    }
  arietta_kept_measure (piece, result, kept);

  return arietta_piece_freeze (result);
}
