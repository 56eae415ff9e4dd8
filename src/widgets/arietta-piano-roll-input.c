#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "music/arietta-pitch.h"

#define ZOOM_STEP 1.2

enum
{
  REGION_NONE,
  REGION_RULER,
  REGION_KEYBOARD,
  REGION_NOTE,
  REGION_PAN,
  REGION_EDIT
};

static const AriettaRollCursorStop *
stop_at (AriettaPianoRoll *self,
         int               nth)
{
  return &g_array_index (self->stops, AriettaRollCursorStop, nth);
}

static void
collect_stop_cb (const AriettaNote *note,
                 guint              track,
                 guint              hue,
                 gpointer           user_data)
{
  AriettaRollCursorStop stop = { note, track };

  g_array_append_val ((GArray *) user_data, stop);
}

static int
compare_stops (gconstpointer a,
               gconstpointer b)
{
  const AriettaRollCursorStop *one = a, *other = b;

  if (one->note->onset_ticks != other->note->onset_ticks)
    return one->note->onset_ticks < other->note->onset_ticks ? -1 : 1;
  if (one->note->pitch != other->note->pitch)
    return one->note->pitch > other->note->pitch ? -1 : 1;

  return (int) one->track - (int) other->track;
}

/* All notes in reading order: by onset, from the top down.  Made when the cursor is first used. */
static void
ensure_stops (AriettaPianoRoll *self)
{
  if (self->stops != NULL)
    return;

  self->stops = g_array_new (FALSE, FALSE, sizeof (AriettaRollCursorStop));
  arietta_roll_index_foreach (self->index, G_MININT64 / 2, G_MAXINT64 / 2, collect_stop_cb, self->stops);
  g_array_sort (self->stops, compare_stops);
}

/* The first stop at or after @tick, or the last one. */
static int
find_stop (AriettaPianoRoll *self,
           gint64            tick)
{
  int low = 0, high = (int) self->stops->len;

  while (low < high)
    {
      int middle = (low + high) / 2;

      if (stop_at (self, middle)->note->onset_ticks < tick)
        low = middle + 1;
      else
        high = middle;
    }

  return MIN (low, (int) self->stops->len - 1);
}

