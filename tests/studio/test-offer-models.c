/* Offers by the models that come along: whatever is asked for, locked notes stay; scale and instruments are kept to; what
 * is heard before the end is what it will be, and nobody's. */
#include "studio-fixtures.h"

#include "music/arietta-mode.h"
#include "music/arietta-note-verbs.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-offer.h"

#define BAR 1920

typedef struct
{
  char           *folder;
  AriettaLibrary *library;
  AriettaPiece   *piece;     /* eight bars of melody, chords and bass; bars 3 and 5 locked */
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(AriettaPiece)     tune = fixture_tune (5, 4, 4, 8, 0), third = NULL;
  g_autoptr(AriettaPiece)     whole = arietta_piece_copy (tune);
  AriettaTrack               *chords = arietta_piece_add_track (whole, "Chords");
  AriettaTrack               *bass = arietta_piece_add_track (whole, "Bass");
  g_autoptr(AriettaSelection) one = NULL, other = NULL;

  fixture->folder = g_dir_make_tmp ("arietta-XXXXXX", NULL);
  fixture->library = arietta_library_open (fixture->folder, &error);
  g_assert_no_error (error);
  for (gint64 tick = 0; tick < 8 * BAR; tick += 960)
    {
      for (int k = 0; k < 3; k++)
        arietta_track_add_note (chords, &(AriettaNote) {
                                          .onset_ticks = tick, .duration_ticks = 900, .pitch = (guint8) (60 + 4 * k),
                                          .velocity = 60, .off_velocity = 64, .channel = 2, });
      arietta_track_add_note (bass, &(AriettaNote) {
                                      .onset_ticks = tick, .duration_ticks = 900, .pitch = 36, .velocity = 70,
                                      .off_velocity = 64, .channel = 3, .program = 32, });
    }
  arietta_piece_freeze (whole);
  one = arietta_selection_new_in_box (whole, -1, 2 * BAR, 3 * BAR, 0, 127);
  third = arietta_notes_lock (whole, one, TRUE, NULL);
  other = arietta_selection_new_in_box (third, -1, 4 * BAR, 5 * BAR, 0, 127);
  fixture->piece = arietta_notes_lock (third, other, TRUE, NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_pointer (&fixture->piece, arietta_piece_unref);
  g_clear_object (&fixture->library);
  test_folder_delete (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
has_models (void)
{
  g_autofree char *composer = g_build_filename (g_getenv ("ARIETTA_MODELS_DIR") != NULL
                                                  ? g_getenv ("ARIETTA_MODELS_DIR") : "", "composer.safetensors", NULL);

  if (g_file_test (composer, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("ARIETTA_MODELS_DIR has no models");
  return FALSE;
}

static gboolean
is_same (const AriettaNote *a,
         const AriettaNote *b)
{
  return a->onset_ticks == b->onset_ticks && a->duration_ticks == b->duration_ticks && a->pitch == b->pitch
         && a->velocity == b->velocity && a->channel == b->channel && a->program == b->program
         && a->flags == b->flags;
}

static gboolean
has_note (AriettaTrack      *track,
          const AriettaNote *note)
{
  guint              n;
  const AriettaNote *notes = arietta_track_get_notes (track, &n);

  for (guint i = 0; i < n; i++)
    if (is_same (&notes[i], note))
      return TRUE;

  return FALSE;
}

static guint
assert_locked_stay (AriettaPiece *before,
                    AriettaPiece *after)
{
  guint n_locked = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (before); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (before, t), &n);

      for (guint i = 0; i < n; i++)
        if ((notes[i].flags & ARIETTA_NOTE_LOCKED) != 0)
          {
            g_assert_true (has_note (arietta_piece_get_track (after, t), &notes[i]));
            n_locked++;
          }
    }

  return n_locked;
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  const guint tracks[] = { 0, 1, 2 };

  if (!has_models ())
    return;

  for (guint wish = 0; wish < ARIETTA_WISH_N; wish++)
    for (guint turn = 0; turn < (wish < ARIETTA_WISH_HARMONISE ? 2 : 1); turn++)
      {
        AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
        g_autoptr(AriettaOffer) offer = NULL;
        g_autoptr(GError)       error = NULL;

        /* By the model that suits best, and by the one that can do nearly all. */
        request.model = turn == 1 ? "composer" : NULL;
        request.amount = 1.0;
        if (wish != ARIETTA_WISH_CONTINUE)
          {
            request.first_bar = 1;
            request.n_bars = 5;
          }
        if (wish == ARIETTA_WISH_INFILL || wish == ARIETTA_WISH_VARY || wish == ARIETTA_WISH_SIMPLIFY
            || wish == ARIETTA_WISH_RESTYLE)
          {
            request.tracks = tracks;
            request.n_tracks = turn == 1 ? G_N_ELEMENTS (tracks) : 1;
          }
        offer = arietta_offer_new (fixture->library, fixture->piece, wish, &request, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (assert_locked_stay (fixture->piece, offer->piece), >, 12);
        g_assert_cmpstr (offer->model, !=, "");
      }
}

/* Every note the piece did not have is one of the scale, percussion apart. */
static void
test_scale (Fixture       *fixture,
            gconstpointer  data)
{
  static const AriettaWish wishes[] = { ARIETTA_WISH_CONTINUE, ARIETTA_WISH_MELODY, ARIETTA_WISH_HARMONISE,
                                        ARIETTA_WISH_ARRANGE };
  const guint classes = arietta_mode_get_classes (2, 3);

  if (!has_models ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
      g_autoptr(AriettaOffer) offer = NULL;
      g_autoptr(GError)       error = NULL;
      guint                   n_new = 0;

      request.classes = classes;
      offer = arietta_offer_new (fixture->library, fixture->piece, wishes[i], &request, NULL, &error);
      g_assert_no_error (error);
      for (guint t = 0; t < arietta_piece_get_n_tracks (offer->piece); t++)
        {
          guint              n;
          const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (offer->piece, t), &n);

          for (guint k = 0; k < n; k++)
            if (notes[k].channel != 9 && !(t < 3 && has_note (arietta_piece_get_track (fixture->piece, t), &notes[k])))
              {
                n_new++;
                g_assert_true (classes >> notes[k].pitch % 12 & 1);
              }
        }
      g_assert_cmpuint (n_new, >, 4);
      g_assert_nonnull (strstr (offer->maker, "pitch_classes"));
    }
}

static void
test_instruments (Fixture       *fixture,
                  gconstpointer  data)
{
  static const int        instruments[] = { 73, 33, ARIETTA_ASSIST_DRUM_KIT };
  AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
  g_autoptr(AriettaOffer) offer = NULL;
  g_autoptr(GError)       error = NULL;
  gboolean                found[G_N_ELEMENTS (instruments)] = { FALSE };

  if (!has_models ())
    return;

  request.instruments = instruments;
  request.n_instruments = G_N_ELEMENTS (instruments);
  request.seed = 3;
  offer = arietta_offer_new (fixture->library, fixture->piece, ARIETTA_WISH_ARRANGE, &request, NULL, &error);
  g_assert_no_error (error);
  for (guint t = 3; t < arietta_piece_get_n_tracks (offer->piece); t++)
    {
      AriettaTrack *track = arietta_piece_get_track (offer->piece, t);
      gboolean      known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (instruments); i++)
        if (instruments[i] < 0 ? arietta_track_is_percussion (track)
                               : !arietta_track_is_percussion (track)
                                   && arietta_track_get_program (track) == instruments[i])
          known = found[i] = TRUE;
      g_assert_true (known);
    }
  g_assert_true (found[0] || found[1]);
  g_assert_nonnull (strstr (offer->settings, "instruments"));
}

typedef struct
{
  guint         n_calls, n_bars;
  AriettaPiece *first;
} Heard;

static void
filled_cb (AriettaPiece *so_far,
           guint         n_bars,
           gpointer      user_data)
{
  Heard *heard = user_data;

  g_assert_cmpuint (n_bars, >, heard->n_bars);
  g_assert_true (arietta_piece_is_frozen (so_far));
  if (heard->first == NULL)
    heard->first = arietta_piece_ref (so_far);
  heard->n_bars = n_bars;
  heard->n_calls++;
}

static guint
assert_begins_alike (AriettaPiece *a,
                     AriettaPiece *b,
                     gint64        start,
                     gint64        end)
{
  guint n_found = 0;

  for (guint t = 0; t < arietta_piece_get_n_tracks (a); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (a, t), &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].onset_ticks >= start && notes[i].onset_ticks + notes[i].duration_ticks < end)
          {
            g_assert_true (has_note (arietta_piece_get_track (b, t), &notes[i]));
            n_found++;
          }
    }

  return n_found;
}

