#include "widget-test.h"

#include "base/arietta-random.h"
#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-piano-roll.h"
#include "widgets/arietta-piece-strip.h"

typedef struct
{
  GtkWidget *window;
  GtkWidget *roll;
  gint64     sought;
  int        pressed;
  int        released;
} Fixture;

/* Eight bars of quarters going up from C4, with an octave below each bar's first. */
static AriettaPiece *
scale_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *upper = arietta_piece_add_track (piece, "Upper");
  AriettaTrack *lower = arietta_piece_add_track (piece, "Lower");

  for (int i = 0; i < 32; i++)
    {
      AriettaNote note = { .onset_ticks = i * 480, .duration_ticks = 480, .pitch = (guint8) (60 + i % 24),
                           .velocity = 90 };

      arietta_track_add_note (upper, &note);
      note.pitch -= 24;
      if (i % 4 == 0)
        arietta_track_add_note (lower, &note);
    }

  return arietta_piece_freeze (piece);
}

static AriettaPiece *
large_piece (guint n_notes)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = NULL;
  AriettaRandom random;

  arietta_random_init (&random, 1, "test-piano-roll");
  for (guint i = 0; i < n_notes; i++)
    {
      AriettaNote note = { .onset_ticks = (gint64) (i / 4) * 120, .duration_ticks = 110, .velocity = 80,
                           .pitch = 30 + (guint8) arietta_random_below (&random, 60) };

      if (i % (n_notes / 8) == 0)
        track = arietta_piece_add_track (piece, "");
      arietta_track_add_note (track, &note);
    }

  return arietta_piece_freeze (piece);
}

static void
seek_cb (Fixture *fixture,
         gint64   tick)
{
  fixture->sought = tick;
}

static void
pressed_cb (Fixture *fixture,
            int      pitch)
{
  fixture->pressed = pitch;
}

static void
released_cb (Fixture *fixture,
             int      pitch)
{
  fixture->released = pitch;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  fixture->roll = arietta_piano_roll_new ();
  fixture->sought = fixture->pressed = fixture->released = -1;
  g_signal_connect_swapped (fixture->roll, "seek", G_CALLBACK (seek_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "key-pressed", G_CALLBACK (pressed_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "key-released", G_CALLBACK (released_cb), fixture);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), fixture->roll);
  fixture->window = widget_test_show (scrolled, 800, 500);
  if (data != NULL)
    {
      g_autoptr(AriettaPiece) piece = scale_piece ();

      g_object_set (fixture->roll, "piece", piece, NULL);
      widget_test_settle ();
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  widget_test_close (fixture->window, fixture->roll);
}

static double
get_double (GtkWidget  *widget,
            const char *name)
{
  double value;

  g_object_get (widget, name, &value, NULL);

  return value;
}

static GtkAdjustment *
get_hadjustment (GtkWidget *roll)
{
  return gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (roll));
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_cmpuint (widget_test_count_colors (fixture->roll), >, 3);
  g_assert_null (arietta_piano_roll_get_cursor (ARIETTA_PIANO_ROLL (fixture->roll)));
  g_assert_false (widget_test_press (fixture->roll, GDK_KEY_Right, 0));
}

static void
test_draws (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree guint32 *before = NULL;
  g_autofree guint32 *after = NULL;
  int width, height, differing = 0;

  before = widget_test_draw (fixture->roll, &width, &height);
  g_object_set (fixture->roll, "playing", TRUE, "position", (gint64) 960, NULL);
  widget_test_settle ();
  gtk_test_widget_wait_for_draw (fixture->window);
  after = widget_test_draw (fixture->roll, &width, &height);
  for (int i = 0; i < width * height; i++)
    differing += before[i] != after[i];
  /* The play head, a sounding note and its key, and little else. */
  g_assert_cmpint (differing, >, 300);
  g_assert_cmpint (differing, <, width * height / 10);
}

/* After fitting, the whole piece is in sight. */
static void
test_fit (Fixture       *fixture,
          gconstpointer  data)
{
  GtkAdjustment *adjustment = get_hadjustment (fixture->roll);
  double quarter = get_double (fixture->roll, "pixels-per-quarter");

  g_assert_cmpfloat (32 * quarter, <=, gtk_adjustment_get_page_size (adjustment) + 1);
  g_assert_cmpfloat (32 * quarter, >, gtk_adjustment_get_page_size (adjustment) * 0.8);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
}

