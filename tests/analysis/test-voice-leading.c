#include "analysis/arietta-voice-leading.h"

#include "encoding/arietta-voices.h"
#include "formats/arietta-formats.h"

static const struct
{
  const char *name;
  gint8       frames[2][4];
  guint       pairs, fifths, octaves, crossed;
} cases[] = {
  { "nothing moves", { { 72, 67, 64, 48 }, { 72, 67, 64, 48 } }, 0, 0, 0, 0 },
  { "one moves", { { 72, 67, 64, 48 }, { 74, 67, 64, 48 } }, 0, 0, 0, 0 },
  { "apart", { { 72, 67, 64, 48 }, { 74, 67, 64, 47 } }, 0, 0, 0, 0 },
  { "soprano and tenor a fifth, up", { { 71, 67, 64, 48 }, { 72, 67, 65, 48 } }, 1, 1, 0, 0 },
  { "a twelfth", { { 67, 64, 60, 48 }, { 69, 64, 60, 50 } }, 1, 1, 0, 0 },
  { "octaves, down", { { 72, 67, 64, 48 }, { 71, 67, 64, 47 } }, 1, 0, 1, 0 },
  { "unison", { { 72, 67, 55, 55 }, { 72, 67, 53, 53 } }, 1, 0, 1, 0 },
  { "fourths are no fifths", { { 72, 67, 60, 48 }, { 74, 69, 60, 48 } }, 1, 0, 0, 0 },
  { "a fifth reached, not kept", { { 72, 67, 64, 48 }, { 74, 67, 64, 55 } }, 1, 0, 0, 0 },
  { "crossed", { { 67, 64, 60, 48 }, { 67, 64, 65, 48 } }, 0, 0, 0, 1 },
  { "a rest moves with nobody", { { 71, 67, 64, 48 }, { 72, 67, -1, 48 } }, 0, 0, 0, 0 },
};

static void
test_pairs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AriettaVoiceLeading v = { 0 };

      g_test_message ("%s", cases[i].name);
      arietta_voice_leading_add (&v, cases[i].frames[0], 2);
      g_assert_cmpuint (v.steps, ==, 2);
      g_assert_cmpuint (v.pairs, ==, cases[i].pairs);
      g_assert_cmpuint (v.fifths, ==, cases[i].fifths);
      g_assert_cmpuint (v.octaves, ==, cases[i].octaves);
      g_assert_cmpuint (v.crossed, ==, cases[i].crossed);
    }
}

static void
test_chords (void)
{
  static const gint8  frames[][4] = {
    { 72, 67, 64, 48 }, { 74, 67, 64, 48 }, { 74, 67, 65, 55 }, { 74, 67, 65, 55 }, { -1, 67, 65, 55 },
  };
  AriettaVoiceLeading v = { 0 };

  arietta_voice_leading_add (&v, frames[0], G_N_ELEMENTS (frames));
  g_assert_cmpuint (v.full, ==, 4);
  g_assert_cmpuint (v.moves[0], ==, 2);
  g_assert_cmpuint (v.moves[1], ==, 0);
  g_assert_cmpuint (v.moves[2], ==, 1);
  g_assert_cmpuint (v.melody_notes, ==, 2);
  g_assert_cmpuint (v.chord_notes, ==, 1);

  g_assert_true (arietta_voice_leading_is_chord (0));
  g_assert_true (arietta_voice_leading_is_chord (1 << 2 | 1 << 5 | 1 << 9));
  g_assert_true (arietta_voice_leading_is_chord (1 << 11 | 1 << 2 | 1 << 5 | 1 << 7));
  g_assert_false (arietta_voice_leading_is_chord (1 << 0 | 1 << 2 | 1 << 4));
}

/* What Bach allows himself, as the header states it. */
static void
test_bach (void)
{
  const char         *shared = g_getenv ("ARIETTA_SHARED_DIR");
  AriettaVoiceLeading v = { 0 };

  for (int i = 0; i < 76 && shared != NULL; i++)
    {
      g_autofree char         *name = g_strdup_printf ("valid_%03d.mid", i);
      g_autofree char         *path = g_build_filename (shared, "data", "jsb-chorales", name, NULL);
      g_autoptr(AriettaPiece)  piece = arietta_formats_read (path, NULL, NULL);
      g_autoptr(AriettaVoices) voices = piece != NULL ? arietta_voices_new (piece) : NULL;

      if (voices != NULL)
        arietta_voice_leading_add (&v, voices->frames[0].pitches, voices->n_steps);
    }
  if (v.steps == 0)
    {
      g_test_skip ("there are no chorales here");
      return;
    }

  g_assert_cmpuint (v.steps, ==, 18408);
  g_assert_cmpfloat_with_epsilon (1000.0 * (double) v.fifths / (double) v.pairs, 1.85, 0.005);
  g_assert_cmpfloat_with_epsilon (1000.0 * (double) v.octaves / (double) v.pairs, 0.79, 0.005);
  g_assert_cmpfloat_with_epsilon ((double) v.crossed / (double) v.steps, 0.0295, 0.0001);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/voice-leading/pairs", test_pairs);
  g_test_add_func ("/analysis/voice-leading/chords", test_chords);
  g_test_add_func ("/analysis/voice-leading/bach", test_bach);

  return g_test_run ();
}
