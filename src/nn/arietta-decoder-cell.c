#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-decoder-cell-private.h"

#include "math/arietta-attention.h"
#include "math/arietta-block.h"
#include "math/arietta-elementwise.h"
#include "math/arietta-norm.h"
#include "math/arietta-packed.h"

#include <math.h>
#include <string.h>

#define EPSILON ((AriettaReal) 1e-5)

/* Rows read at once; more go by in turns. */
#define MANY 512

static gboolean
norm_init (AriettaDecoderNorm          *norm,
           const AriettaDecoderShape   *shape,
           const AriettaWeightSource   *source,
           const char                  *name,
           GError                     **error)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  norm->weight = arietta_weight_source_dup (source, weight, ARIETTA_SHAPE (shape->n_columns), error);
  if (norm->weight != NULL && !shape->rms)
    norm->bias = arietta_weight_source_dup (source, bias, ARIETTA_SHAPE (shape->n_columns), error);

  return norm->weight != NULL && (shape->rms || norm->bias != NULL);
}

static void
norm_clear (AriettaDecoderNorm *norm)
{
  g_free (norm->weight);
  g_free (norm->bias);
}

static void
norm_apply (const AriettaDecoderNorm *norm,
            AriettaReal              *y,
            AriettaReal              *stats,
            const AriettaReal        *x,
            int                       n,
            int                       E)
{
  arietta_norm_forward (y, stats, x, norm->weight, norm->bias, EPSILON, norm->bias != NULL, n, E);
}

/* Tables of distances, as they are for reading many rows and packed for one. */
static gboolean
layer_init_tables (AriettaDecoderLayer        *layer,
                   const AriettaDecoderShape  *shape,
                   const AriettaWeightSource  *source,
                   const char                 *prefix,
                   GError                    **error)
{
  const int        H = shape->n_heads, R = shape->n_distances, D = shape->n_columns / H;
  g_autofree char *bias = g_strconcat (prefix, "rel_bias", NULL);
  g_autofree char *rel = g_strconcat (prefix, "rel_emb", NULL);
  gsize            size;

  layer->tables.R = R;
  layer->tables.scale = (AriettaReal) (1.0 / sqrt (D));
  if (shape->relative == ARIETTA_RELATIVE_BIAS)
    {
      layer->tables.bias = arietta_weight_source_dup (source, bias, ARIETTA_SHAPE (H, R), error);
      return layer->tables.bias != NULL;
    }
  if (shape->relative != ARIETTA_RELATIVE_EMBEDDING)
    return TRUE;

  layer->rel = arietta_weight_source_dup (source, rel, ARIETTA_SHAPE (H, R, D), error);
  if (layer->rel == NULL)
    return FALSE;

  size = arietta_packed_size (R, D);
  layer->far = g_aligned_alloc ((gsize) H * size, sizeof *layer->far, 64);
  for (int h = 0; h < H; h++)
    arietta_pack (layer->far + (gsize) h * size, layer->rel + (gsize) h * R * D, R, D);
  layer->tables.far = layer->far;

  return TRUE;
}

static gboolean
layer_init (AriettaDecoderLayer        *layer,
            const AriettaDecoderShape  *shape,
            const AriettaWeightSource  *source,
            AriettaMatrixKind           kind,
            const char                 *prefix,
            GError                    **error)
{
  const int        E = shape->n_columns, F = shape->n_inner;
  g_autofree char *n1 = g_strconcat (prefix, "n1", NULL), *n2 = g_strconcat (prefix, "n2", NULL);
  struct
  {
    const char     *name;
    AriettaMatrix **matrix;
    int             H, D;
  } matrices[] = {
    { "qkv", &layer->qkv, 3 * E, E }, { "o", &layer->o, E, E }, { "f1", &layer->f1, F, E }, { "f2", &layer->f2, E, F },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (matrices); i++)
    {
      g_autofree char *name = g_strconcat (prefix, matrices[i].name, NULL);

      *matrices[i].matrix = arietta_matrix_new (source, name, kind, matrices[i].H, matrices[i].D, error);
      if (*matrices[i].matrix == NULL)
        return FALSE;
    }

  return norm_init (&layer->n1, shape, source, n1, error) && norm_init (&layer->n2, shape, source, n2, error)
         && layer_init_tables (layer, shape, source, prefix, error);
}

