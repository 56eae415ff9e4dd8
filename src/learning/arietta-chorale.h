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
 * Likelihoods are those of the mean of the chances that several transposed copies give; each copy's chances
 * of the pitches move back with it, so their mean is a distribution again.  A copy stays in as long as the
 * notes heard so far stay within the voices' ranges in it, which looks at nothing to come.  The mean is
 * then raised to a power fitted on the validation part (Guo, Pleiss, Sun and Weinberger, "On Calibration of
 * Modern Neural Networks", ICML 2017), since a net that knows its two hundred pieces well is too sure of
 * others.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

extern const AriettaModelKind arietta_chorale_kind;

G_END_DECLS
