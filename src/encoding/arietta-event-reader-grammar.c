/* The grammar of events: which token may follow. */
#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-event-reader-private.h"

/* A POSITION of the bar's own measure: behind CUT, or where a later tempo stands. */
static gboolean
accepts_bar_position (AriettaEventReader *self,
                      guint               value)
{
  int at = (int) (self->longer * ARIETTA_EVENTS_N_POSITIONS + value);

  if (self->rank == BAR_CUT)
    return TRUE;

  return (self->longer > 0 || is_whole (self)) && at > self->place && (guint) at < bar_positions (self);
}

static gboolean
accepts_in_bar (AriettaEventReader *self,
                AriettaEventSort    sort,
                guint               value)
{
  if (self->longer > 0)
    return (sort == ARIETTA_EVENT_LONGER && self->longer < MAX_LONGER
            && (self->rank == BAR_CUT
                || (self->longer + 1) * ARIETTA_EVENTS_N_POSITIONS < bar_positions (self)))
           || (sort == ARIETTA_EVENT_POSITION && accepts_bar_position (self, value));

  switch (sort)
    {
    case ARIETTA_EVENT_NUMERATOR:
      return self->rank < BAR_NUMERATOR;
    case ARIETTA_EVENT_DENOMINATOR:
      return self->rank == BAR_NUMERATOR;
    case ARIETTA_EVENT_CUT:
      return self->rank < BAR_CUT && self->rank != BAR_NUMERATOR;
    case ARIETTA_EVENT_LONGER:
      return self->rank == BAR_CUT
             || (is_whole (self) && self->place < (int) bar_positions (self) - 1
                 && ARIETTA_EVENTS_N_POSITIONS < bar_positions (self));
    case ARIETTA_EVENT_POSITION:
      return accepts_bar_position (self, value);
    case ARIETTA_EVENT_OFFSET:
      return self->rank == BAR_LENGTH;
    case ARIETTA_EVENT_KEY:
      return self->rank < BAR_KEY && is_whole (self);
    case ARIETTA_EVENT_TEMPO:
      return self->rank == BAR_PLACE || (self->rank < BAR_TEMPO && is_whole (self));
    case ARIETTA_EVENT_TEMPO_FINE:
      return self->rank == BAR_TEMPO || self->rank == BAR_LATER_TEMPO;
    case ARIETTA_EVENT_DENSITY:
      return self->rank < BAR_DENSITY && is_whole (self);
    default:
      return FALSE;
    }
}

static gboolean
accepts_in_part (AriettaEventReader *self,
                 AriettaEventSort    sort,
                 guint               value)
{
  switch (sort)
    {
    case ARIETTA_EVENT_ROLE:
      return self->rank < PART_ROLE;
    case ARIETTA_EVENT_PROGRAM:
    case ARIETTA_EVENT_DRUMS:
      return self->rank < PART_PROGRAM;
    case ARIETTA_EVENT_DENSITY:
      return self->rank < PART_DENSITY;
    case ARIETTA_EVENT_VELOCITY:
      return self->rank < PART_VELOCITY;
    case ARIETTA_EVENT_DURATION:
      return self->rank < PART_DURATION;
    case ARIETTA_EVENT_LONG:
      return (self->rank == PART_DURATION || self->rank == PART_LONG)
             && self->lines[self->slot].duration + 96 * ((int) value + 1) <= MAX_DURATION;
    case ARIETTA_EVENT_END_OFFSET:
      return self->rank == PART_DURATION || self->rank == PART_LONG;
    default:
      return FALSE;
    }
}

