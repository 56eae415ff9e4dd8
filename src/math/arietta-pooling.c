#include "math/arietta-pooling.h"

#include "math/arietta-pool.h"
#include "math/arietta-tiles.h"

#include <string.h>

typedef struct
{
  const AriettaPoolingShape *s;
  AriettaReal               *to;
  const AriettaReal         *x, *y, *dy;
  int                        add;
} Work;

static size_t
place (const AriettaPoolingShape *s,
       int                        n,
       int                        h,
       int                        w)
{
  return (((size_t) n * (size_t) s->H + (size_t) h) * (size_t) s->W + (size_t) w) * (size_t) s->C;
}

static void
forward_cb (void *data,
            int   piece)
{
  const Work                *k = data;
  const AriettaPoolingShape *s = k->s;
  const AriettaTiles        *tiles = arietta_tiles ();
  const AriettaReal          share = (AriettaReal) 1 / (AriettaReal) (s->size[0] * s->size[1]);
  AriettaReal               *y = k->to + (size_t) piece * (size_t) (s->P * s->Q * s->C);

  for (int p = 0; p < s->P; p++)
    for (int q = 0; q < s->Q; q++, y += s->C)
      {
        memset (y, 0, (size_t) s->C * sizeof *y);
        for (int i = 0; i < s->size[0]; i++)
          for (int j = 0; j < s->size[1]; j++)
            {
              const AriettaReal *x = k->x + place (s, piece, p * s->stride[0] + i, q * s->stride[1] + j);

              if (!s->largest)
                tiles->add_rows (y, x, 1, s->C);
              else if (i + j == 0)
                memcpy (y, x, (size_t) s->C * sizeof *y);
              else
                tiles->maximum (y, x, s->C);
            }
        for (int c = 0; !s->largest && c < s->C; c++)
          y[c] *= share;
      }
}

void
arietta_pooling_forward (const AriettaPoolingShape *shape,
                         AriettaReal               *y,
                         const AriettaReal         *x)
{
  arietta_pool_run (forward_cb, &(Work) { .s = shape, .to = y, .x = x }, shape->B);
}

/* What is left of dy once the first of the largest has had it. */
static void
give (AriettaReal       *dx,
      AriettaReal       *left,
      const AriettaReal *x,
      const AriettaReal *y,
      int                C)
{
  for (int c = 0; c < C; c++)
    {
      const int it = x[c] == y[c];

      dx[c] += it ? left[c] : 0;
      left[c] = it ? 0 : left[c];
    }
}

static void
backward_cb (void *data,
             int   piece)
{
  enum { PART = 256 };
  const Work                *k = data;
  const AriettaPoolingShape *s = k->s;
  const AriettaReal          share = (AriettaReal) 1 / (AriettaReal) (s->size[0] * s->size[1]);
  size_t                     at = (size_t) piece * (size_t) (s->P * s->Q * s->C);

  if (!k->add)
    memset (k->to + place (s, piece, 0, 0), 0, (size_t) (s->H * s->W * s->C) * sizeof *k->to);

  for (int p = 0; p < s->P; p++)
    for (int q = 0; q < s->Q; q++, at += (size_t) s->C)
      for (int from = 0; from < s->C; from += PART)
        {
          const int   n = s->C - from < PART ? s->C - from : PART;
          AriettaReal left[PART];

          memcpy (left, k->dy + at + from, (size_t) n * sizeof *left);
          for (int i = 0; i < s->size[0]; i++)
            for (int j = 0; j < s->size[1]; j++)
              {
                const size_t there = place (s, piece, p * s->stride[0] + i, q * s->stride[1] + j) + (size_t) from;

                if (s->largest)
                  give (k->to + there, left, k->x + there, k->y + at + from, n);
                else
                  for (int c = 0; c < n; c++)
                    k->to[there + (size_t) c] += share * left[c];
              }
        }
}

void
arietta_pooling_backward (const AriettaPoolingShape *shape,
                          AriettaReal               *dx,
                          const AriettaReal         *dy,
                          const AriettaReal         *x,
                          const AriettaReal         *y,
                          int                        add)
{
  arietta_pool_run (backward_cb, &(Work) { .s = shape, .to = dx, .x = x, .y = y, .dy = dy, .add = add }, shape->B);
}
