#include <signal.h>
#include <sys/resource.h>

#include "music/arietta-note-verbs.h"
#include "studio/arietta-composition.h"
#include "../library/trial-library.h"

typedef struct
{
  char               *folder;
  AriettaLibrary     *library;
  AriettaComposition *composition;
  guint               n_stepped;
} Fixture;

static void
stepped_cb (Fixture     *fixture,
            AriettaEdit *edit,
            gboolean     undo)
{
  g_assert_nonnull (edit);
  fixture->n_stepped++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = trial_piece (0);

  fixture->folder = trial_make_folder ();
  fixture->library = trial_open (fixture->folder);
  fixture->composition = arietta_composition_new (fixture->library, "Waltz", 0, piece);
  g_signal_connect_swapped (fixture->composition, "stepped", G_CALLBACK (stepped_cb), fixture);
}

/* The worker's hold on its task ends a moment after the answer. */
static void
let_go (gpointer object)
{
  const gint64 deadline_us = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  while (g_atomic_pointer_get (&object) != NULL && g_get_monotonic_time () < deadline_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  g_assert_null (object);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  let_go (fixture->composition);
  let_go (fixture->library);
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static void
transpose (AriettaComposition *composition,
           int                 semitones)
{
  AriettaPiece *piece = arietta_composition_get_piece (composition);
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
  g_autoptr(AriettaPiece) after = arietta_notes_move (piece, all, 0, semitones, NULL);

  arietta_composition_step (composition, "Transpose", NULL, after);
}

static int
first_pitch (AriettaComposition *composition)
{
  AriettaPiece *piece = arietta_composition_get_piece (composition);
  guint n;

  return arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n)[0].pitch;
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
save (AriettaComposition *composition)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  arietta_composition_save_async (composition, keep_result_cb, &result);
  arietta_composition_save_finish (composition, wait_for (&result), &error);
  g_assert_no_error (error);
}

static AriettaComposition *
open_again (Fixture      *fixture,
            gint64        id,
            AriettaPiece *piece)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  AriettaComposition *composition;

  arietta_composition_open_async (fixture->library, id, piece, NULL, keep_result_cb, &result);
  composition = arietta_composition_open_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  return composition;
}

static void
test_undo (Fixture       *fixture,
           gconstpointer  data)
{
  AriettaComposition *composition = fixture->composition;
  g_autofree char *label = NULL;

  g_assert_false (arietta_composition_undo (composition));
  transpose (composition, 2);
  transpose (composition, 3);
  transpose (composition, 0);   /* nothing differs: no step */
  g_assert_cmpint (first_pitch (composition), ==, 65);
  g_assert_true (arietta_composition_undo (composition));
  g_assert_cmpint (first_pitch (composition), ==, 62);
  g_object_get (composition, "redo-label", &label, NULL);
  g_assert_cmpstr (label, ==, "Transpose");
  g_assert_true (arietta_composition_redo (composition));
  g_assert_false (arietta_composition_redo (composition));
  g_assert_cmpint (first_pitch (composition), ==, 65);
  g_assert_cmpuint (fixture->n_stepped, ==, 4);
  save (composition);
}

/* The history is there again after closing, undone steps too. */
static void
test_reopen (Fixture       *fixture,
             gconstpointer  data)
{
  AriettaComposition *composition = fixture->composition;
  AriettaComposition *again;
  gboolean saved;
  gint64 id;

  for (int i = 0; i < 10; i++)
    transpose (composition, 1);
  for (int i = 0; i < 4; i++)
    arietta_composition_undo (composition);
  g_object_get (composition, "saved", &saved, NULL);
  g_assert_false (saved);
  save (composition);
  g_object_get (composition, "saved", &saved, NULL);
  g_assert_true (saved);

  /* While it is open it is the same one, in however many windows. */
  id = arietta_composition_get_project_id (composition);
  again = open_again (fixture, id, NULL);
  g_assert_true (again == composition);
  g_assert_true (arietta_composition_find_open (fixture->library, id) == composition);
  g_clear_object (&again);
  let_go (g_steal_pointer (&fixture->composition));
  g_assert_null (arietta_composition_find_open (fixture->library, id));

  fixture->composition = again = open_again (fixture, id, NULL);
  g_assert_cmpint (first_pitch (again), ==, 66);
  g_assert_cmpstr (arietta_composition_get_title (again), ==, "Waltz");
  while (arietta_composition_redo (again))
    ;
  g_assert_cmpint (first_pitch (again), ==, 70);
  while (arietta_composition_undo (again))
    ;
  g_assert_cmpint (first_pitch (again), ==, 60);
  save (again);
}

/* Whoever opens the same notes again finds what was made of them. */
static void
test_found (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(AriettaPiece) piece = trial_piece (0);
  g_autoptr(AriettaPiece) other = trial_piece (1);
  g_autoptr(AriettaComposition) again = NULL;

  transpose (fixture->composition, 4);
  save (fixture->composition);
  g_assert_null (open_again (fixture, 0, other));
  again = open_again (fixture, 0, piece);
  g_assert_cmpint (first_pitch (again), ==, 64);
}

/* A piece that nobody changed leaves nothing behind. */
static void
test_untouched (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GPtrArray) projects = NULL;

  save (fixture->composition);
  projects = arietta_library_list_projects (fixture->library, NULL);
  g_assert_cmpuint (projects->len, ==, 0);
}

static void
failed_cb (guint        *n_failed,
           const GError *error)
{
  g_assert_nonnull (error);
  *n_failed += 1;
}

static void
saved_again_cb (guint *n_saved_again)
{
  *n_saved_again += 1;
}

