#include "drawing/arietta-bars.h"

#include <math.h>

#define WIDTH 400

static const char * const series[] = { "This model", "Shuffled" };

/* Pixels of a row of the picture that have a colour. */
static guint
count_color (cairo_surface_t *surface,
             int              from,
             int              to,
             AriettaColor     color)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int           stride = cairo_image_surface_get_stride (surface);
  guint         n = 0;

  for (int y = from; y < to; y++)
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
      double                ours)
{
  const AriettaBarsRow rows[] = { { "Scale", { ours, 0.25 } } };
  cairo_surface_t     *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, (int) arietta_bars_get_height (1, 2));
  cairo_t             *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, palette->background.red, palette->background.green,
                        palette->background.blue);
  cairo_paint (cr);
  arietta_bars_draw (cr, palette, WIDTH, series, 2, rows, 1);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

/* The bar of ours is as long as its value. */
static void
test_length (gconstpointer data)
{
  const AriettaPalette *palette = data;
  cairo_surface_t      *whole = draw (palette, 1.0), *half = draw (palette, 0.5);
  cairo_surface_t      *none = draw (palette, NAN), *beyond = draw (palette, 7.0);
  guint                 long_one = count_color (whole, 0, 9, palette->accent);

  g_assert_cmpuint (long_one, >, 9 * 200);
  g_assert_cmpfloat_with_epsilon (count_color (half, 0, 9, palette->accent) / (double) long_one, 0.5,
                                  0.01);
  g_assert_cmpuint (count_color (none, 0, 9, palette->accent), ==, 0);
  g_assert_cmpuint (count_color (beyond, 0, 9, palette->accent), ==, long_one);

  cairo_surface_destroy (whole);
  cairo_surface_destroy (half);
  cairo_surface_destroy (none);
  cairo_surface_destroy (beyond);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/bars/light", arietta_palette_get_light (), test_length);
  g_test_add_data_func ("/bars/dark", arietta_palette_get_dark (), test_length);

  return g_test_run ();
}
