#include "math/arietta-dot.h"

#include "math/arietta-linear.h"
#include "math/arietta-pool.h"

#include <math.h>
#include <string.h>

/* Weights of a piece: some microseconds, as handing it over costs about one. */
#define PIECE 65536

typedef struct
{
  AriettaReal               *y;
  const AriettaReal         *x, *b;
  const AriettaStoredMatrix *W;
  int                        n, rows;
} Work;

static size_t
size_of (AriettaStored stored)
{
  return stored == ARIETTA_STORED_REAL ? sizeof (AriettaReal) : stored == ARIETTA_STORED_BF16 ? 2 : 1;
}

static void
multiply_cb (void *data,
             int   piece)
{
  const Work                *w = data;
  const AriettaStoredMatrix *W = w->W;
  const int                  from = piece * w->rows;
  const int                  rows = W->H - from < w->rows ? W->H - from : w->rows;

  arietta_vector ()->dots[W->stored] (w->y + from, (size_t) W->H, w->x, (size_t) W->D,
                                      (const char *) W->values + (size_t) from * W->D * size_of (W->stored),
                                      rows, (size_t) W->D, w->n);
  for (int i = 0; i < w->n; i++)
    {
      AriettaReal *y = w->y + (size_t) i * W->H + from;

      if (W->factors != NULL)
        for (int r = 0; r < rows; r++)
          y[r] *= W->factors[from + r];
      if (w->b != NULL)
        arietta_vector ()->add (y, w->b + from, (size_t) rows);
    }
}

static AriettaReal
from_bf16 (uint16_t half)
{
  uint32_t bits = (uint32_t) half << 16;
  float    value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

void
arietta_stored_row (AriettaReal               *y,
                    const AriettaStoredMatrix *W,
                    int                        row,
                    int                        add)
{
  const size_t D = (size_t) W->D, at = (size_t) row * D;

  for (size_t d = 0; d < D; d++)
    {
      AriettaReal value;

      if (W->stored == ARIETTA_STORED_REAL)
        value = ((const AriettaReal *) W->values)[at + d];
      else if (W->stored == ARIETTA_STORED_BF16)
        value = from_bf16 (((const uint16_t *) W->values)[at + d]);
      else
        value = W->factors[row] * ((const int8_t *) W->values)[at + d];
      y[d] = add ? y[d] + value : value;
    }
}

static void
unpack_cb (void *data,
           int   piece)
{
  const Work *w = data;

  for (int r = piece * w->rows; r < w->W->H && r < (piece + 1) * w->rows; r++)
    arietta_stored_row (w->y + (size_t) r * w->W->D, w->W, r, 0);
}

void
arietta_stored_multiply (AriettaReal               *y,
                         const AriettaReal         *x,
                         const AriettaStoredMatrix *W,
                         const AriettaReal         *b,
                         AriettaReal               *scratch,
                         int                        n)
{
  Work w = { .y = y, .x = x, .b = b, .W = W, .n = n };

  w.rows = (PIECE / W->D + 7) / 8 * 8;

  if (n <= ARIETTA_DOT_ROWS)
    {
      arietta_pool_run (multiply_cb, &w, (W->H + w.rows - 1) / w.rows);
      return;
    }

  if (W->stored != ARIETTA_STORED_REAL)
    {
      w.y = scratch;
      arietta_pool_run (unpack_cb, &w, (W->H + w.rows - 1) / w.rows);
    }
  arietta_linear_forward (y, x, W->stored != ARIETTA_STORED_REAL ? scratch : W->values, b, n, W->D, W->H);
}

void
arietta_store_bf16 (uint16_t          *to,
                    const AriettaReal *W,
                    size_t             n)
{
  for (size_t i = 0; i < n; i++)
    {
      float    value = (float) W[i];
      uint32_t bits;

      memcpy (&bits, &value, sizeof bits);
      /* Half a unit of what stays, and to even; a NaN must not become infinity. */
      if (isnan (value))
        to[i] = (uint16_t) (bits >> 16 | 0x40);
      else
        to[i] = (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}

void
arietta_store_int8 (int8_t            *to, AriettaReal *factors,
                    const AriettaReal *W,
                    int                H, int D)
{
  for (int h = 0; h < H; h++)
    {
      const AriettaReal *row = W + (size_t) h * D;
      AriettaReal        largest = 0;

      for (int d = 0; d < D; d++)
        {
          AriettaReal magnitude = row[d] < 0 ? -row[d] : row[d];

          largest = magnitude > largest ? magnitude : largest;
        }
      factors[h] = largest / 127;
      for (int d = 0; d < D; d++)
        to[(size_t) h * D + d] = (int8_t) (largest > 0 ? lrint ((double) (row[d] / factors[h])) : 0);
    }
}
