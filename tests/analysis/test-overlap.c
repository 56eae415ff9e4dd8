#include "analysis-fixtures.h"

#include "analysis/arietta-overlap.h"

static const Note tune[] = {
  { 0, 4, 60 }, { 4, 4, 64 }, { 8, 4, 67 }, { 12, 4, 64 },
  { 16, 4, 62 }, { 20, 4, 59 }, { 24, 8, 60 }, { 0 },
};

static void
test_values (void)
{
  /* C and E twice of seven, G, D and B once. */
  static const double expected[ARIETTA_OVERLAP_N] = {
    436.0 / 7.0, 8.0 / 7.0, 16.0 / 6.0, 1.0, 7.0, 2.2359264, 1.0, 15.0 / 16.0,
  };
  g_autoptr(AriettaPiece)      piece = make_piece (tune);
  g_autoptr(AriettaOverlapSet) set = arietta_overlap_set_new ();

  g_assert_cmpuint (arietta_overlap_set_add (set, piece), ==, 1);
  for (guint f = 0; f < ARIETTA_OVERLAP_N; f++)
    g_assert_cmpfloat_with_epsilon (arietta_overlap_set_get_value (set, 0, f), expected[f], 1e-6);
}

static void
test_undefined (void)
{
  static const Note one[] = { { 4, 4, 61 }, { 40, 4, 61 }, { 0 } };
  static const Note drums[] = { { 0, 1, 36, 9 }, { 8, 1, 38, 9 }, { 16, 1, 36, 9 }, { 24, 1, 38, 9 },
                                { 0 } };
  g_autoptr(AriettaPiece)      lonely = make_piece (one);
  g_autoptr(AriettaPiece)      beat = make_piece (drums);
  g_autoptr(AriettaOverlapSet) set = arietta_overlap_set_new ();

  /* Three bars: a window, and a bar that is none. */
  g_assert_cmpuint (arietta_overlap_set_add (set, lonely), ==, 1);
  g_assert_true (isnan (arietta_overlap_set_get_value (set, 0, ARIETTA_OVERLAP_INTERVAL)));
  g_assert_true (isnan (arietta_overlap_set_get_value (set, 0, ARIETTA_OVERLAP_INTER_ONSET)));
  g_assert_cmpfloat (arietta_overlap_set_get_value (set, 0, ARIETTA_OVERLAP_DENSITY), ==, 1.0);

  g_assert_cmpuint (arietta_overlap_set_add (set, beat), ==, 1);
  g_assert_true (isnan (arietta_overlap_set_get_value (set, 1, ARIETTA_OVERLAP_PITCH)));
  g_assert_cmpfloat (arietta_overlap_set_get_value (set, 1, ARIETTA_OVERLAP_INTER_ONSET), ==, 2.0);
  g_assert_cmpfloat (arietta_overlap_set_get_value (set, 1, ARIETTA_OVERLAP_GROOVE), ==, 1.0);
}

static void
add_height (AriettaOverlapSet *set,
            int                pitch)
{
  const Note              notes[] = { { 0, 4, pitch }, { 16, 16, pitch }, { 0 } };
  g_autoptr(AriettaPiece) piece = make_piece (notes);

  arietta_overlap_set_add (set, piece);
}

/* Two heights 40 apart.  Within the data the one distance is 40, of whose kernel the half up to 40
 * counts; between the sets it is 0, 40, 40, 0, so half the weight lies at 0, folded, and of the
 * other half a half counts: a quarter in common. */
static void
test_area (void)
{
  g_autoptr(AriettaOverlapSet) data = arietta_overlap_set_new ();
  g_autoptr(AriettaOverlapSet) others = arietta_overlap_set_new ();
  AriettaOverlap               overlap;

  add_height (data, 40);
  add_height (data, 80);
  add_height (others, 40);
  add_height (others, 80);
  arietta_overlap_measure (data, others, &overlap);
  g_assert_cmpfloat_with_epsilon (overlap.area[ARIETTA_OVERLAP_PITCH], 0.25, 0.02);
  /* All windows agree in what is not pitch. */
  for (guint f = ARIETTA_OVERLAP_DURATION; f < ARIETTA_OVERLAP_N; f++)
    g_assert_cmpfloat (overlap.area[f], ==, 1.0);
  g_assert_cmpfloat_with_epsilon (overlap.mean, (overlap.area[0] + 7.0) / 8.0, 1e-9);

  /* 40 within and 20 between have nothing in common. */
  g_clear_pointer (&others, arietta_overlap_set_free);
  others = arietta_overlap_set_new ();
  add_height (others, 60);
  arietta_overlap_measure (data, others, &overlap);
  g_assert_cmpfloat (overlap.area[ARIETTA_OVERLAP_PITCH], <, 0.01);
}

/* Scales up and down in two keys far apart: halves agree, shuffled notes do not. */
static void
test_control (void)
{
  static const int             scale[] = { 60, 62, 64, 65, 67, 69, 71, 72 };
  g_autoptr(AriettaOverlapSet) data = arietta_overlap_set_new ();
  g_autoptr(AriettaOverlapSet) shuffled = NULL;
  AriettaOverlap               ceiling, control;
  AriettaRandom                random;

  for (int p = 0; p < 40; p++)
    {
      Note                    notes[9] = { 0 };
      g_autoptr(AriettaPiece) piece = NULL;

      for (int i = 0; i < 8; i++)
        notes[i] = (Note) { 4 * i, 4, scale[p % 8 < 4 ? i : 7 - i] + 6 * (p / 2 % 2) };
      piece = make_piece (notes);
      g_assert_cmpuint (arietta_overlap_set_add (data, piece), ==, 1);
    }

  arietta_random_init (&random, 1, "control");
  shuffled = arietta_overlap_set_shuffle (data, &random);
  g_assert_cmpuint (arietta_overlap_set_get_n (shuffled), ==, 40);
  for (guint w = 0; w < 40; w++)
    g_assert_cmpfloat (arietta_overlap_set_get_value (shuffled, w, ARIETTA_OVERLAP_DENSITY), ==, 8.0);

  arietta_overlap_measure_ceiling (data, &ceiling);
  arietta_overlap_measure (data, shuffled, &control);
  g_assert_cmpfloat (ceiling.mean, >, 0.95);
  g_assert_cmpfloat (control.area[ARIETTA_OVERLAP_INTERVAL], <, 0.3);
  g_assert_cmpfloat (control.area[ARIETTA_OVERLAP_SCALE], <, 0.5);
  g_assert_cmpfloat (control.mean, <, ceiling.mean - 0.1);
}

static void
test_too_little (void)
{
  g_autoptr(AriettaOverlapSet) data = arietta_overlap_set_new ();
  g_autoptr(AriettaOverlapSet) others = arietta_overlap_set_new ();
  AriettaOverlap               overlap;

  arietta_overlap_measure (data, others, &overlap);
  g_assert_true (isnan (overlap.mean));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overlap/values", test_values);
  g_test_add_func ("/overlap/undefined", test_undefined);
  g_test_add_func ("/overlap/area", test_area);
  g_test_add_func ("/overlap/control", test_control);
  g_test_add_func ("/overlap/too-little", test_too_little);

  return g_test_run ();
}
