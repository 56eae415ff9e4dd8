#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-zoom-input.h"

#include <math.h>

typedef struct
{
  GtkWidget       *widget;    /* borrowed: the widget owns this */
  AriettaZoomFunc  zoom;
  GtkGesture      *drag;      /* borrowed likewise */
  gboolean         plain_wheel;
  double           x, y;
  double           scale;     /* of the pinch, so far */
} ZoomInput;

static const char KEY[] = "arietta-zoom-input";

static gboolean
scroll_cb (ZoomInput                *input,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean across = !input->plain_wheel && (state & GDK_SHIFT_MASK) != 0;
  /* With Shift some systems turn the wheel's axis. */
  double step = across && dy == 0 ? dx : dy;

  if (!input->plain_wheel && (state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  if (step != 0)
    input->zoom (input->widget, pow (ARIETTA_ZOOM_STEP, -step), across, input->x, input->y);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (ZoomInput        *input,
                GdkEventSequence *sequence,
                GtkGesture       *gesture)
{
  input->scale = 1;
  gtk_event_controller_reset (GTK_EVENT_CONTROLLER (input->drag));
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pinch_cb (ZoomInput  *input,
          double      scale,
          GtkGesture *gesture)
{
  double x = input->x, y = input->y;

  if (gtk_gesture_is_active (gesture))
    gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  if (scale > 0)
    input->zoom (input->widget, scale / input->scale, FALSE, x, y);
  input->scale = MAX (scale, 1e-6);
}

static void
motion_cb (ZoomInput *input,
           double     x,
           double     y)
{
  input->x = x;
  input->y = y;
}

void
arietta_zoom_input_attach (GtkWidget       *widget,
                           AriettaZoomFunc  zoom,
                           gboolean         plain_wheel,
                           GtkGesture      *drag)
{
  GtkEventController *scroll, *motion;
  GtkGesture *pinch;
  ZoomInput *input;

  g_return_if_fail (GTK_IS_WIDGET (widget) && zoom != NULL && GTK_IS_GESTURE_DRAG (drag));
  g_return_if_fail (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (drag)) == widget);
  g_return_if_fail (g_object_get_data (G_OBJECT (widget), KEY) == NULL);

  input = g_new0 (ZoomInput, 1);
  input->widget = widget;
  input->zoom = zoom;
  input->plain_wheel = plain_wheel;
  input->drag = drag;
  g_object_set_data_full (G_OBJECT (widget), KEY, input, g_free);

  scroll = gtk_event_controller_scroll_new (plain_wheel ? GTK_EVENT_CONTROLLER_SCROLL_VERTICAL
                                                        : GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), input);
  gtk_widget_add_controller (widget, scroll);

  motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), input);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), input);
  gtk_widget_add_controller (widget, motion);

  pinch = gtk_gesture_zoom_new ();
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), input);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), input);
  /* After the drag, so that it is asked first; of one group, since the drag has claimed the first
   * finger by then. */
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_gesture_group (pinch, drag);
}

void
arietta_zoom_input_bind_keys (GtkWidgetClass  *widget_class,
                              GdkModifierType  modifiers,
                              const char      *zoom_in,
                              const char      *zoom_out,
                              const char      *zoom_to_fit)
{
  const struct
  {
    guint       key;
    const char *action;
  } keys[] = {
    { GDK_KEY_plus, zoom_in },   { GDK_KEY_equal, zoom_in },        { GDK_KEY_KP_Add, zoom_in },
    { GDK_KEY_minus, zoom_out }, { GDK_KEY_KP_Subtract, zoom_out },
    { GDK_KEY_0, zoom_to_fit },  { GDK_KEY_KP_0, zoom_to_fit },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, modifiers, keys[i].action, NULL);
}
