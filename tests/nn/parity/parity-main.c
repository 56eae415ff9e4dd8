/* parity FOLDER: checks every fixture of a folder, see golden/torch/README.md and parity.h.
 *
 * Each file is one that passes or fails; one whose name is not in parity-fixtures.h fails.  The last line is
 * `N passed, N failed`, and the exit status 1 if any failed, or there was none at all.
 * ARIETTA_KERNELS=portable chooses the portable kernels. */
#include "parity-fixtures.h"

#include "math/arietta-vector.h"

#include <string.h>

#define EXTENSION ".safetensors"

static const struct
{
  const char *name;
  void      (*check) (Parity *c);
} fixtures[] = {
#define PARITY_ROW(name) { #name, parity_##name },
  PARITY_FIXTURES (PARITY_ROW)
#undef PARITY_ROW
};

static gboolean
check (const char *folder,
       const char *file)
{
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (EXTENSION));
  g_autofree char *path = g_build_filename (folder, file, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++)
    if (strcmp (fixtures[i].name, name) == 0)
      return parity_check_file (path, fixtures[i].check);

  g_print ("%s: nothing here knows a fixture of this name\n", name);

  return FALSE;
}

static int
by_name_cb (gconstpointer a,
            gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GDir)      dir = NULL;
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char          *file;
  int                  passed = 0, failed = 0;

  if (argc != 2)
    {
      g_printerr ("usage: parity FOLDER\n");
      return 2;
    }

  dir = g_dir_open (argv[1], 0, &error);
  if (dir == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, EXTENSION))
      g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, by_name_cb);

  g_print ("kernels: %s\n", arietta_vector ()->name);
  for (guint i = 0; i < files->len; i++)
    if (check (argv[1], g_ptr_array_index (files, i)))
      passed++;
    else
      failed++;
  if (files->len == 0)
    g_print ("there is no fixture in %s\n", argv[1]);
  g_print ("%d passed, %d failed\n", passed, failed);

  return failed > 0 || files->len == 0;
}
