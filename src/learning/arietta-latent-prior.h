/* arietta-latent-prior.h - where the training data lies in a latent space
 *
 * A normal distribution with full covariance, fitted on the aggregate posterior (means of the
 * encoded examples, plus their mean variance), one for all examples and one for each style with
 * enough of them.
 *
 * A few examples say little of as many dimensions.  What is fitted on them leans on a prior that was
 * fitted before, of the model that is taught further: as if some examples for each dimension had been
 * seen already, spread as that one says.
 *
 * Threads: immutable after fitting.
 */
#pragma once

#include "base/arietta-random.h"
#include "nn/arietta-safetensors.h"

G_BEGIN_DECLS

typedef struct _AriettaLatentPrior AriettaLatentPrior;

/* mu, logvar (n,L); labels[i] 0 .. n_styles - 1 or -1.  @before: of @n_latent too, or NULL; all examples together lean
 * on it as on @lean examples for each dimension. */
AriettaLatentPrior *arietta_latent_prior_fit        (const float        *mu,
                                                     const float        *logvar,
                                                     const int          *labels,
                                                     guint               n,
                                                     guint               n_latent,
                                                     guint               n_styles,
                                                     AriettaLatentPrior *before,
                                                     double              lean) G_GNUC_WARN_UNUSED_RESULT;
/* Adds @style of @other, as it is there, behind the styles of @self. */
void                arietta_latent_prior_add_style  (AriettaLatentPrior *self,
                                                     AriettaLatentPrior *other,
                                                     guint               style);
void                arietta_latent_prior_free       (AriettaLatentPrior *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaLatentPrior, arietta_latent_prior_free)

/* As "prior.mean" (1 + styles, L) and "prior.factor" (1 + styles, L (L + 1) / 2: the lower
 * triangles, row by row), in half precision. */
void                arietta_latent_prior_store      (AriettaLatentPrior        *self,
                                                     AriettaSafetensorsWriter  *writer);
/* NULL without an error when the file has none; NULL and an error when it does not fit. */
AriettaLatentPrior *arietta_latent_prior_restore    (AriettaSafetensors        *file,
                                                     const char                *name,
                                                     guint                      n_latent,
                                                     guint                      n_styles,
                                                     GError                   **error);

/* @style -1: any. @weight 0..1: how far from all towards the style; it may go beyond. */
void                arietta_latent_prior_draw       (AriettaLatentPrior *self,
                                                     int                 style,
                                                     double              weight,
                                                     AriettaRandom      *random,
                                                     float              *latent);
/* Where a point would lie if the style were all there is: the place it has among all, to the spread
 * of all, taken to the style's (the triangular transport of one normal distribution to the other,
 * by their factors). */
void                arietta_latent_prior_carry      (AriettaLatentPrior *self,
                                                     guint               style,
                                                     const float        *latent,
                                                     float              *carried);
/* How surprising a point is, in nats: less the logarithm of its density among all. */
double              arietta_latent_prior_get_nats   (AriettaLatentPrior *self,
                                                     const float        *latent);
/* The style's mean less the mean of all. Borrowed, until a style is added. */
const float        *arietta_latent_prior_get_vector (AriettaLatentPrior *self,
                                                     guint               style);

G_END_DECLS
