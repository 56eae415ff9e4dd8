#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-adaptive-box.h"

/* Nobody makes a window narrower than this, and no layout of ours needs more. */
#define SMALLEST_LAYOUT 300

struct _AriettaAdaptiveBox
{
  GtkWidget  parent_instance;

  GtkWidget *child;
  int        narrow_width;
  int        compact_width;
  int        least_height;   /* below 0: as much as the child says */
  int        told_height;    /* what the child needed when it was last allocated */
  int        answered_height;   /* and what the window knows of it */
  int        width;      /* as last allocated, -1 before */
  gboolean   narrow;
  gboolean   compact;
  guint      update_id;
};

G_DEFINE_FINAL_TYPE (AriettaAdaptiveBox, arietta_adaptive_box, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_NARROW_WIDTH,
  PROP_COMPACT_WIDTH,
  PROP_LEAST_HEIGHT,
  PROP_NARROW,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
update_cb (gpointer user_data)
{
  AriettaAdaptiveBox *self = user_data;
  gboolean narrow = self->width < self->narrow_width;
  gboolean compact = self->width < self->compact_width;

  self->update_id = 0;

  if (self->told_height != self->answered_height)
    {
      self->answered_height = self->told_height;
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  g_object_freeze_notify (G_OBJECT (self));
  if (self->narrow != narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  if (self->compact != compact)
    {
      self->compact = compact;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
    }
  g_object_thaw_notify (G_OBJECT (self));

  return G_SOURCE_REMOVE;
}

/* Before the next frame, but not within this allocation: bindings may ask for another one. */
static void
queue_update (AriettaAdaptiveBox *self)
{
  if (self->width < 0 || self->update_id != 0)
    return;
  if ((self->width < self->narrow_width) == self->narrow && (self->width < self->compact_width) == self->compact &&
      self->told_height == self->answered_height)
    return;

  self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

static void
set_child (AriettaAdaptiveBox *self,
           GtkWidget          *child)
{
  if (self->child == child)
    return;

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static void
arietta_adaptive_box_measure (GtkWidget      *widget,
                              GtkOrientation  orientation,
                              int             for_size,
                              int            *minimum,
                              int            *natural,
                              int            *minimum_baseline,
                              int            *natural_baseline)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (widget);

  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    return;

  if (self->least_height >= 0)
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? SMALLEST_LAYOUT
                                                                    : MAX (self->least_height, self->told_height);
  else if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (self->child, orientation, -1, minimum, natural, NULL, NULL);
      /* The layout of now may need more than the one that would take over below a threshold. */
      *minimum = MIN (*minimum, SMALLEST_LAYOUT);
    }
  else
    {
      int child_width = 0;

      if (for_size >= 0)
        {
          gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &child_width, NULL, NULL, NULL);
          child_width = MAX (child_width, for_size);
        }
      gtk_widget_measure (self->child, orientation, for_size >= 0 ? child_width : -1, minimum, natural, NULL,
                          NULL);
    }
}

static void
arietta_adaptive_box_size_allocate (GtkWidget *widget,
                                    int        width,
                                    int        height,
                                    int        baseline)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (widget);

  self->width = width;
  queue_update (self);

  if (self->child != NULL && gtk_widget_should_layout (self->child))
    {
      GtkAllocation area = { 0, 0, width, height };
      int least = 0;

      /* For the one frame before the narrower layout is there, the far edge is cut off.  The widest
       * has room. */
      if (self->least_height < 0 || width < self->compact_width)
        gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      area.width = MAX (width, least);
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        area.x = width - area.width;
      gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, area.width, &least, NULL, NULL, NULL);
      area.height = MAX (height, least);
      if (self->least_height >= 0 && self->told_height != least)
        {
          self->told_height = least;
          queue_update (self);
        }
      gtk_widget_size_allocate (self->child, &area, baseline);
    }
}

static GtkSizeRequestMode
arietta_adaptive_box_get_request_mode (GtkWidget *widget)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (widget);

  return self->child != NULL ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
arietta_adaptive_box_compute_expand (GtkWidget *widget,
                                     gboolean  *horizontal,
                                     gboolean  *vertical)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (widget);

  *horizontal = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_HORIZONTAL);
  *vertical = self->child != NULL && gtk_widget_compute_expand (self->child, GTK_ORIENTATION_VERTICAL);
}

static void
arietta_adaptive_box_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (object);

  switch (id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_NARROW_WIDTH:
      g_value_set_int (value, self->narrow_width);
      break;
    case PROP_COMPACT_WIDTH:
      g_value_set_int (value, self->compact_width);
      break;
    case PROP_LEAST_HEIGHT:
      g_value_set_int (value, self->least_height);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_adaptive_box_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (object);

  switch (id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_NARROW_WIDTH:
    case PROP_COMPACT_WIDTH:
      {
        int *width = id == PROP_NARROW_WIDTH ? &self->narrow_width : &self->compact_width;

        if (*width == g_value_get_int (value))
          break;
        *width = g_value_get_int (value);
        g_object_notify_by_pspec (object, pspec);
        queue_update (self);
      }
      break;
    case PROP_LEAST_HEIGHT:
      if (self->least_height == g_value_get_int (value))
        break;
      self->least_height = g_value_get_int (value);
      g_object_notify_by_pspec (object, pspec);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_adaptive_box_dispose (GObject *object)
{
  AriettaAdaptiveBox *self = ARIETTA_ADAPTIVE_BOX (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (arietta_adaptive_box_parent_class)->dispose (object);
}

static void
arietta_adaptive_box_class_init (AriettaAdaptiveBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags own = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags told = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = arietta_adaptive_box_dispose;
  object_class->get_property = arietta_adaptive_box_get_property;
  object_class->set_property = arietta_adaptive_box_set_property;
  widget_class->measure = arietta_adaptive_box_measure;
  widget_class->size_allocate = arietta_adaptive_box_size_allocate;
  widget_class->get_request_mode = arietta_adaptive_box_get_request_mode;
  widget_class->compute_expand = arietta_adaptive_box_compute_expand;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, own);
  properties[PROP_NARROW_WIDTH] = g_param_spec_int ("narrow-width", NULL, NULL, 0, G_MAXINT, 560, own);
  properties[PROP_COMPACT_WIDTH] = g_param_spec_int ("compact-width", NULL, NULL, 0, G_MAXINT, 860, own);
  properties[PROP_LEAST_HEIGHT] = g_param_spec_int ("least-height", NULL, NULL, -1, G_MAXINT, -1, own);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, told);
  properties[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, told);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "adaptivebox");
}

static void
arietta_adaptive_box_init (AriettaAdaptiveBox *self)
{
  self->narrow_width = 560;
  self->compact_width = 860;
  self->least_height = -1;
  self->width = -1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
arietta_adaptive_box_new (void)
{
  return g_object_new (ARIETTA_TYPE_ADAPTIVE_BOX, NULL);
}