AriettaDecoderCell *
arietta_decoder_cell_new (const AriettaDecoderShape  *shape,
                          const AriettaWeightSource  *source,
                          AriettaMatrixKind           kind,
                          GError                    **error)
{
  g_autoptr(AriettaDecoderCell) self = NULL;
  g_autofree char              *last = g_strconcat (shape->prefix, "n", NULL);

  g_return_val_if_fail (shape->n_layers > 0 && shape->n_heads > 0 && shape->context > 0, NULL);
  g_return_val_if_fail (shape->n_columns % shape->n_heads == 0, NULL);

  self = g_new0 (AriettaDecoderCell, 1);
  self->shape = *shape;
  self->shape.prefix = NULL;
  self->layers = g_new0 (AriettaDecoderLayer, shape->n_layers);

  for (int i = 0; i < shape->n_layers; i++)
    {
      g_autofree char     *prefix = g_strdup_printf ("%sl%d_", shape->prefix, i);
      AriettaDecoderLayer *layer = &self->layers[i];

      if (!layer_init (layer, shape, source, kind, prefix, error))
        return NULL;
      self->n_scratch = MAX (self->n_scratch, arietta_matrix_get_scratch (layer->qkv));
      self->n_scratch = MAX (self->n_scratch, arietta_matrix_get_scratch (layer->f1));
      self->n_scratch = MAX (self->n_scratch, arietta_matrix_get_scratch (layer->f2));
    }
  if (!norm_init (&self->last, shape, source, last, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
arietta_decoder_cell_free (AriettaDecoderCell *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < self->shape.n_layers; i++)
    {
      AriettaDecoderLayer *layer = &self->layers[i];

      norm_clear (&layer->n1);
      norm_clear (&layer->n2);
      arietta_matrix_free (layer->qkv);
      arietta_matrix_free (layer->o);
      arietta_matrix_free (layer->f1);
      arietta_matrix_free (layer->f2);
      g_free ((gpointer) layer->tables.bias);
      g_free (layer->rel);
      g_aligned_free (layer->far);
    }
  norm_clear (&self->last);
  g_free (self->layers);
  g_free (self);
}

/* n1 and qkv. */
static void
layer_begin (AriettaDecoderCell        *self,
             const AriettaDecoderLayer *layer,
             AriettaDecoderState       *state,
             AriettaDecoderRows        *rows,
             int                        n)
{
  norm_apply (&layer->n1, rows->normed, rows->stats, rows->x, n, self->shape.n_columns);
  arietta_matrix_apply (layer->qkv, rows->qkv, rows->normed, state->unpacked, n);
}

/* What comes after attention, which left its rows in mixed. */
static void
layer_end (AriettaDecoderCell        *self,
           const AriettaDecoderLayer *layer,
           AriettaDecoderState       *state,
           AriettaDecoderRows        *rows,
           int                        n)
{
  const int   E = self->shape.n_columns;
  const gsize all = (gsize) n * (gsize) E;

  arietta_matrix_apply (layer->o, rows->normed, rows->mixed, state->unpacked, n);
  arietta_add_scaled (rows->x, rows->normed, 1, all);
  norm_apply (&layer->n2, rows->normed, rows->stats, rows->x, n, E);
  arietta_matrix_apply (layer->f1, rows->inner, rows->normed, state->unpacked, n);
  arietta_activation_forward (rows->active, rows->inner, self->shape.activation,
                              (gsize) n * (gsize) self->shape.n_inner);
  arietta_matrix_apply (layer->f2, rows->normed, rows->active, state->unpacked, n);
  arietta_add_scaled (rows->x, rows->normed, 1, all);
}

void
arietta_decoder_cell_step (AriettaDecoderCell  *self,
                           AriettaDecoderState *state,
                           AriettaReal         *y,
                           const AriettaReal   *x,
                           int                  n)
{
  const int           E = self->shape.n_columns;
  AriettaDecoderRows *rows = &state->step;

  g_return_if_fail (state->cell == self && n > 0 && n <= state->n_sequences);

  for (int s = 0; s < n; s++)
    {
      arietta_decoder_state_room (state, s);
      state->firsts[s] = MAX (state->ends[s] - self->shape.context + 1, 0);
      state->counts[s] = state->ends[s] - state->firsts[s] + 1;
    }

  memcpy (rows->x, x, (gsize) n * (gsize) E * sizeof *x);
  for (int l = 0; l < self->shape.n_layers; l++)
    {
      const AriettaDecoderLayer *layer = &self->layers[l];

      layer_begin (self, layer, state, rows, n);
      for (int s = 0; s < n; s++)
        {
          const AriettaKept  kept = arietta_decoder_state_kept (state, s, l);
          const AriettaReal *qkv = rows->qkv + (gsize) s * 3 * (gsize) E;
          AriettaReal       *weights = state->weights + ((gsize) s * (gsize) self->shape.n_layers + (gsize) l)
                                       * (gsize) kept.H * (gsize) kept.capacity;

          arietta_kept_put (&kept, qkv + E, qkv + 2 * E, state->ends[s]);
          arietta_kept_attend (rows->mixed + (gsize) s * (gsize) E, weights, qkv, &kept, &layer->tables,
                               state->scratch, state->firsts[s], state->ends[s]);
        }
      layer_end (self, layer, state, rows, n);
    }

  norm_apply (&self->last, y, rows->stats, rows->x, n, E);
  for (int s = 0; s < n; s++)
    state->ends[s]++;
}

/* Attention of rows just read over themselves and what was kept before them; keeps theirs. */
static void
attend_rows (AriettaDecoderCell        *self,
             const AriettaDecoderLayer *layer,
             AriettaDecoderState       *state,
             const AriettaKept         *kept,
             int                        sequence,
             int                        n)
{
  const gsize         E = (gsize) self->shape.n_columns;
  const int           end = state->ends[sequence];
  const int           first = MAX (end - self->shape.context + 1, 0);
  AriettaDecoderRows *rows = &state->read;
  AriettaAttention    attention = {
    .B = 1, .H = kept->H, .D = kept->D,
    .n_queries = n, .n_keys = end - first + n, .causal = 1, .window = self->shape.context,
    .scale = layer->tables.scale,
    .q = rows->qkv, .k = rows->qkv + E, .v = rows->qkv + 2 * E, .q_stride = 3 * E, .kv_stride = 3 * E,
    .R = layer->tables.R, .bias = layer->tables.bias, .rel = layer->rel,
    .y = rows->mixed,
  };
  gsize               size = arietta_attention_scratch (&attention);

  for (int i = 0; i < n; i++)
    {
      const AriettaReal *qkv = rows->qkv + (gsize) i * 3 * E;

      arietta_kept_put (kept, qkv + E, qkv + 2 * E, end + i);
    }
  if (end > first)
    {
      arietta_kept_get (kept, state->rows_k, state->rows_v, first, end + n);
      attention.k = state->rows_k;
      attention.v = state->rows_v;
      attention.kv_stride = E;
    }

  if (size > state->n_attention)
    {
      arietta_block_free (state->attention);
      state->attention = arietta_block_new (size * sizeof (AriettaReal));
      state->n_attention = size;
    }
  attention.scratch = state->attention;
  arietta_attention_forward (&attention);
}

static void
prepare_reading (AriettaDecoderCell  *self,
                 AriettaDecoderState *state,
                 int                  n)
{
  const gsize kept = (gsize) state->capacity * (gsize) self->shape.n_columns;

  if (state->read.n < n)
    arietta_decoder_rows_init (&state->read, self, n);
  if (state->rows_k == NULL)
    {
      state->rows_k = arietta_block_new (kept * sizeof (AriettaReal));
      state->rows_v = arietta_block_new (kept * sizeof (AriettaReal));
    }
  if (state->unpacked == NULL && n > ARIETTA_DOT_ROWS)
    state->unpacked = arietta_block_new (self->n_scratch * sizeof (AriettaReal));
}

void
arietta_decoder_cell_read (AriettaDecoderCell  *self,
                           AriettaDecoderState *state,
                           int                  sequence,
                           AriettaReal         *y,
                           AriettaReal         *last,
                           const AriettaReal   *x,
                           int                  n)
{
  const gsize         E = (gsize) self->shape.n_columns;
  AriettaDecoderRows *rows = &state->read;

  g_return_if_fail (state->cell == self && sequence >= 0 && sequence < state->n_sequences && n > 0);

  prepare_reading (self, state, MIN (n, MANY));
  state->counts[sequence] = 0;

  while (n > 0)
    {
      const int some = MIN (MIN (n, MANY), arietta_decoder_state_room (state, sequence));

      memcpy (rows->x, x, (gsize) some * E * sizeof *x);
      for (int l = 0; l < self->shape.n_layers; l++)
        {
          const AriettaKept kept = arietta_decoder_state_kept (state, sequence, l);

          layer_begin (self, &self->layers[l], state, rows, some);
          attend_rows (self, &self->layers[l], state, &kept, sequence, some);
          layer_end (self, &self->layers[l], state, rows, some);
        }
      state->ends[sequence] += some;

      if (y != NULL)
        {
          norm_apply (&self->last, y, rows->stats, rows->x, some, (int) E);
          y += (gsize) some * E;
        }
      if (last != NULL && some == n)
        norm_apply (&self->last, last, rows->stats, rows->x + (gsize) (some - 1) * E, 1, (int) E);
      x += (gsize) some * E;
      n -= some;
    }
}
