#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-progress-ring.h"

#include <glib/gi18n.h>

#include "widgets/arietta-colors.h"

struct _AriettaProgressRing
{
  GtkWidget parent_instance;

  double    fraction;
};

G_DEFINE_FINAL_TYPE (AriettaProgressRing, arietta_progress_ring, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_value (AriettaProgressRing *self)
{
  double fraction = CLAMP (self->fraction, 0.0, 1.0);
  g_autofree char *text = NULL;

  text = self->fraction < 0 ? g_strdup (_("Nothing is running"))
                            : g_strdup_printf (_("%d percent"), (int) (fraction * 100 + 0.5));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, fraction,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

static void
arietta_progress_ring_measure (GtkWidget      *widget,
                               GtkOrientation  orientation,
                               int             for_size,
                               int            *minimum,
                               int            *natural,
                               int            *minimum_baseline,
                               int            *natural_baseline)
{
  /* min-width and min-height of style.css say how large an icon is. */
  *minimum = *natural = 0;
}

static void
arietta_progress_ring_snapshot (GtkWidget   *widget,
                                GtkSnapshot *snapshot)
{
  AriettaProgressRing *self = ARIETTA_PROGRESS_RING (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double size = MIN (width, height), line = size / 6.0;
  AriettaPalette palette;
  cairo_t *cr;

  if (size <= 2)
    return;

  arietta_colors_get (widget, &palette);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_translate (cr, width / 2, height / 2);
  cairo_set_line_width (cr, line);
  cairo_set_source_rgba (cr, palette.foreground.red, palette.foreground.green, palette.foreground.blue, 0.2);
  cairo_arc (cr, 0, 0, (size - line) / 2, 0, 2 * G_PI);
  cairo_stroke (cr);

  if (self->fraction > 0)
    {
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
      cairo_set_source_rgb (cr, palette.accent.red, palette.accent.green, palette.accent.blue);
      cairo_arc (cr, 0, 0, (size - line) / 2, -G_PI_2, -G_PI_2 + 2 * G_PI * MIN (self->fraction, 1.0));
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
arietta_progress_ring_get_property (GObject    *object,
                                    guint       id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  if (id == PROP_FRACTION)
    g_value_set_double (value, ARIETTA_PROGRESS_RING (object)->fraction);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_progress_ring_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  AriettaProgressRing *self = ARIETTA_PROGRESS_RING (object);

  if (id != PROP_FRACTION)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->fraction == g_value_get_double (value))
    return;

  self->fraction = g_value_get_double (value);
  update_value (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (object, pspec);
}

static void
arietta_progress_ring_class_init (AriettaProgressRingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = arietta_progress_ring_get_property;
  object_class->set_property = arietta_progress_ring_set_property;
  widget_class->measure = arietta_progress_ring_measure;
  widget_class->snapshot = arietta_progress_ring_snapshot;

  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "progressring");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
}

static void
arietta_progress_ring_init (AriettaProgressRing *self)
{
  self->fraction = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  -1);
  update_value (self);
}

GtkWidget *
arietta_progress_ring_new (void)
{
  return g_object_new (ARIETTA_TYPE_PROGRESS_RING, NULL);
}
