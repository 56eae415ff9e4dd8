#include "base/arietta-random.h"
#include "music/arietta-edit.h"
#include "music/arietta-note-verbs.h"

/* Two tracks, a melody of quarters from C4 up and a bass. */
static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody");
  AriettaTrack *bass = arietta_piece_add_track (piece, "Bass");

  for (int i = 0; i < 8; i++)
    {
      AriettaNote note = { i * 480, 480, (guint8) (60 + i), 80, 64, 0, 0, 0 };

      arietta_track_add_note (melody, &note);
      note.pitch = (guint8) (note.pitch - 24);
      note.channel = 1;
      note.program = 32;
      if (i % 2 == 0)
        arietta_track_add_note (bass, &note);
    }
  arietta_piece_set_meter (piece, 0, 3, 4);
  return arietta_piece_freeze (piece);
}

static guint
count_changed (AriettaEdit *edit)
{
  guint n, changed = 0;
  const AriettaEditStretch *stretches = arietta_edit_get_stretches (edit, &n);

  for (guint i = 0; i < n; i++)
    changed += MAX (stretches[i].n_before, stretches[i].n_after);
  return changed;
}

static void
assert_there_and_back (AriettaEdit  *edit,
                       AriettaPiece *before,
                       AriettaPiece *after)
{
  g_autoptr(AriettaPiece) there = arietta_edit_apply (edit, before, FALSE);
  g_autoptr(AriettaPiece) back = arietta_edit_apply (edit, after, TRUE);

  g_assert_nonnull (there);
  g_assert_nonnull (back);
  g_assert_true (arietta_piece_equal (there, after));
  g_assert_true (arietta_piece_equal (back, before));
  g_assert_null (arietta_edit_new_between (there, after));
  g_assert_null (arietta_edit_new_between (back, before));
}

static void
test_one_note (void)
{
  g_autoptr(AriettaPiece) before = make_piece ();
  g_autoptr(AriettaSelection) third = arietta_selection_new (&(AriettaNoteRef) { 0, 2 }, 1);
  g_autoptr(AriettaPiece) after = arietta_notes_move (before, third, 240, 5, NULL);
  g_autoptr(AriettaEdit) edit = arietta_edit_new_between (before, after);
  gint64 start, end;
  int lowest, highest;

  g_assert_cmpuint (count_changed (edit), ==, 1);
  g_assert_null (arietta_edit_get_frame (edit, TRUE));
  g_assert_true (arietta_edit_get_extent (edit, &start, &end, &lowest, &highest));
  g_assert_cmpint (start, ==, 960);
  g_assert_cmpint (end, ==, 1680);
  g_assert_cmpint (lowest, ==, 62);
  g_assert_cmpint (highest, ==, 67);
  assert_there_and_back (edit, before, after);
}

/* Metre, a tempo and a further track with notes, all at once. */
static void
test_frame (void)
{
  g_autoptr(AriettaPiece) before = make_piece ();
  g_autoptr(AriettaPiece) after = arietta_piece_copy (before);
  g_autoptr(AriettaEdit) edit = NULL;
  const AriettaNote note = { 100, 50, 72, 90, 64, 2, 73, 0 };

  arietta_piece_set_meter (after, 0, 4, 4);
  arietta_piece_set_tempo (after, 480, 400000);
  arietta_track_add_note (arietta_piece_add_track (after, "Flute"), &note);
  arietta_piece_freeze (after);

  edit = arietta_edit_new_between (before, after);
  g_assert_nonnull (arietta_edit_get_frame (edit, FALSE));
  assert_there_and_back (edit, before, after);
}

static void
test_track_removed (void)
{
  g_autoptr(AriettaPiece) before = make_piece ();
  g_autoptr(AriettaPiece) after = arietta_piece_copy (before);
  g_autoptr(AriettaEdit) edit = NULL;

  arietta_piece_remove_track (after, 0);
  arietta_piece_freeze (after);
  edit = arietta_edit_new_between (before, after);
  assert_there_and_back (edit, before, after);
}

/* An edit does not force itself on a piece it was not made from. */
static void
test_foreign_piece (void)
{
  g_autoptr(AriettaPiece) before = make_piece ();
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (before);
  g_autoptr(AriettaPiece) after = arietta_notes_move (before, all, 0, 1, NULL);
  g_autoptr(AriettaEdit) edit = arietta_edit_new_between (before, after);

  g_assert_null (arietta_edit_apply (edit, after, FALSE));
  g_assert_null (arietta_edit_apply (edit, before, TRUE));
}

static void
test_nothing (void)
{
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(AriettaPiece) same = make_piece ();

  g_assert_null (arietta_edit_new_between (piece, piece));
  g_assert_null (arietta_edit_new_between (piece, same));
}

/* A long chain of verbs drawn by chance, undone to the beginning and done again. */
static void
test_many (void)
{
  AriettaRandom random;
  g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
  g_autoptr(GPtrArray) edits = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_edit_unref);
  g_autoptr(AriettaPiece) piece = make_piece ();

  arietta_random_init (&random, 7, "edits");
  g_ptr_array_add (states, arietta_piece_ref (piece));
  while (edits->len < 60)
    {
      AriettaPiece *last = g_ptr_array_index (states, states->len - 1);
      gint64 from = (gint64) arietta_random_below (&random, 3840);
      g_autoptr(AriettaSelection) some = arietta_selection_new_in_box (last, -1, from, from + 960, 0, 127);
      g_autoptr(AriettaPiece) next = NULL;
      AriettaEdit *edit;

      switch (arietta_random_below (&random, 6))
        {
        case 0: next = arietta_notes_move (last, some, 60, 1, NULL); break;
        case 1: next = arietta_notes_resize (last, some, -100, 30, NULL); break;
        case 2: next = arietta_notes_duplicate (last, some, 480, NULL); break;
        case 3: next = arietta_notes_split (last, some, from + 100, NULL); break;
        case 4: next = arietta_notes_join (last, some, NULL); break;
        default: next = arietta_notes_humanise (last, some, 30, 10, &random, NULL); break;
        }
      edit = arietta_edit_new_between (last, next);
      if (edit == NULL)
        continue;
      g_ptr_array_add (states, g_steal_pointer (&next));
      g_ptr_array_add (edits, edit);
    }

  for (guint i = 0; i < edits->len; i++)
    assert_there_and_back (edits->pdata[i], states->pdata[i], states->pdata[i + 1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit/one-note", test_one_note);
  g_test_add_func ("/edit/frame", test_frame);
  g_test_add_func ("/edit/track-removed", test_track_removed);
  g_test_add_func ("/edit/foreign-piece", test_foreign_piece);
  g_test_add_func ("/edit/nothing", test_nothing);
  g_test_add_func ("/edit/many", test_many);
  return g_test_run ();
}
