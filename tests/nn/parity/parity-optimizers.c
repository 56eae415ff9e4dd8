/* Five steps of each optimiser on given gradients, and clipping. */
#include "parity-fixtures.h"

#include "nn/arietta-optimiser.h"

/* @decoupled: weight decay as AdamW has it, else as a penalty; @moments: what the fixture calls each, or NULL. */
static void
optimiser (Parity               *c,
           const char           *name,
           AriettaOptimiserKind  kind,
           gboolean              decoupled,
           const char           *first,
           const char           *second)
{
  const double             decay = parity_setting (c, name, "weight_decay", 0, 0.0);
  const double             rate = parity_setting (c, name, "lr", 0, 0.01);
  const char *const        moments[] = { first, second };
  AriettaOptimiserSettings settings = {
    .kind = kind,
    .beta1 = parity_setting (c, name, "betas", 0, 0.9),
    .beta2 = kind == ARIETTA_RMSPROP ? parity_setting (c, name, "alpha", 0, 0.99)
                                     : parity_setting (c, name, "betas", 1, 0.999),
    .epsilon = parity_setting (c, name, "eps", 0, 1e-8),
    .momentum = parity_setting (c, name, "momentum", 0, 0.0),
    .weight_decay = decoupled ? decay : 0.0,
    .l2 = decoupled ? 0.0 : decay,
  };
  AriettaOptimiser *optimiser;
  gsize             n;

  parity_again (c);
  parity_param (c, "p", "p0", PARITY_AS_IS);
  parity_begin (c);
  n = arietta_params_find (c->params, "p")->n_elements;
  optimiser = arietta_optimiser_new (c->params, &settings);
  parity_own (c, optimiser, (GDestroyNotify) arietta_optimiser_free);

  for (int step = 0; step < 5; step++)
    {
      const float *g = parity_floats (c, parity_name (c, "g%d", step));

      for (gsize i = 0; i < n; i++)
        arietta_params_get_gradients (c->params)[i] = g[i];
      if (!arietta_optimiser_step (optimiser, rate, 1.0, NULL, NULL))
        parity_give_up (c, "%s stopped at step %d", name, step + 1);
      parity_weights (c, "p", parity_name (c, "%s.p%d", name, step + 1), PARITY_AS_IS);
    }
  for (guint i = 0; i < 2; i++)
    if (moments[i] != NULL)
      parity_values (c, arietta_params_get_moments (c->params, i), n,
                     parity_name (c, "%s.%s", name, moments[i]), PARITY_AS_IS);
}

/* Adam's first moment after one step is a tenth of the gradient it saw, clipped. */
static void
clipping (Parity *c)
{
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;
  static const char *const names[] = { "a", "b" };
  AriettaOptimiser        *optimiser;
  double                   norm;
  AriettaReal              real_norm;

  settings.clip_norm = parity_setting (c, "clip", "norm", 0, 1.5);
  parity_again (c);
  parity_param (c, "a", "clip.a", PARITY_AS_IS);
  parity_param (c, "b", "clip.b", PARITY_AS_IS);
  parity_begin (c);
  optimiser = arietta_optimiser_new (c->params, &settings);
  parity_own (c, optimiser, (GDestroyNotify) arietta_optimiser_free);
  for (gsize i = 0; i < arietta_params_get_size (c->params); i++)
    arietta_params_get_gradients (c->params)[i] = arietta_params_get_values (c->params)[i];
  if (!arietta_optimiser_step (optimiser, 0.01, 1.0, &norm, NULL))
    parity_give_up (c, "clipping stopped");

  real_norm = (AriettaReal) norm;
  parity_values (c, &real_norm, 1, "clip.norm", PARITY_AS_IS);
  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      const AriettaParam *p = arietta_params_find (c->params, names[k]);
      AriettaReal        *m = arietta_params_get_moments (c->params, 0) + p->offset;

      for (gsize i = 0; i < p->n_elements; i++)
        m[i] *= 10;
      parity_values (c, m, p->n_elements, parity_name (c, "clip.%s_after", names[k]), PARITY_AS_IS);
    }
}

void
parity_optimizers (Parity *c)
{
  optimiser (c, "adam", ARIETTA_ADAM, TRUE, "exp_avg", "exp_avg_sq");
  optimiser (c, "adam_l2", ARIETTA_ADAM, FALSE, "exp_avg", "exp_avg_sq");
  optimiser (c, "adamw", ARIETTA_ADAM, TRUE, "exp_avg", "exp_avg_sq");
  optimiser (c, "sgdm", ARIETTA_SGD, FALSE, "momentum_buffer", NULL);
  optimiser (c, "rmsprop", ARIETTA_RMSPROP, FALSE, NULL, "square_avg");
  clipping (c);
}
