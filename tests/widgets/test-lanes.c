#include "widget-test.h"

#include "widgets/arietta-piano-roll-edit.h"
#include "widgets/arietta-point-lane.h"
#include "widgets/arietta-velocity-lane.h"

typedef struct
{
  GtkWidget           *window;
  GtkWidget           *roll;
  GtkWidget           *lane;
  GtkWidget           *velocities;
  AriettaTimeAxis     *axis;

  /* What was asked for last. */
  int                  pitch, by;
  gint64               tick, to, duration, loop_start, loop_end, sought;
  double               value;
  gboolean             exists, starts, asked;
  guint                n_erased, n_drawn;
  guint8               first_velocity, last_velocity;
} Fixture;

static void
note_drawn_cb (Fixture *fixture,
               int      pitch,
               gint64   onset,
               gint64   duration)
{
  fixture->pitch = pitch;
  fixture->tick = onset;
  fixture->duration = duration;
}

static void
notes_erased_cb (Fixture          *fixture,
                 AriettaSelection *notes)
{
  fixture->n_erased = arietta_selection_get_n (notes);
}

static void
by_cb (Fixture *fixture,
       int      by)
{
  fixture->by = by;
}

static void
loop_cb (Fixture *fixture,
         gint64   start,
         gint64   end)
{
  fixture->loop_start = start;
  fixture->loop_end = end;
}

static void
seek_cb (Fixture *fixture,
         gint64   tick)
{
  fixture->sought = tick;
}

static void
edit_cb (Fixture *fixture,
         gint64   tick,
         gboolean exists,
         double   x)
{
  fixture->tick = tick;
  fixture->exists = exists;
}

static void
moved_cb (Fixture *fixture,
          gint64   from,
          gint64   to,
          double   value)
{
  fixture->tick = from;
  fixture->to = to;
  fixture->value = value;
}

static void
resized_cb (Fixture *fixture,
            gint64   ticks,
            gboolean starts)
{
  fixture->tick = ticks;
  fixture->starts = starts;
}

static void
carried_cb (Fixture *fixture,
            gint64   ticks,
            int      semitones,
            gboolean copy)
{
  fixture->to = ticks;
}

static void
asked_cb (Fixture *fixture)
{
  fixture->asked = TRUE;
}

static void
tick_cb (Fixture *fixture,
         gint64   tick)
{
  fixture->tick = tick;
}

static void
drawn_cb (Fixture          *fixture,
          AriettaSelection *notes,
          GBytes           *velocities)
{
  gsize n;
  const guint8 *bytes = g_bytes_get_data (velocities, &n);

  fixture->n_drawn = arietta_selection_get_n (notes);
  g_assert_cmpuint (n, ==, fixture->n_drawn);
  fixture->first_velocity = bytes[0];
  fixture->last_velocity = bytes[n - 1];
}

