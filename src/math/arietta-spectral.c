#include "math/arietta-spectral.h"

#include "math/arietta-elementwise.h"
#include "math/arietta-gemm.h"
#include "math/arietta-optimise.h"
#include "math/arietta-vector.h"

/* A matrix of nothing but zeros has no direction; it is left as it is. */
static double
normalise (AriettaReal *x,
           int          n)
{
  const double length = arietta_norm (x, (size_t) n);

  if (length > 0)
    arietta_scale (x, (AriettaReal) (1 / length), (size_t) n);

  return length;
}

double
arietta_spectral_measure (AriettaReal       *v,
                          AriettaReal       *u,
                          const AriettaReal *W,
                          int                keep,
                          int                R,
                          int                D)
{
  double sigma;

  normalise (u, D);
  arietta_gemm (v, W, u, 0, ARIETTA_NN, R, 1, D);
  sigma = normalise (v, R);
  if (!keep)
    {
      arietta_gemm (u, v, W, 0, ARIETTA_NN, 1, D, R);
      sigma = normalise (u, D);
    }

  return sigma > 0 ? sigma : 1;
}

void
arietta_spectral_backward (AriettaReal       *dW,
                           const AriettaReal *dy,
                           const AriettaReal *W,
                           const AriettaReal *v,
                           const AriettaReal *u,
                           double             sigma,
                           int                R,
                           int                D)
{
  double along = 0;

  for (size_t i = 0; i < (size_t) R * (size_t) D; i++)
    along += (double) dy[i] * W[i];
  along /= sigma * sigma;

  arietta_add_scaled (dW, dy, (AriettaReal) (1 / sigma), (size_t) R * (size_t) D);
  for (int r = 0; r < R; r++)
    arietta_vector ()->add_scaled (dW + (size_t) r * (size_t) D, u, (AriettaReal) (-along * v[r]), (size_t) D);
}