/* The first bar comes before the others, and comes as it stays; who listens changes nothing. */
static void
test_heard (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct
  {
    AriettaWish wish;
    const char *model;
    guint       first_bar, n_bars;
  } rows[] = {
    { ARIETTA_WISH_CONTINUE, "composer", 8, 6 },
    { ARIETTA_WISH_INFILL, "composer", 5, 3 },
    { ARIETTA_WISH_BASS, "composer", 0, 8 },
    { ARIETTA_WISH_VARY, "melody-2bar", 0, 8 },
    { ARIETTA_WISH_HARMONISE, "chorale", 0, 0 },
  };

  if (!has_models ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
      Heard                   heard = { 0 };
      g_autoptr(AriettaOffer) quiet = NULL, offer = NULL;
      g_autoptr(GError)       error = NULL;

      request.model = rows[i].model;
      request.first_bar = rows[i].first_bar;
      request.n_bars = rows[i].n_bars;
      quiet = arietta_offer_new (fixture->library, fixture->piece, rows[i].wish, &request, NULL, &error);
      g_assert_no_error (error);
      request.filled = filled_cb;
      request.filled_data = &heard;
      offer = arietta_offer_new (fixture->library, fixture->piece, rows[i].wish, &request, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (arietta_piece_equal (quiet->piece, offer->piece));
      g_assert_cmpuint (heard.n_calls, >=, 2);
      assert_begins_alike (heard.first, offer->piece, rows[i].first_bar * BAR, (rows[i].first_bar + 1) * BAR);
      g_assert_cmpuint (assert_begins_alike (heard.first, offer->piece, 0, (rows[i].first_bar + 1) * BAR), >, 0);
      g_clear_pointer (&heard.first, arietta_piece_unref);
    }
}

typedef struct
{
  GPtrArray *pieces;    /* as they were told */
  GArray    *n_bars;    /* guint, of each */
} Told;

static void
told_cb (AriettaPiece *so_far,
         guint         n_bars,
         gpointer      user_data)
{
  Told *told = user_data;

  g_ptr_array_add (told->pieces, arietta_piece_ref (so_far));
  g_array_append_val (told->n_bars, n_bars);
}

/* What somebody else has written already is written otherwise from the bar on that shows it; what was heard stays. */
static void
test_own (Fixture       *fixture,
          gconstpointer  data)
{
  AriettaWriteSettings     settings = { .bars = 12, .numerator = 4, .denominator = 4, .temperature = 1.0,
                                        .key = { 0, ARIETTA_SCALE_MAJOR }, .tempo_bpm = 100.0 };
  g_autoptr(GError)        error = NULL;
  g_autoptr(GPtrArray)     pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
  g_autoptr(GArray)        n_bars = g_array_new (FALSE, FALSE, sizeof (guint));
  Told                     told = { pieces, n_bars };
  g_autoptr(AriettaCopied) known = arietta_copied_new ();
  AriettaCopyGuard         guard = { .known = known };
  g_autoptr(AriettaModel)  model = NULL;
  g_autoptr(AriettaPiece)  other = NULL, own = NULL;
  AriettaRandom            random;

  if (!has_models ())
    return;

  model = arietta_models_load (fixture->library, "chorale", &error);
  g_assert_no_error (error);
  arietta_random_init (&random, 3, "own");
  other = arietta_model_write (model, &settings, &random, NULL, NULL, &error);
  g_assert_no_error (error);
  arietta_copied_add (known, other);
  g_assert_cmpuint (arietta_copy_guard_count (&guard, other), >=, 4);

  settings.guard = &guard;
  settings.filled = told_cb;
  settings.filled_data = &told;
  arietta_random_init (&random, 3, "own");
  own = arietta_model_write (model, &settings, &random, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (guard.redrawn, >, 0);
  g_assert_cmpuint (guard.kept, ==, 0);
  g_assert_cmpuint (arietta_copy_guard_count (&guard, own), ==, 0);

  /* Bars from the second on; before them a quarter. */
  g_assert_cmpuint (pieces->len, >=, 1);
  for (guint i = 0; i < pieces->len; i++)
    assert_begins_alike (pieces->pdata[i], own, 0, BAR / 4 + (g_array_index (n_bars, guint, i) - 1) * BAR);
  g_assert_cmpuint (assert_begins_alike (pieces->pdata[0], own, 0, 2 * BAR), >, 0);
}

/* A piece that turns out to be in another key than its own is written again, up to five times; who listens hears one of
 * these attempts alone. */
static void
test_written (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_piece_unref);
  g_autoptr(GArray)    n_bars = g_array_new (FALSE, FALSE, sizeof (guint));
  Told                 told = { pieces, n_bars };
  guint                n_heard = 0;

  if (!has_models ())
    return;

  for (guint seed = 1; seed <= 4; seed++)
    {
      AriettaComposeRequest      request = ARIETTA_COMPOSE_REQUEST_INIT;
      g_autoptr(AriettaComposed) composed = NULL;
      g_autoptr(GError)          error = NULL;

      request.model = "composer";
      request.bars = 4;
      request.seed = seed;
      request.filled = told_cb;
      request.filled_data = &told;
      composed = arietta_compose (fixture->library, &request, NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i + 1 < pieces->len; i++)
        assert_begins_alike (pieces->pdata[i], pieces->pdata[i + 1], 0, BAR * g_array_index (n_bars, guint, i));
      n_heard += pieces->len > 0;
      g_ptr_array_set_size (pieces, 0);
      g_array_set_size (n_bars, 0);
    }
  g_assert_cmpuint (n_heard, >=, 2);
}

static guint
count_changed (AriettaPiece *before,
               AriettaPiece *after)
{
  guint changed = 0, n;

  for (gint64 bar = 0; bar < 8; bar++)
    {
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (after, 0), &n);
      gboolean           other = FALSE;

      for (guint i = 0; i < n && !other; i++)
        other = notes[i].onset_ticks / BAR == bar && !has_note (arietta_piece_get_track (before, 0), &notes[i]);
      changed += other;
    }

  return changed;
}

