/* Places of a sequence fill up from 0; when they are full, whole panels of rows that nobody will see again
 * are dropped and the rest moves down.  With SLACK places more than the context that happens every few
 * dozen rows, so it costs a row little. */
#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-decoder-cell-private.h"

#include "math/arietta-block.h"
#include "math/arietta-vector.h"

#include <string.h>

#define SLACK (3 * ARIETTA_PANEL)

static AriettaReal *
reals_new (gsize n)
{
  return arietta_block_new (n * sizeof (AriettaReal));
}

void
arietta_decoder_rows_init (AriettaDecoderRows *rows,
                           AriettaDecoderCell *cell,
                           int                 n)
{
  const gsize   E = (gsize) cell->shape.n_columns, F = (gsize) cell->shape.n_inner;
  const gsize   sizes[] = { E, E, 3 * E, E, F, F, 2 };
  AriettaReal **parts[] = { &rows->x, &rows->normed, &rows->qkv, &rows->mixed, &rows->inner, &rows->active,
                            &rows->stats };
  gsize         at = 0;

  arietta_block_free (rows->block);
  rows->n = n;
  rows->block = reals_new ((gsize) n * (6 * E + 2 * F + 2));
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      *parts[i] = rows->block + at;
      at += (gsize) n * sizes[i];
    }
}

AriettaDecoderState *
arietta_decoder_state_new (AriettaDecoderCell *cell,
                           int                 n_sequences)
{
  const AriettaDecoderShape *shape = &cell->shape;
  AriettaDecoderState       *self;
  gsize                      kept;

  g_return_val_if_fail (n_sequences > 0, NULL);

  self = g_new0 (AriettaDecoderState, 1);
  self->cell = cell;
  self->n_sequences = n_sequences;
  self->capacity = (shape->context + SLACK + ARIETTA_PANEL - 1) / ARIETTA_PANEL * ARIETTA_PANEL;

  kept = (gsize) n_sequences * (gsize) shape->n_layers
         * arietta_kept_size (shape->n_heads, shape->n_columns / shape->n_heads, self->capacity);
  self->ends = g_new0 (int, n_sequences);
  self->firsts = g_new0 (int, n_sequences);
  self->counts = g_new0 (int, n_sequences);
  self->forgotten = g_new0 (gint64, n_sequences);
  self->keys = reals_new (kept);
  self->values = reals_new (kept);
  self->weights = reals_new ((gsize) n_sequences * (gsize) shape->n_layers * (gsize) shape->n_heads
                             * (gsize) self->capacity);
  self->scratch = reals_new (2 * (gsize) self->capacity + (gsize) shape->n_columns);
  arietta_decoder_rows_init (&self->step, cell, n_sequences);
  if (n_sequences > ARIETTA_DOT_ROWS)
    self->unpacked = reals_new (cell->n_scratch);

  return self;
}

void
arietta_decoder_state_free (AriettaDecoderState *self)
{
  if (self == NULL)
    return;

  g_free (self->ends);
  g_free (self->firsts);
  g_free (self->counts);
  g_free (self->forgotten);
  arietta_block_free (self->keys);
  arietta_block_free (self->values);
  arietta_block_free (self->weights);
  arietta_block_free (self->scratch);
  arietta_block_free (self->step.block);
  arietta_block_free (self->read.block);
  arietta_block_free (self->attention);
  arietta_block_free (self->rows_k);
  arietta_block_free (self->rows_v);
  arietta_block_free (self->unpacked);
  g_free (self);
}

AriettaKept
arietta_decoder_state_kept (AriettaDecoderState *self,
                            int                  sequence,
                            int                  layer)
{
  const AriettaDecoderShape *shape = &self->cell->shape;
  const int                  D = shape->n_columns / shape->n_heads;
  const gsize                at = ((gsize) sequence * (gsize) shape->n_layers + (gsize) layer)
                                  * arietta_kept_size (shape->n_heads, D, self->capacity);

  return (AriettaKept) { shape->n_heads, D, self->capacity, self->keys + at, self->values + at };
}

