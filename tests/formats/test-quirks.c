/* The collections under ARIETTA_SHARED_DIR: the odd files one by one against quirks.txt, and
 * everything once there and back. Both are skipped without it; the oddities themselves are in
 * test-midi.c. */
#include <stdlib.h>
#include <string.h>

#include "formats/arietta-midi.h"

static const char *
shared_dir (void)
{
  const char *dir = g_getenv ("ARIETTA_SHARED_DIR");

  if (dir != NULL && g_file_test (dir, G_FILE_TEST_IS_DIR))
    return dir;
  g_test_skip ("ARIETTA_SHARED_DIR is not set or not there");
  return NULL;
}

static void
assert_round_trip (AriettaPiece *piece, const char *path)
{
  for (int format = arietta_piece_get_n_tracks (piece) == 1 ? 0 : 1; format <= 1; format++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = arietta_midi_write_bytes (piece, format, &error);
      g_autoptr(AriettaPiece) again = NULL;

      g_assert_no_error (error);
      again = arietta_midi_read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), path,
                                       ARIETTA_MIDI_READ_DEFAULT, NULL, &error);
      g_assert_no_error (error);
      if (!arietta_piece_equal (piece, again) ||
          g_strcmp0 (arietta_piece_get_title (piece), arietta_piece_get_title (again)) != 0)
        {
          g_test_message ("%s is another piece after format %d", path, format);
          g_test_fail ();
        }
    }
}

/* Fields between bars, without the spaces around them. */
static char **
split_row (const char *line)
{
  char **fields = g_strsplit (line, "|", 6);

  for (guint i = 0; fields[i] != NULL; i++)
    g_strstrip (fields[i]);
  return fields;
}

static void
test_row (const char *folder, char **row)
{
  g_autofree char *path = g_build_filename (folder, row[0], NULL);
  g_autoptr(GError) error = NULL;
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = arietta_midi_read_file (path, ARIETTA_MIDI_READ_DEFAULT, &report,
                                                          &error);

  g_test_message ("%s", row[0]);
  if (strcmp (row[1], "refused") == 0)
    {
      g_assert_null (piece);
      g_assert_cmpstr (g_quark_to_string (error->domain), ==,
                       g_quark_to_string (ARIETTA_FORMATS_ERROR));
      g_assert_nonnull (strstr (error->message, row[0]));
      return;
    }

  g_assert_cmpstr (row[1], ==, "reads");
  g_assert_no_error (error);
  g_assert_cmpint (arietta_piece_get_n_tracks (piece), ==, atoi (row[2]));
  g_assert_cmpint (arietta_piece_get_n_notes (piece), ==, atoi (row[3]));
  g_assert_cmpint (report.warnings->len, ==, atoi (row[4]));
}

static void
test_quirks (void)
{
  const char *shared = shared_dir ();
  g_autofree char *table = g_test_build_filename (G_TEST_DIST, "formats", "quirks.txt", NULL);
  g_autofree char *text = NULL;
  g_autofree char *folder = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GHashTable) listed = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (shared == NULL)
    return;

  folder = g_build_filename (shared, "data", "midi-quirks", NULL);
  listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) row = NULL;

      if (lines[i][0] == '#' || lines[i][0] == '\0')
        continue;
      row = split_row (lines[i]);
      g_assert_cmpuint (g_strv_length (row), ==, 6);
      test_row (folder, row);
      g_hash_table_add (listed, g_strdup (row[0]));
    }

  /* No file without a decision. */
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".mid") || g_str_has_suffix (name, ".rmi"))
      g_assert_true (g_hash_table_contains (listed, name));
}

static guint
round_trip_below (const char *folder, gboolean refusals_allowed)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr(AriettaPiece) piece = NULL;
      g_autoptr(GError) error = NULL;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          n += round_trip_below (path, strcmp (name, "midi-quirks") == 0);
          continue;
        }
      if (!g_str_has_suffix (name, ".mid") && !g_str_has_suffix (name, ".rmi"))
        continue;

      piece = arietta_midi_read_file (path, ARIETTA_MIDI_READ_DEFAULT, NULL, &error);
      if (!refusals_allowed)
        g_assert_no_error (error);
      if (piece != NULL)
        assert_round_trip (piece, path);
      n++;
    }
  return n;
}

static void
test_everything_there_and_back (void)
{
  const char *shared = shared_dir ();
  g_autofree char *folder = NULL;

  if (shared == NULL)
    return;
  folder = g_build_filename (shared, "data", NULL);
  g_assert_cmpuint (round_trip_below (folder, FALSE), >, 5000);
}

/* Lyrics in Chinese, which no byte of the file announces. */
static void
test_lyrics (void)
{
  const char *shared = shared_dir ();
  g_autofree char *path = NULL;
  g_auto(AriettaMidiReport) report = { 0 };
  g_autoptr(AriettaPiece) piece = NULL;
  gboolean found = FALSE;

  if (shared == NULL)
    return;
  path = g_build_filename (shared, "data", "midi-quirks", "music21-test19.mid", NULL);
  piece = arietta_midi_read_file (path, ARIETTA_MIDI_READ_DEFAULT, &report, NULL);
  g_assert_nonnull (piece);
  g_assert_cmpint (report.encoding, ==, ARIETTA_ENCODING_GB18030);
  for (guint i = 0; i < arietta_piece_get_n_tracks (piece); i++)
    {
      guint n;
      const AriettaEvent *events = arietta_track_get_events (arietta_piece_get_track (piece, i), &n);

      for (guint k = 0; k < n; k++)
        if (events[k].status == 0xFF && events[k].data1 == 5)
          {
            g_autofree char *text = arietta_text_decode (events[k].bytes, events[k].n_bytes,
                                                         report.encoding);

            g_assert_null (strstr (text, "\xEF\xBF\xBD"));
            found = TRUE;
          }
    }
  g_assert_true (found);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/quirks/table", test_quirks);
  g_test_add_func ("/formats/quirks/lyrics", test_lyrics);
  g_test_add_func ("/formats/quirks/everything-there-and-back", test_everything_there_and_back);
  return g_test_run ();
}
