#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-face-view.h"

#include "widgets/arietta-colors.h"
#include "widgets/arietta-raster.h"

struct _AriettaFaceView
{
  GtkWidget    parent_instance;

  AriettaFace *face;
  int          size;
  int          hue;
  GdkTexture  *texture;  /* NULL: to be painted */
};

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

static GdkTexture *
paint (AriettaFaceView *self)
{
  cairo_surface_t *surface;
  AriettaPalette palette;
  cairo_t *cr;

  surface = arietta_raster_begin (self->size, self->size, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  if (surface == NULL)
    return NULL;

  arietta_colors_get (GTK_WIDGET (self), &palette);
  cr = cairo_create (surface);
  if (self->face != NULL)
    arietta_face_draw (self->face, cr, self->size, self->hue, &palette);
  else
    {
      AriettaColor ink = palette.foreground;

      cairo_set_source_rgba (cr, ink.red, ink.green, ink.blue, 0.18);
      cairo_set_line_width (cr, MAX (self->size / 24.0, 1.0));
      cairo_arc (cr, self->size / 2.0, self->size / 2.0, self->size * 0.36, 0, 2 * G_PI);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);

  return arietta_raster_end (surface);
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

  if (self->texture == NULL)
    self->texture = paint (self);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture,
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
