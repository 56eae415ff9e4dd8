#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-event-reader-private.h"

static void
begin_cell (AriettaEventReader *self,
            int                 bar,
            int                 slot)
{
  self->stage = STAGE_CELL;
  self->rank = 0;
  self->longer = 0;
  self->bar = bar;
  self->slot = slot;
  self->line = self->lines[slot];
  self->position = -1;
  self->offset = 0;
  self->last_pitch = 128;
}

static void
begin_bar (AriettaEventReader *self,
           gboolean            last)
{
  AriettaEventBar bar = { 0, 4, 2 };

  if (self->score->bars->len > 0)
    bar = g_array_index (self->score->bars, AriettaEventBar, self->score->bars->len - 1);
  bar.length = arietta_event_bar_whole (bar.numerator, bar.denominator_log2);
  g_array_append_val (self->score->bars, bar);

  self->stage = STAGE_BAR;
  self->rank = 0;
  self->longer = 0;
  self->bar = (int) self->score->bars->len - 1;
  self->slot = -1;
  self->place = 0;
  self->closed = last;
}

static void
begin_part (AriettaEventReader *self,
            int                 slot)
{
  AriettaEventPart part = { .role = ARIETTA_ROLE_INNER };

  self->stage = STAGE_PART;
  self->rank = 0;
  self->slot = slot;
  self->part_of[slot] = (int) self->score->parts->len;
  self->lines[slot] = (Line) { DEFAULT_VELOCITY, 0, DEFAULT_DURATION, 0 };
  part.track = self->score->parts->len;
  g_array_append_val (self->score->parts, part);
}

static void
feed_part (AriettaEventReader *self,
           AriettaEventSort    sort,
           guint               value)
{
  Line             *line = &self->lines[self->slot];
  AriettaEventPart *part = part_of (self, self->slot);

  switch (sort)
    {
    case ARIETTA_EVENT_ROLE:
      part->role = value;
      self->rank = PART_ROLE;
      break;
    case ARIETTA_EVENT_PROGRAM:
      part->program = (guint8) value;
      line->program = (int) value;
      self->rank = PART_PROGRAM;
      break;
    case ARIETTA_EVENT_DRUMS:
      part->drums = TRUE;
      part->role = ARIETTA_ROLE_DRUMS;
      line->duration = DRUM_DURATION;
      self->rank = PART_PROGRAM;
      break;
    case ARIETTA_EVENT_DENSITY:
      self->rank = PART_DENSITY;
      break;
    case ARIETTA_EVENT_VELOCITY:
      line->velocity = (int) value + 1;
      self->rank = PART_VELOCITY;
      break;
    case ARIETTA_EVENT_DURATION:
      line->duration = (int) value;
      line->end_offset = 0;
      self->rank = PART_DURATION;
      break;
    case ARIETTA_EVENT_LONG:
      line->duration += 96 * ((int) value + 1);
      self->rank = PART_LONG;
      break;
    default:
      line->end_offset = (int) value - UNITS / 2;
      self->rank = PART_END;
      break;
    }
}

static void
feed_tempo (AriettaEventReader *self,
            guint               value)
{
  AriettaEventTempo tempo = { (guint32) self->bar, self->place, arietta_event_tempo_from (value, 32) };

  g_array_append_val (self->score->tempos, tempo);
  self->rank = self->rank == BAR_PLACE ? BAR_LATER_TEMPO : BAR_TEMPO;
}

