#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-average.h"

#include "math/arietta-block.h"
#include "math/arietta-optimise.h"

#include <string.h>

struct _AriettaAverage
{
  AriettaParams *params; /* borrowed */
  double         decay;
  gint64         step;
  AriettaReal   *values;
};

AriettaAverage *
arietta_average_new (AriettaParams *params,
                     double         decay)
{
  AriettaAverage *self;
  gsize           size;

  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);
  g_return_val_if_fail (decay >= 0.0 && decay < 1.0, NULL);

  size = arietta_params_get_size (params);
  self = g_new0 (AriettaAverage, 1);
  self->params = params;
  self->decay = decay;
  self->values = arietta_block_new (size * sizeof (AriettaReal));
  memcpy (self->values, arietta_params_get_values (params), size * sizeof (AriettaReal));

  return self;
}

void
arietta_average_free (AriettaAverage *self)
{
  if (self == NULL)
    return;

  arietta_block_free (self->values);
  g_free (self);
}

void
arietta_average_update (AriettaAverage *self)
{
  double decay = MIN (self->decay, (1.0 + (double) self->step) / (10.0 + (double) self->step));

  arietta_average (self->values, arietta_params_get_values (self->params), (AriettaReal) (1.0 - decay),
                   arietta_params_get_size (self->params));
  self->step++;
}

void
arietta_average_swap (AriettaAverage *self)
{
  arietta_swap (self->values, arietta_params_get_values (self->params), arietta_params_get_size (self->params));
}

AriettaReal *
arietta_average_get_values (AriettaAverage *self)
{
  return self->values;
}

gint64
arietta_average_get_step (AriettaAverage *self)
{
  return self->step;
}

void
arietta_average_set_step (AriettaAverage *self,
                          gint64          step)
{
  self->step = step;
}
