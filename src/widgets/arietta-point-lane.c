#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-point-lane-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEAST_CARRY 3.0
#define REACH 5.0            /* pixels around a point of a curve */
#define CURVE_HEIGHT 60
#define PADDING 8            /* above and below the text of a label */
#define LEAST_SPAN 20.0      /* of values, so that one tempo is not an edge */

G_DEFINE_FINAL_TYPE (AriettaPointLane, arietta_point_lane, ARIETTA_TYPE_LANE)

enum
{
  PROP_0,
  PROP_CURVE,
  PROP_SNAP_TO_BARS,
  PROP_FLAGS,
  N_PROPS
};

enum
{
  SIGNAL_EDIT,
  SIGNAL_MOVED,
  SIGNAL_REMOVED,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
point_clear (gpointer data)
{
  g_free (((AriettaPointLanePoint *) data)->text);
}

/* The last point at or before @tick; -1: none. */
int
arietta_point_lane_find_before (AriettaPointLane *self,
                                gint64            tick)
{
  int low = 0, high = (int) self->points->len;

  while (low < high)
    {
      int middle = (low + high) / 2;

      if (get_point (self, middle)->tick <= tick)
        low = middle + 1;
      else
        high = middle;
    }
  return low - 1;
}

static void
fit_values (AriettaPointLane *self)
{
  double low = G_MAXDOUBLE, high = 0;

  for (guint i = 0; i < self->points->len; i++)
    {
      low = MIN (low, get_point (self, (int) i)->value);
      high = MAX (high, get_point (self, (int) i)->value);
    }
  if (self->points->len == 0)
    low = high = 120;
  self->low = MAX (low - LEAST_SPAN, 0);
  self->high = high + LEAST_SPAN;
}

static void
describe (AriettaPointLane *self)
{
  g_autofree char *text = NULL;

  if (self->cursor >= 0)
    {
      const AriettaPointLanePoint *point = get_point (self, self->cursor);
      g_autofree char *place = arietta_time_axis_dup_place (get_axis (self), point->tick);

      text = g_strdup_printf ("%s, %s", point->text, place);
    }
  else
    text = g_strdup_printf (ngettext ("%u entry", "%u entries", self->points->len), self->points->len);
  arietta_lane_describe (ARIETTA_LANE (self), text);
}

static void
set_cursor (AriettaPointLane *self,
            int               nth)
{
  self->cursor = nth;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- The pointer ---- */

/* The point whose label or mark lies at the place; -1: none. */
static int
find_at (AriettaPointLane *self,
         double            x,
         double            y)
{
  AriettaTimeAxis *axis = get_axis (self);
  int nth = arietta_point_lane_find_before (self, arietta_time_axis_x_to_tick (axis, x + REACH));
  double at;

  if (nth < 0)
    return -1;
  at = arietta_time_axis_tick_to_x (axis, get_point (self, nth)->tick);
  if (self->curve)
    return fabs (x - at) <= REACH && fabs (y - arietta_point_lane_value_to_y (self, get_point (self, nth)->value)) <= 2 * REACH ? nth : -1;
  else
    {
      PangoLayout *layout = arietta_lane_get_layout (ARIETTA_LANE (self));
      int width, height;

      pango_layout_set_width (layout, -1);
      pango_layout_set_text (layout, get_point (self, nth)->text, -1);
      pango_layout_get_pixel_size (layout, &width, &height);
      return x <= at + MAX (width, 8) + 8 ? nth : -1;
    }
}

static gint64
snap (AriettaPointLane *self,
      gint64            tick,
      gboolean          down)
{
  return self->snap_to_bars ? arietta_time_axis_snap_to_bar (get_axis (self), tick)
                            : arietta_time_axis_snap (get_axis (self), tick, down);
}

static void
ask_edit (AriettaPointLane *self,
          gint64            tick,
          gboolean          exists)
{
  g_signal_emit (self, signals[SIGNAL_EDIT], 0, tick, exists, arietta_time_axis_tick_to_x (get_axis (self), tick));
}

static gboolean
arietta_point_lane_press (AriettaLane     *lane,
                          double           x,
                          double           y,
                          GdkModifierType  modifiers,
                          int              n_press)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (lane);
  int nth = find_at (self, x, y);

  set_cursor (self, nth);
  if (n_press == 2)
    {
      gint64 tick = nth >= 0 ? get_point (self, nth)->tick : snap (self, arietta_time_axis_x_to_tick (get_axis (self), x),
                                                                   TRUE);

      ask_edit (self, tick, nth >= 0);
      return FALSE;
    }
  if (nth < 0)
    return FALSE;

  self->pressed = TRUE;
  self->carried = FALSE;
  self->press_x = x;
  self->press_y = y;
  self->to_tick = get_point (self, nth)->tick;
  self->to_value = get_point (self, nth)->value;
  return TRUE;
}

static void
arietta_point_lane_drag (AriettaLane     *lane,
                         double           x,
                         double           y,
                         GdkModifierType  modifiers)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (lane);
  const AriettaPointLanePoint *point;
  double dx = x - self->press_x, dy = self->curve ? y - self->press_y : 0;
  double scale = arietta_time_axis_get_pixels_per_tick (get_axis (self));

