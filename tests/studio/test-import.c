#include "../test-folder.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/arietta-midi.h"
#include "library/arietta-library.h"
#include "studio/arietta-import.h"
#include "studio/arietta-studio-error.h"

typedef struct
{
  char                *folder;  /* holds "library" and "music" */
  char                *music;
  AriettaLibrary      *library;
  AriettaImportResult  result;
} Fixture;

static const AriettaImportOptions usual_options = { "folk", "CC0-1.0", TRUE, -1 };

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *place = NULL;

  /* Ten thousand files are for memory where there is a file system in it. */
  fixture->folder = g_strdup ("/dev/shm/arietta-import-XXXXXX");
  if (g_mkdtemp (fixture->folder) == NULL)
    {
      g_free (fixture->folder);
      fixture->folder = g_dir_make_tmp ("arietta-import-XXXXXX", &error);
      g_assert_no_error (error);
    }
  fixture->music = g_build_filename (fixture->folder, "music", NULL);
  g_assert_cmpint (g_mkdir (fixture->music, 0700), ==, 0);
  place = g_build_filename (fixture->folder, "library", NULL);
  fixture->library = arietta_library_open (place, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  arietta_import_result_clear (&fixture->result);
  g_assert_finalize_object (fixture->library);
  test_folder_delete (fixture->folder);
  g_free (fixture->music);
  g_free (fixture->folder);
}

static char *
path_of (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (fixture->music, name, NULL);
}

