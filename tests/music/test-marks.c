#include "music/arietta-edit.h"
#include "music/arietta-map-verbs.h"
#include "music/arietta-marks.h"
#include "music/arietta-note-verbs.h"

static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Melody");

  for (int i = 0; i < 8; i++)
    arietta_track_add_note (track, &(AriettaNote) { 480 * i, 480, (guint8) (60 + i), 80, 64, 0, 0, 0 });
  arietta_track_add_event (track, 0, 0xFF, 0x06, 0, (const guint8 *) "Verse", 5);
  arietta_track_add_event (track, 960, 0xFF, 0x06, 0, (const guint8 *) "Caf\xe9", 4);
  return arietta_piece_freeze (piece);
}

/* Each change is an edit that goes and comes back. */
static void
assert_undoable (AriettaPiece *before,
                 AriettaPiece *after)
{
  g_autoptr(AriettaEdit) edit = arietta_edit_new_between (before, after);
  g_autoptr(AriettaPiece) forth = NULL;
  g_autoptr(AriettaPiece) back = NULL;

  g_assert_nonnull (edit);
  forth = arietta_edit_apply (edit, before, FALSE);
  back = arietta_edit_apply (edit, forth, TRUE);
  g_assert_true (arietta_piece_equal (forth, after));
  g_assert_true (arietta_piece_equal (back, before));
}

/* Where undo should scroll to. */
static void
assert_extent (AriettaPiece *before,
               AriettaPiece *after,
               gint64        start,
               gint64        end)
{
  g_autoptr(AriettaEdit) edit = arietta_edit_new_between (before, after);
  gint64 found_start, found_end;

  g_assert_true (arietta_edit_get_frame_extent (edit, &found_start, &found_end));
  g_assert_cmpint (found_start, ==, start);
  g_assert_cmpint (found_end, ==, end);
}

static char *
list_markers (AriettaPiece *piece)
{
  g_autoptr(GPtrArray) markers = arietta_marks_get_markers (piece);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < markers->len; i++)
    {
      const AriettaMarker *marker = markers->pdata[i];

      g_string_append_printf (text, "%d:%s ", (int) marker->tick, marker->name);
    }
  return g_string_free (text, FALSE);
}

static void
test_markers (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) added = arietta_marks_set_marker (piece, 480, "Bridge");
  g_autoptr(AriettaPiece) renamed = arietta_marks_set_marker (added, 0, "Intro");
  g_autoptr(AriettaPiece) moved = arietta_marks_move_marker (renamed, 480, 960);
  g_autoptr(AriettaPiece) removed = arietta_marks_set_marker (moved, 0, NULL);
  g_autoptr(AriettaPiece) nothing = arietta_marks_set_marker (removed, 77, NULL);
  g_autoptr(AriettaPiece) same = arietta_marks_move_marker (removed, 77, 78);
  g_autofree char *one = list_markers (piece), *two = list_markers (added), *three = list_markers (renamed);
  g_autofree char *four = list_markers (moved), *five = list_markers (removed);

  g_assert_cmpstr (one, ==, "0:Verse 960:Café ");
  g_assert_cmpstr (two, ==, "0:Verse 480:Bridge 960:Café ");
  g_assert_cmpstr (three, ==, "0:Intro 480:Bridge 960:Café ");
  g_assert_cmpstr (four, ==, "0:Intro 960:Bridge ");
  g_assert_cmpstr (five, ==, "960:Bridge ");
  g_assert_true (nothing == removed);
  g_assert_true (same == removed);
  assert_undoable (piece, added);
  assert_undoable (added, renamed);
  assert_undoable (renamed, moved);
  assert_extent (piece, added, 480, 480);
  assert_extent (renamed, moved, 480, 960);
  assert_undoable (moved, removed);
}

static void
test_chords (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) one = NULL;
  g_autoptr(AriettaPiece) two = NULL;
  g_autoptr(AriettaPiece) moved = NULL;
  g_autoptr(AriettaPiece) none = NULL;
  g_autoptr(GArray) chords = NULL;
  g_autoptr(GArray) empty = g_array_new (FALSE, FALSE, sizeof (AriettaChordMark));
  AriettaChord c, g7;

  g_assert_true (arietta_chord_parse ("C", &c));
  g_assert_true (arietta_chord_parse ("G7/B", &g7));
  one = arietta_marks_set_chord (piece, 0, &c);
  two = arietta_marks_set_chord (one, 960, &g7);
  moved = arietta_marks_move_chord (two, 960, 1920);
  chords = arietta_marks_get_chords (moved);
  g_assert_cmpuint (chords->len, ==, 2);
  g_assert_cmpint (g_array_index (chords, AriettaChordMark, 1).tick, ==, 1920);
  g_assert_true (arietta_chord_equal (&g_array_index (chords, AriettaChordMark, 1).chord, &g7));
  assert_undoable (two, moved);
  none = arietta_marks_set_chords (moved, empty);
  g_assert_true (arietta_piece_equal (none, piece));
}

