/* Runs that resume as if they had never stopped, and the files they and models live in. */
#include "training-run.h"

#include "math/arietta-pool.h"
#include "nn/arietta-nn-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
temporary_path (const char *name)
{
  static char *folder = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("arietta-training-XXXXXX", NULL);
  g_assert_nonnull (folder);

  return g_build_filename (folder, name, NULL);
}

static void
test_resume (void)
{
  g_autofree char  *path = temporary_path ("state.safetensors");
  g_autoptr(GError) error = NULL;
  Run               unbroken, first, second;

  run_init (&unbroken);
  train (&unbroken, 12);

  run_init (&first);
  first.path = path;
  first.stop_after = 7;
  train (&first, 12);
  run_clear (&first);

  run_init (&second);
  arietta_training_state_load (second.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_training_state_get_int (second.state, "steps seen", -1), ==, 7);
  train (&second, 12);
  assert_same_weights (&unbroken, &second);

  run_clear (&second);
  run_clear (&unbroken);
  g_unlink (path);
}

/* A life of the run: from its last state on, if there is one, to the end. */
static void
live (const char *path,
      gint64      last_step)
{
  Run r;

  run_init (&r);
  r.path = path;
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !arietta_training_state_load (r.state, path, NULL))
    _exit (1);
  train (&r, last_step);
  _exit (0);
}

/* Killed at moments that nothing chose, again and again, at another number of threads each time, until it is
 * through. */
static void
test_killed (void)
{
  g_autofree char  *path = temporary_path ("killed.safetensors");
  g_autofree char  *whole_path = temporary_path ("whole.safetensors");
  g_autoptr(GError) error = NULL;
  AriettaRandom     chance;
  Run               unbroken, last;
  const int         n_kills = g_test_slow () ? 50 : 6, n_steps = 5 * n_kills;
  int               n_killed = 0, status = -1;
  gint64            life_us = g_get_monotonic_time ();

  run_init (&unbroken);
  unbroken.path = whole_path;
  train (&unbroken, n_steps);
  life_us = (g_get_monotonic_time () - life_us) / n_kills;

  /* A child has no workers of its parent's: it starts its own. */
  arietta_pool_stop ();
  arietta_random_init (&chance, (guint64) g_get_monotonic_time (), "kill");
  for (int i = 0; i <= n_kills; i++)
    {
      pid_t child;

      arietta_pool_set_threads (1 + i % 3);
      child = fork ();
      if (child == 0)
        live (path, n_steps);

      g_assert_cmpint (child, >, 0);
      if (i < n_kills)
        {
          g_usleep ((gulong) arietta_random_below (&chance, (guint64) (2 * life_us)));
          kill (child, SIGKILL);
        }
      waitpid (child, &status, 0);
      n_killed += WIFSIGNALED (status);
      if (WIFEXITED (status))
        g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
  g_assert_true (WIFEXITED (status));
  g_test_message ("%d of %d lives were cut short", n_killed, n_kills);
  g_assert_cmpint (n_killed, >, 0);

  run_init (&last);
  arietta_training_state_load (last.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (arietta_optimiser_get_step (last.optimiser), ==, n_steps);
  assert_same_weights (&unbroken, &last);
  g_assert_cmpmem (arietta_average_get_values (unbroken.average),
                   arietta_params_get_size (unbroken.params) * sizeof (AriettaReal),
                   arietta_average_get_values (last.average),
                   arietta_params_get_size (last.params) * sizeof (AriettaReal));
  run_clear (&last);
  run_clear (&unbroken);
  g_unlink (path);
  g_unlink (whole_path);
}

static void
test_state_facts (void)
{
  g_autofree char  *path = temporary_path ("facts.safetensors");
  g_autoptr(GError) error = NULL;
  const char       *text = "tabs\tand\nlines, “quotes” and \\ signs";
  Run               r, other;

  run_init (&r);
  arietta_training_state_set (r.state, "a\tkey", text);
  arietta_training_state_set_double (r.state, "best", 0.1 + 0.2);
  arietta_training_state_save (r.state, path, &error);
  g_assert_no_error (error);

  run_init (&other);
  arietta_training_state_set (other.state, "gone", "x");
  arietta_training_state_load (other.state, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_training_state_get (other.state, "a\tkey"), ==, text);
  g_assert_true (arietta_training_state_get_double (other.state, "best", 0) == 0.1 + 0.2);
  g_assert_null (arietta_training_state_get (other.state, "gone"));

  run_clear (&r);
  run_clear (&other);
  g_unlink (path);
}

static void
test_weights_files (void)
{
  static const char *const      metadata[] = { "kind", "test", NULL };
  g_autofree char              *path = temporary_path ("weights.safetensors");
  g_autofree char              *half = temporary_path ("half.safetensors");
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaParams)      wrong = arietta_params_new ();
  g_autoptr(AriettaSafetensors) file = NULL, half_file = NULL;
  Run                           r, other;

  run_init (&r);
  train (&r, 2);
  arietta_weights_save (r.params, path, ARIETTA_DTYPE_F32, metadata, &error);
  g_assert_no_error (error);
  arietta_weights_save (r.params, half, ARIETTA_DTYPE_F16, NULL, &error);
  g_assert_no_error (error);

  file = arietta_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_safetensors_get_metadata (file, "kind"), ==, "test");
  run_init (&other);
  g_assert_true (arietta_weights_load (other.params, file, path, &error));
  assert_same_weights (&r, &other);

  half_file = arietta_safetensors_open (half, &error);
  g_assert_no_error (error);
  g_assert_true (arietta_weights_load (other.params, half_file, half, &error));
  for (gsize i = 0; i < arietta_params_get_size (r.params); i++)
    g_assert_cmpfloat_with_epsilon (arietta_params_get_values (r.params)[i],
                                    arietta_params_get_values (other.params)[i], 1e-3);

  /* One that has other shapes is refused, and left as it was. */
  arietta_params_add (wrong, "out.weight", ARIETTA_INIT_CONSTANT, 3, ARIETTA_SHAPE (2, 2));
  arietta_params_allocate (wrong, 1);
  g_assert_false (arietta_weights_load (wrong, file, path, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "out.weight"));
  g_assert_cmpfloat (arietta_params_get (wrong, "out.weight")[3], ==, 3.0);

  /* Weights are not a training state. */
  g_clear_error (&error);
  g_assert_false (arietta_training_state_load (other.state, path, &error));
  g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_UNKNOWN);

  run_clear (&other);
  run_clear (&r);
  g_unlink (path);
  g_unlink (half);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/checkpoint/resume", test_resume);
  g_test_add_func ("/nn/checkpoint/killed", test_killed);
  g_test_add_func ("/nn/checkpoint/state-facts", test_state_facts);
  g_test_add_func ("/nn/checkpoint/weights-files", test_weights_files);

  return g_test_run ();
}
