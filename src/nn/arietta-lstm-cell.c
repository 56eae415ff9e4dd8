#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-lstm-cell.h"

#include "base/arietta-error.h"
#include "math/arietta-block.h"
#include "math/arietta-linear.h"
#include "math/arietta-lstm.h"
#include "math/arietta-packed.h"
#include "math/arietta-vector.h"
#include "nn/arietta-nn-error.h"

#include <string.h>

/* Rows from which GEMM beats the packed copy where the processor has no fast kernels for it, and from
 * which the packed copy is worth spreading over the pool. */
#define MANY 16

/* A matrix (N,K): of parameters packed, else as it is stored. */
typedef struct
{
  AriettaWeightSource  source;
  char                *name;    /* of the tensor */
  int                  N, K;
  AriettaMatrixKind    kind;
  const AriettaReal   *values;  /* borrowed; NULL if they are a file's */
  AriettaReal         *packed;  /* or NULL */
  AriettaMatrix       *matrix;  /* where nothing is packed */
} Weights;

struct _AriettaDense
{
  Weights            weights;
  const AriettaReal *bias;               /* borrowed */
  AriettaReal       *own_bias;           /* or of a file */
};

struct _AriettaLstmCell
{
  Weights            weights;
  const AriettaReal *bias, *tables[2];   /* borrowed */
  AriettaReal       *own[3];             /* or of a file */
  int                H;
};

static void
weights_clear (Weights *self)
{
  g_clear_pointer (&self->packed, arietta_block_free);
  g_clear_pointer (&self->matrix, arietta_matrix_free);
}

static gboolean
weights_fill (Weights  *self,
              GError  **error)
{
  g_autofree char *factors = g_strconcat (self->name, ".factors", NULL);

  if (self->values != NULL && self->kind == ARIETTA_MATRIX_AS_STORED)
    {
      if (self->packed == NULL)
        self->packed = arietta_block_new (arietta_packed_size (self->N, self->K) * sizeof (AriettaReal));
      arietta_pack (self->packed, self->values, self->N, self->K);
      return TRUE;
    }

  g_clear_pointer (&self->matrix, arietta_matrix_free);
  self->matrix = arietta_matrix_new_tensor (&self->source, self->name, factors, self->kind, self->N, self->K, error);

  return self->matrix != NULL;
}

static void
weights_init (Weights                   *self,
              const AriettaWeightSource *source,
              const char                *name,
              int                        N,
              int                        K)
{
  self->source = *source;
  self->name = g_strdup (name);
  self->N = N;
  self->K = K;
  if (source->params != NULL)
    self->values = arietta_params_get (source->params, name);
}

static void
weights_round (Weights           *self,
               AriettaMatrixKind  kind)
{
  weights_clear (self);
  self->kind = kind;
  /* What could be made once can be made again. */
  weights_fill (self, NULL);
}

static void
weights_free (Weights *self)
{
  weights_clear (self);
  g_free (self->name);
}

/* y (n,N) = x (n,K) W^T of what is not packed. */
static void
weights_multiply_stored (const Weights     *self,
                         AriettaReal       *y,
                         const AriettaReal *x,
                         int                n)
{
  const int some = arietta_matrix_get_scratch (self->matrix) == 0 ? n : ARIETTA_DOT_ROWS;

  for (int i = 0; i < n; i += some)
    arietta_matrix_apply (self->matrix, y + (gsize) i * (gsize) self->N, x + (gsize) i * (gsize) self->K, NULL,
                          MIN (n - i, some));
}

AriettaLstmCell *
arietta_lstm_cell_new (AriettaParams *params,
                       const char    *weight_hh,
                       const char    *bias,
                       const char    *table0,
                       const char    *table1)
{
  const AriettaWeightSource source = { .params = params };
  const char               *tables[2] = { table0, table1 };
  const AriettaParam       *weight = arietta_params_find (params, weight_hh);
  AriettaLstmCell          *self;

  g_return_val_if_fail (weight != NULL && weight->n_dims == 2
                        && weight->shape[0] == 4 * weight->shape[1], NULL);
  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaLstmCell, 1);
  self->H = weight->shape[1];
  weights_init (&self->weights, &source, weight_hh, 4 * self->H, self->H);
  weights_fill (&self->weights, NULL);
  if (bias != NULL)
    self->bias = arietta_params_get (params, bias);
  for (int k = 0; k < 2; k++)
    if (tables[k] != NULL)
      self->tables[k] = arietta_params_get (params, tables[k]);

  return self;
}

AriettaLstmCell *
arietta_lstm_cell_new_mapped (AriettaSafetensors  *file,
                              const char          *weight_hh,
                              const char          *bias,
                              const char          *table0,
                              const char          *table1,
                              GError             **error)
{
  const AriettaWeightSource  source = { .file = file };
  const char                *tables[2] = { table0, table1 };
  g_autoptr(AriettaLstmCell) self = NULL;
  int                        shape[ARIETTA_MAX_DIMS];

  if (arietta_weight_source_shape (&source, weight_hh, shape) != 2 || shape[0] % 4 != 0 || shape[1] != shape[0] / 4)
    {
      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH, NULL, weight_hh,
                         "The weights have no tensor “%s” of the shape (4H,H).", weight_hh);
      return NULL;
    }

  self = g_new0 (AriettaLstmCell, 1);
  self->H = shape[1];
  weights_init (&self->weights, &source, weight_hh, 4 * self->H, self->H);
  if (!weights_fill (&self->weights, error))
    return NULL;

  if (bias != NULL)
    {
      self->bias = self->own[2] = arietta_weight_source_dup (&source, bias, ARIETTA_SHAPE (4 * self->H), error);
      if (self->bias == NULL)
        return NULL;
    }
  for (int k = 0; k < 2; k++)
    if (tables[k] != NULL)
      {
        self->tables[k] = self->own[k]
          = arietta_weight_source_dup (&source, tables[k], ARIETTA_SHAPE (0, 4 * self->H), error);
        if (self->tables[k] == NULL)
          return NULL;
      }

  return g_steal_pointer (&self);
}

