#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-map-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "widgets/arietta-zoom-input.h"

#define REACH 10.0        /* pixels from a mark that still count as on it */
#define CLICK_SLACK 5.0   /* pixels a click may wander */

/* What a screen reader says about the place of the keyboard. */
void
arietta_map_view_describe (AriettaMapView *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->focused >= self->n_marks)
    text = g_strdup_printf (ngettext ("%u piece", "%u pieces", self->n_marks), self->n_marks);
  else
    {
      if (self->name_func != NULL)
        name = self->name_func (self->focused, self->name_data);
      text = g_strdup_printf (_("%s, piece %u of %u%s"), name != NULL ? name : _("Unnamed"), self->focused + 1,
                              self->n_marks, self->walking ? _(", a path has begun") : "");
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
set_focused (AriettaMapView *self,
             guint           index)
{
  double x, y, width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  self->focused = index;
  arietta_map_view_to_widget (self, index, &x, &y);
  if (x < 24 || y < 24 || x > width - 24 || y > height - 24)
    arietta_map_view_move (self, self->marks[index].x, self->marks[index].y, self->scale);
  arietta_map_view_describe (self);
  arietta_map_view_set_hovered (self, index);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The nearest mark in a direction: what lies aside counts double, and more than 60 degrees aside
 * not at all. */
static guint
find_towards (AriettaMapView *self,
              int             dx,
              int             dy)
{
  const AriettaMapMark *from = &self->marks[self->focused];
  double best = G_MAXDOUBLE;
  guint found = ARIETTA_MAP_NONE;

  for (guint i = 0; i < self->n_marks; i++)
    {
      double x = self->marks[i].x - from->x, y = self->marks[i].y - from->y;
      double along = x * dx + y * dy, aside = fabs (x * dy) + fabs (y * dx);

      if (i == self->focused || self->marks[i].hidden || along <= 0 || aside > 1.8 * along)
        continue;
      if (along + 2 * aside < best)
        {
          best = along + 2 * aside;
          found = i;
        }
    }

  return found;
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);
  guint next;
  int dx, dy;

  g_variant_get (args, "(ii)", &dx, &dy);
  if (self->n_marks == 0)
    return FALSE;

  if (self->focused >= self->n_marks)
    next = arietta_map_view_find (self, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0,
                                  4 * self->scale);
  else
    next = find_towards (self, dx, dy);

  if (next == ARIETTA_MAP_NONE)
    gtk_widget_error_bell (widget);
  else
    set_focused (self, next);

  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);

  if (self->focused >= self->n_marks)
    return FALSE;
  arietta_map_view_emit_activated (self, self->focused);

  return TRUE;
}

static gboolean
path_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);
  guint from = self->path_from;

  if (self->focused >= self->n_marks)
    return FALSE;

  self->walking = !self->walking;
  if (self->walking)
    {
      arietta_map_view_set_path (self, self->focused, ARIETTA_MAP_NONE, -1);
      arietta_map_view_describe (self);
    }
  else if (from == self->focused)
    arietta_map_view_set_path (self, ARIETTA_MAP_NONE, ARIETTA_MAP_NONE, -1);
  else
    arietta_map_view_emit_path (self, from, self->focused);

  return TRUE;
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);

  if (!self->walking && !self->drawing)
    return FALSE;

  self->walking = self->drawing = FALSE;
  arietta_map_view_set_path (self, ARIETTA_MAP_NONE, ARIETTA_MAP_NONE, -1);
  arietta_map_view_describe (self);

  return TRUE;
}

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);
  double x = gtk_widget_get_width (widget) / 2.0, y = gtk_widget_get_height (widget) / 2.0;

  if (self->focused < self->n_marks)
    arietta_map_view_to_widget (self, self->focused, &x, &y);

  if (g_str_equal (name, "map.zoom-in"))
    arietta_map_view_zoom_around (self, ARIETTA_ZOOM_STEP, x, y);
  else if (g_str_equal (name, "map.zoom-out"))
    arietta_map_view_zoom_around (self, 1 / ARIETTA_ZOOM_STEP, x, y);
  else
    arietta_map_view_zoom_to_fit (self);
}

static void
zoom_cb (GtkWidget *widget,
         double     factor,
         gboolean   across,
         double     x,
         double     y)
{
  arietta_map_view_zoom_around (ARIETTA_MAP_VIEW (widget), factor, x, y);
}

static void
motion_cb (AriettaMapView *self,
           double          x,
           double          y)
{
  self->pointer_x = x;
  self->pointer_y = y;
  if (!self->panning)
    arietta_map_view_set_hovered (self, arietta_map_view_find (self, x, y, REACH));
}

