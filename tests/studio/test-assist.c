/* Assisting by points of a latent space: what was not asked for stays as it was, locked notes too; what cannot be
 * done is said in a sentence.  The model is hardly trained, so nothing is said of beauty. */
#include "studio-fixtures.h"

#include "base/arietta-error.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-note-verbs.h"
#include "studio/arietta-offer.h"
#include "studio/arietta-studio-error.h"

#define BAR 1920

/* Eight bars of a tune over held chords, the third bar locked. */
static AriettaPiece *
make_piece (int numerator,
            int denominator)
{
  g_autoptr(AriettaPiece)     tune = fixture_tune (3, numerator, denominator, 8, 0);
  g_autoptr(AriettaPiece)     whole = arietta_piece_copy (tune);
  AriettaTrack               *chords = arietta_piece_add_track (whole, "Chords");
  g_autoptr(AriettaSelection) third = NULL;
  gint64                      end = arietta_piece_get_notes_end_ticks (tune);

  for (gint64 tick = 0; tick < end; tick += 960)
    for (int k = 0; k < 3; k++)
      arietta_track_add_note (chords, &(AriettaNote) {
                                .onset_ticks = tick, .duration_ticks = 900, .pitch = (guint8) (48 + 4 * k),
                                .velocity = 60, .off_velocity = 64, .channel = 2, });
  arietta_piece_freeze (whole);
  third = arietta_selection_new_in_box (whole, 0, 2 * BAR, 3 * BAR, 0, 127);

  return arietta_notes_lock (whole, third, TRUE, NULL);
}

static guint
count_between (AriettaPiece *piece,
               guint         track,
               gint64        start,
               gint64        end)
{
  guint              n, count = 0;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, track), &n);

  for (guint i = 0; i < n; i++)
    count += notes[i].onset_ticks >= start && notes[i].onset_ticks < end;

  return count;
}

static gboolean
is_same (const AriettaNote *a,
         const AriettaNote *b)
{
  return a->onset_ticks == b->onset_ticks && a->duration_ticks == b->duration_ticks && a->pitch == b->pitch
         && a->velocity == b->velocity && a->channel == b->channel && a->flags == b->flags;
}

/* Every note of @before in [start, end) of the track is one of @after's, and the other way round. */
static void
assert_same (AriettaPiece *before,
             AriettaPiece *after,
             guint         track,
             gint64        start,
             gint64        end)
{
  guint              n, m, found = 0;
  const AriettaNote *a = arietta_track_get_notes (arietta_piece_get_track (before, track), &n);
  const AriettaNote *b = arietta_track_get_notes (arietta_piece_get_track (after, track), &m);

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < m && a[i].onset_ticks >= start && a[i].onset_ticks < end; k++)
      if (is_same (&a[i], &b[k]))
        {
          found++;
          break;
        }
  g_assert_cmpuint (found, ==, count_between (before, track, start, end));
  g_assert_cmpuint (found, ==, count_between (after, track, start, end));
}

static AriettaComposed *
ask (Studio               *studio,
     AriettaPiece         *piece,
     AriettaAssistTask     task,
     AriettaAssistRequest  request)
{
  g_autoptr(GError) error = NULL;
  AriettaComposed  *composed;

  composed = arietta_assist_fill (studio->library, piece, task, &request, NULL, &error);
  g_assert_no_error (error);
  return composed;
}

static void
test_moves (void)
{
  static const AriettaAssistTask tasks[] = { ARIETTA_ASSIST_VARY, ARIETTA_ASSIST_RESTYLE };
  Studio                 *studio = studio_new ();
  g_autoptr(AriettaPiece) piece = make_piece (4, 4);
  guint                   melody[] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      AriettaAssistRequest       request = ARIETTA_ASSIST_REQUEST_INIT;
      g_autoptr(AriettaComposed) a = NULL, b = NULL;

      request.first_bar = 2;
      request.n_bars = 2;
      request.tracks = melody;
      request.n_tracks = 1;
      request.amount = 1.0;
      a = ask (studio, piece, tasks[i], request);
      b = ask (studio, piece, tasks[i], request);
      g_assert_true (arietta_piece_equal (a->piece, b->piece));
      g_assert_false (arietta_piece_equal (a->piece, piece));
      g_assert_cmpstr (a->take->model, ==, "tiny");
      /* The locked bar, the bars around and the chords; the bar that was free is another one. */
      assert_same (piece, a->piece, 0, 0, 3 * BAR);
      assert_same (piece, a->piece, 0, 4 * BAR, G_MAXINT64);
      assert_same (piece, a->piece, 1, 0, G_MAXINT64);
      g_assert_cmpuint (arietta_piece_get_n_tracks (a->piece), ==, 2);
      g_assert_nonnull (strstr (a->take->settings, "\"amount\""));
      if (tasks[i] == ARIETTA_ASSIST_RESTYLE)
        g_assert_cmpstr (a->take->style, !=, "");
    }
  studio_free (studio);
}

