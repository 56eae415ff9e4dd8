#include <glib/gstdio.h>

#include "composer-fixtures.h"

#include "learning/arietta-model-file.h"

#include <math.h>

static gboolean
count_down_cb (gpointer user_data)
{
  int *left = user_data;

  return --*left > 0;
}

static char *
make_folder (void)
{
  return g_dir_make_tmp ("arietta-XXXXXX", NULL);
}

/* A run that was stopped again and again ends in the same bits as one that was not. */
static void
test_resume (gconstpointer data)
{
  const char                *recipe = data;
  g_autofree char           *folder = make_folder (), *broken_folder = make_folder ();
  g_autoptr(AriettaTraining) whole = fixture_training (recipe, folder, 12);
  g_autoptr(AriettaTraining) broken = NULL;
  g_autoptr(GError)          error = NULL;
  AriettaTrainingOutcome     outcome;
  AriettaParams             *x, *y;

  outcome = arietta_training_run (whole, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, ARIETTA_TRAINING_COMPLETE);
  do
    {
      int left = 9;

      g_clear_pointer (&broken, arietta_training_free);
      broken = fixture_training (recipe, broken_folder, 12);
      outcome = arietta_training_run (broken, NULL, count_down_cb, &left, &error);
      g_assert_no_error (error);
    }
  while (outcome == ARIETTA_TRAINING_STOPPED);

  x = arietta_training_get_params (whole);
  y = arietta_training_get_params (broken);
  g_assert_cmpmem (arietta_params_get_values (x), arietta_params_get_size (x) * sizeof (float),
                   arietta_params_get_values (y), arietta_params_get_size (y) * sizeof (float));
  g_assert_cmpfloat (arietta_training_get_validation_loss (whole), <, log (arietta_events_get_n ()));

  fixture_remove (folder);
  fixture_remove (broken_folder);
}

static GArray *
make_tokens (guint nth)
{
  g_autoptr(AriettaPiece)      piece = fixture_tune (nth, 4, 4, 4, 0);
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  GArray                      *tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));

  arietta_composer_make_task (score, -1, 0, 100, &(AriettaComposerTaskSettings) { 0 }, NULL, tokens);

  return tokens;
}

/* Every note before the bar is told, and nothing else; what was looked at adds up. */
static void
test_attend (void)
{
  AriettaComposer        *net = fixture_composer ();
  g_autoptr(AriettaPiece) piece = fixture_tune (2, 4, 4, 6, 0);
  g_autoptr(GArray)       attended = NULL, nothing = NULL;
  g_autoptr(GError)       error = NULL;
  guint                   n, expected = 0;
  const AriettaNote      *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
  gint64                  bar_ticks = 4 * arietta_piece_get_ticks_per_quarter (piece);
  double                  sum = 0.0;

  attended = arietta_composer_attend (net, piece, 3, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    expected += notes[i].onset_ticks < 3 * bar_ticks;
  g_assert_cmpint (attended->len, ==, expected);
  for (guint i = 0; i < attended->len; i++)
    {
      const AriettaAttended *one = &g_array_index (attended, AriettaAttended, i);

      g_assert_cmpint (one->onset_ticks, ==, notes[i].onset_ticks);
      g_assert_cmpint (one->pitch, ==, notes[i].pitch);
      g_assert_cmpint (one->track, ==, 0);
      g_assert_cmpfloat (one->share, >, 0.0);
      sum += one->share;
    }
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-6);

  nothing = arietta_composer_attend (net, piece, 0, &error);
  g_assert_null (nothing);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
  arietta_composer_kind.free (net);
}

