#include "math/arietta-distance.h"

#include "math/arietta-pool.h"

#include <assert.h>

#define PIECE 16384   /* numbers */
#define MAX_SUMS 256  /* partial sums held on the stack at a time */

typedef struct
{
  AriettaDistance    kind;
  AriettaReal       *dx, *dtarget;
  const AriettaReal *x, *target, *w;
  AriettaReal        beta, factor;
  int                N, D, first_piece;
  double            *sums;
} Work;

static int
rows_of_piece (int D)
{
  return D < PIECE ? PIECE / D : 1;
}

static int
n_pieces (int N,
          int D)
{
  return (N + rows_of_piece (D) - 1) / rows_of_piece (D);
}

/* Rows that can be taken as one: all of them if they weigh the same. */
static int
span (const Work *k,
      int         piece,
      int        *first,
      size_t     *length)
{
  const int rows = rows_of_piece (k->D), n = k->N - piece * rows < rows ? k->N - piece * rows : rows;

  *first = piece * rows;
  *length = (size_t) k->D * (size_t) (k->w == NULL ? n : 1);

  return k->w == NULL ? 1 : n;
}

static void
forward_cb (void *data,
            int   piece)
{
  const Work *k = data;
  size_t      length;
  int         first;
  const int   n = span (k, k->first_piece + piece, &first, &length);
  double      sum = 0;

  for (int i = 0; i < n; i++)
    {
      const size_t at = (size_t) (first + i) * (size_t) k->D;
      const double w = k->w != NULL ? (double) k->w[first + i] : 1;

      if (w != 0)
        sum += w * arietta_vector ()->distance (k->kind, k->x + at, k->target + at, k->beta, length);
    }
  k->sums[piece] = sum;
}

double
arietta_distance_forward (AriettaDistance    kind,
                          double            *weight,
                          const AriettaReal *x,
                          const AriettaReal *target,
                          const AriettaReal *w,
                          AriettaReal        beta,
                          int                N,
                          int                D)
{
  const int total = n_pieces (N, D);
  double    sums[MAX_SUMS], sum = 0;

  for (int at = 0; at < total; at += MAX_SUMS)
    {
      const int n = total - at < MAX_SUMS ? total - at : MAX_SUMS;

      arietta_pool_run_small (forward_cb, &(Work) { .kind = kind, .x = x, .target = target, .w = w, .beta = beta, .N = N,
                                              .D = D, .first_piece = at, .sums = sums }, n);
      for (int i = 0; i < n; i++)
        sum += sums[i];
    }

  if (weight != NULL)
    {
      *weight = w != NULL ? 0 : N;
      for (int n = 0; w != NULL && n < N; n++)
        *weight += (double) w[n];
    }

  return sum;
}

static void
backward_cb (void *data,
             int   piece)
{
  const Work          *k = data;
  const AriettaVector *v = arietta_vector ();
  size_t               length;
  int                  first;
  const int            n = span (k, piece, &first, &length);

  for (int i = 0; i < n; i++)
    {
      const size_t      at = (size_t) (first + i) * (size_t) k->D;
      const AriettaReal factor = k->factor * (k->w != NULL ? k->w[first + i] : 1);

      if (factor == 0)
        continue;

      if (k->dx != NULL)
        v->distance_back (k->dx + at, k->kind, k->x + at, k->target + at, k->beta, factor, length);
      /* All but one of them look at the difference alone. */
      if (k->dtarget != NULL && k->kind == ARIETTA_BINARY)
        v->add_scaled (k->dtarget + at, k->x + at, -factor, length);
      else if (k->dtarget != NULL)
        v->distance_back (k->dtarget + at, k->kind, k->x + at, k->target + at, k->beta, -factor, length);
    }
}

void
arietta_distance_backward (AriettaDistance    kind,
                           AriettaReal       *dx,
                           AriettaReal       *dtarget,
                           const AriettaReal *x,
                           const AriettaReal *target,
                           const AriettaReal *w,
                           AriettaReal        beta,
                           AriettaReal        factor,
                           int                N,
                           int                D)
{
  assert (kind != ARIETTA_HINGE || dtarget == NULL);

  arietta_pool_run_small (backward_cb, &(Work) { .kind = kind, .dx = dx, .dtarget = dtarget, .x = x, .target = target,
                                           .w = w, .beta = beta, .factor = factor, .N = N, .D = D },
                    n_pieces (N, D));
}
