/* arietta-drum-steps.h - a drum part as one token for each sixteenth
 *
 * Token: the sum of 2^class over the classes hit on a step, 0 .. 511; 0 nothing.  The nine classes
 * are those of MusicVAE: kick, snare, closed and open hi-hat, low, middle and high tom, crash, ride;
 * every note of General MIDI's kit and those that Roland's kits add (22, 26: edge of the hi-hat, 58:
 * rim of the floor tom) belong to the nearest of them.  What belongs to none (bongos, whistles ...)
 * is lost and counted, and so is the softer of two hits of a class on one step.
 *
 * Beside a token stand the velocity of each class and how far from the step it was played.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "encoding/arietta-steps.h"

G_BEGIN_DECLS

#define ARIETTA_DRUM_STEPS_N_TOKENS (1 << ARIETTA_STEPS_N_DRUMS)

/* Nine velocities, nine offsets. */
extern const AriettaStepForm arietta_drum_form;

/* The class of a note of channel 10; -1 when it belongs to none. */
int           arietta_drum_steps_find_class (int                     pitch);
/* The note of General MIDI that stands for a class. */
int           arietta_drum_steps_get_pitch  (guint                   drum);

/* All notes on channel 10.  NULL when there are none, or a grid of more than a million steps. */
AriettaSteps *arietta_drum_steps_new        (AriettaPiece           *piece) G_GNUC_WARN_UNUSED_RESULT;

/* The other way, a sixteenth long each.  Step i begins at starts[i]; starts has n + 1 entries.  With
 * @offsets as played, else on the step. Appends to @notes. */
void          arietta_drum_steps_to_notes   (const guint16          *tokens,
                                             const AriettaStepHits  *hits,
                                             const gint64           *starts,
                                             guint                   n,
                                             gboolean                offsets,
                                             GArray                 *notes);

G_END_DECLS
