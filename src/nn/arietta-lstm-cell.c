#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-lstm-cell.h"

#include "math/arietta-linear.h"
#include "math/arietta-lstm.h"
#include "math/arietta-block.h"
#include "math/arietta-packed.h"
#include "math/arietta-vector.h"

#include <string.h>

/* Rows from which GEMM beats the packed copy where the processor has no fast kernels for it, and from
 * which the packed copy is worth spreading over the pool. */
#define MANY 16

/* A matrix (N,K) of the parameters: packed, or in a copy of fewer bits. */
typedef struct
{
  const AriettaReal   *values;  /* borrowed */
  int                  N, K;
  AriettaReal         *packed;  /* NULL when in fewer bits */
  AriettaStoredMatrix  stored;
  gpointer             rounded; /* what stored points to */
  AriettaReal         *factors;
} Weights;

struct _AriettaDense
{
  Weights            weights;
  const AriettaReal *bias;      /* borrowed */
};

struct _AriettaLstmCell
{
  Weights            weights;
  const AriettaReal *bias, *tables[2]; /* borrowed */
  int                H;
};

static void
weights_clear (Weights *self)
{
  g_clear_pointer (&self->packed, arietta_block_free);
  g_clear_pointer (&self->rounded, arietta_block_free);
  g_clear_pointer (&self->factors, g_free);
}

static void
weights_fill (Weights *self)
{
  const gsize n = (gsize) self->N * (gsize) self->K;

  if (self->packed != NULL)
    arietta_pack (self->packed, self->values, self->N, self->K);
  else if (self->factors != NULL)
    arietta_store_int8 (self->rounded, self->factors, self->values, self->N, self->K);
  else
    arietta_store_bf16 (self->rounded, self->values, n);
}

static void
weights_init (Weights           *self,
              const AriettaReal *values,
              int                N,
              int                K)
{
  self->values = values;
  self->N = N;
  self->K = K;
  self->packed = arietta_block_new (arietta_packed_size (N, K) * sizeof (AriettaReal));
  weights_fill (self);
}

static void
weights_round (Weights           *self,
               AriettaMatrixKind  kind)
{
  const gsize n = (gsize) self->N * (gsize) self->K;

  weights_clear (self);
  if (kind == ARIETTA_MATRIX_AS_STORED)
    {
      weights_init (self, self->values, self->N, self->K);
      return;
    }

  self->rounded = arietta_block_new (kind == ARIETTA_MATRIX_INT8 ? n : n * sizeof (guint16));
  if (kind == ARIETTA_MATRIX_INT8)
    self->factors = g_new (AriettaReal, self->N);
  self->stored = (AriettaStoredMatrix) {
    .H = self->N,
    .D = self->K,
    .stored = kind == ARIETTA_MATRIX_INT8 ? ARIETTA_STORED_INT8 : ARIETTA_STORED_BF16,
    .values = self->rounded,
    .factors = self->factors,
  };
  weights_fill (self);
}

/* y (n,N) = x (n,K) W^T + b, when in fewer bits. */
static void
weights_multiply_rounded (const Weights     *self,
                          AriettaReal       *y,
                          const AriettaReal *x,
                          const AriettaReal *b,
                          int                n)
{
  for (int i = 0; i < n; i += ARIETTA_DOT_ROWS)
    arietta_stored_multiply (y + (gsize) i * (gsize) self->N, x + (gsize) i * (gsize) self->K, &self->stored, b,
                             NULL, MIN (n - i, ARIETTA_DOT_ROWS));
}

AriettaLstmCell *
arietta_lstm_cell_new (AriettaParams *params,
                       const char    *weight_hh,
                       const char    *bias,
                       const char    *table0,
                       const char    *table1)
{
  const char         *tables[2] = { table0, table1 };
  const AriettaParam *weight = arietta_params_find (params, weight_hh);
  AriettaLstmCell    *self;

  g_return_val_if_fail (weight != NULL && weight->n_dims == 2
                        && weight->shape[0] == 4 * weight->shape[1], NULL);
  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaLstmCell, 1);
  self->H = weight->shape[1];
  weights_init (&self->weights, arietta_params_get (params, weight_hh), 4 * self->H, self->H);
  if (bias != NULL)
    self->bias = arietta_params_get (params, bias);
  for (int k = 0; k < 2; k++)
    if (tables[k] != NULL)
      self->tables[k] = arietta_params_get (params, tables[k]);

  return self;
}

void
arietta_lstm_cell_free (AriettaLstmCell *self)
{
  if (self == NULL)
    return;

  weights_clear (&self->weights);
  g_free (self);
}

void
arietta_lstm_cell_refresh (AriettaLstmCell *self)
{
  weights_fill (&self->weights);
}