/* Thrown away for good while it is open: what is done to it now is kept as a piece of its own, with its history. */
static void
test_gone (Fixture       *fixture,
           gconstpointer  data)
{
  AriettaComposition *composition = fixture->composition;
  AriettaComposition *again;
  gint64 id;

  transpose (composition, 1);
  save (composition);
  id = arietta_composition_get_project_id (composition);
  g_assert_true (arietta_library_remove_project (fixture->library, id, TRUE, NULL));
  g_assert_true (arietta_library_empty_trash (fixture->library, 0, NULL));

  transpose (composition, 1);
  transpose (composition, 1);
  arietta_composition_undo (composition);
  save (composition);
  id = arietta_composition_get_project_id (composition);
  g_assert_cmpint (id, !=, 0);
  g_assert_true (arietta_composition_find_open (fixture->library, id) == composition);
  let_go (g_steal_pointer (&fixture->composition));

  fixture->composition = again = open_again (fixture, id, NULL);
  g_assert_cmpint (first_pitch (again), ==, 62);
  g_assert_true (arietta_composition_redo (again));
  g_assert_cmpint (first_pitch (again), ==, 63);
  while (arietta_composition_undo (again))
    ;
  g_assert_cmpint (first_pitch (again), ==, 60);
  save (again);
}

/* No file of ours grows past @n_bytes, as on a full disk. */
static void
limit_files (rlim_t n_bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (n_bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static guint
count_unsaved (Fixture *fixture)
{
  g_autoptr(GPtrArray) unsaved = arietta_composition_list_unsaved (fixture->library);

  return unsaved->len;
}

/* A full disk: told once; held though nobody shows it, found again by its notes, and kept by itself when there is room. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  AriettaComposition *composition = fixture->composition, *again;
  g_autoptr(AriettaPiece) piece = trial_piece (0);
  g_autoptr(GAsyncResult) result = NULL, second = NULL;
  g_autoptr(GError) error = NULL;
  guint n_failed = 0, n_saved_again = 0;
  gint64 id;

  g_signal_connect_swapped (composition, "save-failed", G_CALLBACK (failed_cb), &n_failed);
  g_signal_connect_swapped (composition, "saved-again", G_CALLBACK (saved_again_cb), &n_saved_again);
  limit_files (4096);
  transpose (composition, 1);
  arietta_composition_save_async (composition, keep_result_cb, &result);
  g_assert_false (arietta_composition_save_finish (composition, wait_for (&result), &error));
  g_assert_error (error, ARIETTA_LIBRARY_ERROR, ARIETTA_LIBRARY_ERROR_FULL);
  transpose (composition, 1);
  arietta_composition_save_async (composition, keep_result_cb, &second);
  g_assert_false (arietta_composition_save_finish (composition, wait_for (&second), NULL));
  g_assert_cmpuint (n_failed, ==, 1);
  g_assert_true (arietta_composition_has_failed (composition));
  g_assert_cmpuint (count_unsaved (fixture), ==, 1);

  g_clear_object (&fixture->composition);
  again = open_again (fixture, 0, piece);
  g_assert_true (again == composition);
  g_assert_cmpint (first_pitch (again), ==, 62);
  g_object_unref (again);

  limit_files (RLIM_INFINITY);
  while (n_saved_again == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_unsaved (fixture), ==, 0);

  fixture->composition = again = open_again (fixture, 0, piece);
  g_assert_cmpint (first_pitch (again), ==, 62);
  id = arietta_composition_get_project_id (again);
  g_assert_cmpint (id, !=, 0);
  g_assert_true (arietta_composition_undo (again));
  g_assert_true (arietta_composition_undo (again));
  g_assert_false (arietta_composition_undo (again));
  save (again);
}

/* Who is told and does not care: nothing is held any more. */
static void
test_abandoned (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;

  limit_files (4096);
  transpose (fixture->composition, 1);
  g_assert_cmpuint (count_unsaved (fixture), ==, 1);
  arietta_composition_save_async (fixture->composition, keep_result_cb, &result);
  g_assert_false (arietta_composition_save_finish (fixture->composition, wait_for (&result), NULL));
  arietta_composition_abandon_unsaved (fixture->library);
  g_assert_cmpuint (count_unsaved (fixture), ==, 0);
  limit_files (RLIM_INFINITY);
}

/* What is listened to is kept with the piece, though nobody has changed a note, and is no step. */
static void
test_heard (Fixture       *fixture,
            gconstpointer  data)
{
  gint64 id;

  arietta_composition_set_heard (fixture->composition, "m0 s2");
  save (fixture->composition);
  id = arietta_composition_get_project_id (fixture->composition);
  g_assert_cmpint (id, !=, 0);
  transpose (fixture->composition, 1);
  arietta_composition_undo (fixture->composition);
  g_assert_false (arietta_composition_undo (fixture->composition));
  g_assert_cmpstr (arietta_composition_get_heard (fixture->composition), ==, "m0 s2");
  arietta_composition_set_heard (fixture->composition, "s1");
  save (fixture->composition);

  let_go (g_steal_pointer (&fixture->composition));
  fixture->composition = open_again (fixture, id, NULL);
  g_assert_cmpstr (arietta_composition_get_heard (fixture->composition), ==, "s1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/composition/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/composition/reopen", Fixture, NULL, set_up, test_reopen, tear_down);
  g_test_add ("/composition/found", Fixture, NULL, set_up, test_found, tear_down);
  g_test_add ("/composition/untouched", Fixture, NULL, set_up, test_untouched, tear_down);
  g_test_add ("/composition/gone", Fixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/composition/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add ("/composition/abandoned", Fixture, NULL, set_up, test_abandoned, tear_down);
  g_test_add ("/composition/heard", Fixture, NULL, set_up, test_heard, tear_down);
  return g_test_run ();
}
