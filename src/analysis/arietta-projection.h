/* arietta-projection.h - many dimensions onto two, and how faithful that is
 *
 * Threads: pure functions; none knows what the points are.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Principal components: @points (n, size) row-major onto the two directions of greatest variance.
 * xy (n, 2) is centred, first column the larger; the sign of each direction is fixed by its largest
 * entry being positive, so equal data give equal maps.  By orthogonal iteration on the covariance
 * matrix. */
void arietta_projection_pca         (float       *xy,
                                     const float *points,
                                     guint        n,
                                     guint        size);

/* Trustworthiness and continuity of Venna and Kaski ("Neighborhood preservation in nonlinear
 * projection methods", ICANN 2001) for @k neighbours, both 0..1.  FALSE when there are too few
 * points (n < 3 k).  Takes time in proportion to n^2 log n: give a sample of a large set. */
gboolean arietta_projection_measure (const float *xy,
                                     const float *points,
                                     guint        n,
                                     guint        size,
                                     guint        k,
                                     double      *trustworthiness,
                                     double      *continuity);

G_END_DECLS
