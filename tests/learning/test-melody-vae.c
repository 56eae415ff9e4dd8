#include <glib/gstdio.h>

#include "window-vae-fixtures.h"

#include "learning/arietta-melody-vae.h"
#include "learning/arietta-window-set.h"
#include "music/arietta-bar-map.h"

#include <math.h>
#include <string.h>

static AriettaModel *
train_model (const char *recipe)
{
  g_autofree char            *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaTraining)  training = fixture_training (recipe, folder, 12);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(GError)           error = NULL;
  AriettaModel               *model;

  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  fixture_remove (folder);

  return model;
}

typedef struct
{
  AriettaModel *model;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->model = train_model (FIXTURE_RECIPE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  arietta_model_unref (fixture->model);
}

static const char flat[] =
  "[model]\nkind = melody-vae\nlatent = 24\nencoder = 32\ndecoder = 48\nplace = 8\ngate = 24\n";
static const char hierarchical[] =
  "[model]\nkind = melody-vae\nlatent = 32\nencoder = 32\ndecoder = 48\nplace = 8\ngate = 24\n"
  "conductor = 24\nunit-gate = 32\npoint = 20\n[data]\nbars = 4\nunit = 2\n";

static void
test_overfit (gconstpointer text)
{
  g_autoptr(AriettaPiece) piece = fixture_tune (5, 4, 4, 11, 0);

  fixture_overfit (&arietta_melody_vae_kind, text, piece);
}

static void
test_graph_and_steps_agree (gconstpointer text)
{
  g_autoptr(AriettaPiece) piece = fixture_tune (2, 3, 4, 4, 0);

  for (guint bars = 1; bars <= (text == flat ? 2 : 4); bars++)
    fixture_graph_and_steps_agree (&arietta_melody_vae_kind, text, piece, bars);
}

/* Windows of four bars: learned, finished, and written in any number up to four, in any metre. */
static void
test_hierarchical (void)
{
  g_autoptr(AriettaModel)   model = train_model (
    "[model]\nkind = melody-vae\nlatent = 16\nencoder = 24\ndecoder = 32\nplace = 8\ngate = 16\n"
    "conductor = 20\n[data]\nbars = 4\n[training]\nminutes = 0\nepochs = 2\nbatch = 4\n"
    "validate-every = 5\nown = 0.4\n");
  g_autoptr(AriettaPiece)   piece = fixture_tune (40, 3, 4, 7, 4);
  g_autofree float         *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;
  g_autoptr(AriettaPiece)   again = NULL, longest = NULL;
  g_autoptr(GError)         error = NULL;
  AriettaDecodeSettings     settings = { .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 90 };
  AriettaRandom             random;
  guint                     n;

  g_assert_cmpuint (arietta_model_get_window_bars (model), ==, 4);

  /* The pickup among the first four bars, then the other four. */
  g_assert_true (arietta_model_encode (model, piece, &latents, &windows, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (windows[0].n_bars, ==, 4);
  g_assert_cmpuint (windows[0].n_steps, ==, 4 + 3 * 12);
  arietta_random_init (&random, 1, "decode");
  again = arietta_model_decode (model, latents, windows, n, &settings, &random, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_piece_get_end_ticks (again), ==, (4 + 7 * 12) * 120);

  for (guint bars = 1; bars <= 4; bars++)
    {
      AriettaWindow           window = { .n_bars = bars, .numerator = 7, .denominator = 8,
                                         .key = ARIETTA_TONALITY_NONE };
      g_autoptr(AriettaPiece) made =
        arietta_model_decode (model, latents, &window, 1, &settings, &random, &error);

      g_assert_no_error (error);
      g_assert_cmpint (arietta_piece_get_end_ticks (made), ==, bars * 14 * 120);
    }

  longest = arietta_model_decode (model, latents,
                                  &(AriettaWindow) { .n_bars = 5, .numerator = 2, .denominator = 4 },
                                  1, &settings, &random, &error);
  g_assert_null (longest);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE);
}

/* A bar longer than the tables of a level is refused, not read beyond them. */
static void
test_bar_too_long (void)
{
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (hierarchical, "test", NULL);
  AriettaWindowVae           *net = arietta_melody_vae_kind.build (recipe, 11, NULL);
  g_autoptr(AriettaWindowSet) set = arietta_window_set_new (&net->shape);
  g_autoptr(AriettaPiece)     piece = fixture_tune (3, 18, 4, 6, 0);
  guint                       failed = 0;

  g_assert_cmpuint (arietta_window_set_add (set, piece, "", &failed), ==, 0);
  g_assert_cmpuint (failed, >, 0);
  arietta_melody_vae_kind.free (net);
}

static const AriettaDecodeSettings plain_settings = {
  .temperature = 1.0,
  .key = { 0, ARIETTA_SCALE_MAJOR },
  .end_on_tonic = TRUE,
  .tempo_bpm = 100.0,
};

static AriettaPiece *
compose (AriettaModel                *model,
         guint64                      seed,
         const AriettaDecodeSettings *settings,
         int                          numerator,
         int                          denominator,
         guint                        n_windows)
{
  guint                     L = arietta_model_get_latent_size (model);
  g_autofree float         *latents = g_new (float, L * n_windows);
  g_autofree AriettaWindow *windows = g_new0 (AriettaWindow, n_windows);
  g_autoptr(GError)         error = NULL;
  AriettaRandom             random;
  AriettaPiece             *piece;

  arietta_random_init (&random, seed, "compose");
  for (guint i = 0; i < n_windows; i++)
    {
      arietta_model_draw_latent (model, i % 2 == 0 ? NULL : "odd", 0.5, &random, latents + i * L);
      windows[i] = (AriettaWindow) { .n_bars = 2,
                                     .numerator = numerator,
                                     .denominator = denominator,
                                     .key = ARIETTA_TONALITY_NONE };
    }
  piece = arietta_model_decode (model, latents, windows, n_windows, settings, &random, &error);
  g_assert_no_error (error);

  return piece;
}

static void
test_same_seed (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(AriettaPiece) a = compose (fixture->model, 5, &plain_settings, 4, 4, 4);
  g_autoptr(AriettaPiece) b = compose (fixture->model, 5, &plain_settings, 4, 4, 4);
  g_autoptr(AriettaPiece) c = compose (fixture->model, 6, &plain_settings, 4, 4, 4);

  g_assert_true (arietta_piece_equal (a, b));
  g_assert_false (arietta_piece_equal (a, c));
}

/* Any metre, the key kept, home at the end, one note at a time, on the grid. */
static void
test_rules (Fixture       *fixture,
            gconstpointer  data)
{
  static const int metres[][2] = { { 4, 4 }, { 3, 4 }, { 2, 4 },  { 5, 4 },
                                   { 6, 8 }, { 9, 8 }, { 12, 8 }, { 7, 8 } };

  for (guint m = 0; m < G_N_ELEMENTS (metres); m++)
    for (int tonic = 0; tonic < 12; tonic += 5)
      {
        AriettaDecodeSettings    settings = plain_settings;
        g_autoptr(AriettaPiece)  piece = NULL;
        g_autoptr(AriettaBarMap) bars = NULL;
        const AriettaNote       *notes;
        guint                    n;
        gint64                   end = 0;

        settings.key = (AriettaTonality) { tonic,
                                           m % 2 == 0 ? ARIETTA_SCALE_MAJOR : ARIETTA_SCALE_MINOR };
        settings.temperature = 1.3;
        piece = compose (fixture->model, 20 + m, &settings, metres[m][0], metres[m][1], 3);
        bars = arietta_bar_map_new (piece);
        notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);

        g_assert_cmpint (arietta_bar_map_get_nth (bars, 0)->numerator, ==, metres[m][0]);
        g_assert_cmpint (arietta_bar_map_get_nth (bars, 0)->denominator, ==, metres[m][1]);
        g_assert_false (arietta_bar_map_has_pickup (bars));
        for (guint i = 0; i < n; i++)
          {
            g_assert_cmpint (notes[i].onset_ticks, >=, end);
            g_assert_cmpint (notes[i].onset_ticks % 120, ==, 0);
            g_assert_cmpint (notes[i].duration_ticks, >, 0);
            g_assert_true (arietta_tonality_contains (settings.key, notes[i].pitch));
            g_assert_cmpint (notes[i].velocity, >, 0);
            end = notes[i].onset_ticks + notes[i].duration_ticks;
          }
        if (n > 0)
          g_assert_cmpint (notes[n - 1].pitch % 12, ==, tonic);
        g_assert_cmpint (end, <=, 3 * 2 * metres[m][0] * 1920 / metres[m][1]);
      }
}

static void
test_encode (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(AriettaPiece)   piece = fixture_tune (3, 4, 4, 7, 4);
  g_autofree float         *latents = NULL;
  g_autofree AriettaWindow *windows = NULL;
  g_autoptr(AriettaPiece)   again = NULL;
  g_autoptr(AriettaBarMap)  bars = NULL;
  g_autoptr(GError)         error = NULL;
  AriettaDecodeSettings     settings = { .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 90 };
  AriettaRandom             random;
  guint                     n;

  g_assert_true (arietta_model_encode (fixture->model, piece, &latents, &windows, &n, &error));
  g_assert_no_error (error);

  /* The pickup by itself, three pairs of bars and the odd one. */
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (windows[0].n_bars, ==, 1);
  g_assert_cmpuint (windows[0].n_steps, ==, 4);
  g_assert_cmpint (windows[1].start_ticks, ==, 480);
  g_assert_cmpuint (windows[1].n_bars, ==, 2);
  g_assert_cmpuint (windows[1].n_steps, ==, 32);
  g_assert_cmpuint (windows[4].n_bars, ==, 1);
  for (guint i = 0; i < n * 16; i++)
    g_assert_true (isfinite (latents[i]));

  arietta_random_init (&random, 1, "decode");
  again = arietta_model_decode (fixture->model, latents, windows, n, &settings, &random, &error);
  g_assert_no_error (error);
  bars = arietta_bar_map_new (again);
  g_assert_true (arietta_bar_map_has_pickup (bars));
  g_assert_cmpint (arietta_bar_map_get_start (bars, 1), ==, 480);
}

static void
test_nothing_to_encode (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_freeze (arietta_piece_new (480));
  float                  *latents;
  AriettaWindow          *windows;
  guint                   n;
  g_autoptr(GError)       error = NULL;

  g_assert_false (arietta_model_encode (fixture->model, piece, &latents, &windows, &n, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
  g_assert_null (latents);
}

static void
test_too_long_a_metre (Fixture       *fixture,
                       gconstpointer  data)
{
  float             latent[16] = { 0 };
  AriettaWindow     window = { .n_bars = 2, .numerator = 200, .denominator = 4 };
  AriettaRandom     random;
  g_autoptr(GError) error = NULL;

  arietta_random_init (&random, 1, "decode");
  g_assert_null (
    arietta_model_decode (fixture->model, latent, &window, 1, &plain_settings, &random, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNABLE);
}

static void
count_steps_cb (const char *file,
                guint       step,
                guint       voice,
                double      nll,
                gboolean    correct,
                gpointer    user_data)
{
  guint *n = user_data;

  g_assert_cmpstr (file, ==, "tune.mid");
  g_assert_cmpfloat (nll, >=, -1e-6);
  (*n)++;
}

static void
test_evaluate (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = fixture_tune (40, 4, 4, 8, 0);
  g_autoptr(AriettaPiece) silent = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(AriettaPiece) learned = fixture_tune (0, 4, 4, 6, 0);
  AriettaExample          known = { learned, "known.mid", "", FALSE };
  AriettaExample examples[2] = { { piece, "tune.mid", "", FALSE },
                                 { silent, "silent.mid", "", FALSE } };
  g_autoptr(GError)       error = NULL;
  g_autoptr(JsonObject)   results = NULL;
  guint                   n_steps = 0;

  results = arietta_model_evaluate (fixture->model, examples, 2, count_steps_cb, NULL, &n_steps,
                                    &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (results, "n_pieces"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (results, "pieces_skipped"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (results, "n_windows"), ==, 7);
  g_assert_cmpint (json_object_get_int_member (results, "n_predicted"), ==, n_steps);
  g_assert_cmpuint (n_steps, ==, 7 * 32);
  g_assert_true (json_object_get_null_member (results, "nll_per_note"));
  g_assert_true (json_object_has_member (results, "copied_share"));
  g_assert_cmpint (json_object_get_int_member (results, "seen"), ==, 0);

  g_clear_pointer (&results, json_object_unref);
  results = arietta_model_evaluate (fixture->model, &known, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (results, "seen"), ==, 1);

  g_clear_pointer (&results, json_object_unref);
  results = arietta_model_evaluate (fixture->model, examples + 1, 1, NULL, NULL, NULL, &error);
  g_assert_null (results);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
}

static void
test_style_chances (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = fixture_tune (40, 4, 4, 8, 0);
  g_autoptr(GHashTable)   chances = arietta_model_measure_style (fixture->model, piece);
  double                  even = *(double *) g_hash_table_lookup (chances, "even");
  double                  odd = *(double *) g_hash_table_lookup (chances, "odd");

  g_assert_cmpfloat_with_epsilon (even + odd, 1.0, 1e-9);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/learning/melody-vae/overfit/flat", flat, test_overfit);
  g_test_add_data_func ("/learning/melody-vae/overfit/hierarchical", hierarchical, test_overfit);
  g_test_add_func ("/learning/melody-vae/hierarchical", test_hierarchical);
  g_test_add_func ("/learning/melody-vae/bar-too-long", test_bar_too_long);
  g_test_add_data_func ("/learning/melody-vae/graph-and-steps-agree/flat", flat,
                        test_graph_and_steps_agree);
  g_test_add_data_func ("/learning/melody-vae/graph-and-steps-agree/hierarchical", hierarchical,
                        test_graph_and_steps_agree);
#define ADD(name, function) \
  g_test_add ("/learning/melody-vae/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("same-seed", test_same_seed);
  ADD ("rules", test_rules);
  ADD ("encode", test_encode);
  ADD ("nothing-to-encode", test_nothing_to_encode);
  ADD ("too-long-a-metre", test_too_long_a_metre);
  ADD ("evaluate", test_evaluate);
  ADD ("style-chances", test_style_chances);

  return g_test_run ();
}
