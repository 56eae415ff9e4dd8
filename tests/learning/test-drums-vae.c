#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "learning/arietta-drums-vae.h"
#include "learning/arietta-window-vae-private.h"
#include "music/arietta-bar-map.h"

#include <math.h>

static const char recipe_text[] =
  "[model]\nkind = drums-vae\nlatent = 12\nencoder = 24\ndecoder = 32\nplace = 8\ngate = 16\n"
  "[training]\nminutes = 0\nepochs = 40\nbatch = 8\nrate = 0.01\nvalidate-every = 50\n"
  "free = 1\nbeta = 0.1\nnoise = 0\nown = 0.3\n";

/* Kick and snare in turn with a hat whose speed and place tell the grooves apart, and a snare more
 * whose place tells the bars apart. */
static AriettaPiece *
make_groove (guint nth)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "");
  guint         every = 1u << nth % 3;

  arietta_piece_set_meter (piece, 0, 4, 4);
  for (guint s = 0; s < 64; s++)
    {
      AriettaNote note = { .onset_ticks = s * 120, .duration_ticks = 60, .channel = 9 };

      if (s % every == 0)
        {
          note.pitch = nth % 2 == 0 ? 42 : 51;
          note.velocity = s % 4 == 0 ? 100 : 60;
          arietta_track_add_note (track, &note);
        }
      if (s % 4 == 0 || s % 16 == 2 * (s / 16) + 1)
        {
          note.pitch = s % 8 == 0 ? 36 : 38;
          note.velocity = 112;
          arietta_track_add_note (track, &note);
        }
    }

  return arietta_piece_freeze (piece);
}

static AriettaModel *
train (void)
{
  g_autofree char            *folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (recipe_text, "test", &error);
  g_autoptr(AriettaTraining)  training = NULL;
  g_autoptr(JsonObject)       card = json_object_new ();
  AriettaModel               *model;

  g_assert_no_error (error);
  training = arietta_training_new (recipe, 3, 0.0, 0, folder, &error);
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr(AriettaPiece) piece = make_groove (i % 6);
      AriettaExample          example = { .piece = piece, .name = "groove",
                                          .style = i % 2 == 0 ? "hat" : "ride",
                                          .validation = i >= 6 };

      g_assert_true (arietta_training_add (training, &example));
    }
  g_assert_true (arietta_training_begin (training, &error));
  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  fixture_remove (folder);

  return model;
}

/* A groove it has learned comes back through its point; draws are drums and nothing else. */
static void
test_learn_and_play (void)
{
  g_autoptr(AriettaModel)   model = train ();
  g_autoptr(AriettaPiece)   groove = make_groove (1), again = NULL, silent = NULL;
  g_autofree float         *latents = NULL, *none = NULL;
  g_autofree AriettaWindow *windows = NULL, *no_windows = NULL;
  AriettaExample            example = { .piece = groove, .name = "groove", .style = "" };
  AriettaDecodeSettings     settings = { .key = ARIETTA_TONALITY_NONE, .tempo_bpm = 100.0 };
  g_autoptr(JsonObject)     results = NULL;
  g_autoptr(GError)         error = NULL;
  AriettaRandom             random;
  const AriettaNote        *notes;
  guint                     n, n_notes;

  g_assert_cmpuint (arietta_model_get_window_bars (model), ==, 2);
  g_assert_true (arietta_model_get_abilities (model) & ARIETTA_MODEL_WRITES_DRUMS);
  results = arietta_model_evaluate (model, &example, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("sampled %.3f",
                  json_object_get_double_member (json_object_get_object_member (results,
                                                                                "reconstruction"),
                                                 "sampled"));
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (results,
                                                                                   "reconstruction"),
                                                    "sampled"), >, 0.9);

  g_assert_true (arietta_model_encode (model, groove, &latents, &windows, &n, &error));
  g_assert_cmpuint (n, ==, 2);
  arietta_random_init (&random, 1, "decode");
  again = arietta_model_decode (model, latents, windows, n, &settings, &random, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arietta_piece_get_n_tracks (again), ==, 1);
  g_assert_true (arietta_track_is_percussion (arietta_piece_get_track (again, 0)));
  notes = arietta_track_get_notes (arietta_piece_get_track (again, 0), &n_notes);
  g_assert_cmpuint (n_notes, >, 0);
  for (guint i = 0; i < n_notes; i++)
    {
      g_assert_cmpint (notes[i].channel, ==, 9);
      g_assert_cmpint (notes[i].velocity, >, 0);
      g_assert_cmpint (notes[i].onset_ticks, >=, 0);
      g_assert_cmpint (notes[i].onset_ticks, <, 64 * 120);
    }

  {
    /* Two deviations against density and two along it. */
    const float *vector = arietta_model_get_attribute_vector (model, "density");
    guint        counts[2], size = arietta_model_get_latent_size (model);

    g_assert_nonnull (vector);
    g_assert_null (arietta_model_get_attribute_vector (model, "nonsense"));
    g_assert_true (g_strv_contains (arietta_model_get_attributes (model), "density"));
    for (int side = 0; side < 2; side++)
      {
        g_autofree float       *moved = g_memdup2 (latents, sizeof (float) * n * size);
        g_autoptr(AriettaPiece) piece = NULL;

        for (guint i = 0; i < n * size; i++)
          moved[i] += (side == 0 ? -2.0f : 2.0f) * vector[i % size];
        piece = arietta_model_decode (model, moved, windows, n, &settings, &random, &error);
        g_assert_no_error (error);
        counts[side] = arietta_piece_get_n_notes (piece);
      }
    g_test_message ("%u notes, then %u", counts[0], counts[1]);
    g_assert_cmpuint (counts[1], >, counts[0]);
  }

  silent = fixture_tune (1, 4, 4, 4, 0);
  g_assert_false (arietta_model_encode (model, silent, &none, &no_windows, &n, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
}

/* Where no counts lie with the weights, each groove is counted on by the others, a single one by its own
 * beginning: the same bars again are then foreseen. */
static void
test_counted_in_turn (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (recipe_text, "test", NULL);
  AriettaWindowVae        *net = arietta_drums_vae_kind.build (recipe, 11, NULL);
  AriettaExample           examples[3];
  double                   right[3];

  arietta_window_vae_ready (net);

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    examples[i] = (AriettaExample) { .piece = make_groove (i == 1 ? 3 : 1), .name = "groove", .style = "" };
  for (guint n = 1; n <= G_N_ELEMENTS (examples); n++)
    {
      g_autoptr(JsonObject) results = json_object_new ();
      JsonObject           *ngram;

      g_assert_true (arietta_window_vae_evaluate (net, examples, n, results, NULL, NULL, NULL, NULL));
      ngram = json_object_get_object_member (json_object_get_object_member (results, "baselines"), "ngram");
      g_assert_cmpstr (json_object_get_string_member (ngram, "counted_on"), ==, n == 1 ? "itself" : "others");
      g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_step"), >, 0.0);
      right[n - 1] = json_object_get_double_member (ngram, "accuracy");
    }
  g_test_message ("%.3f alone, %.3f by another, %.3f with a twin", right[0], right[1], right[2]);
  g_assert_cmpfloat (right[2], >, right[1] + 0.2);

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    arietta_piece_unref (examples[i].piece);
  arietta_drums_vae_kind.free (net);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learning/drums-vae/learn-and-play", test_learn_and_play);
  g_test_add_func ("/learning/drums-vae/counted-in-turn", test_counted_in_turn);

  return g_test_run ();
}
