#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-optimiser.h"

#include "base/arietta-error.h"
#include "math/arietta-optimise.h"
#include "nn/arietta-nn-error.h"

#include <math.h>

struct _AriettaOptimiser
{
  AriettaParams            *params; /* borrowed */
  AriettaOptimiserSettings  settings;
  gint64                    step;
};

AriettaOptimiser *
arietta_optimiser_new (AriettaParams                  *params,
                       const AriettaOptimiserSettings *settings)
{
  AriettaOptimiser *self;

  g_return_val_if_fail (arietta_params_get_values (params) != NULL, NULL);

  self = g_new0 (AriettaOptimiser, 1);
  self->params = params;
  self->settings = *settings;

  /* Now rather than within the first step, which should allocate nothing. */
  for (guint i = 0; i < 2; i++)
    if (arietta_optimiser_has_moments (self, i))
      arietta_params_get_moments (params, i);

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

static void
decay (AriettaOptimiser *self,
       double            learning_rate)
{
  AriettaReal *values = arietta_params_get_values (self->params);

  for (guint i = 0; i < arietta_params_get_n (self->params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (self->params, i);

      if (p->decay)
        arietta_scale (values + p->offset, (AriettaReal) (1.0 - learning_rate * self->settings.weight_decay),
                       p->n_elements);
    }
}

/* Leaves the gradients scaled. */
static void
penalise (AriettaOptimiser *self,
          double            gradient_scale)
{
  const AriettaReal *values = arietta_params_get_values (self->params);
  AriettaReal       *gradients = arietta_params_get_gradients (self->params);

  for (guint i = 0; i < arietta_params_get_n (self->params); i++)
    {
      const AriettaParam *p = arietta_params_get_nth (self->params, i);

      arietta_penalise (gradients + p->offset, values + p->offset, gradient_scale,
                        p->decay ? self->settings.l1 : 0.0, p->decay ? self->settings.l2 : 0.0, p->n_elements);
    }
}

gboolean
arietta_optimiser_step (AriettaOptimiser  *self,
                        double             learning_rate,
                        double             gradient_scale,
                        double            *norm,
                        GError           **error)
{
  const AriettaOptimiserSettings *s = &self->settings;
  AriettaReal                    *values = arietta_params_get_values (self->params);
  const AriettaReal              *gradients = arietta_params_get_gradients (self->params);
  const gsize                     size = arietta_params_get_size (self->params);
  double                          length = arietta_norm (gradients, size) * gradient_scale;
  AriettaReal                    *moments[2] = { NULL };
  AriettaAdamStep                 step;

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

  if (s->l1 > 0 || s->l2 > 0)
    {
      penalise (self, gradient_scale);
      gradient_scale = 1.0;
    }
  if (s->weight_decay > 0)
    decay (self, learning_rate);

  self->step++;
  for (guint i = 0; i < 2; i++)
    if (arietta_optimiser_has_moments (self, i))
      moments[i] = arietta_params_get_moments (self->params, i);

  switch (s->kind)
    {
    case ARIETTA_SGD:
      arietta_sgd (values, moments[0], gradients, learning_rate, s->momentum, gradient_scale, size);
      break;

    case ARIETTA_RMSPROP:
      arietta_rmsprop (values, moments[0], moments[1], gradients, learning_rate, s->beta2, s->epsilon,
                       s->momentum, gradient_scale, size);
      break;

    case ARIETTA_ADAM:
    default:
      step = arietta_adam_step (learning_rate, s->beta1, s->beta2, s->epsilon, gradient_scale, self->step);
      arietta_adam (values, moments[0], moments[1], gradients, &step, size);
      break;
    }

  return TRUE;
}

gboolean
arietta_optimiser_has_moments (AriettaOptimiser *self,
                               guint             first_or_second)
{
  switch (self->settings.kind)
    {
    case ARIETTA_SGD:
      return first_or_second == 0;

    case ARIETTA_RMSPROP:
      return first_or_second == 1 || self->settings.momentum > 0.0;

    case ARIETTA_ADAM:
    default:
      return TRUE;
    }
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
