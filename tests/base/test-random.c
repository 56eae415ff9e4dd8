#include "base/arietta-random.h"

static void
test_named_streams (void)
{
  AriettaRandom a, b, c;

  arietta_random_init (&a, 7, "compose");
  arietta_random_init (&b, 7, "compose");
  arietta_random_init (&c, 7, "shuffle");

  for (int i = 0; i < 100; i++)
    {
      guint64 x = arietta_random_next (&a);

      g_assert_cmpuint (x, ==, arietta_random_next (&b));
      g_assert_cmpuint (x, !=, arietta_random_next (&c));
    }
}

static void
test_moments (void)
{
  AriettaRandom random;
  double        sum = 0.0, squares = 0.0;
  const int     n = 100000;

  arietta_random_init (&random, 1, "moments");
  for (int i = 0; i < n; i++)
    {
      double x = arietta_random_normal (&random);

      sum += x;
      squares += x * x;
    }

  g_assert_cmpfloat_with_epsilon (sum / n, 0.0, 0.015);
  g_assert_cmpfloat_with_epsilon (squares / n, 1.0, 0.02);
}

static void
test_weighted (void)
{
  const float   weights[4] = { 0.0f, 1.0f, 3.0f, 0.0f };
  guint         counts[4] = { 0 };
  AriettaRandom random;

  arietta_random_init (&random, 1, "weighted");
  for (int i = 0; i < 40000; i++)
    counts[arietta_random_weighted (&random, weights, 4)]++;

  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[3], ==, 0);
  g_assert_cmpfloat_with_epsilon (counts[2] / 40000.0, 0.75, 0.01);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/random/named-streams", test_named_streams);
  g_test_add_func ("/base/random/moments", test_moments);
  g_test_add_func ("/base/random/weighted", test_weighted);
  return g_test_run ();
}