static void
test_zoom (Fixture       *fixture,
           gconstpointer  data)
{
  double quarter = get_double (fixture->roll, "pixels-per-quarter");
  double pitch = get_double (fixture->roll, "pixels-per-pitch");
  GtkAdjustment *adjustment = get_hadjustment (fixture->roll);
  double before, after;

  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_plus, GDK_CONTROL_MASK));
  g_assert_cmpfloat (get_double (fixture->roll, "pixels-per-quarter"), >, quarter * 1.1);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_minus, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (get_double (fixture->roll, "pixels-per-quarter"), quarter, 1e-6);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Up, GDK_CONTROL_MASK));
  g_assert_cmpfloat (get_double (fixture->roll, "pixels-per-pitch"), >, pitch);

  /* What is under the play head stays there. */
  g_object_set (fixture->roll, "position", (gint64) 480 * 16, NULL);
  before = 16 * get_double (fixture->roll, "pixels-per-quarter") - gtk_adjustment_get_value (adjustment);
  for (int i = 0; i < 6; i++)
    widget_test_press (fixture->roll, GDK_KEY_plus, GDK_CONTROL_MASK);
  after = 16 * get_double (fixture->roll, "pixels-per-quarter") - gtk_adjustment_get_value (adjustment);
  g_assert_cmpfloat_with_epsilon (before, after, 1.0);

  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_0, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (get_double (fixture->roll, "pixels-per-quarter"), quarter, 1e-6);
}

/* The note under the fingers stays under them, at a place that is neither the middle nor the play head. */
static void
test_pinch (Fixture       *fixture,
            gconstpointer  data)
{
  AriettaTimeAxis *axis = arietta_piano_roll_get_axis (ARIETTA_PIANO_ROLL (fixture->roll));
  double quarter = get_double (fixture->roll, "pixels-per-quarter"), pitch = get_double (fixture->roll, "pixels-per-pitch");
  double x = gtk_widget_get_width (fixture->roll) * 0.7;
  gint64 tick = arietta_time_axis_x_to_tick (axis, x);

  widget_test_pinch (fixture->roll, x, 200, 3);
  g_assert_cmpfloat_with_epsilon (get_double (fixture->roll, "pixels-per-quarter"), quarter * 3, 0.01);
  g_assert_cmpfloat_with_epsilon (arietta_time_axis_tick_to_x (axis, tick), x, 1.5);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_hadjustment (fixture->roll)), >, 100);
  g_assert_cmpfloat (get_double (fixture->roll, "pixels-per-pitch"), ==, pitch);

  /* A second pinch begins where the first ended. */
  widget_test_pinch (fixture->roll, x, 200, 0.5);
  g_assert_cmpfloat_with_epsilon (get_double (fixture->roll, "pixels-per-quarter"), quarter * 1.5, 0.01);
  g_assert_cmpfloat_with_epsilon (arietta_time_axis_tick_to_x (axis, tick), x, 1.5);
  widget_test_pinch (fixture->roll, x, 200, 1000);
  g_assert_cmpfloat (get_double (fixture->roll, "pixels-per-quarter"), ==, 800);

  /* One finger may have begun to drag: it does not keep its finger from the pinch. */
  g_assert_true (gtk_gesture_is_grouped_with (
    GTK_GESTURE (widget_test_get_controller (fixture->roll, GTK_TYPE_GESTURE_ZOOM)),
    GTK_GESTURE (widget_test_get_controller (fixture->roll, GTK_TYPE_GESTURE_DRAG))));
}

static void
test_cursor (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaPianoRoll *roll = ARIETTA_PIANO_ROLL (fixture->roll);

  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Right, 0));
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->pitch, ==, 60);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Down, 0));
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->pitch, ==, 36);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Right, 0));
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->onset_ticks, ==, 480);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_End, 0));
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->onset_ticks, ==, 31 * 480);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Right, 0));
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->onset_ticks, ==, 31 * 480);

  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Return, 0));
  g_assert_cmpint (fixture->sought, ==, 31 * 480);
  g_assert_cmpint (fixture->pressed, ==, 67);
  g_assert_cmpint (fixture->released, ==, 67);
}

/* The keyboard at the left, the ruler above, and a note in the middle. */
static void
test_pointer (Fixture       *fixture,
              gconstpointer  data)
{
  double width = gtk_widget_get_width (fixture->roll);
  double page = gtk_adjustment_get_page_size (get_hadjustment (fixture->roll));
  double keyboard = width - page, quarter = get_double (fixture->roll, "pixels-per-quarter");
  int first;

  widget_test_drag (fixture->roll, keyboard + 10 * quarter, 3, 0, 0);
  g_assert_cmpint (ABS (fixture->sought - 4800), <, 30);
  widget_test_drag (fixture->roll, keyboard + 10 * quarter, 3, 2 * quarter, 0);
  g_assert_cmpint (ABS (fixture->sought - 5760), <, 30);

  widget_test_drag (fixture->roll, 4, 200, 0, 0);
  g_assert_cmpint (fixture->pressed, >=, 0);
  g_assert_cmpint (fixture->pressed, ==, fixture->released);
  first = fixture->pressed;
  widget_test_drag (fixture->roll, 4, 200, 0, 3 * get_double (fixture->roll, "pixels-per-pitch"));
  g_assert_cmpint (fixture->released, ==, first - 3);
}

