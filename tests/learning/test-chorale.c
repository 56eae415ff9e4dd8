#include <glib/gstdio.h>
#include "learning-fixtures.h"
#include "learning/arietta-chorale-private.h"

#include <math.h>
#include <string.h>

#define RECIPE                                                                         \
  "[model]\nkind = chorale\ninput = 24\nunits = 32\nlayers = 2\nhead = 32\nmiddle = 24\n" \
  "[data]\nsteps = 32\n"                                                                \
  "[training]\nminutes = 0\nepochs = 30\nbatch = 4\nforget = 0\ndropout = 0.1\nrate = 0.01\nvalidate-every = 50\n"

/* Chords of a simple cadence in a major key, over and over, the soprano turning about. */
static AriettaPiece *
make_chorale (guint nth,
              guint n_chords)
{
  static const int chords[][ARIETTA_N_VOICES] = {
    { 72, 67, 64, 48 }, { 71, 67, 62, 55 }, { 72, 69, 65, 53 }, { 74, 71, 67, 43 },
    { 72, 67, 64, 48 }, { 69, 65, 60, 53 }, { 71, 67, 62, 43 }, { 72, 67, 64, 48 },
  };
  static const char * const names[] = { "Soprano", "Alto", "Tenor", "Bass" };
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaRandom random;

  arietta_random_init (&random, nth, "chorale");
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    arietta_piece_add_track (piece, names[v]);
  for (guint c = 0; c < n_chords; c++)
    {
      const int *chord = chords[(c + arietta_random_below (&random, 3)) % G_N_ELEMENTS (chords)];

      for (int v = 0; v < ARIETTA_N_VOICES; v++)
        arietta_track_add_note (arietta_piece_get_track (piece, (guint) v), &(AriettaNote) {
                                  .onset_ticks = c * 480,
                                  .duration_ticks = 480,
                                  .pitch = (guint8) (chord[v] + (int) (nth % 5) - 2),
                                  .velocity = 80,
                                  .channel = (guint8) v,
                                });
    }

  return arietta_piece_freeze (piece);
}

/* The graph that learns and the steps that predict are the same network, in every key. */
static void
test_graph_and_steps_agree (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (RECIPE, "test", NULL);
  AriettaChorale          *net = arietta_chorale_kind.build (recipe, 5, NULL);
  g_autoptr(AriettaPiece)  piece = make_chorale (2, 14);
  g_autoptr(AriettaVoices) voices = arietta_voices_new (piece);
  AriettaChoraleGraph     *graph = arietta_chorale_graph_new (net, 48, 2, 0.0, 0.0, NULL, NULL);
  AriettaChoraleWalk      *walk;

  g_assert_nonnull (voices);
  g_assert_nonnull (graph);
  arietta_chorale_kind.ready (net);
  arietta_chorale_graph_fill (graph, 0, voices, 0, 0, NULL);
  arietta_chorale_graph_fill (graph, 1, voices, 0, 3, NULL);
  arietta_graph_forward (graph->graph);

  walk = arietta_chorale_walk_new (net, 1, NULL);
  for (guint s = 0; s < 48; s++)
    {
      arietta_chorale_walk_step (walk, voices->phases[s]);
      for (int k = 0; k < ARIETTA_N_VOICES; k++)
        {
          const float *logits = arietta_graph_get_values (graph->graph, graph->logits[k])
                                + (gsize) s * 2 * CHORALE_TOKENS;
          double       chances[CHORALE_TOKENS], sum = 0.0, total = 0.0;

          arietta_chorale_walk_predict (walk, k, &voices->frames[s], chances);
          for (int t = 0; t < CHORALE_TOKENS; t++)
            sum += exp (logits[t]);
          for (int t = 0; t < CHORALE_TOKENS; t++)
            {
              g_assert_cmpfloat_with_epsilon (chances[t], exp (logits[t]) / sum, 1e-5);
              total += chances[t];
            }
          g_assert_cmpfloat_with_epsilon (total, 1.0, 1e-5);
        }
      arietta_chorale_walk_push (walk, &voices->frames[s]);
    }

  arietta_chorale_walk_free (walk);
  arietta_chorale_graph_free (graph);
  arietta_chorale_kind.free (net);
}

/* Training runs to its end and predicts a new piece of the same manner better than repeating does. */
static void
test_learns (void)
{
  g_autofree char            *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (RECIPE, "test", NULL);
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaTraining)  training = arietta_training_new (recipe, 3, 0.0, 0, folder, &error);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(AriettaPiece)     test = make_chorale (41, 40);
  g_autoptr(JsonObject)       results = NULL;
  AriettaExample              example = { .piece = test, .name = "test", .style = "" };

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(AriettaPiece) piece = make_chorale (i, 24);

      g_assert_true (arietta_training_add (training, &(AriettaExample) {
                                             .piece = piece, .name = "", .style = "chorale", .validation = i % 5 == 4 }));
    }
  g_assert_true (arietta_training_begin (training, &error));
  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  results = arietta_model_evaluate (model, &example, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%f nats, %f right, %f of the changed", json_object_get_double_member (results, "nll_per_note"),
                  json_object_get_double_member (results, "accuracy"),
                  json_object_get_double_member (results, "changed_accuracy"));
  g_assert_cmpint (json_object_get_int_member (results, "n_predicted"), ==, 4 * 160);
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_note"), <, 0.6);
  g_assert_cmpfloat (json_object_get_double_member (results, "changed_accuracy"), >, 0.2);
  fixture_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learning/chorale/graph-and-steps-agree", test_graph_and_steps_agree);
  g_test_add_func ("/learning/chorale/learns", test_learns);

  return g_test_run ();
}
