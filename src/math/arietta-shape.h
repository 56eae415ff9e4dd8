/* arietta-shape.h - moving and adding up along dimensions of an array */
#pragma once

#include "math/arietta-real.h"

/* y (A,N,B,M,C) = x (A,M,B,N,C); the second adds. */
void arietta_swap_copy    (AriettaReal       *y,
                           const AriettaReal *x,
                           size_t             A, size_t M, size_t B, size_t N, size_t C);
void arietta_swap_add     (AriettaReal       *y,
                           const AriettaReal *x,
                           size_t             A, size_t M, size_t B, size_t N, size_t C);

/* y (A,C) = factor times the sum over n of x (A,N,C), in double where C is 1; backward dx += factor dy for
 * every n. */
void arietta_sum_forward  (AriettaReal       *y,
                           const AriettaReal *x,
                           AriettaReal        factor,
                           size_t             A, size_t N, size_t C);
void arietta_sum_backward (AriettaReal       *dx,
                           const AriettaReal *dy,
                           AriettaReal        factor,
                           size_t             A, size_t N, size_t C);
