#include "../test-folder.h"

#include "base/arietta-load.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arietta-error.h"

#define MOST 100000

enum { UNREADABLE = 3, NOT_A_FILE = 5, TOO_LARGE = 7 };

GQuark arietta_load_test_error_quark (void);
ARIETTA_DEFINE_ERROR (load_test)

static GBytes *
load (const char  *path,
      GError     **error)
{
  const AriettaLoadErrors errors = { arietta_load_test_error_quark (), UNREADABLE, NOT_A_FILE, TOO_LARGE };

  return arietta_load_file (path, MOST, &errors, error);
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0, 1, 4095, 65536, 65537, MOST - 1, MOST, MOST + 1 };
  g_autofree char   *folder = g_dir_make_tmp ("arietta-load-XXXXXX", NULL);
  g_autofree char   *path = g_build_filename (folder, "file", NULL);
  g_autofree char   *bytes = g_malloc (MOST + 1);

  for (guint i = 0; i < MOST + 1; i++)
    bytes[i] = (char) (i * 7 + i / 251);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) loaded = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, bytes, (gssize) sizes[i], NULL));
      loaded = load (path, &error);
      if (sizes[i] > MOST)
        {
          g_assert_error (error, arietta_load_test_error_quark (), TOO_LARGE);
          g_assert_null (loaded);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (loaded, NULL), g_bytes_get_size (loaded), bytes, sizes[i]);
    }
  test_folder_delete (folder);
}

/* Neither what waits for ever nor what never ends; and a file of the system says it is empty and is not. */
static void
test_odd_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-load-XXXXXX", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *zeros = g_build_filename (folder, "zeros", NULL);
  const struct { const char *path; int code; } rows[] = {
    { pipe, NOT_A_FILE },
    { zeros, NOT_A_FILE },
    { folder, NOT_A_FILE },
    { "/nowhere/at/all", UNREADABLE },
  };
  g_autoptr(GBytes) status = NULL;

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (symlink ("/dev/zero", zeros), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (load (rows[i].path, &error));
      g_assert_error (error, arietta_load_test_error_quark (), rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].path));
      g_assert_cmpstr (arietta_error_get_file (error), ==, rows[i].path);
    }
  if (g_file_test ("/proc/self/status", G_FILE_TEST_EXISTS))
    {
      status = load ("/proc/self/status", NULL);
      g_assert_cmpuint (g_bytes_get_size (status), >, 0);
    }
  test_folder_delete (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/load/sizes", test_sizes);
  g_test_add_func ("/load/odd-files", test_odd_files);

  return g_test_run ();
}