/* Two bars: eight quarters from C4 up, a bass, and a bass drum on each beat. */
static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody"), *bass = arietta_piece_add_track (piece, "Bass");
  AriettaTrack *drums = arietta_piece_add_track (piece, "Drums");

  for (int i = 0; i < 8; i++)
    {
      arietta_track_add_note (melody, &(AriettaNote) { 480 * i, 470, (guint8) (60 + i), 80, 64, 0, 0, 0 });
      arietta_track_add_note (bass, &(AriettaNote) { 480 * i, 470, 60, 50, 64, 1, 33, 0 });
      arietta_track_add_note (drums, &(AriettaNote) { 480 * i, 60, 36, 100, 64, 9, 0, 0 });
    }
  return arietta_piece_freeze (piece);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new ();
  const AriettaPoint points[] = { { 0, 120, "One", FALSE }, { 1920, 90, "Two", FALSE } };
  g_autoptr(AriettaPiece) piece = make_piece ();

  fixture->roll = arietta_piano_roll_new ();
  fixture->lane = g_object_new (ARIETTA_TYPE_POINT_LANE, "title", "Lane", "curve", data != NULL, NULL);
  fixture->velocities = arietta_velocity_lane_new ();
  fixture->axis = arietta_piano_roll_get_axis (ARIETTA_PIANO_ROLL (fixture->roll));
  arietta_lane_set_axis (ARIETTA_LANE (fixture->lane), fixture->axis);
  arietta_velocity_lane_set_roll (ARIETTA_VELOCITY_LANE (fixture->velocities), ARIETTA_PIANO_ROLL (fixture->roll));
  arietta_piano_roll_set_editable (ARIETTA_PIANO_ROLL (fixture->roll), TRUE);
  arietta_piano_roll_set_grid (ARIETTA_PIANO_ROLL (fixture->roll), 240);
  g_signal_connect_swapped (fixture->roll, "note-drawn", G_CALLBACK (note_drawn_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "notes-erased", G_CALLBACK (notes_erased_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "velocity-changed", G_CALLBACK (by_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "notes-resized", G_CALLBACK (resized_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "notes-moved", G_CALLBACK (carried_cb), fixture);
  g_signal_connect_swapped (fixture->velocities, "edit", G_CALLBACK (asked_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "loop-set", G_CALLBACK (loop_cb), fixture);
  g_signal_connect_swapped (fixture->roll, "seek", G_CALLBACK (seek_cb), fixture);
  g_signal_connect_swapped (fixture->lane, "edit", G_CALLBACK (edit_cb), fixture);
  g_signal_connect_swapped (fixture->lane, "moved", G_CALLBACK (moved_cb), fixture);
  g_signal_connect_swapped (fixture->lane, "removed", G_CALLBACK (tick_cb), fixture);
  g_signal_connect_swapped (fixture->lane, "activated", G_CALLBACK (tick_cb), fixture);
  g_signal_connect_swapped (fixture->velocities, "drawn", G_CALLBACK (drawn_cb), fixture);
  g_signal_connect_swapped (fixture->velocities, "changed-by", G_CALLBACK (by_cb), fixture);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), fixture->roll);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), fixture->lane);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), fixture->velocities);
  fixture->window = widget_test_show (box, 900, 600);
  g_object_set (fixture->roll, "piece", piece, "pixels-per-quarter", 80.0, NULL);
  arietta_point_lane_set_points (ARIETTA_POINT_LANE (fixture->lane), points, G_N_ELEMENTS (points));
  gtk_adjustment_set_value (arietta_time_axis_get_adjustment (fixture->axis), 0);
  widget_test_settle ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  widget_test_close (fixture->window, fixture->roll);
}

static double
x_of (Fixture *fixture,
      gint64   tick)
{
  return arietta_time_axis_tick_to_x (fixture->axis, tick);
}

/* The drum track turns the roll into a grid; row 10 of the kit's eleven is the bass drum. */
static void
test_drums (Fixture       *fixture,
            gconstpointer  data)
{
  AriettaPianoRoll *roll = ARIETTA_PIANO_ROLL (fixture->roll);
  double row, y, ruler;

  g_object_set (roll, "track", 0, NULL);
  g_assert_false (arietta_piano_roll_is_drums (roll));
  g_object_set (roll, "track", 2, NULL);
  widget_test_settle ();
  gtk_test_widget_wait_for_draw (fixture->window);
  g_assert_true (arietta_piano_roll_is_drums (roll));
  g_assert_true (arietta_piano_roll_is_meant (roll, 2));
  g_assert_false (arietta_piano_roll_is_meant (roll, 0));
  g_assert_cmpuint (widget_test_count_colors (fixture->roll), >, 5);

  g_object_get (roll, "pixels-per-pitch", &row, NULL);
  ruler = gtk_widget_get_height (fixture->roll) -
          gtk_adjustment_get_page_size (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (roll)));
  y = ruler + 10.5 * row;

  /* An empty cell, a little right of its line. */
  widget_test_drag (fixture->roll, x_of (fixture, 250), y, 0, 0);
  g_assert_cmpint (fixture->pitch, ==, 36);
  g_assert_cmpint (fixture->tick, ==, 240);
  g_assert_cmpint (fixture->duration, ==, 240);
  widget_test_drag (fixture->roll, x_of (fixture, 250), y - row, 0, 0);
  g_assert_cmpint (fixture->pitch, ==, 37);

  widget_test_drag (fixture->roll, x_of (fixture, 480) + 3, y, 0, 0);
  g_assert_cmpuint (fixture->n_erased, ==, 1);
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 3, y, 0, -20);
  g_assert_cmpint (fixture->by, ==, 20);

  arietta_piano_roll_select_all (roll);
  g_assert_cmpuint (arietta_selection_get_n (arietta_piano_roll_get_selection (roll)), ==, 8);
  g_object_set (roll, "track", 0, NULL);
  g_assert_false (arietta_piano_roll_is_drums (roll));
}

