#include "studio/arietta-style-choice.h"

static JsonObject *
read_card (const char *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  return json_node_dup_object (node);
}

/* A style comes as often as it was learned, and one that was hardly heard is not shown before others. */
static void
test_by_pieces (void)
{
  const char * const    styles[] = { "folk", "jazz", "lied", NULL };
  g_autoptr(JsonObject) card =
    read_card ("{\"data\": [{\"style\": \"lied\", \"pieces\": 90}, {\"style\": \"folk\", \"pieces\": 9},"
               " {\"style\": \"lied\", \"pieces\": 900}, 7, {\"style\": \"jazz\", \"pieces\": \"many\"},"
               " {\"style\": \"jazz\", \"pieces\": 1}]}");
  const AriettaModelInfo info = { .styles = (char **) styles, .card = card };
  g_autoptr(GPtrArray)   shown = arietta_style_choice_list (&info, 2);
  guint                  n[3] = { 0 }, alike[3] = { 0 };
  AriettaRandom          random;

  g_assert_cmpuint (shown->len, ==, 2);
  g_assert_cmpstr (shown->pdata[0], ==, "lied");
  g_assert_cmpstr (shown->pdata[1], ==, "folk");

  arietta_random_init (&random, 1, "style-choice");
  for (guint i = 0; i < 3000; i++)
    {
      const char *drawn = arietta_style_choice_draw (&info, TRUE, &random);
      const char *any = arietta_style_choice_draw (&info, FALSE, &random);

      for (guint s = 0; s < 3; s++)
        {
          n[s] += drawn == styles[s];
          alike[s] += any == styles[s];
        }
    }
  g_assert_cmpuint (n[0] + n[1] + n[2], ==, 3000);
  g_assert_cmpuint (n[2], >, 2920);
  g_assert_cmpuint (n[0], >, n[1]);
  for (guint s = 0; s < 3; s++)
    g_assert_cmpuint (alike[s], >, 900);
}

/* Without a card all are alike; without styles there is none. */
static void
test_unknown (void)
{
  const char * const     styles[] = { "even", "odd", NULL }, * const none[] = { NULL };
  g_autoptr(JsonObject)  card = json_object_new ();
  const AriettaModelInfo info = { .styles = (char **) styles, .card = card };
  const AriettaModelInfo mute = { .styles = (char **) none, .card = card };
  guint                  n_even = 0;
  AriettaRandom          random;

  arietta_random_init (&random, 1, "style-choice");
  for (guint i = 0; i < 100; i++)
    n_even += arietta_style_choice_draw (&info, TRUE, &random) == styles[0];
  g_assert_cmpuint (n_even, >, 25);
  g_assert_cmpuint (n_even, <, 75);
  g_assert_null (arietta_style_choice_draw (&mute, TRUE, &random));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/style-choice/by-pieces", test_by_pieces);
  g_test_add_func ("/style-choice/unknown", test_unknown);

  return g_test_run ();
}
