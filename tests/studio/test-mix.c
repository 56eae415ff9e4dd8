#include "studio-fixtures.h"

#include "studio/arietta-mix-search.h"

static AriettaMixSearch *
search (const Studio       *studio,
        AriettaPiece       *source,
        const char * const *styles,
        guint               n_styles)
{
  static const double halves[] = { 0.5, 0.5, 0.5 };
  g_autoptr(GError)   error = NULL;
  AriettaMixSearch   *found = arietta_mix_search_new (studio->model, source, NULL, styles, halves,
                                                      n_styles, NULL, 1, NULL, &error);

  g_assert_no_error (error);
  return found;
}

/* More strength of one style never gives less of it, and never keeps more of the piece once more
 * has arrived. */
static void
test_strength (gconstpointer data)
{
  static const char * const styles[] = { "odd", NULL };
  const Studio             *studio = data;
  double                    furthest = 0.0;

  for (guint tune = 0; tune < 4; tune++)
    {
      g_autoptr(AriettaPiece)     source = fixture_tune (20 + tune, 4, 4, 8, 0);
      g_autoptr(AriettaMixSearch) ways = search (studio, source, styles, 1);
      const double                weight = 1.0;
      double                      last = 0.0, plain;

      g_assert_cmpuint (arietta_mix_search_choose (ways, &weight, 0.0), ==, 0);
      last = plain = arietta_mix_search_get_nth (ways, 0)->chances[0];
      for (double strength = 0.1; strength <= 3.0; strength += 0.1)
        {
          guint  best = arietta_mix_search_choose (ways, &weight, strength);
          double chance = arietta_mix_search_get_nth (ways, best)->chances[0];

          g_assert_cmpfloat (chance, >=, last);
          last = chance;
        }
      furthest = MAX (furthest, last - plain);
    }
  g_assert_cmpfloat (furthest, >, 0.02);
}

static void
test_weights (gconstpointer data)
{
  static const char * const   styles[] = { "even", "odd", NULL };
  const Studio               *studio = data;
  g_autoptr(AriettaPiece)     source = fixture_tune (31, 4, 4, 8, 0);
  g_autoptr(AriettaMixSearch) ways = search (studio, source, styles, 2);
  double                      weights[2] = { 0.0, 0.3 }, last = 0.0;

  for (; weights[0] <= 1.0; weights[0] += 0.1)
    {
      guint  best = arietta_mix_search_choose (ways, weights, 1.0);
      double chance = arietta_mix_search_get_nth (ways, best)->chances[0];

      g_assert_cmpfloat (chance, >=, last);
      last = chance;
    }
}

/* Silence in the middle, a pickup and another tempo: what comes back stands where the source stood. */
static void
test_places (gconstpointer data)
{
  static const char * const   styles[] = { "odd", NULL };
  const Studio               *studio = data;
  g_autoptr(AriettaPiece)     tune = fixture_tune (5, 3, 4, 4, 4);
  g_autoptr(AriettaPiece)     source = arietta_piece_new (240);
  g_autoptr(AriettaMixSearch) ways = NULL;
  AriettaTrack               *track = arietta_piece_add_track (source, "Melody");
  const gint64                gap_from = 240 + 4 * 720, gap = 6 * 720;
  guint                       n;
  const AriettaNote          *notes =
    arietta_track_get_notes (arietta_piece_get_track (tune, 0), &n);

  arietta_piece_set_tempo (source, 0, 400000);
  arietta_piece_set_meter (source, 0, 3, 4);
  arietta_piece_set_meter (source, 240, 3, 4);
  for (guint half = 0; half < 2; half++)
    for (guint i = 0; i < n; i++)
      {
        AriettaNote note = notes[i];

        note.onset_ticks /= 2;
        note.duration_ticks /= 2;
        if (half == 1)
          note.onset_ticks += gap_from + gap - 240;
        if (half == 0 || note.onset_ticks >= gap_from + gap)
          arietta_track_add_note (track, &note);
      }
  arietta_piece_freeze (source);

  ways = search (studio, source, styles, 1);
  for (guint c = 0; c < arietta_mix_search_get_n (ways); c++)
    {
      AriettaPiece       *piece = arietta_mix_search_get_nth (ways, c)->piece;
      guint               n_found, inside = 0, after = 0;
      const AriettaNote  *found =
        arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n_found);
      guint               n_tempos;
      const AriettaTempo *tempos = arietta_piece_get_tempos (piece, &n_tempos);

      g_assert_cmpuint (n_tempos, ==, 1);
      g_assert_cmpuint (tempos[0].us_per_quarter, ==, 400000);
      g_assert_cmpint (arietta_piece_get_meter_at (piece, 5000).numerator, ==, 3);
      for (guint i = 0; i < n_found; i++)
        {
          gint64 end = found[i].onset_ticks + found[i].duration_ticks;

          /* At 480 to the quarter. */
          inside += end > 2 * gap_from && found[i].onset_ticks < 2 * (gap_from + gap - 1440);
          after += found[i].onset_ticks >= 2 * (gap_from + gap);
        }
      g_assert_cmpuint (inside, ==, 0);
      g_assert_cmpuint (after, >, 0);
    }
}

static void
add_tests (Studio *studio)
{
  g_test_add_data_func ("/studio/mix/strength", studio, test_strength);
  g_test_add_data_func ("/studio/mix/weights", studio, test_weights);
  g_test_add_data_func ("/studio/mix/places", studio, test_places);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
