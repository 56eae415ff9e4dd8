/* The event encoding: what a piece looks like in tokens, that it survives the way there and back,
 * and that the grammar holds. */
#include "encoding/arietta-event-reader.h"
#include "formats/arietta-formats.h"

#include "base/arietta-error.h"
#include "base/arietta-random.h"

#include <string.h>

#define PPQ 480

/* "onset/duration/pitch" in grid positions (20 ticks), separated by blanks; the velocity counts up
 * from 80 only where a "!" stands behind. */
static void
add_notes (AriettaTrack *track,
           int           channel,
           int           program,
           const char   *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto(GStrv) fields = g_strsplit (words[i], "/", -1);

      if (g_strv_length (fields) != 3)
        continue;
      arietta_track_add_note (track, &(AriettaNote) {
                                .onset_ticks = (gint64) (g_ascii_strtod (fields[0], NULL) * 20),
                                .duration_ticks = (gint64) (g_ascii_strtod (fields[1], NULL) * 20),
                                .pitch = (guint8) atoi (fields[2]),
                                .velocity = strchr (fields[2], '!') != NULL ? 100 + i : 80,
                                .off_velocity = 64,
                                .channel = (guint8) channel,
                                .program = (guint8) program,
                              });
    }
}

static AriettaPiece *
make_waltz (void)
{
  AriettaPiece *piece = arietta_piece_new (PPQ);
  AriettaTrack *voice = arietta_piece_add_track (piece, "Voice");
  AriettaTrack *piano = arietta_piece_add_track (piece, "Piano");

  arietta_piece_set_meter (piece, 0, 3, 4);
  arietta_piece_set_meter (piece, 480, 3, 4);
  arietta_piece_set_tempo (piece, 0, 500000);
  arietta_piece_set_tempo (piece, 480 + 1440, 600000);
  arietta_piece_set_key (piece, 0, 1, FALSE);
  add_notes (voice, 0, 52, "0/24/67 24/24/71 48/24/71 72/24/72 96/72/74 ");
  add_notes (piano, 1, 0, "24/24/43 48/24/59 48/24/62 72/24/59 72/24/62 96/72/43");

  return arietta_piece_freeze (piece);
}

static char *
spell (GArray *tokens)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      g_autofree char *name = arietta_event_dup_name (g_array_index (tokens, AriettaEvent16, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", name);
    }

  return g_string_free (text, FALSE);
}

static void
test_spelling (void)
{
  AriettaEventsSettings        settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(AriettaPiece)      piece = make_waltz ();
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  g_autoptr(GArray)            tokens = arietta_events_encode (score, &settings);
  g_autofree char             *text = spell (tokens);

  g_assert_cmpstr (text, ==,
                   "BEGIN, TRACK 0, ROLE 0, PROGRAM 52, VELOCITY 80, DURATION 24, "
                   "TRACK 1, ROLE 2, PROGRAM 0, VELOCITY 80, DURATION 24, "
                   "BAR, NUMERATOR 3, DENOMINATOR 4, CUT, POSITION 24, KEY 7, TEMPO 39, TEMPO_FINE 36, "
                   "TRACK 0, POSITION 0, PITCH 67, "
                   "BAR, TRACK 0, POSITION 0, PITCH 71, POSITION 24, PITCH 71, POSITION 48, PITCH 72, "
                   "TRACK 1, POSITION 0, PITCH 43, POSITION 24, PITCH 62, PITCH 59, "
                   "POSITION 48, PITCH 62, PITCH 59, "
                   "LAST_BAR, TEMPO 36, TEMPO_FINE 60, TRACK 0, POSITION 0, DURATION 72, PITCH 74, "
                   "TRACK 1, POSITION 0, DURATION 72, PITCH 43, END");
}