static void
feed_bar (AriettaEventReader *self,
          AriettaEventSort    sort,
          guint               value)
{
  AriettaEventBar *bar = current_bar (self);
  guint            coarse;

  switch (sort)
    {
    case ARIETTA_EVENT_NUMERATOR:
      bar->numerator = (guint8) (value + 1);
      self->rank = BAR_NUMERATOR;
      break;
    case ARIETTA_EVENT_DENOMINATOR:
      bar->denominator_log2 = (guint8) value;
      bar->length = arietta_event_bar_whole (bar->numerator, bar->denominator_log2);
      self->rank = BAR_DENOMINATOR;
      break;
    case ARIETTA_EVENT_CUT:
      self->rank = BAR_CUT;
      break;
    case ARIETTA_EVENT_LONGER:
      self->longer++;
      break;
    case ARIETTA_EVENT_POSITION:
      value += self->longer * ARIETTA_EVENTS_N_POSITIONS;
      self->longer = 0;
      if (self->rank == BAR_CUT)
        {
          bar->length = MAX (1, (gint32) value * UNITS);
          self->rank = BAR_LENGTH;
          break;
        }
      self->place = (int) value;
      self->rank = BAR_PLACE;
      break;
    case ARIETTA_EVENT_OFFSET:
      bar->length = MAX (1, bar->length / UNITS * UNITS + (gint32) value - UNITS / 2);
      self->rank = BAR_LENGTH_OFFSET;
      break;
    case ARIETTA_EVENT_KEY:
      {
        AriettaEventKey key = { (guint32) self->bar, arietta_event_key_from (value) };

        g_array_append_val (self->score->keys, key);
        self->rank = BAR_KEY;
      }
      break;
    case ARIETTA_EVENT_TEMPO:
      feed_tempo (self, value);
      break;
    case ARIETTA_EVENT_TEMPO_FINE:
      {
        AriettaEventTempo *tempo = &g_array_index (self->score->tempos, AriettaEventTempo,
                                                   self->score->tempos->len - 1);

        coarse = arietta_event_tempo_value (tempo->us_per_quarter, NULL);
        tempo->us_per_quarter = arietta_event_tempo_from (coarse, value);
        self->rank = self->rank == BAR_TEMPO ? BAR_FINE : BAR_LATER_FINE;
      }
      break;
    default:
      self->rank = BAR_DENSITY;
      break;
    }
}

static void
add_note (AriettaEventReader *self,
          int                 pitch)
{
  int              duration = self->line.duration * UNITS + self->line.end_offset;
  AriettaEventNote note = {
    .bar = (guint32) self->bar,
    .onset = self->position * UNITS + self->offset,
    .duration = MAX (0, duration),
    .part = (guint8) self->part_of[self->slot],
    .pitch = (guint8) pitch,
    .velocity = (guint8) self->line.velocity,
    .program = (guint8) self->line.program,
  };

  g_array_append_val (self->score->notes, note);
  self->last_pitch = pitch;
  self->rank = 0;
}

static void
feed_cell (AriettaEventReader *self,
           AriettaEventSort    sort,
           guint               value)
{
  switch (sort)
    {
    case ARIETTA_EVENT_MASK:
      {
        Masked masked = { self->bar, self->slot };

        g_array_append_val (self->masked, masked);
        /* Nothing but the next line may follow. */
        self->stage = STAGE_BAR;
        self->rank = BAR_LATER_FINE;
        self->place = G_MAXINT;
      }
      break;
    case ARIETTA_EVENT_LONGER:
      self->longer++;
      self->rank = NOTE_POSITION;
      break;
    case ARIETTA_EVENT_POSITION:
      self->position = (int) (value + self->longer * ARIETTA_EVENTS_N_POSITIONS);
      self->longer = 0;
      self->offset = 0;
      self->last_pitch = 128;
      self->rank = NOTE_POSITION;
      break;
    case ARIETTA_EVENT_OFFSET:
      self->offset = (int) value - UNITS / 2;
      self->last_pitch = 128;
      self->rank = NOTE_OFFSET;
      break;
    case ARIETTA_EVENT_PROGRAM:
      self->line.program = (int) value;
      self->rank = NOTE_PROGRAM;
      break;
    case ARIETTA_EVENT_VELOCITY:
      self->line.velocity = (int) value + 1;
      self->rank = NOTE_VELOCITY;
      break;
    case ARIETTA_EVENT_DURATION:
      self->line.duration = (int) value;
      self->line.end_offset = 0;
      self->rank = NOTE_DURATION;
      break;
    case ARIETTA_EVENT_LONG:
      self->line.duration += 96 * ((int) value + 1);
      self->rank = NOTE_LONG;
      break;
    case ARIETTA_EVENT_END_OFFSET:
      self->line.end_offset = (int) value - UNITS / 2;
      self->rank = NOTE_END;
      break;
    default:
      add_note (self, (int) value);
      break;
    }
}