static void
test_follow (Fixture       *fixture,
             gconstpointer  data)
{
  GtkAdjustment *adjustment = get_hadjustment (fixture->roll);

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_object_set (fixture->roll, "pixels-per-quarter", 200.0, "follow", TRUE, NULL);
  gtk_adjustment_set_value (adjustment, 0);
  for (gint64 tick = 0; tick <= 480 * 20; tick += 60)
    {
      double x;

      g_object_set (fixture->roll, "position", tick, NULL);
      widget_test_settle ();
      x = tick * 200.0 / 480 - gtk_adjustment_get_value (adjustment);
      g_assert_cmpfloat (x, >=, 0);
      g_assert_cmpfloat (x, <=, gtk_adjustment_get_page_size (adjustment));
    }

  /* Who scrolls away is left alone while the piece goes on. */
  gtk_adjustment_set_value (adjustment, 0);
  g_object_set (fixture->roll, "position", (gint64) 480 * 20 + 60, NULL);
  g_object_set (fixture->roll, "position", (gint64) 480 * 20 + 120, NULL);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);

  g_object_set (fixture->roll, "follow", FALSE, "position", (gint64) 480 * 30, NULL);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
}

/* 50,000 notes: fitting, then scrolling at several zooms; a frame's painting is bounded, so many frames pass but
 * none is long.  The aim is 16 ms of CPU; the bound leaves room for slow machines and sanitizers. */
static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = large_piece (50000);
  GtkAdjustment *adjustment = get_hadjustment (fixture->roll);
  gint64 longest = 0, sum = 0;
  int n = 0;

  g_object_set (fixture->roll, "piece", piece, NULL);
  for (double quarter = 1.5; quarter < 400; quarter *= 1.7)
    {
      g_object_set (fixture->roll, "pixels-per-quarter", quarter, NULL);
      for (int k = 0; k < 20; k++)
        {
          GtkSnapshot *snapshot = gtk_snapshot_new ();
          g_autoptr(GskRenderNode) node = NULL;
          gint64 began = widget_test_cpu_us (), took;

          gtk_adjustment_set_value (adjustment, k * 90.0);
          GTK_WIDGET_GET_CLASS (fixture->roll)->snapshot (fixture->roll, snapshot);
          took = widget_test_cpu_us () - began;
          longest = MAX (longest, took);
          sum += took;
          n++;
          node = gtk_snapshot_free_to_node (snapshot);
        }
    }
  g_test_message ("50,000 notes: mean %.2f ms, longest %.2f ms a frame", sum / 1000.0 / n, longest / 1000.0);
  g_assert_cmpint (longest, <, 160000);
}

static gboolean
is_colored (guint32 pixel)
{
  int red = pixel >> 16 & 0xff, green = pixel >> 8 & 0xff, blue = pixel & 0xff;

  return MAX (MAX (red, green), blue) - MIN (MIN (red, green), blue) > 60;
}

/* As many coloured pixels of @before look the same again; the play head and edges that fall between two are among them. */
static guint
count_left (Fixture       *fixture,
            const guint32 *before,
            guint         *n_colored)
{
  int width, height;
  g_autofree guint32 *after = widget_test_draw (fixture->roll, &width, &height);
  guint n = 0;

  *n_colored = 0;
  for (int i = 0; i < width * height; i++)
    if (is_colored (before[i]))
      {
        *n_colored += 1;
        n += before[i] == after[i];
      }
  return n;
}

/* Eight tracks that go through the same pitches at the same time, never at the same one. */
static AriettaPiece *
woven_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);

  for (int t = 0; t < 8; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");

      for (int i = 0; i < 200; i++)
        {
          AriettaNote note = { .onset_ticks = i * 120, .duration_ticks = 110, .velocity = 100,
                               .pitch = (guint8) (40 + (i * 7 + t * 5) % 40) };

          arietta_track_add_note (track, &note);
        }
    }

  return arietta_piece_freeze (piece);
}