/* The second bar of the piano is left out, and given at the end. */
static void
test_mask (void)
{
  AriettaEventsSettings        settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(AriettaPiece)      piece = make_waltz ();
  g_autoptr(AriettaPiece)      again = NULL;
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventScore) back = NULL;
  g_autoptr(GArray)            tokens = NULL;
  g_autofree char             *text = NULL;
  const guint8                 masked[] = { 0, 0, 0, 1, 0, 0 };
  AriettaKept                  kept;

  settings.masked = masked;
  settings.fill = TRUE;
  tokens = arietta_events_encode (score, &settings);
  text = spell (tokens);
  g_assert_nonnull (strstr (text, "PITCH 72, TRACK 1, MASK, LAST_BAR"));
  g_assert_true (g_str_has_suffix (text, "END, FILL, CELL, POSITION 0, PITCH 43, POSITION 24, PITCH 62, "
                                         "PITCH 59, POSITION 48, PITCH 62, PITCH 59, DONE"));

  back = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, NULL);
  again = arietta_piece_freeze (arietta_event_score_to_piece (back, PPQ));
  arietta_kept_measure (piece, again, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.onsets, ==, 1.0);

  /* Left open, it is what a model is asked to go on from. */
  g_array_unref (g_steal_pointer (&tokens));
  settings.fill = FALSE;
  tokens = arietta_events_encode (score, &settings);
  {
    g_autofree char *open = spell (tokens);

    g_assert_null (strstr (open, "FILL"));
    g_assert_nonnull (strstr (open, "MASK"));
  }
}

/* While the left hand is filled in, what the voice sounds meanwhile. */
static void
test_around (void)
{
  AriettaEventsSettings         settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(AriettaPiece)       piece = make_waltz ();
  g_autoptr(AriettaEventScore)  score = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventReader) reader = arietta_event_reader_new ();
  g_autoptr(GArray)             tokens = NULL;
  const guint8                  masked[] = { 0, 0, 0, 1, 0, 0 };
  gint64                        units[12];
  guint                         n_filled = 0;

  settings.masked = masked;
  settings.fill = TRUE;
  tokens = arietta_events_encode (score, &settings);
  arietta_event_reader_get_around (reader, units);
  g_assert_cmpint (units[11], ==, 0);
  for (guint i = 0; i < tokens->len; i++)
    {
      AriettaEvent16 token = g_array_index (tokens, AriettaEvent16, i);

      g_assert_true (arietta_event_reader_feed (reader, token));
      if (!arietta_event_reader_get_place (reader).filling
          || arietta_event_get_sort (token, NULL) != ARIETTA_EVENT_POSITION)
        continue;
      /* B, B, C, a quarter each. */
      arietta_event_reader_get_around (reader, units);
      g_assert_cmpint (units[11], ==, n_filled < 2 ? ARIETTA_EVENTS_UNITS : 0);
      g_assert_cmpint (units[0], ==, n_filled < 2 ? 0 : ARIETTA_EVENTS_UNITS);
      g_assert_cmpint (units[7], ==, 0);
      n_filled++;
    }
  g_assert_cmpuint (n_filled, ==, 3);
}

static const struct
{
  const char *name;
  int         numerator, denominator;
  gint64      pickup;   /* ticks */
  const char *melody, *other;
  int         other_channel;
} cases[] = {
  { "4/4", 4, 4, 0, "0/24/60 24/24/62 48/48/64! 96/96/65", "0/96/48 0/96/52 96/96/55", 1 },
  { "6/8-pickup", 6, 8, 240, "0/12/60 12/24/62 36/12/64 48/36/65", "12/36/48 48/36/43", 1 },
  { "7/16", 7, 16, 0, "0/6/60 6/6/62! 12/6/64 18/12/65 42/42/67", "0/42/36 42/42/38", 9 },
  { "5/4-triplets", 5, 4, 0, "0/8/60 8/8/62 16/8/64 24/96/65 120/3/67 123/9/69", "0/6/36 24/6/38 60/6/42", 9 },
  { "19/8", 19, 8, 0, "0/12/60 200/12/62 227/1/64 228/12/65", "0/228/40", 1 },
  { "played", 4, 4, 0, "0.35/22.7/60! 23.4/25.15/62! 47.95/40.2/64! 95.7/90/65!", "0.05/5.5/36! 95.4/5.5/38!", 9 },
  { "long-and-zero", 4, 4, 0, "0/2000/60 0/0/61 96/96.5/62 192/97/63 200/1600/64", "5000/24/30", 1 },
  { "before-the-bar", 4, 4, 0, "0/24/60 95.3/24/62 191.5/24/64", "95.8/6/36 191.9/6/36", 9 },
};

