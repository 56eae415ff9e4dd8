/* arietta-conv-private.h - what the three files of convolution share: the ways over it, and how sides are read */
#pragma once

#include "math/arietta-conv.h"
#include "math/arietta-tiles.h"

#define BLOCK 64 /* places that share a walk over the weights */

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

static inline int
round_up (int n,
          int unit)
{
  return (n + unit - 1) / unit * unit;
}

static inline int
smaller (int a,
         int b)
{
  return a < b ? a : b;
}

static inline int
larger (int a,
        int b)
{
  return a > b ? a : b;
}

static inline int
n_rows (const AriettaConv *self)
{
  return self->shape.kernel[0] * self->shape.kernel[1] * (self->shape.C / self->shape.groups);
}

static inline const Way *
way_from (const AriettaConv *self,
          AriettaConvWhich   which)
{
  return which == ARIETTA_CONV_WIDE ? &self->gather : &self->scatter;
}

static inline int
is_padded (const Way *way)
{
  return way->before[0] > 0 || way->before[1] > 0 || way->padded[0] > way->from_size[0]
         || way->padded[1] > way->from_size[1];
}

static inline size_t
image_size (const Way *way)
{
  return (size_t) way->padded[0] * (size_t) way->padded[1] * (size_t) way->from_size[2];
}

/* A partial sum: the rows of dW, a row for the narrow side's bias, and one for the wide side's. */
static inline size_t
partial_size (const AriettaConv *self)
{
  return (size_t) (n_rows (self) + 1) * (size_t) self->ldw + (size_t) round_up (self->shape.C, ARIETTA_TILE_UNIT);
}

static inline int
needs_copy (const Way             *way,
            const AriettaConvSide *side)
{
  return is_padded (way) || side->outcome != NULL;
}

static inline const AriettaReal *
image_of (const Way             *way,
          const AriettaConvSide *side,
          int                    n)
{
  return (needs_copy (way, side) ? side->room : side->values) + (size_t) n * image_size (way);
}

/* Copies image @n of a side with its padding, where that is needed, and the slope of its outcome. */
void arietta_conv_prepare_image (const Way              *way,
                                 const AriettaConvSide  *side,
                                 int                     n);
/* All images, unless it was done before. */
void arietta_conv_prepare       (const AriettaConv      *self,
                                 AriettaConvWhich        which,
                                 AriettaConvSide        *side);
