/* arietta-drum-notation.h - where percussion is written on five lines
 *
 * After the custom that the Percussive Arts Society wrote down (N. Weinberg,
 * "Guide to Standardized Drumset Notation", 1998): drums as plain heads, feet below, hands in the
 * middle, toms falling; cymbals as crosses on top.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char        step;       /* 'A' .. 'G', as in a treble clef */
  int         octave;
  const char *head;       /* of MusicXML's notehead-value; NULL: a plain one */
} AriettaDrumPlace;

/* @pitch: a key of General MIDI percussion; what the custom says nothing of lies on the middle
 * lines. */
AriettaDrumPlace arietta_drum_notation_get (guint pitch);

G_END_DECLS
