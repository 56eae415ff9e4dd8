/* arietta-voice-leading.h - how four voices move together
 *
 * Counted on a grid of steps, the pitches of the voices from high to low in each.  A pair of voices moves in
 * the same direction at a step when both have other pitches than the step before, both higher or both
 * lower; such a pair is parallel in fifths when the two were a fifth apart before and are after, in
 * octaves when they were an octave or in unison (all modulo 12, the upper voice over the lower).
 *
 * Counts add up over pieces.  Bach himself, in the 76 chorales of the validation part on the sixteenth
 * grid: 1.85 fifths and 0.79 octaves per 1000 such pairs, voices crossed in 3.0 of 100 steps (1.59, 1.21
 * and 2.4 in the training part); the voices move on 19, 20, 21 and 26 of 100 steps; 88 of 100 melody notes
 * begin within a chord.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_VOICE_LEADING_VOICES 4
#define ARIETTA_VOICE_LEADING_REST   (-1)

typedef struct
{
  guint64 steps;
  guint64 full;       /* in which all four voices sound */
  guint64 crossed;    /* in which a voice is above one that should be above it */
  guint64 moves[ARIETTA_VOICE_LEADING_VOICES]; /* steps on which the voice has another pitch than before */
  guint64 pairs;      /* of voices that move in the same direction */
  guint64 fifths;
  guint64 octaves;
  /* Notes of the first voice, and those that belong to the chord: the pitch classes of the others at the
   * note's beginning make, with it, no more than a triad or a seventh chord. */
  guint64 melody_notes;
  guint64 chord_notes;
} AriettaVoiceLeading;

/* Adds the steps of a piece: pitches (n_steps,4), MIDI or ARIETTA_VOICE_LEADING_REST. */
void   arietta_voice_leading_add (AriettaVoiceLeading *self,
                                  const gint8         *pitches,
                                  guint                n_steps);

/* Whether the pitch classes (12 bits) all belong to one triad or seventh chord: major, minor, diminished,
 * augmented; dominant, major, minor, half-diminished, diminished seventh. */
gboolean arietta_voice_leading_is_chord (guint classes);

G_END_DECLS
