/* What parity with the fixtures does not show of optimisers and learning rates. */
#include "nn/arietta-learning-rate.h"
#include "nn/arietta-optimiser.h"

#include <string.h>

static void
test_schedule (void)
{
  const AriettaRateSchedule s = { .peak = 2, .warmup = 10, .total = 110, .floor = 0.1 };
  const AriettaRateSchedule flat = { .peak = 2 };

  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&s, 1), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&s, 10), 2.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&s, 60), 1.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&s, 110), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&s, 5000), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&flat, 1), 2.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rate_schedule_get (&flat, 5000), 2.0, 1e-12);
}

static void
test_plateau (void)
{
  static const struct
  {
    double loss, scale;
  } steps[] = {
    { 5, 1 }, { 4, 1 }, { 4, 1 }, { 3, 1 }, { 3.5, 1 }, { NAN, 0.5 }, { 3.2, 0.5 }, { 3, 0.25 }, { 2, 0.25 },
    { 2.5, 0.25 }, { 2.5, 0.2 }, { 2.5, 0.2 }, { 2.5, 0.2 },
  };
  AriettaPlateau plateau = ARIETTA_PLATEAU_INIT (0.5, 2, 0.2);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpfloat (arietta_plateau_measure (&plateau, steps[i].loss), ==, steps[i].scale);
  g_assert_cmpfloat (plateau.best, ==, 2);
}

static AriettaParams *
make_params (void)
{
  AriettaParams *params = arietta_params_new ();

  arietta_params_add (params, "matrix", ARIETTA_INIT_NORMAL, 0.5, ARIETTA_SHAPE (5, 7));
  arietta_params_add (params, "bias", ARIETTA_INIT_CONSTANT, 0.5, ARIETTA_SHAPE (5));
  arietta_params_allocate (params, 1);
  arietta_params_get (params, "matrix")[3] = 0;

  return params;
}

/* Without any gradient of the loss, matrices go where the penalties pull; biases stay. */
static void
test_penalties (void)
{
  const AriettaOptimiserSettings settings = { .kind = ARIETTA_SGD, .l1 = 0.03, .l2 = 0.2 };
  g_autoptr(AriettaParams)       params = make_params ();
  g_autoptr(AriettaOptimiser)    optimiser = arietta_optimiser_new (params, &settings);
  AriettaReal                   *w = arietta_params_get (params, "matrix"), before[35];

  memcpy (before, w, sizeof before);
  g_assert_true (arietta_optimiser_step (optimiser, 0.1, 1, NULL, NULL));
  for (int i = 0; i < 35; i++)
    {
      double sign = (before[i] > 0) - (before[i] < 0);

      g_assert_cmpfloat_with_epsilon (w[i], before[i] - 0.1 * (0.03 * sign + 0.2 * before[i]), 1e-6);
    }
  g_assert_cmpfloat (w[3], ==, 0);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat (arietta_params_get (params, "bias")[i], ==, 0.5);
}

/* The penalties come on top of a gradient that was clipped without them. */
static void
test_clipped_before_penalties (void)
{
  const AriettaOptimiserSettings settings = { .kind = ARIETTA_SGD, .l2 = 1, .clip_norm = 1 };
  g_autoptr(AriettaParams)       params = make_params ();
  g_autoptr(AriettaOptimiser)    optimiser = arietta_optimiser_new (params, &settings);
  AriettaReal                   *w = arietta_params_get (params, "matrix");
  double                         before = w[0], norm;

  arietta_params_get_gradients (params)[0] = 8;
  g_assert_true (arietta_optimiser_step (optimiser, 0.1, 0.5, &norm, NULL));
  g_assert_cmpfloat_with_epsilon (norm, 4, 1e-6);
  g_assert_cmpfloat_with_epsilon (w[0], before - 0.1 * (1 + before), 1e-6);
}

static void
test_rmsprop_momentum (void)
{
  const AriettaOptimiserSettings settings = {
    .kind = ARIETTA_RMSPROP, .beta2 = 0.9, .epsilon = 1e-8, .momentum = 0.8,
  };
  g_autoptr(AriettaParams)    params = make_params ();
  g_autoptr(AriettaOptimiser) optimiser = arietta_optimiser_new (params, &settings);
  AriettaReal                *w = arietta_params_get (params, "matrix"), *dw = arietta_params_get_gradients (params);
  double                      expected = w[0], square = 0, speed = 0;

  for (int step = 0; step < 6; step++)
    {
      double g = 0.3 * (step - 2);

      dw[0] = (AriettaReal) g;
      g_assert_true (arietta_optimiser_step (optimiser, 0.01, 1, NULL, NULL));
      square = 0.9 * square + 0.1 * g * g;
      speed = 0.8 * speed + g / (sqrt (square) + 1e-8);
      expected -= 0.01 * speed;
      g_assert_cmpfloat_with_epsilon (w[0], expected, 1e-5);
    }
}

static void
test_moments_kept (void)
{
  static const struct
  {
    AriettaOptimiserSettings settings;
    gboolean                 first, second;
  } cases[] = {
    { { .kind = ARIETTA_ADAM }, TRUE, TRUE },
    { { .kind = ARIETTA_SGD, .momentum = 0.9 }, TRUE, FALSE },
    { { .kind = ARIETTA_RMSPROP }, FALSE, TRUE },
    { { .kind = ARIETTA_RMSPROP, .momentum = 0.9 }, TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(AriettaParams)    params = make_params ();
      g_autoptr(AriettaOptimiser) optimiser = arietta_optimiser_new (params, &cases[i].settings);

      g_assert_cmpint (arietta_optimiser_has_moments (optimiser, 0), ==, cases[i].first);
      g_assert_cmpint (arietta_optimiser_has_moments (optimiser, 1), ==, cases[i].second);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/optimiser/schedule", test_schedule);
  g_test_add_func ("/nn/optimiser/plateau", test_plateau);
  g_test_add_func ("/nn/optimiser/penalties", test_penalties);
  g_test_add_func ("/nn/optimiser/clipped-before-penalties", test_clipped_before_penalties);
  g_test_add_func ("/nn/optimiser/rmsprop-momentum", test_rmsprop_momentum);
  g_test_add_func ("/nn/optimiser/moments-kept", test_moments_kept);

  return g_test_run ();
}
