/* What a composer hears besides the tokens: echoes, chords, the bars around. */
#include "composer-fixtures.h"

/* A phrase of two bars, said twice, and then with another end; a second part that holds. */
static AriettaEventScore *
make_echoing (guint n_bars)
{
  static const guint8     pitches[3][4] = { { 60, 62, 64, 65 }, { 67, 65, 64, 62 }, { 67, 69, 71, 72 } };
  g_autoptr(AriettaPiece) piece = fixture_tune (0, 4, 4, (int) n_bars, 0);
  AriettaEventScore      *score = arietta_event_score_from_piece (piece);

  g_array_set_size (score->notes, 0);
  for (guint b = 0; b < n_bars; b++)
    for (guint i = 0; i < 4; i++)
      {
        AriettaEventNote note = {
          .bar = b, .onset = (gint32) i * ARIETTA_EVENTS_UNITS, .duration = ARIETTA_EVENTS_UNITS,
          .pitch = pitches[b % 2 == 0 ? 0 : b == n_bars - 1 ? 2 : 1][i], .velocity = 80,
        };

        g_array_append_val (score->notes, note);
      }
  arietta_event_score_settle (score);

  return score;
}

/* Feeds all of it; out (n, COMPOSER_ECHOES). */
static void
echo_all (GArray               *tokens,
          AriettaComposerPlace *out)
{
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();

  for (guint i = 0; i < tokens->len; i++)
    {
      AriettaEvent16 token = g_array_index (tokens, AriettaEvent16, i);

      g_assert_true (arietta_event_reader_feed (reader, token));
      out[i] = arietta_composer_place (reader, echo, token);
    }
}

/* Music that comes again after two bars is foretold by the echo of two bars, note by note and with all
 * trust; where it ends otherwise, the echo is wrong and trusted less. */
static void
test_echo (void)
{
  g_autoptr(AriettaEventScore)      score = make_echoing (6);
  AriettaEventsSettings             settings = ARIETTA_EVENTS_SETTINGS_INIT;
  g_autoptr(GArray)                 tokens = NULL;
  g_autofree AriettaComposerPlace  *places = NULL;
  guint                             bar = 0, right = 0, all = 0, wrong = 0, foreseen = 0;

  settings.detail = ARIETTA_EVENTS_GRID;
  settings.last_bar = FALSE;
  tokens = arietta_events_encode (score, &settings);
  places = g_new (AriettaComposerPlace, tokens->len);
  echo_all (tokens, places);
  for (guint i = 0; i + 1 < tokens->len; i++)
    {
      AriettaEvent16   next = g_array_index (tokens, AriettaEvent16, i + 1);
      AriettaEventSort sort = arietta_event_get_sort (next, NULL);

      bar += arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, i), NULL) == ARIETTA_EVENT_BAR;
      if (bar < 3)
        {
          g_assert_cmpint (places[i].echoes[1], ==, -1);
          continue;
        }

      if (bar < 6)
        {
          all++;
          right += places[i].echoes[1] == next;
          /* After the longest passage like this one. */
          foreseen += places[i].echoes[9] == next;
        }
      else if (sort == ARIETTA_EVENT_PITCH)
        wrong += places[i].echoes[1] != next;
      /* Nothing is known of what comes behind. */
      for (int k = 4; k < 8; k++)
        g_assert_cmpint (places[i].echoes[k], ==, -1);
    }
  g_assert_cmpint (all, >=, 24);
  g_assert_cmpint (right, ==, all);
  g_assert_cmpint (foreseen, >, all * 2 / 3);
  g_assert_cmpint (wrong, ==, 3);
  g_assert_cmpint (places[tokens->len - 9].trusts[1] % COMPOSER_TRUSTS, ==, COMPOSER_TRUSTS - 1);
  g_assert_cmpint (places[tokens->len - 1].trusts[1] % COMPOSER_TRUSTS, <, COMPOSER_TRUSTS / 2);
}

/* A hole is told what stands on both sides of it, and how like those places are. */
static void
test_echo_hole (void)
{
  g_autoptr(AriettaEventScore)     score = make_echoing (8);
  AriettaEventsSettings            settings = ARIETTA_EVENTS_SETTINGS_INIT;
  guint8                           masked[8] = { 0, 0, 0, 1 };
  g_autoptr(GArray)                tokens = NULL;
  g_autofree AriettaComposerPlace *places = NULL;
  guint                            fill = 0, n = 0;

  g_assert_cmpint (score->parts->len, ==, 1);
  settings.detail = ARIETTA_EVENTS_GRID;
  settings.masked = masked;
  settings.fill = TRUE;
  tokens = arietta_events_encode (score, &settings);
  places = g_new (AriettaComposerPlace, tokens->len);
  echo_all (tokens, places);
  while (arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, fill), NULL) != ARIETTA_EVENT_FILL)
    fill++;
  for (guint i = fill + 1; i + 1 < tokens->len; i++, n++)
    {
      AriettaEvent16 next = g_array_index (tokens, AriettaEvent16, i + 1);

      /* Two bars before and two behind, the end of the cell included. */
      g_assert_cmpint (places[i].echoes[1], ==, next);
      g_assert_cmpint (places[i].echoes[5], ==, next);
      /* Where the part comes from and goes to. */
      g_assert_cmpint (places[i].echoes[10], ==, arietta_event_make (ARIETTA_EVENT_PITCH, 65));
      g_assert_cmpint (places[i].echoes[11], ==, arietta_event_make (ARIETTA_EVENT_PITCH, 60));
    }
  g_assert_cmpint (n, ==, 9);
  /* The bars around it are those around two bars before. One bar before, they are others. */
  g_assert_cmpint (places[fill + 1].trusts[1] % COMPOSER_TRUSTS, ==, COMPOSER_TRUSTS - 1);
  g_assert_cmpint (places[fill + 1].trusts[0] % COMPOSER_TRUSTS, <, COMPOSER_TRUSTS / 2 + 2);
}

