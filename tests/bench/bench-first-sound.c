/* bench-first-sound - from the click on Write to the first sound of what was composed
 *
 * usage: bench-first-sound [ROUNDS] [MODEL]     (5, melody-2bar)
 *
 * Eight bars each time, by the calls of the window: a job of the queue composes and keeps the take in a library of its own,
 * its end hands the piece to the player, which plays.  The clock runs from before the job to the moment the sink is given a
 * buffer with sound in it.  The first round loads model and SoundFont, as after a start of the program; the others are as
 * when one clicks again.  The bar is 1,000 ms.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "audio/arietta-player.h"
#include "bench-ear.h"
#include "studio/arietta-compose.h"

#define BAR_MS  1000.0
#define WAIT_US 20000000

typedef struct
{
  AriettaLibrary        *library;
  AriettaPlayer         *player;
  AriettaComposeRequest  request;
  double                 composed_ms;  /* of it, until the piece was kept */
  gint64                 began;
  gboolean               failed;
} Round;

static gpointer
write_in_job (AriettaJob  *job,
              gpointer     data,
              GError     **error)
{
  Round *round = data;
  g_autoptr(AriettaComposed) composed = arietta_compose (round->library, &round->request, job, error);

  if (composed == NULL || !arietta_library_add_take (round->library, composed->take, composed->piece, error))
    return NULL;
  return g_steal_pointer (&composed);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Round *round = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaComposed) composed = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  round->composed_ms = (double) (g_get_monotonic_time () - round->began) / 1e3;
  if (composed == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      round->failed = TRUE;
      return;
    }
  arietta_player_set_piece (round->player, composed->piece);
  arietta_player_seek (round->player, 0);
  arietta_player_play (round->player);
}

int
main (int   argc,
      char *argv[])
{
  const guint n_rounds = argc > 1 ? (guint) CLAMP (atoi (argv[1]), 1, 1000) : 5;
  g_autofree char *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr(GError) error = NULL;
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, &error);
  g_autoptr(AriettaJobQueue) jobs = arietta_job_queue_new ();
  g_autoptr(AriettaPlayer) player = NULL;
  Round round = { .request = ARIETTA_COMPOSE_REQUEST_INIT };

  if (library == NULL || !bench_ear_init ())
    return 1;
  player = arietta_player_new ();
  round.library = library;
  round.player = player;
  round.request.model = argc > 2 ? argv[2] : NULL;

  for (guint i = 0; i < n_rounds && !round.failed; i++)
    {
      g_autoptr(AriettaJob) job = arietta_job_new ("Composing", FALSE, FALSE, write_in_job, &round, NULL);
      double ms;

      round.request.seed = i + 1;
      bench_heard_us = 0;
      round.began = g_get_monotonic_time ();
      arietta_job_queue_add (jobs, job, (GDestroyNotify) arietta_composed_free, written_cb, &round);
      while (bench_heard_us == 0 && !round.failed && g_get_monotonic_time () - round.began < WAIT_US)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (200);
        }
      ms = (double) (bench_heard_us - round.began) / 1e3;
      if (bench_heard_us == 0)
        printf ("seed %u: nothing was heard\n", i + 1);
      else
        printf ("seed %u, %s: first sound after %.0f ms, of which composing %.0f; bar %.0f: %s\n", i + 1,
                i == 0 ? "all to be loaded" : "again", ms, round.composed_ms, BAR_MS, ms <= BAR_MS ? "held" : "MISSED");
      fflush (stdout);
      arietta_player_stop (player);
      /* The last round's tail is not the next one's sound. */
      do
        {
          bench_heard_us = 0;
          bench_run_for (300);
        }
      while (bench_heard_us != 0);
    }

  g_clear_object (&player);
  g_clear_object (&library);
  return system (command) == 0 && !round.failed ? 0 : 1;
}
