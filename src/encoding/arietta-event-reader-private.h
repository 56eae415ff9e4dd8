/* arietta-event-reader-private.h - shared by the files of the reader
 *
 *   arietta-event-reader.c           what the tokens taken in make
 *   arietta-event-reader-grammar.c   which token may follow
 */
#pragma once

#include "encoding/arietta-event-reader.h"

G_BEGIN_DECLS

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

static inline AriettaEventBar *
current_bar (AriettaEventReader *self)
{
  return &g_array_index (self->score->bars, AriettaEventBar, self->bar);
}

static inline guint
bar_positions (AriettaEventReader *self)
{
  if (self->bar < 0)
    return 0;

  return (guint) ((current_bar (self)->length + UNITS - 1) / UNITS);
}

static inline AriettaEventPart *
part_of (AriettaEventReader *self,
         int                 slot)
{
  return &g_array_index (self->score->parts, AriettaEventPart, self->part_of[slot]);
}

/* May what is open end here? */
static inline gboolean
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

/* Whether a token of @sort and @value may come next. */
gboolean arietta_event_reader_follows (AriettaEventReader *self,
                                       AriettaEventSort    sort,
                                       guint               value);

G_END_DECLS
