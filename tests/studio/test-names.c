#include "studio/arietta-names.h"

static void
test_keys (void)
{
  g_assert_cmpstr (arietta_key_get_name ((AriettaTonality) { 3, ARIETTA_SCALE_MAJOR }), ==, "E♭ major");
  g_assert_cmpstr (arietta_key_get_name ((AriettaTonality) { 6, ARIETTA_SCALE_MINOR }), ==, "F♯ minor");
  g_assert_cmpstr (arietta_key_get_name (ARIETTA_TONALITY_NONE), ==, "");
}

/* A label is data: what is not a common style must come back as it was given. */
static void
test_styles (void)
{
  const char *own = "Folk, from my village";

  g_assert_cmpstr (arietta_style_get_name ("folk"), ==, "folk");
  g_assert_true (arietta_style_get_name (own) == own);
  g_assert_cmpstr (arietta_style_get_name (""), ==, "");
  g_assert_null (arietta_style_get_name (NULL));
}

/* What comes with the program is called in words, what a person trained as that person named it. */
static void
test_models (void)
{
  const char *own = "melody-2bar, my way";

  g_assert_cmpstr (arietta_model_get_title ("melody-2bar"), ==, "Two Bars of Melody");
  g_assert_true (arietta_model_get_title (own) == own);
  g_assert_null (arietta_model_get_title (NULL));
}

static void
test_titles (void)
{
  static const struct { const char *style; AriettaTonality key; const char *title; } cases[] = {
    { "folk", { 7, ARIETTA_SCALE_MAJOR }, "Folk in G major" },
    { "élégie", { 0, ARIETTA_SCALE_MINOR }, "Élégie in C minor" },
    { "", { 1, ARIETTA_SCALE_MAJOR }, "Melody in D♭ major" },
    { NULL, { 8, ARIETTA_SCALE_MINOR }, "Melody in G♯ minor" },
    { "ragtime", ARIETTA_TONALITY_NONE, "Ragtime" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *title = arietta_names_dup_title (cases[i].style, cases[i].key);

      g_assert_cmpstr (title, ==, cases[i].title);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/studio/names/keys", test_keys);
  g_test_add_func ("/studio/names/styles", test_styles);
  g_test_add_func ("/studio/names/models", test_models);
  g_test_add_func ("/studio/names/titles", test_titles);

  return g_test_run ();
}
