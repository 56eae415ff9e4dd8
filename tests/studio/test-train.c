#include "../learning/learning-fixtures.h"
#include "../test-folder.h"

#include "base/arietta-error.h"
#include "formats/arietta-midi.h"
#include "library/arietta-library-error.h"
#include "studio/arietta-model-list.h"
#include "studio/arietta-studio-error.h"
#include "studio/arietta-train.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char           *folder;
  char           *recipe;    /* path */
  char           *old_models_dir;
  AriettaLibrary *library;
} Fixture;

/* A library with a dataset "folk" of made-up tunes, two styles, one item without a stated licence,
 * one that must not be learned from. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *place = NULL;
  gint64            dataset;

  fixture->folder = g_dir_make_tmp ("arietta-train-XXXXXX", NULL);
  fixture->recipe = g_build_filename (fixture->folder, "small.recipe", NULL);
  g_assert_true (g_file_set_contents (fixture->recipe, FIXTURE_RECIPE, -1, NULL));
  fixture->old_models_dir = g_strdup (g_getenv ("ARIETTA_MODELS_DIR"));
  g_setenv ("ARIETTA_MODELS_DIR", fixture->folder, TRUE);
  place = g_build_filename (fixture->folder, "library", NULL);
  fixture->library = arietta_library_open (place, &error);
  g_assert_no_error (error);

  dataset = arietta_library_ensure_dataset (fixture->library, "folk", &error);
  for (guint i = 0; i < 14; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (i, 4, 4, 6, 0);
      g_autoptr(GBytes)       bytes = arietta_midi_write_bytes (piece, 1, &error);
      g_autofree char        *digest = arietta_piece_dup_digest (piece);
      g_autofree char        *title = g_strdup_printf ("Tune of number %u", i);
      AriettaNewItem          item = {
        .source_path = "/nowhere/tune.mid",
        .medium = ARIETTA_MEDIUM_NOTES,
        .piece = piece,
        .bytes = bytes,
        .title = title,
        .digest = digest,
        .style = i % 2 == 0 ? "even" : "odd",
        .licence = i == 0 ? "NOASSERTION" : "CC0-1.0",
        .may_train = i != 1,
        .split = i % 7 == 6 ? ARIETTA_SPLIT_VALIDATION : ARIETTA_SPLIT_TRAIN,
      };

      g_assert_cmpint (arietta_library_add_item (fixture->library, dataset, &item, &error), >, 0);
      g_assert_no_error (error);
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->library);
  if (fixture->old_models_dir != NULL)
    g_setenv ("ARIETTA_MODELS_DIR", fixture->old_models_dir, TRUE);
  else
    g_unsetenv ("ARIETTA_MODELS_DIR");
  test_folder_delete (fixture->folder);
  g_free (fixture->old_models_dir);
  g_free (fixture->recipe);
  g_free (fixture->folder);
}

static AriettaModelState
get_state (Fixture    *fixture,
           const char *model)
{
  g_autoptr(AriettaModelRecord) record = arietta_library_find_model (fixture->library, model, NULL);

  g_assert_nonnull (record);
  return record->state;
}

static void
count_points_cb (const AriettaTrainPoint *point,
                 gpointer                 user_data)
{
  (*(guint *) user_data)++;
}

static void
test_train (Fixture       *fixture,
            gconstpointer  data)
{
  AriettaTrainRequest request = { .kind = "melody-vae",
                                  .dataset = "folk",
                                  .name = "try",
                                  .recipe_path = fixture->recipe,
                                  .seed = 5,
                                  .export_bundle = TRUE };
  g_autoptr(GError)              error = NULL;
  guint                          n_points = 0;
  g_autoptr(AriettaTrainResult) result =
    arietta_train (fixture->library, &request, count_points_cb, &n_points, NULL, &error);
  g_autoptr(AriettaModelInfo)    info = NULL;
  g_autoptr(AriettaModel)        model = NULL;
  g_autoptr(AriettaModel)        again = NULL;
  g_autoptr(GPtrArray)           list = NULL;
  g_autoptr(GArray)              points = NULL;
  g_autofree char               *bundle = NULL;
  JsonObject                    *row;

  g_assert_no_error (error);
  g_assert_cmpstr (result->model, ==, "try");
  g_assert_cmpuint (result->steps, >, 5);
  g_assert_cmpuint (n_points, >, 0);
  g_assert_true (g_file_test (result->checkpoint, G_FILE_TEST_EXISTS));
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_READY);

  info = arietta_models_find (fixture->library, "try", &error);
  g_assert_no_error (error);
  g_assert_false (info->bundled);
  g_assert_cmpuint (info->parameters, >, 1000);
  g_assert_cmpint (json_object_get_int_member (info->card, "items_without_licence"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (info->card, "pieces_not_for_training"), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (info->card, "data")), ==,
                    2);
  row = json_array_get_object_element (json_object_get_array_member (info->card, "data"), 0);
  g_assert_cmpstr (json_object_get_string_member (row, "style"), ==, "even");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (row, "licences")), ==, 2);

  points = arietta_train_read_log (info->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (points->len, ==, n_points);

  model = arietta_models_load (fixture->library, "try", &error);
  again = arietta_models_load (fixture->library, "try", &error);
  g_assert_no_error (error);
  g_assert_true (model == again);
  g_assert_cmpstr (arietta_model_get_sha256 (model), ==, info->sha256);

  list = arietta_models_list (fixture->library, &error);
  g_assert_cmpuint (list->len, ==, 1);

  bundle = g_build_filename (info->folder, "bundle", "try.safetensors", NULL);
  g_assert_true (g_file_test (bundle, G_FILE_TEST_EXISTS));
}

/* The same request gives the same weights. */
static void
test_same_seed (Fixture       *fixture,
                gconstpointer  data)
{
  char *digests[2] = { NULL, NULL };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char               *name = g_strdup_printf ("try-%d", i);
      AriettaTrainRequest request = { .kind = "melody-vae",
                                      .dataset = "folk",
                                      .name = name,
                                      .recipe_path = fixture->recipe,
                                      .seed = 5 };
      g_autoptr(GError)              error = NULL;
      g_autoptr(AriettaTrainResult) result =
        arietta_train (fixture->library, &request, NULL, NULL, NULL, &error);
      g_autoptr(AriettaModelInfo)    info = NULL;

      g_assert_no_error (error);
      info = arietta_models_find (fixture->library, name, &error);
      digests[i] = g_strdup (info->sha256);
    }

  g_assert_cmpstr (digests[0], ==, digests[1]);
  g_free (digests[0]);
  g_free (digests[1]);
}

