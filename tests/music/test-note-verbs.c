#include "music/arietta-note-verbs.h"

#include <stdio.h>

/* A bar of 4/4 in words: "60@0+480" is middle C from tick 0 for 480 ticks. */
static AriettaPiece *
parse (const char *words)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Melody");
  g_auto(GStrv) notes = g_strsplit (words, " ", -1);

  for (guint i = 0; notes[i] != NULL && *notes[i] != '\0'; i++)
    {
      int pitch, onset, duration;
      AriettaNote note = { .velocity = 80, .off_velocity = 64 };

      g_assert_cmpint (sscanf (notes[i], "%d@%d+%d", &pitch, &onset, &duration), ==, 3);
      note.pitch = (guint8) pitch;
      note.onset_ticks = onset;
      note.duration_ticks = duration;
      arietta_track_add_note (track, &note);
    }
  return arietta_piece_freeze (piece);
}

static char *
tell (AriettaPiece *piece)
{
  GString *words = g_string_new (NULL);
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, "%s%d@%d+%d", i > 0 ? " " : "", notes[i].pitch, (int) notes[i].onset_ticks,
                            (int) notes[i].duration_ticks);
  return g_string_free (words, FALSE);
}

static void
assert_notes (AriettaPiece *piece,
              const char   *expected)
{
  g_autofree char *words = tell (piece);

  g_assert_cmpstr (words, ==, expected);
}

/* The pitches of the selected notes, in order. */
static void
assert_selected (AriettaPiece     *piece,
                 AriettaSelection *selection,
                 const char       *expected)
{
  g_autoptr(GString) words = g_string_new (NULL);
  guint n_refs, n;
  const AriettaNoteRef *refs = arietta_selection_get_refs (selection, &n_refs);
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);

  for (guint i = 0; i < n_refs; i++)
    g_string_append_printf (words, "%s%d", i > 0 ? " " : "", notes[refs[i].nth].pitch);
  g_assert_cmpstr (words->str, ==, expected);
}

static AriettaSelection *
pitches (AriettaPiece *piece,
         int           lowest,
         int           highest)
{
  return arietta_selection_new_in_box (piece, -1, G_MININT64, G_MAXINT64, lowest, highest);
}

static void
test_move (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+480 64@960+480");
  g_autoptr(AriettaSelection) one = pitches (piece, 60, 60);
  g_autoptr(AriettaSelection) moved = NULL, all = arietta_selection_new_all (piece);
  g_autoptr(AriettaPiece) after = arietta_notes_move (piece, one, 720, 12, &moved);
  g_autoptr(AriettaPiece) low = arietta_notes_move (piece, all, -999, -61, NULL);
  g_autoptr(AriettaPiece) still = arietta_notes_move (piece, all, -5, 0, NULL);

  assert_notes (after, "62@480+480 72@720+480 64@960+480");
  assert_selected (after, moved, "72");
  assert_notes (piece, "60@0+480 62@480+480 64@960+480");
  /* Shapes are kept at the edges. */
  assert_notes (low, "0@0+480 2@480+480 4@960+480");
  g_assert_true (still == piece);
}

static void
test_resize (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+20 64@960+100");
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
  g_autoptr(AriettaPiece) longer = arietta_notes_resize (piece, all, 60, 30, NULL);
  g_autoptr(AriettaPiece) shorter = arietta_notes_resize (piece, all, -90, 30, NULL);

  assert_notes (longer, "60@0+540 62@480+80 64@960+160");
  assert_notes (shorter, "60@0+390 62@480+20 64@960+30");
}

static void
test_resize_starts (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+20 64@960+100");
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece), some = pitches (piece, 62, 64), selected = NULL;
  g_autoptr(AriettaPiece) earlier = arietta_notes_resize_starts (piece, all, -60, 30, NULL);
  g_autoptr(AriettaPiece) later = arietta_notes_resize_starts (piece, all, 90, 30, NULL);
  g_autoptr(AriettaPiece) across = arietta_notes_resize_starts (piece, some, -970, 30, &selected);

  /* Ends stay; the first cannot begin before the piece does. */
  assert_notes (earlier, "60@0+480 62@420+80 64@900+160");
  assert_notes (later, "60@90+390 62@480+20 64@1030+30");
  assert_notes (across, "60@0+480 62@0+500 64@0+1060");
  assert_selected (across, selected, "62 64");
}

