/* What is made here: models, takes, and what was heard of them. */
#include <string.h>
#include <time.h>

#include "library-fixtures.h"

static void
test_models (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaModelRecord) model = NULL;
  g_autoptr(AriettaModelRecord) held = NULL;
  g_autoptr(GPtrArray)          models = NULL;
  gint64                        folk = trial_dataset (fixture->library, "folk");
  gint64                        id;
  int                           hold;

  id = arietta_library_add_model (fixture->library, "try / ../1", "melody-vae", folk, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_library_add_model (fixture->library, "try / ../1", "melody-vae", folk, &error), ==, 0);
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS);
  g_clear_error (&error);

  g_assert_true (arietta_library_rename_model (fixture->library, id, "try", &error));
  model = arietta_library_find_model (fixture->library, "try", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (model->folder, G_FILE_TEST_IS_DIR));
  g_assert_true (g_str_has_prefix (model->folder, fixture->folder));
  g_assert_cmpstr (model->kind, ==, "melody-vae");
  g_assert_cmpint (model->dataset_id, ==, folk);

  /* Training is what somebody holds; else it stands paused, whatever the row says. */
  g_assert_true (arietta_library_set_model_state (fixture->library, id, ARIETTA_MODEL_TRAINING, &error));
  hold = arietta_library_hold_model (fixture->library, model, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_library_hold_model (fixture->library, model, 100, &error), ==, -1);
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_BUSY);
  g_clear_error (&error);
  held = arietta_library_find_model (fixture->library, "try", &error);
  g_assert_cmpint (held->state, ==, ARIETTA_MODEL_TRAINING);
  arietta_library_release_model (hold);
  models = arietta_library_list_models (fixture->library, &error);
  g_assert_cmpuint (models->len, ==, 1);
  g_assert_cmpint (((AriettaModelRecord *) models->pdata[0])->state, ==, ARIETTA_MODEL_PAUSED);

  g_assert_true (arietta_library_remove_model (fixture->library, id, TRUE, &error));
  g_assert_null (arietta_library_find_model (fixture->library, "try", NULL));
  g_assert_true (arietta_library_remove_model (fixture->library, id, FALSE, &error));
  g_assert_true (arietta_library_remove_model (fixture->library, id, TRUE, &error));
  g_assert_true (arietta_library_empty_trash (fixture->library, 0, &error));
  g_assert_false (g_file_test (model->folder, G_FILE_TEST_EXISTS));
  g_assert_false (arietta_library_set_model_state (fixture->library, id, ARIETTA_MODEL_READY, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

static void
test_takes (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) piece = trial_piece (9);
  g_autoptr(AriettaPiece) back = NULL;
  g_autoptr(GPtrArray)    takes = NULL;
  g_autofree char        *digest = arietta_piece_dup_digest (piece);
  g_autofree char        *digest_back = NULL;
  AriettaTake             first = { .title = (char *) "First", .model = (char *) "melody-2bar",
                                    .seed = G_MAXUINT64 - 1, .settings = (char *) "{\"bars\": 8}" };
  AriettaTake             second = { .title = (char *) "Second" };
  AriettaTake            *take;

  g_assert_true (arietta_library_add_take (fixture->library, &first, piece, &error));
  g_assert_no_error (error);
  second.parent_id = first.id;
  g_assert_true (arietta_library_add_take (fixture->library, &second, piece, &error));
  g_assert_cmpint (second.id, >, first.id);

  g_assert_true (arietta_library_star_take (fixture->library, first.id, TRUE, &error));
  g_assert_true (arietta_library_rename_take (fixture->library, first.id, "Premier", &error));
  reopen (fixture);

  takes = arietta_library_list_takes (fixture->library, &error);
  g_assert_cmpuint (takes->len, ==, 2);
  take = takes->pdata[0];
  g_assert_cmpstr (take->title, ==, "Second");
  g_assert_cmpint (take->parent_id, ==, first.id);
  take = takes->pdata[1];
  g_assert_cmpstr (take->title, ==, "Premier");
  g_assert_true (take->starred);
  g_assert_true (take->seed == G_MAXUINT64 - 1);
  g_assert_cmpstr (take->settings, ==, "{\"bars\": 8}");
  g_assert_cmpuint (take->n_notes, ==, 16);

  back = arietta_library_load_take (fixture->library, first.id, &error);
  g_assert_no_error (error);
  digest_back = arietta_piece_dup_digest (back);
  g_assert_cmpstr (digest_back, ==, digest);

  g_assert_true (arietta_library_remove_takes (fixture->library, &first.id, 1, TRUE, &error));
  g_clear_pointer (&takes, g_ptr_array_unref);
  takes = arietta_library_list_takes (fixture->library, &error);
  g_assert_cmpuint (takes->len, ==, 1);
  g_assert_true (arietta_library_remove_takes (fixture->library, &first.id, 1, FALSE, &error));
  g_clear_pointer (&takes, g_ptr_array_unref);
  takes = arietta_library_list_takes (fixture->library, &error);
  g_assert_cmpuint (takes->len, ==, 2);

  g_assert_false (arietta_library_star_take (fixture->library, 4711, TRUE, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

static void
test_listens (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) listens = NULL;
  gint64               id = trial_add (fixture->library, trial_dataset (fixture->library, "folk"), 1, "One", -1);
  AriettaListen        listen = { .item_id = id, .seconds = 3.5, .liking = -1 };

  g_assert_true (arietta_library_add_listen (fixture->library, &listen, &error));
  listens = arietta_library_list_listens (fixture->library, &error);
  g_assert_cmpuint (listens->len, ==, 1);
  g_assert_cmpint (((AriettaListen *) listens->pdata[0])->item_id, ==, id);
  g_assert_cmpint (((AriettaListen *) listens->pdata[0])->liking, ==, -1);
  g_assert_cmpint (((AriettaListen *) listens->pdata[0])->unix_time, >, 0);
}

static void
test_trash (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaItem) gone = NULL;
  g_autoptr(AriettaItem) shared = NULL;
  gint64                 folk = trial_dataset (fixture->library, "folk");
  gint64                 other = trial_dataset (fixture->library, "other");
  gint64                 ids[2] = { trial_add (fixture->library, folk, 1, "One", -1),
                                    trial_add (fixture->library, folk, 2, "Two", -1) };

  trial_add (fixture->library, other, 2, "Two", -1);
  gone = arietta_library_get_item (fixture->library, ids[0], NULL);
  shared = arietta_library_get_item (fixture->library, ids[1], NULL);

  g_assert_true (arietta_library_remove_items (fixture->library, ids, 2, TRUE, NULL));
  g_assert_true (arietta_library_empty_trash (fixture->library, 60, NULL));
  g_assert_true (g_file_test (gone->path, G_FILE_TEST_EXISTS));
  g_assert_true (arietta_library_remove_items (fixture->library, ids, 1, FALSE, NULL));
  g_assert_true (arietta_library_remove_items (fixture->library, ids, 1, TRUE, NULL));
  g_assert_true (arietta_library_empty_trash (fixture->library, 0, NULL));
  g_assert_false (g_file_test (gone->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (shared->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_items (fixture, 0, NULL), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("models", test_models);
  ADD ("takes", test_takes);
  ADD ("listens", test_listens);
  ADD ("trash", test_trash);
  return g_test_run ();
}