/* Token by token, in chunks of any size, the logits are those of the graph. */
static void
test_step (void)
{
  AriettaComposer               *net = fixture_composer ();
  g_autoptr(GArray)              tokens = make_tokens (1);
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  g_autofree AriettaComposerPlace *places = g_new (AriettaComposerPlace, tokens->len);
  const AriettaEvent16          *data = (const AriettaEvent16 *) (gpointer) tokens->data;
  guint                          n = tokens->len, V = arietta_events_get_n ();
  AriettaComposerGraph          *graph;
  const float                   *expected;

  g_assert_cmpint (n, >, 40);
  graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, 1, 128, NULL, NULL);
  arietta_composer_graph_fill (graph, 0, data, n, reader, echo);
  arietta_graph_forward (graph->graph);
  expected = arietta_graph_get_values (graph->graph, graph->logits);

  arietta_event_reader_reset (reader);
  arietta_composer_echo_reset (echo);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (arietta_event_reader_feed (reader, data[i]));
      places[i] = arietta_composer_place (reader, echo, data[i]);
    }

  for (guint chunk = 1; chunk <= n; chunk = chunk * 4 + 1)
    {
      g_autoptr(AriettaComposerState) state = arietta_composer_state_new (net);

      for (guint from = 0; from + 1 < n; from += chunk)
        {
          guint        size = MIN (chunk, n - 1 - from);
          const float *logits = arietta_composer_state_feed (state, data + from, places + from, size);

          for (guint v = 0; v < V; v++)
            g_assert_cmpfloat_with_epsilon (logits[v], expected[(gsize) (from + size - 1) * V + v], 1e-4);
        }
    }

  arietta_composer_graph_free (graph);
  arietta_composer_kind.free (net);
}

/* Nothing that comes later changes a prediction. */
static void
test_causal (void)
{
  AriettaComposer              *net = fixture_composer ();
  g_autoptr(GArray)             tokens = make_tokens (2);
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  AriettaEvent16               *data = (AriettaEvent16 *) (gpointer) tokens->data;
  guint                         n = tokens->len, V = arietta_events_get_n ();
  AriettaComposerGraph         *graph;
  g_autofree float             *before = NULL;

  graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, 1, 128, NULL, NULL);
  arietta_composer_graph_fill (graph, 0, data, n, reader, echo);
  arietta_graph_forward (graph->graph);
  before = g_memdup2 (arietta_graph_get_values (graph->graph, graph->logits), sizeof (float) * V * 20);

  arietta_composer_graph_fill (graph, 0, data, 21, reader, echo);
  arietta_graph_forward (graph->graph);
  for (guint i = 0; i < V * 20; i++)
    g_assert_cmpfloat_with_epsilon (before[i], arietta_graph_get_values (graph->graph, graph->logits)[i], 1e-5);

  arietta_composer_graph_free (graph);
  arietta_composer_kind.free (net);
}

/* Windows cover a piece bar by bar, fit the context, and read as events. */
static void
test_tasks (void)
{
  const AriettaComposerTaskSettings settings = { TRUE, 0.7, 0.6, 0.4, 0.5, 0.5 };
  AriettaRandom                     random;
  guint                             n_masked = 0;

  arietta_random_init (&random, 5, "tasks");
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(AriettaPiece)      piece = fixture_tune (i, i % 2 == 0 ? 4 : 3, 4, 20, i % 3 == 0 ? 4 : 0);
      g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);

      for (guint bar = 0; bar < score->bars->len;)
        {
          g_autoptr(GArray)            tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
          g_autoptr(AriettaEventScore) back = NULL;
          g_autoptr(GError)            error = NULL;
          guint n = arietta_composer_make_task (score, 1, bar, 128, &settings, &random, tokens);

          g_assert_cmpint (n, >=, 1);
          g_assert_cmpint (tokens->len, <=, 128);
          back = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, &error);
          g_assert_no_error (error);
          g_assert_cmpint (back->bars->len, ==, n);
          g_assert_cmpint (back->notes->len, ==,
                           score->cells[bar + n] - score->cells[bar]);
          for (guint t = 0; t < tokens->len; t++)
            n_masked += arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, t), NULL)
                        == ARIETTA_EVENT_MASK;
          bar += n;
        }
    }
  g_assert_cmpint (n_masked, >, 50);
}

static AriettaPiece *
make_drone (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Drone");

  for (gint64 bar = 0; bar < 12; bar++)
    arietta_track_add_note (track, &(AriettaNote) {
      .onset_ticks = bar * 1920, .duration_ticks = 1920, .pitch = 60, .velocity = 80, .off_velocity = 64 });

  return arietta_piece_freeze (piece);
}

/* One case for each piece that has other bars to offer, the same each time; none where all bars are
 * alike. */
