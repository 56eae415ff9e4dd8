#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "widgets/arietta-zoom-input.h"

#define WIDER 2   /* pixels a pitch, by key */

enum
{
  REGION_NONE,
  REGION_RULER,
  REGION_KEYBOARD,
  REGION_NOTE,
  REGION_PAN,
  REGION_EDIT
};

/* Keys zoom around the play head when it is in sight, else around the middle. */
static void
zoom (AriettaPianoRoll *self,
      double            factor_x,
      double            factor_y)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  double x = (double) self->position * arietta_piano_roll_get_pixels_per_tick (self)
             - gtk_adjustment_get_value (self->hadjustment) + self->keyboard_width;

  if (x < self->keyboard_width || x > width)
    x = (self->keyboard_width + width) / 2;
  arietta_piano_roll_zoom_around (self, self->pixels_per_quarter * factor_x, self->pixels_per_pitch + factor_y, x,
                                  (self->ruler_height + height) / 2);
}

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);

  if (g_str_equal (name, "roll.zoom-in"))
    zoom (self, ARIETTA_ZOOM_STEP, 0);
  else if (g_str_equal (name, "roll.zoom-out"))
    zoom (self, 1 / ARIETTA_ZOOM_STEP, 0);
  else if (g_str_equal (name, "roll.taller"))
    zoom (self, 1, WIDER);
  else if (g_str_equal (name, "roll.flatter"))
    zoom (self, 1, -WIDER);
  else
    arietta_piano_roll_zoom_to_fit (self);
}

static void
zoom_cb (GtkWidget *widget,
         double     factor,
         gboolean   across,
         double     x,
         double     y)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  double height = self->pixels_per_pitch * (across ? factor : 1);

  /* Rows are whole pixels: a small turn still does something. */
  if (across && round (height) == self->pixels_per_pitch)
    height = self->pixels_per_pitch + (factor > 1 ? 1 : -1);
  arietta_piano_roll_zoom_around (self, self->pixels_per_quarter * (across ? 1 : factor), height, x, y);
}

void
arietta_piano_roll_press (AriettaPianoRoll *self,
                          int               pitch)
{
  if (self->pressed_pitch == pitch)
    return;

  if (self->pressed_pitch >= 0)
    arietta_piano_roll_emit_key (self, FALSE, self->pressed_pitch);
  self->pressed_pitch = pitch;
  if (pitch >= 0)
    arietta_piano_roll_emit_key (self, TRUE, pitch);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static GdkModifierType
get_modifiers (GtkGestureDrag *gesture)
{
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
}

/* 2 for the second of two quick presses in one place.  A drag gesture does not count, and a second gesture that does
 * would have to win against it. */
static int
count_presses (AriettaPianoRoll *self,
               double            x,
               double            y,
               GtkGestureDrag   *gesture)
{
  guint32 now = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
  int most_ms, most_pixels;
  gboolean twice;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &most_ms,
                "gtk-double-click-distance", &most_pixels, NULL);
  twice = self->press_time != 0 && now - self->press_time <= (guint32) most_ms &&
          fabs (x - self->press_x) <= most_pixels && fabs (y - self->press_y) <= most_pixels;
  self->press_time = twice ? 0 : now;
  self->press_x = x;
  self->press_y = y;
  return twice ? 2 : 1;
}

