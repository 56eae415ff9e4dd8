#include "math/arietta-attention-step.h"

#include "math/arietta-packed.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <string.h>

#define WIDE ARIETTA_PANEL

size_t
arietta_kept_size (int H,
                   int D,
                   int capacity)
{
  return (size_t) H * (size_t) D * (size_t) capacity;
}

static AriettaReal *
key_panel (const AriettaKept *kept,
           int                h,
           int                place)
{
  return kept->keys + ((size_t) h * kept->capacity + place / WIDE * WIDE) * kept->D;
}

static AriettaReal *
value_row (const AriettaKept *kept,
           int                h,
           int                place)
{
  return kept->values + ((size_t) h * kept->capacity + place) * kept->D;
}

void
arietta_kept_put (const AriettaKept *kept,
                  const AriettaReal *k, const AriettaReal *v,
                  int                place)
{
  for (int h = 0; h < kept->H; h++)
    {
      AriettaReal *panel = key_panel (kept, h, place) + place % WIDE;

      for (int d = 0; d < kept->D; d++)
        panel[(size_t) d * WIDE] = k[h * kept->D + d];
      memcpy (value_row (kept, h, place), v + (size_t) h * kept->D, (size_t) kept->D * sizeof *v);
    }
}

void
arietta_kept_get (const AriettaKept *kept,
                  AriettaReal       *k, AriettaReal *v,
                  int                from, int to)
{
  const size_t row = (size_t) kept->H * kept->D;

  for (int place = from; place < to; place++)
    for (int h = 0; h < kept->H; h++)
      {
        const AriettaReal *panel = key_panel (kept, h, place) + place % WIDE;
        const size_t       at = (size_t) (place - from) * row + (size_t) h * kept->D;

        for (int d = 0; d < kept->D; d++)
          k[at + d] = panel[(size_t) d * WIDE];
        memcpy (v + at, value_row (kept, h, place), (size_t) kept->D * sizeof *v);
      }
}

void
arietta_kept_move (const AriettaKept *kept,
                   int                from, int to)
{
  assert (from % WIDE == 0);

  for (int h = 0; h < kept->H && to > from; h++)
    {
      const size_t panels = (size_t) ((to + WIDE - 1) / WIDE * WIDE - from);

      memmove (key_panel (kept, h, 0), key_panel (kept, h, from), panels * kept->D * sizeof (AriettaReal));
      memmove (value_row (kept, h, 0), value_row (kept, h, from),
               (size_t) (to - from) * kept->D * sizeof (AriettaReal));
    }
}

void
arietta_kept_attend (AriettaReal             *y,
                     AriettaReal             *weights,
                     const AriettaReal       *q,
                     const AriettaKept       *kept,
                     const AriettaKeptTables *tables,
                     AriettaReal             *scratch,
                     int                      low, int place)
{
  const AriettaVector *v = arietta_vector ();
  const int            D = kept->D, first = low / WIDE * WIDE, n = place - low + 1;
  const int            R = n < tables->R ? n : tables->R; /* distances met */
  AriettaReal         *scores = scratch + (low - first), *far = scratch + kept->capacity;
  AriettaReal         *scaled = far + kept->capacity;

  for (int h = 0; h < kept->H; h++)
    {
      AriettaReal *w = weights + (size_t) h * kept->capacity;

      for (int d = 0; d < D; d++)
        scaled[d] = tables->scale * q[h * D + d];
      for (int at = first; at <= place; at += WIDE)
        v->panel (scratch + (at - first), WIDE, scaled, (size_t) D, key_panel (kept, h, at), (size_t) D, 1,
                  WIDE, 0);

      if (tables->far != NULL)
        {
          const AriettaReal *table = tables->far + (size_t) h * arietta_packed_size (tables->R, D);

          for (int at = 0; at < R; at += WIDE)
            v->panel (far + at, WIDE, scaled, (size_t) D, table + (size_t) at * D, (size_t) D, 1,
                      R - at < WIDE ? R - at : WIDE, 0);
          for (int t = 0; t < n; t++)
            scores[n - 1 - t] += far[t < R ? t : R - 1];
        }
      if (tables->bias != NULL)
        for (int t = 0; t < n; t++)
          scores[n - 1 - t] += tables->bias[h * tables->R + (t < R ? t : R - 1)];

      v->exp_shifted (w, scores, v->log_sum_exp (scores, (size_t) n), (size_t) n);
      v->weigh_rows (y + (size_t) h * D, w, value_row (kept, h, low), (size_t) n, (size_t) D);
    }
}
