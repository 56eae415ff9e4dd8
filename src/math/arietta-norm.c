#include "math/arietta-norm.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

#define ROWS 64 /* of a piece; its sums for dw and db are added up in the order of pieces */

typedef struct
{
  AriettaReal       *y, *stats, *dx, *sums;
  const AriettaReal *x, *w, *b, *dy;
  AriettaReal        epsilon;
  int                centred, N, D;
} Work;

static int
n_pieces (int N)
{
  return (N + ROWS - 1) / ROWS;
}

static void
forward_cb (void *data,
            int   piece)
{
  const Work  *w = data;
  const size_t D = (size_t) w->D;

  for (int n = piece * ROWS; n < w->N && n < (piece + 1) * ROWS; n++)
    arietta_vector ()->norm (w->y + (size_t) n * D, w->stats + 2 * (size_t) n, w->x + (size_t) n * D,
                             w->w, w->b, w->epsilon, w->centred, D);
}

void
arietta_norm_forward (AriettaReal       *y, AriettaReal *stats,
                      const AriettaReal *x, const AriettaReal *w, const AriettaReal *b,
                      AriettaReal        epsilon, int centred,
                      int                N, int D)
{
  Work work = { .y = y, .stats = stats, .x = x, .w = w, .b = b,
                .epsilon = epsilon, .centred = centred, .N = N, .D = D };

  arietta_pool_run (forward_cb, &work, n_pieces (N));
}

/* Sums of a piece: dw (D), db (D), and a row (D) for a dx that nobody wants. */
static void
backward_cb (void *data,
             int   piece)
{
  const Work  *w = data;
  const size_t D = (size_t) w->D;
  AriettaReal *sums = w->sums + (size_t) piece * 3 * D;

  memset (sums, 0, 3 * D * sizeof *sums);
  for (int n = piece * ROWS; n < w->N && n < (piece + 1) * ROWS; n++)
    arietta_vector ()->norm_back (w->dx != NULL ? w->dx + (size_t) n * D : sums + 2 * D, sums, sums + D,
                                  w->dy + (size_t) n * D, w->x + (size_t) n * D, w->w,
                                  w->stats + 2 * (size_t) n, w->centred, D);
}

void
arietta_norm_backward (AriettaReal       *dx, AriettaReal *dw, AriettaReal *db,
                       AriettaReal       *scratch,
                       const AriettaReal *dy, const AriettaReal *x, const AriettaReal *w,
                       const AriettaReal *stats,
                       int                centred,
                       int                N, int D)
{
  Work work = { .stats = (AriettaReal *) stats, .dx = dx, .sums = scratch, .x = x, .w = w, .dy = dy,
                .centred = centred, .N = N, .D = D };

  arietta_pool_run (backward_cb, &work, n_pieces (N));

  for (int piece = 0; piece < n_pieces (N); piece++)
    {
      const AriettaReal *sums = scratch + (size_t) piece * 3 * (size_t) D;

      if (dw != NULL)
        arietta_vector ()->add (dw, sums, (size_t) D);
      if (db != NULL)
        arietta_vector ()->add (db, sums + D, (size_t) D);
    }
}

size_t
arietta_norm_scratch (int N,
                      int D)
{
  return (size_t) n_pieces (N) * 3 * (size_t) D;
}
