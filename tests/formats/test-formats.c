#include "../test-folder.h"

#include "formats/arietta-formats.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arietta-error.h"

static char *folder;

static char *
write_test_file (const char *name, const char *bytes, gsize n)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, n, NULL));
  return path;
}

#define MIDI "MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x0C\0\x90\x3C\x40\x60\x80\x3C\0\0\xFF\x2F\0"
#define N_MIDI (sizeof MIDI - 1)

static void
test_guess_medium (void)
{
  static const struct { const char *path; AriettaMedium medium; } rows[] = {
    { "a.mid", ARIETTA_MEDIUM_NOTES },      { "/x/A.MIDI", ARIETTA_MEDIUM_NOTES },
    { "song.kar", ARIETTA_MEDIUM_NOTES },   { "song.rmi", ARIETTA_MEDIUM_NOTES },
    { "a.WAV", ARIETTA_MEDIUM_SOUND },      { "a.flac", ARIETTA_MEDIUM_SOUND },
    { "a.ogg", ARIETTA_MEDIUM_SOUND },      { "a.opus", ARIETTA_MEDIUM_SOUND },
    { "a.mp3", ARIETTA_MEDIUM_SOUND },      { "a.m4a", ARIETTA_MEDIUM_SOUND },
    { "a.aiff", ARIETTA_MEDIUM_SOUND },     { "a.txt", ARIETTA_MEDIUM_NONE },
    { "mid", ARIETTA_MEDIUM_NONE },         { "a.", ARIETTA_MEDIUM_NONE },
    { "folder.mid/notes", ARIETTA_MEDIUM_NONE }, { "a.mi", ARIETTA_MEDIUM_NONE },
    { "a.id", ARIETTA_MEDIUM_NONE },        { "a.mid midi", ARIETTA_MEDIUM_NONE },
    { "a.musicxml", ARIETTA_MEDIUM_NOTES }, { "a.XML", ARIETTA_MEDIUM_NOTES },
    /* Not read yet, so not offered. */
    { "a.abc", ARIETTA_MEDIUM_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].path);
      g_assert_cmpint (arietta_formats_guess_medium (rows[i].path), ==, rows[i].medium);
    }
}

static void
test_read_by_content (void)
{
  g_autofree char *plain = write_test_file ("tune.mid", MIDI, N_MIDI);
  g_autofree char *disguised = write_test_file ("tune.bin", MIDI, N_MIDI);

  for (int i = 0; i < 2; i++)
    {
      g_auto(AriettaReadReport) report = { 0 };
      g_autoptr(GError) error = NULL;
      g_autoptr(AriettaPiece) piece = arietta_formats_read (i == 0 ? plain : disguised, &report, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (arietta_piece_get_n_notes (piece), ==, 1);
      g_assert_cmpstr (report.format, ==, "midi");
      g_assert_cmpint (report.midi_format, ==, 0);
      g_assert_cmpuint (report.warnings->len, ==, 0);
    }
}

static void
test_refusals (void)
{
  g_autofree char *text = write_test_file ("letter.txt", "Dear friend", 11);
  g_autofree char *wrong = write_test_file ("letter.mid", "Dear friend", 11);
  g_autofree char *cut = write_test_file ("cut.mid", MIDI, N_MIDI - 6);
  g_autofree char *empty = write_test_file ("empty.mid", "", 0);
  g_autofree char *pipe = g_build_filename (folder, "pipe.mid", NULL);
  g_autofree char *score_pipe = g_build_filename (folder, "pipe.musicxml", NULL);
  g_autofree char *project_pipe = g_build_filename (folder, "pipe.arietta", NULL);
  const struct { const char *path; AriettaFormatsError code; const char *place; } rows[] = {
    { text, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { wrong, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { empty, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { cut, ARIETTA_FORMATS_ERROR_TRUNCATED, "track 1, byte 28" },
    { folder, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { "/nowhere/at/all.mid", ARIETTA_FORMATS_ERROR_IO, NULL },
    { "/nowhere/at/all", ARIETTA_FORMATS_ERROR_IO, NULL },
    { pipe, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { score_pipe, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { project_pipe, ARIETTA_FORMATS_ERROR_NOT_MUSIC, NULL },
    { "/nowhere/at/all.arietta", ARIETTA_FORMATS_ERROR_IO, NULL },
  };

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (mkfifo (score_pipe, 0600), ==, 0);
  g_assert_cmpint (mkfifo (project_pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (arietta_formats_read (rows[i].path, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ARIETTA_FORMATS_ERROR, (int) rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].path));
      g_assert_cmpstr (arietta_error_get_file (error), ==, rows[i].path);
      g_assert_cmpstr (arietta_error_get_place (error), ==, rows[i].place);
    }
}

static void
test_salvage (void)
{
  g_autofree char *cut = write_test_file ("cut.mid", MIDI, N_MIDI - 6);
  g_autofree char *text = write_test_file ("letter.mid", "Dear friend", 11);
  g_auto(AriettaReadReport) report = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaPiece) piece = arietta_formats_salvage (cut, &report, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (arietta_piece_get_n_notes (piece), ==, 1);
  g_assert_cmpuint (report.warnings->len, >, 0);
  g_assert_nonnull (strstr (report.warnings->pdata[0], "The rest of the track is lost."));

  g_assert_null (arietta_formats_salvage (text, NULL, &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_NOT_MUSIC);
}

static void
test_write (void)
{
  g_autofree char *in = write_test_file ("in.mid", MIDI, N_MIDI);
  g_autofree char *out = g_build_filename (folder, "out.MID", NULL);
  g_autofree char *other = g_build_filename (folder, "out.abc", NULL);
  g_autoptr(AriettaPiece) piece = arietta_formats_read (in, NULL, NULL);
  g_autoptr(AriettaPiece) again = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (arietta_formats_write (piece, out, &error));
  g_assert_no_error (error);
  again = arietta_formats_read (out, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (arietta_piece_equal (piece, again));

  g_assert_false (arietta_formats_write (piece, other, &error));
  g_assert_error (error, ARIETTA_FORMATS_ERROR, ARIETTA_FORMATS_ERROR_UNSUPPORTED);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("arietta-formats-XXXXXX", NULL);
  g_test_add_func ("/formats/guess-medium", test_guess_medium);
  g_test_add_func ("/formats/read-by-content", test_read_by_content);
  g_test_add_func ("/formats/refusals", test_refusals);
  g_test_add_func ("/formats/salvage", test_salvage);
  g_test_add_func ("/formats/write", test_write);
  result = g_test_run ();
  test_folder_delete (folder);
  g_free (folder);
  return result;
}
