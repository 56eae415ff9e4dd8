#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-quick-layout.h"

struct _AriettaQuickLayout
{
  GtkLayoutManager  parent_instance;

  GtkLayoutManager *box_layout;   /* the one before, which measures and places as ever */
};

enum
{
  PROP_0,
  PROP_ORIENTATION,
};

/* GtkBox tells its layout manager when it is turned. */
G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaQuickLayout, arietta_quick_layout, GTK_TYPE_LAYOUT_MANAGER,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_ORIENTABLE, NULL))

static gboolean
is_box (GtkWidget      *widget,
        GtkOrientation  orientation)
{
  GtkLayoutManager *manager = gtk_widget_get_layout_manager (widget);

  return GTK_IS_BOX (widget) && GTK_IS_BOX_LAYOUT (manager) &&
         gtk_orientable_get_orientation (GTK_ORIENTABLE (manager)) == orientation;
}

static gboolean
has_words (GtkWidget *box)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child) && gtk_label_get_wrap (GTK_LABEL (child)))
      return TRUE;
  return FALSE;
}

static GtkSizeRequestMode
arietta_quick_layout_get_request_mode (GtkLayoutManager *manager,
                                       GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
arietta_quick_layout_measure (GtkLayoutManager *manager,
                              GtkWidget        *widget,
                              GtkOrientation    orientation,
                              int               for_size,
                              int              *minimum,
                              int              *natural,
                              int              *minimum_baseline,
                              int              *natural_baseline)
{
  AriettaQuickLayout *self = ARIETTA_QUICK_LAYOUT (manager);

  gtk_layout_manager_measure (self->box_layout, widget, orientation,
                              orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
                              minimum_baseline, natural_baseline);
}

static void
arietta_quick_layout_allocate (GtkLayoutManager *manager,
                               GtkWidget        *widget,
                               int               width,
                               int               height,
                               int               baseline)
{
  gtk_layout_manager_allocate (ARIETTA_QUICK_LAYOUT (manager)->box_layout, widget, width, height, baseline);
}

static void
arietta_quick_layout_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  if (id == PROP_ORIENTATION)
    g_object_get_property (G_OBJECT (ARIETTA_QUICK_LAYOUT (object)->box_layout), pspec->name, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_quick_layout_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  if (id != PROP_ORIENTATION)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_object_set_property (G_OBJECT (ARIETTA_QUICK_LAYOUT (object)->box_layout), pspec->name, value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
arietta_quick_layout_finalize (GObject *object)
{
  g_object_unref (ARIETTA_QUICK_LAYOUT (object)->box_layout);

  G_OBJECT_CLASS (arietta_quick_layout_parent_class)->finalize (object);
}

static void
arietta_quick_layout_class_init (AriettaQuickLayoutClass *klass)
{
  GObjectClass          *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->finalize = arietta_quick_layout_finalize;
  object_class->get_property = arietta_quick_layout_get_property;
  object_class->set_property = arietta_quick_layout_set_property;
  manager_class->get_request_mode = arietta_quick_layout_get_request_mode;
  manager_class->measure = arietta_quick_layout_measure;
  manager_class->allocate = arietta_quick_layout_allocate;

  g_object_class_override_property (object_class, PROP_ORIENTATION, "orientation");
}

static void
arietta_quick_layout_init (AriettaQuickLayout *self)
{
}

void
arietta_quick_layout_ease (GtkWidget *root)
{
  GtkWidget *parent;

  g_return_if_fail (GTK_IS_WIDGET (root));

  parent = gtk_widget_get_parent (root);
  if (parent != NULL && is_box (parent, GTK_ORIENTATION_HORIZONTAL) && is_box (root, GTK_ORIENTATION_VERTICAL) &&
      has_words (root))
    {
      AriettaQuickLayout *quick = g_object_new (ARIETTA_TYPE_QUICK_LAYOUT, NULL);

      quick->box_layout = g_object_ref (gtk_widget_get_layout_manager (root));
      gtk_widget_set_layout_manager (root, GTK_LAYOUT_MANAGER (quick));
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    arietta_quick_layout_ease (child);
}