static void
test_ghosts (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaPianoRoll *roll = ARIETTA_PIANO_ROLL (fixture->roll);

  arietta_piano_roll_select_pitch (roll, 60, FALSE);
  g_assert_cmpuint (arietta_selection_get_n (arietta_piano_roll_get_selection (roll)), ==, 9);
  arietta_piano_roll_select_pitch (roll, 61, TRUE);
  g_assert_cmpuint (arietta_selection_get_n (arietta_piano_roll_get_selection (roll)), ==, 10);

  g_object_set (roll, "track", 1, "ghosts", TRUE, NULL);
  g_assert_cmpuint (arietta_selection_get_n (arietta_piano_roll_get_selection (roll)), ==, 0);
  arietta_piano_roll_select_all (roll);
  g_assert_cmpuint (arietta_selection_get_n (arietta_piano_roll_get_selection (roll)), ==, 8);

  /* The cursor goes along the active track alone. */
  arietta_piano_roll_set_selection (roll, NULL);
  arietta_piano_roll_move_cursor (roll, -2, 0, FALSE);
  arietta_piano_roll_move_cursor (roll, 1, 0, FALSE);
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->onset_ticks, ==, 480);
  g_assert_cmpint (arietta_piano_roll_get_cursor (roll)->pitch, ==, 60);
}

/* A note of 470 ticks from 480 on, 78 pixels wide: its ends size it, the rest of it carries it. */
static void
test_ends (Fixture       *fixture,
           gconstpointer  data)
{
  GtkAdjustment *up_down = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->roll));
  double row, y;

  g_object_get (fixture->roll, "pixels-per-pitch", &row, NULL);
  y = gtk_widget_get_height (fixture->roll) - gtk_adjustment_get_page_size (up_down) + (127 - 61 + 0.5) * row
      - gtk_adjustment_get_value (up_down);

  widget_test_drag (fixture->roll, x_of (fixture, 950) - 2, y, 42, 0);
  g_assert_cmpint (fixture->tick, ==, 1200 - 950);
  g_assert_false (fixture->starts);
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 2, y, -42, 0);
  g_assert_cmpint (fixture->tick, ==, -240);
  g_assert_true (fixture->starts);
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 2, y, 42, 0);
  g_assert_cmpint (fixture->tick, ==, 240);
  /* Beyond its end a grid is left of it. */
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 2, y, 300, 0);
  g_assert_cmpint (fixture->tick, ==, 470 - 240);
  g_assert_true (fixture->starts);

  /* A hand that trembles sizes nothing, and the middle carries. */
  fixture->tick = 0;
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 2, y, 1, 0);
  g_assert_cmpint (fixture->tick, ==, 0);
  widget_test_drag (fixture->roll, x_of (fixture, 480) + 20, y, 42, 0);
  g_assert_cmpint (fixture->to, ==, 240);
  g_assert_cmpint (fixture->tick, ==, 0);
}

static void
test_insert (Fixture       *fixture,
             gconstpointer  data)
{
  g_object_set (fixture->roll, "position", (gint64) 1000, "scale", 0xAB5, NULL);
  arietta_piano_roll_set_scale_snap (ARIETTA_PIANO_ROLL (fixture->roll), TRUE);
  g_assert_true (widget_test_press (fixture->roll, GDK_KEY_Insert, 0));
  g_assert_cmpint (fixture->pitch, ==, 60);
  g_assert_cmpint (fixture->tick, ==, 960);
  g_assert_cmpint (fixture->duration, ==, 480);
}

