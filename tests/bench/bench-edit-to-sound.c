/* bench-edit-to-sound - from a hand's edit to the first sample that differs, handed to the sink
 *
 * usage: bench-edit-to-sound [ROUNDS]
 *
 * A piece plays, silent around the play head; an edit puts a note there, by the verbs, the composition and the player that the
 * window uses.  The clock runs from before the verb to the moment the sink is given a buffer with sound in it.  The sink keeps
 * time as a device would and holds nothing in advance.  The bar is 20 ms.
 *
 * With pulseaudio and parec there, the same at a null sink of a server of its own, with the latency the window uses, up to the
 * sample that comes out of the sink's monitor.  The bar is 50 ms.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audio/arietta-player.h"
#include "bench-ear.h"
#include "music/arietta-note-verbs.h"
#include "studio/arietta-composition.h"

#define HEAD_TICKS  (480 * 64)   /* where the play head is; no note within some seconds of it */
#define GAP_TICKS   (480 * 32)

/* ---- The piece ---- */

/* @n_notes on four tracks, and none near the play head. */
static AriettaPiece *
make_piece (guint n_notes)
{
  AriettaPiece *piece = arietta_piece_new (480);
  gint64 at = 0;

  for (guint t = 0; t < 4; t++)
    arietta_piece_add_track (piece, "");
  for (guint i = 0; i < n_notes; i++)
    {
      if (i % 4 == 0)
        at += 30;
      if (at > HEAD_TICKS - GAP_TICKS && at < HEAD_TICKS + GAP_TICKS)
        at = HEAD_TICKS + GAP_TICKS;
      arietta_track_add_note (arietta_piece_get_track (piece, i % 4), &(AriettaNote) {
                                .onset_ticks = at, .duration_ticks = 60, .pitch = 40 + (i * 7) % 40, .velocity = 80,
                                .channel = (guint8) (i % 4), .off_velocity = 64 });
    }
  /* The piece goes on past the play head, however short it is. */
  arietta_track_add_note (arietta_piece_get_track (piece, 0), &(AriettaNote) {
                            .onset_ticks = MAX (at, HEAD_TICKS + GAP_TICKS), .duration_ticks = 60, .pitch = 60, .velocity = 80,
                            .off_velocity = 64 });
  return arietta_piece_freeze (piece);
}

static void
stepped_cb (AriettaComposition *composition,
            GParamSpec         *pspec,
            AriettaPlayer      *player)
{
  arietta_player_set_piece (player, arietta_composition_get_piece (composition));
}

static int
compare_cb (gconstpointer a,
            gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* One round: milliseconds from the hand to the ear, or below 0 when nothing was heard in two seconds. */
static double
edit_once (AriettaComposition *composition,
           AriettaPlayer      *player,
           guint               nth)
{
  const AriettaNote note = { .onset_ticks = HEAD_TICKS, .duration_ticks = 480 * 24, .pitch = (guint8) (72 + nth % 5),
                             .velocity = 120, .off_velocity = 64 };
  g_autoptr(AriettaPiece) after = NULL;
  gint64 began, waited = g_get_monotonic_time ();

  arietta_player_seek (player, HEAD_TICKS + 480);
  arietta_player_play (player);
  bench_run_for (300 + nth * 7 % 30);

  /* The tail of the last round is not this one's sound. */
  do
    {
      bench_heard_us = 0;
      bench_run_for (100);
    }
  while (bench_heard_us != 0 && g_get_monotonic_time () - waited < 6000000);
  began = g_get_monotonic_time ();
  after = arietta_notes_add (arietta_composition_get_piece (composition), nth % 4, &note, NULL);
  arietta_composition_step (composition, "Draw Note", NULL, after);
  while (bench_heard_us == 0 && g_get_monotonic_time () - began < 2000000)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (200);
    }

  arietta_player_stop (player);
  arietta_composition_undo (composition);
  bench_run_for (700);
  return bench_heard_us != 0 ? (bench_heard_us - began) / 1e3 : -1;
}

