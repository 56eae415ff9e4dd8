#include "analysis-fixtures.h"

#include "analysis/arietta-musegan.h"

static void
measure (const Note     *notes,
         AriettaMusegan *musegan)
{
  g_autoptr(AriettaPiece) piece = make_piece (notes);
  AriettaMuseganAccount   account = { 0 };
  AriettaRandom           random;

  arietta_random_init (&random, 1, "musegan");
  arietta_musegan_add (&account, piece, &random);
  arietta_musegan_finish (&account, musegan);
}

/* Four bars, the second empty: C E G C; -; C; D E. */
static void
test_bars (void)
{
  static const Note notes[] = {
    { 0, 4, 60 }, { 4, 4, 64 }, { 8, 4, 67 }, { 12, 4, 72 },
    { 32, 4, 60 }, { 48, 4, 62 }, { 52, 12, 64 }, { 0 },
  };
  AriettaMusegan m;

  measure (notes, &m);
  g_assert_cmpfloat (m.empty_bars, ==, 0.25);
  g_assert_cmpfloat (m.pitch_classes, ==, (3 + 0 + 1 + 2) / 4.0);
  g_assert_cmpfloat (m.qualified_notes, ==, 1.0);
  g_assert_true (isnan (m.drum_pattern));
  g_assert_true (isnan (m.tonal_distance));
}

/* A step is 20 ticks here: notes of 1, 2, 3 and 4 steps. Two in four are long enough. */
static void
test_qualified (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  AriettaMuseganAccount   account = { 0 };
  AriettaMusegan          m;
  AriettaRandom           random;

  for (int i = 0; i < 4; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = 240 * i, .pitch = 60, .velocity = 80,
                                                    .duration_ticks = 20 * (i + 1) });
  arietta_piece_freeze (piece);
  arietta_random_init (&random, 1, "musegan");
  arietta_musegan_add (&account, piece, &random);
  arietta_musegan_finish (&account, &m);
  g_assert_cmpfloat (m.qualified_notes, ==, 0.5);
}

/* On a sixteenth, a step after, a step before the next, and midway: (1 + 0.1 + 0.1 + 0) / 4. */
static void
test_drums (void)
{
  static const int        ticks[] = { 0, 140, 340, 540 };
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  AriettaMuseganAccount   account = { 0 };
  AriettaMusegan          m;
  AriettaRandom           random;

  for (int i = 0; i < 4; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = ticks[i], .pitch = 38,
                                                    .velocity = 80, .duration_ticks = 20,
                                                    .channel = 9 });
  arietta_piece_freeze (piece);
  arietta_random_init (&random, 1, "musegan");
  arietta_musegan_add (&account, piece, &random);
  arietta_musegan_finish (&account, &m);
  g_assert_cmpfloat_with_epsilon (m.drum_pattern, 0.3, 1e-9);
  g_assert_true (isnan (m.empty_bars));
}

/* The same pitch class in both parts is at no distance.  C against F sharp: half round all three
 * circles of fifths and minor thirds, and in the same place of that of major thirds: 7 pi and 9 pi
 * are half turns, 4 pi a whole one, so sqrt (2^2 + 2^2). */
static void
test_distance (void)
{
  static const Note same[] = { { 0, 16, 60, 0 }, { 0, 16, 48, 1 }, { 0 } };
  static const Note far[] = { { 0, 16, 60, 0 }, { 0, 16, 54, 1 }, { 0 } };
  static const Note apart[] = { { 0, 8, 60, 0 }, { 8, 8, 54, 1 }, { 0 } };
  AriettaMusegan m;

  measure (same, &m);
  g_assert_cmpfloat_with_epsilon (m.tonal_distance, 0.0, 1e-9);
  measure (far, &m);
  g_assert_cmpfloat_with_epsilon (m.tonal_distance, sqrt (8.0), 1e-9);
  /* Never together: nothing to measure, and no division by a silent beat. */
  measure (apart, &m);
  g_assert_true (isnan (m.tonal_distance));
}

/* Bars in unison: any other order is further. */
static void
test_shuffled (void)
{
  Note           notes[33] = { 0 };
  AriettaMusegan m;

  for (int b = 0; b < 16; b++)
    {
      notes[2 * b] = (Note) { 16 * b, 16, 60 + b * 7 % 12, 0 };
      notes[2 * b + 1] = (Note) { 16 * b, 16, 48 + b * 7 % 12, 1 };
    }
  measure (notes, &m);
  g_assert_cmpfloat_with_epsilon (m.tonal_distance, 0.0, 1e-9);
  g_assert_cmpfloat (m.tonal_distance_shuffled, >, 0.5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/musegan/bars", test_bars);
  g_test_add_func ("/musegan/qualified", test_qualified);
  g_test_add_func ("/musegan/drums", test_drums);
  g_test_add_func ("/musegan/distance", test_distance);
  g_test_add_func ("/musegan/shuffled", test_shuffled);

  return g_test_run ();
}