static gboolean
accepts_in_cell (AriettaEventReader *self,
                 AriettaEventSort    sort,
                 guint               value)
{
  gboolean drums = part_of (self, self->slot)->drums;
  guint    n = bar_positions (self);
  gboolean placed = self->position >= 0 && self->longer == 0;
  int      at;

  switch (sort)
    {
    case ARIETTA_EVENT_MASK:
      return !self->filling && self->last == ARIETTA_EVENT_TRACK;
    case ARIETTA_EVENT_LONGER:
      return (self->rank == 0 || self->longer > 0) && self->longer < MAX_LONGER
             && (self->longer + 1) * ARIETTA_EVENTS_N_POSITIONS < n && self->position < (int) n - 1;
    case ARIETTA_EVENT_POSITION:
      at = (int) (self->longer * ARIETTA_EVENTS_N_POSITIONS + value);
      return (self->rank == 0 || self->longer > 0) && at > self->position && (guint) at < n;
    case ARIETTA_EVENT_OFFSET:
      return placed && self->rank < NOTE_OFFSET
             && (self->last == ARIETTA_EVENT_POSITION || (int) value - UNITS / 2 > self->offset);
    case ARIETTA_EVENT_PROGRAM:
      return placed && self->rank < NOTE_PROGRAM;
    case ARIETTA_EVENT_VELOCITY:
      return placed && self->rank < NOTE_VELOCITY;
    case ARIETTA_EVENT_DURATION:
      return placed && self->rank < NOTE_DURATION;
    case ARIETTA_EVENT_LONG:
      return (self->rank == NOTE_DURATION || self->rank == NOTE_LONG)
             && self->line.duration + 96 * ((int) value + 1) <= MAX_DURATION;
    case ARIETTA_EVENT_END_OFFSET:
      return self->rank == NOTE_DURATION || self->rank == NOTE_LONG;
    case ARIETTA_EVENT_PITCH:
      return placed && !drums && (int) value <= self->last_pitch;
    case ARIETTA_EVENT_DRUM:
      return placed && drums && (int) value <= self->last_pitch;
    default:
      return FALSE;
    }
}

/* What may come when the line before is whole. */
static gboolean
accepts_next (AriettaEventReader *self,
              AriettaEventSort    sort,
              guint               value)
{
  gboolean music = self->stage == STAGE_BAR || (self->stage == STAGE_CELL && !self->filling);

  switch (sort)
    {
    case ARIETTA_EVENT_TRACK:
      if ((int) value <= self->slot)
        return FALSE;
      return music ? self->part_of[value] >= 0 : !self->filling && self->stage != STAGE_ENDED;
    case ARIETTA_EVENT_BAR:
    case ARIETTA_EVENT_LAST_BAR:
      return !self->filling && !self->closed && self->stage != STAGE_ENDED
             && self->score->bars->len < ARIETTA_EVENTS_MAX_BARS;
    case ARIETTA_EVENT_END:
      return music;
    case ARIETTA_EVENT_FILL:
      return (music || self->stage == STAGE_ENDED) && self->masked->len > 0;
    case ARIETTA_EVENT_CELL:
      return self->filling && self->next_masked < self->masked->len;
    case ARIETTA_EVENT_DONE:
      return self->filling && self->next_masked == self->masked->len;
    default:
      return FALSE;
    }
}

gboolean
arietta_event_reader_follows (AriettaEventReader *self,
                              AriettaEventSort    sort,
                              guint               value)
{
  switch (self->stage)
    {
    case STAGE_NOTHING:
      return sort == ARIETTA_EVENT_BEGIN || sort == ARIETTA_EVENT_INSIDE;
    case STAGE_HEAD:
      if ((sort == ARIETTA_EVENT_STYLE && self->rank < HEAD_STYLE)
          || (sort == ARIETTA_EVENT_KEY && self->rank < HEAD_KEY)
          || (sort == ARIETTA_EVENT_DENSITY && self->rank < HEAD_DENSITY))
        return TRUE;
      break;
    case STAGE_PART:
      if (accepts_in_part (self, sort, value))
        return TRUE;
      break;
    case STAGE_BAR:
      if (accepts_in_bar (self, sort, value))
        return TRUE;
      break;
    case STAGE_CELL:
      if (accepts_in_cell (self, sort, value))
        return TRUE;
      break;
    case STAGE_ENDED:
    case STAGE_FILL:
      return accepts_next (self, sort, value);
    case STAGE_DONE:
      return FALSE;
    }

  return is_whole (self) && accepts_next (self, sort, value);
}
