#include "studio/arietta-plan.h"

static void
test_four_windows (void)
{
  g_autofree AriettaPlanWindow *plan = arietta_plan_new (4);

  g_assert_cmpstr (arietta_plan_get_form (4), ==, "A A′ B A″");
  g_assert_cmpuint (plan[0].source, ==, ARIETTA_PLAN_NEW);
  g_assert_cmpuint (plan[1].source, ==, 0);
  g_assert_cmpuint (plan[2].source, ==, 0);
  g_assert_cmpuint (plan[3].source, ==, 0);
  g_assert_cmpfloat (plan[1].distance, <, plan[2].distance);
  g_assert_cmpfloat (plan[3].distance, <, plan[2].distance);
}

/* Whatever the length, exactly one window is drawn from nothing and every other grows from an
 * earlier one. */
static void
test_all_joined (void)
{
  for (guint n = 1; n <= 128; n++)
    {
      g_autofree AriettaPlanWindow *plan = arietta_plan_new (n);
      guint                         n_new = 0;

      for (guint w = 0; w < n; w++)
        {
          n_new += plan[w].source == ARIETTA_PLAN_NEW;
          g_assert_true (plan[w].source == ARIETTA_PLAN_NEW || plan[w].source < w);
          g_assert_true (w == 0 || plan[w].section >= plan[w - 1].section);
        }
      g_assert_cmpuint (n_new, ==, 1);
    }
}

/* In sixteen bars the last section is the first one again, window by window. */
static void
test_return (void)
{
  g_autofree AriettaPlanWindow *plan = arietta_plan_new (8);

  g_assert_cmpuint (plan[6].source, ==, 0);
  g_assert_cmpuint (plan[7].source, ==, 1);
  g_assert_cmpfloat (plan[6].distance, <, plan[7].distance);
  g_assert_cmpstr (arietta_plan_get_name (8, plan[7].section), ==, "A″");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/studio/plan/four-windows", test_four_windows);
  g_test_add_func ("/studio/plan/all-joined", test_all_joined);
  g_test_add_func ("/studio/plan/return", test_return);
  return g_test_run ();
}
