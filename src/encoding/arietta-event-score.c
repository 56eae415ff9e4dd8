#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-event-score.h"

#include "music/arietta-bar-map.h"

#include <string.h>

#define HALF_POSITION  (ARIETTA_EVENTS_UNITS_PER_POSITION / 2)
#define MAX_NUMERATOR  32
#define MAX_DENOMINATOR_LOG2 6

/* Helpers */

static void
part_clear (gpointer data)
{
  g_free (((AriettaEventPart *) data)->name);
}

static int
compare_notes (gconstpointer a,
               gconstpointer b)
{
  const AriettaEventNote *x = a, *y = b;

  if (x->bar != y->bar)
    return x->bar < y->bar ? -1 : 1;
  if (x->part != y->part)
    return (int) x->part - (int) y->part;
  if (x->onset != y->onset)
    return x->onset < y->onset ? -1 : 1;
  if (x->pitch != y->pitch)
    return (int) y->pitch - (int) x->pitch;
  if (x->duration != y->duration)
    return x->duration < y->duration ? -1 : 1;

  return (int) x->velocity - (int) y->velocity;
}

static int
compare_tempos (gconstpointer a,
                gconstpointer b)
{
  const AriettaEventTempo *x = a, *y = b;

  if (x->bar != y->bar)
    return x->bar < y->bar ? -1 : 1;

  return (x->position > y->position) - (x->position < y->position);
}

/* The part of a channel of a track; made at its first note. */
static guint
find_part (AriettaEventScore *self,
           guint              nth,
           AriettaTrack      *track,
           const AriettaNote *note)
{
  gboolean         drums = note->channel == 9;
  guint            n_others = 0, other = 0;
  AriettaEventPart part = { nth, note->channel, drums, note->program, ARIETTA_ROLE_INNER, NULL };

  for (guint p = 0; p < self->parts->len; p++)
    {
      const AriettaEventPart *known = &g_array_index (self->parts, AriettaEventPart, p);

      if (known->track == nth && known->channel == note->channel)
        return p;
      if (known->drums == drums)
        {
          n_others++;
          other = p;
        }
    }

  /* The last place is kept for percussion, or for pitches, while there is none of that yet. */
  if (self->parts->len >= ARIETTA_EVENTS_MAX_PARTS
      || (self->parts->len == ARIETTA_EVENTS_MAX_PARTS - 1 && n_others == self->parts->len))
    return other;

  part.name = g_strdup (arietta_track_get_name (track));
  g_array_append_val (self->parts, part);

  return self->parts->len - 1;
}

static gboolean
lay_bars (AriettaEventScore *self,
          AriettaPiece      *piece,
          GArray            *starts)
{
  g_autoptr(AriettaBarMap) map = arietta_bar_map_new (piece);
  int                      tpq = arietta_piece_get_ticks_per_quarter (piece);
  gint64                   last = 0;
  guint                    n;

  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      guint              n_notes;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t),
                                                          &n_notes);

      if (n_notes > 0)
        last = MAX (last, notes[n_notes - 1].onset_ticks);
    }

  /* One bar more where the last note is struck just ahead of a bar line. */
  last += tpq / (2 * ARIETTA_EVENTS_PER_QUARTER);
  n = arietta_bar_map_find (map, MAX (last, arietta_piece_get_notes_end_ticks (piece) - 1)) + 1;
  if (n > ARIETTA_EVENTS_MAX_BARS)
    return FALSE;

  for (guint b = 0; b <= n; b++)
    {
      gint64 start = arietta_event_ticks_to_units (arietta_bar_map_get_start (map, b), tpq);

      g_array_append_val (starts, start);
    }
  for (guint b = 0; b < n; b++)
    {
      gint64          length = g_array_index (starts, gint64, b + 1) - g_array_index (starts, gint64, b);
      AriettaMeter    meter = arietta_piece_get_meter_at (piece, arietta_bar_map_get_start (map, b));
      AriettaEventBar bar = {
        (gint32) CLAMP (length, 1, G_MAXINT32 / 4),
        (guint8) CLAMP (meter.numerator, 1, MAX_NUMERATOR),
        (guint8) MIN (meter.denominator_log2, MAX_DENOMINATOR_LOG2),
      };

      if (length < 1 || length > G_MAXINT32 / 4)
        return FALSE;
      g_array_append_val (self->bars, bar);
    }

  return TRUE;
}

