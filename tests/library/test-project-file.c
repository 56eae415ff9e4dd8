/* A project as one file: everything comes along, nothing comes twice, and nothing broken comes in. */
#include "formats/arietta-archive.h"
#include "formats/arietta-formats.h"
#include "library/arietta-project-file.h"
#include "music/arietta-note-verbs.h"
#include "trial-library.h"

#include <string.h>

typedef struct
{
  char           *folder, *other_folder, *path;
  AriettaLibrary *library, *other;
  gint64          id;
} Fixture;

static gint64
add_take (AriettaLibrary *library,
          AriettaPiece   *piece,
          guint64         seed,
          gint64          parent_id)
{
  g_autoptr(AriettaTake) take = g_new0 (AriettaTake, 1);
  g_autoptr(GError)      error = NULL;

  take->title = g_strdup ("Air");
  take->model = g_strdup ("trio");
  take->model_hash = g_strdup ("abc");
  take->seed = seed;
  take->settings = g_strdup ("{\"bars\":4}");
  take->style = g_strdup ("folk");
  take->starred = parent_id != 0;
  take->note = g_strdup ("Slower?");
  take->parent_id = parent_id;
  g_assert_true (arietta_library_add_take (library, take, piece, &error));
  g_assert_no_error (error);
  return take->id;
}

/* A take with a parent, three steps of it, one of them undone. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(AriettaPiece) parent = trial_piece (3), piece = trial_piece (5);
  g_autoptr(GError)       error = NULL;
  gint64                  parent_id, take_id;

  fixture->folder = trial_make_folder ();
  fixture->other_folder = trial_make_folder ();
  fixture->library = trial_open (fixture->folder);
  fixture->other = trial_open (fixture->other_folder);
  fixture->path = g_build_filename (fixture->folder, "Waltz.arietta", NULL);

  parent_id = add_take (fixture->library, parent, 7, 0);
  take_id = add_take (fixture->library, piece, 8, parent_id);
  fixture->id = arietta_library_add_project (fixture->library, "Wält<z>", take_id, piece, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
      AriettaPiece               *after = arietta_notes_move (piece, all, 0, 1, NULL);
      g_autoptr(AriettaEdit)      edit = arietta_edit_new_between (piece, after);
      const AriettaProjectStep    step = { .label = (char *) "Transpose", .edit = edit,
                                           .maker = (char *) (i == 1 ? "{\"model\":\"trio\"}" : "") };

      g_assert_true (arietta_library_add_edit (fixture->library, fixture->id, i, &step, after, &error));
      arietta_piece_unref (piece);
      piece = after;
    }
  g_assert_true (arietta_library_set_place (fixture->library, fixture->id, 2, &error));
  g_assert_true (arietta_project_file_save (fixture->library, fixture->id, fixture->path, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->library);
  g_assert_finalize_object (fixture->other);
  test_folder_delete (fixture->folder);
  test_folder_delete (fixture->other_folder);
  g_free (fixture->folder);
  g_free (fixture->other_folder);
  g_free (fixture->path);
}

static int
first_pitch (AriettaPiece *piece)
{
  guint n;

  return arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n)[0].pitch;
}

static void
test_travels (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError)         error = NULL;
  gint64                    id = arietta_project_file_open (fixture->other, fixture->path, &error);
  g_autoptr(AriettaProject) project = NULL;
  g_autoptr(GPtrArray)      steps = NULL, takes = NULL;
  g_autoptr(AriettaPiece)   piece = NULL, notes = NULL;
  const AriettaTake        *child, *parent;

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  piece = arietta_library_load_project (fixture->other, id, &project, &steps, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (project->title, ==, "Wält<z>");
  g_assert_cmpuint (project->place, ==, 2);
  g_assert_cmpuint (steps->len, ==, 3);
  g_assert_cmpint (first_pitch (piece), ==, 62);
  g_assert_cmpstr (((AriettaProjectStep *) steps->pdata[1])->maker, ==, "{\"model\":\"trio\"}");

  takes = arietta_library_list_takes (fixture->other, &error);
  g_assert_cmpuint (takes->len, ==, 2);
  child = takes->pdata[0];
  parent = takes->pdata[1];
  g_assert_cmpint (project->take_id, ==, child->id);
  g_assert_true (child->starred);
  g_assert_false (parent->starred);
  g_assert_cmpstr (child->note, ==, "Slower?");
  g_assert_cmpint (child->parent_id, ==, parent->id);
  g_assert_cmpint (parent->seed, ==, 7);
  g_assert_cmpstr (child->settings, ==, "{\"bars\":4}");

  /* Other programs and imports see the notes. */
  notes = arietta_formats_read (fixture->path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first_pitch (notes), ==, 62);
}

