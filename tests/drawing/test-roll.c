#include <glib/gstdio.h>
#include <string.h>

#include "base/arietta-random.h"
#include "drawing/arietta-drawing-error.h"
#include "drawing/arietta-roll.h"

static AriettaPiece *
random_piece (guint n_notes,
              guint seed)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaRandom random;

  arietta_random_init (&random, seed, "test-roll");
  for (int t = 0; t < 3; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");

      for (guint i = 0; i < n_notes / 3; i++)
        {
          AriettaNote note = {
            .onset_ticks = (gint64) arietta_random_below (&random, 480 * 4 * 50),
            .duration_ticks = (gint64) arietta_random_below (&random, i % 50 == 0 ? 20000 : 960),
            .pitch = 36 + (guint8) arietta_random_below (&random, 48),
            .velocity = 1 + (guint8) arietta_random_below (&random, 127),
            .channel = t == 2 ? 9 : t,
          };

          arietta_track_add_note (track, &note);
        }
    }

  return arietta_piece_freeze (piece);
}

static void
count_cb (const AriettaNote *note,
          guint              track,
          guint              hue,
          gpointer           user_data)
{
  guint *count = user_data;

  *count += 1;
}

/* The index against looking at every note. */
static void
test_index (void)
{
  g_autoptr(AriettaPiece) piece = random_piece (3000, 1);
  g_autoptr(AriettaRollIndex) index = arietta_roll_index_new (piece);

  for (gint64 start = -500; start < 480 * 4 * 60; start += 1237)
    {
      gint64 end = start + 1 + start % 977 * (start % 977 > 0);
      guint expected = 0, found = 0;

      for (guint t = 0; t < arietta_piece_get_n_tracks (piece); t++)
        {
          guint n;
          const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, t), &n);

          for (guint i = 0; i < n; i++)
            expected += notes[i].onset_ticks < end
                        && notes[i].onset_ticks + MAX (notes[i].duration_ticks, 1) > start;
        }
      arietta_roll_index_foreach (index, start, end, count_cb, &found);
      g_assert_cmpuint (found, ==, expected);
    }
}

static void
tell_hue_cb (const AriettaNote *note,
             guint              track,
             guint              hue,
             gpointer           user_data)
{
  AriettaPiece *piece = user_data;

  g_assert_cmpuint (hue, ==, arietta_roll_get_track_hue (piece, track));
  g_assert_cmpuint (hue, ==, track - 1);
}

/* Tempos and titles take no colour; a track somebody added does before it has a note. */
static void
test_hues (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaRollIndex) index = NULL;
  const AriettaNote note = { 0, 480, 60, 80, 64, 0, 0, 0 };

  arietta_piece_add_track (piece, "A Title");
  arietta_track_add_note (arietta_piece_add_track (piece, ""), &note);
  arietta_track_add_event (arietta_piece_add_track (piece, ""), 0, 0xC1, 40, 0, NULL, 0);
  arietta_track_add_note (arietta_piece_add_track (piece, ""), &note);
  arietta_piece_freeze (piece);
  index = arietta_roll_index_new (piece);
  arietta_roll_index_foreach (index, 0, 480, tell_hue_cb, piece);
  g_assert_cmpuint (arietta_roll_get_track_hue (piece, 2), ==, 1);
}

static guint32
pixel (cairo_surface_t *surface,
       int              x,
       int              y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);

  return *(const guint32 *) (data + y * cairo_image_surface_get_stride (surface) + 4 * x);
}