static void
drag_begin_cb (AriettaPianoRoll *self,
               double            x,
               double            y,
               GtkGestureDrag   *gesture)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType modifiers = get_modifiers (gesture);
  AriettaRollCursorStop stop;

  self->drag_region = REGION_NONE;
  self->drag_x = x;
  self->drag_y = y;
  gtk_widget_grab_focus (GTK_WIDGET (self));

  if (button == GDK_BUTTON_MIDDLE)
    {
      self->drag_region = REGION_PAN;
      self->gesture_start = gtk_adjustment_get_value (self->hadjustment);
      self->gesture_start_y = gtk_adjustment_get_value (self->vadjustment);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
    }
  else if (button > GDK_BUTTON_PRIMARY)
    return;
  else if (y < self->ruler_height)
    {
      self->drag_region = REGION_RULER;
      arietta_piano_roll_ruler_begin (self, x, y);
    }
  else if (x < self->keyboard_width)
    {
      self->drag_region = REGION_KEYBOARD;
      if (self->editable && (modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0)
        arietta_piano_roll_select_pitch (self, arietta_piano_roll_y_to_pitch (self, y),
                                         (modifiers & GDK_SHIFT_MASK) != 0);
      arietta_piano_roll_press (self, arietta_piano_roll_y_to_pitch (self, y));
    }
  else
    {
      if (arietta_piano_roll_stop_at_point (self, x, y, &stop))
        {
          self->drag_region = REGION_NOTE;
          arietta_piano_roll_set_cursor (self, &stop, FALSE);
          arietta_piano_roll_press (self, stop.note->pitch);
        }
      else if (self->cursor.note != NULL)
        arietta_piano_roll_set_cursor (self, NULL, FALSE);

      if (arietta_piano_roll_edit_begin (self, &stop, x, y, modifiers, count_presses (self, x, y, gesture)))
        self->drag_region = REGION_EDIT;
    }

  if (self->drag_region != REGION_NONE)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
drag_update_cb (AriettaPianoRoll *self,
                double            dx,
                double            dy,
                GtkGestureDrag   *gesture)
{
  switch (self->drag_region)
    {
    case REGION_PAN:
      gtk_adjustment_set_value (self->hadjustment, self->gesture_start - dx);
      gtk_adjustment_set_value (self->vadjustment, self->gesture_start_y - dy);
      break;
    case REGION_RULER:
      arietta_piano_roll_ruler_update (self, self->drag_x + dx);
      break;
    case REGION_KEYBOARD:
      arietta_piano_roll_press (self, arietta_piano_roll_y_to_pitch (self, self->drag_y + dy));
      break;
    case REGION_EDIT:
      arietta_piano_roll_edit_update (self, self->drag_x + dx, self->drag_y + dy, get_modifiers (gesture));
      break;
    default:
      break;
    }
}

static void
end_drag (AriettaPianoRoll *self,
          gboolean          cancelled)
{
  int region = self->drag_region;

  if (region == REGION_PAN)
    gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  self->drag_region = REGION_NONE;
  arietta_piano_roll_press (self, -1);
  if (region == REGION_EDIT)
    arietta_piano_roll_edit_end (self, cancelled);
  else if (region == REGION_RULER)
    arietta_piano_roll_ruler_end (self, cancelled);
}

static void
drag_end_cb (AriettaPianoRoll *self)
{
  end_drag (self, FALSE);
}

static void
drag_cancel_cb (AriettaPianoRoll *self)
{
  end_drag (self, TRUE);
}

static void
motion_cb (AriettaPianoRoll *self,
           double            x,
           double            y)
{
  int hovered = y >= self->ruler_height ? arietta_piano_roll_y_to_pitch (self, y) : -1;
  AriettaRollCursorStop stop;

  if (self->editable && self->drag_region == REGION_NONE)
    {
      arietta_piano_roll_stop_at_point (self, x, y, &stop);
      arietta_piano_roll_edit_hover (self, &stop, x, y);
    }
  if (hovered != self->hovered_pitch)
    {
      self->hovered_pitch = hovered;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

static void
leave_cb (AriettaPianoRoll *self)
{
  self->hovered_pitch = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_piano_roll_input_class_init (GtkWidgetClass *widget_class)
{
  static const char * const ZOOMS[] = { "roll.zoom-in", "roll.zoom-out", "roll.zoom-to-fit", "roll.taller",
                                        "roll.flatter" };
  static const struct
  {
    guint       key;
    const char *action;
  } HEIGHTS[] = {
    { GDK_KEY_Up, "roll.taller" },     { GDK_KEY_KP_Up, "roll.taller" },
    { GDK_KEY_Down, "roll.flatter" },  { GDK_KEY_KP_Down, "roll.flatter" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ZOOMS); i++)
    gtk_widget_class_install_action (widget_class, ZOOMS[i], NULL, zoom_action);
  arietta_zoom_input_bind_keys (widget_class, GDK_CONTROL_MASK, "roll.zoom-in", "roll.zoom-out", "roll.zoom-to-fit");
  for (guint i = 0; i < G_N_ELEMENTS (HEIGHTS); i++)
    gtk_widget_class_add_binding_action (widget_class, HEIGHTS[i].key, GDK_CONTROL_MASK, HEIGHTS[i].action, NULL);
}

void
arietta_piano_roll_input_init (AriettaPianoRoll *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);

  self->drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (self->drag), 0);
  g_signal_connect_swapped (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (self->drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (self->drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (self->drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (self->drag));
  arietta_zoom_input_attach (widget, zoom_cb, FALSE, self->drag);
}

void
arietta_piano_roll_input_reset (AriettaPianoRoll *self)
{
  arietta_piano_roll_edit_reset (self);
  arietta_piano_roll_press (self, -1);
  arietta_piano_roll_set_cursor (self, NULL, FALSE);
}
