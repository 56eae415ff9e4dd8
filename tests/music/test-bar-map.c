#include "music/arietta-bar-map.h"

/* A row reads as music: metres as { tick, numerator, denominator }, then the bars that follow. */
typedef struct
{
  const char *name;
  int         ticks_per_quarter;
  gint64      end;
  struct { gint64 tick; int numerator, denominator; } meters[4];
  gboolean    pickup;
  guint       n_bars;
  gint64      starts[6];
} Case;

static const Case CASES[] = {
  { "nothing", 480, 0, {{ 0 }}, FALSE, 1, { 0 } },
  { "common-time", 480, 1921, {{ 0 }}, FALSE, 2, { 0, 1920 } },
  { "ends-on-the-line", 480, 3840, {{ 0 }}, FALSE, 2, { 0, 1920 } },
  { "six-eight", 480, 3000, {{ 0, 6, 8 }}, FALSE, 3, { 0, 1440, 2880 } },
  { "five-four", 96, 1000, {{ 0, 5, 4 }}, FALSE, 3, { 0, 480, 960 } },
  { "pickup-cut-short", 480, 2500, {{ 0, 4, 4 }, { 480, 4, 4 }}, TRUE, 3, { 0, 480, 2400 } },
  { "pickup-of-the-default", 480, 2500, {{ 480, 3, 4 }}, TRUE, 3, { 0, 480, 1920 } },
  { "pickup-written-out", 480, 2000, {{ 0, 1, 8 }, { 240, 3, 8 }}, TRUE, 4, { 0, 240, 960, 1680 } },
  { "no-pickup", 480, 3000, {{ 0, 4, 4 }, { 1920, 3, 4 }}, FALSE, 2, { 0, 1920 } },
  { "change-within-a-bar", 480, 5000, {{ 0, 4, 4 }, { 2400, 3, 4 }}, FALSE, 4,
    { 0, 1920, 2400, 3840 } },
  { "change-at-the-end", 480, 1920, {{ 0, 4, 4 }, { 1920, 3, 4 }}, FALSE, 1, { 0 } },
  { "seven-eight-at-89", 89, 900, {{ 0, 7, 8 }}, FALSE, 3, { 0, 311, 623 } },
  { "bar-under-a-tick", 1, 3, {{ 0, 1, 32 }}, FALSE, 3, { 0, 1, 2 } },
};

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_autoptr(AriettaPiece) piece = arietta_piece_new (row->ticks_per_quarter);
  g_autoptr(AriettaBarMap) map = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (row->meters) && row->meters[i].numerator > 0; i++)
    arietta_piece_set_meter (piece, row->meters[i].tick, row->meters[i].numerator,
                             row->meters[i].denominator);
  arietta_track_set_end_ticks (arietta_piece_add_track (piece, NULL), row->end);
  map = arietta_bar_map_new (piece);

  g_assert_cmpuint (arietta_bar_map_get_n (map), ==, row->n_bars);
  g_assert_cmpint (arietta_bar_map_has_pickup (map), ==, row->pickup);
  for (guint i = 0; i < row->n_bars; i++)
    {
      const AriettaBar *bar = arietta_bar_map_get_nth (map, i);

      g_assert_cmpint (bar->start_ticks, ==, row->starts[i]);
      g_assert_cmpint (arietta_bar_map_get_start (map, i), ==, row->starts[i]);
      g_assert_cmpuint (arietta_bar_map_find (map, bar->start_ticks), ==, i);
      g_assert_cmpuint (arietta_bar_map_find (map, bar->start_ticks + bar->length_ticks - 1), ==, i);
      if (i > 0)
        g_assert_cmpint (row->starts[i - 1] + bar[-1].length_ticks, ==, row->starts[i]);
    }
}

static void
test_past_the_end (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaBarMap) map = NULL;

  arietta_piece_set_meter (piece, 1920, 3, 4);
  map = arietta_bar_map_new (piece);

  g_assert_cmpuint (arietta_bar_map_get_n (map), ==, 1);
  g_assert_cmpint (arietta_bar_map_get_start (map, 3), ==, 1920 + 2 * 1440);
  g_assert_cmpuint (arietta_bar_map_find (map, 1920 + 2 * 1440), ==, 3);
  g_assert_cmpuint (arietta_bar_map_find (map, 1920 + 2 * 1440 - 1), ==, 2);
}

static void
test_odd_bars_add_no_error (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (89);
  g_autoptr(AriettaBarMap) map = NULL;

  arietta_piece_set_meter (piece, 0, 7, 8);
  arietta_track_set_end_ticks (arietta_piece_add_track (piece, NULL), 311500);
  map = arietta_bar_map_new (piece);

  g_assert_cmpuint (arietta_bar_map_get_n (map), ==, 1000);
  for (guint i = 0; i < 3000; i++)
    {
      g_assert_cmpint (arietta_bar_map_get_start (map, i), ==, (gint64) i * 7 * 89 / 2);
      g_assert_cmpuint (arietta_bar_map_find (map, arietta_bar_map_get_start (map, i)), ==, i);
    }
}

static void
test_a_million_bars_at_most (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (1);
  g_autoptr(AriettaBarMap) map = NULL;

  arietta_piece_set_meter (piece, 0, 1, 128);
  arietta_track_set_end_ticks (arietta_piece_add_track (piece, NULL), 0x0FFFFFFF);
  map = arietta_bar_map_new (piece);

  g_assert_cmpuint (arietta_bar_map_get_n (map), ==, 1000000);
  g_assert_cmpuint (arietta_bar_map_find (map, 0x0FFFFFFF), ==, 0x0FFFFFFF);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *path = g_strconcat ("/music/bar-map/", CASES[i].name, NULL);

      g_test_add_data_func (path, &CASES[i], test_case);
    }
  g_test_add_func ("/music/bar-map/past-the-end", test_past_the_end);
  g_test_add_func ("/music/bar-map/odd-bars", test_odd_bars_add_no_error);
  g_test_add_func ("/music/bar-map/million", test_a_million_bars_at_most);
  return g_test_run ();
}
