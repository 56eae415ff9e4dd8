/* arietta-batchnorm.h - normalisation of channels over a batch
 *
 * Ioffe and Szegedy, "Batch normalization" (2015).  x (N,C) has its channels in the last dimension and everything
 * else in rows.
 *
 *   y = (x - mean) / sqrt (variance + epsilon) w + b
 *
 * with the batch's own mean and (biased) variance of each channel in training, and running ones in use.  Then
 * what is negative is multiplied by slope (1: nothing is).  Sums run over fixed pieces of rows, around the
 * first row, so that a mean far from zero costs no digits; pieces are added in double, in order.
 */
#pragma once

#include "math/arietta-real.h"

/* Numbers of room for the partial sums of the functions below. */
size_t arietta_batchnorm_room     (int                N, int C);

/* mean, deviation (C): of each column, deviation being 1 / sqrt (variance + epsilon).  running_mean and
 * running_variance (C), if not NULL, go a share of momentum towards the batch's mean and unbiased variance. */
void   arietta_batchnorm_measure  (AriettaReal       *mean, AriettaReal *deviation,
                                   AriettaReal       *running_mean, AriettaReal *running_variance,
                                   const AriettaReal *x,
                                   double             momentum, double epsilon,
                                   AriettaReal       *room,
                                   int                N, int C);
/* mean, deviation (C) from running ones. */
void   arietta_batchnorm_recall   (AriettaReal       *mean, AriettaReal *deviation,
                                   const AriettaReal *running_mean, const AriettaReal *running_variance,
                                   double             epsilon,
                                   int                C);

/* y (N,C) as above, of mean and deviation.  room: C numbers. */
void   arietta_batchnorm_forward  (AriettaReal       *y,
                                   const AriettaReal *x, const AriettaReal *mean, const AriettaReal *deviation,
                                   const AriettaReal *w, const AriettaReal *b,
                                   AriettaReal        slope,
                                   AriettaReal       *room,
                                   int                N, int C);
/* With g = dy, times slope where y is not above zero, and n = (x - mean) deviation:
 *   db += sum g,  dw += sum g n,  dx = w deviation (g - mean g - n mean (g n)), or += if add;
 * if measured is 0, mean and deviation did not come from x, and dx is w deviation g.  Each may be NULL. */
void   arietta_batchnorm_backward (AriettaReal       *dx, AriettaReal *dw, AriettaReal *db,
                                   const AriettaReal *dy, const AriettaReal *y, const AriettaReal *x,
                                   const AriettaReal *mean, const AriettaReal *deviation,
                                   const AriettaReal *w,
                                   AriettaReal        slope, int measured, int add,
                                   AriettaReal       *room,
                                   int                N, int C);
