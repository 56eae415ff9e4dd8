/* arietta-gather.h - sums of rows of a table, and columns counted from a place
 *
 * What a network reads when its input is a handful of facts: each fact is a row, the input their sum.
 * And what it writes when the answer is nearer told as a distance from something known, or as what
 * something known points at.
 */
#pragma once

#include "math/arietta-real.h"

/* y (N,D) = sum over k of table (V,D)[ids (N,K)]; an id below 0 adds nothing. */
void arietta_bag_forward    (AriettaReal       *y,
                             const int32_t     *ids, const AriettaReal *table,
                             int                N, int K, int V, int D);
/* dtable (V,D)[ids (N,K)] += dy (N,D), in order of n and k. */
void arietta_bag_backward   (AriettaReal       *dtable,
                             const AriettaReal *dy, const int32_t *ids,
                             int                N, int K, int V, int D);

/* y (N,V): y[n,j] = x (N,2V)[n, j - places[n] + V] for j >= 1; column 0 stands apart and is 0, and so is
 * a row whose place (0 .. V-1) is below 0. */
void arietta_align_forward  (AriettaReal       *y,
                             const AriettaReal *x, const int32_t *places,
                             int                N, int V);
/* dx (N,2V) += dy (N,V), each where it came from. */
void arietta_align_backward (AriettaReal       *dx,
                             const AriettaReal *dy, const int32_t *places,
                             int                N, int V);

/* y (N,V) = x (N,V), and y[n,ids[n,k]] += weights[n,k] for ids (N,K) from 0 on; y may be x. */
void arietta_point_forward  (AriettaReal       *y,
                             const AriettaReal *x, const int32_t *ids, const AriettaReal *weights,
                             int                N, int K, int V);
/* dx (N,V) += dy (N,V), dweights (N,K) += dy at ids; either may be NULL. */
void arietta_point_backward (AriettaReal       *dx, AriettaReal *dweights,
                             const AriettaReal *dy, const int32_t *ids,
                             int                N, int K, int V);
