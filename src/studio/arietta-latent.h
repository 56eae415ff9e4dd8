/* arietta-latent.h - moving about in latent space
 *
 * Points are arrays of @size floats.  Draws are close to Gaussian around the prior's mean, so a
 * path that keeps its distance from that mean stays where the model has seen music; straight lines
 * cut through the middle.
 */
#pragma once

#include "learning/arietta-model.h"

G_BEGIN_DECLS

/* Mean of the draws of a style, estimated from many of them; the same every time. */
float *arietta_latent_dup_centre (AriettaModel  *model,
                                  const char    *style,
                                  double         weight);

/* out = the point at @distance (0..1) on the way from @from to @draw around @centre, with the
 * variance of one draw kept: centre + sqrt (1 - d^2) (from - centre) + d (draw - centre). */
void   arietta_latent_step       (float         *out,
                                  const float   *from,
                                  const float   *draw,
                                  const float   *centre,
                                  double         distance,
                                  guint          size);

/* Spherical interpolation, @position 0 at @a .. 1 at @b (Shoemake 1985); straight for nearly
 * parallel points. */
void   arietta_latent_slerp      (float         *out,
                                  const float   *a,
                                  const float   *b,
                                  double         position,
                                  guint          size);

G_END_DECLS