/* A note stands where its time and pitch say, in its track's colour. */
static void
test_places (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaNote note = { .onset_ticks = 480, .duration_ticks = 480, .pitch = 60, .velocity = 127 };
  AriettaRollView view = { .start_ticks = 0, .pixels_per_tick = 0.1, .top_pitch = 64,
                           .pixels_per_pitch = 10, .width = 200, .height = 100 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 200, 100);
  cairo_t *cr = cairo_create (surface);
  AriettaColor hue = arietta_palette_get_light ()->hues[0];

  arietta_track_add_note (arietta_piece_add_track (piece, ""), &note);
  arietta_piece_freeze (piece);
  arietta_roll_draw_notes (piece, &view, cr, arietta_palette_get_light ());
  cairo_surface_flush (surface);

  g_assert_cmpint ((pixel (surface, 60, 45) >> 16) & 0xff, ==, (int) (hue.red * 255 + 0.5));
  g_assert_cmpint (pixel (surface, 60, 45) & 0xff, ==, (int) (hue.blue * 255 + 0.5));
  g_assert_cmphex (pixel (surface, 40, 45), ==, 0);
  g_assert_cmphex (pixel (surface, 100, 45), ==, 0);
  g_assert_cmphex (pixel (surface, 60, 35), ==, 0);
  g_assert_cmphex (pixel (surface, 60, 55), ==, 0);

  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Tiles put side by side are the whole: nothing depends on where a view begins. */
static void
test_tiles (void)
{
  g_autoptr(AriettaPiece) piece = random_piece (600, 2);
  AriettaRollView whole = { .start_ticks = 0, .pixels_per_tick = 0.0625, .top_pitch = 90,
                            .pixels_per_pitch = 8, .width = 256, .height = 256 };
  cairo_surface_t *one = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 256, 256);
  cairo_surface_t *four = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 256, 256);
  cairo_t *cr = cairo_create (one);
  int differing = 0;

  arietta_roll_draw_grid (piece, &whole, cr, arietta_palette_get_dark ());
  arietta_roll_draw_notes (piece, &whole, cr, arietta_palette_get_dark ());
  cairo_destroy (cr);

  cr = cairo_create (four);
  for (int k = 0; k < 4; k++)
    {
      AriettaRollView part = whole;

      part.width = part.height = 128;
      part.start_ticks = k % 2 * 2048;
      part.top_pitch -= k / 2 * 16;
      cairo_save (cr);
      cairo_translate (cr, k % 2 * 128, k / 2 * 128);
      arietta_roll_draw_grid (piece, &part, cr, arietta_palette_get_dark ());
      arietta_roll_draw_notes (piece, &part, cr, arietta_palette_get_dark ());
      cairo_restore (cr);
    }
  cairo_destroy (cr);
  cairo_surface_flush (one);
  cairo_surface_flush (four);

  for (int y = 0; y < 256; y++)
    for (int x = 0; x < 256; x++)
      for (int shift = 0; shift < 32; shift += 8)
        if (ABS ((int) ((pixel (one, x, y) >> shift) & 0xff) - (int) ((pixel (four, x, y) >> shift) & 0xff)) > 12)
          {
            differing++;
            break;
          }
  g_assert_cmpint (differing, <, 64);
  cairo_surface_destroy (one);
  cairo_surface_destroy (four);
}

static void
test_save (void)
{
  g_autoptr(AriettaPiece) piece = random_piece (900, 3);
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("arietta-roll-XXXXXX", &error);
  g_autofree char *png = g_build_filename (folder, "a.png", NULL);
  g_autofree char *svg = g_build_filename (folder, "a.SVG", NULL);
  g_autofree char *text = NULL;
  cairo_surface_t *surface;

  g_assert_no_error (error);
  g_assert_true (arietta_roll_save (piece, png, &error));
  g_assert_no_error (error);
  surface = cairo_image_surface_create_from_png (png);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 1600);
  g_assert_cmpint (cairo_image_surface_get_height (surface), >, 300);
  cairo_surface_destroy (surface);

  g_assert_true (arietta_roll_save (piece, svg, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (svg, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg"));

  g_unlink (png);
  g_unlink (svg);
  g_rmdir (folder);
}

/* A piece of an hour, and one that holds a single note for ever, still make a picture of bounded size. */
static void
test_save_long (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("arietta-roll-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "long.png", NULL);

  for (int k = 0; k < 2; k++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
      AriettaTrack *track = arietta_piece_add_track (piece, "");
      cairo_surface_t *surface;

      for (int i = 0; i < 2000; i++)
        {
          AriettaNote note = { .onset_ticks = (gint64) i * 3600, .duration_ticks = 960,
                               .pitch = (guint8) (i % 128), .velocity = 80 };

          if (k == 1 && i == 0)
            note.duration_ticks = G_GINT64_CONSTANT (480) * 4 * 100000;
          arietta_track_add_note (track, &note);
        }
      arietta_piece_freeze (piece);
      g_assert_true (arietta_roll_save (piece, path, &error));
      g_assert_no_error (error);
      surface = cairo_image_surface_create_from_png (path);
      g_assert_cmpint (cairo_image_surface_get_height (surface), <=, 6000);
      cairo_surface_destroy (surface);
    }

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_save_errors (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(GError) ending = NULL, folder = NULL;

  g_assert_false (arietta_roll_save (piece, "a.jpeg", &ending));
  g_assert_error (ending, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_UNKNOWN_FORMAT);
  g_assert_cmpstr (arietta_error_get_file (ending), ==, "a.jpeg");

  g_assert_false (arietta_roll_save (piece, "/nowhere/at/all/a.png", &folder));
  g_assert_error (folder, ARIETTA_DRAWING_ERROR, ARIETTA_DRAWING_ERROR_WRITE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drawing/roll/index", test_index);
  g_test_add_func ("/drawing/roll/hues", test_hues);
  g_test_add_func ("/drawing/roll/places", test_places);
  g_test_add_func ("/drawing/roll/tiles", test_tiles);
  g_test_add_func ("/drawing/roll/save", test_save);
  g_test_add_func ("/drawing/roll/save-long", test_save_long);
  g_test_add_func ("/drawing/roll/save-errors", test_save_errors);

  return g_test_run ();
}