void
arietta_lstm_cell_round (AriettaLstmCell   *self,
                         AriettaMatrixKind  kind)
{
  weights_round (&self->weights, kind);
}

int
arietta_lstm_cell_get_n_units (AriettaLstmCell *self)
{
  return self->H;
}

void
arietta_lstm_cell_step (AriettaLstmCell   *self,
                        AriettaReal       *h_n,
                        AriettaReal       *c_n,
                        AriettaReal       *gates_n,
                        const AriettaReal *zg_n,
                        const gint32      *ids0,
                        const gint32      *ids1,
                        int                n)
{
  const AriettaVector *v = arietta_vector ();
  const gint32        *ids[2] = { ids0, ids1 };
  const gsize          H = (gsize) self->H, G = 4 * H;
  const gboolean       is_rounded = self->weights.packed == NULL;

  if (n >= MANY && !is_rounded)
    {
      /* A sequence of one step; each block of rows reads its own h and c before it writes them. */
      AriettaLstm lstm = {
        .T = 1, .B = n, .H = self->H,
        .zg_b = zg_n, .bias = self->bias,
        .ids_tb = { self->tables[0] != NULL ? ids0 : NULL, self->tables[1] != NULL ? ids1 : NULL },
        .table = { self->tables[0], self->tables[1] },
        .W_hh = self->weights.values, .h0_b = h_n, .c0_b = c_n,
        .y_tb = h_n, .gates_tb = gates_n, .c_tb = c_n,
        .packed = arietta_packed_is_fast () ? self->weights.packed : NULL,
      };

      arietta_lstm_forward (&lstm);
      return;
    }

  if (is_rounded)
    weights_multiply_rounded (&self->weights, gates_n, h_n, NULL, n);

  for (int i = 0; i < n; i++)
    {
      AriettaReal *gates = gates_n + (gsize) i * G;

      if (zg_n != NULL && is_rounded)
        v->add (gates, zg_n + (gsize) i * G, G);
      else if (zg_n != NULL)
        memcpy (gates, zg_n + (gsize) i * G, G * sizeof *gates);
      else if (!is_rounded)
        memset (gates, 0, G * sizeof *gates);
      if (self->bias != NULL)
        v->add (gates, self->bias, G);
      for (int k = 0; k < 2; k++)
        if (self->tables[k] != NULL && ids[k] != NULL && ids[k][i] >= 0)
          v->add (gates, self->tables[k] + (gsize) ids[k][i] * G, G);
    }

  if (!is_rounded)
    arietta_packed_multiply (gates_n, h_n, self->weights.packed, 1, n, 4 * self->H, self->H);

  for (int i = 0; i < n; i++)
    v->lstm_gates (h_n + (gsize) i * H, c_n + (gsize) i * H, gates_n + (gsize) i * G,
                   c_n + (gsize) i * H, H);
}

AriettaDense *
arietta_dense_new (AriettaParams *params,
                   const char    *name)
{
  g_autofree char    *weight_name = g_strconcat (name, ".weight", NULL);
  g_autofree char    *bias_name = g_strconcat (name, ".bias", NULL);
  const AriettaParam *weight = arietta_params_find (params, weight_name);
  AriettaDense       *self;

  g_return_val_if_fail (weight != NULL && weight->n_dims == 2, NULL);
  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaDense, 1);
  self->bias = arietta_params_get (params, bias_name);
  weights_init (&self->weights, arietta_params_get (params, weight_name), weight->shape[0], weight->shape[1]);

  return self;
}

void
arietta_dense_free (AriettaDense *self)
{
  if (self == NULL)
    return;

  weights_clear (&self->weights);
  g_free (self);
}

void
arietta_dense_refresh (AriettaDense *self)
{
  weights_fill (&self->weights);
}

void
arietta_dense_round (AriettaDense      *self,
                     AriettaMatrixKind  kind)
{
  weights_round (&self->weights, kind);
}

void
arietta_dense_apply (AriettaDense      *self,
                     AriettaReal       *y_n,
                     const AriettaReal *x_n,
                     int                n)
{
  const Weights *w = &self->weights;

  if (w->packed == NULL)
    {
      weights_multiply_rounded (w, y_n, x_n, self->bias, n);
      return;
    }
  if (n >= MANY && !arietta_packed_is_fast ())
    {
      arietta_linear_forward (y_n, x_n, w->values, self->bias, n, w->K, w->N);
      return;
    }

  for (int i = 0; self->bias != NULL && i < n; i++)
    memcpy (y_n + (gsize) i * (gsize) w->N, self->bias, (gsize) w->N * sizeof *y_n);
  arietta_packed_multiply (y_n, x_n, w->packed, self->bias != NULL, n, w->N, w->K);
}