static gboolean
hears (const AriettaComposerPlace *place,
       gint32                      row)
{
  for (int k = 0; k < COMPOSER_CHORD; k++)
    if (place->chord[k] == row)
      return TRUE;

  return FALSE;
}

/* A part hears what the others sound, what holds on from the bar before included, and not itself. */
static void
test_chord (void)
{
  g_autoptr(AriettaPiece)          tune = fixture_tune (0, 4, 4, 2, 0);
  g_autoptr(AriettaEventScore)     score = arietta_event_score_from_piece (tune);
  AriettaEventsSettings            settings = ARIETTA_EVENTS_SETTINGS_INIT;
  AriettaEventPart                 second = { .track = 1, .role = ARIETTA_ROLE_BASS };
  const AriettaEventNote           notes[] = {
    { .bar = 0, .onset = 0, .duration = 6 * ARIETTA_EVENTS_UNITS, .pitch = 64, .velocity = 80 },
    { .bar = 0, .onset = 0, .duration = ARIETTA_EVENTS_UNITS, .pitch = 67, .velocity = 80 },
    { .bar = 0, .onset = 0, .duration = ARIETTA_EVENTS_UNITS, .part = 1, .pitch = 48, .velocity = 80 },
    { .bar = 0, .onset = 2 * ARIETTA_EVENTS_UNITS, .duration = ARIETTA_EVENTS_UNITS, .part = 1, .pitch = 50, .velocity = 80 },
    { .bar = 1, .onset = 0, .duration = ARIETTA_EVENTS_UNITS, .part = 1, .pitch = 53, .velocity = 80 },
  };
  g_autoptr(GArray)                tokens = NULL;
  g_autofree AriettaComposerPlace *places = NULL;
  guint                            seen = 0;

  g_array_append_val (score->parts, second);
  g_array_set_size (score->notes, 0);
  g_array_append_vals (score->notes, notes, G_N_ELEMENTS (notes));
  arietta_event_score_settle (score);
  settings.detail = ARIETTA_EVENTS_GRID;
  tokens = arietta_events_encode (score, &settings);
  places = g_new (AriettaComposerPlace, tokens->len);
  echo_all (tokens, places);
  for (guint i = 0; i + 1 < tokens->len; i++)
    {
      guint            pitch;
      AriettaEventSort sort = arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, i + 1), &pitch);

      if (sort != ARIETTA_EVENT_PITCH)
        continue;
      seen++;
      g_assert_cmpint (hears (&places[i], 64 % 12), ==, pitch < 60);
      g_assert_cmpint (hears (&places[i], 67 % 12), ==, pitch == 48);
      g_assert_cmpint (hears (&places[i], 12 + 64 % 12), ==, pitch < 60);
      g_assert_false (hears (&places[i], 48 % 12));
    }
  g_assert_cmpint (seen, ==, G_N_ELEMENTS (notes));
}

/* Filling a hole of two bars, a part hears the end of the bar before and the beginning of the one behind, how far away
 * they are, and all that sounds in both; continuing, there is nothing behind. */
static void
test_around (void)
{
  /* Tables of 36 rows: 1, 2 and more bars before, then behind; the edge, its lowest, the whole bar. */
  static const gint32 near[] = { 5, 12 + 5, 24, 24 + 2, 24 + 4, 24 + 5 };
  static const gint32 far[] = { 7, 12 + 7, 24 + 0, 24 + 7, 24 + 9, 24 + 11 };

  for (guint filling = 0; filling < 2; filling++)
    {
      g_autoptr(AriettaEventScore)     score = make_echoing (4);
      AriettaEventsSettings            settings = ARIETTA_EVENTS_SETTINGS_INIT;
      guint8                           masked[4] = { 0, 1, 1, 0 };
      g_autoptr(GArray)                tokens = NULL;
      g_autofree AriettaComposerPlace *places = NULL;
      guint                            n = 0, at, least, k = 0;
      gboolean                         expected[COMPOSER_AROUND_ROWS] = { FALSE };

      settings.detail = ARIETTA_EVENTS_GRID;
      settings.masked = filling ? masked : NULL;
      settings.fill = TRUE;
      tokens = arietta_events_encode (score, &settings);
      places = g_new (AriettaComposerPlace, tokens->len);
      echo_all (tokens, places);
      /* In the second bar, the first of the hole. */
      at = filling ? arietta_composer_find_fill (tokens) + 4 : 0;
      for (guint bars = 0; !filling && bars < 2; at++)
        bars += arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, at), NULL) == ARIETTA_EVENT_BAR;
      least = filling ? 12 : 6;

      for (guint i = 0; i < G_N_ELEMENTS (near); i++)
        expected[near[i]] = TRUE;
      for (guint i = 0; filling && i < G_N_ELEMENTS (far); i++)
        expected[(3 + 1) * 36 + far[i]] = TRUE;
      for (; k < COMPOSER_AROUND && places[at].around[k] >= 0; k++)
        n += expected[places[at].around[k]];
      g_assert_cmpuint (n, ==, least);
      g_assert_cmpuint (k, ==, least);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/composer/echo", test_echo);
  g_test_add_func ("/composer/echo-hole", test_echo_hole);
  g_test_add_func ("/composer/chord", test_chord);
  g_test_add_func ("/composer/around", test_around);

  return g_test_run ();
}
