#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

static char *
make_folder (void)
{
  return g_dir_make_tmp ("arietta-XXXXXX", NULL);
}

/* Stops after some steps; counts down. */
static gboolean
count_down_cb (gpointer user_data)
{
  int *left = user_data;

  return --*left > 0;
}

static void
assert_equal_params (AriettaTraining *a,
                     AriettaTraining *b)
{
  AriettaParams *x = arietta_training_get_params (a), *y = arietta_training_get_params (b);

  g_assert_cmpmem (arietta_params_get_values (x), arietta_params_get_size (x) * sizeof (float),
                   arietta_params_get_values (y), arietta_params_get_size (y) * sizeof (float));
}

/* A run that was stopped again and again ends in the same bits as one that was not. */
static void
test_resume (gconstpointer data)
{
  g_autofree char            *recipe = g_strconcat (FIXTURE_RECIPE, data, NULL);
  g_autofree char            *folder = make_folder ();
  g_autofree char            *broken_folder = make_folder ();
  g_autoptr(AriettaTraining)  whole = fixture_training (recipe, folder, 12);
  g_autoptr(AriettaTraining)  broken = NULL;
  g_autoptr(GArray)           points = NULL;
  g_autoptr(GError)           error = NULL;
  AriettaTrainingOutcome      outcome;
  int                         n_stretches = 0;

  outcome = arietta_training_run (whole, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, ARIETTA_TRAINING_COMPLETE);

  do
    {
      int left = 4;

      g_clear_pointer (&broken, arietta_training_free);
      broken = fixture_training (recipe, broken_folder, 12);
      outcome = arietta_training_run (broken, NULL, count_down_cb, &left, &error);
      g_assert_no_error (error);
      n_stretches++;
    }
  while (outcome == ARIETTA_TRAINING_STOPPED);

  g_assert_cmpint (n_stretches, >=, 3);
  g_assert_cmpint (arietta_training_get_step (whole), ==, arietta_training_get_step (broken));
  g_assert_cmpfloat (arietta_training_get_validation_loss (whole), ==,
                     arietta_training_get_validation_loss (broken));
  assert_equal_params (whole, broken);

  /* The curve has each measurement once. */
  points = arietta_training_read_log (broken_folder, &error);
  g_assert_no_error (error);
  for (guint i = 1; i < points->len; i++)
    g_assert_cmpint (g_array_index (points, AriettaTrainingPoint, i).step, >,
                     g_array_index (points, AriettaTrainingPoint, i - 1).step);

  fixture_remove (folder);
  fixture_remove (broken_folder);
}

/* What is measured and kept is the average and not the run's own weights, of which rounding to 16 bits
 * would leave 0.05 %; also when the end is the first time that anything is measured. */
static void
test_average_is_kept (void)
{
  g_autofree char            *folder = make_folder ();
  g_autofree char            *recipe = g_strconcat (FIXTURE_RECIPE, "validate-every = 1000\nema = 0.999\n", NULL);
  g_autoptr(AriettaTraining)  training = fixture_training (recipe, folder, 12);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(GError)           error = NULL;
  AriettaParams              *params = arietta_training_get_params (training);
  g_autofree float           *own = NULL;
  gsize                       size = arietta_params_get_size (params), n_far = 0;

  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_COMPLETE);
  own = g_memdup2 (arietta_params_get_values (params), size * sizeof (float));
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  g_assert_no_error (error);

  for (gsize i = 0; i < size; i++)
    n_far += fabsf (own[i] - arietta_params_get_values (params)[i]) > 0.005f * fabsf (own[i]) + 1e-6f;
  g_assert_cmpuint (n_far, >, size / 20);

  fixture_remove (folder);
}

/* Numbers that ran away end the run with a sentence, and the last good checkpoint stays as it was. */
static void
test_not_finite (void)
{
  g_autofree char            *folder = make_folder ();
  g_autofree char            *state = g_build_filename (folder, "state.safetensors", NULL);
  g_autofree char            *before = NULL, *after = NULL;
  g_autoptr(AriettaTraining)  training = fixture_training (FIXTURE_RECIPE, folder, 12);
  g_autoptr(GError)           error = NULL;
  gsize                       n_before, n_after;
  int                         left = 4;

  g_assert_cmpint (arietta_training_run (training, NULL, count_down_cb, &left, &error), ==,
                   ARIETTA_TRAINING_STOPPED);
  g_assert_true (g_file_get_contents (state, &before, &n_before, NULL));

  arietta_params_get (arietta_training_get_params (training), "out.weight")[5] = NAN;
  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_FAILED);
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_NOT_FINITE);
  g_assert_nonnull (strstr (error->message, "step 5"));
  g_assert_nonnull (strstr (error->message, "out.weight"));
  g_assert_true (g_file_get_contents (state, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);

  fixture_remove (folder);
}

/* What a kill leaves behind: steps made after the checkpoint and lines of the log, the last one
 * torn. */
