#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-loss-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "widgets/arietta-colors.h"

#define TRAIN_HUE 0
#define VALIDATION_HUE 1
#define WANTED_LINES 4

typedef struct
{
  double minutes;
  double train;
  double validation; /* NaN: none */
} Sample;

struct _AriettaLossChart
{
  GtkWidget    parent_instance;

  GArray      *samples;
  double       lowest;
  double       highest;
  double       last_validation;
  PangoLayout *layout;
};

G_DEFINE_FINAL_TYPE (AriettaLossChart, arietta_loss_chart, GTK_TYPE_WIDGET)

/* What a drawing needs at hand. */
typedef struct
{
  AriettaLossChart *self;
  cairo_t          *cr;
  AriettaPalette    palette;
  double            left, top, width, height;   /* of the area between the axes */
  double            y_low, y_high, y_step;
  double            x_high, x_step;
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
set_color (Plot        *plot,
           AriettaColor color,
           double       alpha)
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

  pango_layout_set_text (plot->self->layout, text, -1);
  pango_layout_get_pixel_size (plot->self->layout, &width, &height);
  cairo_move_to (plot->cr, floor (x - align * width), floor (y - height / 2.0));
  pango_cairo_show_layout (plot->cr, plot->self->layout);
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

/* The step under the middle of the tick, but within the widget: the last one may stand at its very edge. */
static void
draw_minutes (Plot       *plot,
              const char *text,
              double      x)
{
  int width, height;

  pango_layout_set_text (plot->self->layout, text, -1);
  pango_layout_get_pixel_size (plot->self->layout, &width, &height);
  x = MAX (MIN (x - width / 2.0, gtk_widget_get_width (GTK_WIDGET (plot->self)) - width), plot->left);
  draw_text (plot, text, x, plot->top + plot->height + 14, 0);
}

static void
draw_axes (Plot *plot)
{
  for (double y = plot->y_low; y < plot->y_high + plot->y_step / 2; y += plot->y_step)
    {
      g_autofree char *text = format_step (y, plot->y_step);

      set_color (plot, plot->palette.foreground, 0.10);
      cairo_rectangle (plot->cr, plot->left, floor (y_of (plot, y)), plot->width, 1);
      cairo_fill (plot->cr);
      set_color (plot, plot->palette.foreground, 0.6);
      draw_text (plot, text, plot->left - 8, y_of (plot, y), 1);
    }

  for (double x = 0; x < plot->x_high + plot->x_step / 100; x += plot->x_step)
    {
      g_autofree char *text = format_minutes (x, plot->x_step);

      set_color (plot, plot->palette.foreground, 0.25);
      cairo_rectangle (plot->cr, floor (x_of (plot, x)), plot->top + plot->height, 1, 4);
      cairo_fill (plot->cr);
      set_color (plot, plot->palette.foreground, 0.6);
      draw_minutes (plot, text, x_of (plot, x));
    }
}

/* A training of a night has more samples than the screen has columns: then the mean of each column. */
static void
draw_train (Plot *plot)
{
  const GArray *samples = plot->self->samples;
  int column = -1, n = 0;
  double sum = 0;

  cairo_new_path (plot->cr);
  for (guint i = 0; i <= samples->len; i++)
    {
      const Sample *sample = i < samples->len ? &g_array_index (samples, Sample, i) : NULL;
      int at = sample != NULL ? (int) x_of (plot, sample->minutes) : -2;

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

  set_color (plot, plot->palette.hues[TRAIN_HUE], 1.0);
  cairo_set_line_width (plot->cr, 2);
  cairo_set_line_join (plot->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (plot->cr);
}

static void
draw_validation (Plot *plot)
{
  const GArray *samples = plot->self->samples;
  double last_x = -G_MAXDOUBLE;

  set_color (plot, plot->palette.hues[VALIDATION_HUE], 1.0);
  cairo_new_path (plot->cr);
  for (guint i = 0; i < samples->len; i++)
    {
      const Sample *sample = &g_array_index (samples, Sample, i);

      if (isfinite (sample->validation))
        cairo_line_to (plot->cr, x_of (plot, sample->minutes), y_of (plot, sample->validation));
    }
  cairo_stroke (plot->cr);

  for (guint i = 0; i < samples->len; i++)
    {
      const Sample *sample = &g_array_index (samples, Sample, i);
      double x = x_of (plot, sample->minutes);

      if (!isfinite (sample->validation) || x - last_x < 8)
        continue;
      cairo_arc (plot->cr, x, y_of (plot, sample->validation), 3.5, 0, 2 * G_PI);
      cairo_fill (plot->cr);
      last_x = x;
    }
}

static void
draw_legend (Plot *plot)
{
  AriettaLossChart *self = plot->self;
  const Sample *last = &g_array_index (self->samples, Sample, self->samples->len - 1);
  g_autofree char *train = g_strdup_printf (_("Training %.3f"), last->train);
  g_autofree char *validation = NULL;
  double x = plot->left + plot->width, y = plot->top / 2;
  int width;

  if (isfinite (self->last_validation))
    validation = g_strdup_printf (_("Validation %.3f"), self->last_validation);

  for (int k = 0; k < 2; k++)
    {
      const char *text = k == 0 ? validation : train;
      AriettaColor hue = plot->palette.hues[k == 0 ? VALIDATION_HUE : TRAIN_HUE];

      if (text == NULL)
        continue;
      pango_layout_set_text (self->layout, text, -1);
      pango_layout_get_pixel_size (self->layout, &width, NULL);
      x -= width;
      set_color (plot, plot->palette.foreground, 0.85);
      draw_text (plot, text, x, y, 0);
      x -= 26;
      set_color (plot, hue, 1.0);
      cairo_rectangle (plot->cr, x, y - 1, 20, 2);
      if (k == 0)
        cairo_arc (plot->cr, x + 10, y, 3.5, 0, 2 * G_PI);
      cairo_fill (plot->cr);
      x -= 18;
    }
}

static void
ensure_layout (AriettaLossChart *self)
{
  PangoAttrList *attributes;

  if (self->layout != NULL)
    return;

  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (self->layout, attributes);
  pango_attr_list_unref (attributes);
}

static void
lay_out (Plot *plot)
{
  AriettaLossChart *self = plot->self;
  const Sample *last = &g_array_index (self->samples, Sample, self->samples->len - 1);
  double range = MAX (self->highest - self->lowest, 1e-3);
  g_autofree char *widest = NULL;
  double line, width;
  int w, h;

  plot->y_step = nice_step (range, WANTED_LINES);
  plot->y_low = floor (self->lowest / plot->y_step) * plot->y_step;
  plot->y_high = ceil (self->highest / plot->y_step) * plot->y_step;
  if (plot->y_high <= plot->y_low)
    plot->y_high = plot->y_low + plot->y_step;
  plot->x_high = MAX (last->minutes, 0.5);

  widest = format_step (plot->y_high, plot->y_step);
  pango_layout_set_text (self->layout, widest, -1);
  pango_layout_get_pixel_size (self->layout, &w, &h);
  line = h;
  width = w;

  plot->left = width + 12;
  plot->top = line + 14;
  plot->width = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - plot->left - 8, 1);
  plot->height = MAX (gtk_widget_get_height (GTK_WIDGET (self)) - plot->top - line - 8, 1);
  plot->x_step = nice_step (plot->x_high, MAX ((int) (plot->width / 110), 1));
  /* Steps of an hour's parts, where minutes are many. */
  if (plot->x_step > 5 && plot->x_step < 60)
    plot->x_step = plot->x_step <= 10 ? 10 : plot->x_step <= 20 ? 20 : 30;
  else if (plot->x_step >= 60)
    plot->x_step = MAX (nice_step (plot->x_high / 60, MAX ((int) (plot->width / 110), 1)), 1) * 60;
}

static void
arietta_loss_chart_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  AriettaLossChart *self = ARIETTA_LOSS_CHART (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  Plot plot = { .self = self };

  if (width < 60 || height < 60)
    return;

  ensure_layout (self);
  arietta_colors_get (widget, &plot.palette);
  plot.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->samples->len == 0)
    {
      set_color (&plot, plot.palette.foreground, 0.55);
      draw_text (&plot, _("The curves appear when the training has begun"), width / 2.0, height / 2.0, 0.5);
    }
  else
    {
      lay_out (&plot);
      draw_axes (&plot);
      draw_train (&plot);
      draw_validation (&plot);
      draw_legend (&plot);
    }
  cairo_destroy (plot.cr);
}

static void
arietta_loss_chart_css_changed (GtkWidget         *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (arietta_loss_chart_parent_class)->css_changed (widget, change);

  g_clear_object (&ARIETTA_LOSS_CHART (widget)->layout);
  gtk_widget_queue_draw (widget);
}

static void
arietta_loss_chart_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  /* style.css gives the least height; the width is what there is. */
  *minimum = *natural = 0;
}

