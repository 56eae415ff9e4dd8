/* arietta-event-score.h - a piece laid out on bars and parts, between a piece and its events
 *
 * What encoding/arietta-events.h writes token by token: bars of the metre map, parts, and notes that
 * know their bar, all in plain arrays, so that windows are cut, moved to other keys and put together
 * without going back to the piece.
 *
 * Time is counted in units of 1/960 quarter from the start of the bar.  40 units are a position of
 * the grid (24 to the quarter).  A note belongs to the bar that holds its nearest position: one
 * played just ahead of the bar line belongs to the bar behind it, with an onset of -20 .. -1.
 *
 * A part is a channel of a track that has notes.  There are at most ARIETTA_EVENTS_MAX_PARTS; what a
 * file has beyond that joins an earlier part, percussion only percussion, and nothing is lost but
 * its place.
 *
 * Threads: plain data; whoever holds it alone may change it.
 */
#pragma once

#include "music/arietta-piece.h"
#include "music/arietta-pitch.h"

G_BEGIN_DECLS

#define ARIETTA_EVENTS_MAX_PARTS   16
#define ARIETTA_EVENTS_MAX_BARS    16384
#define ARIETTA_EVENTS_UNITS       960   /* to the quarter */
#define ARIETTA_EVENTS_PER_QUARTER 24    /* positions to the quarter */
#define ARIETTA_EVENTS_UNITS_PER_POSITION (ARIETTA_EVENTS_UNITS / ARIETTA_EVENTS_PER_QUARTER)

/* What a part does in the piece, told by its register and its density of chords. */
typedef enum
{
  ARIETTA_ROLE_MELODY,
  ARIETTA_ROLE_INNER,     /* one voice among others */
  ARIETTA_ROLE_CHORDS,    /* several notes at once */
  ARIETTA_ROLE_BASS,
  ARIETTA_ROLE_DRUMS,
} AriettaEventRole;

#define ARIETTA_EVENTS_N_ROLES 5

typedef struct
{
  guint32 bar;
  gint32  onset;      /* units since the start of the bar; -20 or more */
  gint32  duration;   /* units */
  guint8  part;
  guint8  pitch;
  guint8  velocity;   /* 1..127 */
  guint8  program;
} AriettaEventNote;

typedef struct
{
  gint32 length;           /* units, 1 or more */
  guint8 numerator;        /* 1..32, as near as those come to the metre */
  guint8 denominator_log2; /* 0..6 */
} AriettaEventBar;

typedef struct
{
  guint32 bar;
  gint32  position;        /* of the grid, from the start of the bar */
  guint32 us_per_quarter;
} AriettaEventTempo;

typedef struct
{
  guint32         bar;
  AriettaTonality key;
} AriettaEventKey;

typedef struct
{
  guint            track;    /* in the piece it came from */
  guint8           channel;
  gboolean         drums;
  guint8           program;  /* of its first note */
  AriettaEventRole role;
  char            *name;     /* of the track */
} AriettaEventPart;

typedef struct
{
  GArray  *bars;     /* AriettaEventBar */
  GArray  *parts;    /* AriettaEventPart */
  GArray  *notes;    /* AriettaEventNote, by bar, part, onset, pitch from high to low, duration */
  GArray  *tempos;   /* AriettaEventTempo */
  GArray  *keys;     /* AriettaEventKey: signatures of the piece */
  guint   *cells;    /* notes[cells[bar * parts + part]] is the first of a cell; one more at the end */
  gboolean played;   /* much of it lies off the grid */
} AriettaEventScore;

AriettaEventScore *arietta_event_score_new       (void) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when the piece has no note, or more bars than ARIETTA_EVENTS_MAX_BARS. */
AriettaEventScore *arietta_event_score_from_piece (AriettaPiece      *piece) G_GNUC_WARN_UNUSED_RESULT;
void               arietta_event_score_free      (AriettaEventScore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaEventScore, arietta_event_score_free)

/* After notes were added: sorts them and makes the cells. */
void               arietta_event_score_settle    (AriettaEventScore *self);
/* The notes of a part that begin in a bar. */
const AriettaEventNote *arietta_event_score_get_cell (AriettaEventScore *self,
                                                  guint              bar,
                                                  guint              part,
                                                  guint             *n);

/* The length of a whole bar of a metre, in units. */
gint32             arietta_event_bar_whole       (int                numerator,
                                                  int                denominator_log2);

/* A new piece of @ticks_per_quarter, with a track for each part; not frozen. */
AriettaPiece      *arietta_event_score_to_piece  (AriettaEventScore *self,
                                                  int                ticks_per_quarter) G_GNUC_WARN_UNUSED_RESULT;

/* Where the bars begin, in units from the beginning of the piece; one more at the end. */
gint64            *arietta_event_score_dup_starts (AriettaEventScore *self);
/* The bar of @n_bars that a note at @units belongs to. */
guint              arietta_event_find_bar        (const gint64      *starts,
                                                  guint              n_bars,
                                                  gint64             units);
gint64             arietta_event_ticks_to_units  (gint64             ticks,
                                                  int                ticks_per_quarter);
gint64             arietta_event_units_to_ticks  (gint64             units,
                                                  int                ticks_per_quarter);

G_END_DECLS
