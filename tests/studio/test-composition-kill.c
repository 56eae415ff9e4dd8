/* A program killed at any moment loses no edit that was acknowledged.
 *
 * A child edits a piece and writes the number of saved steps to a pipe as each is acknowledged; the parent kills it after a number of
 * them drawn by chance, while the next are under way, and looks into the library. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../library/trial-library.h"
#include "music/arietta-note-verbs.h"
#include "studio/arietta-composition.h"

#define MOST_STEPS 40

static char *self_path;

static void
transpose (AriettaComposition *composition,
           int                 semitones)
{
  AriettaPiece *piece = arietta_composition_get_piece (composition);
  g_autoptr(AriettaSelection) all = arietta_selection_new_all (piece);
  g_autoptr(AriettaPiece) after = arietta_notes_move (piece, all, 0, semitones, NULL);

  arietta_composition_step (composition, "Transpose", NULL, after);
}

static void
acknowledged_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  const char step = (char) GPOINTER_TO_INT (user_data);

  if (!arietta_composition_save_finish (ARIETTA_COMPOSITION (source), result, NULL) ||
      write (STDOUT_FILENO, &step, 1) != 1)
    _exit (1);
}

/* The child: edits without waiting, so that steps are under way all the time. */
static int
edit (const char *folder)
{
  g_autoptr(AriettaLibrary) library = trial_open (folder);
  g_autoptr(AriettaPiece) piece = trial_piece (0);
  g_autoptr(AriettaComposition) composition = arietta_composition_new (library, "Waltz", 0, piece);

  for (int step = 1; step <= MOST_STEPS; step++)
    {
      transpose (composition, 1);
      arietta_composition_save_async (composition, acknowledged_cb, GINT_TO_POINTER (step));
      g_main_context_iteration (NULL, step % 2 == 0);
    }
  for (;;)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}

static void
kill_once (AriettaRandom *random)
{
  g_autofree char *folder = trial_make_folder ();
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaLibrary) library = NULL;
  g_autoptr(GPtrArray) projects = NULL, steps = NULL;
  g_autoptr(AriettaPiece) piece = NULL;
  const char *argv[] = { self_path, "--edit", folder, NULL };
  const int wanted = 1 + (int) arietta_random_below (random, MOST_STEPS - 1);
  int acknowledged = 0, out, status;
  GPid pid;
  char step;
  guint n;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &out, NULL,
                            &error);
  g_assert_no_error (error);
  while (acknowledged < wanted && read (out, &step, 1) == 1)
    acknowledged = step;
  kill (pid, SIGKILL);
  while (read (out, &step, 1) == 1)
    acknowledged = step;   /* said before it was killed */
  close (out);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (acknowledged, >=, wanted);

  library = trial_open (folder);
  projects = arietta_library_list_projects (library, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (projects->len, ==, 1);
  piece = arietta_library_load_project (library, ((AriettaProject *) projects->pdata[0])->id, NULL, &steps, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, >=, (guint) acknowledged);
  g_assert_cmpint (arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n)[0].pitch, ==,
                   60 + (int) steps->len);

  g_clear_object (&library);
  test_folder_delete (folder);
}

static void
test_kill (void)
{
  AriettaRandom random;
  const int times = g_getenv ("ARIETTA_TEST_LONG") != NULL ? 200 : 6;

  arietta_random_init (&random, 1, "kills");
  for (int i = 0; i < times; i++)
    kill_once (&random);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--edit") == 0)
    return edit (argv[2]);

  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/composition/kill", test_kill);
  return g_test_run ();
}
