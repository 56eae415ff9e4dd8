#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-face-view.h"

#include "widgets/arietta-face-cache.h"

struct _AriettaFaceView
{
  GtkWidget    parent_instance;

  AriettaFace *face;
  int          size;
  int          hue;
  GdkTexture  *texture;  /* NULL: to be painted */
  guint        later;    /* a frame that will paint it, 0: none */
};

/* With the frame clock. */
typedef struct
{
  gint64 frame;
  guint  painted;
} Budget;

/* About 0.3 ms each. */
#define FACES_A_FRAME 12

G_DEFINE_FINAL_TYPE (AriettaFaceView, arietta_face_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_FACE,
  PROP_SIZE,
  PROP_HUE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
repaint (AriettaFaceView *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Painting many in one frame would hold it up: each frame paints a few, and what has to wait is a ring until then. */
static gboolean
may_paint (AriettaFaceView *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  Budget *budget;

  if (self->face == NULL || clock == NULL)
    return TRUE;

  budget = g_object_get_data (G_OBJECT (clock), "arietta-face-budget");
  if (budget == NULL)
    {
      budget = g_new0 (Budget, 1);
      budget->frame = -1;
      g_object_set_data_full (G_OBJECT (clock), "arietta-face-budget", budget, g_free);
    }
  if (budget->frame != gdk_frame_clock_get_frame_counter (clock))
    {
      budget->frame = gdk_frame_clock_get_frame_counter (clock);
      budget->painted = 0;
    }
  return budget->painted++ < FACES_A_FRAME;
}

static gboolean
later_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  ARIETTA_FACE_VIEW (widget)->later = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

static void
find_texture (AriettaFaceView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkTexture *texture = arietta_face_cache_get (widget, self->face, self->size, self->hue, FALSE);

  if (texture == NULL)
    texture = arietta_face_cache_get (widget, self->face, self->size, self->hue, may_paint (self));
  if (texture != NULL)
    self->texture = g_object_ref (texture);
  else if (self->later == 0)
    self->later = gtk_widget_add_tick_callback (widget, later_cb, NULL, NULL);
}

static void
arietta_face_view_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = ARIETTA_FACE_VIEW (widget)->size;
}

static void
arietta_face_view_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  AriettaFaceView *self = ARIETTA_FACE_VIEW (widget);
  GdkTexture *texture;

  if (self->texture == NULL)
    find_texture (self);
  texture = self->texture != NULL ? self->texture
                                  : arietta_face_cache_get (widget, NULL, self->size, -1, TRUE);
  if (texture != NULL)
    gtk_snapshot_append_texture (snapshot, texture,
                                 &GRAPHENE_RECT_INIT ((gtk_widget_get_width (widget) - self->size) / 2,
                                                      (gtk_widget_get_height (widget) - self->size) / 2,
                                                      self->size, self->size));
}

static void
arietta_face_view_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (arietta_face_view_parent_class)->css_changed (widget, change);

  repaint (ARIETTA_FACE_VIEW (widget));
}

static void
arietta_face_view_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  AriettaFaceView *self = ARIETTA_FACE_VIEW (object);

  switch (id)
    {
    case PROP_FACE:
      g_value_set_boxed (value, self->face);
      break;
    case PROP_SIZE:
      g_value_set_int (value, self->size);
      break;
    case PROP_HUE:
      g_value_set_int (value, self->hue);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_face_view_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AriettaFaceView *self = ARIETTA_FACE_VIEW (object);

  switch (id)
    {
    case PROP_FACE:
      if (g_value_get_boxed (value) == self->face)
        return;
      g_clear_pointer (&self->face, arietta_face_unref);
      self->face = g_value_dup_boxed (value);
      break;
    case PROP_SIZE:
      if (g_value_get_int (value) == self->size)
        return;
      self->size = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_HUE:
      if (g_value_get_int (value) == self->hue)
        return;
      self->hue = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  repaint (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
arietta_face_view_dispose (GObject *object)
{
  AriettaFaceView *self = ARIETTA_FACE_VIEW (object);

  if (self->later != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->later);
  self->later = 0;
  g_clear_pointer (&self->face, arietta_face_unref);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (arietta_face_view_parent_class)->dispose (object);
}

static void
arietta_face_view_class_init (AriettaFaceViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = arietta_face_view_dispose;
  object_class->get_property = arietta_face_view_get_property;
  object_class->set_property = arietta_face_view_set_property;
  widget_class->measure = arietta_face_view_measure;
  widget_class->snapshot = arietta_face_view_snapshot;
  widget_class->css_changed = arietta_face_view_css_changed;

  properties[PROP_FACE] = g_param_spec_boxed ("face", NULL, NULL, ARIETTA_TYPE_FACE, flags);
  properties[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 24, 256, 48, flags);
  properties[PROP_HUE] = g_param_spec_int ("hue", NULL, NULL, -1, ARIETTA_PALETTE_SIZE - 1, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "faceview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
arietta_face_view_init (AriettaFaceView *self)
{
  self->size = 48;
  self->hue = -1;
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (repaint), NULL);
}

GtkWidget *
arietta_face_view_new (void)
{
  return g_object_new (ARIETTA_TYPE_FACE_VIEW, NULL);
}
