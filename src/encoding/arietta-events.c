#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-events.h"

#include "base/arietta-error.h"
#include "encoding/arietta-event-reader.h"

#include <glib/gi18n.h>

#define UNITS            ARIETTA_EVENTS_UNITS_PER_POSITION
#define HALF             (UNITS / 2)
#define PLAYED_STEP      5    /* units of an OFFSET in PLAYED */
#define DRUM_DURATION    6
#define N_SLOTS          ARIETTA_EVENTS_MAX_PARTS

/* Durations that PLAYED knows, in positions: the common note values, and steps between long ones. */
static const guint8 played_durations[] = {
  1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 48, 60, 72, 84, 96,
};

/* What a cell's notes are written against. */
typedef struct
{
  int velocity, program, duration, end_offset;
} Line;

typedef struct
{
  AriettaEventScore           *score;
  const AriettaEventsSettings *settings;
  GArray                      *tokens;
  guint                        first, n;   /* bars */
  guint8                       order[N_SLOTS];
  guint                        n_order;
  Line                         lines[N_SLOTS]; /* by part of the score */
} Writer;

/* Helpers */

static void
put (Writer          *self,
     AriettaEventSort sort,
     guint            value)
{
  AriettaEvent16 token = arietta_event_make (sort, value);

  g_array_append_val (self->tokens, token);
}

static void
put_position (Writer *self,
              guint   position)
{
  for (guint i = 0; i < position / ARIETTA_EVENTS_N_POSITIONS; i++)
    put (self, ARIETTA_EVENT_LONGER, 0);
  put (self, ARIETTA_EVENT_POSITION, position % ARIETTA_EVENTS_N_POSITIONS);
}

static void
put_duration (Writer *self,
              int     duration,
              int     end_offset)
{
  int rest = duration;

  if (rest > 96)
    {
      /* The rest first, so that a whole number of 96 still has something to add to. */
      int over = (rest - 1) / 96;

      put (self, ARIETTA_EVENT_DURATION, (guint) (rest - 96 * over));
      for (; over > 16; over -= 16)
        put (self, ARIETTA_EVENT_LONG, 15);
      put (self, ARIETTA_EVENT_LONG, (guint) over - 1);
    }
  else
    put (self, ARIETTA_EVENT_DURATION, (guint) rest);
  if (end_offset != 0)
    put (self, ARIETTA_EVENT_END_OFFSET, (guint) (end_offset + HALF));
}

/* Steps of eight: 8, 16 .. 120, 127. */
static int
soften (int                 velocity,
        int                 louder,
        AriettaEventsDetail detail)
{
  velocity = CLAMP (velocity + louder, 1, 127);
  if (detail == ARIETTA_EVENTS_EXACT)
    return velocity;

  return CLAMP ((velocity + 4) / 8 * 8, 8, 127);
}

static int
played_duration (int positions)
{
  int best = played_durations[0];

  if (positions > 96)
    return (positions + 12) / 24 * 24;

  for (guint i = 1; i < G_N_ELEMENTS (played_durations); i++)
    if (ABS (played_durations[i] - positions) <= ABS (best - positions))
      best = played_durations[i];

  return best;
}

/* A note in the numbers of tokens. */
typedef struct
{
  int  position, offset, pitch;
  Line line;
} Written;

static Written
write_note (const AriettaEventNote      *note,
            const AriettaEventsSettings *settings,
            gboolean                     drums)
{
  AriettaEventsDetail detail = settings->detail;
  int                 position = (note->onset + HALF) / UNITS;
  int                 duration = (MIN (note->duration, 99000 * UNITS) + HALF) / UNITS;
  Written             written = {
    .position = position,
    .offset = note->onset - position * UNITS,
    .pitch = note->pitch,
    .line = { .velocity = soften (note->velocity, settings->louder, detail),
              .program = note->program,
              .duration = duration,
              .end_offset = MIN (note->duration, 99000 * UNITS) - duration * UNITS },
  };

  if (!drums)
    {
      written.pitch += settings->transpose;
      while (written.pitch < 0)
        written.pitch += 12;
      while (written.pitch > 127)
        written.pitch -= 12;
    }
  if (detail == ARIETTA_EVENTS_EXACT)
    return written;

  written.line.end_offset = 0;
  written.line.duration = drums ? DRUM_DURATION : MAX (duration, 1);
  if (detail == ARIETTA_EVENTS_GRID)
    {
      written.offset = 0;
      return written;
    }

  written.offset = (written.offset + HALF) / PLAYED_STEP * PLAYED_STEP - HALF;
  if (!drums)
    written.line.duration = played_duration (MAX (duration, 1));

  return written;
}

