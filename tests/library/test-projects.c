#include "library/arietta-library-projects.h"
#include "music/arietta-note-verbs.h"
#include "trial-library.h"

typedef struct
{
  char           *folder;
  AriettaLibrary *library;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = trial_make_folder ();
  fixture->library = trial_open (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->library);
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (fixture->library);
  fixture->library = trial_open (fixture->folder);
}

/* Everything a semitone up, as edit @place; returns the piece after it. */
static AriettaPiece *
edit (Fixture      *fixture,
      gint64        id,
      guint         place,
      AriettaPiece *before)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (before);
  AriettaPiece *after = arietta_notes_move (before, all, 0, 1, NULL);
  g_autoptr(AriettaEdit) change = arietta_edit_new_between (before, after);
  const AriettaProjectStep step = { .label = (char *) "Transpose", .edit = change };

  arietta_library_add_edit (fixture->library, id, place, &step, after, &error);
  g_assert_no_error (error);
  return after;
}

static int
first_pitch (AriettaPiece *piece)
{
  guint n;

  return arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n)[0].pitch;
}

static void
assert_loads (Fixture *fixture,
              gint64   id,
              guint    place,
              guint    n_steps,
              int      pitch)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaProject) project = NULL;
  g_autoptr(GPtrArray) steps = NULL;
  g_autoptr(AriettaPiece) piece = arietta_library_load_project (fixture->library, id, &project, &steps, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (project->place, ==, place);
  g_assert_cmpuint (steps->len, ==, n_steps);
  g_assert_cmpint (first_pitch (piece), ==, pitch);
}

static gint64
make_project (Fixture       *fixture,
              AriettaPiece **piece)
{
  g_autoptr(GError) error = NULL;
  gint64 id;

  *piece = trial_piece (0);
  id = arietta_library_add_project (fixture->library, "Waltz", 0, *piece, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
test_history (Fixture       *fixture,
              gconstpointer  data)
{
  AriettaPiece *piece;
  gint64 id = make_project (fixture, &piece);

  for (guint i = 0; i < 5; i++)
    {
      AriettaPiece *next = edit (fixture, id, i, piece);

      arietta_piece_unref (piece);
      piece = next;
    }
  arietta_piece_unref (piece);
  reopen (fixture);
  assert_loads (fixture, id, 5, 5, 65);

  g_assert_true (arietta_library_set_place (fixture->library, id, 2, NULL));
  reopen (fixture);
  assert_loads (fixture, id, 2, 5, 62);
}

/* A new edit after an undo ends what was undone, also across the kept state. */
static void
test_branch (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
  g_autoptr(AriettaPiece) other = NULL;
  AriettaPiece *piece;
  gint64 id = make_project (fixture, &piece);

  g_ptr_array_add (states, piece);
  /* Up and down, so that it stays music. */
  for (guint i = 0; i < 150; i++)
    {
      AriettaPiece *last = g_ptr_array_index (states, i);
      g_autoptr(AriettaSelection) all = arietta_selection_new_all (last);
      AriettaPiece *next = arietta_notes_move (last, all, 0, i % 2 == 0 ? 3 : -3, NULL);
      g_autoptr(AriettaEdit) change = arietta_edit_new_between (last, next);
      const AriettaProjectStep step = { .label = (char *) "Move", .edit = change };

      g_assert_true (arietta_library_add_edit (fixture->library, id, i, &step, next, NULL));
      g_ptr_array_add (states, next);
    }
  assert_loads (fixture, id, 150, 150, 60);

  g_assert_true (arietta_library_set_place (fixture->library, id, 11, NULL));
  assert_loads (fixture, id, 11, 150, 63);
  other = edit (fixture, id, 11, g_ptr_array_index (states, 11));
  assert_loads (fixture, id, 12, 12, 64);
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = NULL;
  g_autoptr(GPtrArray) projects = NULL;
  g_autoptr(GError) error = NULL;
  gint64 id = make_project (fixture, &piece);

  g_assert_true (arietta_library_rename_project (fixture->library, id, "Minuet", NULL));
  projects = arietta_library_list_projects (fixture->library, NULL);
  g_assert_cmpuint (projects->len, ==, 1);
  g_assert_cmpstr (((AriettaProject *) projects->pdata[0])->title, ==, "Minuet");

  g_assert_cmpint (arietta_library_find_project (fixture->library, piece, NULL), ==, id);
  g_assert_true (arietta_library_remove_project (fixture->library, id, TRUE, NULL));
  g_assert_cmpint (arietta_library_find_project (fixture->library, piece, NULL), ==, 0);
  g_clear_pointer (&projects, g_ptr_array_unref);
  projects = arietta_library_list_projects (fixture->library, NULL);
  g_assert_cmpuint (projects->len, ==, 0);
  g_assert_true (arietta_library_remove_project (fixture->library, id, FALSE, NULL));
  assert_loads (fixture, id, 0, 0, 60);

  g_assert_false (arietta_library_rename_project (fixture->library, id + 1, "Nothing", &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/projects/history", Fixture, NULL, set_up, test_history, tear_down);
  g_test_add ("/projects/branch", Fixture, NULL, set_up, test_branch, tear_down);
  g_test_add ("/projects/list", Fixture, NULL, set_up, test_list, tear_down);
  return g_test_run ();
}
