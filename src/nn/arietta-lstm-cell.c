#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-lstm-cell.h"

#include "math/arietta-linear.h"
#include "math/arietta-lstm.h"
#include "math/arietta-packed.h"
#include "math/arietta-vector.h"

#include <string.h>

/* Rows from which GEMM beats the packed copy where the processor has no fast kernels for it, and from
 * which the packed copy is worth spreading over the pool. */
#define MANY 16

struct _AriettaDense
{
  const AriettaReal *weight, *bias; /* borrowed */
  int                D, H;
  AriettaReal       *packed;
};

struct _AriettaLstmCell
{
  const AriettaReal *weight, *bias, *tables[2]; /* borrowed */
  int                H;
  AriettaReal       *packed;
};

static AriettaReal *
packed_new (const AriettaReal *weight,
            int                N,
            int                K)
{
  AriettaReal *packed = g_aligned_alloc (arietta_packed_size (N, K), sizeof (AriettaReal), 64);

  arietta_pack (packed, weight, N, K);

  return packed;
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
  self->weight = arietta_params_get (params, weight_hh);
  self->packed = packed_new (self->weight, 4 * self->H, self->H);
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

  g_aligned_free (self->packed);
  g_free (self);
}

void
arietta_lstm_cell_refresh (AriettaLstmCell *self)
{
  arietta_pack (self->packed, self->weight, 4 * self->H, self->H);
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

  if (n >= MANY)
    {
      /* A sequence of one step; each block of rows reads its own h and c before it writes them. */
      AriettaLstm lstm = {
        .T = 1, .B = n, .H = self->H,
        .zg_b = zg_n, .bias = self->bias,
        .ids_tb = { self->tables[0] != NULL ? ids0 : NULL, self->tables[1] != NULL ? ids1 : NULL },
        .table = { self->tables[0], self->tables[1] },
        .W_hh = self->weight, .h0_b = h_n, .c0_b = c_n,
        .y_tb = h_n, .gates_tb = gates_n, .c_tb = c_n,
        .packed = arietta_packed_is_fast () ? self->packed : NULL,
      };

      arietta_lstm_forward (&lstm);
      return;
    }

  for (int i = 0; i < n; i++)
    {
      AriettaReal *gates = gates_n + (gsize) i * G;

      if (zg_n != NULL)
        memcpy (gates, zg_n + (gsize) i * G, G * sizeof *gates);
      else
        memset (gates, 0, G * sizeof *gates);
      if (self->bias != NULL)
        v->add (gates, self->bias, G);
      for (int k = 0; k < 2; k++)
        if (self->tables[k] != NULL && ids[k] != NULL && ids[k][i] >= 0)
          v->add (gates, self->tables[k] + (gsize) ids[k][i] * G, G);
    }

  arietta_packed_multiply (gates_n, h_n, self->packed, 1, n, 4 * self->H, self->H);

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
  self->H = weight->shape[0];
  self->D = weight->shape[1];
  self->weight = arietta_params_get (params, weight_name);
  self->bias = arietta_params_get (params, bias_name);
  self->packed = packed_new (self->weight, self->H, self->D);

  return self;
}

void
arietta_dense_free (AriettaDense *self)
{
  if (self == NULL)
    return;

  g_aligned_free (self->packed);
  g_free (self);
}

void
arietta_dense_refresh (AriettaDense *self)
{
  arietta_pack (self->packed, self->weight, self->H, self->D);
}

void
arietta_dense_apply (AriettaDense      *self,
                     AriettaReal       *y_n,
                     const AriettaReal *x_n,
                     int                n)
{
  if (n >= MANY && !arietta_packed_is_fast ())
    {
      arietta_linear_forward (y_n, x_n, self->weight, self->bias, n, self->D, self->H);
      return;
    }

  for (int i = 0; self->bias != NULL && i < n; i++)
    memcpy (y_n + (gsize) i * (gsize) self->H, self->bias, (gsize) self->H * sizeof *y_n);
  arietta_packed_multiply (y_n, x_n, self->packed, self->bias != NULL, n, self->H, self->D);
}
