#include "analysis/arietta-rank-correlation.h"

#include <math.h>

static void
test_known (void)
{
  const double a[] = { 1, 2, 3, 4, 5 }, squares[] = { 1, 4, 9, 16, 25 }, down[] = { 9, 7, 5, 3, 1 };
  /* By hand: ranks 1 2.5 2.5 4 against 1 3 2 4. */
  const double tied[] = { 1, 2, 2, 3 }, other[] = { 10, 30, 20, 40 };

  g_assert_cmpfloat_with_epsilon (arietta_rank_correlation (a, squares, 5), 1.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rank_correlation (a, down, 5), -1.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_rank_correlation (tied, other, 4), 4.5 / sqrt (4.5 * 5.0), 1e-12);
}

static void
test_nothing (void)
{
  const double a[] = { 1, 2, 3 }, flat[] = { 2, 2, 2 };

  g_assert_true (isnan (arietta_rank_correlation (a, flat, 3)));
  g_assert_true (isnan (arietta_rank_correlation (a, a, 1)));
  g_assert_true (isnan (arietta_rank_correlation (a, a, 0)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rank-correlation/known", test_known);
  g_test_add_func ("/rank-correlation/nothing", test_nothing);

  return g_test_run ();
}
