#include "math/arietta-elementwise.h"

#include "math/arietta-pool.h"

#include <string.h>

#define PIECE 16384  /* elements: a few vectors' worth of cache, some microseconds of work */
#define SLAB 128     /* columns that one piece sums */

typedef struct
{
  AriettaReal       *y;
  const AriettaReal *a, *b, *c;
  AriettaReal        factor;
  AriettaActivation  f;
  size_t             n, R;
} Work;

static size_t
span (const Work *w,
      int         piece,
      size_t     *from)
{
  *from = (size_t) piece * PIECE;

  return w->n - *from < PIECE ? w->n - *from : PIECE;
}

static void
run (Work             *w,
     AriettaPieceFunc  func)
{
  arietta_pool_run_small (func, w, (int) ((w->n + PIECE - 1) / PIECE));
}

static void
activation_forward_cb (void *data,
                       int   piece)
{
  const Work *w = data;
  size_t      at, n = span (w, piece, &at);

  arietta_vector ()->activate (w->y + at, w->a + at, w->f, n);
}

void
arietta_activation_forward (AriettaReal       *y,
                            const AriettaReal *x,
                            AriettaActivation  f, size_t n)
{
  Work w = { .y = y, .a = x, .f = f, .n = n };

  run (&w, activation_forward_cb);
}

static void
activation_backward_cb (void *data,
                        int   piece)
{
  const Work *w = data;
  size_t      at, n = span (w, piece, &at);

  arietta_vector ()->activate_back (w->y + at, w->a + at, w->b + at, w->c + at, w->f, n);
}

void
arietta_activation_backward (AriettaReal       *dx,
                             const AriettaReal *dy, const AriettaReal *x, const AriettaReal *y,
                             AriettaActivation  f, size_t n)
{
  Work w = { .y = dx, .a = dy, .b = x, .c = y, .f = f, .n = n };

  run (&w, activation_backward_cb);
}

static void
add_scaled_cb (void *data,
               int   piece)
{
  const Work *w = data;
  size_t      at, n = span (w, piece, &at);

  if (w->factor == 1)
    arietta_vector ()->add (w->y + at, w->a + at, n);
  else
    arietta_vector ()->add_scaled (w->y + at, w->a + at, w->factor, n);
}

void
arietta_add_scaled (AriettaReal       *y,
                    const AriettaReal *x,
                    AriettaReal        factor, size_t n)
{
  Work w = { .y = y, .a = x, .factor = factor, .n = n };

  run (&w, add_scaled_cb);
}

static void
multiply_cb (void *data,
             int   piece)
{
  const Work *w = data;
  size_t      at, n = span (w, piece, &at);

  if (w->factor == 0)
    memset (w->y + at, 0, n * sizeof *w->y);
  arietta_vector ()->add_product (w->y + at, w->a + at, w->b + at, n);
}

void
arietta_multiply_forward (AriettaReal       *y,
                          const AriettaReal *a, const AriettaReal *b,
                          size_t             n)
{
  Work w = { .y = y, .a = a, .b = b, .factor = 0, .n = n };

  run (&w, multiply_cb);
}

void
arietta_add_product (AriettaReal       *y,
                     const AriettaReal *a, const AriettaReal *b,
                     size_t             n)
{
  Work w = { .y = y, .a = a, .b = b, .factor = 1, .n = n };

  run (&w, multiply_cb);
}

static void
add_forward_cb (void *data,
                int   piece)
{
  const Work *w = data;
  size_t      rows = w->n < PIECE ? PIECE / w->n : 1;
  size_t      from = (size_t) piece * rows;
  size_t      to = from + rows < w->R ? from + rows : w->R;

  memcpy (w->y + from * w->n, w->a + from * w->n, (to - from) * w->n * sizeof *w->y);
  for (size_t r = from; r < to; r++)
    arietta_vector ()->add (w->y + r * w->n, w->b, w->n);
}

void
arietta_add_forward (AriettaReal       *y,
                     const AriettaReal *a, const AriettaReal *b,
                     size_t             R, size_t n)
{
  Work   w = { .y = y, .a = a, .b = b, .R = R, .n = n };
  size_t rows = n < PIECE ? PIECE / n : 1;

  arietta_pool_run_small (add_forward_cb, &w, (int) ((R + rows - 1) / rows));
}

static void
sum_rows_cb (void *data,
             int   piece)
{
  const Work *w = data;
  size_t      at = (size_t) piece * SLAB;
  size_t      n = w->n - at < SLAB ? w->n - at : SLAB;

  for (size_t r = 0; r < w->R; r++)
    arietta_vector ()->add (w->y + at, w->a + r * w->n + at, n);
}

void
arietta_sum_rows (AriettaReal       *db,
                  const AriettaReal *dy,
                  size_t             R, size_t n)
{
  Work w = { .y = db, .a = dy, .R = R, .n = n };

  if (R == 1)
    arietta_add_scaled (db, dy, 1, n);
  else
    arietta_pool_run_small (sum_rows_cb, &w, (int) ((n + SLAB - 1) / SLAB));
}

void
arietta_columns_copy (AriettaReal       *y,
                      const AriettaReal *x,
                      int                N, int Y, int y_at, int X, int x_at, int D)
{
  for (int n = 0; n < N; n++)
    memcpy (y + (size_t) n * Y + y_at, x + (size_t) n * X + x_at, (size_t) D * sizeof *y);
}

void
arietta_columns_add (AriettaReal       *y,
                     const AriettaReal *x,
                     int                N, int Y, int y_at, int X, int x_at, int D)
{
  for (int n = 0; n < N; n++)
    arietta_vector ()->add (y + (size_t) n * Y + y_at, x + (size_t) n * X + x_at, (size_t) D);
}
