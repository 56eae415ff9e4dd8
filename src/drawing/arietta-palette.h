/* arietta-palette.h - the eight hues of tracks and styles
 *
 * Eight hues of like lightness that stay apart for colour-blind eyes, each with a shape as second cue.  The
 * same values stand as named colours in ui/style.css, where the window takes them from, so that dark and
 * high-contrast styles can change them; pictures without a window use these.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ARIETTA_PALETTE_SIZE 8
/* Marks: a hue and a shape (drawing/arietta-shape.h), each pair once.  The first eight are the hues, each with the shape
 * of its own. */
#define ARIETTA_PALETTE_MARKS 32

typedef struct
{
  double red, green, blue;
} AriettaColor;

/* What a drawing is made with; the caller fills it from CSS or takes a ready one. */
typedef struct
{
  AriettaColor foreground;
  AriettaColor background;
  AriettaColor accent;
  AriettaColor hues[ARIETTA_PALETTE_SIZE];
} AriettaPalette;

const AriettaPalette *arietta_palette_get_light (void);
const AriettaPalette *arietta_palette_get_dark  (void);
/* The mark of a style label: the same for the same label everywhere, of its own for each style this program has a word
 * for, and spread over the marks for others.  "" is mark 0. */
guint                 arietta_palette_style_mark (const char *style);
/* The hue of a mark, 0..7, and that of a style's. */
guint                 arietta_palette_mark_hue  (guint       mark);
guint                 arietta_palette_style_hue (const char *style);
/* Light writing on a dark ground? */
gboolean              arietta_palette_is_dark   (const AriettaPalette *self);

/* Channel by channel, in sRGB; 0 gives @a, 1 gives @b. */
AriettaColor          arietta_color_mix           (AriettaColor a,
                                                   AriettaColor b,
                                                   double       share_of_b);
/* Relative luminance and contrast ratio as WCAG 2 defines them. */
double                arietta_color_get_luminance (AriettaColor color);
double                arietta_color_get_contrast  (AriettaColor a,
                                                   AriettaColor b);

G_END_DECLS