static void
lay_maps (AriettaEventScore *self,
          AriettaPiece      *piece,
          const gint64      *starts)
{
  int                 tpq = arietta_piece_get_ticks_per_quarter (piece);
  guint               n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (piece, &n);
  const AriettaKey   *keys;

  for (guint i = 0; i < n; i++)
    {
      gint64            at = arietta_event_ticks_to_units (tempos[i].tick, tpq);
      guint             bar = arietta_event_find_bar (starts, self->bars->len, at);
      gint64            position = (at - starts[bar] + HALF_POSITION) / ARIETTA_EVENTS_UNITS_PER_POSITION;
      AriettaEventTempo tempo = { bar, (gint32) MAX (position, 0), tempos[i].us_per_quarter };
      AriettaEventTempo *before = self->tempos->len > 0
                                    ? &g_array_index (self->tempos, AriettaEventTempo, self->tempos->len - 1)
                                    : NULL;

      if (at >= starts[self->bars->len])
        break;
      /* Of several at one place the last holds. */
      if (before != NULL && before->bar == tempo.bar && before->position == tempo.position)
        *before = tempo;
      else
        g_array_append_val (self->tempos, tempo);
    }

  keys = arietta_piece_get_keys (piece, &n);
  for (guint i = 0; i < n; i++)
    {
      gint64          at = arietta_event_ticks_to_units (keys[i].tick, tpq);
      AriettaEventKey key = { arietta_event_find_bar (starts, self->bars->len, at),
                              arietta_tonality_from_key (keys[i].sharps, keys[i].minor) };
      AriettaEventKey *before = self->keys->len > 0
                                  ? &g_array_index (self->keys, AriettaEventKey, self->keys->len - 1)
                                  : NULL;

      if (at >= starts[self->bars->len])
        break;
      if (before != NULL && before->bar == key.bar)
        *before = key;
      else
        g_array_append_val (self->keys, key);
    }
}

/* Onsets of much of the notes off the grid: somebody played this. */
static gboolean
is_played (AriettaEventScore *self)
{
  guint off = 0;

  for (guint i = 0; i < self->notes->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (self->notes, AriettaEventNote, i);

      off += ABS ((note->onset + ARIETTA_EVENTS_UNITS) % ARIETTA_EVENTS_UNITS_PER_POSITION) > 2
             && ABS ((note->onset + ARIETTA_EVENTS_UNITS) % ARIETTA_EVENTS_UNITS_PER_POSITION)
                  < ARIETTA_EVENTS_UNITS_PER_POSITION - 2;
    }

  return off * 4 > self->notes->len;
}

/* Who does what: percussion is known; of the rest the highest line is the melody, the lowest the
 * bass, what sounds in chords accompanies. */
static void
assign_roles (AriettaEventScore *self)
{
  guint   n = self->parts->len;
  double  sum[ARIETTA_EVENTS_MAX_PARTS] = { 0 };
  guint   count[ARIETTA_EVENTS_MAX_PARTS] = { 0 }, onsets[ARIETTA_EVENTS_MAX_PARTS] = { 0 };
  gint64  last[ARIETTA_EVENTS_MAX_PARTS];
  int     highest = -1, lowest = -1;
  guint   n_pitched = 0;

  memset (last, 0xFF, sizeof last);
  for (guint i = 0; i < self->notes->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (self->notes, AriettaEventNote, i);
      gint64                  at = (gint64) note->bar << 32 | (guint32) (note->onset + HALF_POSITION);

      sum[note->part] += note->pitch;
      count[note->part]++;
      onsets[note->part] += at != last[note->part];
      last[note->part] = at;
    }

  for (guint p = 0; p < n; p++)
    {
      AriettaEventPart *part = &g_array_index (self->parts, AriettaEventPart, p);
      double            mean = sum[p] / MAX (count[p], 1);

      part->role = part->drums ? ARIETTA_ROLE_DRUMS
                   : count[p] * 10 >= onsets[p] * 13 ? ARIETTA_ROLE_CHORDS
                                                  : ARIETTA_ROLE_INNER;
      if (part->drums)
        continue;

      n_pitched++;
      if (part->role == ARIETTA_ROLE_INNER
          && (highest < 0 || mean > sum[highest] / MAX (count[highest], 1)))
        highest = (int) p;
      if (part->role == ARIETTA_ROLE_INNER
          && (lowest < 0 || mean <= sum[lowest] / MAX (count[lowest], 1)))
        lowest = (int) p;
    }

  if (highest >= 0 && !(n_pitched > 1 && highest == lowest
                        && sum[highest] / MAX (count[highest], 1) < 52.0))
    g_array_index (self->parts, AriettaEventPart, highest).role = ARIETTA_ROLE_MELODY;
  if (lowest >= 0 && n_pitched > 1
      && g_array_index (self->parts, AriettaEventPart, lowest).role != ARIETTA_ROLE_MELODY
      && sum[lowest] / MAX (count[lowest], 1) < 60.0)
    g_array_index (self->parts, AriettaEventPart, lowest).role = ARIETTA_ROLE_BASS;
}

