#include "music/arietta-piece.h"
#include "music/arietta-play-order.h"

#include <string.h>

static AriettaNote
note (gint64 onset, gint64 duration, int pitch)
{
  return (AriettaNote) { onset, duration, pitch, 80, 64, 0, 0, 0 };
}

static void
add (AriettaTrack *track, gint64 onset, int channel, int program)
{
  AriettaNote added = note (onset, 10, 60);

  added.channel = channel;
  added.program = program;
  arietta_track_add_note (track, &added);
}

static void
test_notes_sorted (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Flute");
  const AriettaNote in[] = { note (480, 10, 60), note (0, 240, 62), note (480, 5, 64), note (0, 1, 65) };
  const int expected[] = { 62, 65, 60, 64 };
  const AriettaNote *notes;
  guint n;

  for (guint i = 0; i < G_N_ELEMENTS (in); i++)
    arietta_track_add_note (track, &in[i]);

  notes = arietta_track_get_notes (track, &n);
  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (notes[i].pitch, ==, expected[i]);
  g_assert_cmpint (arietta_piece_get_notes_end_ticks (piece), ==, 490);
}

/* Over all tracks; no note, no beginning. */
static void
test_notes_start (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  const AriettaNote late = note (960, 10, 60), early = note (720, 10, 60);

  arietta_piece_add_track (piece, "Silent");
  g_assert_cmpint (arietta_piece_get_notes_start_ticks (piece), ==, 0);
  arietta_track_add_note (arietta_piece_add_track (piece, "Late"), &late);
  g_assert_cmpint (arietta_piece_get_notes_start_ticks (piece), ==, 960);
  arietta_track_add_note (arietta_piece_add_track (piece, "Early"), &early);
  g_assert_cmpint (arietta_piece_get_notes_start_ticks (piece), ==, 720);
}

static void
test_names_are_events (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Flute");
  const AriettaEvent *events;
  guint n;

  arietta_track_add_event (track, 0, 0xB0, 7, 100, NULL, 0);
  arietta_track_set_name (track, "Oboe d’amore");
  events = arietta_track_get_events (track, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (events[0].data1, ==, 3);
  g_assert_cmpmem (events[0].bytes, events[0].n_bytes, "Oboe d’amore", 14);
  g_assert_cmpstr (arietta_track_get_name (track), ==, "Oboe d’amore");

  arietta_track_set_name (track, "");
  arietta_track_get_events (track, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (arietta_track_get_name (track), ==, "");
}

static void
test_maps_replace_and_sort (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  const AriettaTempo *tempos;
  const AriettaMeter *meters;
  AriettaKey key;
  guint n;

  arietta_piece_set_tempo (piece, 960, 400000);
  arietta_piece_set_tempo (piece, 0, 600000);
  arietta_piece_set_tempo (piece, 960, 300000);
  tempos = arietta_piece_get_tempos (piece, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (tempos[0].us_per_quarter, ==, 600000);
  g_assert_cmpint (tempos[1].us_per_quarter, ==, 300000);
  g_assert_cmpint (arietta_piece_get_tempo_at (piece, 959), ==, 600000);
  g_assert_cmpint (arietta_piece_get_tempo_at (piece, 960), ==, 300000);

  arietta_piece_set_meter (piece, 480, 6, 8);
  meters = arietta_piece_get_meters (piece, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (meters[0].denominator_log2, ==, 3);
  g_assert_cmpint (arietta_piece_get_meter_at (piece, 0).numerator, ==, 4);

  g_assert_false (arietta_piece_get_key_at (piece, 0, &key));
  arietta_piece_set_key (piece, 0, -3, TRUE);
  g_assert_true (arietta_piece_get_key_at (piece, 7, &key));
  g_assert_cmpint (key.sharps, ==, -3);
}

static void
test_time (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (100);

  /* One quarter at the default, two at 60, then 240 to the minute. */
  arietta_piece_set_tempo (piece, 100, 1000000);
  arietta_piece_set_tempo (piece, 300, 250000);

  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 50), 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 200), 1.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 300), 2.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 700), 3.5, 1e-12);
  for (gint64 tick = 0; tick < 1000; tick++)
    g_assert_cmpint (arietta_piece_seconds_to_ticks (piece,
                                                     arietta_piece_ticks_to_seconds (piece, tick)),
                     ==, tick);

  /* A change of the map is seen. */
  arietta_piece_set_tempo (piece, 0, 1000000);
  g_assert_cmpfloat_with_epsilon (arietta_piece_ticks_to_seconds (piece, 50), 0.5, 1e-12);
}

