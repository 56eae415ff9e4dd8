/* Gather and scatter: from one side of a convolution to the other. */
#include "math/arietta-conv-private.h"

#include "math/arietta-pool.h"

#include <string.h>

void
arietta_conv_prepare_image (const Way             *way,
                            const AriettaConvSide *side,
                            int                    n)
{
  const size_t row = (size_t) (way->from_size[1] * way->from_size[2]);
  const size_t padded_row = (size_t) (way->padded[1] * way->from_size[2]);
  const size_t before = (size_t) (way->before[1] * way->from_size[2]);
  AriettaReal *to = side->room + (size_t) n * image_size (way);

  for (int h = 0; h < way->padded[0]; h++, to += padded_row)
    {
      const int    line = h - way->before[0];
      const size_t at = ((size_t) n * (size_t) way->from_size[0] + (size_t) line) * row;

      if (line < 0 || line >= way->from_size[0])
        {
          memset (to, 0, padded_row * sizeof *to);
          continue;
        }

      memset (to, 0, before * sizeof *to);
      if (side->outcome == NULL)
        memcpy (to + before, side->values + at, row * sizeof *to);
      else
        arietta_tiles ()->slope_back (to + before, side->values + at, side->outcome + at, side->slope, row);
      memset (to + before + row, 0, (padded_row - before - row) * sizeof *to);
    }
}

typedef struct
{
  const Way             *way;
  const AriettaConvSide *side;
} Preparation;

static void
prepare_cb (void *data,
            int   piece)
{
  const Preparation *p = data;

  arietta_conv_prepare_image (p->way, p->side, piece);
}

void
arietta_conv_prepare (const AriettaConv *self,
                      AriettaConvWhich   which,
                      AriettaConvSide   *side)
{
  Preparation p = { way_from (self, which), side };

  if (!side->ready && needs_copy (p.way, side))
    arietta_pool_run (prepare_cb, &p, self->shape.B);
  side->ready = 1;
}

typedef struct
{
  const AriettaConv *self;
  const Way         *way;
  AriettaReal       *to;
  AriettaConvSide   *side;
  const AriettaReal *W, *bias;
  AriettaReal        slope;
  int                add;
  AriettaReal       *packed;
} Walk;

/* The weights that lie between what is read and what is written, with as many columns as the latter. */
static void
pack_cb (void *data,
         int   piece)
{
  const Walk             *k = data;
  const AriettaConvShape *s = &k->self->shape;
  const Way              *way = k->way;
  const Phase            *phase = &way->phases[piece / s->groups];
  const int               g = piece % s->groups, gather = way->from == ARIETTA_CONV_WIDE;
  const int               channels = way->from_size[2] / s->groups, C = s->C / s->groups, D = s->D / s->groups;
  const size_t            depth = (size_t) phase->n_taps * phase->run;
  AriettaReal            *group = k->packed + phase->packed_at
                                  + (size_t) g * depth * (size_t) (way->n_panels * way->panel);

  for (int i = 0; i < way->n_panels; i++)
    {
      AriettaReal *to = group + (size_t) i * depth * (size_t) way->panel;
      const int    column = i * way->panel, n = smaller (way->panel, way->columns - column);

      for (int h = 0; h < phase->h.n_taps; h++)
        for (int w = 0; w < phase->w.n_taps; w++)
          {
            const AriettaReal *from = k->W + (size_t) (phase->h.kernel[h] * s->kernel[1] + phase->w.kernel[w])
                                             * (size_t) C * (size_t) s->D + (size_t) (g * D);

            for (int c = 0; c < channels; c++, to += way->panel)
              {
                if (n < way->panel)
                  memset (to, 0, (size_t) way->panel * sizeof *to);
                if (gather)
                  memcpy (to, from + (size_t) c * (size_t) s->D + column, (size_t) n * sizeof *to);
                else
                  for (int j = 0; j < n; j++)
                    to[j] = from[(size_t) (column + j) * (size_t) s->D + (size_t) c];
              }
          }
    }
}