/* What a screen reader says about the note under the cursor. */
static void
describe_cursor (AriettaPianoRoll *self)
{
  const AriettaNote *note = arietta_piano_roll_get_cursor (self);
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  g_autofree char *text = NULL;

  if (note == NULL)
    {
      guint n = arietta_piece_get_n_notes (piece);

      text = g_strdup_printf (ngettext ("%u note", "%u notes", n), n);
    }
  else
    {
      const AriettaRollCursorStop *stop = stop_at (self, self->cursor);
      guint nth = arietta_bar_map_find (self->bars, note->onset_ticks);
      guint known = MIN (nth, arietta_bar_map_get_n (self->bars) - 1);
      const AriettaBar *bar = arietta_bar_map_get_nth (self->bars, known);
      double quarter = arietta_piece_get_ticks_per_quarter (piece);
      double beat = 1 + (double) (note->onset_ticks - arietta_bar_map_get_start (self->bars, nth))
                        * bar->denominator / (4 * quarter);
      guint number = nth + (arietta_bar_map_has_pickup (self->bars) ? 0 : 1);
      const char *track = arietta_track_get_name (arietta_piece_get_track (piece, stop->track));
      g_autofree char *name = arietta_pitch_dup_name (note->pitch, FALSE);
      g_autofree char *place = g_strdup_printf (_("%s, bar %u, beat %.4g, %.3g quarters, velocity %d"), name, number,
                                                beat, (double) note->duration_ticks / quarter, note->velocity);

      text = track != NULL && *track != '\0' ? g_strdup_printf ("%s, %s", place, track) : g_steal_pointer (&place);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
set_cursor (AriettaPianoRoll *self,
            int               nth)
{
  const AriettaNote *note;

  self->cursor = nth;
  note = arietta_piano_roll_get_cursor (self);
  if (note != NULL)
    arietta_piano_roll_reveal (self, note->onset_ticks, note->onset_ticks + note->duration_ticks, note->pitch);
  describe_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Up and down stay near in time: the nearest note above or below, a semitone counting as a sixteenth. */
static int
find_vertical (AriettaPianoRoll *self,
               int               direction)
{
  const AriettaNote *from = arietta_piano_roll_get_cursor (self);
  double quarter = arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index));
  int first = find_stop (self, from->onset_ticks - (gint64) (8 * quarter));
  double best = G_MAXDOUBLE;
  int found = -1;

  for (int i = first; i < (int) self->stops->len; i++)
    {
      const AriettaNote *note = stop_at (self, i)->note;
      double away = fabs ((double) (note->onset_ticks - from->onset_ticks)) / quarter * 4;
      int up = (note->pitch - from->pitch) * direction;

      if (note->onset_ticks > from->onset_ticks + (gint64) (8 * quarter))
        break;
      if (up > 0 && up + away < best)
        {
          best = up + away;
          found = i;
        }
    }

  return found;
}

static gboolean
move_cursor_cb (GtkWidget *widget,
                GVariant  *args,
                gpointer   user_data)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  int dx, dy, next;
  gboolean more;

  g_variant_get (args, "(iib)", &dx, &dy, &more);
  ensure_stops (self);
  if (self->stops->len == 0)
    return FALSE;

  if (ABS (dx) > 1)
    next = dx < 0 ? 0 : (int) self->stops->len - 1;
  else if (self->cursor < 0)
    next = find_stop (self, arietta_piano_roll_x_to_tick (self, self->keyboard_width));
  else if (dy != 0)
    next = find_vertical (self, dy);
  else
    next = self->cursor + dx;

  if (next < 0 || next >= (int) self->stops->len)
    {
      gtk_widget_error_bell (widget);
      return TRUE;
    }
  set_cursor (self, next);
  arietta_piano_roll_edit_select_cursor (self, more);

  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  const AriettaNote *note = arietta_piano_roll_get_cursor (self);

  if (note == NULL)
    return FALSE;

  arietta_piano_roll_emit_seek (self, note->onset_ticks);
  arietta_piano_roll_emit_key (self, TRUE, note->pitch);
  arietta_piano_roll_emit_key (self, FALSE, note->pitch);

  return TRUE;
}

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
    zoom (self, ZOOM_STEP, 0);
  else if (g_str_equal (name, "roll.zoom-out"))
    zoom (self, 1 / ZOOM_STEP, 0);
  else if (g_str_equal (name, "roll.taller"))
    zoom (self, 1, 2);
  else if (g_str_equal (name, "roll.flatter"))
    zoom (self, 1, -2);
  else
    arietta_piano_roll_zoom_to_fit (self);
}

static gboolean
scroll_cb (AriettaPianoRoll         *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0)
    return FALSE;

  if (state & GDK_SHIFT_MASK)
    {
      double step = dy != 0 ? dy : dx;

      arietta_piano_roll_zoom_around (self, self->pixels_per_quarter,
                                      self->pixels_per_pitch - (step > 0 ? ceil (step) : floor (step)),
                                      self->pointer_x, self->pointer_y);
    }
  else
    arietta_piano_roll_zoom_around (self, self->pixels_per_quarter * pow (ZOOM_STEP, -dy), self->pixels_per_pitch,
                                    self->pointer_x, self->pointer_y);

  return TRUE;
}

