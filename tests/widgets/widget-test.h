/* widget-test.h - what the tests of widgets share
 *
 * Programs run under tests/with-display.  Each test shows its widget in a window, and ends by closing the window and
 * proving that the widget is gone.
 */
#pragma once

#include <adwaita.h>
#include <math.h>
#include <time.h>

/* Before anything else in main; warnings are fatal from here on. */
static inline void
widget_test_init (int    *argc,
                  char ***argv)
{
  gtk_test_init (argc, argv);
  adw_init ();
}

/* CPU time of this thread: wall time says more about the other programs of the machine. */
static inline gint64
widget_test_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);

  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static inline void
widget_test_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A window of the given size with @widget in it, drawn. */
static inline GtkWidget *
widget_test_show (GtkWidget *widget,
                  int        width,
                  int        height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  widget_test_settle ();

  return window;
}

/* Closes @window and proves that @widget does not outlive it. */
static inline void
widget_test_close (GtkWidget *window,
                   gpointer   widget)
{
  gpointer watched = widget;

  g_object_add_weak_pointer (G_OBJECT (widget), &watched);
  gtk_window_destroy (GTK_WINDOW (window));
  widget_test_settle ();
  g_assert_null (watched);
}

/* The pixels of the widget without its CSS background, 4 bytes each, to be freed. */
static inline guint32 *
widget_test_draw (GtkWidget *widget,
                  int       *width,
                  int       *height)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_native (widget));
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GskRenderNode) node = NULL;
  guint32 *pixels;

  /* A tick comes before the layout of its frame, so the second one is after the first's. */
  gtk_test_widget_wait_for_draw (window);
  gtk_test_widget_wait_for_draw (window);
  *width = gtk_widget_get_width (widget);
  *height = gtk_widget_get_height (widget);
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return g_new0 (guint32, (gsize) *width * *height);
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, *width, *height));
  pixels = g_new (guint32, (gsize) *width * *height);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) *width * 4);

  return pixels;
}

/* How many different colours are to be seen: one or two mean that nothing was drawn. */
static inline guint
widget_test_count_colors (GtkWidget *widget)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autofree guint32 *pixels = NULL;
  int width, height;

  pixels = widget_test_draw (widget, &width, &height);
  for (int i = 0; i < width * height; i++)
    g_hash_table_add (seen, GUINT_TO_POINTER (pixels[i]));

  return g_hash_table_size (seen);
}

/* Runs what the class binds to a key; FALSE when nothing is bound or nothing was done. */
static inline gboolean
widget_test_press (GtkWidget       *widget,
                   guint            keyval,
                   GdkModifierType  modifiers)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr(GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger)
              && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval
              && gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }

  return FALSE;
}

/* The widget's own controller of @type; borrowed. */
static inline GtkEventController *
widget_test_get_controller (GtkWidget *widget,
                            GType      type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* A pinch around (@x, @y) to @scale of what it was, in three movements, as the zoom gesture of the widget reports it. */
static inline void
widget_test_pinch (GtkWidget *widget,
                   double     x,
                   double     y,
                   double     scale)
{
  GtkEventController *pinch = widget_test_get_controller (widget, GTK_TYPE_GESTURE_ZOOM);
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        g_signal_emit_by_name (controller, "motion", x, y);
    }
  g_signal_emit_by_name (pinch, "begin", NULL);
  for (int i = 1; i <= 3; i++)
    g_signal_emit_by_name (pinch, "scale-changed", pow (scale, i / 3.0));
  g_signal_emit_by_name (pinch, "end", NULL);
}

/* A press at (@x, @y), a move by (@dx, @dy) and a release, as the drag gesture of the widget reports them. */
static inline void
widget_test_drag (GtkWidget *widget,
                  double     x,
                  double     y,
                  double     dx,
                  double     dy)
{
  GtkEventController *drag = widget_test_get_controller (widget, GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (drag, "drag-begin", x, y);
  if (dx != 0 || dy != 0)
    g_signal_emit_by_name (drag, "drag-update", dx, dy);
  g_signal_emit_by_name (drag, "drag-end", dx, dy);
}
