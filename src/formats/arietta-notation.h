/* arietta-notation.h - a track as a score can write it: bars, voices, notes of lengths that have signs
 *
 * Time is counted in 24ths of a quarter, from the start of the bar.  Each quarter of a bar is heard
 * either in halves (down to 32nds) or in thirds (down to 16th triplets), whichever lies closer to what
 * is played in it; a note that rings a little into the next is cut there.  So what was played freely
 * comes out as a person would write it down, and not to the tick.
 *
 * Threads: pure functions.
 */
#pragma once

#include "music/arietta-bar-map.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_NOTATION_PER_QUARTER 24
#define ARIETTA_NOTATION_MAX_CHORD   16

typedef enum
{
  ARIETTA_NOTATION_WHOLE,
  ARIETTA_NOTATION_HALF,
  ARIETTA_NOTATION_QUARTER,
  ARIETTA_NOTATION_EIGHTH,
  ARIETTA_NOTATION_16TH,
  ARIETTA_NOTATION_32ND,
} AriettaNotationType;

/* One sign: a note, a chord or a rest. */
typedef struct
{
  guint               bar;
  guint               voice;      /* from 0; all but 0 are absent from bars where they are silent */
  int                 position, length;
  AriettaNotationType type;
  gboolean            dotted, triplet;
  gboolean            whole_bar;  /* a rest as long as the bar, whatever its metre */
  gboolean            tie_from, tie_to;
  gboolean            tuplet_begins, tuplet_ends;
  gint64              tick;       /* of the first note, where it was played */
  guint               n_pitches;  /* 0: a rest */
  guint8              pitches[ARIETTA_NOTATION_MAX_CHORD];  /* from high to low */
  guint8              velocities[ARIETTA_NOTATION_MAX_CHORD];
} AriettaNotationSign;

/* Starts of the bars 0 .. n in 24ths from the beginning of the piece. */
int    *arietta_notation_dup_starts (AriettaBarMap *bars,
                                     guint          n_bars,
                                     int            ticks_per_quarter);
/* Of AriettaNotationSign, by bar, voice and position; each voice fills each bar it is in. */
GArray *arietta_notation_lay_out    (AriettaTrack  *track,
                                     const int     *starts,
                                     guint          n_bars,
                                     int            ticks_per_quarter) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
