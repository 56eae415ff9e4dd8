#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "library/arietta-tune-split.h"
#include "library-fixtures.h"

static void
test_facts (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *value = NULL;

  g_assert_null (arietta_library_dup_fact (fixture->library, "examples-made"));
  g_assert_true (arietta_library_set_fact (fixture->library, "examples-made", "1", NULL));
  reopen (fixture);
  value = arietta_library_dup_fact (fixture->library, "examples-made");
  g_assert_cmpstr (value, ==, "1");
  g_assert_true (arietta_library_set_fact (fixture->library, "examples-made", NULL, NULL));
  g_assert_null (arietta_library_dup_fact (fixture->library, "examples-made"));
}

static void
test_datasets (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaDataset) dataset = NULL;
  g_autoptr(GPtrArray)      datasets = NULL;
  gint64                    folk = trial_dataset (fixture->library, "folk");
  gint64                    hymns = trial_dataset (fixture->library, "hymns");

  g_assert_cmpint (trial_dataset (fixture->library, " folk "), ==, folk);
  g_assert_false (arietta_library_rename_dataset (fixture->library, hymns, "folk", &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (arietta_library_rename_dataset (fixture->library, hymns, "Hymns", &error));

  trial_add (fixture->library, folk, 1, "One", ARIETTA_SPLIT_TRAIN);
  trial_add (fixture->library, folk, 2, "Two", ARIETTA_SPLIT_TEST);
  dataset = arietta_library_find_dataset (fixture->library, "folk", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dataset->n_items, ==, 2);
  g_assert_cmpuint (dataset->n_train, ==, 1);
  g_assert_cmpuint (dataset->n_test, ==, 1);
  g_assert_cmpstr (dataset->styles, ==, "folk 2");

  g_assert_true (arietta_library_remove_dataset (fixture->library, folk, TRUE, &error));
  g_assert_null (arietta_library_find_dataset (fixture->library, "folk", &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpuint (count_items (fixture, 0, NULL), ==, 0);

  g_assert_true (arietta_library_remove_dataset (fixture->library, folk, FALSE, &error));
  g_assert_cmpuint (count_items (fixture, 0, NULL), ==, 2);
  datasets = arietta_library_list_datasets (fixture->library, &error);
  g_assert_cmpuint (datasets->len, ==, 2);

  /* A name that was taken meanwhile is not taken back. */
  g_assert_true (arietta_library_remove_dataset (fixture->library, folk, TRUE, NULL));
  g_assert_cmpint (trial_dataset (fixture->library, "folk"), !=, folk);
  g_assert_false (arietta_library_remove_dataset (fixture->library, folk, FALSE, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_EXISTS);
}

static void
test_items (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaItem)  item = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(AriettaPiece) original = trial_piece (7);
  g_autofree char        *digest = arietta_piece_dup_digest (original);
  g_autofree char        *digest_back = NULL;
  gint64                  folk = trial_dataset (fixture->library, "folk");
  gint64                  other = trial_dataset (fixture->library, "other");
  gint64                  id = trial_add (fixture->library, folk, 7, "Seven", -1);

  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (trial_add (fixture->library, folk, 7, "Seven again", -1), ==, 0);
  g_assert_cmpint (trial_add (fixture->library, other, 7, "Seven", -1), >, 0);
  reopen (fixture);

  item = arietta_library_get_item (fixture->library, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (item->title, ==, "Seven");
  g_assert_cmpstr (item->file_name, ==, "Seven.mid");
  g_assert_cmpstr (item->source_path, ==, "/music/Seven.mid");
  g_assert_cmpstr (item->digest, ==, digest);
  g_assert_cmpstr (item->style, ==, "folk");
  g_assert_cmpstr (item->licence, ==, "CC0-1.0");
  g_assert_cmpint (item->medium, ==, ARIETTA_MEDIUM_NOTES);
  g_assert_true (item->may_train);
  g_assert_cmpuint (item->n_notes, ==, 16);
  g_assert_cmpfloat_with_epsilon (item->seconds, 8.0, 1e-9);
  g_assert_true (g_str_has_prefix (item->path, fixture->folder));

  piece = arietta_library_load_item (fixture->library, id, &error);
  g_assert_no_error (error);
  digest_back = arietta_piece_dup_digest (piece);
  g_assert_cmpstr (digest_back, ==, digest);

  g_unlink (item->path);
  g_assert_null (arietta_library_load_item (fixture->library, id, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

static void
test_sound_item (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaItem)    item = NULL;
  g_autoptr(AriettaDataset) dataset = NULL;
  g_autofree char          *path = g_build_filename (fixture->folder, "song.flac", NULL);
  AriettaNewItem            new_item = { .source_path = path, .medium = ARIETTA_MEDIUM_SOUND, .seconds = 12.5,
                                         .may_train = TRUE, .split = -1 };
  gint64                    folk = trial_dataset (fixture->library, "folk");
  gint64                    id;

  g_assert_true (g_file_set_contents (path, "not really sound", -1, NULL));
  id = arietta_library_add_item (fixture->library, folk, &new_item, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_library_add_item (fixture->library, folk, &new_item, &error), ==, 0);
  g_assert_no_error (error);

  item = arietta_library_get_item (fixture->library, id, &error);
  g_assert_cmpstr (item->path, ==, path);
  g_assert_cmpstr (item->title, ==, "song");
  g_assert_cmpstr (item->licence, ==, "NOASSERTION");
  g_assert_cmpfloat (item->seconds, ==, 12.5);

  g_assert_null (arietta_library_load_item (fixture->library, id, &error));
  g_assert_nonnull (strstr (error->message, "holds no notes"));
  dataset = arietta_library_find_dataset (fixture->library, "folk", NULL);
  g_assert_cmpuint (dataset->n_sound, ==, 1);
}

static void
test_batch_is_all_or_none (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(AriettaPiece) one = trial_piece (1);
  g_autoptr(AriettaPiece) two = trial_piece (2);
  AriettaNewItem          items[3] = {
    { .source_path = "/a.mid", .medium = ARIETTA_MEDIUM_NOTES, .piece = one, .split = -1 },
    { .source_path = "/b.mid", .medium = ARIETTA_MEDIUM_NOTES, .piece = two, .split = -1 },
    { .source_path = "/c.mid", .medium = ARIETTA_MEDIUM_NOTES, .piece = one, .split = -1 },
  };
  gint64                  folk = trial_dataset (fixture->library, "folk");
  gint64                  ids[3];

  g_assert_true (arietta_library_add_items (fixture->library, folk, items, 3, ids, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ids[0], >, 0);
  g_assert_cmpint (ids[1], ==, ids[0] + 1);
  g_assert_cmpint (ids[2], ==, 0);

  items[1].medium = ARIETTA_MEDIUM_SOUND;
  items[1].source_path = "/there/is/no/such/sound.wav";
  g_assert_false (arietta_library_add_items (fixture->library, trial_dataset (fixture->library, "new"), items,
                                             3, ids, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO);
  g_assert_cmpint (ids[0], ==, 0);
  g_assert_cmpuint (count_items (fixture, 0, NULL), ==, 2);

  g_clear_error (&error);
  g_assert_false (arietta_library_add_items (fixture->library, 4711, items, 1, ids, &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  gint64 folk = trial_dataset (fixture->library, "folk");
  gint64 other = trial_dataset (fixture->library, "other");
  gint64 elise = trial_add (fixture->library, folk, 1, "Für Elise", -1);

  trial_add (fixture->library, folk, 2, "Elisabeth 100%", -1);
  trial_add (fixture->library, other, 3, "茉莉花", -1);

  g_assert_cmpuint (count_items (fixture, folk, "elis"), ==, 2);
  g_assert_cmpuint (count_items (fixture, folk, "FUR elise"), ==, 1);
  g_assert_cmpuint (count_items (fixture, folk, "elise für"), ==, 1);
  g_assert_cmpuint (count_items (fixture, folk, "%"), ==, 1);
  g_assert_cmpuint (count_items (fixture, folk, "茉莉"), ==, 0);
  g_assert_cmpuint (count_items (fixture, 0, "茉莉"), ==, 1);
  g_assert_cmpuint (count_items (fixture, 0, " folk  "), ==, 3);
  g_assert_cmpuint (count_items (fixture, 0, ""), ==, 3);
  g_assert_cmpuint (count_items (fixture, 0, "ragtime"), ==, 0);

  g_assert_true (arietta_library_set_item_style (fixture->library, &elise, 1, "Ragtime", NULL));
  g_assert_cmpuint (count_items (fixture, 0, "ragtime"), ==, 1);
  g_assert_cmpuint (count_items (fixture, 0, "folk"), ==, 2);
}

static void
test_item_labels (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(AriettaItem) item = NULL;
  gint64                 folk = trial_dataset (fixture->library, "folk");
  gint64                 ids[2] = { trial_add (fixture->library, folk, 1, "One", -1),
                                    trial_add (fixture->library, folk, 2, "Two", -1) };

  g_assert_true (arietta_library_set_item_licence (fixture->library, ids, 2, "CC-BY-4.0", NULL));
  g_assert_true (arietta_library_set_item_may_train (fixture->library, ids, 2, FALSE, NULL));
  item = arietta_library_get_item (fixture->library, ids[1], NULL);
  g_assert_cmpstr (item->licence, ==, "CC-BY-4.0");
  g_assert_false (item->may_train);
}

static void
test_remove_and_bring_back (Fixture       *fixture,
                            gconstpointer  data)
{
  gint64 folk = trial_dataset (fixture->library, "folk");
  gint64 ids[2] = { trial_add (fixture->library, folk, 1, "One", -1),
                    trial_add (fixture->library, folk, 2, "Two", -1) };

  g_assert_true (arietta_library_remove_items (fixture->library, ids, 2, TRUE, NULL));
  g_assert_cmpuint (count_items (fixture, folk, NULL), ==, 0);
  g_assert_cmpuint (count_items (fixture, folk, "one"), ==, 0);

  /* Imported again, then undone: the content is there once. */
  g_assert_cmpint (trial_add (fixture->library, folk, 2, "Two", -1), >, ids[1]);
  g_assert_true (arietta_library_remove_items (fixture->library, ids, 2, FALSE, NULL));
  g_assert_cmpuint (count_items (fixture, folk, NULL), ==, 2);
}

static void
test_split_by_tune (Fixture       *fixture,
                    gconstpointer  data)
{
  gint64       folk = trial_dataset (fixture->library, "folk");
  gint64       train = 0, test = 0;
  guint        train_number = 0, test_number = 0;
  AriettaSplit first;

  /* The same melody under another title, in another dataset. */
  first = trial_split_of (fixture->library, trial_add (fixture->library, folk, 3, "Three", -1));
  g_assert_cmpint (trial_split_of (fixture->library,
                                   trial_add (fixture->library, trial_dataset (fixture->library, "b"), 3,
                                              "Drei", -1)), ==, first);
  /* The same title over another melody. */
  g_assert_cmpint (trial_split_of (fixture->library, trial_add (fixture->library, folk, 4, "three (2)", -1)),
                   ==, first);

  for (guint number = 100; train == 0 || test == 0; number++)
    {
      g_autofree char *title = g_strdup_printf ("Tune %u", number);
      gint64           id = trial_add (fixture->library, folk, number, title, -1);

      if (trial_split_of (fixture->library, id) == ARIETTA_SPLIT_TRAIN && train == 0)
        train = id, train_number = number;
      if (trial_split_of (fixture->library, id) == ARIETTA_SPLIT_TEST && test == 0)
        test = id, test_number = number;
    }

  /* The title of one side over the melody of the other is held out, and moves neither. */
  {
    g_autofree char        *title = g_strdup_printf ("Tune %u", train_number);
    g_autoptr(AriettaPiece) piece = trial_piece (test_number);
    AriettaNewItem          item = { .source_path = "/x.mid", .medium = ARIETTA_MEDIUM_NOTES, .piece = piece,
                                     .title = title, .digest = "another container", .split = -1 };
    gint64                  id = arietta_library_add_item (fixture->library, folk, &item, NULL);

    g_assert_cmpint (trial_split_of (fixture->library, id), ==, ARIETTA_SPLIT_TEST);
    g_assert_cmpint (trial_split_of (fixture->library, train), ==, ARIETTA_SPLIT_TRAIN);
    g_assert_cmpint (trial_split_of (fixture->library, test), ==, ARIETTA_SPLIT_TEST);
  }
}

/* The side follows from the tune alone, in whatever order and whatever library it comes. */
static void
test_split_in_any_order (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char           *folder = trial_make_folder ();
  g_autoptr(AriettaLibrary)  other = trial_open (folder);
  gint64                     here = trial_dataset (fixture->library, "folk");
  gint64                     there = trial_dataset (other, "folk");
  AriettaSplit               sides[40];
  guint                      counts[3] = { 0 };

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *title = g_strdup_printf ("Piece %u", i);

      sides[i] = trial_split_of (fixture->library, trial_add (fixture->library, here, i, title, -1));
      counts[sides[i]]++;
    }
  for (guint i = 40; i-- > 0;)
    {
      g_autofree char *title = g_strdup_printf ("Stück %u", i);

      g_assert_cmpint (trial_split_of (other, trial_add (other, there, i, title, -1)), ==, sides[i]);
    }
  g_assert_cmpuint (counts[ARIETTA_SPLIT_TRAIN], <, 40);

  g_assert_finalize_object (g_steal_pointer (&other));
  test_folder_delete (folder);
}

static void
test_features (Fixture       *fixture,
               gconstpointer  data)
{
  const float       values[3] = { 1.5f, -2.0f, 1e-9f };
  g_autoptr(GError) error = NULL;
  g_autofree float *back = NULL;
  gint64            id = trial_add (fixture->library, trial_dataset (fixture->library, "folk"), 1, "One", -1);
  guint             n;

  g_assert_null (arietta_library_get_feature (fixture->library, FALSE, id, "latent", &n, &error));
  g_assert_no_error (error);
  g_assert_true (arietta_library_set_feature (fixture->library, FALSE, id, "latent", values, 2, &error));
  g_assert_true (arietta_library_set_feature (fixture->library, FALSE, id, "latent", values, 3, &error));
  back = arietta_library_get_feature (fixture->library, FALSE, id, "latent", &n, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back, n * sizeof (float), values, sizeof values);
  g_assert_null (arietta_library_get_feature (fixture->library, TRUE, id, "latent", &n, &error));

  g_assert_false (arietta_library_set_feature (fixture->library, FALSE, 4711, "latent", values, 3, &error));
  g_assert_nonnull (error);
}

/* All of a name at once, and many at once: all or none. */
static void
test_features_in_bulk (Fixture       *fixture,
                       gconstpointer  data)
{
  const float           values[6] = { 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f };
  g_autoptr(GError)     error = NULL;
  g_autoptr(GHashTable) found = NULL;
  gint64                folk = trial_dataset (fixture->library, "folk");
  gint64                ids[3] = { trial_add (fixture->library, folk, 1, "One", -1),
                                   trial_add (fixture->library, folk, 2, "Two", -1), 4711 };

  g_assert_true (arietta_library_set_features (fixture->library, FALSE, ids, 2, "latent", values, 3, &error));
  g_assert_no_error (error);
  g_assert_true (arietta_library_set_feature (fixture->library, FALSE, ids[0], "other", values, 3, &error));
  found = arietta_library_list_features (fixture->library, FALSE, "latent", 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (found), ==, 2);
  g_assert_cmpmem (g_hash_table_lookup (found, &ids[1]), 12, values + 3, 12);

  /* One of another size is not what was asked for. */
  g_assert_true (arietta_library_set_feature (fixture->library, FALSE, ids[0], "latent", values, 2, &error));
  g_clear_pointer (&found, g_hash_table_unref);
  found = arietta_library_list_features (fixture->library, FALSE, "latent", 3, &error);
  g_assert_cmpuint (g_hash_table_size (found), ==, 1);
  g_assert_null (g_hash_table_lookup (found, &ids[0]));

  g_assert_false (arietta_library_set_features (fixture->library, FALSE, ids + 1, 2, "third", values, 3, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&found, g_hash_table_unref);
  found = arietta_library_list_features (fixture->library, FALSE, "third", 3, NULL);
  g_assert_cmpuint (g_hash_table_size (found), ==, 0);
}

static void
test_refusals (Fixture       *fixture,
               gconstpointer  data)
{
  gint64               folk = trial_dataset (fixture->library, "folk");
  g_autoptr(GPtrArray) refusals = NULL;

  g_assert_true (arietta_library_add_refusal (fixture->library, folk, "/b.mid", "Truncated.", NULL));
  g_assert_true (arietta_library_add_refusal (fixture->library, folk, "/b.mid", "Cut short.", NULL));
  g_assert_true (arietta_library_add_refusal (fixture->library, folk, "/music/Fine.mid", "Away.", NULL));
  /* It can be read now. */
  trial_add (fixture->library, folk, 1, "Fine", -1);

  refusals = arietta_library_list_refusals (fixture->library, folk, NULL);
  g_assert_cmpuint (refusals->len, ==, 1);
  g_assert_cmpstr (((AriettaRefusal *) refusals->pdata[0])->reason, ==, "Cut short.");
  g_assert_true (arietta_library_clear_refusals (fixture->library, folk, NULL));
  g_clear_pointer (&refusals, g_ptr_array_unref);
  refusals = arietta_library_list_refusals (fixture->library, folk, NULL);
  g_assert_cmpuint (refusals->len, ==, 0);
}

typedef struct
{
  guint calls;
  guint tables;
} Changes;

static void
changed_cb (AriettaLibrary *library,
            guint           tables,
            Changes        *changes)
{
  changes->calls++;
  changes->tables |= tables;
}

static void
test_changes_fold (Fixture       *fixture,
                   gconstpointer  data)
{
  Changes changes = { 0 };
  gint64  folk;

  g_signal_connect (fixture->library, "changed", G_CALLBACK (changed_cb), &changes);
  folk = trial_dataset (fixture->library, "folk");
  for (guint i = 0; i < 20; i++)
    trial_add (fixture->library, folk, i, "Tune", -1);
  g_assert_cmpuint (changes.calls, ==, 0);

  while (changes.calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (changes.calls, ==, 1);
  g_assert_cmpuint (changes.tables, ==, ARIETTA_TABLE_DATASETS | ARIETTA_TABLE_ITEMS);

  /* What changed nothing is not told. */
  changes = (Changes) { 0 };
  trial_dataset (fixture->library, "folk");
  trial_add (fixture->library, folk, 3, "Tune", -1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (changes.calls, ==, 0);
}

static void
test_changes_of_others (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(AriettaLibrary) other = trial_open (fixture->folder);
  Changes                   changes = { 0 };

  g_signal_connect (fixture->library, "changed", G_CALLBACK (changed_cb), &changes);
  trial_dataset (other, "from elsewhere");
  while (changes.calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (changes.tables & ARIETTA_TABLE_DATASETS, !=, 0);
  g_signal_handlers_disconnect_by_data (fixture->library, &changes);
}

/* Thread CPU time of the best of five. */
static double
time_list (Fixture    *fixture,
           gint64      dataset_id,
           const char *search,
           guint       n_expected)
{
  double best = G_MAXDOUBLE;

  for (int i = 0; i < 5; i++)
    {
      struct timespec begun, ended;

      clock_gettime (CLOCK_THREAD_CPUTIME_ID, &begun);
      g_assert_cmpuint (count_items (fixture, dataset_id, search), ==, n_expected);
      clock_gettime (CLOCK_THREAD_CPUTIME_ID, &ended);
      best = MIN (best, (double) (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) * 1e-9);
    }

  return best;
}

/* A long list costs what its rows cost: nothing is sorted again, and a search reads no rows but its hits. */
static void
test_long_lists (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "library.db", NULL);
  gint64           few = trial_dataset (fixture->library, "few");
  gint64           many = trial_dataset (fixture->library, "many");
  double           short_list, long_list, all, search;
  sqlite3         *handle;

  trial_add (fixture->library, few, 1, "Tune", -1);
  trial_add (fixture->library, many, 1, "Tune", -1);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *sql = NULL;

      sql = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                             " INSERT INTO items (dataset_id, medium, title, file_name, source_path, stored,"
                             " n_bytes, digest, style, licence, may_train, split, seconds, n_notes, n_tracks,"
                             " n_warnings, example, added_unix, search)"
                             " SELECT dataset_id, medium, title, file_name, source_path, stored, n_bytes,"
                             " digest || i, style, licence, may_train, split, seconds, n_notes, n_tracks,"
                             " n_warnings, example, added_unix, search || i FROM items, n"
                             " WHERE dataset_id = %d", i == 0 ? 1999 : 19999, (int) (i == 0 ? few : many));
      g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    }
  sqlite3_close (handle);

  short_list = time_list (fixture, few, NULL, 2000);
  long_list = time_list (fixture, many, NULL, 20000);
  all = time_list (fixture, 0, NULL, 22000);
  search = time_list (fixture, many, "xyzzy", 0);

  g_test_message ("2,000 rows %.2f ms, 20,000 rows %.2f ms, all %.2f ms, search %.2f ms", short_list * 1e3,
                  long_list * 1e3, all * 1e3, search * 1e3);
  g_assert_cmpfloat (long_list, <, 30.0 * short_list);
  g_assert_cmpfloat (all, <, 2.0 * long_list);
  g_assert_cmpfloat (search, <, 0.5 * long_list);
}

/* A title that says nothing gives way to the file's name. */
static void
test_titles (Fixture       *fixture,
             gconstpointer  data)
{
  gint64 folk = trial_dataset (fixture->library, "folk");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError)       error = NULL;
      g_autoptr(AriettaItem)  item = NULL;
      g_autoptr(AriettaPiece) piece = trial_piece (i);
      g_autoptr(AriettaPiece) titled = arietta_piece_copy (piece);
      AriettaNewItem          new_item = { .source_path = "/music/01 The Ash Grove.mid",
                                           .medium = ARIETTA_MEDIUM_NOTES, .piece = titled, .split = -1 };
      gint64                  id;

      arietta_piece_set_title (titled, i == 0 ? "Track 1" : "Llwyn Onn");
      arietta_piece_freeze (titled);
      id = arietta_library_add_item (fixture->library, folk, &new_item, &error);
      g_assert_no_error (error);
      item = arietta_library_get_item (fixture->library, id, &error);
      g_assert_cmpstr (item->title, ==, i == 0 ? "01 The Ash Grove" : "Llwyn Onn");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("facts", test_facts);
  ADD ("datasets", test_datasets);
  ADD ("items", test_items);
  ADD ("sound-item", test_sound_item);
  ADD ("batch-is-all-or-none", test_batch_is_all_or_none);
  ADD ("search", test_search);
  ADD ("long-lists", test_long_lists);
  ADD ("titles", test_titles);
  ADD ("item-labels", test_item_labels);
  ADD ("remove-and-bring-back", test_remove_and_bring_back);
  ADD ("split/by-tune", test_split_by_tune);
  ADD ("split/in-any-order", test_split_in_any_order);
  ADD ("features", test_features);
  ADD ("features-in-bulk", test_features_in_bulk);
  ADD ("refusals", test_refusals);
  ADD ("changes/fold", test_changes_fold);
  ADD ("changes/of-others", test_changes_of_others);
  return g_test_run ();
}
