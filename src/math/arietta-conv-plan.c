/* The ways over a convolution: what meets what, and how it lies in memory. */
#include "math/arietta-conv-private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SUMS 8     /* partial sums of dW */
#define SUM_PLACES 512  /* places that are worth a partial sum */
#define ROW_BLOCK 64    /* rows of dW that are worth a piece, where there are few places */

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

size_t
arietta_conv_partials (const AriettaConv *self)
{
  return (size_t) self->n_sums * partial_size (self);
}
