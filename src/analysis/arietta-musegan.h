/* arietta-musegan.h - plain counts of bars, notes and tracks
 *
 * The measures of Dong et al., "MuseGAN" (AAAI 2018), by the definitions of the paper and not by
 * their program, which returns the share of bars with notes for that of empty ones and takes two
 * steps for long enough:
 *
 *   empty bars       share of bars in which no note of a part begins
 *   pitch classes    different pitch classes begun in a bar, mean over all bars of the parts
 *   qualified notes  share of notes of three steps or more, a step being a 24th of a quarter
 *   drum pattern     hits of the percussion weighted by place: 1 on a sixteenth, 0.1 a step beside
 *                    one, else 0; over all hits
 *   tonal distance   beat by beat, between two pitched parts: the chroma of each (what sounds,
 *                    divided by its sum) as a point of six dimensions (circles of fifths and minor
 *                    thirds of radius 1, of major thirds of radius 0.5; Harte et al., "Detecting
 *                    harmonic change in musical audio", 2006), their distance, mean over beats and
 *                    pairs. A beat in which one of them is silent is skipped.
 *
 * Beside the last stands the same with the bars of the second part in another order: where it is
 * not clearly greater, the distance says nothing about these pieces.
 *
 * Threads: pure functions; an account belongs to one thread.
 */
#pragma once

#include "base/arietta-random.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Sums over pieces; begin with { 0 }. */
typedef struct
{
  double bars, empty_bars, pitch_classes;   /* of pitched parts */
  double notes, qualified_notes;
  double hits, pattern;                     /* of percussion */
  double beats, distance;
  double shuffled_beats, shuffled_distance;
} AriettaMuseganAccount;

typedef struct
{
  double empty_bars;               /* NaN, as all of these, where there is nothing to count */
  double pitch_classes;
  double qualified_notes;
  double drum_pattern;
  double tonal_distance;
  double tonal_distance_shuffled;
} AriettaMusegan;

/* @random orders the bars anew. */
void arietta_musegan_add    (AriettaMuseganAccount       *account,
                             AriettaPiece                *piece,
                             AriettaRandom               *random);
void arietta_musegan_finish (const AriettaMuseganAccount *account,
                             AriettaMusegan              *musegan);

G_END_DECLS
