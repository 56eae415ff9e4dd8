#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-loose-bin.h"

#define LEAST_HEIGHT 120

struct _AriettaLooseBin
{
  GtkWidget  parent_instance;

  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (AriettaLooseBin, arietta_loose_bin, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CHILD,
};

static void
arietta_loose_bin_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  AriettaLooseBin *self = ARIETTA_LOOSE_BIN (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = LEAST_HEIGHT;
  else if (self->child != NULL && gtk_widget_should_layout (self->child))
    gtk_widget_measure (self->child, orientation, -1, minimum, natural, NULL, NULL);
}

static void
arietta_loose_bin_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  AriettaLooseBin *self = ARIETTA_LOOSE_BIN (widget);

  if (self->child != NULL && gtk_widget_should_layout (self->child))
    gtk_widget_allocate (self->child, width, height, baseline, NULL);
}

static void
arietta_loose_bin_compute_expand (GtkWidget *widget,
                                  gboolean  *horizontal,
                                  gboolean  *vertical)
{
  AriettaLooseBin *self = ARIETTA_LOOSE_BIN (widget);

  *horizontal = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_HORIZONTAL);
  *vertical = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_VERTICAL);
}

static void
arietta_loose_bin_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (id == PROP_CHILD)
    g_value_set_object (value, ARIETTA_LOOSE_BIN (object)->child);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_loose_bin_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AriettaLooseBin *self = ARIETTA_LOOSE_BIN (object);

  if (id != PROP_CHILD)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = g_value_get_object (value);
  if (self->child != NULL)
    gtk_widget_set_parent (self->child, GTK_WIDGET (self));
}

static void
arietta_loose_bin_dispose (GObject *object)
{
  g_clear_pointer (&ARIETTA_LOOSE_BIN (object)->child, gtk_widget_unparent);

  G_OBJECT_CLASS (arietta_loose_bin_parent_class)->dispose (object);
}

static void
arietta_loose_bin_class_init (AriettaLooseBinClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_loose_bin_dispose;
  object_class->get_property = arietta_loose_bin_get_property;
  object_class->set_property = arietta_loose_bin_set_property;
  widget_class->measure = arietta_loose_bin_measure;
  widget_class->size_allocate = arietta_loose_bin_size_allocate;
  widget_class->compute_expand = arietta_loose_bin_compute_expand;

  g_object_class_install_property (object_class, PROP_CHILD,
                                   g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
arietta_loose_bin_init (AriettaLooseBin *self)
{
}
