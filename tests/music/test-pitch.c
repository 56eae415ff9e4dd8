#include "music/arietta-pitch.h"

static const struct { int pitch; gboolean flats; const char *name; } NAMES[] = {
  { 60, FALSE, "C4" },  { 54, FALSE, "F♯3" },  { 54, TRUE, "G♭3" }, { 0, FALSE, "C-1" },
  { 127, FALSE, "G9" }, { 70, TRUE, "B♭4" },   { 59, TRUE, "B3" },  { 11, FALSE, "B-1" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *name = arietta_pitch_dup_name (NAMES[i].pitch, NAMES[i].flats);

      g_assert_cmpstr (name, ==, NAMES[i].name);
    }
}

static const struct { const char *text; int tonic; gboolean minor; } TEXTS[] = {
  { "C", 0, FALSE },        { "Bb", 10, FALSE },       { "bb", 10, FALSE },    { "b", 11, FALSE },
  { "f# minor", 6, TRUE },  { "Am", 9, TRUE },         { "A minor", 9, TRUE }, { "Eb major", 3, FALSE },
  { " G  major ", 7, FALSE }, { "D♭", 1, FALSE },      { "C♯m", 1, TRUE },     { "Cb", 11, FALSE },
  { "B# min", 0, TRUE },    { "F-sharp minor", 6, TRUE }, { "E flat major", 3, FALSE },
  { "CM", 0, FALSE },       { "Bm", 11, TRUE },        { "C:min", 0, TRUE },
};
static const char *const NONSENSE[] = { "", " ", "H", "C minorish", "12", "Cx", "minor", NULL };

static void
test_parse (void)
{
  AriettaTonality tonality;

  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++)
    {
      g_test_message ("%s", TEXTS[i].text);
      g_assert_true (arietta_tonality_parse (TEXTS[i].text, &tonality));
      g_assert_cmpint (tonality.tonic, ==, TEXTS[i].tonic);
      g_assert_cmpint (tonality.scale == ARIETTA_SCALE_MINOR, ==, TEXTS[i].minor);
    }
  for (guint i = 0; NONSENSE[i] != NULL; i++)
    g_assert_false (arietta_tonality_parse (NONSENSE[i], &tonality));
  g_assert_false (arietta_tonality_parse (NULL, &tonality));
}

static void
test_all_keys (void)
{
  for (int minor = 0; minor < 2; minor++)
    for (int tonic = 0; tonic < 12; tonic++)
      {
        AriettaTonality key = { tonic, minor ? ARIETTA_SCALE_MINOR : ARIETTA_SCALE_MAJOR };
        AriettaTonality parsed;
        AriettaTonality signed_key = arietta_tonality_from_key (arietta_tonality_get_sharps (key), minor);
        g_autofree char *name = arietta_tonality_dup_name (key);

        g_assert_true (arietta_tonality_parse (name, &parsed));
        g_assert_cmpint (parsed.tonic, ==, tonic);
        g_assert_cmpint (parsed.scale, ==, key.scale);
        g_assert_cmpint (signed_key.tonic, ==, tonic);
        g_assert_cmpint (ABS (arietta_tonality_get_sharps (key)), <=, 6);
      }
  g_assert_cmpint (arietta_tonality_from_key (7, FALSE).tonic, ==, 1);  /* C sharp major */
  g_assert_cmpint (arietta_tonality_from_key (-7, TRUE).tonic, ==, 8);  /* A flat minor */
}

static void
test_classes (void)
{
  AriettaTonality g_major = { 7, ARIETTA_SCALE_MAJOR };
  AriettaTonality a_minor = { 9, ARIETTA_SCALE_MINOR };

  /* Relatives share their notes. */
  g_assert_cmphex (arietta_tonality_get_classes (a_minor), ==, 0xAB5);
  g_assert_true (arietta_tonality_contains (g_major, 66));
  g_assert_false (arietta_tonality_contains (g_major, 65));
  g_assert_true (arietta_tonality_contains (a_minor, 68));  /* the raised seventh */
  g_assert_false (arietta_tonality_contains (a_minor, 66));
  g_assert_true (arietta_tonality_contains (ARIETTA_TONALITY_NONE, 61));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/pitch/names", test_names);
  g_test_add_func ("/music/tonality/parse", test_parse);
  g_test_add_func ("/music/tonality/all-keys", test_all_keys);
  g_test_add_func ("/music/tonality/classes", test_classes);
  return g_test_run ();
}
