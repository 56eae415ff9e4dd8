#include "drawing/arietta-curve.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH  400
#define HEIGHT 200

static const AriettaCurveSample falling[] = {
  { 0.0, 3.0, NAN }, { 1.0, 2.0, 2.5 }, { 2.0, 1.0, 2.0 }, { 3.0, 0.8, NAN }, { 4.0, 0.7, 2.2 },
};
static const AriettaCurveSample other[] = { { 0.0, 2.5, NAN }, { 8.0, 0.5, 0.6 } };

static guint
count_color (cairo_surface_t *surface,
             AriettaColor     color)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int           stride = cairo_image_surface_get_stride (surface);
  guint         n = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        const guint8 *p = data + y * stride + 4 * x;

        n += ABS (p[2] - 255 * color.red) < 2 && ABS (p[1] - 255 * color.green) < 2
             && ABS (p[0] - 255 * color.blue) < 2;
      }

  return n;
}

static cairo_surface_t *
draw (const AriettaPalette *palette,
      const AriettaCurve   *curves,
      guint                 n)
{
  cairo_surface_t       *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t               *cr = cairo_create (surface);
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout (cr);

  cairo_set_source_rgb (cr, palette->background.red, palette->background.green, palette->background.blue);
  cairo_paint (cr);
  arietta_curves_draw (cr, palette, layout, WIDTH, HEIGHT, curves, n);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

/* One training has a hue for each line, several a hue for each training. */
static void
test_hues (gconstpointer data)
{
  const AriettaPalette *palette = data;
  const AriettaCurve    curves[] = { { "A", falling, G_N_ELEMENTS (falling) }, { "B", other, G_N_ELEMENTS (other) } };
  const AriettaCurve    empty = { "C", NULL, 0 };
  cairo_surface_t      *one = draw (palette, curves, 1), *two = draw (palette, curves, 2);
  cairo_surface_t      *none = draw (palette, &empty, 1);

  g_assert_cmpuint (count_color (one, palette->hues[0]), >, 100);
  g_assert_cmpuint (count_color (one, palette->hues[1]), >, 100);
  g_assert_cmpuint (count_color (two, palette->hues[0]), >, 50);
  g_assert_cmpuint (count_color (two, palette->hues[1]), >, 20);
  g_assert_cmpuint (count_color (none, palette->background), ==, WIDTH * HEIGHT);

  cairo_surface_destroy (one);
  cairo_surface_destroy (two);
  cairo_surface_destroy (none);
}

static void
test_save (void)
{
  const AriettaCurve  curve = { "A", falling, G_N_ELEMENTS (falling) };
  g_autofree char    *folder = g_dir_make_tmp ("arietta-curve-XXXXXX", NULL);
  g_autofree char    *path = g_build_filename (folder, "curve.svg", NULL);
  g_autofree char    *nowhere = g_build_filename (folder, "none", "curve.svg", NULL);
  g_autofree char    *text = NULL;
  g_autoptr(GError)   error = NULL;

  g_assert_true (arietta_curves_save (path, 640.0, 300.0, &curve, 1, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg"));
  g_assert_false (arietta_curves_save (nowhere, 640.0, 300.0, &curve, 1, &error));
  g_assert_nonnull (strstr (error->message, nowhere));

  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/curve/light", arietta_palette_get_light (), test_hues);
  g_test_add_data_func ("/curve/dark", arietta_palette_get_dark (), test_hues);
  g_test_add_func ("/curve/save", test_save);

  return g_test_run ();
}
