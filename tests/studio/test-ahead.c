/* Composing ahead by a clock of our own: the play head never comes nearer than two bars, however long the model takes within
 * what the header allows, and what is written joins on. */
#include "studio-fixtures.h"

#include "studio/arietta-ahead.h"

#define BAR 1920
#define TEMPO 180.0

static AriettaPiece *
make_piece (guint n_bars)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Melody");

  for (gint64 tick = 0; tick < n_bars * BAR; tick += 240)
    arietta_track_add_note (track, &(AriettaNote) { .onset_ticks = tick, .duration_ticks = 240,
                                                    .pitch = (guint8) (60 + tick / 240 % 5), .velocity = 80,
                                                    .off_velocity = 64, });

  return arietta_piece_freeze (piece);
}

static void
test_count (void)
{
  g_autoptr(AriettaPiece) piece = make_piece (8), silent = arietta_piece_freeze (arietta_piece_new (480));
  g_auto(AriettaAhead)    ahead = ARIETTA_AHEAD_INIT;

  g_assert_cmpuint (arietta_ahead_count (&ahead, 0), ==, 0);
  g_assert_false (arietta_ahead_is_due (&ahead, 0));
  arietta_ahead_set_piece (&ahead, silent);
  g_assert_false (arietta_ahead_is_due (&ahead, 0));
  arietta_ahead_set_piece (&ahead, piece);
  g_assert_cmpuint (arietta_ahead_count (&ahead, 0), ==, 7);
  g_assert_false (arietta_ahead_is_due (&ahead, 2 * BAR - 1));
  g_assert_true (arietta_ahead_is_due (&ahead, 2 * BAR));
  g_assert_cmpuint (arietta_ahead_count (&ahead, 7 * BAR + 5), ==, 0);
  g_assert_cmpuint (arietta_ahead_count (&ahead, 99 * BAR), ==, 0);
}

/* A hundred bars at 180 to the minute, looked at thirty times a second, the bars coming after @seconds of work. The least
 * number of bars that lay ahead. */
static guint
play (double seconds)
{
  g_auto(AriettaAhead) ahead = ARIETTA_AHEAD_INIT;
  const double         step = 1.0 / 30, ticks_per_second = TEMPO / 60.0 * 480;
  guint                n_bars = 8, least = G_MAXUINT;
  double               ready = -1.0;

  for (double now = 0.0; now * ticks_per_second < 100 * BAR; now += step)
    {
      gint64                  position = (gint64) (now * ticks_per_second);
      g_autoptr(AriettaPiece) piece = NULL;

      if (ready >= 0.0 && now >= ready)
        {
          n_bars += ARIETTA_AHEAD_BARS;
          ready = -1.0;
        }
      piece = ahead.piece != NULL && ahead.n_bars == n_bars ? arietta_piece_ref (ahead.piece) : make_piece (n_bars);
      arietta_ahead_set_piece (&ahead, piece);
      if (ready < 0.0 && arietta_ahead_is_due (&ahead, position))
        ready = now + seconds;
      least = MIN (least, arietta_ahead_count (&ahead, position));
    }

  return least;
}

static void
test_margin (void)
{
  g_assert_cmpuint (play (0.3), >=, 5);
  g_assert_cmpuint (play (2.0), >=, 3);
  g_assert_cmpuint (play (4.0), >=, 2);
  /* Four bars last 5.3 s: who takes longer cannot keep up, and this test would show it. */
  g_assert_cmpuint (play (8.0), ==, 0);
}

/* By a model: bars behind the last, nothing before them changed, and it goes on from there. */
static void
test_write (void)
{
  Studio                 *studio = studio_new ();
  g_autoptr(AriettaPiece) piece = make_piece (4);
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;

  for (guint turn = 0; turn < 3; turn++)
    {
      g_autoptr(GError)       error = NULL;
      g_autoptr(AriettaOffer) offer = NULL;
      g_auto(AriettaAhead)    before = ARIETTA_AHEAD_INIT, after = ARIETTA_AHEAD_INIT;
      g_autoptr(AriettaPiece) joined = NULL;
      guint                   n, m;
      const AriettaNote      *notes, *more;

      request.seed = turn + 1;
      offer = arietta_ahead_write (studio->library, piece, &request, NULL, &error);
      g_assert_no_error (error);
      arietta_ahead_set_piece (&before, piece);
      arietta_ahead_set_piece (&after, offer->piece);
      g_assert_cmpuint (offer->first_bar, ==, before.n_bars);
      g_assert_cmpuint (after.n_bars, >, before.n_bars);
      g_assert_cmpuint (after.n_bars, <=, before.n_bars + ARIETTA_AHEAD_BARS);
      notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
      more = arietta_track_get_notes (arietta_piece_get_track (offer->piece, 0), &m);
      g_assert_cmpuint (m, >, n);
      for (guint i = 0; i < n; i++)
        g_assert_true (notes[i].onset_ticks == more[i].onset_ticks && notes[i].pitch == more[i].pitch);
      /* Somebody transposed a note meanwhile: that stays, and the bars join on. */
      joined = arietta_offer_merge (piece, offer->piece, offer->first_bar, NULL, 0);
      g_assert_cmpuint (arietta_piece_get_n_notes (joined), ==, arietta_piece_get_n_notes (offer->piece));
      arietta_piece_unref (piece);
      piece = g_steal_pointer (&joined);
    }
  studio_free (studio);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ahead/count", test_count);
  g_test_add_func ("/ahead/margin", test_margin);
  g_test_add_func ("/ahead/write", test_write);

  return g_test_run ();
}
