/* bench-first-sound - from the click on Write to the first sound of what was composed
 *
 * usage: bench-first-sound [ROUNDS] [MODEL]     (5, the model of who names none)
 *
 * Eight bars each time, by the calls of the window: a job of the queue composes and keeps the take in a library of its own;
 * the first bars that are whole are handed to the player, which plays, and its end hands it all of them.  The clock runs
 * from before the job to the moment the sink is given a buffer with sound in it.  The first round loads model and SoundFont,
 * as after a start of the program; the others are as when one clicks again.  The bar is 1,000 ms.
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
  double                 early_ms;     /* until its first bars were whole; 0: not before the others */
  double                 composed_ms;  /* until the piece was kept */
  gint64                 began;
  gboolean               failed;
} Round;

typedef struct
{
  Round        *round;
  AriettaPiece *so_far;
} Early;

static double
ms_since (gint64 began)
{
  return (double) (g_get_monotonic_time () - began) / 1e3;
}

static gboolean
early_cb (gpointer user_data)
{
  Early *early = user_data;
  Round *round = early->round;

  if (round->composed_ms > 0.0)
    return G_SOURCE_REMOVE;

  arietta_player_set_piece (round->player, early->so_far);
  if (round->early_ms == 0.0)
    {
      round->early_ms = ms_since (round->began);
      arietta_player_seek (round->player, arietta_piece_get_notes_start_ticks (early->so_far));
      arietta_player_play (round->player);
    }

  return G_SOURCE_REMOVE;
}

static void
early_free (gpointer data)
{
  Early *early = data;

  arietta_piece_unref (early->so_far);
  g_free (early);
}

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  Early *early = g_new (Early, 1);

  early->round = user_data;
  early->so_far = arietta_piece_ref (so_far);
  g_idle_add_full (G_PRIORITY_DEFAULT, early_cb, early, early_free);
}

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

  round->composed_ms = ms_since (round->began);
  if (composed == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      round->failed = TRUE;
      return;
    }
  arietta_player_set_piece (round->player, composed->piece);
  if (round->early_ms > 0.0)
    return;
  arietta_player_seek (round->player, arietta_piece_get_notes_start_ticks (composed->piece));
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
  round.request.filled = filled_cb;
  round.request.filled_data = &round;

  for (guint i = 0; i < n_rounds && !round.failed; i++)
    {
      g_autoptr(AriettaJob) job = arietta_job_new ("Composing", FALSE, FALSE, write_in_job, &round, NULL);
      double ms;

      round.request.seed = i + 1;
      round.early_ms = round.composed_ms = 0.0;
      bench_heard_us = 0;
      round.began = g_get_monotonic_time ();
      arietta_job_queue_add (jobs, job, (GDestroyNotify) arietta_composed_free, written_cb, &round);
      while ((bench_heard_us == 0 || round.composed_ms == 0.0) && !round.failed
             && g_get_monotonic_time () - round.began < WAIT_US)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (200);
        }
      ms = (double) (bench_heard_us - round.began) / 1e3;
      if (bench_heard_us == 0)
        printf ("seed %u: nothing was heard\n", i + 1);
      else
        printf ("seed %u, %s: first sound after %.0f ms, whole after %.0f; bar %.0f: %s\n", i + 1,
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
