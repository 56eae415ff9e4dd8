/* arietta-spectral.h - a matrix divided by its largest singular value
 *
 * Miyato, Kataoka, Koyama and Yoshida, "Spectral normalization for generative adversarial networks" (2018).  One
 * round of power iteration from u finds v = W u / |W u| and u' = W^T v / |W^T v|, and then sigma = v^T W u'.
 */
#pragma once

#include "math/arietta-real.h"

/* v (R), u (D): as above, from the u given; returns sigma, W (R,D).  If keep, u is only brought to length 1, and
 * sigma is |W u|. */
double arietta_spectral_measure  (AriettaReal       *v, AriettaReal *u,
                                  const AriettaReal *W,
                                  int                keep,
                                  int                R, int D);
/* dW += dy / sigma - (sum of dy W) / sigma^2 v u^T */
void   arietta_spectral_backward (AriettaReal       *dW,
                                  const AriettaReal *dy, const AriettaReal *W,
                                  const AriettaReal *v, const AriettaReal *u,
                                  double             sigma,
                                  int                R, int D);
