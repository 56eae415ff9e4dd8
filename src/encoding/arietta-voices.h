/* arietta-voices.h - four voices, one pitch each for every sixteenth
 *
 * A frame is what the four voices sound at a step: pitches or rests.  Whether an equal pitch was held
 * or struck again is not told apart.  The grid is that of arietta-steps.h: every bar begins a grid of its
 * own, notes go to the nearest steps, at least one long; where two meet the later wins.
 *
 * The voices of a piece are four parts (a part is a channel of a track, percussion apart), each mostly one
 * note at a time: those whose names say so (Soprano, Alto, Tenor, Bass and their kin in other languages),
 * or, when there are just four parts, these from high to low.
 *
 * A phase says where in sixteen steps a step stands.  It runs on from bar to bar, four steps to a beat of
 * quarters whatever the metre: after a pickup of a quarter the bar line has phase 4.  Bar lines always
 * stand at a multiple of four.
 *
 * Threads: immutable once made; the fields are read-only.
 */
#pragma once

#include "analysis/arietta-kept.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_N_VOICES      4
#define ARIETTA_VOICE_REST    (-1)
#define ARIETTA_VOICE_PHASES  16

typedef enum
{
  ARIETTA_VOICE_SOPRANO,
  ARIETTA_VOICE_ALTO,
  ARIETTA_VOICE_TENOR,
  ARIETTA_VOICE_BASS,
} AriettaVoice;

typedef struct
{
  gint8 pitches[ARIETTA_N_VOICES];   /* MIDI or ARIETTA_VOICE_REST */
} AriettaFrame;

typedef struct
{
  guint         n_steps;             /* up to the end of the last note */
  AriettaFrame *frames;              /* n_steps */
  gint64       *starts;              /* n_steps + 1 ticks */
  guint8       *phases;              /* n_steps, 0..15 */
  guint         n_notes;             /* of the four parts */
} AriettaVoices;

/* NULL when the piece has no four voices, or a grid of more than a million steps. */
AriettaVoices *arietta_voices_new            (AriettaPiece        *piece) G_GNUC_WARN_UNUSED_RESULT;
/* The melody (analysis/arietta-melody.h) as soprano, the others at rest; NULL without a melody. */
AriettaVoices *arietta_voices_new_melody     (AriettaPiece        *piece) G_GNUC_WARN_UNUSED_RESULT;
/* @bars bars of rests at 480 ticks to the quarter. NULL for a metre that cannot be. */
AriettaVoices *arietta_voices_new_empty      (int                  numerator,
                                              int                  denominator,
                                              guint                bars) G_GNUC_WARN_UNUSED_RESULT;
void           arietta_voices_free           (AriettaVoices       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaVoices, arietta_voices_free)

/* The notes of one voice, equal pitches in a row joined, appended to @notes. */
void           arietta_voices_to_notes       (const AriettaVoices *self,
                                              AriettaVoice         voice,
                                              int                  velocity,
                                              int                  program,
                                              int                  channel,
                                              GArray              *notes);
/* "Soprano" ..., translated. */
const char    *arietta_voice_get_name        (AriettaVoice         voice);

/* The piece through frames and back; NULL and *kept all zero without four voices. */
AriettaPiece  *arietta_voices_round_trip     (AriettaPiece        *piece,
                                              AriettaKept         *kept);

G_END_DECLS
