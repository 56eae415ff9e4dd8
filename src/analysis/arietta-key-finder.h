/* arietta-key-finder.h - which key a piece is in
 *
 * Pitch-class profile matching: the time each pitch class sounds, compared by correlation with the
 * profiles of the 24 keys (Krumhansl and Schmuckler, "Cognitive Foundations of Musical Pitch",
 * 1990, with the profiles as revised by Temperley, "What's Key for Key?", Music Perception 1999),
 * helped by what profiles do not see: pieces end on their tonic, and a key signature in the file,
 * where there is one that says more than the default, names a key or its relative.
 *
 * Threads: pure functions of their arguments; the piece must be frozen when shared.
 */
#pragma once

#include "music/arietta-piece.h"
#include "music/arietta-pitch.h"

G_BEGIN_DECLS

/* The likeliest key of the whole piece, percussion left out; ARIETTA_TONALITY_NONE without a
 * pitched note. @confidence (may be NULL): 0..1, how far ahead of the next best key that is not its
 * relative. */
AriettaTonality arietta_key_finder_estimate         (AriettaPiece *piece,
                                                     double       *confidence);
/* The same by the notes alone, whatever signature the piece bears: for judging one. */
AriettaTonality arietta_key_finder_hear             (AriettaPiece *piece,
                                                     double       *confidence);
/* The same from bare profiles: @weights the sounding time of the 12 pitch classes, @last the pitch
 * class of the last (lowest) note or -1. */
AriettaTonality arietta_key_finder_estimate_profile (const double  weights[12],
                                                     int           last,
                                                     double       *confidence);

G_END_DECLS
