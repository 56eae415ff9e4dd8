/* test-folder.h - folders that a test makes and takes away again */
#pragma once

#include <glib/gstdio.h>

/* With all that is in it; a link goes and what it points to stays. */
static inline void
test_folder_delete (const char *path)
{
  g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char     *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      test_folder_delete (child);
    }
  g_remove (path);
}

static inline guint
test_folder_count (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint           n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
