/* Small pieces written as rows of notes, in sixteenths. */
#pragma once

#include <glib.h>
#include <math.h>

#include "music/arietta-piece.h"

typedef struct
{
  int onset, duration;   /* sixteenths */
  int pitch;             /* 0 ends a list */
  int channel;           /* a part each; 9 is percussion */
} Note;

#define TICKS 120   /* of a sixteenth */

static inline AriettaPiece *
make_piece (const Note *notes)
{
  AriettaPiece *piece = arietta_piece_new (4 * TICKS);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (guint i = 0; notes[i].pitch > 0; i++)
    arietta_track_add_note (track, &(AriettaNote) {
                                     .onset_ticks = notes[i].onset * TICKS,
                                     .duration_ticks = notes[i].duration * TICKS,
                                     .pitch = (guint8) notes[i].pitch,
                                     .velocity = 80,
                                     .channel = (guint8) notes[i].channel,
                                   });

  return arietta_piece_freeze (piece);
}
