#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-optimiser.h"

#include "base/arietta-error.h"
#include "math/arietta-optimise.h"
#include "nn/arietta-nn-error.h"

#include <math.h>

struct _AriettaOptimiser
{
  AriettaParams       *params; /* borrowed */
  AriettaAdamSettings  settings;
  gint64               step;
};

AriettaOptimiser *
arietta_optimiser_new (AriettaParams             *params,
                       const AriettaAdamSettings *settings)
{
  AriettaOptimiser *self;

  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaOptimiser, 1);
  self->params = params;
  self->settings = *settings;

  /* Now rather than within the first step, which should allocate nothing. */
  arietta_params_get_moments (params, 0);
  arietta_params_get_moments (params, 1);

  return self;
}

void
arietta_optimiser_free (AriettaOptimiser *self)
{
  g_free (self);
}

static const char *
first_bad_parameter (AriettaParams *params)
{
  for (guint i = 0; i < arietta_params_get_n (params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (params, i);
      const AriettaReal  *dw = arietta_params_get_gradients (params) + p->offset;

      if (arietta_first_not_finite (dw, p->n_elements) < p->n_elements)
        return p->name;
    }

  return "all together";
}

gboolean
arietta_optimiser_step (AriettaOptimiser  *self,
                        double             learning_rate,
                        double             gradient_scale,
                        double            *norm,
                        GError           **error)
{
  const AriettaAdamSettings *s = &self->settings;
  AriettaReal               *values = arietta_params_get_values (self->params);
  const AriettaReal         *gradients = arietta_params_get_gradients (self->params);
  const gsize                size = arietta_params_get_size (self->params);
  double                     length = arietta_norm (gradients, size) * gradient_scale;
  AriettaAdamStep            step;

  if (norm != NULL)
    *norm = length;

  if (!isfinite (length))
    {
      const char *name = first_bad_parameter (self->params);

      arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_NOT_FINITE, NULL, name,
                         "Training stopped at step %" G_GINT64_FORMAT ": the gradient of %s is no longer "
                         "a finite number. A lower learning rate may help.",
                         self->step + 1, name);
      return FALSE;
    }

  if (s->clip_norm > 0 && length > s->clip_norm)
    gradient_scale *= s->clip_norm / (length + 1e-6);

  if (s->weight_decay > 0)
    for (guint i = 0; i < arietta_params_get_n (self->params); i++)
      {
        const AriettaParam *p = arietta_params_get_nth (self->params, i);

        if (p->decay)
          arietta_scale (values + p->offset, (AriettaReal) (1.0 - learning_rate * s->weight_decay),
                         p->n_elements);
      }

  self->step++;
  step = arietta_adam_step (learning_rate, s->beta1, s->beta2, s->epsilon, gradient_scale, self->step);
  arietta_adam (values, arietta_params_get_moments (self->params, 0),
                arietta_params_get_moments (self->params, 1), gradients, &step, size);

  return TRUE;
}

AriettaParams *
arietta_optimiser_get_params (AriettaOptimiser *self)
{
  return self->params;
}

gint64
arietta_optimiser_get_step (AriettaOptimiser *self)
{
  return self->step;
}

void
arietta_optimiser_set_step (AriettaOptimiser *self,
                            gint64            step)
{
  self->step = step;
}

double
arietta_schedule_rate (const AriettaSchedule *schedule,
                       gint64                 step)
{
  double done;

  if (step < schedule->warmup)
    return schedule->peak * (double) step / (double) schedule->warmup;
  if (schedule->total <= schedule->warmup)
    return schedule->peak;

  done = (double) (step - schedule->warmup) / (double) (schedule->total - schedule->warmup);
  done = CLAMP (done, 0.0, 1.0);

  return schedule->peak * (schedule->floor + (1.0 - schedule->floor) * 0.5 * (1.0 + cos (G_PI * done)));
}
