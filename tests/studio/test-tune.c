#include "studio-fixtures.h"

#include "studio/arietta-studio-error.h"
#include "studio/arietta-surprise.h"
#include "studio/arietta-train-estimate.h"
#include "studio/arietta-tune.h"

#define N_FILES 6

/* A folder of tunes that the model has never heard; free the paths with g_strfreev (). */
static char **
write_files (const Studio *studio,
             guint         n)
{
  char **paths = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (60 + i, 4, 4, 20, 0);
      g_autoptr(GError)       error = NULL;
      g_autofree char        *file = g_strdup_printf ("new-%u.mid", i);

      paths[i] = g_build_filename (studio->folder, file, NULL);
      g_assert_true (arietta_midi_write_file (piece, 1, paths[i], &error));
      g_assert_no_error (error);
    }

  return paths;
}

/* The beginnings of a few pieces, kept beside the weights and read again as they were. */
static void
test_held (gconstpointer data)
{
  const Studio    *studio = data;
  g_autofree char *path = g_build_filename (studio->folder, "held", NULL);
  AriettaExample   examples[ARIETTA_HELD_MOST + 6];
  g_autoptr(GArray) held = NULL, again = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    examples[i] = (AriettaExample) { .piece = fixture_tune (i, 4, 4, i % 2 == 0 ? 20 : 6, 0), .name = "", .style = "" };
  held = arietta_held_pick (examples, G_N_ELEMENTS (examples));
  g_assert_cmpuint (held->len, ==, ARIETTA_HELD_MOST);
  g_assert_true (arietta_held_save (held, path, &error));
  again = arietta_held_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, held->len);
  for (guint i = 0; i < held->len; i++)
    {
      const AriettaExample *a = &g_array_index (held, AriettaExample, i), *b = &g_array_index (again, AriettaExample, i);
      g_autofree char      *digest = arietta_piece_dup_digest (a->piece), *other = arietta_piece_dup_digest (b->piece);

      g_assert_cmpstr (digest, ==, other);
      g_assert_cmpint (arietta_piece_get_end_ticks (a->piece), <=, ARIETTA_HELD_BARS * 4 * 480);
    }
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    arietta_piece_unref (examples[i].piece);
}