static void
test_round_trip (gconstpointer data)
{
  guint                   i = GPOINTER_TO_UINT (data);
  g_autoptr(AriettaPiece) piece = arietta_piece_new (PPQ);
  g_autoptr(AriettaPiece) back = NULL;
  AriettaTrack           *melody = arietta_piece_add_track (piece, "Melody");
  AriettaTrack           *other = arietta_piece_add_track (piece, "Other");
  const AriettaMeter     *ours, *theirs;
  guint                   n_ours, n_theirs;
  AriettaKept             kept;

  arietta_piece_set_meter (piece, 0, cases[i].numerator, cases[i].denominator);
  if (cases[i].pickup > 0)
    arietta_piece_set_meter (piece, cases[i].pickup, cases[i].numerator, cases[i].denominator);
  arietta_piece_set_tempo (piece, 0, 447761);
  arietta_piece_set_tempo (piece, 300, 720000);
  add_notes (melody, 0, 0, cases[i].melody);
  add_notes (other, cases[i].other_channel, 33, cases[i].other);
  arietta_piece_freeze (piece);

  back = arietta_events_round_trip (piece, ARIETTA_EVENTS_EXACT, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.onsets, ==, 1.0);
  g_assert_cmpfloat (kept.durations, ==, 1.0);
  g_assert_cmpfloat (kept.velocities, ==, 1.0);

  g_assert_cmpint (arietta_piece_get_ticks_per_quarter (back), ==, PPQ);
  ours = arietta_piece_get_meters (piece, &n_ours);
  theirs = arietta_piece_get_meters (back, &n_theirs);
  g_assert_cmpint (n_ours, ==, n_theirs);
  for (guint m = 0; m < n_ours; m++)
    {
      g_assert_cmpint (ours[m].tick, ==, theirs[m].tick);
      g_assert_cmpint (ours[m].numerator, ==, theirs[m].numerator);
    }
  g_assert_cmpint (ABS ((gint64) arietta_piece_get_tempo_at (back, 0) - 447761), <, 447);
  g_assert_cmpint (ABS ((gint64) arietta_piece_get_tempo_at (back, 301) - 720000), <, 720);
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (back, 1)), ==, "Other");

  /* Coarser, every note is still there, within half a sixteenth. */
  for (int detail = ARIETTA_EVENTS_GRID; detail <= ARIETTA_EVENTS_PLAYED; detail++)
    {
      g_autoptr(AriettaPiece) coarse = arietta_events_round_trip (piece, detail, &kept);

      g_assert_cmpfloat (kept.notes, ==, 1.0);
    }
}

/* Nineteen parts in sixteen places: nothing is lost. */
static void
test_many_parts (void)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (PPQ);
  g_autoptr(AriettaPiece) back = NULL;
  AriettaKept             kept;

  for (int t = 0; t < 19; t++)
    add_notes (arietta_piece_add_track (piece, ""), t == 18 ? 9 : t % 9, t, "0/24/60 24/24/61! 48/24/62");
  arietta_piece_freeze (piece);

  back = arietta_events_round_trip (piece, ARIETTA_EVENTS_EXACT, &kept);
  g_assert_cmpfloat (kept.notes, ==, 1.0);
  g_assert_cmpfloat (kept.velocities, ==, 1.0);
  g_assert_true (arietta_track_is_percussion (arietta_piece_get_track (back, 15)));
}