/* Of the six bars that are free nearly all change, the asked style comes nearer, as far as the amount says; without one
 * asked for, it is not the one that is there. */
static void
test_style (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const styles[] = { "ragtime", "folk", "hymn" };
  static const double       amounts[] = { 0.1, 0.5 };
  g_autoptr(AriettaModel)   model = NULL;
  g_autoptr(GHashTable)     before = NULL;
  g_autoptr(GError)         error = NULL;
  GHashTableIter            iter;
  gpointer                  style, chance, own = NULL;

  if (!has_models ())
    return;

  model = arietta_models_load (fixture->library, "melody-2bar", &error);
  g_assert_no_error (error);
  before = arietta_model_measure_style (model, fixture->piece);
  for (guint s = 0; s < G_N_ELEMENTS (styles); s++)
    {
      double near = *(double *) g_hash_table_lookup (before, styles[s]), nearer = near;

      for (guint a = 0; a < G_N_ELEMENTS (amounts); a++)
        {
          AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
          g_autoptr(AriettaOffer) offer = NULL;
          g_autoptr(GHashTable)   after = NULL;

          request.style = styles[s];
          request.amount = amounts[a];
          offer = arietta_offer_new (fixture->library, fixture->piece, ARIETTA_WISH_RESTYLE, &request, NULL, &error);
          g_assert_no_error (error);
          after = arietta_model_measure_style (model, offer->piece);
          g_test_message ("%s %.1f: %.3f -> %.3f, %u bars", styles[s], amounts[a], near,
                          *(double *) g_hash_table_lookup (after, styles[s]), count_changed (fixture->piece, offer->piece));
          g_assert_cmpfloat (*(double *) g_hash_table_lookup (after, styles[s]), >=, nearer);
          nearer = *(double *) g_hash_table_lookup (after, styles[s]);
          if (a == 1)
            g_assert_cmpuint (count_changed (fixture->piece, offer->piece), >=, 5);
        }
      g_assert_cmpfloat (nearer, >, near + 0.15);
    }

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &style, &chance))
    if (own == NULL || *(double *) chance > *(double *) g_hash_table_lookup (before, own))
      own = style;
  for (guint seed = 1; seed <= 5; seed++)
    {
      AriettaAssistRequest    request = ARIETTA_ASSIST_REQUEST_INIT;
      g_autoptr(AriettaOffer) offer = NULL;

      request.seed = seed;
      offer = arietta_offer_new (fixture->library, fixture->piece, ARIETTA_WISH_RESTYLE, &request, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (offer->style, !=, own);
    }
}

#define add(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/offer-models/locked", test_locked);
  add ("/offer-models/scale", test_scale);
  add ("/offer-models/instruments", test_instruments);
  add ("/offer-models/style", test_style);
  add ("/offer-models/heard", test_heard);
  add ("/offer-models/own", test_own);
  add ("/offer-models/written", test_written);

  return g_test_run ();
}
