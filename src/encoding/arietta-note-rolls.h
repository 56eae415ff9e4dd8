/* arietta-note-rolls.h - a piece as piano rolls: one picture of time and pitch for each part
 *
 * A part is what one track plays on one channel with one program.  Its roll has 24 steps to the quarter, from the
 * beginning of the piece, and 128 pitches; a cell is 0 where nothing sounds, else the velocity, with the highest bit
 * set where a note begins, so that a note struck again is two.  Onsets and ends go to the nearest
 * step; a note lasts a step at least, and one that begins on a pitch that sounds ends it.
 *
 * Threads: pure functions.
 */
#pragma once

#include "analysis/arietta-kept.h"

G_BEGIN_DECLS

#define ARIETTA_NOTE_ROLL_PER_QUARTER 24
#define ARIETTA_NOTE_ROLL_PITCHES     128
#define ARIETTA_NOTE_ROLL_ONSET       0x80

typedef struct
{
  guint   track;
  guint8  channel, program;
  guint   n_steps;
  guint8 *cells;    /* (n_steps, 128) */
} AriettaNoteRoll;

void          arietta_note_roll_free        (AriettaNoteRoll  *self);
/* AriettaNoteRoll, all of the same length; NULL for a piece without notes, and for one whose rolls would take more than
 * 512 MB. */
GPtrArray    *arietta_note_rolls_new        (AriettaPiece     *piece) G_GNUC_WARN_UNUSED_RESULT;
/* The frozen piece: tracks, maps and events are those of @frame, the notes those of @rolls. */
AriettaPiece *arietta_note_rolls_to_piece   (GPtrArray        *rolls,
                                             AriettaPiece     *frame) G_GNUC_WARN_UNUSED_RESULT;
/* There and back; NULL as above. */
AriettaPiece *arietta_note_rolls_round_trip (AriettaPiece     *piece,
                                             AriettaKept      *kept) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
