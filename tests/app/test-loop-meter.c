#include "app/arietta-loop-meter.h"

#define N_METERS 400000

static gboolean
idle_cb (gpointer user_data)
{
  return !g_atomic_int_get ((gint *) user_data);
}

/* A main loop of another thread, which has no end of idle sources to dispatch. */
static gpointer
dispatch_in_thread (gpointer user_data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GSource)      source = g_idle_source_new ();

  g_source_set_callback (source, idle_cb, user_data, NULL);
  g_source_attach (source, context);
  while (!g_source_is_destroyed (source))
    g_main_context_iteration (context, TRUE);

  return NULL;
}

/* The program ends while GLib's own threads go on: theirs is not the meter's loop. */
static void
test_other_loops (void)
{
  gint     ended = 0;
  GThread *thread = g_thread_new ("idle", dispatch_in_thread, &ended);

  for (guint i = 0; i < N_METERS; i++)
    arietta_loop_meter_free (arietta_loop_meter_new ());
  g_atomic_int_set (&ended, 1);
  g_thread_join (thread);
}

static gulong
find_handler (gpointer          instance,
              AriettaLoopMeter *meter)
{
  return g_signal_handler_find (instance, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, meter);
}

/* A window that outlives the meter has nothing left of it. */
static void
test_windows_left (void)
{
  AriettaLoopMeter *meter = arietta_loop_meter_new ();
  GtkWidget        *window = gtk_window_new ();
  GdkFrameClock    *clock;

  gtk_window_present (GTK_WINDOW (window));
  clock = gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (window)));
  g_assert_cmpuint (find_handler (clock, meter), !=, 0);
  g_assert_cmpuint (find_handler (window, meter), !=, 0);

  arietta_loop_meter_free (meter);
  g_assert_cmpuint (find_handler (clock, meter), ==, 0);
  g_assert_cmpuint (find_handler (window, meter), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/loop-meter/other-loops", test_other_loops);
  g_test_add_func ("/loop-meter/windows-left", test_windows_left);

  return g_test_run ();
}
