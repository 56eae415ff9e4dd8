#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-loss-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "drawing/arietta-curve.h"
#include "widgets/arietta-colors.h"

/* A curve read from a log comes as hundreds of points, and a training adds some each second. */
#define DESCRIBE_MS 300

struct _AriettaLossChart
{
  GtkWidget    parent_instance;

  GArray      *samples;   /* AriettaCurveSample */
  GArray      *beside;    /* the same of another training, laid over it; empty: none */
  char        *name;      /* of the first while there are two */
  char        *beside_name;
  double       last_validation;
  guint        describe_source;
  PangoLayout *layout;
};

G_DEFINE_FINAL_TYPE (AriettaLossChart, arietta_loss_chart, GTK_TYPE_WIDGET)

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
arietta_loss_chart_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  AriettaLossChart   *self = ARIETTA_LOSS_CHART (widget);
  int                 width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const AriettaCurve  curves[] = {
    { self->name, (const AriettaCurveSample *) self->samples->data, self->samples->len },
    { self->beside_name, (const AriettaCurveSample *) self->beside->data, self->beside->len },
  };
  AriettaPalette      palette;
  cairo_t            *cr;

  if (width < 60 || height < 60)
    return;

  ensure_layout (self);
  arietta_colors_get (widget, &palette);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->samples->len == 0)
    {
      const char *text = _("The curves appear when the training has begun");
      int         text_width, text_height;

      cairo_set_source_rgba (cr, palette.foreground.red, palette.foreground.green, palette.foreground.blue, 0.55);
      pango_layout_set_text (self->layout, text, -1);
      pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
      cairo_move_to (cr, (width - text_width) / 2, (height - text_height) / 2);
      pango_cairo_show_layout (cr, self->layout);
    }
  else
    {
      arietta_curves_draw (cr, &palette, self->layout, width, height, curves, self->beside->len > 0 ? 2 : 1);
    }
  cairo_destroy (cr);
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
describe_cb (gpointer user_data)
{
  AriettaLossChart *self = user_data;
  g_autofree char  *text = NULL;

  self->describe_source = 0;
  if (self->samples->len == 0)
    text = g_strdup (_("No values yet"));
  else
    {
      const AriettaCurveSample *last = &g_array_index (self->samples, AriettaCurveSample, self->samples->len - 1);

      text = isfinite (self->last_validation)
        ? g_strdup_printf (_("After %.1f minutes: training %.3f, validation %.3f"), last->minutes, last->train,
                           self->last_validation)
        : g_strdup_printf (_("After %.1f minutes: training %.3f"), last->minutes, last->train);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
describe (AriettaLossChart *self)
{
  if (self->describe_source == 0)
    self->describe_source = g_timeout_add_once (DESCRIBE_MS, describe_cb, self);
}

static void
arietta_loss_chart_finalize (GObject *object)
{
  AriettaLossChart *self = ARIETTA_LOSS_CHART (object);

  g_clear_handle_id (&self->describe_source, g_source_remove);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->samples, g_array_unref);
  g_clear_pointer (&self->beside, g_array_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->beside_name, g_free);

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
  self->samples = g_array_new (FALSE, FALSE, sizeof (AriettaCurveSample));
  self->beside = g_array_new (FALSE, FALSE, sizeof (AriettaCurveSample));
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
  g_array_set_size (self->beside, 0);
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
  AriettaCurveSample sample = { minutes, train, validation };

  g_return_if_fail (ARIETTA_IS_LOSS_CHART (self));

  /* A training that diverged says so elsewhere; it should not take the axes with it. */
  if (!isfinite (minutes) || minutes < 0 || (!isfinite (train) && !isfinite (validation)))
    return;

  if (isfinite (validation))
    self->last_validation = validation;
  g_array_append_val (self->samples, sample);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_loss_chart_lay_over (AriettaLossChart *self,
                             const char       *name,
                             const char       *beside_name)
{
  g_return_if_fail (ARIETTA_IS_LOSS_CHART (self));

  g_free (self->name);
  self->name = g_strdup (name);
  g_free (self->beside_name);
  self->beside_name = g_strdup (beside_name);
  g_array_set_size (self->beside, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_loss_chart_add_beside (AriettaLossChart *self,
                               double            minutes,
                               double            train,
                               double            validation)
{
  AriettaCurveSample sample = { minutes, train, validation };

  g_return_if_fail (ARIETTA_IS_LOSS_CHART (self) && self->beside_name != NULL);

  if (isfinite (minutes) && minutes >= 0 && (isfinite (train) || isfinite (validation)))
    g_array_append_val (self->beside, sample);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
