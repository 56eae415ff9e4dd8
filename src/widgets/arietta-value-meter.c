#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-value-meter.h"

#include <glib/gi18n.h>

#include "widgets/arietta-colors.h"

/* The bar alone: a widget of its own so that CSS gives it height and margins. */
#define ARIETTA_TYPE_METER_BAR (arietta_meter_bar_get_type ())
G_DECLARE_FINAL_TYPE (AriettaMeterBar, arietta_meter_bar, ARIETTA, METER_BAR, GtkWidget)

struct _AriettaMeterBar
{
  GtkWidget parent_instance;

  double    value;
  double    reference;
};

G_DEFINE_FINAL_TYPE (AriettaMeterBar, arietta_meter_bar, GTK_TYPE_WIDGET)

struct _AriettaValueMeter
{
  GtkWidget        parent_instance;

  GtkWidget       *heading;
  GtkWidget       *name;
  GtkWidget       *number;
  AriettaMeterBar *bar;
};

G_DEFINE_FINAL_TYPE (AriettaValueMeter, arietta_value_meter, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_LABEL,
  PROP_VALUE,
  PROP_REFERENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
arietta_meter_bar_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  AriettaMeterBar *self = ARIETTA_METER_BAR (widget);
  float width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  AriettaPalette palette;
  GskRoundedRect round;
  GdkRGBA color;

  arietta_colors_get (widget, &palette);
  gsk_rounded_rect_init_from_rect (&round, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2);

  gtk_snapshot_push_rounded_clip (snapshot, &round);
  color = arietta_colors_to_rgba (palette.foreground, 0.12);
  gtk_snapshot_append_color (snapshot, &color, &round.bounds);
  if (self->value > 0)
    {
      float filled = width * (float) MIN (self->value, 1.0);
      GskRoundedRect part;

      gsk_rounded_rect_init_from_rect (&part, &GRAPHENE_RECT_INIT (mirrored ? width - filled : 0, 0, filled, height),
                                       height / 2);
      color = arietta_colors_to_rgba (palette.accent, 1.0);
      gtk_snapshot_push_rounded_clip (snapshot, &part);
      gtk_snapshot_append_color (snapshot, &color, &part.bounds);
      gtk_snapshot_pop (snapshot);
    }
  gtk_snapshot_pop (snapshot);

  if (self->reference >= 0)
    {
      float x = width * (float) MIN (self->reference, 1.0);

      /* Higher than the bar and edged with the ground, to be seen over both parts of it. */
      x = CLAMP (mirrored ? width - x : x, 1, width - 1);
      color = arietta_colors_to_rgba (palette.background, 1.0);
      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x - 2, -2, 4, height + 4));
      color = arietta_colors_to_rgba (palette.foreground, 0.9);
      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x - 1, -2, 2, height + 4));
    }
}

static void
arietta_meter_bar_class_init (AriettaMeterBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = arietta_meter_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "bar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
arietta_meter_bar_init (AriettaMeterBar *self)
{
  self->value = -1;
  self->reference = -1;
}

static void
update (AriettaValueMeter *self)
{
  int percent = (int) (CLAMP (self->bar->value, 0.0, 1.0) * 100 + 0.5);
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;

  if (self->bar->value < 0)
    {
      number = g_strdup ("–");
      text = g_strdup (_("unknown"));
    }
  else
    {
      number = g_strdup_printf (_("%d %%"), percent);
      text = self->bar->reference < 0
        ? g_strdup_printf (_("%d percent"), percent)
        : g_strdup_printf (_("%d percent, before: %d percent"), percent,
                           (int) (MIN (self->bar->reference, 1.0) * 100 + 0.5));
    }

  gtk_label_set_text (GTK_LABEL (self->number), number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, CLAMP (self->bar->value, 0.0, 1.0),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self->bar));
}

static void
set_label (AriettaValueMeter *self,
           const char        *label)
{
  if (g_strcmp0 (label, gtk_label_get_text (GTK_LABEL (self->name))) == 0)
    return;

  gtk_label_set_text (GTK_LABEL (self->name), label != NULL ? label : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label != NULL ? label : "",
                                  -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LABEL]);
}

static void
arietta_value_meter_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  AriettaValueMeter *self = ARIETTA_VALUE_METER (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, gtk_label_get_text (GTK_LABEL (self->name)));
      break;
    case PROP_VALUE:
      g_value_set_double (value, self->bar->value);
      break;
    case PROP_REFERENCE:
      g_value_set_double (value, self->bar->reference);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_value_meter_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  AriettaValueMeter *self = ARIETTA_VALUE_METER (object);
  double *place;

  switch (id)
    {
    case PROP_LABEL:
      set_label (self, g_value_get_string (value));
      break;
    case PROP_VALUE:
    case PROP_REFERENCE:
      place = id == PROP_VALUE ? &self->bar->value : &self->bar->reference;
      if (*place == g_value_get_double (value))
        break;
      *place = g_value_get_double (value);
      update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_value_meter_dispose (GObject *object)
{
  AriettaValueMeter *self = ARIETTA_VALUE_METER (object);
  GtkWidget *bar = GTK_WIDGET (self->bar);

  g_clear_pointer (&self->heading, gtk_widget_unparent);
  if (bar != NULL)
    gtk_widget_unparent (bar);
  self->bar = NULL;

  G_OBJECT_CLASS (arietta_value_meter_parent_class)->dispose (object);
}

static void
arietta_value_meter_class_init (AriettaValueMeterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = arietta_value_meter_dispose;
  object_class->get_property = arietta_value_meter_get_property;
  object_class->set_property = arietta_value_meter_set_property;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  properties[PROP_VALUE] = g_param_spec_double ("value", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_REFERENCE] = g_param_spec_double ("reference", NULL, NULL, -1, 1, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "valuemeter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
arietta_value_meter_init (AriettaValueMeter *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);

  self->heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->name = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->name, TRUE);
  self->number = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->number, "value");
  gtk_widget_add_css_class (self->number, "numeric");
  gtk_box_append (GTK_BOX (self->heading), self->name);
  gtk_box_append (GTK_BOX (self->heading), self->number);
  gtk_widget_set_parent (self->heading, GTK_WIDGET (self));

  self->bar = g_object_new (ARIETTA_TYPE_METER_BAR, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->bar), GTK_WIDGET (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  -1);
  update (self);
}

GtkWidget *
arietta_value_meter_new (const char *label)
{
  return g_object_new (ARIETTA_TYPE_VALUE_METER, "label", label, NULL);
}
