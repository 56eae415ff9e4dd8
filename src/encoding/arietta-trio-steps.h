/* arietta-trio-steps.h - melody, bass, accompaniment and drums as tokens for each sixteenth
 *
 * Four voices in the order in which they are written, since each may then heed those before:
 *
 *   melody         as analysis/arietta-melody.h finds it
 *   bass           of what remains (percussion apart) the line of the lowest notes; a note more than a fifth
 *                  over the lowest of its bar is none of it
 *   accompaniment  of what then remains the line of the highest notes: an inner voice, the top of the
 *                  chords, a figure
 *   drums          channel 10
 *
 * Tokens of the first three are those of a melody (arietta-steps.h), all shifted alike to bring the tonic to C.
 * Drums have the same tokens with another meaning: one that would be note number i is the set of classes
 * whose bits make i + 1 (kick 1, snare 2, closed hi-hat 4, open hi-hat 8, cymbals 16, toms 32).  A piece without
 * drums rests there.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "encoding/arietta-steps.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_TRIO_MELODY,
  ARIETTA_TRIO_BASS,
  ARIETTA_TRIO_ACCOMPANIMENT,
  ARIETTA_TRIO_DRUMS,
  ARIETTA_TRIO_N_VOICES,
} AriettaTrioVoice;

extern const AriettaStepForm arietta_trio_form;

/* NULL when a voice other than the drums has next to nothing, or the grid more than a million steps. */
AriettaSteps *arietta_trio_steps_new      (AriettaPiece            *piece,
                                           AriettaTonality          key) G_GNUC_WARN_UNUSED_RESULT;

/* The other way: one voice of windows in a row that begin at tick 0, appended to @notes, at 480 ticks to the
 * quarter; drums have no @shift nor @program. */
void          arietta_trio_steps_to_notes (const AriettaStepWindow *windows,
                                           guint                    n_windows,
                                           AriettaTrioVoice         voice,
                                           int                      shift,
                                           int                      program,
                                           int                      channel,
                                           GArray                  *notes);

/* The piece through steps and back, a track for each voice; NULL when there are no steps of it. */
AriettaPiece *arietta_trio_steps_reduce   (AriettaPiece            *piece);

G_END_DECLS
