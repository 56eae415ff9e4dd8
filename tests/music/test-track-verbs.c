#include "music/arietta-general-midi.h"
#include "music/arietta-track-verbs.h"

static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody");
  AriettaTrack *drums = arietta_piece_add_track (piece, "Drums");

  arietta_track_add_note (melody, &(AriettaNote) { 0, 480, 60, 80, 64, 0, 40, 0 });
  arietta_track_add_note (melody, &(AriettaNote) { 480, 480, 62, 80, 64, 0, 40, 0 });
  arietta_track_add_note (drums, &(AriettaNote) { 0, 60, 36, 90, 64, 9, 0, 0 });
  arietta_track_add_event (melody, 0, 0xB0, 7, 90, NULL, 0);
  arietta_track_add_event (melody, 300, 0xB0, 7, 20, NULL, 0);
  arietta_track_add_event (melody, 300, 0xB0, 64, 127, NULL, 0);
  return arietta_piece_freeze (piece);
}

static void
test_program (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) after = arietta_tracks_set_program (piece, 0, 73);
  guint n, changes = 0;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (after, 0), &n);
  const AriettaEvent *events;

  g_assert_cmpint (notes[0].program, ==, 73);
  g_assert_cmpint (notes[1].program, ==, 73);
  events = arietta_track_get_events (arietta_piece_get_track (after, 0), &n);
  for (guint i = 0; i < n; i++)
    if ((events[i].status & 0xF0) == 0xC0)
      {
        g_assert_cmpint (events[i].data1, ==, 73);
        changes++;
      }
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpint (arietta_track_get_program (arietta_piece_get_track (piece, 0)), ==, 40);
}

static void
test_control (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) after = arietta_tracks_set_control (piece, 0, ARIETTA_CONTROL_VOLUME, 64);
  g_autoptr(AriettaPiece) same = arietta_tracks_set_control (after, 0, ARIETTA_CONTROL_VOLUME, 64);
  guint n, volumes = 0, pedals = 0;
  const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (after, 0), &n);

  for (guint i = 0; i < n; i++)
    {
      volumes += events[i].status == 0xB0 && events[i].data1 == 7;
      pedals += events[i].status == 0xB0 && events[i].data1 == 64;
    }
  g_assert_cmpuint (volumes, ==, 1);
  g_assert_cmpuint (pedals, ==, 1);
  g_assert_true (same == after);
  g_assert_cmpint (arietta_tracks_get_control (after, 0, ARIETTA_CONTROL_VOLUME, 100), ==, 64);
  g_assert_cmpint (arietta_tracks_get_control (after, 1, ARIETTA_CONTROL_PAN, 64), ==, 64);
}

static void
test_add_remove (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) more = arietta_tracks_add (piece, "Flute", 73, FALSE);
  g_autoptr(AriettaPiece) kit = arietta_tracks_add (more, "Kit", 0, TRUE);
  g_autoptr(AriettaPiece) less = arietta_tracks_remove (kit, 0);

  g_assert_cmpint (arietta_track_get_channel (arietta_piece_get_track (more, 2)), ==, 1);
  g_assert_cmpint (arietta_track_get_program (arietta_piece_get_track (more, 2)), ==, 73);
  g_assert_true (arietta_track_is_percussion (arietta_piece_get_track (kit, 3)));
  g_assert_cmpuint (arietta_piece_get_n_tracks (less), ==, 3);
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (less, 0)), ==, "Drums");
}

/* Tempos and a title first, as in most MIDI files; then the tracks. */
static void
test_playing (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaPiece) tracks = make_piece ();
  g_autoptr(AriettaPiece) more = NULL;
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (tracks, 0), &n);

  arietta_track_add_event (arietta_piece_add_track (piece, "A Title"), 0, 0xFF, 0x01, 0, (const guint8 *) "Text", 4);
  g_assert_true (arietta_tracks_plays (piece, 0));
  arietta_track_add_notes (arietta_piece_add_track (piece, ""), notes, n);
  arietta_piece_freeze (piece);
  g_assert_false (arietta_tracks_plays (piece, 0));
  g_assert_true (arietta_tracks_plays (piece, 1));

  more = arietta_tracks_add (piece, "", 0, FALSE);
  g_assert_true (arietta_tracks_plays (more, 2));
  g_assert_cmpuint (arietta_tracks_count_playing (more, 0), ==, 0);
  g_assert_cmpuint (arietta_tracks_count_playing (more, 1), ==, 0);
  g_assert_cmpuint (arietta_tracks_count_playing (more, 2), ==, 1);
  g_assert_cmpuint (arietta_tracks_count_playing (more, 3), ==, 2);
}

static void
test_names (void)
{
  g_assert_cmpstr (arietta_general_midi_get_program (0), ==, "Grand Piano");
  g_assert_cmpstr (arietta_general_midi_get_program (73), ==, "Flute");
  g_assert_cmpstr (arietta_general_midi_get_program (127), ==, "Gunshot");
  g_assert_cmpstr (arietta_general_midi_get_family (9), ==, "Pipe");
  g_assert_cmpstr (arietta_general_midi_get_percussion (38), ==, "Snare");
  g_assert_cmpstr (arietta_general_midi_get_percussion (81), ==, "Open Triangle");
  g_assert_null (arietta_general_midi_get_percussion (82));
  g_assert_null (arietta_general_midi_get_percussion (34));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/track-verbs/program", test_program);
  g_test_add_func ("/track-verbs/control", test_control);
  g_test_add_func ("/track-verbs/add-remove", test_add_remove);
  g_test_add_func ("/track-verbs/playing", test_playing);
  g_test_add_func ("/track-verbs/names", test_names);
  return g_test_run ();
}
