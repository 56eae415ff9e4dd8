#include "math/arietta-conv.h"

#include "math/arietta-pool.h"
#include "math/arietta-tiles.h"
#include "math/arietta-vector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 64        /* places that share a walk over the weights */
#define CHUNK 128       /* places that are summed while a tile of dW stays in registers */
#define MOST_SUMS 8     /* partial sums of dW */
#define SUM_PLACES 512  /* places that are worth a partial sum */
#define ROW_BLOCK 64    /* rows of dW that are worth a piece, where there are few places */
#define ADD_PIECE 16384

/* What meets along one axis: for the places at + i step, i < n, of one side, those at start + i walk + offset of
 * the other with its padding, one for each entry of kernel. */
typedef struct
{
  int  at, step, n, walk;
  int  n_taps;
  int *kernel, *offset;  /* by offset */
} Axis;

/* The same of both axes, as offsets into memory. */
typedef struct
{
  Axis       h, w;
  ptrdiff_t  walk_h, walk_w; /* numbers */
  int        n_taps;         /* runs */
  size_t     run;            /* numbers of each, of one group */
  ptrdiff_t *taps;
  size_t     packed_at;
} Phase;

/* A way over the convolution: reads one side, writes the other. */
typedef struct
{
  AriettaConvWhich from;
  int     from_size[3], to_size[3];  /* height, width, channels */
  int     before[2], padded[2];      /* of what is read */
  int     n_phases;
  Phase  *phases;
  int     columns;                   /* of one group */
  int     n_panels, panel;           /* their number, and width in memory */
  int     images;                    /* that share a piece */
  size_t  packed;
} Way;

struct _AriettaConv
{
  AriettaConvShape shape;
  Way              gather, scatter;
  int              n_sums, n_row_blocks;  /* how dW is cut; one of them is 1 */
  int              ldw;                   /* numbers between rows of a partial sum */
};

static int
round_up (int n,
          int unit)
{
  return (n + unit - 1) / unit * unit;
}

static int
smaller (int a,
         int b)
{
  return a < b ? a : b;
}

static int
larger (int a,
        int b)
{
  return a > b ? a : b;
}