/* The tokens that open another line; FALSE for the others. */
static gboolean
feed_next (AriettaEventReader *self,
           AriettaEventSort    sort,
           guint               value)
{
  switch (sort)
    {
    case ARIETTA_EVENT_BEGIN:
    case ARIETTA_EVENT_INSIDE:
      self->stage = STAGE_HEAD;
      return TRUE;
    case ARIETTA_EVENT_TRACK:
      if (self->stage == STAGE_HEAD || self->stage == STAGE_PART)
        begin_part (self, (int) value);
      else
        begin_cell (self, self->bar, (int) value);
      return TRUE;
    case ARIETTA_EVENT_BAR:
    case ARIETTA_EVENT_LAST_BAR:
      begin_bar (self, sort == ARIETTA_EVENT_LAST_BAR);
      return TRUE;
    case ARIETTA_EVENT_END:
      self->stage = STAGE_ENDED;
      return TRUE;
    case ARIETTA_EVENT_FILL:
      self->stage = STAGE_FILL;
      self->filling = TRUE;
      return TRUE;
    case ARIETTA_EVENT_CELL:
      {
        const Masked *masked = &g_array_index (self->masked, Masked, self->next_masked++);

        begin_cell (self, masked->bar, masked->slot);
      }
      return TRUE;
    case ARIETTA_EVENT_DONE:
      self->stage = STAGE_DONE;
      return TRUE;
    default:
      return FALSE;
    }
}

static void
clear (AriettaEventReader *self)
{
  self->score = arietta_event_score_new ();
  g_array_set_size (self->masked, 0);
  for (int s = 0; s < N_SLOTS; s++)
    self->part_of[s] = -1;
  self->stage = STAGE_NOTHING;
  self->rank = 0;
  self->last = ARIETTA_EVENT_PAD;
  self->filling = self->closed = FALSE;
  self->next_masked = 0;
  self->key = ARIETTA_TONALITY_NONE;
  self->bar = self->slot = self->position = -1;
  self->longer = 0;
}

/* Public */

AriettaEventReader *
arietta_event_reader_new (void)
{
  AriettaEventReader *self = g_new0 (AriettaEventReader, 1);

  self->masked = g_array_new (FALSE, FALSE, sizeof (Masked));
  clear (self);

  return self;
}

void
arietta_event_reader_free (AriettaEventReader *self)
{
  if (self == NULL)
    return;

  arietta_event_score_free (self->score);
  g_array_unref (self->masked);
  g_free (self);
}

void
arietta_event_reader_reset (AriettaEventReader *self)
{
  arietta_event_score_free (self->score);
  clear (self);
}

gboolean
arietta_event_reader_accepts (AriettaEventReader *self,
                              AriettaEvent16      token)
{
  guint            value;
  AriettaEventSort sort;

  if (token >= arietta_events_get_n ())
    return FALSE;

  sort = arietta_event_get_sort (token, &value);
  return arietta_event_reader_follows (self, sort, value);
}

gboolean
arietta_event_reader_feed (AriettaEventReader *self,
                           AriettaEvent16      token)
{
  guint            value;
  AriettaEventSort sort;

  if (!arietta_event_reader_accepts (self, token))
    return FALSE;

  sort = arietta_event_get_sort (token, &value);
  if (!feed_next (self, sort, value))
    switch (self->stage)
      {
      case STAGE_HEAD:
        self->rank = sort == ARIETTA_EVENT_STYLE ? HEAD_STYLE
                     : sort == ARIETTA_EVENT_KEY ? HEAD_KEY
                                                 : HEAD_DENSITY;
        if (sort == ARIETTA_EVENT_KEY)
          self->key = arietta_event_key_from (value);
        break;
      case STAGE_PART:
        feed_part (self, sort, value);
        break;
      case STAGE_BAR:
        feed_bar (self, sort, value);
        break;
      default:
        feed_cell (self, sort, value);
        break;
      }
  self->last = sort;

  return TRUE;
}

void
arietta_event_reader_get_allowed (AriettaEventReader *self,
                                  guint8             *allowed)
{
  guint token = 0;

  for (int sort = 0; sort < ARIETTA_EVENT_N_SORTS; sort++)
    for (guint value = 0; value < arietta_event_get_n_values (sort); value++)
      allowed[token++] = (guint8) arietta_event_reader_follows (self, sort, value);
}