static void
test_writes (void)
{
  Studio                    *studio = studio_new ();
  g_autoptr(AriettaPiece)    piece = make_piece (3, 4);
  AriettaAssistRequest       request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autoptr(AriettaComposed) on = NULL, filled = NULL, beside = NULL;
  gint64                     bar = 1440, end = 8 * bar;

  on = ask (studio, piece, ARIETTA_ASSIST_CONTINUE, request);
  assert_same (piece, on->piece, 0, 0, end);
  g_assert_cmpuint (count_between (on->piece, 0, end, end + 8 * bar), >, 0);
  g_assert_cmpuint (count_between (on->piece, 0, end + 8 * bar, G_MAXINT64), ==, 0);

  request.first_bar = 4;
  request.n_bars = 2;
  filled = ask (studio, piece, ARIETTA_ASSIST_INFILL, request);
  assert_same (piece, filled->piece, 0, 0, 4 * bar);
  assert_same (piece, filled->piece, 0, 6 * bar, G_MAXINT64);
  g_assert_cmpuint (count_between (filled->piece, 0, 4 * bar, 6 * bar), >, 0);

  beside = ask (studio, piece, ARIETTA_ASSIST_MELODY, request);
  g_assert_cmpuint (arietta_piece_get_n_tracks (beside->piece), ==, 3);
  for (guint t = 0; t < 2; t++)
    assert_same (piece, beside->piece, t, 0, G_MAXINT64);
  g_assert_cmpuint (count_between (beside->piece, 2, 4 * bar, 6 * bar), >, 0);
  g_assert_cmpuint (count_between (beside->piece, 2, 0, 4 * bar), ==, 0);
  studio_free (studio);
}

static void
refuse (Studio               *studio,
        AriettaPiece         *piece,
        AriettaAssistTask     task,
        AriettaAssistRequest  request,
        const char           *words)
{
  g_autoptr(GError)          error = NULL;
  g_autoptr(AriettaComposed) composed = NULL;

  composed = arietta_assist_fill (studio->library, piece, task, &request, NULL, &error);
  g_assert_null (composed);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_sentences (void)
{
  Studio                 *studio = studio_new ();
  g_autoptr(AriettaPiece) piece = make_piece (4, 4), odd = make_piece (17, 4);
  g_autoptr(AriettaPiece) silent = arietta_piece_freeze (arietta_piece_new (480));
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
  guint                   nobody[] = { 7 };

  refuse (studio, silent, ARIETTA_ASSIST_VARY, request, "no notes");
  refuse (studio, piece, ARIETTA_ASSIST_BASS, request, "no model here");
  refuse (studio, odd, ARIETTA_ASSIST_CONTINUE, request, "17/4");
  request.tracks = nobody;
  request.n_tracks = 1;
  refuse (studio, piece, ARIETTA_ASSIST_VARY, request, "no track 8");
  request.n_tracks = 0;
  request.style = "polka";
  refuse (studio, piece, ARIETTA_ASSIST_RESTYLE, request, "polka");
  studio_free (studio);
}

/* What the window asks for, by the same model. */
static void
test_offers (void)
{
  Studio                 *studio = studio_new ();
  g_autoptr(AriettaPiece) piece = make_piece (4, 4);
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autoptr(AriettaOffer) offer = NULL;
  g_autoptr(GError)       error = NULL;

  request.first_bar = 4;
  request.n_bars = 3;
  offer = arietta_offer_new (studio->library, piece, ARIETTA_WISH_RESTYLE, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (offer->first_bar, ==, 4);
  g_assert_cmpuint (offer->n_bars, ==, 3);
  g_assert_nonnull (strstr (offer->reason, ": "));
  assert_same (piece, offer->piece, 0, 0, 4 * BAR);
  studio_free (studio);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/studio/assist/moves", test_moves);
  g_test_add_func ("/studio/assist/writes", test_writes);
  g_test_add_func ("/studio/assist/sentences", test_sentences);
  g_test_add_func ("/studio/assist/offers", test_offers);
  return g_test_run ();
}
