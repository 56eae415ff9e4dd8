/* bench-render - seconds of music rendered per second of one thread
 *
 * usage: bench-render [SOUNDFONT]
 *
 * "dense" is the load of the fluidsynth program's own figure: 16 channels, some 23,000 notes in 120 s.
 * "tune" is one melody with chords, as a composed piece has.
 */
#include "audio/arietta-render.h"

#include <stdio.h>
#include <time.h>

static double
get_cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

/* @n_tracks tracks of 120 s, a note every @step_ticks, each two steps long. */
static AriettaPiece *
make_piece (int n_tracks,
            int step_ticks)
{
  static const guint8 programs[] = { 0, 24, 32, 48, 56, 73, 19, 11 };
  AriettaPiece *piece = arietta_piece_new (480);

  for (int t = 0; t < n_tracks; t++)
    {
      AriettaTrack *track = arietta_piece_add_track (piece, "");

      for (int i = 0; i * step_ticks < 240 * 480; i++)
        arietta_track_add_note (track, &(AriettaNote) {
                                         .onset_ticks = i * step_ticks,
                                         .duration_ticks = 2 * step_ticks,
                                         .pitch = 36 + (i * 7 + t * 5) % 48,
                                         .velocity = 70 + i % 40,
                                         .channel = t % 16,
                                         .program = programs[t % G_N_ELEMENTS (programs)],
                                       });
    }

  return arietta_piece_freeze (piece);
}

static void
measure (const char *name,
         int         n_tracks,
         int         step_ticks,
         const char *soundfont,
         const char *path)
{
  g_autoptr(AriettaPiece) piece = make_piece (n_tracks, step_ticks);
  g_autoptr(GError) error = NULL;
  AriettaRenderResult result;
  double began = get_cpu_seconds ();
  double seconds;

  if (!arietta_render_file (piece, path, soundfont, NULL, NULL, NULL, NULL, &result, &error))
    {
      printf ("%s: %s\n", name, error->message);
      return;
    }

  seconds = get_cpu_seconds () - began;
  printf ("%-6s %6u notes  %6.1f s of music in %6.3f s: %6.1f times real time\n", name,
          arietta_piece_get_n_notes (piece), result.seconds, seconds, result.seconds / seconds);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.wav", NULL);

  measure ("tune", 2, 240, argv[1], path);
  measure ("dense", 16, 80, argv[1], path);
  remove (path);
  remove (folder);

  return 0;
}
