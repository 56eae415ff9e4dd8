/* The gradient of a convolution's weights. */
#include "math/arietta-conv-private.h"

#include "math/arietta-pool.h"
#include "math/arietta-vector.h"

#include <string.h>

#define CHUNK 128       /* places that are summed while a tile of dW stays in registers */
#define ADD_PIECE 16384

typedef struct
{
  const AriettaConv     *self;
  AriettaReal           *dW, *db, *sums;
  AriettaConvWhich       summed;
  const AriettaConvSide *x, *y;
} Collection;

/* Rows first .. last - 1 of dW, over the places of some images. */
static void
collect_rows (const Collection *k,
              AriettaReal      *sums,
              int               first_row,
              int               last_row,
              int               first_image,
              int               n_images)
{
  static const AriettaReal one[ARIETTA_TILE_ROWS] = { 1 };
  const AriettaConvShape  *s = &k->self->shape;
  const Way               *wide = &k->self->gather, *narrow = &k->self->scatter;
  const Phase             *phase = &wide->phases[0];
  const AriettaTiles      *tiles = arietta_tiles ();
  const AriettaReal       *x = image_of (wide, k->x, 0), *y = image_of (narrow, k->y, 0);
  const int                y_padded = needs_copy (narrow, k->y), places = s->P * s->Q, total = n_images * places;
  const ptrdiff_t          y_row = (ptrdiff_t) (y_padded ? narrow->padded[1] : s->Q) * s->D;
  const int                D = s->D / s->groups, ldg = k->self->ldw / s->groups;
  ptrdiff_t                x_at[CHUNK], y_at[CHUNK], none[CHUNK] = { 0 };

  if (y_padded)
    y += narrow->before[0] * y_row + narrow->before[1] * s->D;

  for (int at = 0; at < total; at += CHUNK)
    {
      const int n = smaller (CHUNK, total - at);
      int       image = first_image + at / places, p = at % places / s->Q, q = at % s->Q;

      for (int i = 0; i < n; i++)
        {
          x_at[i] = (ptrdiff_t) ((size_t) image * image_size (wide)) + p * phase->walk_h + q * phase->walk_w;
          y_at[i] = (ptrdiff_t) ((size_t) image * image_size (narrow)) + p * y_row + q * s->D;
          if (++q == s->Q)
            {
              q = 0;
              if (++p == s->P)
                {
                  p = 0;
                  image++;
                }
            }
        }

      for (int g = 0; g < s->groups; g++)
        {
          const AriettaReal *x_g = x + g * (s->C / s->groups), *y_g = y + g * D;

          for (int o = 0; k->dW != NULL && o < phase->n_taps; o++)
            {
              const int run = (int) phase->run, from = larger (first_row, o * run), to = smaller (last_row, (o + 1) * run);

              for (int r = from; r < to; r += ARIETTA_TILE_ROWS)
                tiles->collect (sums + (size_t) r * (size_t) k->self->ldw + (size_t) (g * ldg), (size_t) k->self->ldw,
                                x_g + phase->taps[o] + (r - o * run), x_at, y_g, y_at, n,
                                smaller (ARIETTA_TILE_ROWS, to - r), D);
            }
          if (k->db != NULL && k->summed == ARIETTA_CONV_NARROW && first_row == 0)
            tiles->collect (sums + (size_t) n_rows (k->self) * (size_t) k->self->ldw + (size_t) (g * ldg),
                            (size_t) k->self->ldw, one, none, y_g, y_at, n, 1, D);
        }
    }
}

/* The sums over all places of the wide side, some images of it. */
static void
sum_wide (const Collection *k,
          AriettaReal      *sums,
          int               first_image,
          int               n_images)
{
  const AriettaConvShape *s = &k->self->shape;
  const Way              *wide = &k->self->gather;
  const int               padded = needs_copy (wide, k->x);
  const ptrdiff_t         row = (ptrdiff_t) (padded ? wide->padded[1] : s->W) * s->C;

  for (int n = first_image; n < first_image + n_images; n++)
    for (int h = 0; h < s->H; h++)
      {
        const AriettaReal *from = image_of (wide, k->x, n) + h * row;

        if (padded)
          from += wide->before[0] * row + wide->before[1] * s->C;
        arietta_tiles ()->add_rows (sums, from, s->W, s->C);
      }
}

