#include "studio-fixtures.h"

#include "studio/arietta-evaluate.h"
#include "studio/arietta-evaluation-words.h"
#include "studio/arietta-studio-error.h"

#define N_SAMPLES 24

static JsonObject *
evaluate (const Studio *studio,
          guint         first,
          guint         n_samples)
{
  g_autoptr(GError) error = NULL;
  AriettaExample    examples[4];
  JsonObject       *results;

  for (guint i = 0; i < 4; i++)
    examples[i] = (AriettaExample) { .piece = fixture_tune (first + i, 4, 4, 16, 0),
                                     .name = "tune", .style = "" };
  results = arietta_evaluate (studio->library, "tiny", examples, 4, n_samples, 1, NULL, NULL, NULL,
                              &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    arietta_piece_unref (examples[i].piece);

  return results;
}

static void
assert_share (JsonObject *object,
              const char *name)
{
  double share = json_object_get_double_member (object, name);

  g_assert_cmpfloat (share, >=, 0.0);
  g_assert_cmpfloat (share, <=, 1.0);
}

static void
test_figures (gconstpointer data)
{
  const Studio          *studio = data;
  g_autoptr(JsonObject)  results = evaluate (studio, 40, N_SAMPLES);
  g_autoptr(JsonObject)  again = evaluate (studio, 40, N_SAMPLES);
  g_autoptr(JsonNode)    a = json_node_init_object (json_node_alloc (), results);
  g_autoptr(JsonNode)    b = json_node_init_object (json_node_alloc (), again);
  JsonObject            *overlap = json_object_get_object_member (results, "overlap");
  JsonObject            *ngram =
    json_object_get_object_member (json_object_get_object_member (results, "baselines"), "ngram");
  static const char * const statistics[] = {
    "mean", "pitch", "duration", "interval", "inter_onset", "density", "pitch_class_entropy",
    "scale_consistency", "groove",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statistics); i++)
    {
      assert_share (overlap, statistics[i]);
      assert_share (json_object_get_object_member (overlap, "ceiling"), statistics[i]);
      assert_share (json_object_get_object_member (overlap, "shuffled"), statistics[i]);
    }
  g_assert_cmpint (json_object_get_int_member (overlap, "windows"), >, N_SAMPLES / 2);

  assert_share (ngram, "accuracy");
  assert_share (ngram, "changed_accuracy");
  g_assert_cmpfloat (json_object_get_double_member (ngram, "accuracy"), >, 0.2);
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_step"), >, 0.0);
  assert_share (results, "copied_share");
  assert_share (json_object_get_object_member (results, "copied"), "human_share");
  assert_share (json_object_get_object_member (results, "self_repetition"), "data");
  /* One part has no distance to another. */
  g_assert_true (json_object_get_null_member (json_object_get_object_member (results, "musegan"),
                                              "tonal_distance"));
  g_assert_true (json_node_equal (a, b));
}

/* The panel's rows name what counting learned from. */
static void
test_beside (void)
{
  static const struct { const char *on, *words; } cases[] = {
    { "training", "counting what follows what: 2.500" },
    { "others", "counting what follows what in the other pieces: 2.500" },
    { "itself", "counting what follows what earlier in the piece: 2.500" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char          *text = g_strdup_printf (
        "{ \"nll_per_note\": 1.5, \"accuracy\": 0.75, \"changed_accuracy\": null, \"baselines\": {"
        " \"copy\": { \"accuracy\": 0.5 }, \"ngram\": { \"nll_per_note\": 2.5, \"accuracy\": 0.625,"
        " \"counted_on\": \"%s\" } } }", cases[i].on);
      g_autoptr(JsonNode)       node = json_from_string (text, NULL);
      g_autoptr(GArray)         rows = arietta_evaluation_list (json_node_get_object (node),
                                                                            ARIETTA_EVALUATION_FORESEEN);
      const AriettaModelResult *row = &g_array_index (rows, AriettaModelResult, 0);

      g_assert_cmpuint (rows->len, ==, 2);
      g_assert_cmpstr (row[0].value, ==, "1.500");
      g_assert_cmpstr (row[0].baseline, ==, cases[i].words);
      g_assert_nonnull (strstr (row[1].baseline, "holding the last note: "));
      g_assert_nonnull (strstr (row[1].baseline, ", counting what follows what"));
    }
}

/* Each part of an evaluation has its rows, and none where there are no figures. */
static void
test_rows (void)
{
  static const char text[] =
    "{ \"n_windows\": 40, \"windows_failed\": 10, \"accuracy\": 0.97, \"elbo_per_step\": 1.3,"
    " \"reconstruction_nats_per_step\": 0.2, \"kl_per_step\": 1.1, \"surprise_per_step\": 1.25, \"kl\": 28.0, \"active_units\": 84,"
    " \"reconstruction\": { \"teacher_forced\": 0.97, \"sampled\": 0.96, \"sampled_onsets\": 0.9,"
    "   \"voices\": { \"bass\": { \"windows\": 7, \"sampled_onsets\": 0.6 } } },"
    " \"baselines\": { \"copy\": { \"accuracy\": 0.5 }, \"ngram\": { \"accuracy\": 0.6, \"nll_per_step\": 1.2 } },"
    " \"musegan\": { \"empty_bars\": 0.1, \"pitch_classes\": 2.5, \"drum_pattern\": null, \"tonal_distance\": 1.1,"
    "   \"data\": { \"empty_bars\": 0.2, \"pitch_classes\": 2.4, \"tonal_distance\": 1.2, \"tonal_distance_shuffled\": 1.4 } },"
    " \"conditions\": { \"density\": 0.94, \"meter\": 1.0, \"key\": { \"share\": 0.95, \"relative\": 0.97,"
    "   \"analyser\": { \"share\": 0.88 } }, \"instruments\": { \"of\": 30, \"share\": 0.9 } },"
    " \"infill\": { \"share\": 0.83 }, \"parts\": { \"chords\": { \"consonant\": 0.72, \"moved\": 0.7, \"people\": 0.82 },"
    "   \"drums\": { \"played\": 0.93 } } }";
  static const struct { AriettaEvaluationPart part; guint n_rows; const char *first, *beside; } cases[] = {
    { ARIETTA_EVALUATION_FORESEEN, 0, NULL, NULL },
    { ARIETTA_EVALUATION_GIVEN_BACK, 8, "96.0 %", "holding the last note: 50.0 %, counting what follows what: 60.0 %" },
    { ARIETTA_EVALUATION_WRITTEN, 0, NULL, NULL },
    { ARIETTA_EVALUATION_BARS, 3, "10.0 %", "in the pieces: 20.0 %" },
    { ARIETTA_EVALUATION_ASKED, 4, "95.0 %", "it or its relative: 97.0 %; the key of pieces by people is found in 88.0 %" },
    { ARIETTA_EVALUATION_FITTING, 3, "83.0 %", "by chance: 50 %" },
  };
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GArray)         rows = arietta_evaluation_list (json_node_get_object (node), cases[i].part);
      const AriettaModelResult *row = &g_array_index (rows, AriettaModelResult, 0);

      g_assert_cmpuint (rows->len, ==, cases[i].n_rows);
      g_assert_cmpstr (arietta_evaluation_get_title (cases[i].part), !=, "");
      if (rows->len == 0)
        continue;
      g_assert_cmpstr (row->value, ==, cases[i].first);
      g_assert_cmpstr (row->baseline, ==, cases[i].beside);
    }
}