static void
test_transposed (void)
{
  AriettaEventsSettings        settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(AriettaPiece)      piece = make_waltz ();
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  g_autoptr(GArray)            tokens = NULL;
  g_autofree char             *text = NULL;
  const guint8                 order[] = { 1 };

  settings.transpose = -2;
  settings.order = order;
  settings.n_order = 1;
  settings.first_bar = 1;
  settings.n_bars = 1;
  tokens = arietta_events_encode (score, &settings);
  text = spell (tokens);
  g_assert_cmpstr (text, ==,
                   "INSIDE, TRACK 0, ROLE 2, PROGRAM 0, VELOCITY 80, DURATION 24, "
                   "BAR, NUMERATOR 3, DENOMINATOR 4, TEMPO 39, TEMPO_FINE 36, "
                   "TRACK 0, POSITION 0, PITCH 41, POSITION 24, PITCH 60, PITCH 57, "
                   "POSITION 48, PITCH 60, PITCH 57");
}

static void
test_refused (void)
{
  const AriettaEvent16         tokens[] = {
    arietta_event_make (ARIETTA_EVENT_BEGIN, 0),
    arietta_event_make (ARIETTA_EVENT_BAR, 0),
    arietta_event_make (ARIETTA_EVENT_PITCH, 60),
  };
  g_autoptr(GError)            error = NULL;
  g_autoptr(AriettaEventScore) score = arietta_events_decode (tokens, 3, &error);

  g_assert_null (score);
  g_assert_error (error, ARIETTA_ENCODING_ERROR, ARIETTA_ENCODING_ERROR_GRAMMAR);
  g_assert_cmpstr (error->message, ==, "Event 3 of the sequence, PITCH 60, may not stand there.");
  g_assert_cmpstr (arietta_error_get_place (error), ==, "event 3");
}

static void
test_vocabulary (void)
{
  guint n = 0;

  for (int sort = 0; sort < ARIETTA_EVENT_N_SORTS; sort++)
    for (guint value = 0; value < arietta_event_get_n_values (sort); value++, n++)
      {
        guint again;

        g_assert_cmpint (arietta_event_make (sort, value), ==, n);
        g_assert_cmpint (arietta_event_get_sort ((AriettaEvent16) n, &again), ==, sort);
        g_assert_cmpint (again, ==, value);
      }
  g_assert_cmpint (n, ==, arietta_events_get_n ());
}

/* Walks drawn from what the grammar allows never come to a dead end, and decode. */
static void
test_walks (void)
{
  AriettaRandom      random;
  guint              n_tokens = arietta_events_get_n ();
  g_autofree guint8 *allowed = g_new (guint8, n_tokens);
  g_autofree float  *weights = g_new (float, n_tokens);

  arietta_random_init (&random, 1, "walks");
  for (int walk = 0; walk < 200; walk++)
    {
      g_autoptr(AriettaEventReader) reader = arietta_event_reader_new ();
      g_autoptr(GArray)             tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
      g_autoptr(AriettaEventScore)  score = NULL;
      g_autoptr(AriettaPiece)       piece = NULL;

      for (int i = 0; i < 300; i++)
        {
          AriettaEvent16 token;
          guint          n = 0;

          arietta_event_reader_get_allowed (reader, allowed);
          for (guint t = 0; t < n_tokens; t++)
            {
              AriettaEventSort sort = arietta_event_get_sort ((AriettaEvent16) t, NULL);

              n += allowed[t];
              /* Each sort alike, so that the rare ones come. */
              weights[t] = allowed[t] ? 1.0f / (float) arietta_event_get_n_values (sort) : 0.0f;
            }
          if (n == 0)
            {
              g_assert_cmpint (arietta_event_reader_get_place (reader).last, >=, ARIETTA_EVENT_END);
              break;
            }
          token = (AriettaEvent16) arietta_random_weighted (&random, weights, n_tokens);
          g_assert_true (arietta_event_reader_feed (reader, token));
          g_array_append_val (tokens, token);
        }

      score = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, NULL);
      g_assert_nonnull (score);
      piece = arietta_piece_freeze (arietta_event_score_to_piece (score, PPQ));
      g_assert_cmpint (arietta_piece_get_n_notes (piece), ==, score->notes->len);
    }
}

/* How much of real music survives, a line for each folder; one file in twenty unless asked to be
 * slow. */