static void
test_loop (Fixture       *fixture,
           gconstpointer  data)
{
  fixture->sought = -1;
  widget_test_drag (fixture->roll, x_of (fixture, 500), 12, 0, 0);
  g_assert_cmpint (ABS (fixture->sought - 500), <, 8);

  /* A new range, its end drawn out, and all of it carried. */
  fixture->sought = -1;
  widget_test_drag (fixture->roll, x_of (fixture, 500), 12, 160, 0);
  g_assert_cmpint (fixture->loop_start, ==, 480);
  g_assert_cmpint (fixture->loop_end, ==, 1440);
  g_assert_cmpint (fixture->sought, ==, -1);
  widget_test_drag (fixture->roll, x_of (fixture, 1440), 12, 80, 0);
  g_assert_cmpint (fixture->loop_end, ==, 1920);
  widget_test_drag (fixture->roll, x_of (fixture, 1200), 2, 80, 0);
  g_assert_cmpint (fixture->loop_start, ==, 960);
  g_assert_cmpint (fixture->loop_end, ==, 2400);

  /* A roll to look at has no loop: the head follows the hand. */
  arietta_piano_roll_set_editable (ARIETTA_PIANO_ROLL (fixture->roll), FALSE);
  widget_test_drag (fixture->roll, x_of (fixture, 480), 12, 80, 0);
  g_assert_cmpint (ABS (fixture->sought - 960), <, 8);
}

static void
test_points (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaPointLane *lane = ARIETTA_POINT_LANE (fixture->lane);

  g_assert_cmpuint (widget_test_count_colors (fixture->lane), >, 4);
  g_assert_cmpint (arietta_point_lane_get_cursor (lane), ==, -1);
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_End, 0));
  g_assert_cmpint (arietta_point_lane_get_cursor (lane), ==, 1920);
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Left, GDK_ALT_MASK));
  g_assert_cmpint (fixture->tick, ==, 1920);
  g_assert_cmpint (fixture->to, ==, 1680);
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Return, 0));
  g_assert_true (fixture->exists);
  g_assert_cmpint (fixture->tick, ==, 1920);
  g_assert_false (widget_test_press (fixture->lane, GDK_KEY_Up, 0));

  g_object_set (fixture->roll, "position", (gint64) 1000, NULL);
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Insert, 0));
  g_assert_false (fixture->exists);
  g_assert_cmpint (fixture->tick, ==, 960);
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Left, 0));
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Delete, 0));
  g_assert_cmpint (fixture->tick, ==, 0);

  /* Carried by its label, to a line of the grid. */
  widget_test_drag (fixture->lane, x_of (fixture, 1920) + 8, 10, 84, 0);
  g_assert_cmpint (fixture->tick, ==, 1920);
  g_assert_cmpint (fixture->to, ==, 2400);

  /* A metre stands at the beginning of a bar. */
  g_object_set (lane, "snap-to-bars", TRUE, NULL);
  widget_test_drag (fixture->lane, x_of (fixture, 1920) + 8, 10, -180, 0);
  g_assert_cmpint (fixture->to, ==, 0);
}

static void
test_curve (Fixture       *fixture,
            gconstpointer  data)
{
  double height = gtk_widget_get_height (fixture->lane);

  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_End, 0));
  g_assert_true (widget_test_press (fixture->lane, GDK_KEY_Up, GDK_SHIFT_MASK));
  g_assert_cmpint (fixture->to, ==, 1920);
  g_assert_cmpfloat (fixture->value, ==, 100);

  /* The second point stands below the middle: 90 between 70 and 140. */
  widget_test_drag (fixture->lane, x_of (fixture, 1920), 8 + (height - 16) * 50 / 70, 0, -10);
  g_assert_cmpint (fixture->tick, ==, 1920);
  g_assert_cmpint (fixture->to, ==, 1920);
  g_assert_cmpfloat (fixture->value, >, 95);
}