/* Public */

AriettaEventScore *
arietta_event_score_new (void)
{
  AriettaEventScore *self = g_new0 (AriettaEventScore, 1);

  self->bars = g_array_new (FALSE, FALSE, sizeof (AriettaEventBar));
  self->parts = g_array_new (FALSE, FALSE, sizeof (AriettaEventPart));
  g_array_set_clear_func (self->parts, part_clear);
  self->notes = g_array_new (FALSE, FALSE, sizeof (AriettaEventNote));
  self->tempos = g_array_new (FALSE, FALSE, sizeof (AriettaEventTempo));
  self->keys = g_array_new (FALSE, FALSE, sizeof (AriettaEventKey));

  return self;
}

void
arietta_event_score_free (AriettaEventScore *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->bars);
  g_array_unref (self->parts);
  g_array_unref (self->notes);
  g_array_unref (self->tempos);
  g_array_unref (self->keys);
  g_free (self->cells);
  g_free (self);
}

AriettaEventScore *
arietta_event_score_from_piece (AriettaPiece *piece)
{
  g_autoptr(AriettaEventScore) self = arietta_event_score_new ();
  g_autoptr(GArray)            starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  int                          tpq = arietta_piece_get_ticks_per_quarter (piece);

  g_return_val_if_fail (piece != NULL, NULL);

  if (arietta_piece_get_n_notes (piece) == 0 || !lay_bars (self, piece, starts))
    return NULL;

  lay_maps (self, piece, (const gint64 *) (gpointer) starts->data);
  for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
    {
      AriettaTrack      *track = arietta_piece_get_track (piece, t);
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (track, &n);

      for (guint i = 0; i < n; i++)
        {
          gint64           at = arietta_event_ticks_to_units (notes[i].onset_ticks, tpq);
          guint            bar = arietta_event_find_bar ((const gint64 *) (gpointer) starts->data, self->bars->len, at);
          gint64           duration = arietta_event_ticks_to_units (notes[i].duration_ticks, tpq);
          AriettaEventNote note = {
            .bar = bar,
            .onset = (gint32) (at - g_array_index (starts, gint64, bar)),
            .duration = (gint32) CLAMP (duration, 0, G_MAXINT32 / 4),
            .part = (guint8) find_part (self, t, track, &notes[i]),
            .pitch = notes[i].pitch,
            .velocity = notes[i].velocity,
            .program = notes[i].program,
          };

          g_array_append_val (self->notes, note);
        }
    }
  arietta_event_score_settle (self);
  assign_roles (self);
  self->played = is_played (self);

  return g_steal_pointer (&self);
}

void
arietta_event_score_settle (AriettaEventScore *self)
{
  guint n_parts = self->parts->len, n = self->bars->len * n_parts, at = 0;

  g_array_sort (self->notes, compare_notes);
  g_array_sort (self->tempos, compare_tempos);
  g_free (self->cells);
  self->cells = g_new (guint, n + 1);
  for (guint c = 0; c < n; c++)
    {
      self->cells[c] = at;
      while (at < self->notes->len)
        {
          const AriettaEventNote *note = &g_array_index (self->notes, AriettaEventNote, at);

          if (note->bar * n_parts + note->part > c)
            break;
          at++;
        }
    }
  self->cells[n] = at;
}

const AriettaEventNote *
arietta_event_score_get_cell (AriettaEventScore *self,
                              guint              bar,
                              guint              part,
                              guint             *n)
{
  guint c = bar * self->parts->len + part;

  g_return_val_if_fail (self->cells != NULL && bar < self->bars->len && part < self->parts->len, NULL);

  *n = self->cells[c + 1] - self->cells[c];
  return (const AriettaEventNote *) (gpointer) self->notes->data + self->cells[c];
}

gint32
arietta_event_bar_whole (int numerator,
                         int denominator_log2)
{
  return numerator * 4 * ARIETTA_EVENTS_UNITS >> denominator_log2;
}

gint64
arietta_event_units_to_ticks (gint64 units,
                              int    ticks_per_quarter)
{
  gint64 up = units * ticks_per_quarter + ARIETTA_EVENTS_UNITS / 2;

  return up < 0 ? 0 : up / ARIETTA_EVENTS_UNITS;
}

gint64
arietta_event_ticks_to_units (gint64 ticks,
                              int    ticks_per_quarter)
{
  return (ticks * ARIETTA_EVENTS_UNITS + ticks_per_quarter / 2) / ticks_per_quarter;
}

