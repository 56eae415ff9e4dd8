#include "base/arietta-file-name.h"

static const struct
{
  const char *path, *ending, *title, *with;
} rows[] = {
  { "/music/My Song.mid", ".mid", "My Song", "/music/My Song-2.mid" },
  { "Song.v2.musicxml", ".musicxml", "Song.v2", "Song.v2-2.musicxml" },
  { "/music.d/Song", "", "Song", "/music.d/Song-2" },
  { "/music/.hidden", ".hidden", ".hidden", "/music/-2.hidden" },
  { "Arne__Winter_Wind.mid", ".mid", "Arne – Winter Wind", "Arne__Winter_Wind-2.mid" },
  { "_a_b_.mid", ".mid", "a b", "_a_b_-2.mid" },
  { "My Song_2.mid", ".mid", "My Song_2", "My Song_2-2.mid" },
  { "___.mid", ".mid", "___", "___-2.mid" },
  { "Song.", ".", "Song", "Song-2." },
  { "", "", ".", "-2" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *title = arietta_file_name_dup_title (rows[i].path);
      g_autofree char *with = arietta_file_name_dup_with (rows[i].path, "-2");

      g_assert_cmpstr (arietta_file_name_find_ending (rows[i].path), ==, rows[i].ending);
      g_assert_cmpstr (title, ==, rows[i].title);
      g_assert_cmpstr (with, ==, rows[i].with);
    }
}

/* Bytes of an older encoding. */
static void
test_invalid (void)
{
  g_autofree char *title = arietta_file_name_dup_title ("/music/caf\xe9.mid");

  g_assert_true (g_utf8_validate (title, -1, NULL));
  g_assert_true (g_str_has_prefix (title, "caf"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/file-name/rows", test_rows);
  g_test_add_func ("/base/file-name/invalid", test_invalid);
  return g_test_run ();
}
