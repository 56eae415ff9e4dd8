/* arietta-events.h - music as a sequence of events: any metre, any tracks, velocity, tempo, timing
 *
 * One bounded vocabulary for all that is learned event by event.  A sequence is a head, bars, and
 * perhaps fills:
 *
 *   BEGIN | INSIDE   [STYLE] [KEY] [DENSITY]                       what is known of the piece
 *   TRACK [ROLE] [PROGRAM | DRUMS] [DENSITY] [VELOCITY] [DURATION LONG* [END_OFFSET]]
 *                                                                  for each part, in rising order
 *   BAR | LAST_BAR   [NUMERATOR DENOMINATOR] [CUT LONGER* POSITION [OFFSET]] [KEY]
 *                    [TEMPO [TEMPO_FINE]] [DENSITY] (LONGER* POSITION TEMPO [TEMPO_FINE])*
 *     TRACK MASK                                                   a cell (bar of a part) left out
 *     TRACK note*                                                  a cell; empty ones need none
 *   ...
 *   [END]                                                          the piece ends here
 *   [FILL (CELL note*)* [DONE]]                                    the masked cells, in their order
 *
 *   note = [LONGER* POSITION] [OFFSET] [PROGRAM] [VELOCITY] [DURATION LONG* [END_OFFSET]]
 *          PITCH | DRUM
 *
 * What a note does not say it takes from the note before in its cell; the first of a cell takes its
 * part's line of the head (velocity 80, a quarter, program 0 where that is silent too).  Within a
 * cell time never goes back, and of notes at one moment the pitch never rises.  So a melody of even
 * eighths takes two tokens a note, and a cell may be read without those before it: that is what
 * makes infilling possible (Ens and Pasquier, "MMM: Exploring Conditional Multi-Track Music
 * Generation with the Transformer", 2020).  Bars come before parts, so that what sounds together
 * stands together.
 *
 * The tokens:
 *
 *   PAD         nothing; only where sequences of unequal length lie side by side
 *   BEGIN       what follows begins a piece
 *   INSIDE      what follows is cut out of one
 *   BAR         a bar begins
 *   LAST_BAR    the same, and the piece ends with it
 *   END         the piece has ended
 *   CUT         this bar is as long as the POSITION (and OFFSET) behind it says, not as its metre
 *   LONGER      192 positions more, of the POSITION that follows
 *   MASK        this cell is left out here
 *   FILL        the masked cells follow
 *   CELL        the next of them
 *   DONE        and that was the last
 *   DRUMS       the part is percussion
 *   STYLE s     0..31, names with the model
 *   KEY k       tonic 0..11 major, 12 + tonic minor
 *   DENSITY d   notes to the quarter, 0: up to 1/4, then up to 1/2, 3/4, 1, 3/2, 2, 3, 4, 6, 9: more
 *   ROLE r      of AriettaEventRole
 *   TRACK t     0..15
 *   PROGRAM p   General MIDI, 0..127
 *   NUMERATOR n 1..32, DENOMINATOR 1, 2 .. 64: the metre from this bar on; before any 4/4
 *   TEMPO t     8 * 2^(t / 10) quarters to the minute, t 0..63
 *   TEMPO_FINE f  times 2^((f - 32) / 640): within 0.06 %
 *   POSITION p  0..191, 24 to the quarter, from the start of the bar
 *   OFFSET o    -20..19 units of 1/960 quarter from the POSITION; a POSITION sets it to 0
 *   VELOCITY v  1..127
 *   DURATION d  0..96 positions; LONG l adds 96 (l + 1), l 0..15, repeatable
 *   END_OFFSET e  -20..19 units more to the duration; a DURATION sets it to 0
 *   PITCH p, DRUM p  0..127, a note
 *
 * Detail.  A score needs neither OFFSET nor END_OFFSET, and models learn best from few tokens, so
 * there are three ways to write the same piece:
 *
 *   GRID    positions and durations on the grid, velocities in 16 steps, no length for percussion
 *   PLAYED  the same with OFFSET in steps of 1/192 quarter, and durations of a short list
 *   EXACT   everything
 *
 * Reading (arietta-event-reader.h) knows no difference.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "analysis/arietta-kept.h"
#include "encoding/arietta-event-score.h"

G_BEGIN_DECLS

#define ARIETTA_ENCODING_ERROR (arietta_encoding_error_quark ())
GQuark arietta_encoding_error_quark (void);

typedef enum
{
  ARIETTA_ENCODING_ERROR_GRAMMAR,   /* a token that may not stand there */
} AriettaEncodingError;

#define ARIETTA_EVENTS_N_STYLES     32
#define ARIETTA_EVENTS_N_DENSITIES  10
#define ARIETTA_EVENTS_N_POSITIONS  192
#define ARIETTA_EVENTS_N_DURATIONS  97