static void
test_scale_and_colour (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) scaled = arietta_marks_set_scale (piece, 9, 1);
  g_autoptr(AriettaPiece) coloured = arietta_marks_set_hue (scaled, 0, 5);
  g_autoptr(AriettaPiece) plain = arietta_marks_set_hue (coloured, 0, -1);
  AriettaKey key;
  int tonic, mode;

  g_assert_false (arietta_marks_get_scale (piece, &tonic, &mode));
  g_assert_true (arietta_marks_get_scale (coloured, &tonic, &mode));
  g_assert_cmpint (tonic, ==, 9);
  g_assert_cmpint (mode, ==, 1);
  g_assert_true (arietta_piece_get_key_at (coloured, 0, &key));
  g_assert_cmpint (key.sharps, ==, 0);
  g_assert_true (key.minor);
  g_assert_cmpint (arietta_marks_get_hue (arietta_piece_get_track (coloured, 0)), ==, 5);
  g_assert_cmpint (arietta_marks_get_hue (arietta_piece_get_track (piece, 0)), ==, -1);
  g_assert_true (arietta_piece_equal (plain, scaled));
  assert_undoable (piece, coloured);
}

static void
test_maps (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) faster = arietta_maps_set_tempo (piece, 0, 0, 150);
  g_autoptr(AriettaPiece) later = arietta_maps_set_tempo (faster, 960, 960, 90);
  g_autoptr(AriettaPiece) moved = arietta_maps_set_tempo (later, 960, 1440, 60);
  g_autoptr(AriettaPiece) gone = arietta_maps_remove_tempo (moved, 1440);
  g_autoptr(AriettaPiece) seven = arietta_maps_set_meter (piece, 1920, 7, 8);
  g_autoptr(AriettaPiece) carried = arietta_maps_move_meter (seven, 1920, 3840);
  g_autoptr(AriettaPiece) four = arietta_maps_remove_meter (carried, 3840);

  g_assert_cmpuint (arietta_piece_get_tempo_at (later, 0), ==, 400000);
  g_assert_cmpuint (arietta_piece_get_tempo_at (moved, 960), ==, 400000);
  g_assert_cmpuint (arietta_piece_get_tempo_at (moved, 1440), ==, 1000000);
  g_assert_true (arietta_piece_equal (gone, faster));
  assert_undoable (later, moved);
  assert_extent (later, moved, 960, 1440);
  assert_extent (piece, seven, 1920, 1920);
  assert_extent (seven, carried, 1920, 3840);

  g_assert_cmpint (arietta_piece_get_meter_at (seven, 1920).numerator, ==, 7);
  g_assert_cmpint (arietta_piece_get_meter_at (seven, 1919).numerator, ==, 4);
  g_assert_cmpint (arietta_piece_get_meter_at (carried, 1920).numerator, ==, 4);
  g_assert_cmpint (arietta_piece_get_meter_at (carried, 3840).numerator, ==, 7);
  g_assert_cmpuint (arietta_piece_get_n_notes (four), ==, 8);
  assert_undoable (piece, seven);
  assert_undoable (seven, carried);
}

static void
test_meter_text (void)
{
  int upper, lower;

  g_assert_true (arietta_maps_parse_meter (" 7/8", &upper, &lower));
  g_assert_cmpint (upper, ==, 7);
  g_assert_cmpint (lower, ==, 8);
  g_assert_true (arietta_maps_parse_meter ("12 / 16 ", &upper, &lower));
  g_assert_false (arietta_maps_parse_meter ("7/7", &upper, &lower));
  g_assert_false (arietta_maps_parse_meter ("0/4", &upper, &lower));
  g_assert_false (arietta_maps_parse_meter ("4/4x", &upper, &lower));
  g_assert_false (arietta_maps_parse_meter ("4", &upper, &lower));
  g_assert_false (arietta_maps_parse_meter ("", &upper, &lower));
}

static void
test_note_values (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  const AriettaNoteRef refs[] = { { 0, 1 }, { 0, 3 } };
  g_autoptr(AriettaSelection) notes = arietta_selection_new (refs, 2);
  g_autoptr(AriettaSelection) selected = NULL;
  const guint8 velocities[] = { 33, 200 };
  g_autoptr(AriettaPiece) louder = arietta_notes_set_velocities (piece, notes, velocities, &selected);
  g_autoptr(AriettaPiece) snapped = arietta_notes_to_scale (louder, selected, 0xAB5, NULL);
  guint n;
  const AriettaNote *after = arietta_track_get_notes (arietta_piece_get_track (snapped, 0), &n);

  g_assert_cmpint (after[0].velocity, ==, 80);
  g_assert_cmpint (after[1].velocity, ==, 33);
  g_assert_cmpint (after[3].velocity, ==, 127);
  g_assert_cmpint (after[1].pitch, ==, 60);
  g_assert_cmpint (after[3].pitch, ==, 62);
  g_assert_cmpint (after[6].pitch, ==, 66);
  g_assert_cmpuint (arietta_selection_get_n (selected), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/marks/markers", test_markers);
  g_test_add_func ("/music/marks/chords", test_chords);
  g_test_add_func ("/music/marks/scale-and-colour", test_scale_and_colour);
  g_test_add_func ("/music/marks/maps", test_maps);
  g_test_add_func ("/music/marks/meter-text", test_meter_text);
  g_test_add_func ("/music/marks/note-values", test_note_values);
  return g_test_run ();
}