static void
pinch_begin_cb (AriettaPianoRoll *self,
                GdkEventSequence *sequence,
                GtkGesture       *gesture)
{
  self->gesture_start = self->pixels_per_quarter;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pinch_cb (AriettaPianoRoll *self,
          double            scale,
          GtkGesture       *gesture)
{
  double x = self->pointer_x, y = self->pointer_y;

  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  arietta_piano_roll_zoom_around (self, self->gesture_start * scale, self->pixels_per_pitch, x, y);
}

/* The note drawn at the place, the last one where several lie on each other; -1: none. */
static int
note_at (AriettaPianoRoll *self,
         double            x,
         double            y)
{
  int pitch = arietta_piano_roll_y_to_pitch (self, y), found = -1;
  gint64 tick = arietta_piano_roll_x_to_tick (self, x);
  gint64 slack = (gint64) (2 / arietta_piano_roll_get_pixels_per_tick (self));
  gint64 drum = (gint64) (self->pixels_per_pitch / arietta_piano_roll_get_pixels_per_tick (self));

  ensure_stops (self);
  /* Notes begin at the latest here; how early they may begin is not bounded, but few are asked about. */
  for (int i = 0; i < (int) self->stops->len; i++)
    {
      const AriettaNote *note = stop_at (self, i)->note;
      gint64 length = note->channel == 9 ? MAX (note->duration_ticks, drum) : note->duration_ticks;

      if (note->onset_ticks > tick + slack)
        break;
      if (note->pitch == pitch && note->onset_ticks + length + slack >= tick)
        found = i;
    }

  return found;
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
  int note;

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
      arietta_piano_roll_emit_seek (self, arietta_piano_roll_x_to_tick (self, x));
    }
  else if (x < self->keyboard_width)
    {
      self->drag_region = REGION_KEYBOARD;
      arietta_piano_roll_press (self, arietta_piano_roll_y_to_pitch (self, y));
    }
  else
    {
      note = note_at (self, x, y);
      if (note >= 0)
        {
          self->drag_region = REGION_NOTE;
          self->cursor = note;
          describe_cursor (self);
          arietta_piano_roll_press (self, stop_at (self, note)->note->pitch);
        }
      else if (self->cursor >= 0)
        set_cursor (self, -1);

      if (arietta_piano_roll_edit_begin (self, note, x, y, get_modifiers (gesture), count_presses (self, x, y, gesture)))
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
      arietta_piano_roll_emit_seek (self, arietta_piano_roll_x_to_tick (self, self->drag_x + dx));
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

  self->pointer_x = x;
  self->pointer_y = y;
  if (self->editable && self->drag_region == REGION_NONE)
    arietta_piano_roll_edit_hover (self, note_at (self, x, y), x, y);
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
  static const struct
  {
    guint           keys[3];
    GdkModifierType modifiers;
    const char     *action;
  } ZOOMS[] = {
    { { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add }, GDK_CONTROL_MASK, "roll.zoom-in" },
    { { GDK_KEY_minus, GDK_KEY_KP_Subtract, GDK_KEY_VoidSymbol }, GDK_CONTROL_MASK, "roll.zoom-out" },
    { { GDK_KEY_0, GDK_KEY_KP_0, GDK_KEY_VoidSymbol }, GDK_CONTROL_MASK, "roll.zoom-to-fit" },
    { { GDK_KEY_Up, GDK_KEY_KP_Up, GDK_KEY_VoidSymbol }, GDK_CONTROL_MASK, "roll.taller" },
    { { GDK_KEY_Down, GDK_KEY_KP_Down, GDK_KEY_VoidSymbol }, GDK_CONTROL_MASK, "roll.flatter" },
  };
  static const struct
  {
    guint keys[2];
    int   dx, dy;
  } MOVES[] = {
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, -1, 0 }, { { GDK_KEY_Right, GDK_KEY_KP_Right }, 1, 0 },
    { { GDK_KEY_Up, GDK_KEY_KP_Up }, 0, 1 },      { { GDK_KEY_Down, GDK_KEY_KP_Down }, 0, -1 },
    { { GDK_KEY_Home, GDK_KEY_KP_Home }, -2, 0 }, { { GDK_KEY_End, GDK_KEY_KP_End }, 2, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ZOOMS); i++)
    {
      gtk_widget_class_install_action (widget_class, ZOOMS[i].action, NULL, zoom_action);
      for (int k = 0; k < 3; k++)
        if (ZOOMS[i].keys[k] != GDK_KEY_VoidSymbol)
          gtk_widget_class_add_binding_action (widget_class, ZOOMS[i].keys[k], ZOOMS[i].modifiers, ZOOMS[i].action,
                                               NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (MOVES); i++)
    for (int k = 0; k < 2; k++)
      for (int more = 0; more < 2; more++)
        gtk_widget_class_add_binding (widget_class, MOVES[i].keys[k], more ? GDK_SHIFT_MASK : 0, move_cursor_cb, "(iib)",
                                      MOVES[i].dx, MOVES[i].dy, more);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}

void
arietta_piano_roll_input_init (AriettaPianoRoll *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);

  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));

  self->drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (self->drag), 0);
  g_signal_connect_swapped (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (self->drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (self->drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (self->drag, "cancel", G_CALLBACK (drag_cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (self->drag));
}

void
arietta_piano_roll_input_reset (AriettaPianoRoll *self)
{
  arietta_piano_roll_edit_reset (self);
  arietta_piano_roll_press (self, -1);
  self->cursor = -1;
  g_clear_pointer (&self->stops, g_array_unref);
  describe_cursor (self);
}
