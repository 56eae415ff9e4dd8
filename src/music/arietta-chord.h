/* arietta-chord.h - a chord symbol as a value
 *
 * A root with its spelling (a letter and an alteration), one of the kinds that Yamaha's
 * "XF Format Specifications" (2.01) number, and a bass of its own where there is one.  What a
 * musician types ("F#m7b5", "Bb/D", "Csus4") is understood, what is shown has real accidentals.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_CHORD_N_KINDS 35      /* the last two are no harmony: a doubled root, and none at all */
#define ARIETTA_CHORD_KIND_NONE 34    /* "N.C." */

typedef struct
{
  gint8 step;         /* 0 (C) .. 6 (B) */
  gint8 alter;        /* -3..3 semitones */
  gint8 kind;         /* 0 .. ARIETTA_CHORD_N_KINDS - 1, as XF numbers them: 0 major, 8 minor, 19 seventh, ... */
  gint8 bass_step;    /* -1: the root */
  gint8 bass_alter;
} AriettaChord;

/* FALSE when @text is no chord symbol. */
gboolean     arietta_chord_parse        (const char         *text,
                                         AriettaChord       *chord);
/* "F♯m7♭5", "B♭/D"; "N.C." without harmony. */
char        *arietta_chord_dup_name     (const AriettaChord *self) G_GNUC_WARN_UNUSED_RESULT;
/* The root as a pitch class, spelled with flats or sharps; @kind as above. */
AriettaChord arietta_chord_from_class   (int                 pitch_class,
                                         int                 kind,
                                         gboolean            flats);
/* 0..11; -1 without harmony. */
int          arietta_chord_get_root     (const AriettaChord *self);
int          arietta_chord_get_bass     (const AriettaChord *self);
/* 12 bits: the pitch classes of the chord with its bass; 0 without harmony. */
guint        arietta_chord_get_classes  (const AriettaChord *self);
/* Of a kind over the root C. */
guint        arietta_chord_kind_get_classes (int            kind);
gboolean     arietta_chord_equal        (const AriettaChord *a,
                                         const AriettaChord *b);

/* The bytes of the sequencer-specific event that stands for it in a MIDI file (43 7B 01 and four more). */
#define ARIETTA_CHORD_N_BYTES 7
void         arietta_chord_to_bytes     (const AriettaChord *self,
                                         guint8              bytes[ARIETTA_CHORD_N_BYTES]);
gboolean     arietta_chord_from_bytes   (AriettaChord       *chord,
                                         const guint8       *bytes,
                                         gsize               n_bytes);

G_END_DECLS
