/* bench-ahead - how far the composer stays ahead of the play head
 *
 * usage: bench-ahead [MODEL] [TEMPO] [BARS]     (the best one, 180, 64)
 *
 * A piece of four tracks in 4/4 plays by a clock of its own that waits for nobody; whenever fewer bars lie ahead than
 * studio/arietta-ahead.h wants, the next are written in real time.  Printed: how long the four bars took, and how many bars lay
 * ahead at the worst moment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "studio/arietta-ahead.h"

#define BAR 1920

static AriettaPiece *
make_piece (void)
{
  static const guint8 tune[] = { 67, 69, 71, 72, 74, 72, 71, 69 }, roots[] = { 43, 48, 50, 43 };
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody"), *chords = arietta_piece_add_track (piece, "Chords");
  AriettaTrack *bass = arietta_piece_add_track (piece, "Bass"), *drums = arietta_piece_add_track (piece, "Drums");

  for (gint64 tick = 0; tick < 8 * BAR; tick += 240)
    {
      guint8 root = roots[tick / BAR % 4];

      arietta_track_add_note (melody, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 230, .velocity = 90,
                                                       .pitch = tune[tick / 240 % 8], .off_velocity = 64, });
      for (guint k = 0; k < 3 && tick % 960 == 0; k++)
        arietta_track_add_note (chords, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 900, .velocity = 70,
                                                         .pitch = (guint8) (root + 12 + "\0\4\7"[k]), .channel = 1,
                                                         .off_velocity = 64, });
      if (tick % 480 == 0)
        arietta_track_add_note (bass, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 440, .velocity = 80,
                                                       .pitch = root, .channel = 2, .program = 32,
                                                       .off_velocity = 64, });
      arietta_track_add_note (drums, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 100, .velocity = 80,
                                                      .pitch = tick % 960 == 0 ? 36 : tick % 960 == 480 ? 38 : 42,
                                                      .channel = 9, .off_velocity = 64, });
    }

  return arietta_piece_freeze (piece);
}

int
main (int   argc,
      char *argv[])
{
  double                    tempo = argc > 2 ? atof (argv[2]) : 180.0, longest = 0.0, sum = 0.0;
  guint                     n_bars = argc > 3 ? (guint) atoi (argv[3]) : 64, n_written = 0, least = G_MAXUINT;
  g_autofree char          *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, &error);
  g_autoptr(AriettaPiece)   piece = make_piece ();
  AriettaAssistRequest      request = ARIETTA_ASSIST_REQUEST_INIT;
  g_auto(AriettaAhead)      ahead = ARIETTA_AHEAD_INIT;
  double                    lag = 0.0;   /* what the clock gained while a model was at work */
  gint64                    began = g_get_monotonic_time ();

  request.model = argc > 1 && *argv[1] != '\0' ? argv[1] : NULL;
  arietta_ahead_set_piece (&ahead, piece);
  while (library != NULL && ahead.n_bars < n_bars)
    {
      /* Straight to the moment when it is time, or later if the model was slow. */
      double                  now = (double) (g_get_monotonic_time () - began) / 1e6 + lag, took;
      gint64                  position = (gint64) (now * tempo / 60 * 480), start;
      g_autoptr(AriettaOffer) offer = NULL;

      if (!arietta_ahead_is_due (&ahead, position))
        {
          lag += 0.033;
          continue;
        }
      request.seed = ++n_written;
      start = g_get_monotonic_time ();
      offer = arietta_ahead_write (library, ahead.piece, &request, NULL, &error);
      if (offer == NULL)
        break;
      took = (double) (g_get_monotonic_time () - start) / 1e6;
      sum += took;
      longest = MAX (longest, took);
      now = (double) (g_get_monotonic_time () - began) / 1e6 + lag;
      least = MIN (least, arietta_ahead_count (&ahead, (gint64) (now * tempo / 60 * 480)));
      arietta_ahead_set_piece (&ahead, offer->piece);
    }

  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  else
    printf ("%u times %d bars of four tracks: %.2f s in the mean, %.2f s the longest (they last %.2f s); "
            "at the worst moment %u bars lay ahead\n",
            n_written, ARIETTA_AHEAD_BARS, sum / n_written, longest, ARIETTA_AHEAD_BARS * 240 / tempo, least);
  g_clear_object (&library);
  {
    g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);

    return system (command) == 0 && error == NULL ? 0 : 1;
  }
}