static gpointer
train_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  gpointer *arguments = data;

  return arietta_train (arguments[0], arguments[1], arguments[2], job, job, error);
}

/* Cancels the job at its first point. */
static void
cancel_cb (const AriettaTrainPoint *point,
           gpointer                 user_data)
{
  arietta_job_cancel (user_data);
}

static void
test_cancel_and_resume (Fixture       *fixture,
                        gconstpointer  data)
{
  AriettaTrainRequest            request = { .kind = "melody-vae", .dataset = "folk", .name = "try",
                                             .recipe_path = fixture->recipe };
  AriettaTrainRequest            resume = { .resume = "try" };
  gpointer                       arguments[] = { fixture->library, &request, (gpointer) cancel_cb };
  g_autoptr(AriettaJob) job = arietta_job_new ("Train", TRUE, TRUE, train_in_job, arguments, NULL);
  g_autoptr(GError)              error = NULL;
  g_autoptr(AriettaTrainResult)  result = arietta_job_run_sync (job, &error);

  g_assert_null (result);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_PAUSED);

  result = arietta_train (fixture->library, &resume, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result->model, ==, "try");
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_READY);
}

static void
test_stop_and_keep (Fixture       *fixture,
                    gconstpointer  data)
{
  AriettaTrainRequest            request = { .kind = "melody-vae", .dataset = "folk", .name = "try",
                                             .recipe_path = fixture->recipe };
  gpointer                       arguments[] = { fixture->library, &request, (gpointer) cancel_cb };
  g_autoptr(AriettaJob) job = arietta_job_new ("Train", TRUE, TRUE, train_in_job, arguments, NULL);
  g_autoptr(GError)              error = NULL;
  g_autoptr(AriettaModel)        model = NULL;

  g_assert_null (arietta_job_run_sync (job, &error));
  g_clear_error (&error);
  g_assert_true (arietta_train_stop_and_keep (fixture->library, "try", &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_READY);
  model = arietta_models_load (fixture->library, "try", &error);
  g_assert_no_error (error);
}

/* A run whose process was killed says "training", but nobody holds its lock. */
static void
test_find_paused (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaModelRecord) record = NULL;
  g_autofree char              *lock_path = NULL;
  g_autofree char              *mark = NULL;
  int                           lock;
  gint64 id = arietta_library_add_model (fixture->library, "try", "melody-vae", 0, &error);

  g_assert_no_error (error);
  g_assert_true (
    arietta_library_set_model_state (fixture->library, id, ARIETTA_MODEL_TRAINING, &error));
  record = arietta_library_find_model (fixture->library, "try", &error);

  /* Held, as by another program: a lock of its own opening is one. */
  mark = g_build_filename (record->folder, "unfinished", NULL);
  g_assert_true (g_file_set_contents (mark, "", 0, NULL));
  lock_path = g_build_filename (record->folder, "run.lock", NULL);
  lock = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  g_assert_cmpint (flock (lock, LOCK_EX), ==, 0);
  g_assert_cmpuint (arietta_train_find_paused (fixture->library, &error), ==, 0);
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_TRAINING);

  {
    AriettaTrainRequest resume = { .resume = "try" };

    g_assert_null (arietta_train (fixture->library, &resume, NULL, NULL, NULL, &error));
    g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY);
    g_clear_error (&error);
  }

  close (lock);
  g_assert_cmpuint (arietta_train_find_paused (fixture->library, &error), ==, 1);
  g_assert_cmpint (get_state (fixture, "try"), ==, ARIETTA_MODEL_PAUSED);
  g_assert_cmpuint (arietta_train_find_paused (fixture->library, &error), ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  AriettaTrainRequest request = { .kind = "crystal-ball", .dataset = "folk", .name = "try" };
  g_autoptr(GError)   error = NULL;
  g_autoptr(GPtrArray) list = NULL;

  g_assert_null (arietta_train (fixture->library, &request, NULL, NULL, NULL, &error));
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_UNKNOWN_KIND);
  g_clear_error (&error);

  request.kind = "melody-vae";
  request.dataset = "no such dataset";
  g_assert_null (arietta_train (fixture->library, &request, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  /* Nothing in it: no run is left behind, and its name stays free. */
  arietta_library_ensure_dataset (fixture->library, "empty", &error);
  request.dataset = "empty";
  for (int i = 0; i < 2; i++)
    {
      g_assert_null (arietta_train (fixture->library, &request, NULL, NULL, NULL, &error));
      g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
      g_clear_error (&error);
    }
  list = arietta_models_list (fixture->library, &error);
  g_assert_cmpuint (list->len, ==, 0);

  request.resume = "never was";
  g_assert_null (arietta_train (fixture->library, &request, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_null (arietta_models_load (fixture->library, "never was", &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_UNKNOWN_MODEL);
}

/* A bundled model is a file in the folder of models; a broken one is listed and refused when it is
 * used. */
static void
test_bundled (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char             *path = g_build_filename (fixture->folder, "tiny.safetensors", NULL);
  g_autofree char *broken = g_build_filename (fixture->folder, "broken.safetensors", NULL);
  g_autoptr(AriettaRecipe)     recipe = arietta_recipe_parse (FIXTURE_RECIPE, "test", NULL);
  const AriettaModelKind      *kind = arietta_model_kind_find ("melody-vae");
  gpointer                     net = kind->build (recipe, 1, NULL);
  g_autoptr(AriettaSafetensorsWriter) writer = arietta_safetensors_writer_new ();
  g_autoptr(GPtrArray)         list = NULL;
  g_autoptr(AriettaModel)      model = NULL;
  g_autoptr(GError)            error = NULL;
  const AriettaModelInfo      *info;

  kind->store (net, writer);
  g_assert_true (g_file_set_contents (broken, "broken", -1, NULL));
  g_assert_true (arietta_safetensors_writer_save (writer, path, NULL));
  kind->free (net);

  list = arietta_models_list (fixture->library, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  info = list->pdata[1];
  g_assert_cmpstr (info->name, ==, "tiny");
  g_assert_true (info->bundled);
  g_assert_cmpint (info->state, ==, ARIETTA_MODEL_READY);

  model = arietta_models_load (fixture->library, "broken", &error);
  g_assert_null (model);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
  g_clear_error (&error);

  {
    /* Its name is taken. */
    AriettaTrainRequest request = { .kind = "melody-vae", .dataset = "folk", .name = "tiny",
                                    .recipe_path = fixture->recipe };

    g_assert_null (arietta_train (fixture->library, &request, NULL, NULL, NULL, &error));
    g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/studio/train/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("train", test_train);
  ADD ("same-seed", test_same_seed);
  ADD ("cancel-and-resume", test_cancel_and_resume);
  ADD ("stop-and-keep", test_stop_and_keep);
  ADD ("find-paused", test_find_paused);
  ADD ("refused", test_refused);
  ADD ("bundled", test_bundled);

  return g_test_run ();
}