static void
describe (AriettaLossChart *self)
{
  g_autofree char *text = NULL;

  if (self->samples->len == 0)
    text = g_strdup (_("No values yet"));
  else
    {
      const Sample *last = &g_array_index (self->samples, Sample, self->samples->len - 1);

      text = isfinite (self->last_validation)
        ? g_strdup_printf (_("After %.1f minutes: training %.3f, validation %.3f"), last->minutes, last->train,
                           self->last_validation)
        : g_strdup_printf (_("After %.1f minutes: training %.3f"), last->minutes, last->train);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
arietta_loss_chart_finalize (GObject *object)
{
  AriettaLossChart *self = ARIETTA_LOSS_CHART (object);

  g_clear_object (&self->layout);
  g_clear_pointer (&self->samples, g_array_unref);

  G_OBJECT_CLASS (arietta_loss_chart_parent_class)->finalize (object);
}

static void
arietta_loss_chart_class_init (AriettaLossChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = arietta_loss_chart_finalize;
  widget_class->measure = arietta_loss_chart_measure;
  widget_class->snapshot = arietta_loss_chart_snapshot;
  widget_class->css_changed = arietta_loss_chart_css_changed;

  gtk_widget_class_set_css_name (widget_class, "losschart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
arietta_loss_chart_init (AriettaLossChart *self)
{
  self->samples = g_array_new (FALSE, FALSE, sizeof (Sample));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loss During Training"), -1);
  arietta_loss_chart_clear (self);
}

GtkWidget *
arietta_loss_chart_new (void)
{
  return g_object_new (ARIETTA_TYPE_LOSS_CHART, NULL);
}

void
arietta_loss_chart_clear (AriettaLossChart *self)
{
  g_return_if_fail (ARIETTA_IS_LOSS_CHART (self));

  g_array_set_size (self->samples, 0);
  self->lowest = G_MAXDOUBLE;
  self->highest = -G_MAXDOUBLE;
  self->last_validation = NAN;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_loss_chart_add (AriettaLossChart *self,
                        double            minutes,
                        double            train,
                        double            validation)
{
  Sample sample = { minutes, train, validation };
  const double values[] = { train, validation };

  g_return_if_fail (ARIETTA_IS_LOSS_CHART (self));

  /* A training that diverged says so elsewhere; it should not take the axes with it. */
  if (!isfinite (minutes) || minutes < 0 || (!isfinite (train) && !isfinite (validation)))
    return;

  for (int i = 0; i < 2; i++)
    if (isfinite (values[i]))
      {
        self->lowest = MIN (self->lowest, values[i]);
        self->highest = MAX (self->highest, values[i]);
      }
  if (isfinite (validation))
    self->last_validation = validation;
  g_array_append_val (self->samples, sample);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
