/* bench-roll - what a frame of the piano roll and its lanes costs
 *
 * usage: bench-roll [NOTES...]     (50000 and 200000)
 *
 * A window of 1200 x 800 with the roll between a lane of chords and the lane of velocities, driven by its own frame clock:
 * scrolling slowly and by pages, zooming, playing along.  Printed are CPU milliseconds of the main thread, from the beginning of
 * a frame to the end of its painting, and the longest stretch between two polls of the main loop, so whatever a handler did.
 * 60 frames a second leave 16.7 ms.  Without a display it starts itself again under tests/with-display (Xvfb, the Cairo
 * renderer).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <adwaita.h>

#include "base/arietta-random.h"
#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-point-lane.h"
#include "widgets/arietta-velocity-lane.h"

#define N_FRAMES 240
#define BUDGET_MS (1000.0 / 60)

typedef enum
{
  SCENE_SCROLL_WIDE,     /* the whole piece in some ten pages */
  SCENE_SCROLL,          /* at a size to read */
  SCENE_PAGES,           /* every frame somewhere else */
  SCENE_ZOOM,            /* in and out */
  SCENE_PLAY,            /* the head runs, the view follows */
  N_SCENES
} Scene;

static const char * const scene_names[N_SCENES] = { "scroll, zoomed out", "scroll, to read", "jump", "zoom", "play" };

typedef struct
{
  GtkWidget        *window;
  AriettaPianoRoll *roll;
  GtkAdjustment    *adjustment;
  gint64            end_ticks;
  Scene             scene;
  int               frame;
  gint64            frame_began;
  double            frames[N_FRAMES];
  gboolean          done;
} Bench;

static gint64 poll_returned, longest_us;

static gint64
get_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static int
poll_func (GPollFD *fds,
           guint    n_fds,
           int      timeout)
{
  int result;

  longest_us = MAX (longest_us, get_cpu_us () - poll_returned);
  result = g_poll (fds, n_fds, timeout);
  poll_returned = get_cpu_us ();
  return result;
}

/* Eight tracks, chords of four notes on every sixteenth. */
static AriettaPiece *
make_piece (guint n_notes)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *tracks[8];
  AriettaRandom random;

  arietta_random_init (&random, 1, "bench-roll");
  for (guint i = 0; i < 8; i++)
    tracks[i] = arietta_piece_add_track (piece, "");
  for (guint i = 0; i < n_notes; i++)
    {
      AriettaNote note = { .onset_ticks = (gint64) (i / 8) * 120, .duration_ticks = 110 + 120 * (gint64) (i % 5),
                           .velocity = (guint8) (40 + arietta_random_below (&random, 80)), .off_velocity = 64,
                           .pitch = (guint8) (30 + arietta_random_below (&random, 60)) };

      arietta_track_add_note (tracks[i % 8], &note);
    }
  return arietta_piece_freeze (piece);
}

static void
advance (Bench *bench)
{
  double page = gtk_adjustment_get_page_size (bench->adjustment), upper = gtk_adjustment_get_upper (bench->adjustment);
  int frame = bench->frame;

  switch (bench->scene)
    {
    case SCENE_SCROLL_WIDE:
    case SCENE_SCROLL:
      gtk_adjustment_set_value (bench->adjustment, frame * 30.0);
      break;
    case SCENE_PAGES:
      gtk_adjustment_set_value (bench->adjustment, (upper - page) * ((frame * 37) % 101) / 101);
      break;
    case SCENE_ZOOM:
      arietta_time_axis_ask_zoom (arietta_piano_roll_get_axis (bench->roll), frame / 40 % 2 == 0 ? 1.08 : 1 / 1.08, 600);
      break;
    case SCENE_PLAY:
      g_object_set (bench->roll, "position", (gint64) frame * 64, NULL);
      break;
    case N_SCENES:
    default:
      break;
    }
}

static void
before_paint_cb (GdkFrameClock *clock,
                 Bench         *bench)
{
  bench->frame_began = get_cpu_us ();
}

