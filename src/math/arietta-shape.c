#include "math/arietta-shape.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

/* Numbers that a piece moves, about. */
#define PIECE 65536

typedef struct
{
  AriettaReal       *y;
  const AriettaReal *x;
  AriettaReal        factor;
  int                add;
  size_t             A, M, B, N, C;
  size_t             rows; /* of a piece */
} Work;

static void
run (Work             *w,
     AriettaPieceFunc  func,
     size_t            n_rows,
     size_t            row)
{
  w->rows = row < PIECE ? PIECE / row : 1;
  arietta_pool_run (func, w, (int) ((n_rows + w->rows - 1) / w->rows));
}

/* Rows of y: (A,N). */
static void
swap_cb (void *data,
         int   piece)
{
  const Work *w = data;
  const size_t n_rows = w->A * w->N, from = (size_t) piece * w->rows;
  const size_t to = from + w->rows < n_rows ? from + w->rows : n_rows;

  for (size_t row = from; row < to; row++)
    {
      const size_t       n = row % w->N;
      const AriettaReal *x = w->x + row / w->N * w->M * w->B * w->N * w->C + n * w->C;
      AriettaReal       *y = w->y + row * w->B * w->M * w->C;

      for (size_t b = 0; b < w->B; b++)
        for (size_t m = 0; m < w->M; m++, y += w->C)
          {
            const AriettaReal *from_x = x + (m * w->B + b) * w->N * w->C;

            if (!w->add && w->C == 1)
              *y = *from_x;
            else if (!w->add)
              memcpy (y, from_x, w->C * sizeof *y);
            else if (w->C == 1)
              *y += *from_x;
            else
              arietta_vector ()->add (y, from_x, w->C);
          }
    }
}

void
arietta_swap_copy (AriettaReal       *y,
                   const AriettaReal *x,
                   size_t             A, size_t M, size_t B, size_t N, size_t C)
{
  Work w = { .y = y, .x = x, .A = A, .M = M, .B = B, .N = N, .C = C };

  run (&w, swap_cb, A * N, B * M * C);
}

void
arietta_swap_add (AriettaReal       *y,
                  const AriettaReal *x,
                  size_t             A, size_t M, size_t B, size_t N, size_t C)
{
  Work w = { .y = y, .x = x, .add = 1, .A = A, .M = M, .B = B, .N = N, .C = C };

  run (&w, swap_cb, A * N, B * M * C);
}

static void
sum_cb (void *data,
        int   piece)
{
  const AriettaVector *v = arietta_vector ();
  const Work          *w = data;
  const size_t         from = (size_t) piece * w->rows;
  const size_t         to = from + w->rows < w->A ? from + w->rows : w->A;

  for (size_t a = from; a < to; a++)
    {
      const AriettaReal *x = w->x + a * w->N * w->C;
      AriettaReal       *y = w->y + a * w->C;

      if (w->C == 1)
        {
          *y = (AriettaReal) ((double) w->factor * v->sum (x, w->N));
          continue;
        }

      memset (y, 0, w->C * sizeof *y);
      for (size_t n = 0; n < w->N; n++)
        v->add (y, x + n * w->C, w->C);
      v->scale (y, w->factor, w->C);
    }
}

void
arietta_sum_forward (AriettaReal       *y,
                     const AriettaReal *x,
                     AriettaReal        factor,
                     size_t             A, size_t N, size_t C)
{
  Work w = { .y = y, .x = x, .factor = factor, .A = A, .N = N, .C = C };

  run (&w, sum_cb, A, N * C);
}

static void
sum_back_cb (void *data,
             int   piece)
{
  const Work  *w = data;
  const size_t from = (size_t) piece * w->rows;
  const size_t to = from + w->rows < w->A ? from + w->rows : w->A;

  for (size_t a = from; a < to; a++)
    for (size_t n = 0; n < w->N; n++)
      {
        AriettaReal       *dx = w->y + (a * w->N + n) * w->C;
        const AriettaReal *dy = w->x + a * w->C;

        if (w->C == 1)
          *dx += w->factor * *dy;
        else
          arietta_vector ()->add_scaled (dx, dy, w->factor, w->C);
      }
}

void
arietta_sum_backward (AriettaReal       *dx,
                      const AriettaReal *dy,
                      AriettaReal        factor,
                      size_t             A, size_t N, size_t C)
{
  Work w = { .y = dx, .x = dy, .factor = factor, .A = A, .N = N, .C = C };

  run (&w, sum_back_cb, A, N * C);
}