void
arietta_lstm_cell_free (AriettaLstmCell *self)
{
  if (self == NULL)
    return;

  weights_free (&self->weights);
  for (gsize i = 0; i < G_N_ELEMENTS (self->own); i++)
    g_free (self->own[i]);
  g_free (self);
}

void
arietta_lstm_cell_refresh (AriettaLstmCell *self)
{
  weights_fill (&self->weights, NULL);
}

void
arietta_lstm_cell_round (AriettaLstmCell   *self,
                         AriettaMatrixKind  kind)
{
  weights_round (&self->weights, kind);
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
  const gboolean       is_stored = self->weights.packed == NULL;

  if (n >= MANY && !is_stored)
    {
      /* A sequence of one step; each block of rows reads its own h and c before it writes them. */
      AriettaLstm lstm = {
        .in = {
          .T = 1, .B = n, .zg_b = zg_n, .bias = self->bias,
          .ids_tb = { self->tables[0] != NULL ? ids0 : NULL, self->tables[1] != NULL ? ids1 : NULL },
          .table = { self->tables[0], self->tables[1] },
        },
        .H = self->H,
        .W_hh = self->weights.values, .h0_b = h_n, .c0_b = c_n,
        .y_tb = h_n, .gates_tb = gates_n, .c_tb = c_n,
        .packed = arietta_packed_is_fast () ? self->weights.packed : NULL,
      };

      arietta_lstm_forward (&lstm);
      return;
    }

  if (is_stored)
    weights_multiply_stored (&self->weights, gates_n, h_n, n);

  for (int i = 0; i < n; i++)
    {
      AriettaReal *gates = gates_n + (gsize) i * G;

      if (zg_n != NULL && is_stored)
        v->add (gates, zg_n + (gsize) i * G, G);
      else if (zg_n != NULL)
        memcpy (gates, zg_n + (gsize) i * G, G * sizeof *gates);
      else if (!is_stored)
        memset (gates, 0, G * sizeof *gates);
      if (self->bias != NULL)
        v->add (gates, self->bias, G);
      for (int k = 0; k < 2; k++)
        if (self->tables[k] != NULL && ids[k] != NULL && ids[k][i] >= 0)
          v->add (gates, self->tables[k] + (gsize) ids[k][i] * G, G);
    }

  if (!is_stored)
    arietta_packed_multiply (gates_n, h_n, self->weights.packed, 1, n, 4 * self->H, self->H);

  for (int i = 0; i < n; i++)
    v->lstm_gates (h_n + (gsize) i * H, c_n + (gsize) i * H, gates_n + (gsize) i * G,
                   c_n + (gsize) i * H, H);
}

AriettaDense *
arietta_dense_new (AriettaParams *params,
                   const char    *name)
{
  const AriettaWeightSource source = { .params = params };
  g_autofree char          *weight_name = g_strconcat (name, ".weight", NULL);
  g_autofree char          *bias_name = g_strconcat (name, ".bias", NULL);
  const AriettaParam       *weight = arietta_params_find (params, weight_name);
  AriettaDense             *self;

  g_return_val_if_fail (weight != NULL && weight->n_dims == 2, NULL);
  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaDense, 1);
  self->bias = arietta_params_get (params, bias_name);
  weights_init (&self->weights, &source, weight_name, weight->shape[0], weight->shape[1]);
  weights_fill (&self->weights, NULL);

  return self;
}

AriettaDense *
arietta_dense_new_mapped (AriettaSafetensors  *file,
                          const char          *name,
                          GError             **error)
{
  const AriettaWeightSource source = { .file = file };
  g_autofree char          *weight_name = g_strconcat (name, ".weight", NULL);
  g_autofree char          *bias_name = g_strconcat (name, ".bias", NULL);
  g_autoptr(AriettaDense)   self = g_new0 (AriettaDense, 1);
  int                       shape[ARIETTA_MAX_DIMS] = { 0 };

  /* What is not a matrix is refused below, by name. */
  arietta_weight_source_shape (&source, weight_name, shape);
  weights_init (&self->weights, &source, weight_name, shape[0], shape[1]);
  if (!weights_fill (&self->weights, error))
    return NULL;

  if (arietta_safetensors_find (file, bias_name) != NULL)
    {
      self->bias = self->own_bias = arietta_weight_source_dup (&source, bias_name, ARIETTA_SHAPE (shape[0]), error);
      if (self->bias == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

void
arietta_dense_free (AriettaDense *self)
{
  if (self == NULL)
    return;

  weights_free (&self->weights);
  g_free (self->own_bias);
  g_free (self);
}

void
arietta_dense_refresh (AriettaDense *self)
{
  weights_fill (&self->weights, NULL);
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
      weights_multiply_stored (w, y_n, x_n, n);
      for (int i = 0; self->bias != NULL && i < n; i++)
        arietta_vector ()->add (y_n + (gsize) i * (gsize) w->N, self->bias, (gsize) w->N);
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