/* Of many selected notes each is marked, on every track, and none once they are selected no more. */
static void
test_many_selected (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = woven_piece ();
  g_autofree guint32 *before = NULL;
  guint n_colored = 0, n_left = 0;
  int width, height;

  g_object_set (fixture->roll, "piece", piece, NULL);
  arietta_piano_roll_set_editable (ARIETTA_PIANO_ROLL (fixture->roll), TRUE);
  arietta_piano_roll_zoom_to_fit (ARIETTA_PIANO_ROLL (fixture->roll));
  /* Tiles come frame by frame, of marks once the zoom is at rest. */
  for (int i = 0; i < 30; i++)
    {
      g_free (before);
      before = widget_test_draw (fixture->roll, &width, &height);
    }
  arietta_piano_roll_select_all (ARIETTA_PIANO_ROLL (fixture->roll));
  for (int i = 0; i < 40 && (i == 0 || n_left > n_colored / 10); i++)
    n_left = count_left (fixture, before, &n_colored);
  g_assert_cmpuint (n_colored, >, 3000);
  g_assert_cmpuint (n_left, <=, n_colored / 10);

  arietta_piano_roll_set_selection (ARIETTA_PIANO_ROLL (fixture->roll), NULL);
  g_assert_cmpuint (count_left (fixture, before, &n_colored), ==, n_colored);
}

static void
test_strip (void)
{
  g_autoptr(AriettaPiece) piece = scale_piece ();
  GtkWidget *strip = arietta_piece_strip_new ();
  Fixture fixture = { .sought = -1 };
  GtkWidget *window;

  g_signal_connect_swapped (strip, "seek", G_CALLBACK (seek_cb), &fixture);
  window = widget_test_show (strip, 640, 60);

  /* Without a piece there is nothing to seek in. */
  widget_test_drag (strip, 100, 10, 0, 0);
  g_assert_cmpint (fixture.sought, ==, -1);

  g_object_set (strip, "piece", piece, "position", (gint64) 1920 + 500, "loop", TRUE, "loop-start", (gint64) 1920,
                "loop-end", (gint64) 3840, NULL);
  g_assert_cmpuint (widget_test_count_colors (strip), >, 4);

  widget_test_drag (strip, gtk_widget_get_width (strip) / 2.0, 10, 0, 0);
  g_assert_cmpint (fixture.sought, ==, 4 * 1920);
  widget_test_drag (strip, 0, 10, 5000, 0);
  g_assert_cmpint (fixture.sought, ==, 8 * 1920);

  g_assert_true (widget_test_press (strip, GDK_KEY_Left, 0));
  g_assert_cmpint (fixture.sought, ==, 1920);
  g_object_set (strip, "position", fixture.sought, NULL);
  g_assert_true (widget_test_press (strip, GDK_KEY_Left, 0));
  g_assert_cmpint (fixture.sought, ==, 0);
  g_assert_true (widget_test_press (strip, GDK_KEY_Right, 0));
  g_assert_cmpint (fixture.sought, ==, 3840);
  g_assert_true (widget_test_press (strip, GDK_KEY_End, 0));
  g_assert_cmpint (fixture.sought, ==, 8 * 1920);
  g_assert_true (widget_test_press (strip, GDK_KEY_Home, 0));
  g_assert_cmpint (fixture.sought, ==, 0);

  gtk_test_accessible_assert_role (strip, GTK_ACCESSIBLE_ROLE_SLIDER);
  widget_test_close (window, strip);
}

int
main (int   argc,
      char *argv[])
{
  widget_test_init (&argc, &argv);

  g_test_add ("/widgets/piano-roll/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/widgets/piano-roll/draws", Fixture, "piece", set_up, test_draws, tear_down);
  g_test_add ("/widgets/piano-roll/fit", Fixture, "piece", set_up, test_fit, tear_down);
  g_test_add ("/widgets/piano-roll/zoom", Fixture, "piece", set_up, test_zoom, tear_down);
  g_test_add ("/widgets/piano-roll/pinch", Fixture, "piece", set_up, test_pinch, tear_down);
  g_test_add ("/widgets/piano-roll/cursor", Fixture, "piece", set_up, test_cursor, tear_down);
  g_test_add ("/widgets/piano-roll/pointer", Fixture, "piece", set_up, test_pointer, tear_down);
  g_test_add ("/widgets/piano-roll/follow", Fixture, "piece", set_up, test_follow, tear_down);
  g_test_add ("/widgets/piano-roll/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/widgets/piano-roll/many-selected", Fixture, NULL, set_up, test_many_selected, tear_down);
  g_test_add_func ("/widgets/piece-strip", test_strip);

  return g_test_run ();
}
