/* test-library-safety.c - what must not be lost: newer, damaged, full, shared, killed
 *
 * The program starts itself as a second process: --write FOLDER FIRST N adds N pieces one by one and says
 * so line by line; --fill FOLDER BYTES adds pieces until a file may grow no more and exits with the error's
 * code.
 */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

#include "trial-library.h"

static const char *own_path;

static char *
database_path (const char *folder)
{
  return g_build_filename (folder, "library.db", NULL);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
assert_sound (const char *folder)
{
  g_autofree char *path = database_path (folder);
  sqlite3         *handle;
  sqlite3_stmt    *statement;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "PRAGMA integrity_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "PRAGMA foreign_key_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_finalize (statement);
  sqlite3_close (handle);
}

/* Opening fails with @code and leaves the file as it was. */
static void
assert_refused (const char *folder,
                int         code)
{
  g_autofree char  *path = database_path (folder);
  g_autofree char  *before = NULL;
  g_autofree char  *after = NULL;
  g_autoptr(GError) error = NULL;
  gsize             n_before, n_after;

  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  g_assert_null (arietta_library_open (folder, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static char *
make_filled_folder (guint n_items)
{
  char                     *folder = trial_make_folder ();
  g_autoptr(AriettaLibrary) library = trial_open (folder);
  gint64                    folk = trial_dataset (library, "folk");

  for (guint i = 0; i < n_items; i++)
    trial_add (library, folk, i, "Tune", -1);

  return folder;
}

static void
test_newer (void)
{
  g_autofree char *folder = make_filled_folder (3);
  g_autofree char *path = database_path (folder);

  run_sql (path, "PRAGMA user_version = 999");
  assert_refused (folder, ARIETTA_LIBRARY_ERROR_NEWER);
  test_folder_delete (folder);
}

static void
test_not_a_database (void)
{
  g_autofree char *folder = trial_make_folder ();
  g_autofree char *path = database_path (folder);
  g_autofree char *text = g_strnfill (5000, 'x');

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_refused (folder, ARIETTA_LIBRARY_ERROR_DAMAGED);
  test_folder_delete (folder);
}

static void
test_truncated (void)
{
  g_autofree char *folder = make_filled_folder (50);
  g_autofree char *path = database_path (folder);
  g_autofree char *whole = NULL;
  gsize            size;
  const gsize      sizes[] = { 50, 1000, 4096, 20000 };

  g_assert_true (g_file_get_contents (path, &whole, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_cmpuint (sizes[i], <, size);
      g_assert_true (g_file_set_contents (path, whole, (gssize) sizes[i], NULL));
      assert_refused (folder, ARIETTA_LIBRARY_ERROR_DAMAGED);
    }

  /* Put back whole it opens. */
  g_assert_true (g_file_set_contents (path, whole, (gssize) size, NULL));
  g_object_unref (trial_open (folder));
  test_folder_delete (folder);
}

static void
test_somebody_elses (void)
{
  g_autofree char *folder = trial_make_folder ();
  g_autofree char *path = database_path (folder);

  run_sql (path, "CREATE TABLE bookmarks (url TEXT)");
  assert_refused (folder, ARIETTA_LIBRARY_ERROR_DAMAGED);
  test_folder_delete (folder);
}

static void
test_no_folder (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (arietta_library_open ("/proc/no/such/library", &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_IO);
}

static GSubprocess *
start_self (GSubprocessFlags  flags,
            const char       *verb,
            const char       *folder,
            guint             a,
            guint             b)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *first = g_strdup_printf ("%u", a);
  g_autofree char  *second = g_strdup_printf ("%u", b);
  GSubprocess      *process = g_subprocess_new (flags, &error, own_path, verb, folder, first, second, NULL);

  g_assert_no_error (error);
  return process;
}

static void
test_full_disk (void)
{
  g_autofree char          *folder = make_filled_folder (3);
  g_autoptr(GSubprocess)    process = NULL;
  g_autoptr(AriettaLibrary) library = NULL;
  g_autoptr(GPtrArray)      items = NULL;

  /* No file may grow past 300 kB: the database or its log meets the end of the disk. */
  process = start_self (G_SUBPROCESS_FLAGS_NONE, "--fill", folder, 300000, 0);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 100 + ARIETTA_LIBRARY_ERROR_FULL);

  /* All that was told to be stored is there, and it goes on when there is room again. */
  assert_sound (folder);
  library = trial_open (folder);
  items = arietta_library_list_items (library, 0, NULL, NULL);
  g_assert_cmpuint (items->len, >, 3);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];

      g_assert_true (g_file_test (item->path, G_FILE_TEST_EXISTS));
    }
  trial_add (library, trial_dataset (library, "folk"), 900000, "One more", -1);
  g_clear_object (&library);
  test_folder_delete (folder);
}

static void
test_two_writers (void)
{
  g_autofree char          *folder = trial_make_folder ();
  g_autoptr(GSubprocess)    a = start_self (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "--write", folder, 0, 100);
  g_autoptr(GSubprocess)    b = start_self (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, "--write", folder, 1000, 100);
  g_autoptr(AriettaLibrary) library = trial_open (folder);
  g_autoptr(GPtrArray)      items = NULL;
  g_autoptr(GPtrArray)      datasets = NULL;
  g_autoptr(GError)         error = NULL;

  /* Three programs make and fill one library at once. */
  for (guint i = 0; i < 50; i++)
    trial_add (library, trial_dataset (library, "folk"), 2000 + i, "Tune", -1);
  g_assert_true (g_subprocess_wait_check (a, NULL, &error));
  g_assert_true (g_subprocess_wait_check (b, NULL, &error));
  g_assert_no_error (error);

  items = arietta_library_list_items (library, 0, NULL, NULL);
  datasets = arietta_library_list_datasets (library, NULL);
  g_assert_cmpuint (items->len, ==, 250);
  g_assert_cmpuint (datasets->len, ==, 1);
  g_clear_object (&library);
  assert_sound (folder);
  test_folder_delete (folder);
}

static void
test_killed (void)
{
  g_autofree char *folder = trial_make_folder ();
  guint            first = 0;

  for (guint round = 0; round < 5; round++)
    {
      g_autoptr(GSubprocess)      process = NULL;
      g_autoptr(GDataInputStream) lines = NULL;
      g_autoptr(AriettaLibrary)   library = NULL;
      g_autoptr(GPtrArray)        items = NULL;
      guint                       n_told = 0;

      process = start_self (G_SUBPROCESS_FLAGS_STDOUT_PIPE, "--write", folder, first, 100000);
      lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
      for (; n_told < 7 + round * 3; n_told++)
        {
          g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

          g_assert_nonnull (line);
        }
      g_subprocess_force_exit (process);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));

      assert_sound (folder);
      library = trial_open (folder);
      items = arietta_library_list_items (library, 0, NULL, NULL);
      g_assert_cmpuint (items->len, >=, first + n_told);
      for (guint i = 0; i < items->len; i++)
        {
          const AriettaItem *item = items->pdata[i];
          g_autoptr(AriettaPiece) piece = arietta_library_load_item (library, item->id, NULL);

          g_assert_nonnull (piece);
        }
      first = items->len;
    }

  test_folder_delete (folder);
}

