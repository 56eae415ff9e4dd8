/* arietta-chorale.h - the chorale model: four voices, frame by frame
 *
 * After Liang, Gotham, Johnson and Shotton, "Automatic Stylistic Composition of Bach Chorales with Deep
 * LSTM" (BachBot, ISMIR 2017), and Peracha, "Improving Polyphonic Music Models with Feature-Rich
 * Encoding" (TonicNet, ISMIR 2020), from which the lengths of what sounds come as an input.  Frames are
 * those of encoding/arietta-voices.h: four pitches for every sixteenth.
 *
 *   encoder   the facts of the frames so far, summed rows of a table -> ReLU -> LSTM layers -> e
 *   heads     within the frame soprano, bass, alto, tenor in turn: W e + the facts of this voice and of
 *             those already placed, summed rows of the head's own table -> ReLU -> ReLU -> logits of the
 *             pitch, partly told as pitches, partly as distances from the voice's last one
 *
 * So the chances of a frame are the product of those of its four voices, each given all frames before
 * and the voices placed; and since the soprano comes first, the same network harmonises a melody.
 *
 * Facts: pitches, intervals, how long each pitch has lasted, the pitch before, the phase in sixteen
 * steps, and what followed when the same passage was heard before: of all earlier places whose frames end
 * as the frames do now (or whose sopranos do), the longest agreeing one tells what came next there.  A
 * third of the chorales repeat their first lines, and no state of a small network remembers them note by
 * note (compare the pointer of Vinyals, Fortunato and Jaitly, "Pointer Networks", 2015).
 *
 * Most facts are told by distances, so the network does much the same in every key: the mean over thirteen
 * transposed copies is no better than one (0.3441 to 0.3439 nats per note on the validation part), and
 * transposing the pieces does not keep it from learning them by heart; forgetting facts does.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_chorale_kind;

G_END_DECLS
