#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "formats/arietta-formats.h"
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

  walk = arietta_chorale_walk_new (net, 1);
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

static gboolean
stop_cb (gpointer user_data)
{
  int *n = user_data;

  return --*n > 0;
}

static void
check_writing (AriettaModel *model)
{
  AriettaWriteSettings settings = {
    .bars = 4, .numerator = 3, .denominator = 4, .key = { 2, ARIETTA_SCALE_MAJOR }, .temperature = 1.0, .tempo_bpm = 80,
  };
  AriettaPiece            *pieces[3];
  g_autoptr(AriettaVoices) voices = NULL;
  g_autoptr(GError)        error = NULL;
  AriettaRandom            random;
  int                      n = 5;

  for (int i = 0; i < 3; i++)
    {
      arietta_random_init (&random, i < 2 ? 1 : 2, "test");
      pieces[i] = arietta_model_write (model, &settings, &random, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (arietta_piece_get_n_tracks (pieces[i]), ==, ARIETTA_N_VOICES);
      g_assert_cmpint (arietta_piece_get_notes_end_ticks (pieces[i]), ==, 4 * 3 * 480);
    }
  g_assert_true (arietta_piece_equal (pieces[0], pieces[1]));
  g_assert_false (arietta_piece_equal (pieces[0], pieces[2]));

  /* From the tonic to the tonic. */
  voices = arietta_voices_new (pieces[0]);
  g_assert_cmpint (voices->frames[0].pitches[ARIETTA_VOICE_BASS] % 12, ==, 2);
  g_assert_cmpint (voices->frames[47].pitches[ARIETTA_VOICE_BASS] % 12, ==, 2);

  g_assert_null (arietta_model_write (model, &settings, &random, stop_cb, &n, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED);
  for (int i = 0; i < 3; i++)
    arietta_piece_unref (pieces[i]);
}

/* A tune in three-four with a pickup, a rest and triplets, too low for a soprano, beside a drum. */
static AriettaPiece *
make_tune (void)
{
  static const struct { int onset, duration, pitch; } notes[] = {
    { 240, 240, 55 }, { 480, 480, 60 }, { 960, 160, 62 }, { 1120, 160, 64 }, { 1280, 160, 65 }, { 1440, 480, 67 },
    { 2400, 480, 64 }, { 2880, 960, 60 },
  };
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Tune");

  arietta_piece_set_meter (piece, 0, 3, 4);
  arietta_piece_set_meter (piece, 480, 3, 4);
  arietta_piece_set_tempo (piece, 960, 400000);
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = notes[i].onset, .duration_ticks = notes[i].duration,
                                                    .pitch = (guint8) notes[i].pitch, .velocity = (guint8) (70 + i), .channel = 3,
                                                    .program = 73 });
  arietta_track_add_event (track, 300, 0xb3, 7, 99, NULL, 0);
  arietta_track_add_note (arietta_piece_add_track (piece, "Drum"),
                          &(AriettaNote) { .onset_ticks = 480, .duration_ticks = 10, .pitch = 36, .velocity = 90, .channel = 9 });

  return arietta_piece_freeze (piece);
}

