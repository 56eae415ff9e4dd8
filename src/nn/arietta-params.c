#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-params.h"

#include "math/arietta-block.h"
#include "math/arietta-optimise.h"

#include "base/arietta-random.h"

#include <math.h>

typedef struct
{
  AriettaParam public;
  AriettaInit  init;
  double       scale;
} Param;

struct _AriettaParams
{
  GPtrArray   *params;  /* of Param, in order of declaration */
  GHashTable  *by_name; /* char * (owned by the param) -> Param * */
  gsize        size;
  AriettaReal *values;
  AriettaReal *gradients;
  AriettaReal *moments[2];
};

static void
param_free_cb (gpointer data)
{
  Param *param = data;

  g_free ((char *) param->public.name);
  g_free (param);
}

static AriettaReal *
block_new (AriettaParams *self)
{
  return arietta_block_new (self->size * sizeof (AriettaReal));
}

static void
draw (const Param *param,
      AriettaReal *values,
      guint64      seed)
{
  const AriettaParam *p = &param->public;
  g_autofree char    *stream = g_strconcat ("init/", p->name, NULL);
  gsize               columns = p->n_dims > 0 ? p->n_elements / p->shape[0] : 1;
  double              scale = param->scale;
  AriettaRandom       random;

  arietta_random_init (&random, seed, stream);

  if (param->init == ARIETTA_INIT_XAVIER)
    scale = sqrt (6.0 / ((double) columns + (p->n_dims > 0 ? p->shape[0] : 1)));

  for (gsize i = 0; i < p->n_elements; i++)
    switch (param->init)
      {
      case ARIETTA_INIT_CONSTANT:
        values[i] = (AriettaReal) scale;
        break;
      case ARIETTA_INIT_UNIFORM:
      case ARIETTA_INIT_XAVIER:
        values[i] = (AriettaReal) (scale * (2.0 * arietta_random_uniform (&random) - 1.0));
        break;
      case ARIETTA_INIT_NORMAL:
        values[i] = (AriettaReal) (scale * arietta_random_normal (&random));
        break;
      case ARIETTA_INIT_LSTM_BIAS:
        values[i] = i / (p->n_elements / 4) == 1 ? (AriettaReal) scale : 0;
        break;
      case ARIETTA_INIT_ZERO:
      default:
        values[i] = 0;
      }
}

AriettaParams *
arietta_params_new (void)
{
  AriettaParams *self = g_new0 (AriettaParams, 1);

  self->params = g_ptr_array_new_with_free_func (param_free_cb);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
arietta_params_free (AriettaParams *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->params);
  arietta_block_free (self->values);
  arietta_block_free (self->gradients);
  arietta_block_free (self->moments[0]);
  arietta_block_free (self->moments[1]);
  g_free (self);
}

void
arietta_params_add (AriettaParams *self,
                    const char    *name,
                    AriettaInit    init,
                    double         scale,
                    int            n_dims,
                    const int     *shape)
{
  const gsize unit = ARIETTA_BLOCK_ALIGNMENT / sizeof (AriettaReal);
  Param      *param;
  gsize       n = 1;

  g_return_if_fail (self->values == NULL);
  g_return_if_fail (n_dims >= 0 && n_dims <= ARIETTA_MAX_DIMS);
  g_return_if_fail (!g_hash_table_contains (self->by_name, name));
  for (int i = 0; i < n_dims; i++)
    {
      g_return_if_fail (shape[i] > 0);
      g_return_if_fail (g_size_checked_mul (&n, n, (gsize) shape[i]) && n <= G_MAXINT32);
    }

  param = g_new0 (Param, 1);
  param->public.name = g_strdup (name);
  param->public.n_dims = n_dims;
  for (int i = 0; i < n_dims; i++)
    param->public.shape[i] = shape[i];
  param->public.n_elements = n;
  param->public.offset = self->size;
  param->public.decay = n_dims >= 2;
  param->init = init;
  param->scale = scale;
  self->size += (n + unit - 1) / unit * unit;

  g_ptr_array_add (self->params, param);
  g_hash_table_insert (self->by_name, (char *) param->public.name, param);
}

void
arietta_params_add_linear (AriettaParams *self,
                           const char    *name,
                           int            n_in,
                           int            n_out)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);
  double           scale = 1.0 / sqrt (n_in);

  arietta_params_add (self, weight, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (n_out, n_in));
  arietta_params_add (self, bias, ARIETTA_INIT_UNIFORM, scale, ARIETTA_SHAPE (n_out));
}

void
arietta_params_add_lstm (AriettaParams *self,
                         const char    *name,
                         int            n_units)
{
  g_autofree char *weight = g_strconcat (name, ".weight_hh", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  arietta_params_add (self, weight, ARIETTA_INIT_UNIFORM, 1.0 / sqrt (n_units),
                      ARIETTA_SHAPE (4 * n_units, n_units));
  arietta_params_add (self, bias, ARIETTA_INIT_LSTM_BIAS, 1.0, ARIETTA_SHAPE (4 * n_units));
}

void
arietta_params_set_decay (AriettaParams *self,
                          const char    *name,
                          gboolean       decay)
{
  Param *param = g_hash_table_lookup (self->by_name, name);

  g_return_if_fail (param != NULL);

  param->public.decay = decay;
}

void
arietta_params_set_state (AriettaParams *self,
                          const char    *name)
{
  Param *param = g_hash_table_lookup (self->by_name, name);

  g_return_if_fail (param != NULL);

  param->public.state = TRUE;
  param->public.decay = FALSE;
}

void
arietta_params_allocate (AriettaParams *self,
                         guint64        seed)
{
  g_return_if_fail (self->values == NULL);

  self->values = block_new (self);
  self->gradients = block_new (self);

  for (guint i = 0; i < self->params->len; i++)
    {
      const Param *param = g_ptr_array_index (self->params, i);

      draw (param, self->values + param->public.offset, seed);
    }
}

guint
arietta_params_get_n (AriettaParams *self)
{
  return self->params->len;
}

const AriettaParam *
arietta_params_get_nth (AriettaParams *self,
                        guint          nth)
{
  g_return_val_if_fail (nth < self->params->len, NULL);

  return &((const Param *) g_ptr_array_index (self->params, nth))->public;
}

const AriettaParam *
arietta_params_find (AriettaParams *self,
                     const char    *name)
{
  const Param *param = g_hash_table_lookup (self->by_name, name);

  return param != NULL ? &param->public : NULL;
}

gsize
arietta_params_get_size (AriettaParams *self)
{
  return self->size;
}

gsize
arietta_params_count (AriettaParams *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->params->len; i++)
    n += arietta_params_get_nth (self, i)->n_elements;

  return n;
}

AriettaReal *
arietta_params_get_values (AriettaParams *self)
{
  return self->values;
}

AriettaReal *
arietta_params_get_gradients (AriettaParams *self)
{
  return self->gradients;
}

AriettaReal *
arietta_params_get_moments (AriettaParams *self,
                            guint          first_or_second)
{
  g_return_val_if_fail (first_or_second < 2, NULL);

  if (self->moments[first_or_second] == NULL)
    self->moments[first_or_second] = block_new (self);

  return self->moments[first_or_second];
}

AriettaReal *
arietta_params_get (AriettaParams *self,
                    const char    *name)
{
  const AriettaParam *param = arietta_params_find (self, name);

  return param != NULL && self->values != NULL ? self->values + param->offset : NULL;
}

void
arietta_params_zero_gradients (AriettaParams *self)
{
  arietta_zero (self->gradients, self->size);
}