static void
test_killed (void)
{
  g_autofree char            *folder = make_folder ();
  g_autofree char            *killed_folder = make_folder ();
  g_autofree char            *log = g_build_filename (killed_folder, "log.jsonl", NULL);
  g_autoptr(AriettaTraining)  whole = fixture_training (FIXTURE_RECIPE, folder, 12);
  g_autoptr(AriettaTraining)  killed = fixture_training (FIXTURE_RECIPE, killed_folder, 12);
  g_autoptr(GError)           error = NULL;
  g_autofree char            *text = NULL;
  FILE                       *file;
  int                         left = 7;

  g_assert_cmpint (arietta_training_run (killed, NULL, count_down_cb, &left, &error), ==,
                   ARIETTA_TRAINING_STOPPED);
  g_clear_pointer (&killed, arietta_training_free);
  file = g_fopen (log, "a");
  fputs ("{\"step\": 999, \"seconds\": 1, \"train_loss\": 1, \"validation_loss\": 1, "
         "\"learning_rate\": 1}\n{\"st",
         file);
  fclose (file);

  killed = fixture_training (FIXTURE_RECIPE, killed_folder, 12);
  g_assert_cmpint (arietta_training_run (killed, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_COMPLETE);
  g_assert_cmpint (arietta_training_run (whole, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_COMPLETE);
  g_assert_no_error (error);
  assert_equal_params (whole, killed);
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  g_assert_null (strstr (text, "999"));

  fixture_remove (folder);
  fixture_remove (killed_folder);
}

static void
test_no_data (void)
{
  g_autofree char            *folder = make_folder ();
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (FIXTURE_RECIPE, "test", NULL);
  g_autoptr(AriettaTraining)  training = arietta_training_new (recipe, 1, 0.0, 1, folder, NULL);
  g_autoptr(AriettaPiece)     silent = arietta_piece_freeze (arietta_piece_new (480));
  g_autoptr(AriettaPiece)     short_one = fixture_tune (1, 4, 4, 2, 0);

  g_assert_false (arietta_training_add (training, &(AriettaExample) {
                                                    .piece = silent, .name = "a", .style = "" }));
  g_assert_true (arietta_training_add (training, &(AriettaExample) {
                                                   .piece = short_one, .name = "b", .style = "" }));
  g_assert_false (arietta_training_begin (training, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);

  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A folder that cannot be written ends the run with a sentence, not with a lost hour later on. */
static void
test_unwritable (void)
{
  g_autofree char            *folder = make_folder ();
  g_autoptr(AriettaTraining)  training = fixture_training (FIXTURE_RECIPE, folder, 6);
  g_autoptr(GError)           error = NULL;

  fixture_remove (folder);
  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_FAILED);
  g_assert_nonnull (error);
}

/* A finished run gives a model that can be loaded, with prior, styles and figures. */
static void
test_finish (void)
{
  g_autofree char            *folder = make_folder ();
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaTraining)  training = fixture_training (FIXTURE_RECIPE, folder, 12);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(AriettaModel)     model = NULL;
  g_autoptr(GError)           error = NULL;
  JsonObject                 *results, *baselines;

  g_assert_cmpint (arietta_training_run (training, NULL, NULL, NULL, &error), ==,
                   ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  g_assert_no_error (error);

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_model_get_kind (model), ==, "melody-vae");
  g_assert_cmpuint (arietta_model_get_latent_size (model), ==, 16);
  g_assert_cmpuint (strlen (arietta_model_get_sha256 (model)), ==, 64);
  g_assert_cmpstr (arietta_model_get_styles (model)[0], ==, "even");
  g_assert_cmpstr (arietta_model_get_styles (model)[1], ==, "odd");
  g_assert_null (arietta_model_get_styles (model)[2]);
  g_assert_nonnull (arietta_model_get_style_vector (model, "odd"));
  g_assert_null (arietta_model_get_style_vector (model, "neither"));
  g_assert_cmpuint (arietta_model_get_parameters (model), ==,
                    (guint64) json_object_get_int_member (card, "parameters"));

  results = json_object_get_object_member (card, "results");
  g_assert_cmpfloat (json_object_get_double_member (results, "elbo_per_step"), >, 0.0);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (results, "elbo_per_step"),
                                  json_object_get_double_member (results,
                                                                 "reconstruction_nats_per_step")
                                    + json_object_get_double_member (results, "kl_per_step"),
                                  1e-9);
  baselines = json_object_get_object_member (results, "baselines");
  g_assert_true (json_object_has_member (baselines, "copy"));
  g_assert_true (json_object_has_member (baselines, "ngram"));
  g_assert_true (json_object_has_member (baselines, "nearest_window"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (card, "data")), ==, 2);

  fixture_remove (folder);
}

/* A hierarchical net takes from a flat one what has the same name and shape, and nothing else. */
static void
test_take_weights (void)
{
  static const char tall_recipe[] =
    "[model]\nkind = melody-vae\nlatent = 20\nencoder = 24\ndecoder = 32\nplace = 8\ngate = 16\n"
    "conductor = 16\nunit-gate = 20\npoint = 16\n[data]\nbars = 4\n[training]\nepochs = 1\n";
  g_autofree char            *folder = make_folder (), *tall_folder = make_folder ();
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char            *no_path = g_build_filename (folder, "nothing.safetensors", NULL);
  g_autoptr(AriettaTraining)  flat = fixture_training (FIXTURE_RECIPE, folder, 12), tall = NULL, other = NULL;
  g_autoptr(AriettaRecipe)    recipe = arietta_recipe_parse (tall_recipe, "test", NULL);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(GError)           error = NULL;
  AriettaParams              *from, *to;
  guint                       n;

  g_assert_cmpint (arietta_training_run (flat, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (flat, card, NULL, NULL, &error));
  tall = arietta_training_new (recipe, 7, 0.0, 0, tall_folder, &error);
  other = arietta_training_new (recipe, 7, 0.0, 0, tall_folder, &error);
  n = arietta_training_take_weights (tall, path, &error);
  g_assert_no_error (error);

  from = arietta_training_get_params (other);
  to = arietta_training_get_params (tall);
  g_assert_cmpuint (n, >, 20);
  g_assert_cmpuint (n, <, arietta_params_get_n (to));
  for (guint i = 0; i < arietta_params_get_n (to); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (to, i);
      const AriettaParam *base = arietta_params_find (arietta_training_get_params (flat), param->name);
      gboolean            taken = base != NULL && base->n_elements == param->n_elements;
      gboolean            same = memcmp (arietta_params_get (to, param->name),
                                         arietta_params_get (from, param->name),
                                         param->n_elements * sizeof (AriettaReal)) == 0;

      /* Biases that begin alike may stay alike. */
      if (param->n_dims > 1)
        g_assert_cmpint (same, ==, !taken);
    }

  g_assert_cmpuint (arietta_training_take_weights (tall, no_path, &error), ==, 0);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
  fixture_remove (folder);
  fixture_remove (tall_folder);
}

static gboolean
stop_cb (gpointer user_data)
{
  return FALSE;
}

/* What is kept as the first to be beaten are the weights that were taken, also where it is their average that is
 * measured; or nothing, where a recipe says so. */
static void
test_take_averaged (gconstpointer data)
{
  const gboolean              beaten = GPOINTER_TO_INT (data);
  const char                 *averaged = beaten ? FIXTURE_RECIPE "ema = 0.99\n"
                                                : FIXTURE_RECIPE "ema = 0.99\nbeat-first = 0\n";
  g_autofree char            *folder = make_folder (), *next_folder = make_folder ();
  g_autofree char            *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaTraining)  first = fixture_training (averaged, folder, 12);
  g_autoptr(AriettaTraining)  next = fixture_training (averaged, next_folder, 12);
  g_autoptr(JsonObject)       card = json_object_new ();
  g_autoptr(GError)           error = NULL;

  g_assert_cmpint (arietta_training_run (first, NULL, NULL, NULL, &error), ==, ARIETTA_TRAINING_COMPLETE);
  g_assert_true (arietta_training_finish (first, card, NULL, NULL, &error));
  g_assert_cmpuint (arietta_training_take_weights (next, path, &error), >, 20);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_training_run (next, NULL, stop_cb, NULL, &error), ==, ARIETTA_TRAINING_STOPPED);
  g_assert_cmpint (isfinite (arietta_training_get_validation_loss (next)), ==, beaten);
  if (beaten)
    g_assert_cmpfloat_with_epsilon (arietta_training_get_validation_loss (next),
                                    arietta_training_get_validation_loss (first), 0.01);
  fixture_remove (folder);
  fixture_remove (next_folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/learning/training/resume", "", test_resume);
  g_test_add_data_func ("/learning/training/resume-averaged", "ema = 0.9\naccumulate = 2\n", test_resume);
  g_test_add_data_func ("/learning/training/resume-sgd",
                        "optimiser = sgd\nmomentum = 0.8\nl1 = 1e-5\nl2 = 0.001\nplateau = 1\n", test_resume);
  g_test_add_data_func ("/learning/training/resume-hierarchical",
                        "hold-lower = 0.4\n[model]\nconductor = 16\nunit-gate = 20\npoint = 12\n"
                        "[data]\nbars = 4\n", test_resume);
  g_test_add_data_func ("/learning/training/resume-rmsprop", "optimiser = rmsprop\nbeta2 = 0.95\n", test_resume);
  g_test_add_func ("/learning/training/take-weights", test_take_weights);
  g_test_add_data_func ("/learning/training/take-averaged", GINT_TO_POINTER (TRUE), test_take_averaged);
  g_test_add_data_func ("/learning/training/take-only", GINT_TO_POINTER (FALSE), test_take_averaged);
  g_test_add_func ("/learning/training/not-finite", test_not_finite);
  g_test_add_func ("/learning/training/average-is-kept", test_average_is_kept);
  g_test_add_func ("/learning/training/killed", test_killed);
  g_test_add_func ("/learning/training/no-data", test_no_data);
  g_test_add_func ("/learning/training/unwritable", test_unwritable);
  g_test_add_func ("/learning/training/finish", test_finish);

  return g_test_run ();
}