static int
compare_written (gconstpointer a,
                 gconstpointer b)
{
  const Written *x = a, *y = b;

  if (x->position != y->position)
    return x->position - y->position;
  if (x->offset != y->offset)
    return x->offset - y->offset;
  if (x->pitch != y->pitch)
    return y->pitch - x->pitch;

  return x->line.duration * UNITS + x->line.end_offset
         - (y->line.duration * UNITS + y->line.end_offset);
}

/* The notes of a cell in the order of their tokens, which coarser detail and octaves may change. */
static GArray *
write_notes (Writer *self,
             guint   bar,
             guint   part)
{
  guint                   n;
  const AriettaEventNote *notes = arietta_event_score_get_cell (self->score, bar, part, &n);
  gboolean                drums = g_array_index (self->score->parts, AriettaEventPart, part).drums;
  GArray                 *written = g_array_sized_new (FALSE, FALSE, sizeof (Written), n);

  for (guint i = 0; i < n; i++)
    {
      Written one = write_note (&notes[i], self->settings, drums);

      g_array_append_val (written, one);
    }
  g_array_sort (written, compare_written);

  return written;
}

/* What most notes of a part have, within the window. */
static Line
common_line (Writer *self,
             guint   part)
{
  Line              line = { 80, 0, 24, 0 };
  g_autofree guint *velocities = g_new0 (guint, 128);
  guint             durations[97] = { 0 };
  AriettaEventPart *known = &g_array_index (self->score->parts, AriettaEventPart, part);

  line.program = known->drums ? 0 : known->program;
  if (known->drums)
    line.duration = DRUM_DURATION;
  for (guint b = self->first; b < self->first + self->n; b++)
    {
      g_autoptr(GArray) notes = write_notes (self, b, part);

      for (guint i = 0; i < notes->len; i++)
        {
          const Written *note = &g_array_index (notes, Written, i);

          velocities[note->line.velocity]++;
          if (note->line.duration <= 96 && note->line.end_offset == 0)
            durations[note->line.duration]++;
        }
    }
  for (guint v = 0; v < 128; v++)
    if (velocities[v] > velocities[line.velocity])
      line.velocity = (int) v;
  for (guint d = 0; d < 97; d++)
    if (durations[d] > durations[line.duration])
      line.duration = (int) d;

  return line;
}

static void
put_cell (Writer *self,
          guint   bar,
          guint   part)
{
  g_autoptr(GArray) notes = write_notes (self, bar, part);
  gboolean          drums = g_array_index (self->score->parts, AriettaEventPart, part).drums;
  Line              line = self->lines[part];
  int               position = -1, offset = 0;

  for (guint i = 0; i < notes->len; i++)
    {
      const Written *note = &g_array_index (notes, Written, i);

      if (note->position != position)
        {
          put_position (self, (guint) note->position);
          position = note->position;
          offset = 0;
        }
      if (note->offset != offset)
        put (self, ARIETTA_EVENT_OFFSET, (guint) (note->offset + HALF));
      if (note->line.program != line.program && self->settings->detail == ARIETTA_EVENTS_EXACT)
        put (self, ARIETTA_EVENT_PROGRAM, (guint) note->line.program);
      if (note->line.velocity != line.velocity)
        put (self, ARIETTA_EVENT_VELOCITY, (guint) note->line.velocity - 1);
      if (note->line.duration != line.duration || note->line.end_offset != line.end_offset)
        put_duration (self, note->line.duration, note->line.end_offset);
      put (self, drums ? ARIETTA_EVENT_DRUM : ARIETTA_EVENT_PITCH, (guint) note->pitch);
      offset = note->offset;
      line = note->line;
    }
}

static void
put_head (Writer *self)
{
  const AriettaEventsSettings *settings = self->settings;
  int                          key = arietta_event_key_value (settings->key);

  put (self, self->first == 0 && !settings->inside ? ARIETTA_EVENT_BEGIN : ARIETTA_EVENT_INSIDE, 0);
  if (settings->style >= 0)
    put (self, ARIETTA_EVENT_STYLE, (guint) settings->style);
  if (key >= 0)
    put (self, ARIETTA_EVENT_KEY, (guint) key);
  if (settings->density >= 0)
    put (self, ARIETTA_EVENT_DENSITY, (guint) settings->density);

  for (guint slot = 0; slot < self->n_order; slot++)
    {
      guint                        p = self->order[slot];
      const AriettaEventPart      *part = &g_array_index (self->score->parts, AriettaEventPart, p);
      const AriettaEventsPartTold *told = settings->parts != NULL ? &settings->parts[p] : NULL;
      Line                        *line = &self->lines[p];

      *line = common_line (self, p);
      put (self, ARIETTA_EVENT_TRACK, slot);
      if (told == NULL || told->role)
        put (self, ARIETTA_EVENT_ROLE, part->role);
      if (part->drums)
        put (self, ARIETTA_EVENT_DRUMS, 0);
      else if (told == NULL || told->program)
        put (self, ARIETTA_EVENT_PROGRAM, part->program);
      else
        line->program = 0;
      if (told != NULL && told->density >= 0)
        put (self, ARIETTA_EVENT_DENSITY, (guint) told->density);
      put (self, ARIETTA_EVENT_VELOCITY, (guint) line->velocity - 1);
      if (!part->drums || settings->detail == ARIETTA_EVENTS_EXACT)
        put_duration (self, line->duration, 0);
    }
}

