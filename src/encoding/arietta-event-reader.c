#define G_LOG_DOMAIN "arietta-encoding"

#include "encoding/arietta-event-reader.h"

#define UNITS             ARIETTA_EVENTS_UNITS_PER_POSITION
#define MAX_LONGER        200     /* of one position */
#define MAX_DURATION      100000  /* positions */
#define DEFAULT_VELOCITY  80
#define DEFAULT_DURATION  24
#define DRUM_DURATION     6
#define N_SLOTS           ARIETTA_EVENTS_MAX_PARTS

typedef enum
{
  STAGE_NOTHING,
  STAGE_HEAD,
  STAGE_PART,   /* a TRACK of the head */
  STAGE_BAR,
  STAGE_CELL,   /* of a bar or of the fills */
  STAGE_ENDED,
  STAGE_FILL,   /* after FILL, before the first CELL */
  STAGE_DONE,
} Stage;

/* How far a line has come: its tokens rise in rank, none comes twice. */
enum
{
  HEAD_STYLE = 1, HEAD_KEY, HEAD_DENSITY,
};
enum
{
  PART_ROLE = 1, PART_PROGRAM, PART_DENSITY, PART_VELOCITY, PART_DURATION, PART_LONG, PART_END,
};
enum
{
  BAR_NUMERATOR = 1, BAR_DENOMINATOR, BAR_CUT, BAR_LENGTH, BAR_LENGTH_OFFSET, BAR_KEY, BAR_TEMPO,
  BAR_FINE, BAR_DENSITY, BAR_PLACE, BAR_LATER_TEMPO, BAR_LATER_FINE,
};
enum
{
  NOTE_POSITION = 1, NOTE_OFFSET, NOTE_PROGRAM, NOTE_VELOCITY, NOTE_DURATION, NOTE_LONG, NOTE_END,
};

/* What notes take from before them. */
typedef struct
{
  int velocity, program, duration, end_offset;
} Line;

typedef struct
{
  int bar, slot;
} Masked;

struct _AriettaEventReader
{
  AriettaEventScore *score;
  Stage              stage;
  int                rank;
  AriettaEventSort   last;
  gboolean           filling, closed;

  int                part_of[N_SLOTS]; /* -1: no such TRACK */
  Line               lines[N_SLOTS];
  GArray            *masked;           /* Masked */
  guint              next_masked;
  AriettaTonality    key;              /* of the head */

  int                bar, slot;
  guint              longer;           /* LONGERs so far */
  int                place;            /* of a tempo in the bar */

  /* In a cell. */
  Line               line;
  int                position, offset; /* position -1: none yet */
  int                last_pitch;       /* at this moment, or 128 */
};

/* Helpers */

static AriettaEventBar *
current_bar (AriettaEventReader *self)
{
  return &g_array_index (self->score->bars, AriettaEventBar, self->bar);
}

static guint
bar_positions (AriettaEventReader *self)
{
  if (self->bar < 0)
    return 0;

  return (guint) ((current_bar (self)->length + UNITS - 1) / UNITS);
}

static AriettaEventPart *
part_of (AriettaEventReader *self,
         int                 slot)
{
  return &g_array_index (self->score->parts, AriettaEventPart, self->part_of[slot]);
}

/* May what is open end here? */
static gboolean
is_whole (AriettaEventReader *self)
{
  switch (self->stage)
    {
    case STAGE_HEAD:
    case STAGE_PART:
      return TRUE;
    case STAGE_BAR:
      return self->rank != BAR_NUMERATOR && self->rank != BAR_CUT && self->rank != BAR_PLACE
             && self->longer == 0;
    case STAGE_CELL:
      return self->rank == 0;
    default:
      return FALSE;
    }
}

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

static gboolean
accepts (AriettaEventReader *self,
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
  return accepts (self, sort, value);
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
      allowed[token++] = (guint8) accepts (self, sort, value);
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

const AriettaEventNote *
arietta_event_reader_get_last_note (AriettaEventReader *self)
{
  const AriettaEventNote *note;

  if (self->stage != STAGE_CELL || self->last_pitch == 128 || self->score->notes->len == 0)
    return NULL;

  note = &g_array_index (self->score->notes, AriettaEventNote, self->score->notes->len - 1);
  return note->bar == (guint32) self->bar && note->part == self->part_of[self->slot] ? note : NULL;
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
