#define G_LOG_DOMAIN "arietta-drawing"

#include "drawing/arietta-bars.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "drawing/arietta-shape.h"

#define LABEL_SHARE 0.32    /* of the width */
#define FIGURE      44.0    /* room for the number */
#define OURS        10.0    /* thickness of a bar */
#define BESIDE       5.0
#define GAP          3.0
#define ROW_GAP     14.0
#define LEGEND      22.0
#define MARK         4.0

static void
set_color (cairo_t      *cr,
           AriettaColor  color)
{
  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
}

static AriettaColor
color_of (const AriettaPalette *palette,
          guint                 series)
{
  static const double paler[ARIETTA_BARS_MOST] = { 0.0, 0.35, 0.55, 0.7 };

  return series == 0 ? palette->accent
                     : arietta_color_mix (palette->foreground, palette->background, paler[series]);
}

/* @x is where the text begins; with @right, where it ends.  The width it took. */
static double
write_text (cairo_t    *cr,
            const char *text,
            double      x,
            double      middle,
            gboolean    right,
            double      most)
{
  g_autoptr(PangoLayout)    layout = pango_cairo_create_layout (cr);
  PangoFontDescription     *font = pango_font_description_from_string ("Sans 9");
  int                       width, height;

  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_text (layout, text, -1);
  if (most > 0.0)
    {
      pango_layout_set_width (layout, (int) (most * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, right ? x - width : x, middle - height / 2.0);
  pango_cairo_show_layout (cr, layout);

  return width;
}

static double
row_height (guint n_series)
{
  return OURS + (n_series - 1) * (BESIDE + GAP) + ROW_GAP;
}

double
arietta_bars_get_height (guint n_rows,
                         guint n_series)
{
  g_return_val_if_fail (n_series >= 1 && n_series <= ARIETTA_BARS_MOST, 0.0);

  return n_rows * row_height (n_series) + LEGEND;
}

static void
draw_row (cairo_t              *cr,
          const AriettaPalette *palette,
          double                width,
          guint                 n_series,
          const AriettaBarsRow *row,
          double                y)
{
  double from = width * LABEL_SHARE, room = width - from - FIGURE;
  double middle = y + (row_height (n_series) - ROW_GAP) / 2.0;
  double ours = row->values[0];
  char   figure[16] = "–";

  set_color (cr, palette->foreground);
  write_text (cr, row->label, 0.0, middle, FALSE, from - 8.0);
  if (!isnan (ours))
    g_snprintf (figure, sizeof figure, "%.2f", ours);
  write_text (cr, figure, width, middle, TRUE, 0.0);

  for (guint s = 0; s < n_series; s++)
    {
      double thick = s == 0 ? OURS : BESIDE, value = CLAMP (row->values[s], 0.0, 1.0);

      set_color (cr, arietta_color_mix (palette->background, palette->foreground, 0.08));
      cairo_rectangle (cr, from, y, room, thick);
      cairo_fill (cr);
      if (!isnan (row->values[s]))
        {
          set_color (cr, color_of (palette, s));
          cairo_rectangle (cr, from, y, room * value, thick);
          cairo_fill (cr);
          /* The end of a baseline's bar carries its shape. */
          if (s > 0)
            {
              arietta_shape_path (cr, s, from + room * value, y + thick / 2.0, MARK);
              cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
              cairo_fill (cr);
            }
        }
      y += thick + GAP;
    }
}

void
arietta_bars_draw (cairo_t              *cr,
                   const AriettaPalette *palette,
                   double                width,
                   const char * const   *series,
                   guint                 n_series,
                   const AriettaBarsRow *rows,
                   guint                 n_rows)
{
  double x = 0.0, y = 0.0;

  g_return_if_fail (n_series >= 1 && n_series <= ARIETTA_BARS_MOST);

  cairo_save (cr);
  for (guint r = 0; r < n_rows; r++, y += row_height (n_series))
    draw_row (cr, palette, width, n_series, &rows[r], y);

  for (guint s = 0; s < n_series; s++)
    {
      set_color (cr, color_of (palette, s));
      if (s == 0)
        cairo_rectangle (cr, x, y + LEGEND / 2.0 - MARK, 2.0 * MARK, 2.0 * MARK);
      else
        arietta_shape_path (cr, s, x + MARK, y + LEGEND / 2.0, MARK);
      cairo_fill (cr);
      set_color (cr, palette->foreground);
      x += 3.0 * MARK;
      x += write_text (cr, series[s], x, y + LEGEND / 2.0, FALSE, 0.0) + 6.0 * MARK;
    }
  cairo_restore (cr);
}
