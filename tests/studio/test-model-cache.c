#include <glib/gstdio.h>

#include "studio/arietta-model-cache.h"

#include <string.h>

/* A digest is that of the file as it is now, whatever was there before. */
static void
test_digest (void)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-cache-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "weights", NULL);
  const char      *contents[] = { "abc", "abd", "abc" };

  g_assert_null (arietta_model_cache_dup_digest (path));
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *right = g_compute_checksum_for_string (G_CHECKSUM_SHA256, contents[i], -1);

      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      for (int again = 0; again < 2; again++)
        {
          g_autofree char *digest = arietta_model_cache_dup_digest (path);

          g_assert_cmpstr (digest, ==, right);
        }
    }

  g_remove (path);
  g_assert_null (arietta_model_cache_dup_digest (path));
  g_rmdir (folder);
}

/* Looking many times from many threads reads a file once or twice, and never wrongly. */
static gpointer
look_in_thread (gpointer data)
{
  const char *path = data;
  guint       n_wrong = 0;

  for (int i = 0; i < 200; i++)
    {
      g_autofree char *digest = arietta_model_cache_dup_digest (path);

      n_wrong += digest == NULL || strlen (digest) != 64;
    }

  return GUINT_TO_POINTER (n_wrong);
}

static void
test_threads (void)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-cache-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "weights", NULL);
  GThread         *threads[4];

  g_assert_true (g_file_set_contents (path, "abc", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("look", look_in_thread, path);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0);

  g_remove (path);
  g_rmdir (folder);
}

/* What is no model is refused with a sentence, again and again. */
static void
test_broken (void)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-cache-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "weights", NULL);

  g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (arietta_model_cache_load (i < 2 ? path : folder, &error));
      g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_MODEL_FILE);
    }

  g_remove (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/studio/model-cache/digest", test_digest);
  g_test_add_func ("/studio/model-cache/threads", test_threads);
  g_test_add_func ("/studio/model-cache/broken", test_broken);

  return g_test_run ();
}