  if (self->cursor < 0)
    return;
  point = get_point (self, self->cursor);
  if (!self->carried && MAX (fabs (dx), fabs (dy)) < LEAST_CARRY)
    return;
  self->carried = TRUE;
  /* A hand that goes up and down does not mean to shift the point. */
  self->to_tick = fabs (dx) < LEAST_CARRY ? point->tick : snap (self, point->tick + (gint64) (dx / scale), FALSE);
  if (self->curve)
    {
      double span = (self->high - self->low) / MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * ARIETTA_POINT_LANE_AIR, 1);

      self->to_value = MAX (round (point->value - dy * span), 1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
arietta_point_lane_release (AriettaLane *lane,
                            gboolean     cancelled)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (lane);
  gboolean carried = self->carried;
  const AriettaPointLanePoint *point;
  gint64 from;

  self->pressed = self->carried = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (cancelled || self->cursor < 0)
    return;
  point = get_point (self, self->cursor);
  from = point->tick;
  if (!carried)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, from);
  else if (self->to_tick != from || (self->curve && self->to_value != point->value))
    g_signal_emit (self, signals[SIGNAL_MOVED], 0, from, self->to_tick, self->to_value);
}

static const char *
arietta_point_lane_hover (AriettaLane *lane,
                          double       x,
                          double       y)
{
  return find_at (ARIETTA_POINT_LANE (lane), x, y) >= 0 ? "grab" : NULL;
}

/* ---- Keys ---- */

static gboolean
go_cb (GtkWidget *widget,
       GVariant  *args,
       gpointer   user_data)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (widget);
  int step, next;

  g_variant_get (args, "(i)", &step);
  if (self->points->len == 0 || get_axis (self) == NULL)
    return FALSE;
  if (ABS (step) > 1)
    next = step < 0 ? 0 : (int) self->points->len - 1;
  else if (self->cursor < 0)
    next = MAX (arietta_point_lane_find_before (self, arietta_time_axis_get_position (get_axis (self))), 0);
  else
    next = self->cursor + step;
  if (next < 0 || next >= (int) self->points->len)
    {
      gtk_widget_error_bell (widget);
      return TRUE;
    }
  set_cursor (self, next);
  arietta_lane_reveal (ARIETTA_LANE (self), get_point (self, next)->tick);
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, get_point (self, next)->tick);
  return TRUE;
}

static gboolean
shift_cb (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (widget);
  const AriettaPointLanePoint *point;
  int steps;
  double by;
  gint64 to;

  g_variant_get (args, "(id)", &steps, &by);
  if (self->cursor < 0 || (by != 0 && !self->curve))
    return FALSE;
  point = get_point (self, self->cursor);
  to = point->tick;
  if (steps != 0 && self->snap_to_bars)
    {
      AriettaBarMap *bars = arietta_time_axis_get_bars (get_axis (self));
      int bar = (int) arietta_bar_map_find (bars, point->tick) + steps;

      to = arietta_bar_map_get_start (bars, (guint) MAX (bar, 0));
    }
  else if (steps != 0)
    to = MAX (point->tick + steps * arietta_time_axis_get_step (get_axis (self)), 0);
  if (to != point->tick || by != 0)
    g_signal_emit (self, signals[SIGNAL_MOVED], 0, point->tick, to, MAX (point->value + by, 1));
  return TRUE;
}

static gboolean
edit_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (widget);
  gint64 tick;
  gboolean new;
  int nth;

  g_variant_get (args, "(b)", &new);
  if (get_axis (self) == NULL)
    return FALSE;
  if (!new && self->cursor >= 0)
    {
      ask_edit (self, get_point (self, self->cursor)->tick, TRUE);
      return TRUE;
    }
  tick = snap (self, arietta_time_axis_get_position (get_axis (self)), TRUE);
  nth = arietta_point_lane_find_before (self, tick);
  arietta_lane_reveal (ARIETTA_LANE (self), tick);
  ask_edit (self, tick, nth >= 0 && get_point (self, nth)->tick == tick);
  return TRUE;
}

static gboolean
remove_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (widget);

  if (self->cursor < 0)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, get_point (self, self->cursor)->tick);
  return TRUE;
}

/* ---- Overrides ---- */

static void
arietta_point_lane_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (widget);
  PangoLayout *layout = arietta_lane_get_layout (ARIETTA_LANE (self));
  int width, height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = 80;
      return;
    }
  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, "A♯7", -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  *minimum = *natural = self->curve ? MAX (CURVE_HEIGHT, 3 * height) : height + PADDING;
}

static void
arietta_point_lane_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (object);

  if (id == PROP_CURVE)
    g_value_set_boolean (value, self->curve);
  else if (id == PROP_SNAP_TO_BARS)
    g_value_set_boolean (value, self->snap_to_bars);
  else if (id == PROP_FLAGS)
    g_value_set_boolean (value, self->flags);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_point_lane_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (object);

  if (id == PROP_CURVE)
    self->curve = g_value_get_boolean (value);
  else if (id == PROP_SNAP_TO_BARS)
    self->snap_to_bars = g_value_get_boolean (value);
  else if (id == PROP_FLAGS)
    self->flags = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