/* A step of C major is a whole tone or a half, and what stands outside of it comes home. */
static void
test_scale_step (void)
{
  const guint c_major = 0xAB5;
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 64@0+480 66@480+480 71@960+480");
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece), selected = NULL;
  g_autoptr(AriettaPiece) up = arietta_notes_step_in_scale (piece, all, c_major, 1, &selected);
  g_autoptr(AriettaPiece) down = arietta_notes_step_in_scale (piece, all, c_major, -1, NULL);
  g_autoptr(AriettaPiece) high = parse ("60@0+480 127@480+480");
  g_autoptr(AriettaSelection) both = arietta_selection_new_all (high), still = NULL;
  g_autoptr(AriettaPiece) blocked = arietta_notes_step_in_scale (high, both, c_major, 1, &still);

  assert_notes (up, "62@0+480 65@0+480 67@480+480 72@960+480");
  assert_selected (up, selected, "62 65 67 72");
  assert_notes (down, "59@0+480 62@0+480 65@480+480 69@960+480");
  g_assert_true (blocked == high);
  g_assert_true (still == both);
}

static void
test_split_join (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 64@0+960");
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
  g_autoptr(AriettaSelection) halves = NULL;
  g_autoptr(AriettaPiece) split = arietta_notes_split (piece, all, 480, &halves);
  g_autoptr(AriettaPiece) joined = NULL;

  assert_notes (split, "60@0+480 64@0+480 64@480+480");
  assert_selected (split, halves, "60 64 64");
  joined = arietta_notes_join (split, halves, NULL);
  assert_notes (joined, "60@0+480 64@0+960");
}

static void
test_duplicate_remove (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+480");
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
  g_autoptr(AriettaSelection) copies = NULL;
  g_autoptr(AriettaPiece) twice = arietta_notes_duplicate (piece, all, 480, &copies);
  g_autoptr(AriettaPiece) rest = NULL;

  assert_notes (twice, "60@0+480 60@480+480 62@480+480 62@960+480");
  assert_selected (twice, copies, "60 62");
  rest = arietta_notes_remove (twice, copies);
  assert_notes (rest, "60@0+480 62@480+480");
}

