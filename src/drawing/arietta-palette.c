/* The hues were searched for in OKLCH (Ottosson, "A perceptual color space for image processing",
 * 2020): lightness in a band, at least 3:1 against the window background, and the smallest distance
 * between any two as large as possible as seen by normal, protan, deutan and tritan eyes (Machado,
 * Oliveira and Fernandes, IEEE TVCG 2009, severity 1).  tests/drawing/test-palette.c holds the proof.
 * Equal lightness throughout is not to be had: without red and green, eight hues of one lightness
 * fall onto one line.
 */
#include "drawing/arietta-palette.h"

#include <math.h>
#include <string.h>

#define RGB(hex)                                                                                  \
  { (((hex) >> 16) & 0xff) / 255.0, (((hex) >> 8) & 0xff) / 255.0, ((hex) & 0xff) / 255.0 }

static const AriettaPalette light_palette = {
  .foreground = RGB (0x2e2e33),
  .background = RGB (0xfafafa),
  .accent = RGB (0x1a5fb4),
  .hues = {
    RGB (0x4b78e8), /* blue */
    RGB (0xcc7c00), /* orange */
    RGB (0x29845d), /* green */
    RGB (0xa4257f), /* rose */
    RGB (0x763fc0), /* violet */
    RGB (0x1e9bb9), /* teal */
    RGB (0x7a6600), /* olive */
    RGB (0xdf3a56), /* red */
  },
};

static const AriettaPalette dark_palette = {
  .foreground = RGB (0xf0f0f0),
  .background = RGB (0x1e1e1e),
  .accent = RGB (0x78aeed),
  .hues = {
    RGB (0x69abff),
    RGB (0xf07d00),
    RGB (0x6fd390),
    RGB (0xe67bc3),
    RGB (0x9871f9),
    RGB (0x00dcf8),
    RGB (0xe3bc1d),
    RGB (0xef4c63),
  },
};

/* Labels people are likely to use side by side are kept apart by hand; a hash would let "folk" and
 * "chorale" share a mark.  Those of one hue are seldom together in one library. */
static const struct
{
  const char *label;
  guint       mark;
} well_known[] = {
  { "chorale", 0 },       { "chorales", 0 }, { "bach", 0 },        { "ragtime", 1 },     { "rag", 1 },
  { "folk", 2 },          { "nottingham", 2 }, { "jazz", 3 },      { "piano", 4 },       { "hymn", 5 },
  { "guitar", 6 },        { "drums", 7 },    { "pop", 7 },         { "lied", 8 },        { "lieder", 8 },
  { "game", 9 },          { "song", 10 },    { "rock", 11 },       { "blues", 12 },      { "country", 13 },
  { "reggae", 14 },       { "waltz", 15 },   { "funk", 16 },       { "march", 17 },      { "latin", 18 },
  { "classical", 19 },    { "gospel", 20 },  { "afrocuban", 21 },  { "punk", 22 },       { "afrobeat", 23 },
  { "highlife", 24 },     { "dance", 25 },   { "soul", 26 },       { "neworleans", 27 }, { "middleeastern", 28 },
  { "ballad", 29 },       { "hiphop", 30 },  { "baroque", 31 },
};

const AriettaPalette *
arietta_palette_get_light (void)
{
  return &light_palette;
}

const AriettaPalette *
arietta_palette_get_dark (void)
{
  return &dark_palette;
}

guint
arietta_palette_mark_hue (guint mark)
{
  /* How far the hue of each eight is turned against the shapes, so that no hue has a shape and its like. */
  static const guint turns[] = { 0, 4, 1, 6 };

  mark %= ARIETTA_PALETTE_MARKS;
  return (mark + turns[mark / ARIETTA_PALETTE_SIZE]) % ARIETTA_PALETTE_SIZE;
}

guint
arietta_palette_style_hue (const char *style)
{
  return arietta_palette_mark_hue (arietta_palette_style_mark (style));
}

guint
arietta_palette_style_mark (const char *style)
{
  g_autofree char *folded = NULL;
  guint32 hash = 2166136261u;

  if (style == NULL || *style == '\0')
    return 0;

  folded = g_utf8_casefold (style, -1);

  for (guint i = 0; i < G_N_ELEMENTS (well_known); i++)
    if (strcmp (folded, well_known[i].label) == 0)
      return well_known[i].mark;

  /* FNV-1a; written out because the mark of a label must not change with GLib's own hash. */
  for (const char *p = folded; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * 16777619u;

  return (hash ^ (hash >> 16)) % ARIETTA_PALETTE_MARKS;
}

AriettaColor
arietta_color_mix (AriettaColor a,
                   AriettaColor b,
                   double       share_of_b)
{
  double t = CLAMP (share_of_b, 0.0, 1.0);

  return (AriettaColor) {
    a.red + (b.red - a.red) * t,
    a.green + (b.green - a.green) * t,
    a.blue + (b.blue - a.blue) * t,
  };
}

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

double
arietta_color_get_luminance (AriettaColor color)
{
  return 0.2126 * linear (color.red) + 0.7152 * linear (color.green) + 0.0722 * linear (color.blue);
}

double
arietta_color_get_contrast (AriettaColor a,
                            AriettaColor b)
{
  double one = arietta_color_get_luminance (a) + 0.05;
  double other = arietta_color_get_luminance (b) + 0.05;

  return one > other ? one / other : other / one;
}

gboolean
arietta_palette_is_dark (const AriettaPalette *self)
{
  return arietta_color_get_luminance (self->background) < arietta_color_get_luminance (self->foreground);
}