static void
check_harmonising (AriettaModel *model)
{
  AriettaWriteSettings     settings = { .key = ARIETTA_TONALITY_NONE, .temperature = 1.0 };
  g_autoptr(AriettaPiece)  tune = make_tune (), set = NULL, again = NULL, drums = NULL;
  g_autoptr(AriettaVoices) voices = NULL;
  g_autoptr(GError)        error = NULL;
  AriettaRandom            random;
  const AriettaNote       *before, *after;
  guint                    n_before, n_after, n;

  arietta_random_init (&random, 4, "test");
  set = arietta_model_harmonise (model, tune, &settings, &random, NULL, NULL, &error);
  g_assert_no_error (error);
  arietta_random_init (&random, 4, "test");
  again = arietta_model_harmonise (model, tune, &settings, &random, NULL, NULL, &error);
  g_assert_true (arietta_piece_equal (set, again));

  g_assert_cmpuint (arietta_piece_get_n_tracks (set), ==, ARIETTA_N_VOICES);
  before = arietta_track_get_notes (arietta_piece_get_track (tune, 0), &n_before);
  after = arietta_track_get_notes (arietta_piece_get_track (set, 0), &n_after);
  g_assert_cmpuint (n_after, ==, n_before);
  for (guint i = 0; i < n_before; i++)
    {
      g_assert_cmpint (after[i].onset_ticks, ==, before[i].onset_ticks);
      g_assert_cmpint (after[i].duration_ticks, ==, before[i].duration_ticks);
      g_assert_cmpint (after[i].pitch, ==, before[i].pitch);
      g_assert_cmpint (after[i].velocity, ==, before[i].velocity);
      g_assert_cmpint (after[i].channel, ==, before[i].channel);
      g_assert_cmpint (after[i].program, ==, before[i].program);
    }
  arietta_piece_get_meters (set, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (arietta_piece_get_tempo_at (set, 960), ==, 400000);

  /* The lower voices come in with the melody, sing on through its rest, and end with it. */
  voices = arietta_voices_new (set);
  g_assert_nonnull (voices);
  g_assert_cmpuint (voices->n_steps, ==, 32);
  for (guint s = 0; s < voices->n_steps; s++)
    for (int v = 1; v < ARIETTA_N_VOICES; v++)
      g_assert_true ((voices->frames[s].pitches[v] == ARIETTA_VOICE_REST) == (s < 2));

  drums = arietta_piece_copy (tune);
  arietta_piece_remove_track (drums, 0);
  arietta_piece_freeze (drums);
  g_assert_null (arietta_model_harmonise (model, drums, &settings, &random, NULL, NULL, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
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
  JsonObject                 *ngram;
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
  /* A single piece is counted on by what went before in it. */
  ngram = json_object_get_object_member (json_object_get_object_member (results, "baselines"), "ngram");
  g_assert_cmpstr (json_object_get_string_member (ngram, "counted_on"), ==, "itself");
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_note"), >,
                     json_object_get_double_member (results, "nll_per_note"));
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_note"), <, log (CHORALE_TOKENS));
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_note"), <, 0.6);
  g_assert_cmpfloat (json_object_get_double_member (results, "changed_accuracy"), >, 0.2);
  fixture_remove (folder);

  check_writing (model);
  check_harmonising (model);
}

/* Counting knows what it has seen, unlearns what it is told to, and gives distributions. */
static void
test_counts (void)
{
  g_autoptr(AriettaChoraleCounts) counts = arietta_chorale_counts_new ();
  g_autoptr(AriettaPiece)         one = make_chorale (1, 20), other = make_chorale (7, 20);
  g_autoptr(AriettaVoices)        first = arietta_voices_new (one), second = arietta_voices_new (other);
  AriettaChoraleFigures           alone = { 0 }, again = { 0 }, known = { 0 };
  double                          chances[CHORALE_TOKENS], sum = 0.0;

  arietta_chorale_counts_learn (counts, first, 1);
  arietta_chorale_measure_counts (counts, second, &alone);
  arietta_chorale_counts_predict (counts, second, 9, 2, chances);
  for (int t = 0; t < CHORALE_TOKENS; t++)
    {
      g_assert_cmpfloat (chances[t], >, 0.0);
      sum += chances[t];
    }
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 0.01);

  arietta_chorale_counts_learn (counts, second, 1);
  arietta_chorale_measure_counts (counts, second, &known);
  g_assert_cmpfloat (known.nll, <, 0.8 * alone.nll);
  arietta_chorale_counts_learn (counts, second, -1);
  arietta_chorale_measure_counts (counts, second, &again);
  g_assert_cmpfloat (again.nll, ==, alone.nll);
}

/* The figure that counting reaches on the chorales (0.488 nats per note, where it was read). */
static void
test_counts_on_chorales (void)
{
  const char           *shared = g_getenv ("ARIETTA_SHARED_DIR");
  g_autoptr(AriettaChoraleCounts) counts = arietta_chorale_counts_new ();
  AriettaChoraleFigures figures = { 0 };

  for (int part = 0; part < 2 && shared != NULL; part++)
    for (int i = 0; i < (part == 0 ? 229 : 76); i++)
      {
        g_autofree char         *name = g_strdup_printf ("%s_%03d.mid", part == 0 ? "train" : "valid", i);
        g_autofree char         *path = g_build_filename (shared, "data", "jsb-chorales", name, NULL);
        g_autoptr(AriettaPiece)  piece = arietta_formats_read (path, NULL, NULL);
        g_autoptr(AriettaVoices) voices = piece != NULL ? arietta_voices_new (piece) : NULL;

        if (voices == NULL)
          break;
        if (part == 0)
          arietta_chorale_counts_learn (counts, voices, 1);
        else
          arietta_chorale_measure_counts (counts, voices, &figures);
      }
  if (figures.notes == 0.0)
    {
      g_test_skip ("there are no chorales here");
      return;
    }

  g_test_message ("%.4f nats, %.4f right, %.4f of the changed", figures.nll / figures.notes,
                  figures.right / figures.notes, figures.changed_right / figures.changed);
  g_assert_cmpfloat (figures.nll / figures.notes, <, 0.51);
  g_assert_cmpfloat (figures.nll / figures.notes, >, 0.45);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learning/chorale/graph-and-steps-agree", test_graph_and_steps_agree);
  g_test_add_func ("/learning/chorale/learns", test_learns);
  g_test_add_func ("/learning/chorale/counts", test_counts);
  g_test_add_func ("/learning/chorale/counts-on-chorales", test_counts_on_chorales);

  return g_test_run ();
}
