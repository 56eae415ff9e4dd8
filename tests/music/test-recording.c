#include "music/arietta-recording.h"

#define Q 480

static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (Q);
  AriettaTrack *track;

  arietta_piece_add_track (piece, "other");
  track = arietta_piece_add_track (piece, "mine");
  arietta_track_add_event (track, 0, 0xC3, 40, 0, NULL, 0);
  for (int i = 0; i < 4; i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = i * Q, .duration_ticks = Q, .pitch = 50,
                                                    .velocity = 80, .off_velocity = 64, .channel = 3, .program = 40 });
  return arietta_piece_freeze (piece);
}

static const AriettaNote *
get_notes (AriettaPiece *piece,
           guint        *n)
{
  return arietta_track_get_notes (arietta_piece_get_track (piece, 1), n);
}

static void
test_overdub (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (), after = NULL;
  g_autoptr(AriettaRecording) recording = arietta_recording_new ();
  g_autoptr(AriettaSelection) selected = NULL;
  const AriettaRecordingSettings settings = { Q, 3 * Q, FALSE, 0 };
  const AriettaNote *notes;
  const AriettaNoteRef *refs;
  guint n;

  /* Before the beginning and over; before it and held into it; within, by a note-on of velocity 0. */
  arietta_recording_add (recording, 100, 0x90, 60, 90);
  arietta_recording_add (recording, 200, 0x80, 60, 10);
  arietta_recording_add (recording, Q - 20, 0x95, 62, 70);
  arietta_recording_add (recording, Q + 200, 0x85, 62, 33);
  arietta_recording_add (recording, 2 * Q + 7, 0x90, 64, 127);
  arietta_recording_add (recording, 2 * Q + 7, 0xB2, 64, 127);
  arietta_recording_add (recording, 2 * Q + 90, 0xB2, 7, 3);    /* the mixer's */
  arietta_recording_add (recording, 2 * Q + 107, 0x90, 64, 0);
  arietta_recording_end_notes (recording, 3 * Q);
  g_assert_cmpuint (arietta_recording_get_n_notes (recording), ==, 3);

  after = arietta_recording_apply (recording, piece, 1, &settings, &selected);
  notes = get_notes (after, &n);
  g_assert_cmpuint (n, ==, 6);
  refs = arietta_selection_get_refs (selected, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (refs[0].track, ==, 1);
  g_assert_cmpint (notes[refs[0].nth].pitch, ==, 62);
  g_assert_cmpint (notes[refs[0].nth].onset_ticks, ==, Q);
  g_assert_cmpint (notes[refs[0].nth].duration_ticks, ==, 200);
  g_assert_cmpint (notes[refs[0].nth].off_velocity, ==, 33);
  g_assert_cmpint (notes[refs[0].nth].channel, ==, 3);
  g_assert_cmpint (notes[refs[0].nth].program, ==, 40);
  g_assert_cmpint (notes[refs[0].nth].flags & ARIETTA_NOTE_EDITED, !=, 0);
  g_assert_cmpint (notes[refs[1].nth].onset_ticks, ==, 2 * Q + 7);

  arietta_track_get_events (arietta_piece_get_track (after, 1), &n);
  g_assert_cmpuint (n, ==, 3);   /* name, program, pedal */
}

static void
test_replace (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (), after = NULL, same = NULL;
  g_autoptr(AriettaRecording) recording = arietta_recording_new (), nothing = arietta_recording_new ();
  const AriettaRecordingSettings settings = { Q, 3 * Q, TRUE, 0 };
  const AriettaNote *notes;
  guint n;

  same = arietta_recording_apply (nothing, piece, 1, &settings, NULL);
  g_assert_true (same == piece);

  arietta_recording_add (recording, Q + 3, 0x90, 60, 90);
  arietta_recording_end_notes (recording, 2 * Q);
  after = arietta_recording_apply (recording, piece, 1, &settings, NULL);
  notes = get_notes (after, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (notes[0].onset_ticks, ==, 0);
  g_assert_cmpint (notes[1].onset_ticks, ==, Q + 3);
  g_assert_cmpint (notes[1].duration_ticks, ==, Q - 3);
  g_assert_cmpint (notes[2].onset_ticks, ==, 3 * Q);
}

static void
test_quantise (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (), after = NULL;
  g_autoptr(AriettaRecording) recording = arietta_recording_new ();
  g_autoptr(AriettaSelection) selected = NULL;
  const AriettaRecordingSettings settings = { 0, 4 * Q, FALSE, Q / 4 };
  const AriettaNote *notes;
  guint n;

  arietta_recording_add (recording, Q - 13, 0x90, 60, 90);
  arietta_recording_add (recording, Q + 100, 0x80, 60, 64);
  after = arietta_recording_apply (recording, piece, 1, &settings, &selected);
  notes = get_notes (after, &n);
  g_assert_cmpuint (arietta_selection_get_n (selected), ==, 1);
  g_assert_cmpint (notes[arietta_selection_get_refs (selected, &n)[0].nth].onset_ticks, ==, Q);
}

/* Nonsense of a broken keyboard: a note twice, an end without a beginning, nothing ever let go of, no track at all. */
static void
test_odd_hands (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (Q)), after = NULL;
  g_autoptr(AriettaRecording) recording = arietta_recording_new ();
  const AriettaRecordingSettings settings = { 0, Q, TRUE, 0 };

  arietta_recording_add (recording, 10, 0x80, 60, 64);
  arietta_recording_add (recording, 20, 0x90, 60, 64);
  arietta_recording_add (recording, 20, 0x90, 60, 65);
  arietta_recording_add (recording, 5, 0x80, 60, 65);     /* time ran back */
  arietta_recording_add (recording, 30, 0x90, 200, 255);
  arietta_recording_add (recording, 30, 0xF0, 1, 1);
  arietta_recording_add (recording, 40, 0x90, 61, 1);     /* held for ever: left out */
  g_assert_cmpuint (arietta_recording_get_n_notes (recording), ==, 2);
  after = arietta_recording_apply (recording, piece, 7, &settings, NULL);
  g_assert_cmpuint (arietta_piece_get_n_tracks (after), ==, 1);
  g_assert_cmpuint (arietta_piece_get_n_notes (after), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/recording/overdub", test_overdub);
  g_test_add_func ("/music/recording/replace", test_replace);
  g_test_add_func ("/music/recording/quantise", test_quantise);
  g_test_add_func ("/music/recording/odd-hands", test_odd_hands);
  return g_test_run ();
}