int
arietta_decoder_state_room (AriettaDecoderState *self,
                            int                  sequence)
{
  const AriettaDecoderShape *shape = &self->cell->shape;

  if (self->ends[sequence] == self->capacity)
    {
      /* The next row sees context - 1 of these. */
      int from = (self->capacity - (shape->context - 1)) / ARIETTA_PANEL * ARIETTA_PANEL;

      for (int layer = 0; layer < shape->n_layers; layer++)
        {
          AriettaKept kept = arietta_decoder_state_kept (self, sequence, layer);

          arietta_kept_move (&kept, from, self->capacity);
        }
      self->ends[sequence] -= from;
      self->firsts[sequence] -= from;
      self->forgotten[sequence] += from;
    }

  return self->capacity - self->ends[sequence];
}

gint64
arietta_decoder_state_get_length (AriettaDecoderState *self,
                                  int                  sequence)
{
  g_return_val_if_fail (sequence >= 0 && sequence < self->n_sequences, 0);

  return self->forgotten[sequence] + self->ends[sequence];
}

gboolean
arietta_decoder_state_rewind (AriettaDecoderState *self,
                              int                  sequence,
                              gint64               length)
{
  g_return_val_if_fail (sequence >= 0 && sequence < self->n_sequences, FALSE);
  g_return_val_if_fail (length >= 0 && length <= arietta_decoder_state_get_length (self, sequence), FALSE);

  /* The next row, at place `length`, must find what it sees; from nothing forgotten, any length is good. */
  if (self->forgotten[sequence] > MAX (length - (self->cell->shape.context - 1), 0))
    return FALSE;

  self->ends[sequence] = (int) (length - self->forgotten[sequence]);
  self->counts[sequence] = 0;

  return TRUE;
}

void
arietta_decoder_state_copy (AriettaDecoderState *self,
                            int                  to,
                            int                  from)
{
  const AriettaDecoderShape *shape = &self->cell->shape;
  const gsize                weights = (gsize) shape->n_layers * (gsize) shape->n_heads * (gsize) self->capacity;

  g_return_if_fail (to >= 0 && to < self->n_sequences && from >= 0 && from < self->n_sequences);

  if (to == from)
    return;

  for (int layer = 0; layer < shape->n_layers; layer++)
    {
      AriettaKept a = arietta_decoder_state_kept (self, to, layer);
      AriettaKept b = arietta_decoder_state_kept (self, from, layer);
      const gsize head = (gsize) a.capacity * (gsize) a.D;
      const gsize places = (gsize) ((self->ends[from] + ARIETTA_PANEL - 1) / ARIETTA_PANEL * ARIETTA_PANEL);

      for (gsize h = 0; h < (gsize) a.H; h++)
        {
          memcpy (a.keys + h * head, b.keys + h * head, places * (gsize) a.D * sizeof *a.keys);
          memcpy (a.values + h * head, b.values + h * head,
                  (gsize) self->ends[from] * (gsize) a.D * sizeof *a.values);
        }
    }
  memcpy (self->weights + (gsize) to * weights, self->weights + (gsize) from * weights,
          weights * sizeof *self->weights);
  self->ends[to] = self->ends[from];
  self->firsts[to] = self->firsts[from];
  self->counts[to] = self->counts[from];
  self->forgotten[to] = self->forgotten[from];
}

const AriettaReal *
arietta_decoder_state_get_weights (AriettaDecoderState *self,
                                   int                  sequence,
                                   int                  layer,
                                   int                  head,
                                   gint64              *first,
                                   int                 *n)
{
  const AriettaDecoderShape *shape = &self->cell->shape;

  g_return_val_if_fail (sequence >= 0 && sequence < self->n_sequences, NULL);
  g_return_val_if_fail (layer >= 0 && layer < shape->n_layers && head >= 0 && head < shape->n_heads, NULL);

  if (self->counts[sequence] == 0)
    return NULL;

  *first = self->forgotten[sequence] + self->firsts[sequence];
  *n = self->counts[sequence];

  return self->weights + (((gsize) sequence * (gsize) shape->n_layers + (gsize) layer) * (gsize) shape->n_heads
                          + (gsize) head) * (gsize) self->capacity;
}
