/* arietta-pooling.h - the largest or the mean of each window of an image
 *
 * x (B,H,W,C), channels last; y (B,P,Q,C), y[p,q] over the window of x that begins at (p sh, q sw) and is
 * kh x kw large, all of it within x.
 */
#pragma once

#include "math/arietta-real.h"

typedef struct
{
  int B, H, W, C, P, Q;
  int size[2], stride[2];
  int largest;  /* or the mean */
} AriettaPoolingShape;

void arietta_pooling_forward  (const AriettaPoolingShape *shape,
                               AriettaReal               *y,
                               const AriettaReal         *x);
/* The mean gives each place its share of dy; the largest gives all of it to the first place that has it.
 * dx is added to, or, unless add, set. */
void arietta_pooling_backward (const AriettaPoolingShape *shape,
                               AriettaReal               *dx,
                               const AriettaReal         *dy,
                               const AriettaReal         *x,
                               const AriettaReal         *y,
                               int                        add);
