#include "math/arietta-batchnorm.h"

#include "math/arietta-pool.h"
#include "math/arietta-tiles.h"
#include "math/arietta-vector.h"

#include <math.h>
#include <string.h>

#define PIECE 32768   /* numbers that a piece sums or scales */
#define SHORT_SUM 64  /* rows that are summed by themselves: a long sum in float loses what is small beside it */

typedef struct
{
  AriettaReal       *sums;  /* of piece p at 4 C p: two sums, and two short ones */
  AriettaReal       *to;
  const AriettaReal *x, *dy, *y, *shift;
  const AriettaReal *a, *b, *c;
  AriettaReal        slope;
  int                add, N, C;
} Work;

static int
rows_of_piece (int C)
{
  return C < PIECE ? PIECE / C : 1;
}

static int
n_pieces (int N,
          int C)
{
  return (N + rows_of_piece (C) - 1) / rows_of_piece (C);
}

static int
span (const Work *k,
      int         piece,
      size_t     *at)
{
  const int rows = rows_of_piece (k->C), first = piece * rows;

  *at = (size_t) first * (size_t) k->C;

  return k->N - first < rows ? k->N - first : rows;
}

size_t
arietta_batchnorm_room (int N,
                        int C)
{
  return (size_t) (4 * n_pieces (N, C) + 4) * (size_t) C;
}

static void
sums_cb (void *data,
         int   piece)
{
  const Work         *k = data;
  const AriettaTiles *tiles = arietta_tiles ();
  const size_t        C = (size_t) k->C;
  AriettaReal        *sums = k->sums + 4 * C * (size_t) piece, *shorts = sums + 2 * C;
  size_t              at;
  const int           n = span (k, piece, &at);

  memset (sums, 0, 2 * C * sizeof *sums);
  for (int r = 0; r < n; r += SHORT_SUM, at += SHORT_SUM * C)
    {
      const int rows = n - r < SHORT_SUM ? n - r : SHORT_SUM;

      memset (shorts, 0, 2 * C * sizeof *shorts);
      if (k->dy == NULL)
        tiles->column_sums (shorts, shorts + C, k->x + at, k->shift, rows, k->C);
      else
        tiles->column_back_sums (shorts, shorts + C, k->dy + at, k->y + at, k->x + at, k->shift, k->slope, rows, k->C);
      arietta_vector ()->add (sums, shorts, 2 * C);
    }
}

/* Sum number @which of column @c over all pieces, in their order. */
static double
total (const Work *k,
       int         which,
       int         c)
{
  double sum = 0;

  for (int piece = 0; piece < n_pieces (k->N, k->C); piece++)
    sum += (double) k->sums[(size_t) (4 * piece + which) * (size_t) k->C + (size_t) c];

  return sum;
}

void
arietta_batchnorm_measure (AriettaReal       *mean,
                           AriettaReal       *deviation,
                           AriettaReal       *running_mean,
                           AriettaReal       *running_variance,
                           const AriettaReal *x,
                           double             momentum,
                           double             epsilon,
                           AriettaReal       *room,
                           int                N,
                           int                C)
{
  Work k = { .sums = room, .x = x, .shift = x, .N = N, .C = C };

  arietta_pool_run (sums_cb, &k, n_pieces (N, C));

  for (int c = 0; c < C; c++)
    {
      const double off = total (&k, 0, c) / N;
      const double variance = fmax (total (&k, 1, c) / N - off * off, 0);
      const double unbiased = N > 1 ? variance * N / (N - 1) : variance;

      mean[c] = (AriettaReal) (x[c] + off);
      deviation[c] = (AriettaReal) (1 / sqrt (variance + epsilon));
      if (running_mean != NULL)
        running_mean[c] = (AriettaReal) ((1 - momentum) * running_mean[c] + momentum * (x[c] + off));
      if (running_variance != NULL)
        running_variance[c] = (AriettaReal) ((1 - momentum) * running_variance[c] + momentum * unbiased);
    }
}

void
arietta_batchnorm_recall (AriettaReal       *mean,
                          AriettaReal       *deviation,
                          const AriettaReal *running_mean,
                          const AriettaReal *running_variance,
                          double             epsilon,
                          int                C)
{
  for (int c = 0; c < C; c++)
    {
      mean[c] = running_mean[c];
      deviation[c] = (AriettaReal) (1 / sqrt ((double) running_variance[c] + epsilon));
    }
}

static void
forward_cb (void *data,
            int   piece)
{
  const Work *k = data;
  size_t      at;
  const int   n = span (k, piece, &at);

  arietta_tiles ()->column_scale (k->to + at, k->x + at, k->shift, k->a, k->b, k->slope, n, k->C);
}

void
arietta_batchnorm_forward (AriettaReal       *y,
                           const AriettaReal *x,
                           const AriettaReal *mean,
                           const AriettaReal *deviation,
                           const AriettaReal *w,
                           const AriettaReal *b,
                           AriettaReal        slope,
                           AriettaReal       *room,
                           int                N,
                           int                C)
{
  Work k = { .to = y, .x = x, .shift = mean, .a = room, .b = b, .slope = slope, .N = N, .C = C };

  for (int c = 0; c < C; c++)
    room[c] = w[c] * deviation[c];
  arietta_pool_run (forward_cb, &k, n_pieces (N, C));
}

static void
backward_cb (void *data,
             int   piece)
{
  const Work *k = data;
  size_t      at;
  const int   n = span (k, piece, &at);

  arietta_tiles ()->column_back (k->to + at, k->dy + at, k->y + at, k->x + at, k->shift, k->a, k->b, k->c, k->slope,
                                 k->add, n, k->C);
}

void
arietta_batchnorm_backward (AriettaReal       *dx,
                            AriettaReal       *dw,
                            AriettaReal       *db,
                            const AriettaReal *dy,
                            const AriettaReal *y,
                            const AriettaReal *x,
                            const AriettaReal *mean,
                            const AriettaReal *deviation,
                            const AriettaReal *w,
                            AriettaReal        slope,
                            int                measured,
                            int                add,
                            AriettaReal       *room,
                            int                N,
                            int                C)
{
  AriettaReal *of_g = room + (size_t) (4 * n_pieces (N, C)) * (size_t) C, *of_x = of_g + C, *constant = of_x + C;
  Work         k = { .sums = room, .to = dx, .x = x, .dy = dy, .y = y, .shift = mean, .a = of_g, .b = of_x,
                     .c = constant, .slope = slope, .add = add, .N = N, .C = C };

  arietta_pool_run (sums_cb, &k, n_pieces (N, C));

  for (int c = 0; c < C; c++)
    {
      const double sum = total (&k, 0, c), product = total (&k, 1, c) * deviation[c];
      const double slope_of_g = (double) w[c] * deviation[c];
      const double of_n = measured ? -slope_of_g * product / N * deviation[c] : 0;

      if (db != NULL)
        db[c] += (AriettaReal) sum;
      if (dw != NULL)
        dw[c] += (AriettaReal) product;
      of_g[c] = (AriettaReal) slope_of_g;
      of_x[c] = (AriettaReal) of_n;
      constant[c] = (AriettaReal) (measured ? -slope_of_g * sum / N : 0);
    }
  if (dx != NULL)
    arietta_pool_run (backward_cb, &k, n_pieces (N, C));
}