static void
test_infill (void)
{
  AriettaComposer       *net = fixture_composer ();
  g_autoptr(AriettaPiece) drone = make_drone ();
  AriettaExample         examples[6];
  double                 shares[2];

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    examples[i] = (AriettaExample) { .piece = i == 2 ? arietta_piece_ref (drone) : fixture_tune (i, 4, 4, 12, 0),
                                     .name = "tune", .style = "" };
  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(JsonObject) results = json_object_new ();
      JsonObject           *infill;

      g_assert_true (arietta_composer_know_infill (net, examples, G_N_ELEMENTS (examples), results, NULL, NULL));
      infill = json_object_get_object_member (results, "infill");
      g_assert_cmpint (json_object_get_int_member (infill, "cases"), ==, G_N_ELEMENTS (examples) - 1);
      shares[run] = json_object_get_double_member (infill, "share");
      g_assert_cmpfloat (fabs (shares[run] * 5 - round (shares[run] * 5)), <, 1e-9);
    }
  g_assert_cmpfloat (shares[0], ==, shares[1]);

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    arietta_piece_unref (examples[i].piece);
  arietta_composer_kind.free (net);
}

/* Counting stands beside what the network foresees, by other pieces or by the piece's own beginning, and is worse. */
static void
check_counting (AriettaModel *model,
                guint         n,
                double        nats)
{
  g_autoptr(JsonObject) results = NULL;
  g_autoptr(GError)     error = NULL;
  AriettaExample        examples[3];
  JsonObject           *ngram;

  for (guint i = 0; i < n; i++)
    examples[i] = (AriettaExample) { .piece = fixture_tune (77 + i, 3, 4, 9, 4), .name = "tune", .style = "" };
  results = arietta_model_evaluate (model, examples, n, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  ngram = json_object_get_object_member (json_object_get_object_member (results, "baselines"), "ngram");
  g_assert_cmpstr (json_object_get_string_member (ngram, "counted_on"), ==, n == 1 ? "itself" : "others");
  g_test_message ("counting: %.3f nats a token", json_object_get_double_member (ngram, "nll_per_token"));
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_token"), >, nats);
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_token"), <, log (arietta_events_get_n ()));
  g_assert_cmpfloat (json_object_get_double_member (ngram, "accuracy"), >, 0.1);
  for (guint i = 0; i < n; i++)
    arietta_piece_unref (examples[i].piece);
}

/* It learns; stored and loaded again it is the same model, measures, and knows its styles. */
static void
test_model (void)
{
  g_autofree char           *folder = make_folder ();
  g_autofree char           *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaTraining) training = fixture_training (COMPOSER_RECIPE_FOR ("60"), folder, 12);
  g_autoptr(AriettaModel)    model = NULL;
  g_autoptr(AriettaPiece)    piece = fixture_tune (77, 3, 4, 9, 4);
  g_autoptr(JsonObject)      card = json_object_new (), results = NULL;
  g_autoptr(GError)          error = NULL;
  AriettaExample             example = { .piece = piece, .name = "tune", .style = "" };
  JsonObject                *shown;

  arietta_training_run (training, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  g_assert_no_error (error);
  shown = json_object_get_object_member (card, "results");
  g_assert_cmpfloat (json_object_get_double_member (shown, "nll_per_token"), >, 0.0);
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (
                                                      json_object_get_object_member (shown, "baselines"),
                                                      "ngram"),
                                                    "nll_per_token"),
                     >, 0.0);

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_model_get_styles (model)[0], ==, "even");
  g_assert_cmpstr (arietta_model_get_styles (model)[1], ==, "odd");

  results = arietta_model_evaluate (model, &example, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (results, "n_pieces"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_token"), <, 2.5);
  g_test_message ("%.3f nats a token", json_object_get_double_member (results, "nll_per_token"));
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_note"), >,
                     json_object_get_double_member (results, "nll_per_token"));
  check_counting (model, 1, json_object_get_double_member (results, "nll_per_token"));
  check_counting (model, 3, json_object_get_double_member (results, "nll_per_token"));

  fixture_remove (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/composer/tasks", test_tasks);
  g_test_add_func ("/composer/attend", test_attend);
  g_test_add_func ("/composer/step", test_step);
  g_test_add_func ("/composer/causal", test_causal);
  g_test_add_func ("/composer/infill", test_infill);
  g_test_add_data_func ("/composer/resume", COMPOSER_RECIPE, test_resume);
  g_test_add_data_func ("/composer/resume-exchanged",
                        COMPOSER_RECIPE "fill-weight = 2\nexchange-weight = 3\nbatch = 3\n[data]\nexchanged = 0.6\n", test_resume);
  g_test_add_func ("/composer/model", test_model);

  return g_test_run ();
}
