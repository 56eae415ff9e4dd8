#include "formats/arietta-history-bytes.h"
#include "formats/arietta-formats-error.h"
#include "music/arietta-note-verbs.h"

#include <string.h>

static AriettaPiece *
make_piece (void)
{
  AriettaPiece *piece = arietta_piece_new (96);
  AriettaTrack *horn = arietta_piece_add_track (piece, "Horn");

  arietta_piece_add_track (piece, "空");
  arietta_piece_set_title (piece, "Waltz");
  arietta_piece_set_meter (piece, 0, 3, 4);
  arietta_piece_set_tempo (piece, 0, 400000);
  arietta_piece_set_tempo (piece, 288, 500000);
  arietta_piece_set_key (piece, 0, -3, TRUE);
  arietta_track_add_event (horn, 10, 0xB2, 64, 127, NULL, 0);
  for (int i = 0; i < 12; i++)
    {
      AriettaNote note = { i * 96, i == 5 ? 0 : 90, (guint8) (40 + i), (guint8) (20 + i), 64, 2, 60,
                           i == 3 ? ARIETTA_NOTE_LOCKED : i == 4 ? ARIETTA_NOTE_EDITED : 0 };

      arietta_track_add_note (horn, &note);
    }
  return arietta_piece_freeze (piece);
}

static AriettaEdit *
make_edit (AriettaPiece **before,
           AriettaPiece **after)
{
  g_autoptr(AriettaSelection) some = NULL;
  g_autoptr(AriettaPiece) moved = NULL;

  *before = make_piece ();
  some = arietta_selection_new_in_box (*before, -1, 100, 500, 0, 127);
  moved = arietta_notes_move (*before, some, 30, -2, NULL);
  *after = arietta_piece_copy (moved);
  arietta_piece_set_meter (*after, 576, 4, 4);
  arietta_piece_freeze (*after);
  return arietta_edit_new_between (*before, *after);
}

static void
test_state (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaPiece) piece = make_piece ();
  g_autoptr(GBytes) bytes = arietta_history_write_state (piece, &error);
  g_autoptr(AriettaPiece) again = arietta_history_read_state (bytes, "Waltz", &error);

  g_assert_no_error (error);
  g_assert_true (arietta_piece_equal (piece, again));
  /* Flags too. */
  g_assert_null (arietta_edit_new_between (piece, again));
  g_assert_cmpstr (arietta_piece_get_title (again), ==, "Waltz");
}

static void
test_no_tracks (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(GBytes) bytes = arietta_history_write_state (piece, &error);
  g_autoptr(AriettaPiece) again = arietta_history_read_state (bytes, "Nothing", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (arietta_piece_get_n_tracks (again), ==, 0);
}

static void
test_edit (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaPiece) before = NULL, after = NULL, there = NULL, back = NULL;
  g_autoptr(AriettaEdit) edit = make_edit (&before, &after);
  g_autoptr(GBytes) bytes = arietta_history_write_edit (edit, &error);
  g_autoptr(AriettaEdit) again = arietta_history_read_edit (bytes, "Waltz", &error);

  g_assert_no_error (error);
  there = arietta_edit_apply (again, before, FALSE);
  back = arietta_edit_apply (again, after, TRUE);
  g_assert_true (arietta_piece_equal (there, after));
  g_assert_true (arietta_piece_equal (back, before));
}

/* Cut anywhere, or one byte another: an error with a sentence, or something that can be applied or not. */
static void
test_damage (void)
{
  g_autoptr(AriettaPiece) before = NULL, after = NULL;
  g_autoptr(AriettaEdit) edit = make_edit (&before, &after);
  g_autoptr(GBytes) bytes = arietta_history_write_edit (edit, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) cut = g_bytes_new (data, n);

      g_assert_null (arietta_history_read_edit (cut, "Waltz", &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "Waltz"));
    }

  for (gsize n = 0; n < size; n++)
    for (int bit = 0; bit < 8; bit++)
      {
        g_autofree guint8 *other = g_memdup2 (data, size);
        g_autoptr(GBytes) damaged = NULL;
        g_autoptr(AriettaEdit) read = NULL;
        g_autoptr(AriettaPiece) result = NULL;
        g_autoptr(GError) error = NULL;

        other[n] ^= (guint8) (1 << bit);
        damaged = g_bytes_new (other, size);
        read = arietta_history_read_edit (damaged, "Waltz", &error);
        g_assert_true ((read == NULL) == (error != NULL));
        if (read != NULL)
          result = arietta_edit_apply (read, before, FALSE);
      }
}

static void
test_newer (void)
{
  g_autoptr(GBytes) newer = g_bytes_new ("AHis\2\0\0\0", 8);
  g_autoptr(GBytes) huge = g_bytes_new ("AHis\1\0\0\377\377\377\377\377\377\377\377\377\1", 17);
  g_autoptr(GError) error = NULL;

  g_assert_null (arietta_history_read_edit (newer, "Waltz", &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (arietta_history_read_edit (huge, "Waltz", &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-bytes/state", test_state);
  g_test_add_func ("/history-bytes/no-tracks", test_no_tracks);
  g_test_add_func ("/history-bytes/edit", test_edit);
  g_test_add_func ("/history-bytes/damage", test_damage);
  g_test_add_func ("/history-bytes/newer", test_newer);
  return g_test_run ();
}