/* Opened again, or where it came from: the same one; worked on elsewhere: another. */
static void
test_once (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError)    error = NULL;
  gint64               id = arietta_project_file_open (fixture->other, fixture->path, &error);
  g_autoptr(GPtrArray) takes = NULL;

  g_assert_cmpint (arietta_project_file_open (fixture->other, fixture->path, &error), ==, id);
  g_assert_cmpint (arietta_project_file_open (fixture->library, fixture->path, &error), ==, fixture->id);
  g_assert_true (arietta_library_remove_project (fixture->other, id, TRUE, &error));
  g_assert_cmpint (arietta_project_file_open (fixture->other, fixture->path, &error), !=, id);
  takes = arietta_library_list_takes (fixture->other, &error);
  g_assert_cmpuint (takes->len, ==, 2);
  g_assert_no_error (error);
}

static guint
count_projects (AriettaLibrary *library)
{
  g_autoptr(GPtrArray) projects = arietta_library_list_projects (library, NULL);

  return projects->len;
}

static void
check_refused (Fixture    *fixture,
               const char *bytes,
               gsize       n,
               int         code)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *path = g_build_filename (fixture->folder, "bad.arietta", NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  g_assert_cmpint (arietta_project_file_open (fixture->other, path, &error), ==, 0);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "bad.arietta"));
  if (code >= 0)
    g_assert_error (error, ARIETTA_LIBRARY_ERROR, code);
  g_assert_cmpuint (count_projects (fixture->other), ==, 0);
}

/* The good file with one entry said otherwise. */
static GBytes *
change_entry (Fixture    *fixture,
              const char *changed,
              const char *text)
{
  static const char * const entries[] = { "mimetype", "piece.mid", "project.json", "history/state", "history/edits",
                                          "takes/0.mid", "takes/1.mid" };
  AriettaArchiveWriter     *writer = arietta_archive_writer_new ();
  g_autofree char          *bytes = NULL;
  gsize                     n;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &n, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr(GBytes) entry = arietta_archive_get (bytes, n, entries[i], 1 << 24, "good", NULL);

      g_assert_nonnull (entry);
      if (strcmp (entries[i], changed) != 0)
        arietta_archive_writer_add (writer, entries[i], g_bytes_get_data (entry, NULL), g_bytes_get_size (entry));
      else if (text != NULL)
        arietta_archive_writer_add (writer, changed, text, strlen (text));
    }
  return arietta_archive_writer_finish (writer);
}

static void
test_bad (Fixture       *fixture,
          gconstpointer  data)
{
  static const struct
  {
    const char *entry, *text;   /* NULL: not there */
    int         code;
  } rows[] = {
    { "project.json", "{\"format\": 99}", ARIETTA_LIBRARY_ERROR_NEWER },
    { "project.json", "{}", -1 },
    { "project.json", "[1, 2]", -1 },
    { "project.json", "{\"format\": 1, \"place\": 5, \"steps\": []}", -1 },
    { "project.json", "{\"format\": 1, \"place\": -1, \"steps\": [1]}", -1 },
    { "project.json", "{\"format\": 1, \"title\": 3, \"steps\": [1], \"takes\": 4}", -1 },
    { "project.json", NULL, -1 },
    { "history/state", NULL, -1 },
    { "history/state", "nothing", -1 },
    { "history/edits", "\377\377\377\377", -1 },
    { "history/edits", NULL, -1 },
    { "takes/1.mid", "MThd", -1 },
    { "takes/0.mid", NULL, -1 },
  };
  g_autofree char *bytes = NULL;
  gsize            n;

  check_refused (fixture, "no archive at all", 17, -1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) changed = change_entry (fixture, rows[i].entry, rows[i].text);

      g_test_message ("row %u, %s", i, rows[i].entry);
      check_refused (fixture, g_bytes_get_data (changed, NULL), g_bytes_get_size (changed), rows[i].code);
    }

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &n, NULL));
  for (gsize cut = 0; cut < n / 2; cut += 41)
    check_refused (fixture, bytes, cut, -1);
}

static void
test_nowhere (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL, missing = NULL, gone = NULL;

  g_assert_false (arietta_project_file_save (fixture->library, fixture->id, "/nowhere/at/all.arietta", &error));
  g_assert_nonnull (strstr (error->message, "all.arietta"));
  g_assert_cmpint (arietta_project_file_open (fixture->library, "/nowhere/at/all.arietta", &missing), ==, 0);
  g_assert_nonnull (strstr (missing->message, "all.arietta"));
  g_assert_false (arietta_project_file_save (fixture->library, fixture->id + 9, fixture->path, &gone));
  g_assert_error (gone, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/project-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("travels", test_travels);
  ADD ("once", test_once);
  ADD ("bad", test_bad);
  ADD ("nowhere", test_nowhere);

  return g_test_run ();
}