/* Up to BLOCK places at a time, for all columns. */
static void
walk_phase (const Walk  *k,
            const Phase *phase,
            int          first,
            int          n_images)
{
  const AriettaConvShape *s = &k->self->shape;
  const Way              *way = k->way;
  const AriettaTiles     *tiles = arietta_tiles ();
  const int               places = phase->h.n * phase->w.n, total = n_images * places;
  const size_t            depth = (size_t) phase->n_taps * phase->run;
  const ptrdiff_t         row = (ptrdiff_t) way->to_size[1] * way->to_size[2];
  const AriettaReal      *a[BLOCK], *a_g[BLOCK];
  AriettaReal            *c[BLOCK], *c_g[BLOCK];

  for (int at = 0; at < total; at += BLOCK)
    {
      const int n = smaller (BLOCK, total - at);
      int       image = first + at / places, h = at % places / phase->w.n, w = at % phase->w.n;

      for (int i = 0; i < n; i++)
        {
          a[i] = image_of (way, k->side, image) + h * phase->walk_h + w * phase->walk_w;
          c[i] = k->to + (size_t) image * (size_t) way->to_size[0] * (size_t) row
                 + (phase->h.at + h * phase->h.step) * row + (phase->w.at + w * phase->w.step) * way->to_size[2];
          if (++w == phase->w.n)
            {
              w = 0;
              if (++h == phase->h.n)
                {
                  h = 0;
                  image++;
                }
            }
        }

      for (int g = 0; g < s->groups; g++)
        for (int i = 0; i < way->n_panels; i++)
          {
            const int          column = i * way->panel;
            const AriettaReal *b = k->packed + phase->packed_at
                                   + ((size_t) g * (size_t) way->n_panels + (size_t) i) * depth * (size_t) way->panel;

            for (int r = 0; r < n; r++)
              {
                a_g[r] = a[r] + g * (way->from_size[2] / s->groups);
                c_g[r] = c[r] + g * way->columns + column;
              }
            for (int r = 0; r < n; r += ARIETTA_TILE_ROWS)
              tiles->gather (c_g + r, a_g + r, phase->taps, phase->n_taps, phase->run, b, (size_t) way->panel,
                             smaller (ARIETTA_TILE_ROWS, n - r), smaller (way->panel, way->columns - column), k->add,
                             k->bias != NULL ? k->bias + g * way->columns + column : NULL, k->slope);
          }
    }
}

static void
walk_cb (void *data,
         int   piece)
{
  const Walk *k = data;
  const int   first = piece * k->way->images, n = smaller (k->way->images, k->self->shape.B - first);

  if (!k->side->ready && needs_copy (k->way, k->side))
    for (int i = 0; i < n; i++)
      arietta_conv_prepare_image (k->way, k->side, first + i);

  for (int i = 0; i < k->way->n_phases; i++)
    walk_phase (k, &k->way->phases[i], first, n);
}

static void
walk (Walk *k)
{
  arietta_pool_run (pack_cb, k, k->way->n_phases * k->self->shape.groups);
  arietta_pool_run (walk_cb, k, (k->self->shape.B + k->way->images - 1) / k->way->images);
  k->side->ready = 1;
}

void
arietta_conv_gather (const AriettaConv *self,
                     AriettaReal       *y,
                     AriettaConvSide   *x,
                     const AriettaReal *W,
                     const AriettaReal *bias,
                     AriettaReal        slope,
                     int                add,
                     AriettaReal       *packed)
{
  walk (&(Walk) { self, &self->gather, y, x, W, bias, slope, add, packed });
}

void
arietta_conv_scatter (const AriettaConv *self,
                      AriettaReal       *x,
                      AriettaConvSide   *y,
                      const AriettaReal *W,
                      const AriettaReal *bias,
                      AriettaReal        slope,
                      int                add,
                      AriettaReal       *packed)
{
  walk (&(Walk) { self, &self->scatter, x, y, W, bias, slope, add, packed });
}
