#include "math/arietta-latent.h"

#include "math/arietta-vector.h"

#include <math.h>

/* Latents are small (a batch times a hundred numbers), so plain libm and one thread are right here. */

void
arietta_reparameterise_forward (AriettaReal       *z,
                                const AriettaReal *mu, const AriettaReal *logvar,
                                const AriettaReal *eps,
                                size_t             n)
{
  for (size_t i = 0; i < n; i++)
    z[i] = mu[i] + (AriettaReal) exp (0.5 * logvar[i]) * eps[i];
}

void
arietta_reparameterise_backward (AriettaReal       *dmu, AriettaReal *dlogvar,
                                 const AriettaReal *dz,
                                 const AriettaReal *mu, const AriettaReal *z,
                                 size_t             n)
{
  if (dmu != NULL)
    arietta_vector ()->add (dmu, dz, n);
  if (dlogvar != NULL)
    for (size_t i = 0; i < n; i++)
      dlogvar[i] += dz[i] * (z[i] - mu[i]) / 2;
}

double
arietta_gaussian_kl_forward (AriettaReal       *kls, double *total,
                             const AriettaReal *mu, const AriettaReal *logvar,
                             AriettaReal        free_nats,
                             int                B, int D)
{
  double cost = 0, all = 0;

  for (int b = 0; b < B; b++)
    {
      double kl = 0;

      for (size_t i = (size_t) b * D; i < (size_t) (b + 1) * D; i++)
        kl += 0.5 * ((double) mu[i] * mu[i] + exp (logvar[i]) - 1 - logvar[i]);

      kls[b] = (AriettaReal) kl;
      all += kl;
      /* Not fmax (), which would swallow a NaN. */
      cost += kl < free_nats ? 0 : kl - free_nats;
    }

  *total = all;

  return cost;
}

void
arietta_gaussian_kl_backward (AriettaReal       *dmu, AriettaReal *dlogvar,
                              const AriettaReal *mu, const AriettaReal *logvar,
                              const AriettaReal *kls, AriettaReal free_nats,
                              AriettaReal        factor, AriettaReal total_factor,
                              int                B, int D)
{
  for (int b = 0; b < B; b++)
    {
      AriettaReal f = total_factor + (kls[b] < free_nats ? 0 : factor);

      if (f == 0)
        continue;

      for (size_t i = (size_t) b * D; i < (size_t) (b + 1) * D; i++)
        {
          if (dmu != NULL)
            dmu[i] += f * mu[i];
          if (dlogvar != NULL)
            dlogvar[i] += f * (AriettaReal) (0.5 * (exp (logvar[i]) - 1));
        }
    }
}
