#include "math/arietta-latent.h"

#include "math/arietta-vector.h"

/* Latents are small (a batch times a hundred numbers), so one thread is right here. */

void
arietta_reparameterise_forward (AriettaReal       *z,
                                const AriettaReal *mu, const AriettaReal *logvar,
                                const AriettaReal *eps,
                                size_t             n)
{
  arietta_vector ()->reparameterise (z, mu, logvar, eps, n);
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
      const size_t at = (size_t) b * (size_t) D;
      const double kl = arietta_vector ()->divergence (mu + at, logvar + at, (size_t) D);

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
      const size_t      at = (size_t) b * (size_t) D;
      const AriettaReal f = total_factor + (kls[b] < free_nats ? 0 : factor);

      if (f == 0)
        continue;

      if (dmu != NULL)
        arietta_vector ()->add_scaled (dmu + at, mu + at, f, (size_t) D);
      if (dlogvar != NULL)
        arietta_vector ()->add_expm1 (dlogvar + at, logvar + at, f / 2, (size_t) D);
    }
}