arietta_point_lane_finalize (GObject *object)
{
  g_array_unref (ARIETTA_POINT_LANE (object)->points);

  G_OBJECT_CLASS (arietta_point_lane_parent_class)->finalize (object);
}

static void
arietta_point_lane_class_init (AriettaPointLaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaLaneClass *lane_class = ARIETTA_LANE_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = arietta_point_lane_finalize;
  object_class->get_property = arietta_point_lane_get_property;
  object_class->set_property = arietta_point_lane_set_property;
  widget_class->measure = arietta_point_lane_measure;
  lane_class->paint = arietta_point_lane_paint;
  lane_class->press = arietta_point_lane_press;
  lane_class->drag = arietta_point_lane_drag;
  lane_class->release = arietta_point_lane_release;
  lane_class->hover = arietta_point_lane_hover;

  properties[PROP_CURVE] = g_param_spec_boolean ("curve", NULL, NULL, FALSE, flags);
  properties[PROP_SNAP_TO_BARS] = g_param_spec_boolean ("snap-to-bars", NULL, NULL, FALSE, flags);
  properties[PROP_FLAGS] = g_param_spec_boolean ("flags", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_EDIT] = g_signal_new ("edit", ARIETTA_TYPE_POINT_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_BOOLEAN, G_TYPE_DOUBLE);
  signals[SIGNAL_MOVED] = g_signal_new ("moved", ARIETTA_TYPE_POINT_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT64, G_TYPE_DOUBLE);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", ARIETTA_TYPE_POINT_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", ARIETTA_TYPE_POINT_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                            G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, go_cb, "(i)", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, go_cb, "(i)", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, go_cb, "(i)", -2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, go_cb, "(i)", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_ALT_MASK, shift_cb, "(id)", -1, 0.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_ALT_MASK, shift_cb, "(id)", 1, 0.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, shift_cb, "(id)", 0, 1.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, shift_cb, "(id)", 0, -1.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_SHIFT_MASK, shift_cb, "(id)", 0, 10.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_SHIFT_MASK, shift_cb, "(id)", 0, -10.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, edit_cb, "(b)", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, edit_cb, "(b)", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F2, 0, edit_cb, "(b)", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Insert, 0, edit_cb, "(b)", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, remove_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_BackSpace, 0, remove_cb, NULL);
}

static void
arietta_point_lane_init (AriettaPointLane *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (AriettaPointLanePoint));
  g_array_set_clear_func (self->points, point_clear);
  self->cursor = -1;
  fit_values (self);
}

/* ---- Public ---- */

GtkWidget *
arietta_point_lane_new (void)
{
  return g_object_new (ARIETTA_TYPE_POINT_LANE, NULL);
}

void
arietta_point_lane_set_points (AriettaPointLane   *self,
                               const AriettaPoint *points,
                               guint               n)
{
  gint64 before;

  g_return_if_fail (ARIETTA_IS_POINT_LANE (self));

  before = arietta_point_lane_get_cursor (self);
  self->cursor = -1;
  self->pressed = self->carried = FALSE;
  g_array_set_size (self->points, 0);
  for (guint i = 0; i < n; i++)
    {
      AriettaPointLanePoint point = { points[i].tick, points[i].value, g_strdup (points[i].text), points[i].faint };

      g_array_append_val (self->points, point);
    }
  fit_values (self);
  arietta_point_lane_set_cursor (self, before);
}

gint64
arietta_point_lane_get_cursor (AriettaPointLane *self)
{
  g_return_val_if_fail (ARIETTA_IS_POINT_LANE (self), -1);

  return self->cursor >= 0 ? get_point (self, self->cursor)->tick : -1;
}

void
arietta_point_lane_set_cursor (AriettaPointLane *self,
                               gint64            tick)
{
  int nth;

  g_return_if_fail (ARIETTA_IS_POINT_LANE (self));

  nth = tick >= 0 ? arietta_point_lane_find_before (self, tick) : -1;
  set_cursor (self, nth >= 0 && get_point (self, nth)->tick == tick ? nth : -1);
}

void
arietta_point_lane_get_place (AriettaPointLane *self,
                              gint64            tick,
                              GdkRectangle     *place)
{
  GtkWidget *widget = GTK_WIDGET (self), *parent;
  int width, height;
  double x;

  g_return_if_fail (ARIETTA_IS_POINT_LANE (self) && place != NULL);

  width = gtk_widget_get_width (widget);
  height = gtk_widget_get_height (widget);
  /* Shown a moment ago, it gets its room with the next frame. */
  if (width == 0 && (parent = gtk_widget_get_parent (widget)) != NULL)
    {
      width = gtk_widget_get_width (parent);
      gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
    }
  x = arietta_time_axis_tick_to_x (get_axis (self), tick);
  *place = (GdkRectangle) { (int) CLAMP (x, 0, MAX (width - 8, 0)), 0, 8, height };
}
