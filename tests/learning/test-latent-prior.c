/* Where the data lies in a latent space: densities, and few examples that lean on what was known before. */
#include "learning/arietta-latent-prior.h"

#include <math.h>

#define L 3

/* @n points around @centre in the first dimension, spread by @spread. */
static void
scatter (float *mu,
         float *logvar,
         int   *labels,
         guint  n,
         double centre,
         double spread)
{
  AriettaRandom random;

  arietta_random_init (&random, 7, "scatter");
  for (guint i = 0; i < n; i++)
    {
      labels[i] = (int) (i % 2);
      for (guint d = 0; d < L; d++)
        {
          mu[i * L + d] = (float) ((d == 0 ? centre : 0.0) + spread * arietta_random_normal (&random));
          logvar[i * L + d] = -4.0f;
        }
    }
}

static AriettaLatentPrior *
fit (guint               n,
     double              centre,
     double              spread,
     AriettaLatentPrior *before)
{
  g_autofree float *mu = g_new (float, n * L), *logvar = g_new (float, n * L);
  g_autofree int   *labels = g_new (int, n);

  scatter (mu, logvar, labels, n, centre, spread);

  return arietta_latent_prior_fit (mu, logvar, labels, n, L, 2, before, 4.0);
}

/* A standard normal distribution: the density has a closed form. */
static void
test_nats (void)
{
  g_autoptr(AriettaLatentPrior) prior = fit (20000, 0.0, sqrt (1.0 - exp (-4.0)), NULL);
  const float                   origin[L] = { 0.0f }, away[L] = { 2.0f, 0.0f, -1.0f };
  double                        log_two_pi = log (2.0 * G_PI);

  g_assert_cmpfloat_with_epsilon (arietta_latent_prior_get_nats (prior, origin), 1.5 * log_two_pi, 0.03);
  g_assert_cmpfloat_with_epsilon (arietta_latent_prior_get_nats (prior, away), 1.5 * log_two_pi + 2.5, 0.1);
}

/* Few examples move what was known a little, many make it anew. */
static void
test_leaning (void)
{
  g_autoptr(AriettaLatentPrior) before = fit (5000, 0.0, 1.0, NULL), few = fit (4, 6.0, 0.5, before), many = fit (5000, 6.0, 0.5, before);
  g_autoptr(AriettaLatentPrior) alone = fit (4, 6.0, 0.5, NULL);
  const float                   old[L] = { 0.0f, 1.0f, -1.0f }, fresh[L] = { 6.0f, 0.7f, -0.7f };
  double                        known = arietta_latent_prior_get_nats (before, old);

  /* What it knew is forgotten a little by few, wholly by many; and the new is foreseen better than before. */
  g_assert_cmpfloat (arietta_latent_prior_get_nats (few, old), <, known + 3.0);
  g_assert_cmpfloat (arietta_latent_prior_get_nats (many, old), >, known + 20.0);
  g_assert_cmpfloat (arietta_latent_prior_get_nats (few, fresh), <, arietta_latent_prior_get_nats (before, fresh) - 5.0);
  g_assert_cmpfloat (arietta_latent_prior_get_nats (many, fresh), <, arietta_latent_prior_get_nats (few, fresh));
  /* Alone, four say next to nothing about a point beside them. */
  g_assert_cmpfloat (arietta_latent_prior_get_nats (alone, old), >, arietta_latent_prior_get_nats (few, old));
}

/* A style of another prior is the same here. */
static void
test_add_style (void)
{
  g_autoptr(AriettaLatentPrior) a = fit (500, 0.0, 1.0, NULL), b = fit (500, 3.0, 0.5, NULL);
  AriettaRandom                 random;
  float                         first[L], second[L];
  const float                  *vector;

  arietta_latent_prior_add_style (a, b, 1);
  vector = arietta_latent_prior_get_vector (a, 2);
  /* From the mean of all of the one to that style's of the other. */
  g_assert_cmpfloat_with_epsilon (vector[0], 3.0, 0.2);

  arietta_random_init (&random, 1, "draw");
  arietta_latent_prior_draw (a, 2, 1.0, &random, first);
  arietta_random_init (&random, 1, "draw");
  arietta_latent_prior_draw (b, 1, 1.0, &random, second);
  for (guint d = 0; d < L; d++)
    g_assert_cmpfloat_with_epsilon (first[d], second[d], 1e-4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/learning/latent-prior/nats", test_nats);
  g_test_add_func ("/learning/latent-prior/leaning", test_leaning);
  g_test_add_func ("/learning/latent-prior/add-style", test_add_style);

  return g_test_run ();
}
