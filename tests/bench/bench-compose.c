/* bench-compose - how long a piece takes
 *
 * usage: bench-compose [ROUNDS]     (9)
 *
 * Two bars by each model that writes in two bars, and eight bars of four tracks (melody, chords, bass, drums) by the
 * composer, seeds from 1 on.  The first round of each loads the model and is told apart.  The bars are 10 ms for two bars
 * and 2 s for eight of four tracks.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "studio/arietta-compose.h"

/* Of all threads, since the workers compose. */
static double
cpu_ms (void)
{
  return 1e3 * (double) clock () / CLOCKS_PER_SEC;
}

static gboolean
measure (AriettaLibrary        *library,
         AriettaComposeRequest *request,
         guint                  n_rounds,
         double                 bar_ms)
{
  double first = 0.0, sum = 0.0, worst = 0.0, cpu = 0.0;

  for (guint i = 0; i <= n_rounds; i++)
    {
      g_autoptr(GError)          error = NULL;
      g_autoptr(AriettaComposed) composed = NULL;
      gint64                     began_us = g_get_monotonic_time ();
      double                     cpu_began = cpu_ms (), ms;

      request->seed = i + 1;
      composed = arietta_compose (library, request, NULL, &error);
      if (composed == NULL)
        {
          fprintf (stderr, "%s\n", error->message);
          return FALSE;
        }
      ms = (double) (g_get_monotonic_time () - began_us) / 1e3;
      if (i == 0)
        {
          first = ms;
          continue;
        }
      sum += ms;
      cpu += cpu_ms () - cpu_began;
      worst = MAX (worst, ms);
    }
  printf ("%s, %u bars, %u tracks: %.1f ms (at worst %.1f), CPU %.1f ms, the first time %.0f ms; bar %.0f: %s\n",
          request->model, request->bars, MAX (request->n_parts, 1), sum / n_rounds, worst, cpu / n_rounds, first, bar_ms,
          worst <= bar_ms ? "held" : "MISSED");
  fflush (stdout);

  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  const guint            n_rounds = argc > 1 ? (guint) CLAMP (atoi (argv[1]), 1, 1000) : 9;
  g_autofree char       *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autofree char       *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr(GError)      error = NULL;
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, &error);
  const AriettaFillPart  parts[] = {
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_MELODY, 73 },
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_CHORDS, -1 },
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_BASS, -1 },
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_DRUMS, -1 },
  };
  const char *const      short_models[] = { "melody-2bar", "drums-2bar", "trio" };
  gboolean               done = library != NULL;

  if (library == NULL)
    fprintf (stderr, "%s\n", error->message);
  for (guint i = 0; done && i < G_N_ELEMENTS (short_models); i++)
    {
      AriettaComposeRequest request = ARIETTA_COMPOSE_REQUEST_INIT;

      request.model = short_models[i];
      request.bars = 2;
      done = measure (library, &request, n_rounds, 10.0);
    }
  if (done)
    {
      AriettaComposeRequest request = ARIETTA_COMPOSE_REQUEST_INIT;

      request.model = "composer";
      request.bars = 8;
      request.parts = parts;
      request.n_parts = G_N_ELEMENTS (parts);
      done = measure (library, &request, n_rounds, 2000.0);
    }

  g_clear_object (&library);
  return system (command) == 0 && done ? 0 : 1;
}
