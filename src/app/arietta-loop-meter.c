#define G_LOG_DOMAIN "arietta-app"

#include "config.h"

#include "app/arietta-loop-meter.h"

#include <execinfo.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "views/arietta-window.h"

#define LIMIT_MS 16.0
#define MAX_FRAMES 200
#define MAX_TRACES 48
#define TRACE_EVERY_MS 4.0
/* Where a lower limit is asked for, to look closely. */
#define CLOSE_TRACE_EVERY_MS 1.0

struct _AriettaLoopMeter
{
  GPollFunc  poll;          /* the one we stand before */
  double     woke_ms;       /* thread time when the last poll returned, below 0: not yet */
  double     frame_ms;      /* spent by frame clocks since then */
  double     frame_start_ms;
  double             render_ms;     /* of it by GTK's renderer, after our widgets had said what to draw */
  double             asked_ms;      /* answering assistive technology */
  double             foreign_ms[ARIETTA_N_FOREIGN];   /* in calls that are none of ours */
  AriettaForeign     foreign;       /* the one that it is in */
  double             foreign_start_ms;
  double             recorded_ms;   /* when they had, below 0: not in this frame */
  gulong     render_hook;
  gboolean   painted;       /* something, in this frame */
  guint      n_drawn;       /* frames since the start */
  guint      count;
  double     worst_ms;
  double             limit_ms;
  double             trace_every_ms;

  /* With tracing: where the program stood, every few ms. */
  gboolean   tracing;
  timer_t    timer;
  void      *traces[MAX_TRACES][MAX_FRAMES];
  int        n_frames[MAX_TRACES];
  int        n_traces;
};

/* A poll function and a signal handler get no user data; there is one main loop. */
static AriettaLoopMeter *the_meter;

/* The dispatch function of GLib's idle sources, which we stand before as well.  The loops of other threads call through it
 * while a meter goes, and may be on their way then: it stays when the meter has gone. */
static gboolean (*dispatch_idle) (GSource *source, GSourceFunc callback, gpointer user_data);

static double
thread_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void
arm (AriettaLoopMeter *self,
     double            ms)
{
  struct itimerspec when = {
    .it_value = { .tv_nsec = (long) (ms * 1e6) },
    .it_interval = { .tv_nsec = (long) (self->trace_every_ms * 1e6) },
  };

  if (self->tracing)
    timer_settime (self->timer, 0, &when, NULL);
}

/* A debugging aid: backtrace () was called once before, so it does not allocate here. */
static void
over_limit_cb (int signal_number)
{
  AriettaLoopMeter *self = the_meter;

  if (self != NULL && self->n_traces < MAX_TRACES)
    {
      self->n_frames[self->n_traces] = backtrace (self->traces[self->n_traces], MAX_FRAMES);
      self->n_traces++;
    }
}

static void
report (AriettaLoopMeter *self,
        double            ms)
{
  self->count++;
  self->worst_ms = MAX (self->worst_ms, ms);
  g_message ("The main loop was held for %.1f ms (%.1f ms of it by a frame), by GTK’s renderer for %.1f ms more and by "
             "assistive technology for %.1f ms, by GTK’s file chooser for %.1f ms, by libadwaita’s About window for %.1f "
             "ms.",
             ms, self->frame_ms - self->render_ms, self->render_ms, self->asked_ms,
             self->foreign_ms[ARIETTA_FOREIGN_FILE_CHOOSER], self->foreign_ms[ARIETTA_FOREIGN_ABOUT_WINDOW]);

  for (int k = 0; k < self->n_traces; k++)
    {
      char **names = backtrace_symbols (self->traces[k], self->n_frames[k]);

      g_message (" after %.0f ms:", (k + 1) * self->trace_every_ms);
      for (int i = 2; names != NULL && i < self->n_frames[k]; i++)
        g_message ("  %s", names[i]);
      free (names);
    }
}

/* GTK answers a screen reader, or what works the window in a test, with messages of its own about all there is. */
static gboolean
is_asked (GSource  *source,
          gpointer  user_data)
{
  const char *name = g_source_get_name (source);

  return name != NULL && strstr (name, "gdbusconnection.c] call_in_idle_cb") != NULL &&
         G_IS_DBUS_METHOD_INVOCATION (user_data) &&
         g_str_has_prefix (g_dbus_method_invocation_get_interface_name (user_data), "org.a11y.");
}