static void
measure_folder (const char *path,
                const char *name,
                guint       stride)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char     *file;
  AriettaKept     sum[3] = { { 0 } };
  double          n_notes = 0, n_tokens[3] = { 0 };
  guint           n = 0, n_played = 0;

  for (guint i = 0; dir != NULL && (file = g_dir_read_name (dir)) != NULL; i++)
    {
      g_autofree char             *child = g_build_filename (path, file, NULL);
      g_autoptr(AriettaPiece)      piece = NULL;
      g_autoptr(AriettaEventScore) score = NULL;
      guint                        notes;

      if (!g_str_has_suffix (file, ".mid") || i % stride != 0
          || (piece = arietta_formats_read (child, NULL, NULL)) == NULL
          || (score = arietta_event_score_from_piece (piece)) == NULL)
        continue;

      notes = arietta_piece_get_n_notes (piece);
      n++;
      n_notes += notes;
      n_played += score->played;
      for (int detail = 0; detail < 3; detail++)
        {
          AriettaEventsSettings   settings = ARIETTA_EVENTS_SETTINGS_INIT;
          AriettaKept             kept;
          g_autoptr(AriettaPiece) back = arietta_events_round_trip (piece, detail, &kept);
          g_autoptr(GArray)       tokens = NULL;

          settings.detail = detail;
          tokens = arietta_events_encode (score, &settings);
          n_tokens[detail] += tokens->len;
          sum[detail].notes += kept.notes * notes;
          sum[detail].onsets += kept.onsets * notes;
          sum[detail].durations += kept.durations * notes;
          sum[detail].velocities += kept.velocities * notes;
          sum[detail].onset_off += kept.onset_off * notes;
          sum[detail].duration_off += kept.duration_off * notes;
          if (detail == ARIETTA_EVENTS_EXACT && kept.notes < 0.999)
            g_test_message ("%s: %.4f of the notes", file, kept.notes);
        }
    }
  if (n == 0)
    return;

  for (int detail = 0; detail < 3; detail++)
    g_test_message ("%-20s %s %5u pieces (%u played) %8.0f notes %.2f tokens a note; kept notes %.4f "
                    "onsets %.4f durations %.4f velocities %.4f; off by %.2f and %.2f 960ths of a quarter",
                    name, detail == 0 ? "grid  " : detail == 1 ? "played" : "exact ", n, n_played,
                    n_notes, n_tokens[detail] / n_notes, sum[detail].notes / n_notes,
                    sum[detail].onsets / n_notes, sum[detail].durations / n_notes,
                    sum[detail].velocities / n_notes,
                    960.0 * sum[detail].onset_off / n_notes, 960.0 * sum[detail].duration_off / n_notes);
  g_assert_cmpfloat (sum[2].notes / n_notes, >, 0.999);
  g_assert_cmpfloat (sum[2].onsets / n_notes, >, 0.99);
  g_assert_cmpfloat (sum[2].durations / n_notes, >, 0.99);
  g_assert_cmpfloat (sum[2].velocities / n_notes, >, 0.99);
}

static void
test_data (void)
{
  const char      *shared = g_getenv ("ARIETTA_SHARED_DIR");
  g_autofree char *data = shared != NULL ? g_build_filename (shared, "data", NULL) : NULL;
  g_autoptr(GDir)  dir = data != NULL ? g_dir_open (data, 0, NULL) : NULL;
  const char      *name;

  if (dir == NULL)
    {
      g_test_skip ("ARIETTA_SHARED_DIR is not set or has no data");
      return;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (data, name, NULL);

      if (strcmp (name, "midi-quirks") != 0 && strcmp (name, "listens") != 0)
        measure_folder (path, name, g_test_slow () ? 1 : 20);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/events/vocabulary", test_vocabulary);
  g_test_add_func ("/events/spelling", test_spelling);
  g_test_add_func ("/events/mask", test_mask);
  g_test_add_func ("/events/around", test_around);
  g_test_add_func ("/events/transposed", test_transposed);
  g_test_add_func ("/events/many-parts", test_many_parts);
  g_test_add_func ("/events/refused", test_refused);
  g_test_add_func ("/events/walks", test_walks);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/events/round-trip/%s", cases[i].name);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_round_trip);
    }
  g_test_add_func ("/events/data", test_data);

  return g_test_run ();
}