AriettaEventPlace
arietta_event_reader_get_place (AriettaEventReader *self)
{
  gboolean in_bar = self->stage == STAGE_BAR || self->stage == STAGE_CELL;

  return (AriettaEventPlace) {
    .bar = in_bar ? self->bar : -1,
    .slot = self->stage == STAGE_CELL || self->stage == STAGE_PART ? self->slot : -1,
    .position = self->stage == STAGE_CELL ? self->position : in_bar ? 0 : -1,
    .filling = self->filling,
    .last = self->last,
    .n_masked = self->masked->len - self->next_masked,
  };
}

guint
arietta_event_reader_get_bar_positions (AriettaEventReader *self)
{
  return bar_positions (self);
}

gboolean
arietta_event_reader_is_drums (AriettaEventReader *self,
                               guint               slot)
{
  return slot < N_SLOTS && self->part_of[slot] >= 0 && part_of (self, (int) slot)->drums;
}

int
arietta_event_reader_get_part (AriettaEventReader *self,
                               int                 slot)
{
  return slot >= 0 && slot < N_SLOTS ? self->part_of[slot] : -1;
}

gboolean
arietta_event_reader_is_drum_part (AriettaEventReader *self,
                                   guint               part)
{
  return part < self->score->parts->len && g_array_index (self->score->parts, AriettaEventPart, part).drums;
}

const AriettaEventNote *
arietta_event_reader_get_last_note (AriettaEventReader *self)
{
  const AriettaEventNote *note;

  if (self->stage != STAGE_CELL || self->last_pitch == 128 || self->score->notes->len == 0)
    return NULL;

  note = &g_array_index (self->score->notes, AriettaEventNote, self->score->notes->len - 1);
  return note->bar == (guint32) self->bar && note->part == self->part_of[self->slot] ? note : NULL;
}

#define BARS_AROUND 4   /* that a note may ring on over */

void
arietta_event_reader_get_around (AriettaEventReader *self,
                                 gint64              units[12])
{
  gint64 starts[2 * BARS_AROUND + 1];   /* of the bars around, since the start of this one */
  gint64 start = MAX (self->position, 0) * UNITS, end = start + MAX (self->line.duration, 1) * UNITS;

  memset (units, 0, 12 * sizeof *units);
  if (self->stage != STAGE_CELL)
    return;

  starts[BARS_AROUND] = 0;
  for (int d = 1; d <= BARS_AROUND; d++)
    {
      int before = self->bar - d, behind = self->bar + d - 1;

      starts[BARS_AROUND - d] = starts[BARS_AROUND - d + 1]
                                - (before >= 0 ? g_array_index (self->score->bars, AriettaEventBar, before).length : 0);
      starts[BARS_AROUND + d] =
        starts[BARS_AROUND + d - 1]
        + (behind < (int) self->score->bars->len ? g_array_index (self->score->bars, AriettaEventBar, behind).length : 0);
    }
  for (guint i = 0; i < self->score->notes->len; i++)
    {
      const AriettaEventNote *note = &g_array_index (self->score->notes, AriettaEventNote, i);
      int                     d = (int) note->bar - self->bar;
      gint64                  from;

      if (ABS (d) > BARS_AROUND || note->part == self->part_of[self->slot]
          || g_array_index (self->score->parts, AriettaEventPart, note->part).drums)
        continue;
      from = starts[BARS_AROUND + d] + note->onset;
      units[note->pitch % 12] += MAX (0, MIN (end, from + note->duration) - MAX (start, from));
    }
}

guint
arietta_event_reader_get_n_notes (AriettaEventReader *self)
{
  return self->score->notes->len;
}

const AriettaEventNote *
arietta_event_reader_get_note (AriettaEventReader *self,
                               guint               nth)
{
  g_return_val_if_fail (nth < self->score->notes->len, NULL);

  return &g_array_index (self->score->notes, AriettaEventNote, nth);
}

AriettaEventScore *
arietta_event_reader_take (AriettaEventReader *self)
{
  AriettaEventScore *score = self->score;

  if (self->key.tonic >= 0
      && (score->keys->len == 0 || g_array_index (score->keys, AriettaEventKey, 0).bar > 0))
    {
      AriettaEventKey key = { 0, self->key };

      g_array_prepend_val (score->keys, key);
    }
  arietta_event_score_settle (score);
  clear (self);

  return score;
}
