/* Five steps of each optimiser on given gradients, and clipping. */
#include "parity-fixtures.h"

#include "nn/arietta-optimiser.h"

static void
adam (Parity     *c,
      const char *name)
{
  AriettaAdamSettings settings = {
    parity_setting (c, name, "betas", 0, 0.9),
    parity_setting (c, name, "betas", 1, 0.999),
    parity_setting (c, name, "eps", 0, 1e-8),
    parity_setting (c, name, "weight_decay", 0, 0.0),
    0.0,
  };
  const double      rate = parity_setting (c, name, "lr", 0, 0.01);
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
  parity_values (c, arietta_params_get_moments (c->params, 0), n, parity_name (c, "%s.exp_avg", name), PARITY_AS_IS);
  parity_values (c, arietta_params_get_moments (c->params, 1), n, parity_name (c, "%s.exp_avg_sq", name), PARITY_AS_IS);
}

/* Adam's first moment after one step is a tenth of the gradient it saw, clipped. */
static void
clipping (Parity *c)
{
  AriettaAdamSettings      settings = { 0.9, 0.999, 1e-8, 0.0, parity_setting (c, "clip", "norm", 0, 1.5) };
  static const char *const names[] = { "a", "b" };
  AriettaOptimiser        *optimiser;
  double                   norm;
  AriettaReal              real_norm;

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
  adam (c, "adam");
  adam (c, "adamw");
  clipping (c);

  parity_leave_out (c, "adam_l2.*");
  parity_leave_out (c, "sgdm.*");
  parity_leave_out (c, "rmsprop.*");
}
