#include "music/arietta-tap.h"

static void
test_tap (void)
{
  AriettaTap tap = { 0 };
  gint64 now = G_USEC_PER_SEC;
  double tempo = 0;

  g_assert_cmpfloat (arietta_tap_add (&tap, now), ==, 0);
  for (guint i = 0; i < 20; i++)
    tempo = arietta_tap_add (&tap, now += i == 15 ? 560000 : 500000);   /* one is late */
  g_assert_cmpfloat_with_epsilon (tempo, 120, 0.01);

  /* A new tempo is found within the taps that are kept. */
  for (guint i = 0; i < ARIETTA_TAP_KEPT; i++)
    tempo = arietta_tap_add (&tap, now += 300000);
  g_assert_cmpfloat_with_epsilon (tempo, 200, 0.01);

  g_assert_cmpfloat (arietta_tap_add (&tap, now += 5000000), ==, 0);
  g_assert_cmpfloat_with_epsilon (arietta_tap_add (&tap, now += 1000000), 60, 0.01);
  /* A clock that ran back. */
  g_assert_cmpfloat (arietta_tap_add (&tap, 0), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/tap", test_tap);
  return g_test_run ();
}
