#include "audio/arietta-loudness.h"

#include <math.h>

static void
add_sine (AriettaLoudness *loudness,
          int              rate,
          double           seconds,
          double           hz,
          double           left,
          double           right)
{
  guint n = rate * seconds;
  g_autofree float *frames = g_new (float, 2 * n);

  for (guint i = 0; i < n; i++)
    {
      double s = sin (2 * G_PI * hz * i / rate);

      frames[2 * i] = left * s;
      frames[2 * i + 1] = right * s;
    }
  arietta_loudness_add (loudness, frames, n);
}

static double
from_db (double db)
{
  return pow (10, db / 20);
}

/* The figures BS.1770 and EBU Tech 3341 name. */
static void
test_sines (void)
{
  static const struct
  {
    int    rate;
    double hz;
    double left_db;
    double right_db;
    double lufs;
    double within;
  } cases[] = {
    { 48000, 997, 0, -200, -3.01, 0.01 },
    { 44100, 997, 0, -200, -3.01, 0.02 },
    { 48000, 1000, -23, -23, -23.0, 0.05 },
    { 44100, 1000, -33, -33, -33.0, 0.05 },
    /* The response of BS.1770's tabulated 48 kHz filters there, from their coefficients. */
    { 48000, 100, -20, -20, -20 - 0.691 - 1.1335, 0.01 },
    { 48000, 10000, -20, -20, -20 - 0.691 + 4.0419, 0.01 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(AriettaLoudness) loudness = arietta_loudness_new (cases[i].rate);

      add_sine (loudness, cases[i].rate, 5, cases[i].hz, from_db (cases[i].left_db), from_db (cases[i].right_db));
      g_assert_cmpfloat_with_epsilon (arietta_loudness_get (loudness), cases[i].lufs, cases[i].within);
    }
}

static void
test_gates (void)
{
  g_autoptr(AriettaLoudness) loudness = arietta_loudness_new (44100);

  /* EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36. */
  add_sine (loudness, 44100, 10, 1000, from_db (-36), from_db (-36));
  add_sine (loudness, 44100, 60, 1000, from_db (-23), from_db (-23));
  add_sine (loudness, 44100, 10, 1000, from_db (-36), from_db (-36));
  g_assert_cmpfloat_with_epsilon (arietta_loudness_get (loudness), -23.0, 0.1);

  /* Silence does not count either. */
  add_sine (loudness, 44100, 60, 1000, 0, 0);
  g_assert_cmpfloat_with_epsilon (arietta_loudness_get (loudness), -23.0, 0.1);
  g_assert_cmpfloat_with_epsilon (arietta_loudness_get_peak (loudness), -23.0, 0.01);
}

static void
test_little (void)
{
  g_autoptr(AriettaLoudness) none = arietta_loudness_new (44100);
  g_autoptr(AriettaLoudness) silence = arietta_loudness_new (44100);
  g_autoptr(AriettaLoudness) blip = arietta_loudness_new (44100);

  g_assert_cmpfloat (arietta_loudness_get (none), ==, ARIETTA_SILENCE_DB);
  g_assert_cmpfloat (arietta_loudness_get_peak (none), ==, ARIETTA_SILENCE_DB);

  add_sine (silence, 44100, 2, 1000, 0, 0);
  g_assert_cmpfloat (arietta_loudness_get (silence), ==, ARIETTA_SILENCE_DB);

  add_sine (blip, 44100, 0.25, 1000, 0.1, 0.1);
  g_assert_cmpfloat_with_epsilon (arietta_loudness_get (blip), -20.0, 0.2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/loudness/sines", test_sines);
  g_test_add_func ("/audio/loudness/gates", test_gates);
  g_test_add_func ("/audio/loudness/little", test_little);
  return g_test_run ();
}
