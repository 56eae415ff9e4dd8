/* arietta-chord-finder.h - the chords that a piece goes through
 *
 * Beat by beat the time each pitch class sounds, with more weight for the bass, is compared with
 * templates of ten kinds over twelve roots; dynamic programming finds the path that fits best and
 * changes seldom, more easily at the beginning of a bar than within (after Pardo and Birmingham,
 * "Algorithms for Chordal Analysis", Computer Music Journal 2002, with Viterbi's algorithm in place
 * of their graph).  Percussion is left out.
 *
 * Threads: a pure function of a frozen piece.  About 10 ms for 10,000 beats: not for the main loop.
 */
#pragma once

#include "music/arietta-marks.h"

G_BEGIN_DECLS

/* Of AriettaChordMark, one for each change, spelled as the key wants; stretches of silence of two
 * bars and more are "no chord".  Empty without pitched notes. */
GArray *arietta_chord_finder_find (AriettaPiece *piece) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