static void
test_velocities (Fixture       *fixture,
                 gconstpointer  data)
{
  AriettaPianoRoll *roll = ARIETTA_PIANO_ROLL (fixture->roll);
  double height = gtk_widget_get_height (fixture->velocities);
  const AriettaNoteRef refs[] = { { 0, 1 }, { 0, 2 } };
  g_autoptr(AriettaSelection) two = arietta_selection_new (refs, 2);

  /* Across the melody, from loud to soft; the other tracks are not meant. */
  g_object_set (roll, "track", 0, NULL);
  widget_test_drag (fixture->velocities, x_of (fixture, 0) + 1, 6, 80 * 8, height - 12);
  g_assert_cmpuint (fixture->n_drawn, ==, 8);
  g_assert_cmpint (fixture->first_velocity, >, 115);
  g_assert_cmpint (fixture->last_velocity, <, 25);

  /* With notes selected these alone. */
  arietta_piano_roll_set_selection (roll, two);
  widget_test_drag (fixture->velocities, x_of (fixture, 0), height / 2, 80 * 8, 0);
  g_assert_cmpuint (fixture->n_drawn, ==, 2);
  g_assert_cmpint (ABS (fixture->first_velocity - 64), <, 3);

  /* From the head of one of them: both together. */
  widget_test_drag (fixture->velocities, x_of (fixture, 480) + 2, 6 + (height - 12) * (1 - 80 / 127.0), 0, -10);
  g_assert_cmpuint (fixture->n_drawn, ==, 2);
  g_assert_cmpint (fixture->first_velocity, ==, fixture->last_velocity);
  g_assert_cmpint (fixture->first_velocity, >, 90);

  g_assert_true (widget_test_press (fixture->velocities, GDK_KEY_Down, GDK_SHIFT_MASK));
  g_assert_cmpint (fixture->by, ==, -10);
  g_assert_cmpuint (widget_test_count_colors (fixture->velocities), >, 4);

  /* A number is asked for only where there is something to give it to. */
  g_assert_true (widget_test_press (fixture->velocities, GDK_KEY_F2, 0));
  g_assert_true (fixture->asked);
  fixture->asked = FALSE;
  arietta_piano_roll_set_selection (roll, NULL);
  g_assert_false (widget_test_press (fixture->velocities, GDK_KEY_Return, 0));
  g_assert_false (fixture->asked);
}

/* Scrolling while it plays is the person's; seeking gives the view back. */
static void
test_follow_rests (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkAdjustment *adjustment = arietta_time_axis_get_adjustment (fixture->axis);

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_object_set (fixture->roll, "pixels-per-quarter", 400.0, "playing", TRUE, "follow", TRUE, NULL);
  gtk_adjustment_set_value (adjustment, 30);
  for (gint64 tick = 0; tick < 480 * 4; tick += 60)
    g_object_set (fixture->roll, "position", tick, NULL);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 30);
  g_object_set (fixture->roll, "position", (gint64) 480 * 7, NULL);
  widget_test_settle ();
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 400);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
}

int
main (int   argc,
      char *argv[])
{
  widget_test_init (&argc, &argv);

  g_test_add ("/widgets/lanes/drums", Fixture, NULL, set_up, test_drums, tear_down);
  g_test_add ("/widgets/lanes/ghosts", Fixture, NULL, set_up, test_ghosts, tear_down);
  g_test_add ("/widgets/lanes/ends", Fixture, NULL, set_up, test_ends, tear_down);
  g_test_add ("/widgets/lanes/insert", Fixture, NULL, set_up, test_insert, tear_down);
  g_test_add ("/widgets/lanes/loop", Fixture, NULL, set_up, test_loop, tear_down);
  g_test_add ("/widgets/lanes/points", Fixture, NULL, set_up, test_points, tear_down);
  g_test_add ("/widgets/lanes/curve", Fixture, "curve", set_up, test_curve, tear_down);
  g_test_add ("/widgets/lanes/velocities", Fixture, NULL, set_up, test_velocities, tear_down);
  g_test_add ("/widgets/lanes/follow-rests", Fixture, NULL, set_up, test_follow_rests, tear_down);

  return g_test_run ();
}