/* What was learned from is known again, and what was not is not. */
static void
test_copies (gconstpointer data)
{
  const Studio           *studio = data;
  g_autoptr(AriettaCopied) known = arietta_model_dup_known (studio->model);
  AriettaCopiedCount       seen = { 0 }, fresh = { 0 };

  g_assert_nonnull (known);
  for (guint i = 0; i < STUDIO_N_TUNES; i++)
    {
      g_autoptr(AriettaPiece) other = fixture_tune (400 + i, 4, 4, 8, 0);

      arietta_copied_measure (known, other, &fresh);
    }
  g_assert_cmpuint (fresh.passages, >, 20);
  g_assert_cmpuint (fresh.copied * 20, <, fresh.passages);

  {
    g_autoptr(GPtrArray) items = arietta_library_list_items (studio->library, 0, NULL, NULL);

    for (guint i = 0; i < items->len; i++)
      {
        const AriettaItem      *item = items->pdata[i];
        g_autoptr(AriettaPiece) piece = arietta_library_load_item (studio->library, item->id, NULL);

        if (item->split == ARIETTA_SPLIT_TRAIN)
          arietta_copied_measure (known, piece, &seen);
      }
  }
  g_assert_cmpuint (seen.passages, >, 0);
  g_assert_cmpuint (seen.copied, ==, seen.passages);
}

static void
test_no_samples (gconstpointer data)
{
  const Studio          *studio = data;
  g_autoptr(JsonObject)  results = evaluate (studio, 40, 0);

  g_assert_true (json_object_get_null_member (results, "overlap"));
  g_assert_false (json_object_get_null_member (results, "reconstruction"));
}

static void
test_remembered (gconstpointer data)
{
  const Studio         *studio = data;
  const char           *sha256 = arietta_model_get_sha256 (studio->model);
  g_autoptr(GError)     error = NULL;
  g_autoptr(AriettaJob) none = arietta_evaluate_job_new (studio->library, "tiny", "folk");
  g_autoptr(AriettaJob) job = NULL;
  g_autoptr(JsonObject) results = NULL, recalled = NULL;
  g_autoptr(AriettaDataset) dataset = arietta_library_find_dataset (studio->library, "folk", NULL);
  g_autoptr(AriettaPiece) piece = fixture_tune (77, 4, 4, 12, 0);
  g_autofree char      *digest = arietta_piece_dup_digest (piece);
  AriettaNewItem        item = { .source_path = "/nowhere/held.mid", .medium = ARIETTA_MEDIUM_NOTES,
                                 .piece = piece, .title = "Held back", .digest = digest,
                                 .style = "even", .licence = "CC0-1.0",
                                 .split = ARIETTA_SPLIT_TEST };

  g_assert_null (arietta_evaluate_recall (studio->library, sha256));
  g_assert_null (arietta_job_run_sync (none, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);
  g_clear_error (&error);

  g_assert_cmpint (arietta_library_add_item (studio->library, dataset->id, &item, &error), >, 0);
  job = arietta_evaluate_job_new (studio->library, "tiny", "folk");
  results = arietta_job_run_sync (job, &error);
  g_assert_no_error (error);
  recalled = arietta_evaluate_recall (studio->library, sha256);
  g_assert_nonnull (recalled);
  g_assert_cmpstr (json_object_get_string_member (recalled, "dataset"), ==, "folk");
  g_assert_cmpfloat (json_object_get_double_member (recalled, "accuracy"), ==,
                     json_object_get_double_member (results, "accuracy"));
}

static void
add_tests (Studio *studio)
{
  g_test_add_func ("/studio/evaluate/beside", test_beside);
  g_test_add_func ("/studio/evaluate/rows", test_rows);
  g_test_add_data_func ("/studio/evaluate/figures", studio, test_figures);
  g_test_add_data_func ("/studio/evaluate/copies", studio, test_copies);
  g_test_add_data_func ("/studio/evaluate/no-samples", studio, test_no_samples);
  g_test_add_data_func ("/studio/evaluate/remembered", studio, test_remembered);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
