#include "analysis/arietta-projection.h"

#include "base/arietta-random.h"

/* Points stretched along two known directions in ten dimensions come out along them. */
static void
test_pca_finds_the_plane (void)
{
  const guint      n = 400, size = 10;
  g_autofree float *points = g_new0 (float, n * size);
  g_autofree float *xy = g_new (float, 2 * n);
  double            sxx = 0.0, syy = 0.0, agree = 0.0;
  AriettaRandom     random;

  arietta_random_init (&random, 3, "pca");
  for (guint i = 0; i < n; i++)
    {
      double a = 5.0 * arietta_random_normal (&random), b = 2.0 * arietta_random_normal (&random);

      for (guint d = 0; d < size; d++)
        points[i * size + d] = (float) (7.0 + 0.05 * arietta_random_normal (&random));
      points[i * size + 3] += (float) a;
      points[i * size + 8] += (float) b;
    }
  arietta_projection_pca (xy, points, n, size);

  for (guint i = 0; i < n; i++)
    {
      sxx += xy[2 * i] * xy[2 * i] / n;
      syy += xy[2 * i + 1] * xy[2 * i + 1] / n;
      agree += xy[2 * i] * (points[i * size + 3] - 7.0) / n;
    }
  g_assert_cmpfloat_with_epsilon (sxx, 25.0, 4.0);
  g_assert_cmpfloat_with_epsilon (syy, 4.0, 1.0);
  g_assert_cmpfloat (agree, >, 0.9 * sxx);
}

static void
test_faithful_and_not (void)
{
  const guint      n = 200, k = 10;
  g_autofree float *points = g_new (float, 2 * n);
  g_autofree float *shuffled = g_new (float, 2 * n);
  double            trust, continuity;
  AriettaRandom     random;

  arietta_random_init (&random, 4, "trust");
  for (guint i = 0; i < 2 * n; i++)
    {
      points[i] = (float) arietta_random_normal (&random);
      shuffled[i] = (float) arietta_random_normal (&random);
    }

  g_assert_true (arietta_projection_measure (points, points, n, 2, k, &trust, &continuity));
  g_assert_cmpfloat (trust, ==, 1.0);
  g_assert_cmpfloat (continuity, ==, 1.0);

  g_assert_true (arietta_projection_measure (shuffled, points, n, 2, k, &trust, &continuity));
  g_assert_cmpfloat (trust, <, 0.65);
  g_assert_cmpfloat (continuity, <, 0.65);

  g_assert_false (arietta_projection_measure (points, points, 20, 2, k, &trust, &continuity));
}

static void
test_few_points (void)
{
  const float points[4] = { 1.0f, 2.0f, 1.0f, 2.0f };
  float       xy[4] = { 9.0f, 9.0f, 9.0f, 9.0f };

  arietta_projection_pca (xy, points, 2, 2);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (xy[i], ==, 0.0f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/projection/pca-finds-the-plane", test_pca_finds_the_plane);
  g_test_add_func ("/analysis/projection/faithful-and-not", test_faithful_and_not);
  g_test_add_func ("/analysis/projection/few-points", test_few_points);
  return g_test_run ();
}
