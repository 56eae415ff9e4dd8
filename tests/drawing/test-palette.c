/* Measures what arietta-palette.h promises: hues that stay apart for every eye and from the ground. */
#include <math.h>
#include <string.h>

#include "drawing/arietta-palette.h"

typedef double Matrix[3][3];

/* Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
static const struct
{
  const char *name;
  Matrix      matrix;
  double      apart; /* least distance in OKLab between any two hues */
} EYES[] = {
  { "normal", { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, 0.11 },
  { "protanopia",
    { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
    0.075 },
  { "deuteranopia",
    { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
    0.075 },
  { "tritanopia",
    { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
    0.05 },
};

static double
linear (double v)
{
  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

/* OKLab of @color as seen through @eye. */
static void
see (AriettaColor   color,
     const Matrix   eye,
     double         lab[3])
{
  double in[3] = { linear (color.red), linear (color.green), linear (color.blue) };
  double rgb[3], l, m, s;

  for (int i = 0; i < 3; i++)
    rgb[i] = CLAMP (eye[i][0] * in[0] + eye[i][1] * in[1] + eye[i][2] * in[2], 0.0, 1.0);

  l = cbrt (0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
  m = cbrt (0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
  s = cbrt (0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
  lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

static const AriettaPalette *
palette_of (gconstpointer data)
{
  return GPOINTER_TO_INT (data) ? arietta_palette_get_dark () : arietta_palette_get_light ();
}

static void
test_apart (gconstpointer data)
{
  const AriettaPalette *palette = palette_of (data);

  for (guint e = 0; e < G_N_ELEMENTS (EYES); e++)
    for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
      for (int k = 0; k < i; k++)
        {
          double a[3], b[3], distance;

          see (palette->hues[i], EYES[e].matrix, a);
          see (palette->hues[k], EYES[e].matrix, b);
          distance = sqrt (pow (a[0] - b[0], 2) + pow (a[1] - b[1], 2) + pow (a[2] - b[2], 2));
          g_test_message ("%s: hues %d and %d are %.3f apart", EYES[e].name, k, i, distance);
          g_assert_cmpfloat (distance, >=, EYES[e].apart);
        }
}

static void
test_like_lightness (gconstpointer data)
{
  const AriettaPalette *palette = palette_of (data);
  double lightest = 0, darkest = 1;

  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    {
      double lab[3];

      see (palette->hues[i], EYES[0].matrix, lab);
      lightest = MAX (lightest, lab[0]);
      darkest = MIN (darkest, lab[0]);
    }
  g_assert_cmpfloat (lightest - darkest, <, 0.18);
}

static void
test_contrast (gconstpointer data)
{
  const AriettaPalette *palette = palette_of (data);

  g_assert_cmpint (arietta_palette_is_dark (palette), ==, GPOINTER_TO_INT (data));
  g_assert_cmpfloat (arietta_color_get_contrast (palette->foreground, palette->background), >, 7.0);
  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    g_assert_cmpfloat (arietta_color_get_contrast (palette->hues[i], palette->background), >=, 3.0);
}

static void
test_styles (void)
{
  static const char *STYLES[] = { "folk", "chorale", "ragtime", "jazz", "drums", "hymn", "guitar", "classical" };
  guint used = 0;

  g_assert_cmpuint (arietta_palette_style_hue (""), ==, 0);
  g_assert_cmpuint (arietta_palette_style_hue (NULL), ==, 0);
  g_assert_cmpuint (arietta_palette_style_hue ("Folk"), ==, arietta_palette_style_hue ("folk"));

  for (guint i = 0; i < G_N_ELEMENTS (STYLES); i++)
    used |= 1u << arietta_palette_style_hue (STYLES[i]);
  g_assert_cmphex (used, ==, 0xff);

  /* Labels nobody thought of spread over all hues too. */
  used = 0;
  for (int i = 0; i < 64; i++)
    {
      g_autofree char *label = g_strdup_printf ("my style %d", i);

      used |= 1u << arietta_palette_style_hue (label);
    }
  g_assert_cmphex (used, ==, 0xff);
}

/* Each style with a word of its own has a mark of its own; and no hue has one shape twice. */
static void
test_marks (void)
{
  static const char *STYLES[] = {
    "afrobeat", "afrocuban", "ballad", "blues", "chorale", "classical", "country", "dance", "folk", "funk", "game",
    "gospel", "guitar", "highlife", "hiphop", "hymn", "jazz", "latin", "lied", "march", "middleeastern", "neworleans",
    "piano", "pop", "punk", "ragtime", "reggae", "rock", "song", "soul", "waltz",
  };
  guint32 used = 0, shapes[ARIETTA_PALETTE_SIZE] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (STYLES); i++)
    {
      guint mark = arietta_palette_style_mark (STYLES[i]);

      g_assert_cmpuint (mark, <, ARIETTA_PALETTE_MARKS);
      g_assert_cmphex (used & 1u << mark, ==, 0);
      used |= 1u << mark;
    }
  for (guint mark = 0; mark < ARIETTA_PALETTE_MARKS; mark++)
    {
      guint hue = arietta_palette_mark_hue (mark);

      g_assert_cmphex (shapes[hue] & 1u << mark % 16, ==, 0);
      shapes[hue] |= 1u << mark % 16;
    }
}

/* Every value of the built-in palettes stands in the style sheets, so that window and pictures agree. */
static void
test_style_sheet (gconstpointer data)
{
  const AriettaPalette *palette = palette_of (data);
  g_autofree char *path = g_build_filename (g_test_get_dir (G_TEST_DIST), "..", "ui",
                                            GPOINTER_TO_INT (data) ? "style-dark.css" : "style.css", NULL);
  g_autofree char *css = NULL;

  g_assert_true (g_file_get_contents (path, &css, NULL, NULL));
  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    {
      AriettaColor hue = palette->hues[i];
      g_autofree char *line = g_strdup_printf ("@define-color arietta_hue_%d #%02x%02x%02x;", i,
                                               (int) round (hue.red * 255), (int) round (hue.green * 255),
                                               (int) round (hue.blue * 255));

      if (strstr (css, line) == NULL)
        g_error ("%s misses “%s”", path, line);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (int dark = 0; dark < 2; dark++)
    {
      gconstpointer data = GINT_TO_POINTER (dark);
      const char *name = dark ? "dark" : "light";
      g_autofree char *apart = g_strdup_printf ("/drawing/palette/%s/apart", name);
      g_autofree char *lightness = g_strdup_printf ("/drawing/palette/%s/like-lightness", name);
      g_autofree char *contrast = g_strdup_printf ("/drawing/palette/%s/contrast", name);
      g_autofree char *sheet = g_strdup_printf ("/drawing/palette/%s/style-sheet", name);

      g_test_add_data_func (apart, data, test_apart);
      g_test_add_data_func (lightness, data, test_like_lightness);
      g_test_add_data_func (contrast, data, test_contrast);
      g_test_add_data_func (sheet, data, test_style_sheet);
    }
  g_test_add_func ("/drawing/palette/styles", test_styles);
  g_test_add_func ("/drawing/palette/marks", test_marks);

  return g_test_run ();
}
