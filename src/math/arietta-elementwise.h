/* arietta-elementwise.h - loops of arietta-vector.h spread over the pool, and copying of columns */
#pragma once

#include "math/arietta-vector.h"

/* y (n) = f (x) */
void arietta_activation_forward  (AriettaReal       *y,
                                  const AriettaReal *x,
                                  AriettaActivation  f, size_t n);
/* dx (n) += dy f'(x) */
void arietta_activation_backward (AriettaReal       *dx,
                                  const AriettaReal *dy, const AriettaReal *x, const AriettaReal *y,
                                  AriettaActivation  f, size_t n);

/* y (n) += factor x (n) */
void arietta_add_scaled          (AriettaReal       *y,
                                  const AriettaReal *x,
                                  AriettaReal        factor, size_t n);

/* y (n) = a . b, or += */
void arietta_multiply_forward    (AriettaReal       *y,
                                  const AriettaReal *a, const AriettaReal *b,
                                  size_t             n);
void arietta_add_product         (AriettaReal       *y,
                                  const AriettaReal *a, const AriettaReal *b,
                                  size_t             n);

/* y (R,n) = a (R,n) + b (n), b repeated for each of R rows */
void arietta_add_forward         (AriettaReal       *y,
                                  const AriettaReal *a, const AriettaReal *b,
                                  size_t             R, size_t n);
/* db (n) += sum over rows of dy (R,n), rows in order */
void arietta_sum_rows            (AriettaReal       *db,
                                  const AriettaReal *dy,
                                  size_t             R, size_t n);

/* Columns x_at .. x_at + D of x (N,X) to columns y_at .. of y (N,Y); the other way it adds. */
void arietta_columns_copy        (AriettaReal       *y,
                                  const AriettaReal *x,
                                  int                N, int Y, int y_at, int X, int x_at, int D);
void arietta_columns_add         (AriettaReal       *y,
                                  const AriettaReal *x,
                                  int                N, int Y, int y_at, int X, int x_at, int D);
