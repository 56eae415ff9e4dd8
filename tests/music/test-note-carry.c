#include "music/arietta-note-carry.h"

#define Q 480

/* A melody of four quarters from the second beat on, over one bass note. */
static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (Q);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody"), *bass = arietta_piece_add_track (piece, "Bass");

  for (int i = 0; i < 4; i++)
    arietta_track_add_note (melody, &(AriettaNote) { .onset_ticks = Q + i * Q + 20, .duration_ticks = Q, .pitch = 60 + i,
                                                     .velocity = 80, .flags = ARIETTA_NOTE_LOCKED });
  arietta_track_add_note (bass, &(AriettaNote) { .onset_ticks = 2 * Q, .duration_ticks = 2 * Q, .pitch = 40,
                                                 .velocity = 90, .channel = 1, .program = 32 });
  return arietta_piece_freeze (piece);
}

static const AriettaNote *
get_note (AriettaPiece *piece,
          guint         track,
          guint         nth,
          guint         n_expected)
{
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, track), &n);

  g_assert_cmpuint (n, ==, n_expected);
  return &notes[nth];
}

static void
test_carry (void)
{
  static const AriettaNoteRef refs[] = { { 0, 1 }, { 0, 2 }, { 1, 0 } };
  g_autoptr(AriettaPiece) piece = make_piece (), carried = NULL;
  g_autoptr(AriettaSelection) notes = arietta_selection_new (refs, G_N_ELEMENTS (refs));

  carried = arietta_notes_carry (piece, notes, Q);
  g_assert_true (arietta_piece_is_frozen (carried));
  g_assert_cmpint (get_note (carried, 0, 0, 2)->onset_ticks, ==, 20);
  g_assert_cmpint (get_note (carried, 0, 1, 2)->pitch, ==, 62);
  g_assert_cmpint (get_note (carried, 1, 0, 1)->onset_ticks, ==, 0);
  get_note (piece, 0, 0, 4);
}

static void
test_nothing (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaSelection) nothing = arietta_selection_new (NULL, 0);

  g_assert_null (arietta_notes_carry (piece, nothing, Q));
}

/* Another resolution, and fewer tracks than the notes come from. */
static void
test_drop (void)
{
  static const AriettaNoteRef refs[] = { { 0, 0 }, { 1, 0 } };
  g_autoptr(AriettaPiece) from = make_piece (), to = arietta_piece_new (Q / 2), carried = NULL, after = NULL;
  g_autoptr(AriettaSelection) notes = arietta_selection_new (refs, G_N_ELEMENTS (refs));
  const AriettaNote *note;

  arietta_track_add_note (arietta_piece_add_track (to, "All"), &(AriettaNote) { .duration_ticks = Q / 2, .pitch = 72,
                                                                                .velocity = 64, .channel = 3, .program = 7 });
  arietta_piece_freeze (to);
  carried = arietta_notes_carry (from, notes, Q);
  after = arietta_notes_drop (to, carried, 4 * Q);
  g_assert_true (arietta_piece_is_frozen (after));

  note = get_note (after, 0, 1, 3);
  g_assert_cmpint (note->onset_ticks, ==, 4 * Q + 10);
  g_assert_cmpint (note->duration_ticks, ==, Q / 2);
  g_assert_cmpint (note->channel, ==, 3);
  g_assert_cmpint (note->program, ==, 7);
  g_assert_cmpuint (note->flags, ==, ARIETTA_NOTE_EDITED);
  g_assert_cmpint (get_note (after, 0, 2, 3)->onset_ticks, ==, 4 * Q + Q / 2);
  get_note (to, 0, 0, 1);
}

static void
test_drop_into_nothing (void)
{
  static const AriettaNoteRef refs[] = { { 0, 0 } };
  g_autoptr(AriettaPiece) from = make_piece (), to = arietta_piece_freeze (arietta_piece_new (Q)), carried = NULL;
  g_autoptr(AriettaPiece) after = NULL;
  g_autoptr(AriettaSelection) notes = arietta_selection_new (refs, G_N_ELEMENTS (refs));

  carried = arietta_notes_carry (from, notes, Q);
  after = arietta_notes_drop (to, carried, 0);
  g_assert_cmpuint (arietta_piece_get_n_tracks (after), ==, 1);
  g_assert_cmpint (get_note (after, 0, 0, 1)->onset_ticks, ==, 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/music/note-carry/carry", test_carry);
  g_test_add_func ("/music/note-carry/nothing", test_nothing);
  g_test_add_func ("/music/note-carry/drop", test_drop);
  g_test_add_func ("/music/note-carry/into-nothing", test_drop_into_nothing);

  return g_test_run ();
}
