/* arietta-norm.h - rows brought to one size
 *
 * Layer norm (Ba, Kiros and Hinton, 2016), centred, and RMS norm (Zhang and Sennrich, 2019), not centred:
 *
 *   mean = centred ? sum x / D : 0,   scale = 1 / sqrt (sum (x - mean)^2 / D + epsilon)
 *   y = (x - mean) scale w + b
 */
#pragma once

#include "math/arietta-real.h"

/* y (N,D) of x (N,D), w (D) and b (D), which may be NULL.  stats (N,2) keeps mean and scale of each row. */
void   arietta_norm_forward      (AriettaReal       *y, AriettaReal *stats,
                                  const AriettaReal *x, const AriettaReal *w, const AriettaReal *b,
                                  AriettaReal        epsilon, int centred,
                                  int                N, int D);
/* With h = (x - mean) scale and g = dy w:
 *
 *   dx += scale (g - [centred] mean of g - h mean of g h),   dw += sum dy h,   db += sum dy
 *
 * any of which may be NULL.  scratch: arietta_norm_scratch () numbers. */
void   arietta_norm_backward     (AriettaReal       *dx, AriettaReal *dw, AriettaReal *db,
                                  AriettaReal       *scratch,
                                  const AriettaReal *dy, const AriettaReal *x, const AriettaReal *w,
                                  const AriettaReal *stats,
                                  int                centred,
                                  int                N, int D);
size_t arietta_norm_scratch      (int                N, int D);