/* GTK's file chooser has the beginning of its list, and has the folder watched in the same turn; or it knows that a file
 * goes by the name that was typed, and makes the dialog that asks.  Nothing else here lists a folder or asks for what is
 * known of a file on the main loop. */
static gboolean
is_choosing (GSource *source)
{
  const char *name = g_source_get_name (source);

  return name != NULL && (strstr (name, "g_file_real_enumerate_children_async") != NULL ||
                          strstr (name, "g_file_real_query_info_async") != NULL);
}

static gboolean
metered_dispatch (GSource     *source,
                  GSourceFunc  callback,
                  gpointer     user_data)
{
  AriettaLoopMeter *self;
  double            start_ms;
  gboolean          asked;
  gboolean          again;

  /* The meter is the main thread's alone. */
  if (!g_main_context_is_owner (g_main_context_default ()))
    return dispatch_idle (source, callback, user_data);
  asked = is_asked (source, user_data);
  if (!asked && !is_choosing (source))
    return dispatch_idle (source, callback, user_data);

  start_ms = thread_ms ();
  again = dispatch_idle (source, callback, user_data);
  self = the_meter;
  if (self != NULL)
    *(asked ? &self->asked_ms : &self->foreign_ms[ARIETTA_FOREIGN_FILE_CHOOSER]) += thread_ms () - start_ms;
  return again;
}

static int
metered_poll (GPollFD *fds,
              guint    n_fds,
              int      timeout)
{
  AriettaLoopMeter *self = the_meter;
  double ms = self->woke_ms >= 0.0 ? thread_ms () - self->woke_ms : 0.0;
  int result;

  arm (self, 0.0);
  ms -= self->render_ms + self->asked_ms;
  for (guint i = 0; i < ARIETTA_N_FOREIGN; i++)
    ms -= self->foreign_ms[i];
  if (ms > self->limit_ms && self->n_drawn > 0)
    report (self, ms);

  result = self->poll (fds, n_fds, timeout);

  self->n_traces = 0;
  self->frame_ms = 0.0;
  self->render_ms = 0.0;
  self->asked_ms = 0.0;
  memset (self->foreign_ms, 0, sizeof self->foreign_ms);
  self->woke_ms = thread_ms ();
  arm (self, self->trace_every_ms);
  return result;
}

static void
before_frame_cb (AriettaLoopMeter *self)
{
  self->frame_start_ms = thread_ms ();
  self->recorded_ms = -1.0;
  self->painted = FALSE;
}

static gboolean
is_main_surface (GdkSurface *surface)
{
  GtkNative *native = gtk_native_get_for_surface (surface);

  return native != NULL && ARIETTA_IS_WINDOW (native);
}

/* A surface is about to be painted.  Popovers and dialogs have stock widgets, so that it is the renderer's from here on;
 * the main window says itself when its own have spoken. */
static gboolean
render_cb (GSignalInvocationHint *hint,
           guint                  n_values,
           const GValue          *values,
           gpointer               user_data)
{
  AriettaLoopMeter *self = user_data;

  if (!is_main_surface (g_value_get_object (&values[0])))
    {
      self->painted = TRUE;
      if (self->recorded_ms < 0.0)
        self->recorded_ms = thread_ms ();
    }
  else if (self->recorded_ms >= 0.0)
    {
      self->render_ms += thread_ms () - self->recorded_ms;
      self->recorded_ms = -1.0;
    }
  return TRUE;
}

/* From here to the end of the frame it is the renderer, which without a graphics card paints every pixel itself. */
static void
recorded_cb (AriettaLoopMeter *self)
{
  self->painted = TRUE;
  self->recorded_ms = thread_ms ();
}

static void
foreign_cb (AriettaLoopMeter *self,
            int               foreign)
{
  const double now_ms = thread_ms ();

  if (self->foreign != ARIETTA_FOREIGN_NONE)
    self->foreign_ms[self->foreign] += now_ms - self->foreign_start_ms;
  self->foreign = foreign;
  self->foreign_start_ms = now_ms;
}

static void
after_frame_cb (AriettaLoopMeter *self)
{
  const double now_ms = thread_ms ();

  self->frame_ms += now_ms - self->frame_start_ms;
  if (self->recorded_ms >= 0.0)
    self->render_ms += now_ms - self->recorded_ms;
  if (self->painted)
    self->n_drawn++;
}