static void
put_bytes (Fixture    *fixture,
           const char *name,
           const void *data,
           gsize       size)
{
  g_autofree char *path = path_of (fixture, name);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

/* A tune of eight notes that is another for every @number. */
static GBytes *
tune_bytes (guint number,
            guint n_notes)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (480);
  AriettaTrack           *track = arietta_piece_add_track (piece, "");
  g_autoptr(GError)       error = NULL;
  GBytes                 *bytes;

  for (guint i = 0; i < n_notes; i++)
    {
      AriettaNote note = { i * 240, 240, (guint8) (60 + (number >> (i * 2) & 3)), 80, 64, 0, 0, 0 };

      arietta_track_add_note (track, &note);
    }
  bytes = arietta_midi_write_bytes (arietta_piece_freeze (piece), 0, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
put_tune (Fixture    *fixture,
          const char *name,
          guint       number)
{
  g_autoptr(GBytes) bytes = tune_bytes (number, 8);

  put_bytes (fixture, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* A tenth of a second of silence: 16 bits, one channel, 8 kHz. */
static void
put_sound (Fixture    *fixture,
           const char *name)
{
  guint8 wav[44 + 1600] =
    "RIFF\x64\x06\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0"
    "data\x40\x06\0\0";

  put_bytes (fixture, name, wav, sizeof wav);
}

static gboolean
import (Fixture     *fixture,
        const char  *path,
        AriettaJob  *job,
        GError     **error)
{
  return arietta_import_paths (fixture->library, "folk", &path, 1, &usual_options, job,
                               &fixture->result, error);
}

static guint
count_items (Fixture *fixture)
{
  g_autoptr(GPtrArray) items = arietta_library_list_items (fixture->library, 0, NULL, NULL);

  g_assert_nonnull (items);
  return items->len;
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) refusals = NULL;
  g_autoptr(GBytes)    whole = tune_bytes (77, 8);
  g_autoptr(GBytes)    silent = tune_bytes (0, 0);
  const char          *names[] = { "a/one.mid", "a/two.MID", "b/c/three.midi" };

  put_tune (fixture, names[0], 1);
  put_tune (fixture, names[1], 2);
  put_tune (fixture, names[2], 3);
  put_tune (fixture, "b/one again.mid", 1);
  put_tune (fixture, ".hidden.mid", 9);
  put_tune (fixture, ".git/object.mid", 9);
  put_bytes (fixture, "b/readme.txt", "text", 4);
  put_bytes (fixture, "cut.mid", g_bytes_get_data (whole, NULL), g_bytes_get_size (whole) - 20);
  put_bytes (fixture, "empty.mid", "", 0);
  put_bytes (fixture, "silent.mid", g_bytes_get_data (silent, NULL), g_bytes_get_size (silent));

  g_assert_true (import (fixture, fixture->music, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->result.imported, ==, 3);
  g_assert_cmpuint (fixture->result.duplicates, ==, 1);
  g_assert_cmpuint (fixture->result.skipped, ==, 3);
  g_assert_cmpuint (fixture->result.refused->len, ==, 3);
  g_assert_cmpuint (fixture->result.ids->len, ==, 3);

  items = arietta_library_list_items (fixture->library, fixture->result.dataset_id, NULL, &error);
  g_assert_cmpuint (items->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const AriettaItem *item = items->pdata[i];
      g_autofree char   *path = path_of (fixture, names[i]);

      g_assert_cmpstr (item->source_path, ==, path);
      g_assert_cmpint (item->id, ==, g_array_index (fixture->result.ids, gint64, i));
      g_assert_cmpstr (item->style, ==, "folk");
      g_assert_cmpuint (item->n_notes, ==, 8);
    }

  /* Each refusal names its file and says why; the dataset keeps them. */
  refusals = arietta_library_list_refusals (fixture->library, fixture->result.dataset_id, &error);
  g_assert_cmpuint (refusals->len, ==, 3);
  for (guint i = 0; i < refusals->len; i++)
    {
      const AriettaRefusal *refusal = refusals->pdata[i];
      const AriettaRefusal *told = fixture->result.refused->pdata[i];
      g_autofree char      *base = g_path_get_basename (refusal->path);

      g_test_message ("%s", refusal->reason);
      g_assert_cmpstr (refusal->path, ==, told->path);
      g_assert_cmpstr (refusal->reason, ==, told->reason);
      g_assert_nonnull (strstr (refusal->reason, base));
    }

  /* All of it again: nothing new. */
  g_assert_true (import (fixture, fixture->music, NULL, &error));
  g_assert_cmpuint (fixture->result.imported, ==, 0);
  g_assert_cmpuint (fixture->result.duplicates, ==, 4);
  g_assert_cmpuint (count_items (fixture), ==, 3);
}

static void
test_sound (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError)      error = NULL;
  g_autoptr(AriettaItem) item = NULL;

  put_sound (fixture, "silence.wav");
  put_bytes (fixture, "broken.flac", "fLaC but not really", 19);
  g_assert_true (import (fixture, fixture->music, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->result.imported, ==, 1);
  g_assert_cmpuint (fixture->result.refused->len, ==, 1);

  item = arietta_library_get_item (fixture->library, g_array_index (fixture->result.ids, gint64, 0),
                                   &error);
  g_assert_cmpint (item->medium, ==, ARIETTA_MEDIUM_SOUND);
  g_assert_cmpstr (item->path, ==, item->source_path);
  g_assert_cmpfloat_with_epsilon (item->seconds, 0.1, 0.02);
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) datasets = NULL;
  g_autofree char     *missing = path_of (fixture, "missing");
  g_autofree char     *text = path_of (fixture, "text.txt");

  g_assert_false (import (fixture, fixture->music, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);
  g_assert_nonnull (strstr (error->message, "is empty"));
  g_clear_error (&error);

  g_assert_false (import (fixture, missing, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, missing));
  g_clear_error (&error);

  put_bytes (fixture, "text.txt", "text", 4);
  g_assert_false (import (fixture, fixture->music, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);
  g_assert_cmpuint (fixture->result.skipped, ==, 1);
  g_clear_error (&error);
  g_assert_false (import (fixture, text, NULL, &error));
  g_assert_error (error, ARIETTA_STUDIO_ERROR, ARIETTA_STUDIO_ERROR_NOTHING);

  /* No dataset is made for nothing. */
  datasets = arietta_library_list_datasets (fixture->library, NULL);
  g_assert_cmpuint (datasets->len, ==, 0);
}

static void
test_odd_folders (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *loop = path_of (fixture, "a/loop");
  g_autofree char   *broken = path_of (fixture, "a/broken.mid");
  g_autofree char   *pipe = path_of (fixture, "a/pipe.mid");
  g_autoptr(GString) deep = g_string_new (NULL);

  put_tune (fixture, "a/one.mid", 1);
  g_assert_cmpint (symlink (fixture->music, loop), ==, 0);
  g_assert_cmpint (symlink ("/no/such/file.mid", broken), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  for (guint i = 0; i < 100; i++)
    g_string_append (deep, "d/");
  g_string_append (deep, "deep.mid");
  put_tune (fixture, deep->str, 2);

  g_assert_true (import (fixture, fixture->music, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->result.imported, ==, 1);
  g_assert_cmpuint (fixture->result.skipped, ==, 2);
}

static void
test_several_paths (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *one = path_of (fixture, "one.mid");
  g_autofree char  *folder = path_of (fixture, "folder");
  const char       *paths[] = { one, folder };

  put_tune (fixture, "one.mid", 1);
  put_tune (fixture, "folder/two.mid", 2);
  g_assert_true (arietta_import_paths (fixture->library, "folk", paths, 2, &usual_options, NULL,
                                       &fixture->result, &error));
  g_assert_cmpuint (fixture->result.imported, ==, 2);
}

typedef struct
{
  Fixture             *fixture;
  AriettaJob          *job;
  guint                after;
  AriettaImportResult *result;
} Canceller;

static void
changed_cb (AriettaLibrary *library,
            guint           tables,
            Canceller      *canceller)
{
  if (count_items (canceller->fixture) >= canceller->after)
    arietta_job_cancel (canceller->job);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  Canceller        *canceller = user_data;

  canceller->result = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);
  g_assert_no_error (error);
}

static void
test_ten_thousand_cancelled (Fixture       *fixture,
                             gconstpointer  data)
{
  const guint           n_files = 10000;
  g_autoptr(GError)     error = NULL;
  g_autoptr(AriettaJob) job = NULL;
  g_autoptr(GPtrArray)  items = NULL;
  const char           *path = fixture->music;
  AriettaImportResult  *result;
  Canceller             canceller;

  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u/tune-%05u.mid", i / 1000, i);

      put_tune (fixture, name, i);
    }

  job = arietta_import_job_new (fixture->library, "folk", &path, 1, &usual_options);
  canceller = (Canceller) { fixture, job, n_files / 2, NULL };
  g_signal_connect (fixture->library, "changed", G_CALLBACK (changed_cb), &canceller);
  arietta_job_run_async (job, (GDestroyNotify) arietta_import_result_free, imported_cb, &canceller);
  while (canceller.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (fixture->library, &canceller);
  result = canceller.result;

  /* What was read stays, whole and in order, and the rest is as if never asked for. */
  g_assert_true (result->cancelled);
  g_assert_cmpuint (result->imported, >=, n_files / 2);
  g_assert_cmpuint (result->imported, <, n_files);
  items = arietta_library_list_items (fixture->library, result->dataset_id, NULL, &error);
  g_assert_cmpuint (items->len, ==, result->imported);
  for (guint i = 0; i < items->len; i++)
    {
      const AriettaItem *item = items->pdata[i];
      g_autofree char   *name = g_strdup_printf ("tune-%05u.mid", i);

      g_assert_cmpstr (item->file_name, ==, name);
      if (i % 100 == 0)
        {
          g_autoptr(AriettaPiece) piece =
            arietta_library_load_item (fixture->library, item->id, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (arietta_piece_get_n_notes (piece), ==, 8);
        }
    }
  arietta_import_result_free (result);

  /* Asked again it goes on with what is missing. */
  g_assert_true (import (fixture, fixture->music, NULL, &error));
  g_assert_cmpuint (fixture->result.duplicates, ==, items->len);
  g_assert_cmpuint (count_items (fixture), ==, n_files);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/studio/import/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("folder", test_folder);
  ADD ("sound", test_sound);
  ADD ("nothing", test_nothing);
  ADD ("odd-folders", test_odd_folders);
  ADD ("several-paths", test_several_paths);
  ADD ("ten-thousand-cancelled", test_ten_thousand_cancelled);
  return g_test_run ();
}