/* Exact, also below zero. */
static int
floor_divide (int a,
              int b)
{
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

int
arietta_conv_narrow (const AriettaConvShape *shape,
                     int                     axis,
                     int                     n)
{
  return floor_divide (n + 2 * shape->padding[axis] - shape->dilation[axis] * (shape->kernel[axis] - 1) - 1,
                       shape->stride[axis]) + 1;
}

static void *
allocate (size_t n,
          size_t size)
{
  void *memory = calloc (n > 0 ? n : 1, size);

  if (memory == NULL)
    abort ();

  return memory;
}

static Axis
axis_of_gather (const AriettaConvShape *s,
                int                     axis,
                int                     n_narrow)
{
  Axis a = { 0, 1, n_narrow, s->stride[axis], s->kernel[axis], NULL, NULL };

  a.kernel = allocate ((size_t) a.n_taps, sizeof *a.kernel);
  a.offset = allocate ((size_t) a.n_taps, sizeof *a.offset);
  for (int j = 0; j < a.n_taps; j++)
    {
      a.kernel[j] = j;
      a.offset[j] = j * s->dilation[axis];
    }

  return a;
}

/* Of the wide places phase, phase + stride, ...; offsets are without padding and may be below zero. */
static Axis
axis_of_scatter (const AriettaConvShape *s,
                 int                     axis,
                 int                     n_wide,
                 int                     phase)
{
  Axis a = { phase, s->stride[axis], (n_wide - phase + s->stride[axis] - 1) / s->stride[axis], 1, 0, NULL, NULL };

  a.kernel = allocate ((size_t) s->kernel[axis], sizeof *a.kernel);
  a.offset = allocate ((size_t) s->kernel[axis], sizeof *a.offset);
  for (int j = s->kernel[axis] - 1; j >= 0; j--)
    {
      int distance = phase + s->padding[axis] - j * s->dilation[axis];

      if (floor_divide (distance, s->stride[axis]) * s->stride[axis] == distance)
        {
          a.kernel[a.n_taps] = j;
          a.offset[a.n_taps++] = floor_divide (distance, s->stride[axis]);
        }
    }

  return a;
}

/* Neighbours in memory are joined into one run: along the width, and lines if they have no gap. */
static void
phase_join (Phase     *phase,
            const Way *way,
            int        groups)
{
  const int  channels = way->from_size[2], row = way->padded[1] * channels;
  const Axis h = phase->h, w = phase->w;
  int        together = groups == 1;

  phase->walk_h = (ptrdiff_t) h.walk * row;
  phase->walk_w = (ptrdiff_t) w.walk * channels;
  phase->taps = allocate ((size_t) h.n_taps * (size_t) w.n_taps, sizeof *phase->taps);
  for (int j = 1; j < w.n_taps; j++)
    together = together && w.offset[j] == w.offset[j - 1] + 1;

  phase->n_taps = 0;
  if (h.n_taps == 0 || w.n_taps == 0)
    return;

  phase->run = (size_t) (channels / groups) * (together ? (size_t) w.n_taps : 1);
  for (int i = 0; i < h.n_taps; i++)
    for (int j = 0; j < (together ? 1 : w.n_taps); j++)
      phase->taps[phase->n_taps++] = (ptrdiff_t) (way->before[0] + h.offset[i]) * row
                                     + (ptrdiff_t) (way->before[1] + w.offset[j]) * channels;

  for (int i = 1; i < phase->n_taps; i++)
    together = together && phase->taps[i] == phase->taps[i - 1] + (ptrdiff_t) phase->run;
  if (together)
    {
      phase->run *= (size_t) phase->n_taps;
      phase->n_taps = 1;
    }
}

static void
way_init (Way                    *way,
          const AriettaConvShape *s,
          AriettaConvWhich        from)
{
  const int wide[3] = { s->H, s->W, s->C }, narrow[3] = { s->P, s->Q, s->D };
  const int gather = from == ARIETTA_CONV_WIDE;
  const int n_h = gather ? 1 : s->stride[0], n_w = gather ? 1 : s->stride[1];
  int       first[2] = { 0, 0 }, last[2] = { 0, 0 }, places = 0;

  way->from = from;
  memcpy (way->from_size, gather ? wide : narrow, sizeof wide);
  memcpy (way->to_size, gather ? narrow : wide, sizeof wide);
  way->n_phases = n_h * n_w;
  way->phases = allocate ((size_t) way->n_phases, sizeof *way->phases);

  for (int i = 0; i < way->n_phases; i++)
    {
      Phase *phase = &way->phases[i];

      phase->h = gather ? axis_of_gather (s, 0, s->P) : axis_of_scatter (s, 0, s->H, i / n_w);
      phase->w = gather ? axis_of_gather (s, 1, s->Q) : axis_of_scatter (s, 1, s->W, i % n_w);
      places = larger (places, phase->h.n * phase->w.n);
      for (int axis = 0; axis < 2; axis++)
        {
          const Axis *a = axis == 0 ? &phase->h : &phase->w;

          for (int j = 0; a->n > 0 && j < a->n_taps; j++)
            {
              first[axis] = smaller (first[axis], a->offset[j]);
              last[axis] = larger (last[axis], a->offset[j] + (a->n - 1) * a->walk);
            }
        }
    }
  for (int axis = 0; axis < 2; axis++)
    {
      way->before[axis] = gather ? s->padding[axis] : -first[axis];
      way->padded[axis] = larger (way->before[axis] + way->from_size[axis],
                                  gather ? last[axis] + 1 : way->before[axis] + last[axis] + 1);
    }
  if (gather)
    {
      /* Its offsets count from within the padding already. */
      for (int axis = 0; axis < 2; axis++)
        {
          Axis *a = axis == 0 ? &way->phases[0].h : &way->phases[0].w;

          for (int j = 0; j < a->n_taps; j++)
            a->offset[j] -= way->before[axis];
        }
    }

  way->columns = way->to_size[2] / s->groups;
  way->n_panels = (way->columns + ARIETTA_TILE_COLUMNS - 1) / ARIETTA_TILE_COLUMNS;
  way->panel = round_up ((way->columns + way->n_panels - 1) / way->n_panels, ARIETTA_TILE_UNIT);
  way->images = smaller (s->B, places >= BLOCK ? 1 : (BLOCK + places - 1) / larger (places, 1));
  for (int i = 0; i < way->n_phases; i++)
    {
      Phase *phase = &way->phases[i];

      phase_join (phase, way, s->groups);
      phase->packed_at = way->packed;
      way->packed += (size_t) phase->n_taps * phase->run * (size_t) (way->n_panels * way->panel * s->groups);
    }
}

static void
way_clear (Way *way)
{
  for (int i = 0; i < way->n_phases; i++)
    {
      free (way->phases[i].h.kernel);
      free (way->phases[i].h.offset);
      free (way->phases[i].w.kernel);
      free (way->phases[i].w.offset);
      free (way->phases[i].taps);
    }
  free (way->phases);
}

static int
n_rows (const AriettaConv *self)
{
  return self->shape.kernel[0] * self->shape.kernel[1] * (self->shape.C / self->shape.groups);
}

AriettaConv *
arietta_conv_new (const AriettaConvShape *shape)
{
  AriettaConv *self = allocate (1, sizeof *self);
  const long   places = (long) shape->B * shape->P * shape->Q;

  assert (shape->C % shape->groups == 0 && shape->D % shape->groups == 0);

  self->shape = *shape;
  way_init (&self->gather, shape, ARIETTA_CONV_WIDE);
  way_init (&self->scatter, shape, ARIETTA_CONV_NARROW);

  /* Many places: sums over groups of images, added up at last.  Few: all of them, for some of the rows. */
  self->n_sums = (int) (places / SUM_PLACES);
  self->n_sums = larger (1, smaller (smaller (self->n_sums, MOST_SUMS), shape->B));
  self->n_row_blocks = self->n_sums > 1 ? 1 : larger (1, smaller (n_rows (self) / ROW_BLOCK, MOST_SUMS));
  self->ldw = shape->groups * round_up (shape->D / shape->groups, ARIETTA_TILE_UNIT);

  return self;
}

void
arietta_conv_free (AriettaConv *self)
{
  if (self == NULL)
    return;

  way_clear (&self->gather);
  way_clear (&self->scatter);
  free (self);
}

static const Way *
way_from (const AriettaConv *self,
          AriettaConvWhich   which)
{
  return which == ARIETTA_CONV_WIDE ? &self->gather : &self->scatter;
}

static int
is_padded (const Way *way)
{
  return way->before[0] > 0 || way->before[1] > 0 || way->padded[0] > way->from_size[0]
         || way->padded[1] > way->from_size[1];
}

static size_t
image_size (const Way *way)
{
  return (size_t) way->padded[0] * (size_t) way->padded[1] * (size_t) way->from_size[2];
}

size_t
arietta_conv_room (const AriettaConv *self,
                   AriettaConvWhich   which,
                   int                with_outcome)
{
  const Way *way = way_from (self, which);

  /* And what collect () may read beyond the last column. */
  return is_padded (way) || with_outcome ? image_size (way) * (size_t) self->shape.B + ARIETTA_TILE_UNIT : 0;
}

size_t
arietta_conv_packed (const AriettaConv *self,
                     AriettaConvWhich   which)
{
  return way_from (self, which)->packed;
}

/* A partial sum: the rows of dW, a row for the narrow side's bias, and one for the wide side's. */
static size_t
partial_size (const AriettaConv *self)
{
  return (size_t) (n_rows (self) + 1) * (size_t) self->ldw + (size_t) round_up (self->shape.C, ARIETTA_TILE_UNIT);
}

size_t
arietta_conv_partials (const AriettaConv *self)
{
  return (size_t) self->n_sums * partial_size (self);
}

/* --- Reading a side --- */

static int
needs_copy (const Way             *way,
            const AriettaConvSide *side)
{
  return is_padded (way) || side->outcome != NULL;
}

static void
prepare_image (const Way             *way,
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

static const AriettaReal *
image_of (const Way             *way,
          const AriettaConvSide *side,
          int                    n)
{
  return (needs_copy (way, side) ? side->room : side->values) + (size_t) n * image_size (way);
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

  prepare_image (p->way, p->side, piece);
}

static void
prepare (const AriettaConv *self,
         AriettaConvWhich   which,
         AriettaConvSide   *side)
{
  Preparation p = { way_from (self, which), side };

  if (!side->ready && needs_copy (p.way, side))
    arietta_pool_run (prepare_cb, &p, self->shape.B);
  side->ready = 1;
}

/* --- Gather and scatter --- */

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
      prepare_image (k->way, k->side, first + i);

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

/* --- Weights --- */

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
            prepare_image (&self->gather, k->x, i);
          if (!k->y->ready && needs_copy (&self->scatter, k->y))
            prepare_image (&self->scatter, k->y, i);
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
      prepare (self, ARIETTA_CONV_WIDE, x);
      prepare (self, ARIETTA_CONV_NARROW, y);
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