static void
put_tempo (Writer                  *self,
           const AriettaEventTempo *tempo,
           guint                    position,
           guint                   *heard)
{
  gboolean exact = self->settings->detail == ARIETTA_EVENTS_EXACT;
  guint    fine, value = arietta_event_tempo_value (tempo->us_per_quarter, &fine);
  guint    saying = value * 64 + (exact ? fine : 32);

  if (saying == *heard)
    return;

  if (position > 0)
    put_position (self, position);
  put (self, ARIETTA_EVENT_TEMPO, value);
  if (exact && fine != 32)
    put (self, ARIETTA_EVENT_TEMPO_FINE, fine);
  *heard = saying;
}

/* Tempos of a bar; those inside it only in EXACT. *@at is the first not yet told, *@heard what was
 * told last. */
static void
put_tempos (Writer *self,
            guint   bar,
            guint  *at,
            guint  *heard)
{
  const AriettaEventTempo *tempos = (const AriettaEventTempo *) (gpointer) self->score->tempos->data;
  guint                    n = self->score->tempos->len, first = *at;
  int                      n_positions =
    (g_array_index (self->score->bars, AriettaEventBar, bar).length + UNITS - 1) / UNITS;

  while (*at < n && (tempos[*at].bar < bar || (tempos[*at].bar == bar && tempos[*at].position == 0)))
    *at += 1;
  if (*at > first)
    put_tempo (self, &tempos[*at - 1], 0, heard);
  if (self->settings->detail != ARIETTA_EVENTS_EXACT)
    return;

  for (; *at < n && tempos[*at].bar == bar; *at += 1)
    if (tempos[*at].position < n_positions)
      put_tempo (self, &tempos[*at], (guint) tempos[*at].position, heard);
}

static void
put_bar_head (Writer                *self,
              guint                  bar,
              const AriettaEventBar *before)
{
  const AriettaEventsSettings *settings = self->settings;
  const AriettaEventBar       *this = &g_array_index (self->score->bars, AriettaEventBar, bar);
  gboolean                     last = settings->last_bar && bar + 1 == self->score->bars->len;

  put (self, last ? ARIETTA_EVENT_LAST_BAR : ARIETTA_EVENT_BAR, 0);
  if (before == NULL || before->numerator != this->numerator
      || before->denominator_log2 != this->denominator_log2)
    {
      put (self, ARIETTA_EVENT_NUMERATOR, this->numerator - 1u);
      put (self, ARIETTA_EVENT_DENOMINATOR, this->denominator_log2);
    }
  if (this->length != arietta_event_bar_whole (this->numerator, this->denominator_log2))
    {
      int position = (this->length + HALF) / UNITS, offset = this->length - position * UNITS;

      put (self, ARIETTA_EVENT_CUT, 0);
      put_position (self, (guint) position);
      if (offset != 0)
        put (self, ARIETTA_EVENT_OFFSET, (guint) (offset + HALF));
    }
  if (settings->signatures)
    for (guint k = 0; k < self->score->keys->len; k++)
      {
        const AriettaEventKey *key = &g_array_index (self->score->keys, AriettaEventKey, k);
        AriettaTonality        moved = key->key;

        if (key->bar != bar || moved.tonic < 0)
          continue;
        moved.tonic = ((moved.tonic + settings->transpose) % 12 + 12) % 12;
        put (self, ARIETTA_EVENT_KEY, (guint) arietta_event_key_value (moved));
      }
}

static gboolean
is_masked (Writer *self,
           guint   bar,
           guint   part)
{
  return self->settings->masked != NULL
         && self->settings->masked[(bar - self->first) * self->score->parts->len + part] != 0;
}

