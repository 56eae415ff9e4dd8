#include "music/arietta-chord.h"
#include "music/arietta-mode.h"

static void
test_names (void)
{
  static const struct
  {
    const char *typed, *shown;
    int         root, bass;
    guint       classes;
  } cases[] = {
    { "C", "C", 0, 0, 0x091 },
    { "c", "C", 0, 0, 0x091 },
    { "Am", "Am", 9, 9, 0x211 },
    { "a-7", "Am7", 9, 9, 0x291 },
    { "F#m7b5", "F♯m7♭5", 6, 6, 0x251 },
    { "B♭/D", "B♭/D", 10, 2, 0x424 },
    { "Bbmaj7", "B♭maj7", 10, 10, 0x624 },
    { "G7/B", "G7/B", 7, 11, 0x8A4 },
    { "G6/9", "G69", 7, 7, 0xA94 },
    { "EbM7", "E♭maj7", 3, 3, 0x48C },
    { "Csus", "Csus4", 0, 0, 0x0A1 },
    { " Dø ", "Dm7♭5", 2, 2, 0x125 },
    { "G/Bb", "G/B♭", 7, 10, 0xC84 },
    { "N.C.", "N.C.", -1, -1, 0 },
    { "Cb", "C♭", 11, 11, 0x848 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AriettaChord chord, back;
      g_autofree char *name = NULL;
      guint8 bytes[ARIETTA_CHORD_N_BYTES];

      g_test_message ("%s", cases[i].typed);
      g_assert_true (arietta_chord_parse (cases[i].typed, &chord));
      name = arietta_chord_dup_name (&chord);
      g_assert_cmpstr (name, ==, cases[i].shown);
      g_assert_cmpint (arietta_chord_get_root (&chord), ==, cases[i].root);
      g_assert_cmpint (arietta_chord_get_bass (&chord), ==, cases[i].bass);
      g_assert_cmphex (arietta_chord_get_classes (&chord), ==, cases[i].classes);

      arietta_chord_to_bytes (&chord, bytes);
      g_assert_true (arietta_chord_from_bytes (&back, bytes, sizeof bytes));
      g_assert_true (arietta_chord_equal (&chord, &back));
      g_assert_true (arietta_chord_parse (name, &back));
      g_assert_true (arietta_chord_equal (&chord, &back));
    }
}

static void
test_nonsense (void)
{
  static const char * const texts[] = { "", "H", "Cx", "C/", "C/H", "C7/Dm", "Cmaj77", "verse", "7",
                                        "C111111111111111111111111111111111111111" };
  const guint8 other[] = { 0x43, 0x7B, 0x01, 0x38, 0x00, 0x7F, 0x7F }, wild[] = { 0x43, 0x7B, 0x01, 0x31, 0x70, 0, 0 };
  AriettaChord chord;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%s", texts[i]);
      g_assert_false (arietta_chord_parse (texts[i], &chord));
    }
  g_assert_false (arietta_chord_from_bytes (&chord, other, sizeof other));
  g_assert_false (arietta_chord_from_bytes (&chord, wild, sizeof wild));
  g_assert_false (arietta_chord_from_bytes (&chord, wild, 3));
}

/* What XF prints as its example: C sharp minor seventh over E. */
static void
test_bytes (void)
{
  AriettaChord chord;
  guint8 bytes[ARIETTA_CHORD_N_BYTES];
  const guint8 wanted[] = { 0x43, 0x7B, 0x01, 0x41, 0x0A, 0x33, 0x7F };

  g_assert_true (arietta_chord_parse ("C#m7/E", &chord));
  arietta_chord_to_bytes (&chord, bytes);
  g_assert_cmpmem (bytes, sizeof bytes, wanted, sizeof wanted);
}

static void
test_spelling (void)
{
  AriettaChord sharp = arietta_chord_from_class (6, 0, FALSE), flat = arietta_chord_from_class (6, 0, TRUE);
  g_autofree char *one = arietta_chord_dup_name (&sharp), *other = arietta_chord_dup_name (&flat);

  g_assert_cmpstr (one, ==, "F♯");
  g_assert_cmpstr (other, ==, "G♭");
}

static void
test_modes (void)
{
  guint d_dorian = arietta_mode_get_classes (2, 4), c_major = arietta_mode_get_classes (0, 0);

  g_assert_cmphex (d_dorian, ==, c_major);
  g_assert_cmpint (arietta_classes_nearest (c_major, 61), ==, 60);
  g_assert_cmpint (arietta_classes_nearest (c_major, 64), ==, 64);
  g_assert_cmpint (arietta_classes_nearest (1u << 1, 127), ==, 121);
  g_assert_cmpint (arietta_classes_nearest (0, 61), ==, 61);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/chord/names", test_names);
  g_test_add_func ("/music/chord/nonsense", test_nonsense);
  g_test_add_func ("/music/chord/bytes", test_bytes);
  g_test_add_func ("/music/chord/spelling", test_spelling);
  g_test_add_func ("/music/chord/modes", test_modes);
  return g_test_run ();
}
