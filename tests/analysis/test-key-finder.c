#include "analysis/arietta-key-finder.h"

/* Tunes as semitones above their tonic, a quarter each, ending on it. */
static const int major_tune[] = { 0, 2, 4, 5, 7, 7, 9, 7, 5, 4, 2, 4, 0, 11, 0 };
static const int minor_tune[] = { 0, 2, 3, 5, 7, 8, 7, 5, 3, 2, 0, 11, 0, 7, 0 };

static AriettaPiece *
make_piece (const int *tune,
            guint      n,
            int        tonic)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");

  for (guint i = 0; i < n; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 480 * i,
                                                    .duration_ticks = 480,
                                                    .pitch = (guint8) (60 + tonic + tune[i]),
                                                    .velocity = 80 });

  return piece;
}

static void
test_every_key (void)
{
  for (int tonic = 0; tonic < 12; tonic++)
    {
      g_autoptr(AriettaPiece) major = make_piece (major_tune, G_N_ELEMENTS (major_tune), tonic);
      g_autoptr(AriettaPiece) minor = make_piece (minor_tune, G_N_ELEMENTS (minor_tune), tonic);
      double                  confidence;
      AriettaTonality         key = arietta_key_finder_estimate (major, &confidence);

      g_assert_cmpint (key.tonic, ==, tonic);
      g_assert_cmpint (key.scale, ==, ARIETTA_SCALE_MAJOR);
      g_assert_cmpfloat (confidence, >, 0.1);
      g_assert_cmpfloat (confidence, <=, 1.0);

      key = arietta_key_finder_estimate (minor, &confidence);
      g_assert_cmpint (key.tonic, ==, tonic);
      g_assert_cmpint (key.scale, ==, ARIETTA_SCALE_MINOR);
    }
}

static void
test_nothing (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  double                  confidence = 1.0;

  g_assert_cmpint (arietta_key_finder_estimate (piece, &confidence).tonic, ==, -1);
  g_assert_cmpfloat (confidence, ==, 0.0);

  /* Percussion has no key. */
  arietta_track_add_note (arietta_piece_add_track (piece, ""),
                          &(AriettaNote) {
                            .duration_ticks = 10, .pitch = 40, .velocity = 80, .channel = 9 });
  g_assert_cmpint (arietta_key_finder_estimate (piece, NULL).tonic, ==, -1);
}

/* Notes that fit C major and G major alike: a signature of one sharp decides. */
static void
test_signature (void)
{
  static const int        tune[] = { 7, 9, 11, 12, 14, 16, 14, 12, 11, 14 };
  g_autoptr(AriettaPiece) piece = make_piece (tune, G_N_ELEMENTS (tune), 0);

  arietta_piece_set_key (piece, 0, 1, FALSE);
  g_assert_cmpint (arietta_tonality_get_sharps (arietta_key_finder_estimate (piece, NULL)), ==, 1);
}

/* All twelve alike: no key is ahead of the others. */
static void
test_flat_profile (void)
{
  double          weights[12], confidence;
  AriettaTonality key;

  for (int c = 0; c < 12; c++)
    weights[c] = 1.0;
  key = arietta_key_finder_estimate_profile (weights, -1, &confidence);
  g_assert_cmpint (key.tonic, >=, 0);
  g_assert_cmpfloat (confidence, <, 0.01);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/key-finder/every-key", test_every_key);
  g_test_add_func ("/analysis/key-finder/nothing", test_nothing);
  g_test_add_func ("/analysis/key-finder/signature", test_signature);
  g_test_add_func ("/analysis/key-finder/flat-profile", test_flat_profile);

  return g_test_run ();
}
