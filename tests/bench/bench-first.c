/* bench-first - how long one waits for what a model was asked for
 *
 * usage: bench-first [BARS]     (of the piece that is there: 16)
 *
 * For each wish, and for writing with each bundled model that writes, on a piece of four tracks (a melody alone to harmonise):
 * seconds until the first bars can be heard and until the first candidate is whole, each the better of three runs, the model
 * loaded already; the time for loading stands beside the first one that wants it.  The bar is a second.
 */
#include <stdio.h>
#include <stdlib.h>

#include <glib/gstdio.h>

#include "studio/arietta-compose.h"
#include "studio/arietta-offer.h"

#define BAR    1920
#define N_RUNS 3

typedef struct
{
  gint64 began, first;   /* us; 0: nothing heard yet */
} Clock;

static AriettaPiece *
make_piece (guint    n_bars,
            gboolean melody_alone)
{
  static const guint8 tune[] = { 67, 69, 71, 72, 74, 72, 71, 69 }, roots[] = { 43, 48, 50, 43 };
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *melody = arietta_piece_add_track (piece, "Melody");
  AriettaTrack *chords = melody_alone ? NULL : arietta_piece_add_track (piece, "Chords");
  AriettaTrack *bass = melody_alone ? NULL : arietta_piece_add_track (piece, "Bass");

  for (gint64 tick = 0; tick < n_bars * BAR; tick += 480)
    {
      guint8 root = roots[tick / BAR % 4];

      arietta_track_add_note (melody, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 470, .velocity = 90,
                                                       .pitch = tune[tick / 480 % 8], .off_velocity = 64 });
      if (melody_alone)
        continue;
      for (guint k = 0; k < 3 && tick % 960 == 0; k++)
        arietta_track_add_note (chords, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 900, .velocity = 70,
                                                         .pitch = (guint8) (root + 12 + "\0\4\7"[k]), .channel = 1,
                                                         .off_velocity = 64 });
      arietta_track_add_note (bass, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 440, .velocity = 80,
                                                     .pitch = root, .channel = 2, .program = 32, .off_velocity = 64 });
    }

  return arietta_piece_freeze (piece);
}

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  Clock *clock = user_data;

  if (clock->first == 0)
    clock->first = g_get_monotonic_time ();
}

/* One run of a wish, or of writing with @request->model for ARIETTA_WISH_N; seconds, FALSE with an error. */
static gboolean
run (AriettaLibrary       *library,
     AriettaPiece         *piece,
     AriettaWish           wish,
     AriettaAssistRequest *request,
     double               *first,
     double               *whole,
     GError              **error)
{
  Clock                      clock = { .began = g_get_monotonic_time () };
  g_autoptr(AriettaOffer)    offer = NULL;
  g_autoptr(AriettaComposed) composed = NULL;
  gint64                     end;

  request->filled = filled_cb;
  request->filled_data = &clock;
  if (wish < ARIETTA_WISH_N)
    {
      offer = arietta_offer_new (library, piece, wish, request, NULL, error);
    }
  else
    {
      AriettaComposeRequest compose = ARIETTA_COMPOSE_REQUEST_INIT;

      compose.model = request->model;
      compose.bars = 16;
      compose.seed = request->seed;
      compose.filled = filled_cb;
      compose.filled_data = &clock;
      composed = arietta_compose (library, &compose, NULL, error);
    }
  end = g_get_monotonic_time ();
  *whole = (double) (end - clock.began) / 1e6;
  *first = clock.first != 0 ? (double) (clock.first - clock.began) / 1e6 : *whole;

  return offer != NULL || composed != NULL;
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    AriettaWish wish;
    const char *model;
  } rows[] = {
    { ARIETTA_WISH_CONTINUE }, { ARIETTA_WISH_INFILL }, { ARIETTA_WISH_VARY }, { ARIETTA_WISH_SIMPLIFY },
    { ARIETTA_WISH_RESTYLE }, { ARIETTA_WISH_HARMONISE }, { ARIETTA_WISH_MELODY }, { ARIETTA_WISH_BASS },
    { ARIETTA_WISH_DRUMS }, { ARIETTA_WISH_ARRANGE }, { ARIETTA_WISH_N, "melody-2bar" },
    { ARIETTA_WISH_N, "melody-16bar" }, { ARIETTA_WISH_N, "drums-2bar" }, { ARIETTA_WISH_N, "trio" },
    { ARIETTA_WISH_N, "chorale" }, { ARIETTA_WISH_N, "composer" },
  };
  guint                     n_bars = argc > 1 ? (guint) atoi (argv[1]) : 16;
  g_autofree char          *folder = g_dir_make_tmp ("arietta-bench-XXXXXX", NULL);
  g_autofree char          *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr(GError)         error = NULL;
  g_autoptr(AriettaLibrary) library = arietta_library_open (folder, &error);
  g_autoptr(AriettaPiece)   band = make_piece (n_bars, FALSE), melody = make_piece (n_bars, TRUE);

  printf ("%-24s %12s %12s %12s\n", "", "once loaded:", "", "");
  printf ("%-24s %12s %12s %12s\n", "", "heard after", "whole after", "first of all");
  for (guint i = 0; library != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      AriettaWish      wish = rows[i].wish;
      double           heard = G_MAXDOUBLE, done = G_MAXDOUBLE, cold = 0.0;
      g_autofree char *name = wish < ARIETTA_WISH_N ? g_strdup (arietta_wish_get_name (wish))
                                                    : g_strdup_printf ("write, %s", rows[i].model);

      for (guint n = 0; n <= N_RUNS; n++)
        {
          AriettaAssistRequest request = ARIETTA_ASSIST_REQUEST_INIT;
          double               first, whole;

          request.model = rows[i].model;
          request.seed = n + 1;
          if (wish == ARIETTA_WISH_INFILL)
            {
              request.first_bar = 4;
              request.n_bars = 4;
            }
          if (!run (library, wish == ARIETTA_WISH_HARMONISE ? melody : band, wish, &request, &first, &whole, &error))
            break;
          if (n == 0)
            {
              cold = first;
              continue;
            }
          heard = MIN (heard, first);
          done = MIN (done, whole);
        }
      if (error != NULL)
        printf ("%-24s %s\n", name, error->message);
      else
        printf ("%-24s %10.3f s %10.3f s %10.3f s\n", name, heard, done, cold);
      g_clear_error (&error);
    }
  g_clear_object (&library);

  return system (command) == 0 ? 0 : 1;
}