static void
measure (const char *name,
         guint       n_notes,
         guint       n_rounds,
         double      bar_ms)
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, NULL);
  g_autoptr(AriettaPiece) piece = make_piece (n_notes);
  g_autoptr(AriettaComposition) composition = arietta_composition_new (library, "Bench", 0, piece);
  g_autoptr(AriettaPlayer) player = arietta_player_new ();
  g_autofree double *ms = g_new0 (double, n_rounds);
  guint lost = 0;

  g_signal_connect (composition, "notify::piece", G_CALLBACK (stepped_cb), player);
  arietta_player_set_piece (player, piece);
  bench_run_for (1500);
  edit_once (composition, player, 0);
  for (guint i = 0; i < n_rounds; i++)
    {
      ms[i] = edit_once (composition, player, i);
      lost += ms[i] < 0;
    }
  qsort (ms, n_rounds, sizeof *ms, compare_cb);
  printf ("%-22s %7u notes: %6.1f ms in the middle, %6.1f in 9 of 10, %6.1f at worst; bar %.0f: %s%s\n", name, n_notes,
          ms[n_rounds / 2], ms[n_rounds * 9 / 10], ms[n_rounds - 1], bar_ms,
          lost > 0 ? "NOT HEARD at times" : ms[n_rounds * 9 / 10] <= bar_ms ? "held" : "MISSED",
          lost == 0 && ms[n_rounds - 1] > bar_ms ? " (not at worst)" : "");
  fflush (stdout);
}

/* ---- A sound server of our own ---- */

static gpointer
listen_in_thread (gpointer data)
{
  float samples[64];
  gssize n;

  while ((n = read (GPOINTER_TO_INT (data), samples, sizeof samples)) > 0)
    bench_listen_to (samples, n / sizeof (float));
  return NULL;
}

static void
measure_pulse (guint n_rounds)
{
  static const char * const tools[] = { "pulseaudio", "parec" };
  g_autofree char *folder = g_dir_make_tmp ("arietta-pulse-XXXXXX", NULL);
  g_autofree char *socket = g_strdup_printf ("unix:%s/native", folder);
  g_autofree char *module = g_strdup_printf ("module-native-protocol-unix auth-anonymous=1 socket=%s/native", folder);
  const char *server[] = { "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-L", module,
                           "-L", "module-null-sink sink_name=null rate=44100", NULL };
  const char *monitor[] = { "parec", "-d", "null.monitor", "--latency-msec=5", "--format=float32le", "--rate=44100", NULL };
  GPid server_pid, monitor_pid;
  GThread *thread;
  int out;

  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    {
      g_autofree char *found = g_find_program_in_path (tools[i]);

      if (found == NULL)
        {
          printf ("%s is not installed: nothing measured there\n", tools[i]);
          return;
        }
    }

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("PULSE_SERVER", socket, TRUE);
  g_unsetenv ("ARIETTA_AUDIO_SINK");
  if (!g_spawn_async (NULL, (char **) server, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, &server_pid, NULL))
    return;
  g_usleep (1500000);
  if (g_spawn_async_with_pipes (NULL, (char **) monitor, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                &monitor_pid, NULL, &out, NULL, NULL))
    {
      thread = g_thread_new ("monitor", listen_in_thread, GINT_TO_POINTER (out));
      measure ("PulseAudio null sink", 2000, n_rounds, 50);
      kill (monitor_pid, SIGTERM);
      g_thread_join (thread);
      close (out);
    }
  kill (server_pid, SIGTERM);
}

int
main (int   argc,
      char *argv[])
{
  static const guint sizes[] = { 100, 2000, 16000, 50000 };
  const guint n_rounds = argc > 1 ? (guint) CLAMP (atoi (argv[1]), 1, 1000) : 20;

  if (!bench_ear_init ())
    return 1;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    measure ("sink", sizes[i], n_rounds, 20);
  measure_pulse (n_rounds);
  return 0;
}
