/* What holds for every kind of windows of steps. */
#pragma once

#include "learning-fixtures.h"

#include "learning/arietta-window-vae-private.h"
#include "nn/arietta-optimiser.h"

#include <math.h>

/* A net that sees the same eight windows again and again knows them by heart.  @text: its recipe without
 * [training]. */
static inline void
fixture_overfit (const AriettaModelKind *kind,
                 const char             *text,
                 AriettaPiece           *piece)
{
  g_autofree char            *whole = g_strconcat (text, "[training]\nminutes = 0\nepochs = 400\nbatch = 8\n"
                                                   "rate = 0.008\ndecay = 0\nfree = 4\nbeta = 0.01\n"
                                                   "noise = 0.05\nown = 0.3\n", NULL);
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (whole, "test", NULL);
  AriettaWindowVae           *net = kind->build (recipe, 3, NULL);
  gpointer                    learner = kind->learner_new (net, recipe, 3);
  AriettaOptimiserSettings    adam = ARIETTA_ADAM_DEFAULTS;
  g_autoptr(AriettaOptimiser) optimiser = NULL;
  g_autoptr(AriettaWindowSet) set = arietta_window_set_new (&net->shape);
  AriettaWindowVaeFigures     figures = { 0 };
  AriettaRandom               random;

  adam.clip_norm = 1.0;
  g_assert_cmpuint (kind->learner_add (learner, &(AriettaExample) { .piece = piece, .style = "" }), >=, 8);
  g_assert_true (kind->learner_begin (learner, NULL));
  optimiser = arietta_optimiser_new (net->params, &adam);

  for (gint64 step = 1; step <= 400; step++)
    {
      guint         n = kind->begin_epoch (learner, (guint64) step);
      AriettaGraph *graph = kind->fill_batch (learner, (guint) step % n, step, (double) step / 400.0, NULL);

      arietta_params_zero_gradients (net->params);
      arietta_graph_forward (graph);
      arietta_graph_backward (graph);
      g_assert_true (arietta_optimiser_step (optimiser, step < 250 ? 0.008 : 0.002, 1.0, NULL, NULL));
    }

  kind->ready (net);
  arietta_random_init (&random, 1, "test");
  arietta_window_set_add (set, piece, "", NULL);
  for (guint i = 0; i < arietta_window_set_get_n (set); i++)
    {
      AriettaStepWindow window;

      arietta_window_set_read (set, i, &window);
      arietta_window_vae_measure (net, &window, &random, TRUE, &figures);
    }

  g_test_message ("sampled %.3f, onsets %.3f, reconstruction %.3f, KL %.1f",
                  figures.sampled_right / figures.steps,
                  figures.sampled_right_onsets / figures.onsets,
                  figures.reconstruction / figures.steps, figures.kl / figures.windows);
  g_assert_cmpfloat (figures.sampled_right / figures.steps, >, 0.97);
  g_assert_cmpfloat (figures.sampled_right_onsets / figures.onsets, >, 0.93);
  g_assert_cmpfloat (figures.reconstruction / figures.steps, <, 0.2);

  kind->learner_free (learner);
  kind->free (net);
}

/* The graph that learns and the steps that play are the same network; what is padded (cells, and
 * units where the net has units) changes nothing.  The first @n_bars bars of @piece. */
static inline void
fixture_graph_and_steps_agree (const AriettaModelKind *kind,
                               const char             *text,
                               AriettaPiece           *piece,
                               guint                   n_bars)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (text, "test", NULL);
  AriettaWindowVae        *net = kind->build (recipe, 11, NULL);
  g_autoptr(AriettaSteps)  steps = net->spec->form->read (piece);
  g_autoptr(GError)        error = NULL;
  int                      L = net->n_latent;
  g_autofree float        *mu = g_new (float, L), *logvar = g_new (float, L), *z = g_new (float, L);
  AriettaStepWindow        window;
  AriettaRandom            noise, again;
  AriettaWindowVaeGraph   *g;
  double                   kl = 0.0, nll = 0.0;
  g_autoptr(AriettaWindowVaeDecoder) decoder = NULL;

  /* What begins at nothing shall count too. */
  for (guint i = 0; i < arietta_params_get_n (net->params); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (net->params, i);
      AriettaReal        *values = arietta_params_get (net->params, param->name);

      for (gsize k = 0; k < param->n_elements; k++)
        values[k] += (AriettaReal) (0.05 * sin (0.7 * (double) (k + i)));
    }

  g_assert_true (arietta_steps_get_window (steps, 0, n_bars, &window));
  arietta_random_init (&noise, 1, "noise");
  g = arietta_window_vae_graph_new (net, net->n_conductor > 0 ? 32 : 40, 1, 0.0, 0.0, FALSE, FALSE, &noise, &error);
  g_assert_no_error (error);
  arietta_window_vae_graph_fill (g, net, 0, &window);
  arietta_graph_forward (g->graph);

  arietta_window_vae_ready (net);
  arietta_window_vae_encode (net, &window, mu, logvar);
  for (int i = 0; i < L; i++)
    kl += 0.5 * (mu[i] * mu[i] + exp (logvar[i]) - 1.0 - logvar[i]);
  g_assert_cmpfloat_with_epsilon (kl, arietta_graph_get_scalar (g->graph, g->plain_kl), 1e-3);

  /* The same noise again gives the same point, and from it the same likelihood. */
  arietta_random_init (&again, 1, "noise");
  for (int i = 0; i < L; i++)
    z[i] = mu[i] + (float) (exp (0.5 * logvar[i]) * arietta_random_normal (&again));
  decoder = arietta_window_vae_decoder_new (net, z, &window);
  for (guint c = 0; c < window.n_cells; c++)
    {
      const float *logits = arietta_window_vae_decoder_step (decoder, c > 0 ? window.tokens[c - 1] : -1, NULL);
      double       sum = 0.0;

      for (int t = 0; t < net->n_tokens; t++)
        sum += exp (logits[t]);
      nll += log (sum) - logits[window.tokens[c]];
    }
  g_assert_cmpfloat_with_epsilon (nll, arietta_graph_get_scalar (g->graph, g->nll), 0.02);

  arietta_window_vae_graph_free (g);
  kind->free (net);
}
