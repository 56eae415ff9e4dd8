#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-lane.h"

#include <math.h>

#include "drawing/arietta-roll.h"
#include "widgets/arietta-colors.h"
#include "widgets/arietta-zoom-input.h"

#define SMALLER 0.8
#define LEAST_BAR 7.0   /* pixels between bar lines */

typedef struct
{
  AriettaTimeAxis *axis;      /* owned, NULL before one was set */
  char            *title;
  PangoLayout     *layout;
  AriettaPalette   palette;
  gboolean         palette_valid;
  gboolean         dragging;
  double           drag_x, drag_y;
  guint32          press_time;
  double           press_x;
} AriettaLanePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AriettaLane, arietta_lane, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_AXIS,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static AriettaLanePrivate *
get (AriettaLane *self)
{
  return arietta_lane_get_instance_private (self);
}

static void
axis_changed_cb (AriettaLane *self)
{
  if (ARIETTA_LANE_GET_CLASS (self)->changed != NULL)
    ARIETTA_LANE_GET_CLASS (self)->changed (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- Drawing ---- */

static void
draw_bars (AriettaLane *self,
           GtkSnapshot *snapshot,
           double       width,
           double       height)
{
  AriettaLanePrivate *priv = get (self);
  AriettaBarMap *bars = arietta_time_axis_get_bars (priv->axis);
  double scale = arietta_time_axis_get_pixels_per_tick (priv->axis);
  double margin = arietta_time_axis_get_margin (priv->axis);
  guint step = arietta_roll_get_bar_step (bars, scale, LEAST_BAR);
  guint first = arietta_bar_map_find (bars, arietta_time_axis_x_to_tick (priv->axis, margin));

  for (guint nth = first - first % step;; nth += step)
    {
      double x = floor (arietta_time_axis_tick_to_x (priv->axis, arietta_bar_map_get_start (bars, nth)));

      if (x > width)
        break;
      if (x >= margin)
        arietta_colors_append (snapshot, priv->palette.foreground, 0.12, x, 0, 1, height);
    }
}

static void
arietta_lane_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  AriettaLane *self = ARIETTA_LANE (widget);
  AriettaLanePrivate *priv = get (self);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), margin, head;

  if (priv->axis == NULL || width <= 0 || height <= 0)
    return;
  if (!priv->palette_valid)
    {
      arietta_colors_get (widget, &priv->palette);
      priv->palette_valid = TRUE;
    }

  margin = arietta_time_axis_get_margin (priv->axis);
  if (width <= margin)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) margin, 0, (float) (width - margin), (float) height));
  draw_bars (self, snapshot, width, height);
  ARIETTA_LANE_GET_CLASS (self)->paint (self, snapshot, width, height);
  head = round (arietta_time_axis_tick_to_x (priv->axis, arietta_time_axis_get_position (priv->axis)));
  if (head >= margin && head <= width)
    arietta_colors_append (snapshot, priv->palette.accent, 0.6, head, 0, 1, height);
  gtk_snapshot_pop (snapshot);

  arietta_colors_append (snapshot, priv->palette.foreground, 0.04, 0, 0, margin - 1, height);
  arietta_colors_append (snapshot, priv->palette.foreground, 0.15, margin - 1, 0, 1, height);
  arietta_colors_append (snapshot, priv->palette.foreground, 0.12, 0, height - 1, width, 1);
  if (priv->title != NULL)
    arietta_lane_append_text (self, snapshot, priv->title, priv->palette.foreground, 0.6, 6, 0, MIN (height, 24),
                              margin - 9);
}

static void
arietta_lane_css_changed (GtkWidget         *widget,
                          GtkCssStyleChange *change)
{
  AriettaLanePrivate *priv = get (ARIETTA_LANE (widget));

  GTK_WIDGET_CLASS (arietta_lane_parent_class)->css_changed (widget, change);

  priv->palette_valid = FALSE;
  g_clear_object (&priv->layout);
  gtk_widget_queue_resize (widget);
}

/* ---- The pointer ---- */