static void
collect_cb (void *data,
            int   piece)
{
  const Collection  *k = data;
  const AriettaConv *self = k->self;
  const int          B = self->shape.B, rows = n_rows (self);
  const int          sum = self->n_sums > 1 ? piece : 0, block = self->n_sums > 1 ? 0 : piece;
  const int          first = B * sum / self->n_sums, n = B * (sum + 1) / self->n_sums - first;
  const int          height = round_up ((rows + self->n_row_blocks - 1) / self->n_row_blocks, ARIETTA_TILE_ROWS);
  AriettaReal       *sums = k->sums + (size_t) sum * partial_size (self);

  if (self->n_sums > 1)
    {
      /* What was not read before is copied here, where it stays near. */
      for (int i = first; i < first + n; i++)
        {
          if (!k->x->ready && needs_copy (&self->gather, k->x))
            arietta_conv_prepare_image (&self->gather, k->x, i);
          if (!k->y->ready && needs_copy (&self->scatter, k->y))
            arietta_conv_prepare_image (&self->scatter, k->y, i);
        }
      collect_rows (k, sums, 0, rows, first, n);
    }
  else
    {
      collect_rows (k, sums, smaller (rows, block * height), smaller (rows, (block + 1) * height), first, n);
    }

  if (k->db != NULL && k->summed == ARIETTA_CONV_WIDE && block == 0)
    sum_wide (k, sums + (size_t) (rows + 1) * (size_t) self->ldw, first, n);
}

/* Partial sums are added in their order, some rows of dW in each piece. */
static void
add_up_cb (void *data,
           int   piece)
{
  const Collection  *k = data;
  const AriettaConv *self = k->self;
  const int          G = self->shape.groups, D = self->shape.D / G, ldg = self->ldw / G;
  const int          height = larger (1, ADD_PIECE / self->ldw), rows = n_rows (self);

  for (int sum = 0; sum < self->n_sums; sum++)
    {
      const AriettaReal *from = k->sums + (size_t) sum * partial_size (self);

      for (int r = piece * height; r < smaller (rows, (piece + 1) * height); r++)
        for (int g = 0; g < G; g++)
          arietta_vector ()->add (k->dW + (size_t) r * (size_t) self->shape.D + (size_t) (g * D),
                                  from + (size_t) r * (size_t) self->ldw + (size_t) (g * ldg), (size_t) D);
    }
}

void
arietta_conv_weights (const AriettaConv *self,
                      AriettaReal       *dW,
                      AriettaReal       *db,
                      AriettaConvWhich   summed,
                      AriettaConvSide   *x,
                      AriettaConvSide   *y,
                      AriettaReal       *partials)
{
  Collection k = { self, dW, db, partials, summed, x, y };
  const int  G = self->shape.groups, D = self->shape.D / G, ldg = self->ldw / G;
  const int  rows = n_rows (self), height = larger (1, ADD_PIECE / self->ldw);

  if (dW == NULL && db == NULL)
    return;

  if (self->n_sums == 1)
    {
      arietta_conv_prepare (self, ARIETTA_CONV_WIDE, x);
      arietta_conv_prepare (self, ARIETTA_CONV_NARROW, y);
    }
  memset (partials, 0, arietta_conv_partials (self) * sizeof *partials);
  arietta_pool_run (collect_cb, &k, self->n_sums > 1 ? self->n_sums : self->n_row_blocks);
  x->ready = y->ready = 1;

  if (dW != NULL)
    arietta_pool_run (add_up_cb, &k, (rows + height - 1) / height);
  for (int sum = 0; db != NULL && sum < self->n_sums; sum++)
    {
      const AriettaReal *from = partials + (size_t) sum * partial_size (self) + (size_t) rows * (size_t) self->ldw;

      if (summed == ARIETTA_CONV_NARROW)
        for (int g = 0; g < G; g++)
          arietta_vector ()->add (db + g * D, from + g * ldg, (size_t) D);
      else
        arietta_vector ()->add (db, from + self->ldw, (size_t) self->shape.C);
    }
}