static void
writer_init (Writer                      *self,
             AriettaEventScore           *score,
             const AriettaEventsSettings *settings,
             GArray                      *tokens)
{
  guint n_bars = score->bars->len;

  *self = (Writer) { .score = score, .settings = settings, .tokens = tokens };
  self->first = MIN (settings->first_bar, n_bars);
  self->n = MIN (settings->n_bars, n_bars - self->first);
  self->n_order = settings->order != NULL && settings->n_order > 0 ? MIN (settings->n_order, N_SLOTS)
                                                                   : score->parts->len;
  for (guint i = 0; i < self->n_order; i++)
    self->order[i] = settings->order != NULL ? settings->order[i] : (guint8) i;
}

/* Public */

GArray *
arietta_events_encode (AriettaEventScore           *score,
                       const AriettaEventsSettings *settings)
{
  Writer                 self;
  const AriettaEventBar *before = NULL;
  guint                  tempo = 0, heard = G_MAXUINT, n_masked = 0;

  g_return_val_if_fail (score != NULL && settings != NULL && score->cells != NULL, NULL);

  writer_init (&self, score, settings, g_array_new (FALSE, FALSE, sizeof (AriettaEvent16)));
  put_head (&self);
  for (guint b = self.first; b < self.first + self.n; b++)
    {
      put_bar_head (&self, b, before);
      put_tempos (&self, b, &tempo, &heard);
      before = &g_array_index (score->bars, AriettaEventBar, b);
      for (guint slot = 0; slot < self.n_order; slot++)
        {
          guint n;

          arietta_event_score_get_cell (score, b, self.order[slot], &n);
          if (is_masked (&self, b, self.order[slot]))
            {
              put (&self, ARIETTA_EVENT_TRACK, slot);
              put (&self, ARIETTA_EVENT_MASK, 0);
              n_masked++;
            }
          else if (n > 0)
            {
              put (&self, ARIETTA_EVENT_TRACK, slot);
              put_cell (&self, b, self.order[slot]);
            }
        }
    }
  if (settings->last_bar && self.n > 0 && self.first + self.n == score->bars->len)
    put (&self, ARIETTA_EVENT_END, 0);

  if (n_masked > 0 && settings->fill)
    {
      put (&self, ARIETTA_EVENT_FILL, 0);
      for (guint b = self.first; b < self.first + self.n; b++)
        for (guint slot = 0; slot < self.n_order; slot++)
          if (is_masked (&self, b, self.order[slot]))
            {
              put (&self, ARIETTA_EVENT_CELL, 0);
              put_cell (&self, b, self.order[slot]);
            }
      put (&self, ARIETTA_EVENT_DONE, 0);
    }

  return self.tokens;
}

AriettaEventScore *
arietta_events_decode (const AriettaEvent16 *tokens,
                       gsize                 n,
                       GError              **error)
{
  g_autoptr(AriettaEventReader) reader = arietta_event_reader_new ();

  for (gsize i = 0; i < n; i++)
    if (!arietta_event_reader_feed (reader, tokens[i]))
      {
        g_autofree char *name = arietta_event_dup_name (tokens[i]);
        g_autofree char *place = g_strdup_printf ("event %" G_GSIZE_FORMAT, i + 1);

        arietta_set_error (error, ARIETTA_ENCODING_ERROR, ARIETTA_ENCODING_ERROR_GRAMMAR, NULL, place,
                           _("Event %u of the sequence, %s, may not stand there."),
                           (guint) i + 1, name);
        return NULL;
      }

  return arietta_event_reader_take (reader);
}

/* Names do not travel as tokens; what came from a piece gets them back. */
static void
restore_parts (AriettaEventScore *to,
               AriettaEventScore *from)
{
  for (guint p = 0; p < to->parts->len && p < from->parts->len; p++)
    {
      AriettaEventPart *part = &g_array_index (to->parts, AriettaEventPart, p);

      g_free (part->name);
      part->name = g_strdup (g_array_index (from->parts, AriettaEventPart, p).name);
    }
}

AriettaPiece *
arietta_events_round_trip (AriettaPiece        *piece,
                           AriettaEventsDetail  detail,
                           AriettaKept         *kept)
{
  AriettaEventsSettings        settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventScore) back = NULL;
  g_autoptr(GArray)            tokens = NULL;
  AriettaPiece                *result;

  *kept = (AriettaKept) { 0 };
  if (score == NULL)
    return NULL;

  settings.detail = detail;
  tokens = arietta_events_encode (score, &settings);
  back = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, NULL);
  g_return_val_if_fail (back != NULL, NULL);

  restore_parts (back, score);
  result = arietta_event_score_to_piece (back, arietta_piece_get_ticks_per_quarter (piece));
  if (arietta_piece_get_title (piece) != NULL)
    arietta_piece_set_title (result, arietta_piece_get_title (piece));
  arietta_piece_freeze (result);
  arietta_kept_measure (piece, result, kept);

  return result;
}