static void
test_copy_and_equal (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (96);
  g_autoptr(AriettaPiece) copy = NULL;
  g_autoptr(AriettaPiece) other = NULL;
  AriettaTrack *track = arietta_piece_add_track (piece, "Bass");
  AriettaNote first = note (0, 96, 40);

  arietta_piece_set_title (piece, "Walk");
  arietta_piece_set_key (piece, 0, 2, FALSE);
  arietta_track_add_note (track, &first);
  arietta_track_add_event (track, 10, 0xF0, 0, 0, (const guint8 *) "\x7E\xF7", 2);
  arietta_piece_freeze (piece);

  copy = arietta_piece_copy (piece);
  g_assert_true (arietta_piece_is_frozen (piece));
  g_assert_false (arietta_piece_is_frozen (copy));
  g_assert_cmpstr (arietta_piece_get_title (copy), ==, "Walk");
  g_assert_true (arietta_piece_equal (piece, copy));

  /* Editing flags are not music, a tick is. */
  first.flags = ARIETTA_NOTE_EDITED;
  arietta_track_take_notes (arietta_piece_get_track (copy, 0),
                            g_array_append_val (g_array_new (FALSE, FALSE, sizeof first), first));
  g_assert_true (arietta_piece_equal (piece, copy));
  first.duration_ticks++;
  arietta_track_take_notes (arietta_piece_get_track (copy, 0),
                            g_array_append_val (g_array_new (FALSE, FALSE, sizeof first), first));
  g_assert_false (arietta_piece_equal (piece, copy));

  other = arietta_piece_copy (piece);
  arietta_piece_set_meter (other, 0, 3, 4);
  g_assert_false (arietta_piece_equal (piece, other));
}

static void
test_digest (void)
{
  g_autoptr(AriettaPiece) fine = arietta_piece_new (480);
  g_autoptr(AriettaPiece) coarse = arietta_piece_new (96);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  AriettaNote a = note (480, 240, 60);
  AriettaNote b = note (0, 480, 67);

  /* The same notes on one track and on two, in other ticks and another order. */
  arietta_track_add_note (arietta_piece_add_track (fine, "one"), &a);
  arietta_track_add_note (arietta_piece_get_track (fine, 0), &b);
  a = note (96, 48, 60);
  b = note (0, 96, 67);
  arietta_track_add_note (arietta_piece_add_track (coarse, "two"), &b);
  arietta_track_add_note (arietta_piece_add_track (coarse, "three"), &a);

  first = arietta_piece_dup_digest (fine);
  second = arietta_piece_dup_digest (coarse);
  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpstr (first, ==, second);

  a.pitch++;
  arietta_track_add_note (arietta_piece_get_track (coarse, 1), &a);
  third = arietta_piece_dup_digest (coarse);
  g_assert_cmpstr (first, !=, third);
}

/* Playing order, spelled: "P0=5" a program change, "n0" a note. */

static void
spell_cb (const AriettaEvent *event, const AriettaNote *played, gpointer data)
{
  if (played != NULL)
    g_string_append_printf (data, "n%d:%d ", played->channel, played->program);
  else if ((event->status & 0xF0) == 0xC0)
    g_string_append_printf (data, "P%d=%d ", event->status & 0x0F, event->data1);
  else
    g_string_append_printf (data, "%02X ", event->status);
}

static char *
spell (AriettaPiece *piece, guint nth)
{
  GString *text = g_string_new (NULL);
  g_autoptr(AriettaPlayOrder) order = arietta_play_order_new (piece);

  arietta_play_order_foreach (order, piece, nth, spell_cb, text);
  return g_strchomp (g_string_free (text, FALSE));
}

