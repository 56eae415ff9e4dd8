/* Parts written to others, by the composer that comes along: what is counted, not how well it does. */
#include "studio-fixtures.h"

#include "studio/arietta-evaluate-conditions.h"
#include "studio/arietta-evaluate-parts.h"

/* Eight bars: a tune, held chords, and a bass that plays in every other bar. */
static AriettaPiece *
make_piece (guint nth)
{
  g_autoptr(AriettaPiece) tune = fixture_tune (nth, 4, 4, 8, 0);
  AriettaPiece           *whole = arietta_piece_copy (tune);
  AriettaTrack           *chords = arietta_piece_add_track (whole, "Chords");
  AriettaTrack           *bass = arietta_piece_add_track (whole, "Bass");
  gint64                  bar = 4 * arietta_piece_get_ticks_per_quarter (whole);

  for (int b = 0; b < 8; b++)
    {
      for (int k = 0; k < 3; k++)
        arietta_track_add_note (chords, &(AriettaNote) {
                                  .onset_ticks = b * bar, .duration_ticks = bar, .pitch = (guint8) (52 + 4 * k),
                                  .velocity = 60, .off_velocity = 64, .channel = 2, });
      if (b % 2 == 0)
        arietta_track_add_note (bass, &(AriettaNote) {
                                  .onset_ticks = b * bar, .duration_ticks = bar, .pitch = 36, .velocity = 60,
                                  .off_velocity = 64, .channel = 3, });
    }
  arietta_piece_freeze (whole);

  return whole;
}

static double
number (JsonObject *results,
        const char *task,
        const char *key)
{
  JsonObject *object = json_object_get_object_member (results, task);

  g_assert_true (json_object_has_member (object, key));

  return json_object_get_double_member (object, key);
}

static void
test_parts (void)
{
  static const char * const tasks[] = { "chords", "melody", "bass", "drums" };
  const char               *folder = g_getenv ("ARIETTA_MODELS_DIR");
  g_autofree char          *path = g_build_filename (folder != NULL ? folder : "", "composer.safetensors", NULL);
  g_autoptr(AriettaModel)   model = NULL;
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaJob)     job = arietta_job_new ("Test", FALSE, FALSE, NULL, NULL, NULL);
  AriettaExample            examples[2];
  char                     *texts[2];

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("ARIETTA_MODELS_DIR has no composer");
      return;
    }

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    examples[i] = (AriettaExample) { .piece = make_piece (i), .name = "piece", .style = "" };

  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(JsonObject) results = arietta_evaluate_parts (model, examples, 2, 1, 5, job, &error);
      g_autoptr(JsonNode)   node = json_node_new (JSON_NODE_OBJECT);

      g_assert_no_error (error);
      for (guint t = 0; t < G_N_ELEMENTS (tasks); t++)
        {
          g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (results, tasks[t]), "cases"), ==, 1);
          g_assert_cmpfloat (number (results, tasks[t], "played"), >, 0.0);
          g_assert_cmpfloat (number (results, tasks[t], "played"), <=, 1.0);
        }
      for (guint t = 0; t < 3; t++)
        {
          g_assert_cmpfloat (number (results, tasks[t], "consonant"), >, 0.0);
          g_assert_cmpfloat (number (results, tasks[t], "moved"), <=, 1.0);
        }
      g_assert_false (json_object_has_member (json_object_get_object_member (results, "drums"), "consonant"));
      g_assert_cmpfloat (number (results, "bass", "people"), <=, 1.0);
      json_node_set_object (node, results);
      texts[run] = json_to_string (node, FALSE);
    }
  g_assert_cmpstr (texts[0], ==, texts[1]);

  for (guint i = 0; i < 2; i++)
    {
      arietta_piece_unref (examples[i].piece);
      g_free (texts[i]);
    }
}

/* Instruments asked for are counted where they play; the same twice. */
static void
test_instruments (void)
{
  const char              *folder = g_getenv ("ARIETTA_MODELS_DIR");
  g_autofree char         *path = g_build_filename (folder != NULL ? folder : "", "composer.safetensors", NULL);
  g_autoptr(AriettaModel)  model = NULL;
  g_autoptr(GError)        error = NULL;
  g_autoptr(AriettaJob)    job = arietta_job_new ("Test", FALSE, FALSE, NULL, NULL, NULL);
  AriettaExample           example;
  double                   shares[2];

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("ARIETTA_MODELS_DIR has no composer");
      return;
    }

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  example = (AriettaExample) { .piece = make_piece (1), .name = "piece", .style = "" };
  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(JsonObject) results = arietta_evaluate_conditions (model, &example, 1, 3, 5, job, &error);
      JsonObject           *played;

      g_assert_no_error (error);
      played = json_object_get_object_member (results, "instruments");
      g_assert_cmpint (json_object_get_int_member (played, "of"), ==, 2);
      shares[run] = json_object_get_double_member (played, "share");
      g_assert_cmpfloat (shares[run], >=, 0.0);
      g_assert_cmpfloat (shares[run], <=, 1.0);
      /* Nobody plays who was not asked. */
      g_assert_cmpfloat (json_object_get_double_member (played, "alone"), ==, 1.0);
    }
  g_assert_cmpfloat (shares[0], ==, shares[1]);
  arietta_piece_unref (example.piece);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/studio/evaluate-parts", test_parts);
  g_test_add_func ("/studio/evaluate-parts/instruments", test_instruments);

  return g_test_run ();
}