static void
leave_cb (AriettaMapView *self)
{
  if (!self->drawing)
    arietta_map_view_set_hovered (self, ARIETTA_MAP_NONE);
}

static void
drag_begin_cb (AriettaMapView *self,
               double          x,
               double          y,
               GtkGesture     *gesture)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->moved = FALSE;
  self->walking = FALSE;
  self->pressed = ARIETTA_MAP_NONE;
  self->start_x = self->center_x;
  self->start_y = self->center_y;
  self->drag_x = x;
  self->drag_y = y;

  if (button <= GDK_BUTTON_PRIMARY && self->tool != ARIETTA_MAP_TOOL_PAN)
    self->pressed = arietta_map_view_find (self, x, y, REACH);
  self->drawing = self->tool == ARIETTA_MAP_TOOL_PATH && self->pressed != ARIETTA_MAP_NONE;
  self->panning = !self->drawing;
  if (self->drawing)
    {
      self->pointer_x = x;
      self->pointer_y = y;
      arietta_map_view_set_path (self, self->pressed, ARIETTA_MAP_NONE, -1);
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
drag_update_cb (AriettaMapView *self,
                double          dx,
                double          dy,
                GtkGestureDrag *gesture)
{
  double x = self->drag_x + dx, y = self->drag_y + dy;

  if (hypot (dx, dy) > CLICK_SLACK)
    self->moved = TRUE;
  if (!self->moved)
    return;

  if (self->drawing)
    {
      self->pointer_x = x;
      self->pointer_y = y;
      arietta_map_view_set_hovered (self, arietta_map_view_find (self, x, y, 2 * REACH));
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  else
    arietta_map_view_move (self, self->start_x - dx / self->scale, self->start_y + dy / self->scale, self->scale);
}

static void
drag_end_cb (AriettaMapView *self,
             double          dx,
             double          dy,
             GtkGesture     *gesture)
{
  gboolean was_drawing = self->drawing;
  guint pressed = self->pressed;

  self->drawing = self->panning = FALSE;
  self->pressed = ARIETTA_MAP_NONE;

  if (was_drawing && self->moved && self->hovered < self->n_marks && self->hovered != pressed)
    {
      arietta_map_view_emit_path (self, pressed, self->hovered);
      return;
    }
  if (was_drawing)
    arietta_map_view_set_path (self, ARIETTA_MAP_NONE, ARIETTA_MAP_NONE, -1);
  if (!self->moved && pressed < self->n_marks)
    {
      self->focused = pressed;
      arietta_map_view_describe (self);
      arietta_map_view_emit_activated (self, pressed);
    }
}

static void
drag_cancel_cb (AriettaMapView *self)
{
  if (self->drawing)
    arietta_map_view_set_path (self, ARIETTA_MAP_NONE, ARIETTA_MAP_NONE, -1);
  self->drawing = self->panning = FALSE;
  self->pressed = ARIETTA_MAP_NONE;
}

static void
click_cb (AriettaMapView *self,
          int             n_press,
          double          x,
          double          y)
{
  if (n_press == 2 && arietta_map_view_find (self, x, y, REACH) == ARIETTA_MAP_NONE)
    arietta_map_view_zoom_to_fit (self);
}

void
arietta_map_view_input_class_init (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    int   dx, dy;
  } MOVES[] = {
    { GDK_KEY_Left, -1, 0 },   { GDK_KEY_KP_Left, -1, 0 },  { GDK_KEY_Right, 1, 0 },  { GDK_KEY_KP_Right, 1, 0 },
    { GDK_KEY_Up, 0, 1 },      { GDK_KEY_KP_Up, 0, 1 },     { GDK_KEY_Down, 0, -1 },  { GDK_KEY_KP_Down, 0, -1 },
  };

  gtk_widget_class_install_action (widget_class, "map.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-to-fit", NULL, zoom_action);
  arietta_zoom_input_bind_keys (widget_class, 0, "map.zoom-in", "map.zoom-out", "map.zoom-to-fit");
  arietta_zoom_input_bind_keys (widget_class, GDK_CONTROL_MASK, "map.zoom-in", "map.zoom-out", "map.zoom-to-fit");
  for (guint i = 0; i < G_N_ELEMENTS (MOVES); i++)
    gtk_widget_class_add_binding (widget_class, MOVES[i].key, 0, move_cb, "(ii)", MOVES[i].dx, MOVES[i].dy);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_p, 0, path_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

void
arietta_map_view_input_init (AriettaMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  /* Beside the drag, which knows nothing of double clicks; of one group, so that neither denies the
   * other. */
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (click_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_group (click, drag);
  arietta_zoom_input_attach (widget, zoom_cb, TRUE, drag);
}