guint
arietta_event_find_bar (const gint64 *starts,
                        guint         n_bars,
                        gint64        units)
{
  guint low = 0, high = n_bars;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (starts[middle] <= units)
        low = middle;
      else
        high = middle;
    }
  /* Just ahead of a bar line is behind it. */
  if (low + 1 < n_bars && units >= starts[low + 1] - HALF_POSITION)
    low++;

  return low;
}

gint64 *
arietta_event_score_dup_starts (AriettaEventScore *self)
{
  gint64 *starts = g_new (gint64, self->bars->len + 1);
  gint64  at = 0;

  for (guint b = 0; b < self->bars->len; b++)
    {
      starts[b] = at;
      at += g_array_index (self->bars, AriettaEventBar, b).length;
    }
  starts[self->bars->len] = at;

  return starts;
}

/* Metres where they change, and where a bar was cut short the next one begins anew. */
static void
write_meters (AriettaEventScore *self,
              AriettaPiece      *piece,
              const gint64      *starts,
              int                tpq)
{
  const AriettaEventBar *before = NULL;
  gboolean               cut = FALSE;

  for (guint b = 0; b < self->bars->len; b++)
    {
      const AriettaEventBar *bar = &g_array_index (self->bars, AriettaEventBar, b);
      int                    numerator = bar->numerator, log2 = bar->denominator_log2;

      /* Longer than its metre can be: one that is long enough, for the map knows no other. */
      while (bar->length > arietta_event_bar_whole (numerator, log2) + 1 && numerator < 255)
        numerator++;
      while (bar->length > arietta_event_bar_whole (numerator, log2) + 1 && log2 > 0)
        log2--;

      if (before == NULL || cut || numerator != before->numerator
          || bar->denominator_log2 != before->denominator_log2)
        arietta_piece_set_meter (piece, arietta_event_units_to_ticks (starts[b], tpq), numerator,
                                 1 << log2);
      cut = ABS (bar->length - arietta_event_bar_whole (bar->numerator, bar->denominator_log2)) > 1;
      before = bar;
    }
}

static AriettaTrack *
add_part (AriettaPiece     *piece,
          AriettaEventPart *part,
          guint             nth)
{
  /* Channels apart, so that programs stay with their part; percussion has its own. */
  guint8 channel = part->drums ? 9 : nth % 16 < 9 ? (guint8) nth % 16 : (guint8) ((nth + 1) % 16);

  part->channel = channel;
  return arietta_piece_add_track (piece, part->name != NULL ? part->name : "");
}

AriettaPiece *
arietta_event_score_to_piece (AriettaEventScore *self,
                              int                ticks_per_quarter)
{
  AriettaPiece     *piece = arietta_piece_new (ticks_per_quarter);
  g_autofree gint64 *starts = arietta_event_score_dup_starts (self);
  int               tpq = ticks_per_quarter;

  write_meters (self, piece, starts, tpq);
  for (guint i = 0; i < self->tempos->len; i++)
    {
      const AriettaEventTempo *tempo = &g_array_index (self->tempos, AriettaEventTempo, i);
      gint64                   at = starts[tempo->bar]
                                    + (gint64) tempo->position * ARIETTA_EVENTS_UNITS_PER_POSITION;

      arietta_piece_set_tempo (piece, arietta_event_units_to_ticks (at, tpq), tempo->us_per_quarter);
    }
  for (guint i = 0; i < self->keys->len; i++)
    {
      const AriettaEventKey *key = &g_array_index (self->keys, AriettaEventKey, i);

      if (key->key.tonic >= 0)
        arietta_piece_set_key (piece, arietta_event_units_to_ticks (starts[key->bar], tpq),
                               arietta_tonality_get_sharps (key->key),
                               key->key.scale == ARIETTA_SCALE_MINOR);
    }

  for (guint p = 0; p < self->parts->len; p++)
    {
      AriettaEventPart *part = &g_array_index (self->parts, AriettaEventPart, p);
      AriettaTrack     *track = add_part (piece, part, p);

      for (guint b = 0; b < self->bars->len; b++)
        {
          guint                   n;
          const AriettaEventNote *notes = arietta_event_score_get_cell (self, b, p, &n);

          for (guint i = 0; i < n; i++)
            {
              gint64 onset = arietta_event_units_to_ticks (starts[b] + notes[i].onset, tpq);
              gint64 ticks = arietta_event_units_to_ticks (notes[i].duration, tpq);

              arietta_track_add_note (track, &(AriettaNote) {
                                        .onset_ticks = onset,
                                        .duration_ticks = ticks,
                                        .pitch = notes[i].pitch,
                                        .velocity = notes[i].velocity,
                                        .off_velocity = 64,
                                        .channel = part->channel,
                                        .program = notes[i].program,
                                        .flags = ARIETTA_NOTE_OFF_BY_EVENT,
                                      });
            }
        }
    }

  return piece;
}