static void
test_order_within_tick (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, NULL);
  g_autofree char *order = NULL;

  arietta_track_add_event (track, 0, 0xB0, 7, 90, NULL, 0);
  arietta_track_add_event (track, 0, 0xC0, 5, 0, NULL, 0);
  arietta_track_add_event (track, 0, 0xC1, 7, 0, NULL, 0);
  arietta_track_add_event (track, 0, 0xC0, 9, 0, NULL, 0);
  add (track, 0, 0, 5);
  add (track, 0, 1, 0);
  add (track, 0, 1, 7);
  add (track, 0, 0, 9);

  arietta_piece_freeze (piece);
  order = spell (piece, 0);
  g_assert_cmpstr (order, ==, "B0 P0=5 n0:5 n1:0 P1=7 P0=9 n1:7 n0:9");
}

static void
test_implied_programs (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaPiece) again = NULL;
  AriettaTrack *first = arietta_piece_add_track (piece, NULL);
  AriettaTrack *second = arietta_piece_add_track (piece, NULL);
  g_autofree char *order_first = NULL;
  g_autofree char *order_second = NULL;

  /* Two instruments that take turns on one channel. */
  add (first, 0, 3, 40);
  add (first, 480, 3, 40);
  add (second, 0, 3, 0);
  add (second, 240, 3, 0);

  arietta_piece_freeze (piece);
  order_first = spell (piece, 0);
  order_second = spell (piece, 1);
  g_assert_cmpstr (order_first, ==, "P3=40 n3:40 P3=40 n3:40");
  g_assert_cmpstr (order_second, ==, "P3=0 n3:0 n3:0");

  /* Freezing what is settled adds nothing. */
  again = arietta_piece_freeze (arietta_piece_copy (piece));
  g_assert_true (arietta_piece_equal (piece, again));
}

static void
test_set_program (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, NULL);

  g_assert_cmpint (arietta_track_get_program (track), ==, 0);
  arietta_track_add_event (track, 0, 0xC4, 11, 0, NULL, 0);
  g_assert_cmpint (arietta_track_get_program (track), ==, 11);
  g_assert_cmpint (arietta_track_get_channel (track), ==, 4);
  add (track, 0, 9, 0);
  g_assert_true (arietta_track_is_percussion (track));
  arietta_track_set_program (track, 25);
  g_assert_cmpint (arietta_track_get_notes (track, NULL)[0].program, ==, 25);
  g_assert_cmpint (arietta_track_get_events (track, NULL)[0].data1, ==, 25);
}

/* Random pieces: settled means that walking needs nothing more, and freezing again changes
 * nothing. */
static void
test_settling_is_final (void)
{
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
      g_autoptr(AriettaPiece) again = NULL;
      g_autoptr(GRand) rand = g_rand_new_with_seed (round);

      for (int i = 0; i < 3; i++)
        {
          AriettaTrack *track = arietta_piece_add_track (piece, NULL);

          for (int k = 0; k < 12; k++)
            if (g_rand_boolean (rand))
              add (track, g_rand_int_range (rand, 0, 4), g_rand_int_range (rand, 0, 3),
                   g_rand_int_range (rand, 0, 3));
            else
              arietta_track_add_event (track, g_rand_int_range (rand, 0, 4),
                                       0xC0 | g_rand_int_range (rand, 0, 3),
                                       g_rand_int_range (rand, 0, 3), 0, NULL, 0);
        }
      arietta_piece_freeze (piece);
      again = arietta_piece_freeze (arietta_piece_copy (piece));
      g_assert_true (arietta_piece_equal (piece, again));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/piece/notes-sorted", test_notes_sorted);
  g_test_add_func ("/music/piece/notes-start", test_notes_start);
  g_test_add_func ("/music/piece/names-are-events", test_names_are_events);
  g_test_add_func ("/music/piece/maps", test_maps_replace_and_sort);
  g_test_add_func ("/music/piece/time", test_time);
  g_test_add_func ("/music/piece/copy-and-equal", test_copy_and_equal);
  g_test_add_func ("/music/piece/digest", test_digest);
  g_test_add_func ("/music/piece/order-within-tick", test_order_within_tick);
  g_test_add_func ("/music/piece/implied-programs", test_implied_programs);
  g_test_add_func ("/music/piece/set-program", test_set_program);
  g_test_add_func ("/music/piece/settling-is-final", test_settling_is_final);
  return g_test_run ();
}
