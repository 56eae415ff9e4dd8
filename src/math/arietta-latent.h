/* arietta-latent.h - the Gaussian latent of a variational autoencoder
 *
 * Kingma and Welling, "Auto-encoding variational Bayes" (2014); free bits as in Kingma et al.,
 * "Improved variational inference with inverse autoregressive flow" (2016), and per example as in
 * Roberts et al., "A hierarchical latent vector model for learning long-term structure in music" (2018).
 */
#pragma once

#include "math/arietta-real.h"

/* z (n) = mu + e^(logvar / 2) eps */
void   arietta_reparameterise_forward  (AriettaReal       *z,
                                        const AriettaReal *mu, const AriettaReal *logvar,
                                        const AriettaReal *eps,
                                        size_t             n);
/* dmu += dz;  dlogvar += dz (z - mu) / 2 */
void   arietta_reparameterise_backward (AriettaReal       *dmu, AriettaReal *dlogvar,
                                        const AriettaReal *dz,
                                        const AriettaReal *mu, const AriettaReal *z,
                                        size_t             n);

/* Divergence of each example from the standard normal, in nats:
 *
 *   kl_b = 1/2 sum over d of (mu^2 + e^logvar - 1 - logvar);     mu, logvar (B,D)
 *
 * Returns sum over b of max (kl_b - free, 0): the first `free` nats cost nothing.  kls (B) keeps kl_b for
 * backward; total gets the sum of kl_b itself. */
double arietta_gaussian_kl_forward     (AriettaReal       *kls, double *total,
                                        const AriettaReal *mu, const AriettaReal *logvar,
                                        AriettaReal        free_nats,
                                        int                B, int D);
/* For examples above the free nats, factor d kl_b: dmu += factor mu, dlogvar += factor (e^logvar - 1) / 2;
 * and total_factor d kl_b for every example. */
void   arietta_gaussian_kl_backward    (AriettaReal       *dmu, AriettaReal *dlogvar,
                                        const AriettaReal *mu, const AriettaReal *logvar,
                                        const AriettaReal *kls, AriettaReal free_nats,
                                        AriettaReal        factor, AriettaReal total_factor,
                                        int                B, int D);