static int
write_items (const char *folder,
             guint       first,
             guint       n)
{
  g_autoptr(AriettaLibrary) library = trial_open (folder);
  gint64                    folk = trial_dataset (library, "folk");

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (trial_add (library, folk, first + i, "Tune", -1), >, 0);
      g_print ("%u\n", i);
    }

  return 0;
}

static int
fill (const char *folder,
      rlim_t      n_bytes)
{
  g_autoptr(AriettaLibrary) library = trial_open (folder);
  gint64                    folk = trial_dataset (library, "folk");
  struct rlimit             limit = { n_bytes, n_bytes };

  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    return 1;

  for (guint i = 1000; i < 100000; i++)
    {
      g_autoptr(AriettaPiece) piece = trial_piece (i);
      g_autoptr(GError)       error = NULL;
      AriettaNewItem          item = { .source_path = "/x.mid", .medium = ARIETTA_MEDIUM_NOTES,
                                       .piece = piece, .title = "Tune", .split = -1 };

      if (arietta_library_add_item (library, folk, &item, &error) == 0)
        {
          g_printerr ("%s\n", error != NULL ? error->message : "no error");
          return error != NULL ? 100 + error->code : 2;
        }
    }

  return 3;
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--write"))
    return write_items (argv[2], (guint) atoi (argv[3]), (guint) atoi (argv[4]));
  if (argc == 5 && g_str_equal (argv[1], "--fill"))
    return fill (argv[2], (rlim_t) atoi (argv[3]));

  own_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/library/safety/newer", test_newer);
  g_test_add_func ("/library/safety/not-a-database", test_not_a_database);
  g_test_add_func ("/library/safety/truncated", test_truncated);
  g_test_add_func ("/library/safety/somebody-elses", test_somebody_elses);
  g_test_add_func ("/library/safety/no-folder", test_no_folder);
  g_test_add_func ("/library/safety/full-disk", test_full_disk);
  g_test_add_func ("/library/safety/two-writers", test_two_writers);
  g_test_add_func ("/library/safety/killed", test_killed);
  return g_test_run ();
}
