/* arietta-pitch.h - pitches, keys and scales as names and sets
 *
 * Pitches are MIDI numbers, 60 = C4; pitch classes 0 (C) .. 11 (B).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_SCALE_MAJOR,
  ARIETTA_SCALE_MINOR,           /* natural; the raised seventh is allowed by arietta_tonality_contains */
} AriettaScale;

/* A tonic and a scale: "G major".  tonic < 0: no tonality. */
typedef struct
{
  int          tonic;
  AriettaScale scale;
} AriettaTonality;

#define ARIETTA_TONALITY_NONE ((AriettaTonality) { -1, ARIETTA_SCALE_MAJOR })

/* "C4", "F♯3"; flats when @flats. */
char           *arietta_pitch_dup_name       (int              pitch,
                                              gboolean         flats);
/* "C", "Bb", "f# minor", "Am", "A minor", "Eb major": TRUE and @tonality if understood.  A letter
 * alone is major, whatever its case. */
gboolean        arietta_tonality_parse       (const char      *text,
                                              AriettaTonality *tonality);
/* "G major" in plain ASCII, the form of the command line ("F# minor"); "none" without a
 * tonality. */
char           *arietta_tonality_dup_name    (AriettaTonality  tonality);
/* -7..7 as a key signature. */
int             arietta_tonality_get_sharps  (AriettaTonality  tonality);
AriettaTonality arietta_tonality_from_key    (int              sharps,
                                              gboolean         minor);
/* 12 bits, bit n set: pitch class n belongs to it; all without a tonality. */
guint           arietta_tonality_get_classes (AriettaTonality  tonality);
gboolean        arietta_tonality_contains    (AriettaTonality  tonality,
                                              int              pitch);

G_END_DECLS