/* Sorts of token, in the order of the vocabulary. */
typedef enum
{
  ARIETTA_EVENT_PAD,
  ARIETTA_EVENT_BEGIN,
  ARIETTA_EVENT_INSIDE,
  ARIETTA_EVENT_BAR,
  ARIETTA_EVENT_LAST_BAR,
  ARIETTA_EVENT_END,
  ARIETTA_EVENT_CUT,
  ARIETTA_EVENT_LONGER,
  ARIETTA_EVENT_MASK,
  ARIETTA_EVENT_FILL,
  ARIETTA_EVENT_CELL,
  ARIETTA_EVENT_DONE,
  ARIETTA_EVENT_DRUMS,
  ARIETTA_EVENT_STYLE,
  ARIETTA_EVENT_KEY,
  ARIETTA_EVENT_DENSITY,
  ARIETTA_EVENT_ROLE,
  ARIETTA_EVENT_TRACK,
  ARIETTA_EVENT_PROGRAM,
  ARIETTA_EVENT_NUMERATOR,
  ARIETTA_EVENT_DENOMINATOR,
  ARIETTA_EVENT_TEMPO,
  ARIETTA_EVENT_TEMPO_FINE,
  ARIETTA_EVENT_POSITION,
  ARIETTA_EVENT_OFFSET,
  ARIETTA_EVENT_VELOCITY,
  ARIETTA_EVENT_DURATION,
  ARIETTA_EVENT_LONG,
  ARIETTA_EVENT_END_OFFSET,
  ARIETTA_EVENT_PITCH,
  ARIETTA_EVENT_DRUM,
  ARIETTA_EVENT_N_SORTS,
} AriettaEventSort;

typedef guint16 AriettaEvent16;   /* a token */

/* The size of the vocabulary. */
guint            arietta_events_get_n      (void);
/* The token of a sort and a value from 0 on (velocity 1 has value 0, offset -20 too). */
AriettaEvent16   arietta_event_make        (AriettaEventSort  sort,
                                            guint             value);
AriettaEventSort arietta_event_get_sort    (AriettaEvent16    token,
                                            guint            *value);   /* may be NULL */
/* How many values a sort has. */
guint            arietta_event_get_n_values (AriettaEventSort sort);
/* "PITCH 60", "OFFSET -3". */
char            *arietta_event_dup_name    (AriettaEvent16    token);

int              arietta_event_key_value   (AriettaTonality   key);     /* -1 for none */
AriettaTonality  arietta_event_key_from    (guint             value);
/* The class of so many notes in so many units of time. */
guint            arietta_event_density     (guint             n_notes,
                                            gint64            units);
guint            arietta_event_tempo_value (guint32           us_per_quarter,
                                            guint            *fine);    /* may be NULL */
guint32          arietta_event_tempo_from  (guint             value,
                                            guint             fine);    /* 32 in the middle */

typedef enum
{
  ARIETTA_EVENTS_GRID,
  ARIETTA_EVENTS_PLAYED,
  ARIETTA_EVENTS_EXACT,
} AriettaEventsDetail;

/* What is said of a part in the head. */
typedef struct
{
  gboolean role, program;
  int      density;           /* class, or -1 */
} AriettaEventsPartTold;

typedef struct
{
  AriettaEventsDetail detail;
  guint               first_bar, n_bars;
  gboolean            inside;       /* cut out: INSIDE even at the first bar */
  int                 style, density; /* -1: not told */
  AriettaTonality     key;          /* in the head */
  gboolean            signatures;   /* the score's keys, at their bars */
  gboolean            last_bar;     /* LAST_BAR and END where the window ends with the score */
  int                 transpose;    /* semitones; pitches stay within 0..127 by octaves */
  int                 louder;       /* added to every velocity */
  const AriettaEventsPartTold *parts; /* for each part; NULL: role and program of all */
  const guint8       *order;        /* of parts: TRACK t is order[t]; NULL: as they are */
  guint               n_order;      /* 0: all */
  const guint8       *masked;       /* (n_bars, parts of the score): 1 where the cell is masked */
  gboolean            fill;         /* FILL and the masked cells at the end, with DONE */
} AriettaEventsSettings;

#define ARIETTA_EVENTS_SETTINGS_INIT                                                               \
  { .detail = ARIETTA_EVENTS_EXACT, .n_bars = G_MAXUINT, .style = -1, .density = -1,               \
    .key = ARIETTA_TONALITY_NONE, .signatures = TRUE, .last_bar = TRUE }

/* Of AriettaEvent16. The bars wanted are cut at the end of the score. */
GArray            *arietta_events_encode     (AriettaEventScore           *score,
                                              const AriettaEventsSettings *settings) G_GNUC_WARN_UNUSED_RESULT;
/* A score of whatever sequence, or ARIETTA_ENCODING_ERROR_GRAMMAR naming the token and its place. */
AriettaEventScore *arietta_events_decode     (const AriettaEvent16        *tokens,
                                              gsize                        n,
                                              GError                     **error) G_GNUC_WARN_UNUSED_RESULT;

/* The piece through events and back, in its own ticks. NULL without notes. */
AriettaPiece      *arietta_events_round_trip (AriettaPiece                *piece,
                                              AriettaEventsDetail          detail,
                                              AriettaKept                 *kept);

G_END_DECLS