static void
zoom_cb (GtkWidget *widget,
         double     factor,
         gboolean   across,
         double     x,
         double     y)
{
  AriettaLanePrivate *priv = get (ARIETTA_LANE (widget));

  if (priv->axis != NULL && !across)
    arietta_time_axis_ask_zoom (priv->axis, factor, x);
}

static gboolean
scroll_cb (AriettaLane              *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  AriettaLanePrivate *priv = get (self);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  GtkAdjustment *adjustment;

  if (priv->axis == NULL || (state & GDK_CONTROL_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  adjustment = arietta_time_axis_get_adjustment (priv->axis);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment)
                                          + (dx != 0 ? dx : dy) * gtk_adjustment_get_page_size (adjustment) * 0.1);
  return GDK_EVENT_STOP;
}

static GdkModifierType
get_modifiers (GtkGestureDrag *gesture)
{
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
}

static int
count_presses (AriettaLane    *self,
               double          x,
               GtkGestureDrag *gesture)
{
  AriettaLanePrivate *priv = get (self);
  guint32 now = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
  int most_ms, most_pixels;
  gboolean twice;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &most_ms,
                "gtk-double-click-distance", &most_pixels, NULL);
  twice = priv->press_time != 0 && now - priv->press_time <= (guint32) most_ms &&
          fabs (x - priv->press_x) <= most_pixels;
  priv->press_time = twice ? 0 : now;
  priv->press_x = x;
  return twice ? 2 : 1;
}

static void
drag_begin_cb (AriettaLane    *self,
               double          x,
               double          y,
               GtkGestureDrag *gesture)
{
  AriettaLanePrivate *priv = get (self);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  priv->drag_x = x;
  priv->drag_y = y;
  priv->dragging = priv->axis != NULL && x >= arietta_time_axis_get_margin (priv->axis) &&
                   ARIETTA_LANE_GET_CLASS (self)->press (self, x, y, get_modifiers (gesture),
                                                         count_presses (self, x, gesture));
  if (priv->dragging)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
drag_update_cb (AriettaLane    *self,
                double          dx,
                double          dy,
                GtkGestureDrag *gesture)
{
  AriettaLanePrivate *priv = get (self);

  if (priv->dragging)
    ARIETTA_LANE_GET_CLASS (self)->drag (self, priv->drag_x + dx, priv->drag_y + dy, get_modifiers (gesture));
}

static void
end_drag (AriettaLane *self,
          gboolean     cancelled)
{
  AriettaLanePrivate *priv = get (self);
  gboolean dragging = priv->dragging;

  priv->dragging = FALSE;
  if (dragging)
    ARIETTA_LANE_GET_CLASS (self)->release (self, cancelled);
}

static void
drag_end_cb (AriettaLane *self)
{
  end_drag (self, FALSE);
}

static void
drag_cancel_cb (AriettaLane *self)
{
  end_drag (self, TRUE);
}

static void
motion_cb (AriettaLane *self,
           double       x,
           double       y)
{
  AriettaLanePrivate *priv = get (self);
  const char *name = NULL;

  if (priv->axis == NULL || priv->dragging || ARIETTA_LANE_GET_CLASS (self)->hover == NULL)
    return;
  if (x >= arietta_time_axis_get_margin (priv->axis))
    name = ARIETTA_LANE_GET_CLASS (self)->hover (self, x, y);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), name);
}

/* ---- Overrides ---- */

static void
arietta_lane_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  AriettaLanePrivate *priv = get (ARIETTA_LANE (object));

  if (id == PROP_AXIS)
    g_value_set_object (value, priv->axis);
  else if (id == PROP_TITLE)
    g_value_set_string (value, priv->title);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_lane_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  AriettaLane *self = ARIETTA_LANE (object);
  AriettaLanePrivate *priv = get (self);

  if (id == PROP_AXIS)
    arietta_lane_set_axis (self, g_value_get_object (value));
  else if (id == PROP_TITLE)
    {
      g_free (priv->title);
      priv->title = g_value_dup_string (value);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      priv->title != NULL ? priv->title : "", -1);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_lane_dispose (GObject *object)
{
  AriettaLanePrivate *priv = get (ARIETTA_LANE (object));

  if (priv->axis != NULL)
    g_signal_handlers_disconnect_by_data (priv->axis, object);
  g_clear_object (&priv->axis);
  g_clear_object (&priv->layout);

  G_OBJECT_CLASS (arietta_lane_parent_class)->dispose (object);
}

