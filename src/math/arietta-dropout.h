/* arietta-dropout.h - dropout whose mask is a function of a seed, so that none is stored
 *
 * Element i is dropped if the hash of (seed, i) falls under the rate; backward asks the same question
 * again.  Srivastava et al., "Dropout" (2014), scaled in training.
 */
#pragma once

#include "math/arietta-real.h"

/* y (n) = x / (1 - rate), or 0 with chance rate */
void arietta_dropout_forward  (AriettaReal       *y,
                               const AriettaReal *x,
                               AriettaReal        rate, uint64_t seed, size_t n);
/* dx (n) += the same of dy */
void arietta_dropout_backward (AriettaReal       *dx,
                               const AriettaReal *dy,
                               AriettaReal        rate, uint64_t seed, size_t n);
