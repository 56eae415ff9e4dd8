#define G_LOG_DOMAIN "arietta-nn"

#include "math/arietta-gru.h"
#include "math/arietta-block.h"
#include "math/arietta-packed.h"
#include "nn/arietta-graph-gru.h"

#include <math.h>

struct _AriettaGruCell
{
  const AriettaReal *weight, *bias, *bias_hidden, *tables[2]; /* borrowed */
  int                H;
  AriettaReal       *packed;
};

void
arietta_params_add_gru (AriettaParams *params,
                        const char    *name,
                        int            n_units)
{
  g_autofree char *weight = g_strconcat (name, ".weight_hh", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);
  g_autofree char *bias_hidden = g_strconcat (name, ".bias_hh", NULL);
  const double     scale = 1.0 / sqrt (n_units);

  arietta_params_add (params, weight, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (3 * n_units, n_units));
  arietta_params_add (params, bias, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (3 * n_units));
  arietta_params_add (params, bias_hidden, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (3 * n_units));
}

AriettaGruCell *
arietta_gru_cell_new (AriettaParams *params,
                      const char    *weight_hh,
                      const char    *bias,
                      const char    *bias_hidden,
                      const char    *table0,
                      const char    *table1)
{
  const char         *tables[2] = { table0, table1 };
  const AriettaParam *weight = arietta_params_find (params, weight_hh);
  AriettaGruCell     *self;

  g_return_val_if_fail (weight != NULL && weight->n_dims == 2
                        && weight->shape[0] == 3 * weight->shape[1], NULL);
  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaGruCell, 1);
  self->H = weight->shape[1];
  self->weight = arietta_params_get (params, weight_hh);
  self->packed = arietta_block_new (arietta_packed_size (3 * self->H, self->H) * sizeof (AriettaReal));
  arietta_gru_cell_refresh (self);
  if (bias != NULL)
    self->bias = arietta_params_get (params, bias);
  if (bias_hidden != NULL)
    self->bias_hidden = arietta_params_get (params, bias_hidden);
  for (int k = 0; k < 2; k++)
    if (tables[k] != NULL)
      self->tables[k] = arietta_params_get (params, tables[k]);

  return self;
}

void
arietta_gru_cell_free (AriettaGruCell *self)
{
  if (self == NULL)
    return;

  arietta_block_free (self->packed);
  g_free (self);
}

void
arietta_gru_cell_refresh (AriettaGruCell *self)
{
  arietta_pack (self->packed, self->weight, 3 * self->H, self->H);
}

/* A sequence of one step, whose h is the state's own place: each row's is read before it is written.  The packed
 * weights serve any number of rows, so that a row's result is the same among few and many. */
void
arietta_gru_cell_step (AriettaGruCell    *self,
                       AriettaReal       *h_n,
                       AriettaReal       *work_n,
                       const AriettaReal *zg_n,
                       const gint32      *ids0,
                       const gint32      *ids1,
                       int                n)
{
  const AriettaGru gru = {
    .in = {
      .T = 1, .B = n, .zg_b = zg_n, .bias = self->bias,
      .ids_tb = { self->tables[0] != NULL ? ids0 : NULL, self->tables[1] != NULL ? ids1 : NULL },
      .table = { self->tables[0], self->tables[1] },
    },
    .H = self->H, .bias_hidden = self->bias_hidden,
    .W_hh = self->weight, .h0_b = h_n,
    .y_tb = h_n, .gates_tb = work_n, .hidden_tb = work_n + (gsize) n * 3 * (gsize) self->H,
    .packed = self->packed,
  };

  arietta_gru_forward (&gru);
}