static void
arietta_lane_finalize (GObject *object)
{
  g_free (get (ARIETTA_LANE (object))->title);

  G_OBJECT_CLASS (arietta_lane_parent_class)->finalize (object);
}

static void
arietta_lane_class_init (AriettaLaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_lane_dispose;
  object_class->finalize = arietta_lane_finalize;
  object_class->get_property = arietta_lane_get_property;
  object_class->set_property = arietta_lane_set_property;
  widget_class->snapshot = arietta_lane_snapshot;
  widget_class->css_changed = arietta_lane_css_changed;

  properties[PROP_AXIS] = g_param_spec_object ("axis", NULL, NULL, ARIETTA_TYPE_TIME_AXIS,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "lane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
arietta_lane_init (AriettaLane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  arietta_zoom_input_attach (widget, zoom_cb, FALSE, drag);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
}

/* ---- Public ---- */

void
arietta_lane_set_axis (AriettaLane     *self,
                       AriettaTimeAxis *axis)
{
  AriettaLanePrivate *priv;

  g_return_if_fail (ARIETTA_IS_LANE (self));

  priv = get (self);
  if (priv->axis == axis)
    return;
  if (priv->axis != NULL)
    g_signal_handlers_disconnect_by_data (priv->axis, self);
  g_set_object (&priv->axis, axis);
  if (axis != NULL)
    {
      g_signal_connect_swapped (axis, "changed", G_CALLBACK (axis_changed_cb), self);
      g_signal_connect_swapped (axis, "moved", G_CALLBACK (gtk_widget_queue_draw), self);
      axis_changed_cb (self);
    }
}

AriettaTimeAxis *
arietta_lane_get_axis (AriettaLane *self)
{
  g_return_val_if_fail (ARIETTA_IS_LANE (self), NULL);

  return get (self)->axis;
}

const AriettaPalette *
arietta_lane_get_palette (AriettaLane *self)
{
  g_return_val_if_fail (ARIETTA_IS_LANE (self), NULL);

  return &get (self)->palette;
}

PangoLayout *
arietta_lane_get_layout (AriettaLane *self)
{
  AriettaLanePrivate *priv = get (self);
  PangoFontDescription *font;

  if (priv->layout != NULL)
    return priv->layout;

  priv->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  font = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (priv->layout)));
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * SMALLER);
  else
    pango_font_description_set_size (font, (int) (pango_font_description_get_size (font) * SMALLER));
  pango_layout_set_font_description (priv->layout, font);
  pango_font_description_free (font);
  return priv->layout;
}

int
arietta_lane_append_text (AriettaLane  *self,
                          GtkSnapshot  *snapshot,
                          const char   *text,
                          AriettaColor  color,
                          double        alpha,
                          double        x,
                          double        y,
                          double        height,
                          double        most)
{
  PangoLayout *layout = arietta_lane_get_layout (self);
  GdkRGBA ink = arietta_colors_to_rgba (color, alpha);
  int text_width, text_height;

  pango_layout_set_width (layout, most > 0 ? (int) (most * PANGO_SCALE) : -1);
  pango_layout_set_ellipsize (layout, most > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x),
                                                          (float) floor (y + (height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
  return text_width;
}

void
arietta_lane_describe (AriettaLane *self,
                       const char  *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

void
arietta_lane_reveal (AriettaLane *self,
                     gint64       tick)
{
  AriettaTimeAxis *axis = get (self)->axis;
  GtkAdjustment *adjustment = arietta_time_axis_get_adjustment (axis);
  double x = (double) tick * arietta_time_axis_get_pixels_per_tick (axis);
  double air = gtk_adjustment_get_page_size (adjustment) * 0.1;

  gtk_adjustment_clamp_page (adjustment, x - air, x + air);
}