static void
test_quantise (void)
{
  static const struct
  {
    const char      *what;
    const char      *from;
    AriettaQuantise  settings;
    const char      *to;
  } cases[] = {
    { "eighths", "60@10+200 62@250+200 64@470+480", { 240, 1, 0, FALSE }, "60@0+200 62@240+200 64@480+480" },
    { "half way", "60@40+200 62@260+200", { 240, 0.5, 0, FALSE }, "60@20+200 62@250+200" },
    { "triplets", "60@0+100 62@150+100 64@330+100", { 160, 1, 0, FALSE }, "60@0+100 62@160+100 64@320+100" },
    { "swing", "60@5+100 62@250+100 64@490+100", { 240, 1, 2 / 3., FALSE }, "60@0+100 62@320+100 64@480+100" },
    { "ends", "60@10+220", { 240, 1, 0, TRUE }, "60@0+240" },
    { "short ends", "60@10+30", { 240, 1, 0, TRUE }, "60@0+30" },
    { "from the bar on", "60@1925+100", { 480, 1, 0, FALSE }, "60@1920+100" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(AriettaPiece) piece = parse (cases[i].from);
      g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
      g_autoptr(AriettaPiece) after = arietta_notes_quantise (piece, all, &cases[i].settings, NULL);

      g_test_message ("%s", cases[i].what);
      assert_notes (after, cases[i].to);
    }
}

static void
test_humanise (void)
{
  g_autoptr(GString) words = g_string_new ("60@480+480");
  g_autoptr(AriettaPiece) piece = NULL, once = NULL, again = NULL;
  g_autoptr(AriettaSelection) all = NULL;
  const AriettaNote *notes;
  AriettaRandom random;
  guint n, moved = 0;

  for (int i = 2; i < 200; i++)
    g_string_append_printf (words, " 60@%d+480", i * 480);
  piece = parse (words->str);
  all = arietta_selection_new_all (piece);

  arietta_random_init (&random, 3, "humanise");
  once = arietta_notes_humanise (piece, all, 30, 10, &random, NULL);
  arietta_random_init (&random, 3, "humanise");
  again = arietta_notes_humanise (piece, all, 30, 10, &random, NULL);
  g_assert_true (arietta_piece_equal (once, again));

  notes = arietta_track_get_notes (arietta_piece_get_track (once, 0), &n);
  for (guint i = 0; i < n; i++)
    {
      gint64 away = notes[i].onset_ticks - (i + 1) * 480;

      g_assert_cmpint (ABS (away), <=, 30);
      g_assert_cmpint (ABS (notes[i].velocity - 80), <=, 10);
      moved += away != 0;
    }
  g_assert_cmpuint (moved, >, n / 2);
}

static void
test_add (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+480");
  const AriettaNote note = { 480, 240, 67, 90, 64, 5, 5, 0 };
  g_autoptr(AriettaSelection) selected = NULL;
  g_autoptr(AriettaPiece) after = arietta_notes_add (piece, 0, &note, &selected);
  const AriettaNote *notes;
  guint n;

  assert_notes (after, "60@0+480 62@480+480 67@480+240");
  assert_selected (after, selected, "67");
  notes = arietta_track_get_notes (arietta_piece_get_track (after, 0), &n);
  g_assert_cmpint (notes[2].channel, ==, 0);
  g_assert_cmpint (notes[2].flags, ==, ARIETTA_NOTE_EDITED);
  g_assert_cmpint (notes[1].flags, ==, 0);
}

static void
test_selection (void)
{
  g_autoptr(AriettaPiece) piece = parse ("60@0+480 62@480+480 64@960+480");
  g_autoptr(AriettaSelection) box = arietta_selection_new_in_box (piece, -1, 470, 960, 0, 127);
  g_autoptr(AriettaSelection) low = pitches (piece, 60, 60), both = NULL, other = NULL;

  assert_selected (piece, box, "60 62");
  both = arietta_selection_new_joined (box, low, FALSE);
  assert_selected (piece, both, "60 62");
  other = arietta_selection_new_joined (box, low, TRUE);
  assert_selected (piece, other, "62");
  g_assert_true (arietta_selection_contains (other, 0, 1));
  g_assert_false (arietta_selection_contains (other, 0, 0));
}

/* Drums and a flute of which only their notes tell what they are. */
static void
test_empty (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  g_autoptr(AriettaSelection) all = NULL;
  g_autoptr(AriettaPiece) after = NULL;
  guint n;

  arietta_track_add_note (arietta_piece_add_track (piece, ""), &(AriettaNote) { 0, 60, 36, 90, 64, 9, 0, 0 });
  arietta_track_add_note (arietta_piece_add_track (piece, ""), &(AriettaNote) { 0, 60, 72, 90, 64, 3, 73, 0 });
  arietta_piece_freeze (piece);
  all = arietta_selection_new_all (piece);
  after = arietta_notes_remove (piece, all);
  for (guint t = 0; t < 2; t++)
    {
      arietta_track_get_notes (arietta_piece_get_track (after, t), &n);
      g_assert_cmpuint (n, ==, 0);
    }
  g_assert_true (arietta_track_is_percussion (arietta_piece_get_track (after, 0)));
  g_assert_cmpint (arietta_track_get_channel (arietta_piece_get_track (after, 1)), ==, 3);
  g_assert_cmpint (arietta_track_get_program (arietta_piece_get_track (after, 1)), ==, 73);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/note-verbs/move", test_move);
  g_test_add_func ("/note-verbs/resize", test_resize);
  g_test_add_func ("/note-verbs/resize-starts", test_resize_starts);
  g_test_add_func ("/note-verbs/scale-step", test_scale_step);
  g_test_add_func ("/note-verbs/split-join", test_split_join);
  g_test_add_func ("/note-verbs/duplicate-remove", test_duplicate_remove);
  g_test_add_func ("/note-verbs/empty", test_empty);
  g_test_add_func ("/note-verbs/quantise", test_quantise);
  g_test_add_func ("/note-verbs/humanise", test_humanise);
  g_test_add_func ("/note-verbs/add", test_add);
  g_test_add_func ("/note-verbs/selection", test_selection);
  return g_test_run ();
}