static void
after_paint_cb (GdkFrameClock *clock,
                Bench         *bench)
{
  if (bench->frame > 0 && bench->frame <= N_FRAMES)
    bench->frames[bench->frame - 1] = (double) (get_cpu_us () - bench->frame_began) / 1000;
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Bench *bench = user_data;

  if (bench->frame == N_FRAMES)
    {
      bench->done = TRUE;
      return G_SOURCE_REMOVE;
    }
  bench->frame++;
  advance (bench);
  gtk_widget_queue_draw (GTK_WIDGET (bench->roll));
  return G_SOURCE_CONTINUE;
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
run_scene (Bench *bench,
           Scene  scene)
{
  double sum = 0;
  int over = 0;

  bench->scene = scene;
  bench->frame = 0;
  bench->done = FALSE;
  g_object_set (bench->roll, "playing", scene == SCENE_PLAY, "position", (gint64) 0, "pixels-per-quarter",
                scene == SCENE_SCROLL_WIDE ? 2.0 : 48.0, NULL);
  gtk_adjustment_set_value (bench->adjustment, 0);
  wait_ms (100);

  longest_us = 0;
  poll_returned = get_cpu_us ();
  gtk_widget_add_tick_callback (bench->window, tick_cb, bench, NULL);
  while (!bench->done)
    g_main_context_iteration (NULL, TRUE);

  for (int i = 0; i < N_FRAMES; i++)
    {
      sum += bench->frames[i];
      over += bench->frames[i] > BUDGET_MS;
    }
  qsort (bench->frames, N_FRAMES, sizeof (double), compare_doubles);
  printf ("| %s | %.1f | %.1f | %.1f | %d of %d | %.1f |\n", scene_names[scene], sum / N_FRAMES,
          bench->frames[N_FRAMES * 95 / 100], bench->frames[N_FRAMES - 1], over, N_FRAMES, (double) longest_us / 1000);
  fflush (stdout);
}

static void
open_piece (Bench *bench,
            guint  n_notes)
{
  g_autoptr(AriettaPiece) piece = make_piece (n_notes);
  gint64 began;

  bench->end_ticks = arietta_piece_get_end_ticks (piece);
  longest_us = 0;
  poll_returned = began = get_cpu_us ();
  g_object_set (bench->roll, "piece", piece, NULL);
  printf ("\n%u notes: shown after %.1f ms in one handler\n\n", n_notes, (double) (get_cpu_us () - began) / 1000);
  printf ("| scene | mean ms | 95 %% | longest | over %.1f | longest handler |\n| --- | --- | --- | --- | --- | --- |\n",
          BUDGET_MS);
}

int
main (int   argc,
      char *argv[])
{
  static const guint usual[] = { 50000, 200000 };
  GtkWidget *box, *scrolled, *chords, *velocities;
  GdkFrameClock *clock;
  Bench bench = { 0 };

  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    {
      g_autoptr(GPtrArray) again = g_ptr_array_new ();

      g_ptr_array_add (again, (gpointer) WITH_DISPLAY);
      for (int i = 0; i < argc; i++)
        g_ptr_array_add (again, argv[i]);
      g_ptr_array_add (again, NULL);
      execv (WITH_DISPLAY, (char **) again->pdata);
      perror (WITH_DISPLAY);
      return 1;
    }

  adw_init ();
  g_main_context_set_poll_func (NULL, poll_func);
  bench.window = gtk_window_new ();
  bench.roll = ARIETTA_PIANO_ROLL (arietta_piano_roll_new ());
  arietta_piano_roll_set_editable (bench.roll, TRUE);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (bench.roll));
  gtk_widget_set_vexpand (scrolled, TRUE);
  chords = arietta_point_lane_new ();
  arietta_lane_set_axis (ARIETTA_LANE (chords), arietta_piano_roll_get_axis (bench.roll));
  velocities = arietta_velocity_lane_new ();
  arietta_velocity_lane_set_roll (ARIETTA_VELOCITY_LANE (velocities), bench.roll);
  gtk_box_append (GTK_BOX (box), chords);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), velocities);
  gtk_window_set_child (GTK_WINDOW (bench.window), box);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1200, 800);
  gtk_window_present (GTK_WINDOW (bench.window));
  wait_ms (500);
  bench.adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (bench.roll));
  clock = gtk_widget_get_frame_clock (bench.window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), &bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &bench);

  for (int i = 0; i < (argc > 1 ? argc - 1 : (int) G_N_ELEMENTS (usual)); i++)
    {
      open_piece (&bench, argc > 1 ? (guint) MAX (atoi (argv[i + 1]), 8) : usual[i]);
      for (Scene scene = 0; scene < N_SCENES; scene++)
        run_scene (&bench, scene);
    }
  gtk_window_destroy (GTK_WINDOW (bench.window));
  return 0;
}
