#define G_LOG_DOMAIN "arietta-drawing"

#include "drawing/arietta-curve.h"

#include "drawing/arietta-picture.h"
#include "drawing/arietta-shape.h"

#include <glib/gi18n.h>
#include <math.h>

#define TRAIN_HUE      0
#define VALIDATION_HUE 1
#define WANTED_LINES   4
#define DOT            3.5
#define DOT_GAP        8.0
#define MARGIN         16.0   /* of a picture of its own */

typedef struct
{
  cairo_t              *cr;
  const AriettaPalette *palette;
  PangoLayout          *layout;
  const AriettaCurve   *curves;
  guint                 n_curves;
  double                whole_width;
  double                left, top, width, height;   /* of the area between the axes */
  double                y_low, y_high, y_step;
  double                x_high, x_step;
} Plot;

/* 1, 2 or 5 times a power of ten, so that @range holds about @wanted of them. */
static double
nice_step (double range,
           int    wanted)
{
  double raw = range / wanted;
  double power = pow (10, floor (log10 (raw)));
  double share = raw / power;

  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static double
x_of (const Plot *plot,
      double      minutes)
{
  return plot->left + minutes / plot->x_high * plot->width;
}

static double
y_of (const Plot *plot,
      double      loss)
{
  return plot->top + (plot->y_high - loss) / (plot->y_high - plot->y_low) * plot->height;
}

static void
set_color (Plot         *plot,
           AriettaColor  color,
           double        alpha)
{
  cairo_set_source_rgba (plot->cr, color.red, color.green, color.blue, alpha);
}

static void
draw_text (Plot       *plot,
           const char *text,
           double      x,
           double      y,
           double      align)
{
  int width, height;

  pango_layout_set_text (plot->layout, text, -1);
  pango_layout_get_pixel_size (plot->layout, &width, &height);
  cairo_move_to (plot->cr, floor (x - align * width), floor (y - height / 2.0));
  pango_cairo_show_layout (plot->cr, plot->layout);
}

static char *
format_step (double value,
             double step)
{
  int decimals = CLAMP ((int) ceil (-log10 (step) - 1e-9), 0, 6);

  return g_strdup_printf ("%.*f", decimals, value);
}

static char *
format_minutes (double minutes,
                double step)
{
  g_autofree char *number = NULL;

  if (step < 60)
    {
      number = format_step (minutes, step);
      return g_strdup_printf (_("%s min"), number);
    }
  number = format_step (minutes / 60, step / 60);

  return g_strdup_printf (_("%s h"), number);
}

/* The step under the middle of the tick, but within the picture: the last one may stand at its very edge. */
static void
draw_minutes (Plot       *plot,
              const char *text,
              double      x)
{
  int width, height;

  pango_layout_set_text (plot->layout, text, -1);
  pango_layout_get_pixel_size (plot->layout, &width, &height);
  x = MAX (MIN (x - width / 2.0, plot->whole_width - width), plot->left);
  draw_text (plot, text, x, plot->top + plot->height + 14, 0);
}

static void
draw_axes (Plot *plot)
{
  for (double y = plot->y_low; y < plot->y_high + plot->y_step / 2; y += plot->y_step)
    {
      g_autofree char *text = format_step (y, plot->y_step);

      set_color (plot, plot->palette->foreground, 0.10);
      cairo_rectangle (plot->cr, plot->left, floor (y_of (plot, y)), plot->width, 1);
      cairo_fill (plot->cr);
      set_color (plot, plot->palette->foreground, 0.6);
      draw_text (plot, text, plot->left - 8, y_of (plot, y), 1);
    }

  for (double x = 0; x < plot->x_high + plot->x_step / 100; x += plot->x_step)
    {
      g_autofree char *text = format_minutes (x, plot->x_step);

      set_color (plot, plot->palette->foreground, 0.25);
      cairo_rectangle (plot->cr, floor (x_of (plot, x)), plot->top + plot->height, 1, 4);
      cairo_fill (plot->cr);
      set_color (plot, plot->palette->foreground, 0.6);
      draw_minutes (plot, text, x_of (plot, x));
    }
}

/* A training of a night has more samples than the screen has columns: then the mean of each column. */
static void
draw_train (Plot               *plot,
            const AriettaCurve *curve,
            AriettaColor        color)
{
  int    column = -1, n = 0;
  double sum = 0;

  cairo_new_path (plot->cr);
  for (guint i = 0; i <= curve->n_samples; i++)
    {
      const AriettaCurveSample *sample = i < curve->n_samples ? &curve->samples[i] : NULL;
      int                       at = sample != NULL ? (int) x_of (plot, sample->minutes) : -2;

      if (n > 0 && at != column)
        {
          cairo_line_to (plot->cr, column + 0.5, y_of (plot, sum / n));
          sum = n = 0;
        }
      if (sample != NULL && isfinite (sample->train))
        {
          sum += sample->train;
          n++;
        }
      column = at;
    }

  /* Beside another training the measured line is what counts. */
  set_color (plot, color, plot->n_curves > 1 ? 0.4 : 1.0);
  cairo_set_line_width (plot->cr, plot->n_curves > 1 ? 1 : 2);
  cairo_set_line_join (plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (plot->cr);
}

static void
draw_dot (Plot  *plot,
          guint  shape,
          double x,
          double y)
{
  cairo_new_path (plot->cr);
  arietta_shape_path (plot->cr, shape, x, y, DOT);
  cairo_set_fill_rule (plot->cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_fill (plot->cr);
}

static void
draw_validation (Plot               *plot,
                 const AriettaCurve *curve,
                 AriettaColor        color,
                 guint               shape)
{
  double last_x = -G_MAXDOUBLE;

  set_color (plot, color, 1.0);
  cairo_set_line_width (plot->cr, 2);
  cairo_new_path (plot->cr);
  for (guint i = 0; i < curve->n_samples; i++)
    if (isfinite (curve->samples[i].validation))
      cairo_line_to (plot->cr, x_of (plot, curve->samples[i].minutes),
                     y_of (plot, curve->samples[i].validation));
  cairo_stroke (plot->cr);

  for (guint i = 0; i < curve->n_samples; i++)
    {
      const AriettaCurveSample *sample = &curve->samples[i];
      double                    x = x_of (plot, sample->minutes);

      if (!isfinite (sample->validation) || x - last_x < DOT_GAP)
        continue;
      draw_dot (plot, shape, x, y_of (plot, sample->validation));
      last_x = x;
    }
}

/* From the right edge to the left; @x is where the next one ends. */
static void
draw_key (Plot        *plot,
          const char  *text,
          AriettaColor color,
          int          shape,
          double      *x)
{
  int width, y = (int) (plot->top / 2);

  pango_layout_set_text (plot->layout, text, -1);
  pango_layout_get_pixel_size (plot->layout, &width, NULL);
  *x -= width;
  set_color (plot, plot->palette->foreground, 0.85);
  draw_text (plot, text, *x, y, 0);
  *x -= 26;
  set_color (plot, color, 1.0);
  cairo_rectangle (plot->cr, *x, y - 1, 20, 2);
  cairo_fill (plot->cr);
  if (shape >= 0)
    draw_dot (plot, (guint) shape, *x + 10, y);
  *x -= 18;
}

static double
last_validation (const AriettaCurve *curve)
{
  for (guint i = curve->n_samples; i > 0; i--)
    if (isfinite (curve->samples[i - 1].validation))
      return curve->samples[i - 1].validation;

  return NAN;
}

static void
draw_legend (Plot *plot)
{
  double x = plot->left + plot->width;

  if (plot->n_curves > 1)
    {
      for (guint c = plot->n_curves; c > 0; c--)
        draw_key (plot, plot->curves[c - 1].name, plot->palette->hues[(c - 1) % ARIETTA_PALETTE_SIZE],
                  (int) c - 1, &x);
    }
  else
    {
      const AriettaCurve *curve = plot->curves;
      double              train = curve->samples[curve->n_samples - 1].train;
      double              validation = last_validation (curve);

      if (isfinite (validation))
        {
          g_autofree char *text = g_strdup_printf (_("Validation %.3f"), validation);

          draw_key (plot, text, plot->palette->hues[VALIDATION_HUE], 0, &x);
        }
      if (isfinite (train))
        {
          g_autofree char *text = g_strdup_printf (_("Training %.3f"), train);

          draw_key (plot, text, plot->palette->hues[TRAIN_HUE], -1, &x);
        }
    }
}

/* FALSE when there is nothing to draw. */
static gboolean
lay_out (Plot   *plot,
         double  height)
{
  g_autofree char *widest = NULL;
  double           lowest = G_MAXDOUBLE, highest = -G_MAXDOUBLE, range;
  int              w, h;

  for (guint c = 0; c < plot->n_curves; c++)
    for (guint i = 0; i < plot->curves[c].n_samples; i++)
      {
        const AriettaCurveSample *sample = &plot->curves[c].samples[i];
        const double              values[] = { sample->train, sample->validation };

        for (int k = 0; k < 2; k++)
          if (isfinite (values[k]))
            {
              lowest = MIN (lowest, values[k]);
              highest = MAX (highest, values[k]);
            }
        plot->x_high = MAX (plot->x_high, sample->minutes);
      }
  if (lowest > highest)
    return FALSE;

  range = MAX (highest - lowest, 1e-3);
  plot->y_step = nice_step (range, WANTED_LINES);
  plot->y_low = floor (lowest / plot->y_step) * plot->y_step;
  plot->y_high = ceil (highest / plot->y_step) * plot->y_step;
  if (plot->y_high <= plot->y_low)
    plot->y_high = plot->y_low + plot->y_step;
  plot->x_high = MAX (plot->x_high, 0.5);

  widest = format_step (plot->y_high, plot->y_step);
  pango_layout_set_text (plot->layout, widest, -1);
  pango_layout_get_pixel_size (plot->layout, &w, &h);

  plot->left = w + 12;
  plot->top = h + 14;
  plot->width = MAX (plot->whole_width - plot->left - 8, 1);
  plot->height = MAX (height - plot->top - h - 8, 1);
  plot->x_step = nice_step (plot->x_high, MAX ((int) (plot->width / 110), 1));
  /* Steps of an hour's parts, where minutes are many. */
  if (plot->x_step > 5 && plot->x_step < 60)
    plot->x_step = plot->x_step <= 10 ? 10 : plot->x_step <= 20 ? 20 : 30;
  else if (plot->x_step >= 60)
    plot->x_step = MAX (nice_step (plot->x_high / 60, MAX ((int) (plot->width / 110), 1)), 1) * 60;

  return TRUE;
}

void
arietta_curves_draw (cairo_t              *cr,
                     const AriettaPalette *palette,
                     PangoLayout          *layout,
                     double                width,
                     double                height,
                     const AriettaCurve   *curves,
                     guint                 n_curves)
{
  Plot plot = {
    .cr = cr,
    .palette = palette,
    .layout = layout,
    .curves = curves,
    .n_curves = n_curves,
    .whole_width = width,
  };

  if (!lay_out (&plot, height))
    return;

  cairo_save (cr);
  draw_axes (&plot);
  for (guint c = 0; c < n_curves; c++)
    {
      AriettaColor own = palette->hues[c % ARIETTA_PALETTE_SIZE];

      draw_train (&plot, &curves[c], n_curves > 1 ? own : palette->hues[TRAIN_HUE]);
      draw_validation (&plot, &curves[c], n_curves > 1 ? own : palette->hues[VALIDATION_HUE], c);
    }
  draw_legend (&plot);
  cairo_restore (cr);
}

typedef struct
{
  double              width, height;
  const AriettaCurve *curves;
  guint               n_curves;
} Paper;

static void
draw_paper_cb (cairo_t  *cr,
               gpointer  user_data)
{
  const Paper            *paper = user_data;
  const AriettaPalette   *palette = arietta_palette_get_light ();
  g_autoptr(PangoLayout)  layout = pango_cairo_create_layout (cr);
  PangoFontDescription   *font = pango_font_description_from_string ("Sans 9");

  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  cairo_set_source_rgb (cr, palette->background.red, palette->background.green,
                        palette->background.blue);
  cairo_paint (cr);
  cairo_translate (cr, MARGIN, MARGIN / 2.0);
  arietta_curves_draw (cr, palette, layout, paper->width - 2.0 * MARGIN, paper->height - MARGIN,
                       paper->curves, paper->n_curves);
}

gboolean
arietta_curves_save (const char          *path,
                     double               width,
                     double               height,
                     const AriettaCurve  *curves,
                     guint                n_curves,
                     GError             **error)
{
  Paper paper = { width, height, curves, n_curves };

  return arietta_picture_save (path, width, height, NULL, draw_paper_cb, &paper, error);
}