/* The first frame of a window paints all of it, and its shadow: it is the end of opening, not of a handler.  A clock may
 * beat before there is anything to paint on. */
static void
after_first_frame_cb (GdkFrameClock    *clock,
                      AriettaLoopMeter *self)
{
  if (self->painted)
    g_signal_handlers_disconnect_by_func (clock, after_first_frame_cb, self);
  self->woke_ms = self->n_drawn <= 1 ? -1.0 : self->woke_ms + thread_ms () - self->frame_start_ms;
}

static void
realize_cb (GtkWidget        *window,
            AriettaLoopMeter *self)
{
  GdkFrameClock *clock = gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (window)));

  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_frame_cb), self);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_frame_cb), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_first_frame_cb), self);
}

/* A window that is still there when the meter goes draws on. */
static void
forget_window (AriettaLoopMeter *self,
               GtkWidget        *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  if (surface != NULL)
    g_signal_handlers_disconnect_by_data (gdk_surface_get_frame_clock (surface), self);
  g_signal_handlers_disconnect_by_data (window, self);
}

/* Dialogs as well: whatever becomes a window of this program. */
static void
toplevels_cb (GListModel       *toplevels,
              guint             position,
              guint             removed,
              guint             added,
              AriettaLoopMeter *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      g_signal_connect (window, "realize", G_CALLBACK (realize_cb), self);
      if (ARIETTA_IS_WINDOW (window))
        {
          g_signal_connect_swapped (window, "recorded", G_CALLBACK (recorded_cb), self);
          g_signal_connect_swapped (window, "foreign", G_CALLBACK (foreign_cb), self);
        }
    }
}

AriettaLoopMeter *
arietta_loop_meter_new (void)
{
  AriettaLoopMeter *self = g_new0 (AriettaLoopMeter, 1);
  const char       *limit = g_getenv ("ARIETTA_LOOP_METER_MS");
  struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };

  g_return_val_if_fail (the_meter == NULL, NULL);

  the_meter = self;
  self->woke_ms = -1.0;
  self->limit_ms = limit != NULL ? g_ascii_strtod (limit, NULL) : LIMIT_MS;
  self->trace_every_ms = limit != NULL ? CLOSE_TRACE_EVERY_MS : TRACE_EVERY_MS;
  self->poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, metered_poll);
  if (dispatch_idle == NULL)
    dispatch_idle = g_idle_funcs.dispatch;
  g_idle_funcs.dispatch = metered_dispatch;
  g_signal_connect (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (toplevels_cb), self);
  g_type_class_unref (g_type_class_ref (GDK_TYPE_SURFACE));
  self->render_hook = g_signal_add_emission_hook (g_signal_lookup ("render", GDK_TYPE_SURFACE), 0, render_cb, self, NULL);

  if (g_strcmp0 (g_getenv ("ARIETTA_LOOP_METER"), "trace") == 0)
    {
      struct sigaction action = { .sa_handler = over_limit_cb, .sa_flags = SA_RESTART };

      /* By the clock: the timers of a thread's own time are as coarse as the kernel's ticks. */
      backtrace (self->traces[0], MAX_FRAMES);
      event._sigev_un._tid = gettid ();
      sigaction (SIGPROF, &action, NULL);
      self->tracing = timer_create (CLOCK_MONOTONIC, &event, &self->timer) == 0;
    }
  return self;
}

void
arietta_loop_meter_free (AriettaLoopMeter *self)
{
  GListModel *toplevels;

  if (self == NULL)
    return;

  if (self->count > 0)
    g_message ("The main loop was held for more than %.0f ms %u times; the longest was %.1f ms.",
               self->limit_ms, self->count, self->worst_ms);
  toplevels = gtk_window_get_toplevels ();
  g_signal_handlers_disconnect_by_data (toplevels, self);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      forget_window (self, window);
    }
  g_signal_remove_emission_hook (g_signal_lookup ("render", GDK_TYPE_SURFACE), self->render_hook);
  g_main_context_set_poll_func (NULL, self->poll);
  g_idle_funcs.dispatch = dispatch_idle;
  if (self->tracing)
    timer_delete (self->timer);
  the_meter = NULL;
  g_free (self);
}
