/* Reads every .mid file below a folder into pieces, from memory, and prints how fast.
 *
 *   bench-midi FOLDER [PASSES]
 *
 * CPU time of this one thread; the first pass warms the caches and is not counted.  peer-midi.py
 * measures another reader over the same files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "formats/arietta-midi.h"

static double
cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static void
gather (const char *folder, GPtrArray *files)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *data;
      gsize size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        gather (path, files);
      else if (g_str_has_suffix (name, ".mid") && g_file_get_contents (path, &data, &size, NULL))
        g_ptr_array_add (files, g_bytes_new_take (data, size));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  int passes = argc > 2 ? atoi (argv[2]) : 3;
  double best = G_MAXDOUBLE;
  gsize n_bytes = 0;
  gsize n_notes = 0;
  guint n_refused = 0;

  if (argc < 2)
    {
      fprintf (stderr, "usage: bench-midi FOLDER [PASSES]\n");
      return 2;
    }
  gather (argv[1], files);

  for (int pass = 0; pass <= passes; pass++)
    {
      double start = cpu_seconds ();

      n_bytes = n_notes = n_refused = 0;
      for (guint i = 0; i < files->len; i++)
        {
          gsize size;
          const guint8 *data = g_bytes_get_data (files->pdata[i], &size);
          g_autoptr(AriettaPiece) piece = NULL;

          piece = arietta_midi_read_bytes (data, size, "bench", ARIETTA_MIDI_READ_DEFAULT, NULL, NULL);
          n_bytes += size;
          if (piece != NULL)
            n_notes += arietta_piece_get_n_notes (piece);
          else
            n_refused++;
        }
      if (pass > 0)
        best = MIN (best, cpu_seconds () - start);
    }

  printf ("%u files, %u refused, %.2f MB, %zu notes: %.4f s of CPU; %.0f files/s, %.1f MB/s, %.2f M notes/s\n",
          files->len, n_refused, n_bytes / 1e6, n_notes, best, files->len / best, n_bytes / 1e6 / best,
          n_notes / 1e6 / best);
  return 0;
}