/* Taught further on files: it begins where the other stood, knows all that both learned from, and says what it forgot. */
static void
test_tune (gconstpointer data)
{
  const Studio                 *studio = data;
  g_auto(GStrv)                 paths = write_files (studio, N_FILES);
  AriettaTrainRequest           request = { .from = "tiny", .dataset = "mine", .name = "tiny, mine", .epochs = 4,
                                            .seed = 5, .paths = (const char *const *) paths };
  g_autoptr(AriettaModelInfo)   base = arietta_models_find (studio->library, "tiny", NULL), tuned = NULL;
  g_autofree char              *held_path = arietta_held_dup_path (base);
  g_autoptr(GArray)             held = arietta_examples_new ();
  g_autoptr(AriettaTrainResult) result = NULL;
  g_autoptr(AriettaModel)       model = NULL;
  g_autoptr(JsonObject)         figures = NULL;
  g_autoptr(AriettaDataset)     dataset = NULL;
  g_autoptr(GError)             error = NULL;
  AriettaExample                learned = { .piece = fixture_tune (3, 4, 4, 6, 0), .name = "", .style = "" };
  JsonObject                   *said, *old, *fresh;

  for (guint i = 0; i < 3; i++)
    {
      AriettaExample example = { .piece = fixture_tune (30 + i, 4, 4, 8, 0), .name = "", .style = "" };

      g_array_append_val (held, example);
    }
  g_assert_true (arietta_held_save (held, held_path, &error));

  result = arietta_train (studio->library, &request, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  dataset = arietta_library_find_dataset (studio->library, "mine", &error);
  g_assert_cmpuint (dataset->n_train, ==, N_FILES - 1);
  g_assert_cmpuint (dataset->n_validation, ==, 1);

  tuned = arietta_models_find (studio->library, "tiny, mine", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (tuned->card, "from"), ==, "tiny");
  said = json_object_get_object_member (tuned->card, "tuned");
  g_assert_cmpstr (json_object_get_string_member (said, "figure"), ==, "surprise_per_step");
  old = json_object_get_object_member (said, "old");
  fresh = json_object_get_object_member (said, "new");
  g_assert_cmpint (json_object_get_int_member (old, "pieces"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (fresh, "pieces"), ==, 1);
  g_assert_false (json_object_get_boolean_member (fresh, "learned"));
  g_assert_cmpfloat (json_object_get_double_member (fresh, "after"), !=, json_object_get_double_member (fresh, "before"));
  g_assert_cmpfloat (json_object_get_double_member (old, "after"), >, 0.0);

  /* A piece of the first one's counts as seen. */
  model = arietta_models_load (studio->library, "tiny, mine", &error);
  g_assert_no_error (error);
  figures = arietta_model_evaluate (model, &learned, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (figures, "seen"), ==, 1);
  arietta_piece_unref (learned.piece);
}

/* Of one file nothing can be kept back, and the card says so; no notes at all are an error that leaves nothing. */
static void
test_few (gconstpointer data)
{
  const Studio                 *studio = data;
  g_auto(GStrv)                 paths = write_files (studio, 1);
  AriettaTrainRequest           request = { .from = "tiny", .dataset = "one", .name = "tiny, one", .epochs = 1, .seed = 5,
                                            .paths = (const char *const *) paths };
  g_autoptr(AriettaTrainResult) result = arietta_train (studio->library, &request, NULL, NULL, NULL, NULL);
  g_autoptr(AriettaModelInfo)   tuned = arietta_models_find (studio->library, "tiny, one", NULL), none = NULL;
  g_autofree char              *empty = g_build_filename (studio->folder, "empty", NULL);
  g_autoptr(GError)             error = NULL;
  JsonObject                   *fresh;

  g_assert_nonnull (result);
  fresh = json_object_get_object_member (json_object_get_object_member (tuned->card, "tuned"), "new");
  g_assert_true (json_object_get_boolean_member (fresh, "learned"));

  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  request.paths = (const char *[]) { empty, NULL };
  request.name = "nothing";
  g_assert_null (arietta_train (studio->library, &request, NULL, NULL, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);
  none = arietta_models_find (studio->library, "nothing", NULL);
  g_assert_null (none);
}

/* What a training would take is found without leaving a run; nothing to learn from is an error. */
static void
test_estimate (gconstpointer data)
{
  const Studio                    *studio = data;
  g_autoptr(GPtrArray)             before = arietta_library_list_models (studio->library, NULL), after = NULL;
  g_autoptr(GError)                error = NULL;
  g_autofree AriettaTrainEstimate *estimate =
    arietta_train_estimate (studio->library, "melody-vae", "folk", NULL, &error);
  g_autoptr(GCancellable)          stopped = g_cancellable_new ();

  g_assert_no_error (error);
  g_assert_cmpfloat (estimate->step_seconds, >, 0.0);
  g_assert_cmpfloat (estimate->steps_per_pass, >=, 1.0);
  g_assert_cmpuint (estimate->bytes, >, 1000000);
  after = arietta_library_list_models (studio->library, NULL);
  g_assert_cmpuint (after->len, ==, before->len);

  g_cancellable_cancel (stopped);
  g_assert_null (arietta_train_estimate (studio->library, "melody-vae", "folk", stopped, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (arietta_library_ensure_dataset (studio->library, "empty", NULL), !=, 0);
  g_assert_null (arietta_train_estimate (studio->library, "melody-vae", "empty", NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);
}

/* A few pieces to learn from among many that are not: they are found wherever they stand. */
static void
test_estimate_few (gconstpointer data)
{
  const Studio                    *studio = data;
  g_autoptr(GError)                error = NULL;
  g_autofree AriettaTrainEstimate *estimate = NULL;
  gint64                           dataset = arietta_library_ensure_dataset (studio->library, "mostly held", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 120; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (1000 + i, 4, 4, 4, 0);
      g_autofree char        *digest = arietta_piece_dup_digest (piece), *title = g_strdup_printf ("%03u", i);
      AriettaNewItem          item = {
        .source_path = "/nowhere/tune.mid", .medium = ARIETTA_MEDIUM_NOTES, .piece = piece, .title = title, .digest = digest,
        .style = "even", .licence = "CC0-1.0", .may_train = TRUE,
        .split = i % 20 == 7 ? ARIETTA_SPLIT_TRAIN : ARIETTA_SPLIT_TEST,
      };

      g_assert_cmpint (arietta_library_add_item (studio->library, dataset, &item, &error), >, 0);
      g_assert_no_error (error);
    }

  estimate = arietta_train_estimate (studio->library, "melody-vae", "mostly held", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (estimate);
  g_assert_cmpfloat (estimate->steps_per_pass, >=, 1.0);
}

static void
add_tests (Studio *studio)
{
  g_test_add_data_func ("/studio/tune/held", studio, test_held);
  g_test_add_data_func ("/studio/tune/tune", studio, test_tune);
  g_test_add_data_func ("/studio/tune/few", studio, test_few);
  g_test_add_data_func ("/studio/tune/estimate", studio, test_estimate);
  g_test_add_data_func ("/studio/tune/estimate-few", studio, test_estimate_few);
}

int
main (int   argc,
      char *argv[])
{
  return studio_run_tests (argc, argv, add_tests);
}
