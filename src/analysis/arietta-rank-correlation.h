/* arietta-rank-correlation.h - do two lists of numbers rise together
 *
 * Spearman's rho with ties ("The Proof and Measurement of Association between Two Things", American
 * Journal of Psychology, 1904): the correlation of the ranks, equal numbers sharing the mean of
 * theirs.
 *
 * Threads: a pure function.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* -1 .. 1; NaN with fewer than two pairs or where one list never changes. */
double arietta_rank_correlation (const double *a,
                                 const double *b,
                                 guint         n);

G_END_DECLS
