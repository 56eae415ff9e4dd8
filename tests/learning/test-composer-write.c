/* The composer at work: only what was asked for differs, in any metre. The network is untrained, so
 * nothing is said of beauty. */
#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "learning/arietta-composer-sampler.h"
#include "learning/arietta-composer-use.h"
#include "music/arietta-bar-map.h"

#include <string.h>

#define RECIPE                                                                  \
  "[model]\nkind = attention-composer\nlayers = 2\nsize = 32\nheads = 2\n"       \
  "inner = 64\ncontext = 256\ndistances = 24\n[training]\nbatch = 2\n"

static AriettaComposer *
make_net (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (RECIPE, "test", NULL);
  AriettaComposer         *net = arietta_composer_kind.build (recipe, 3, NULL);

  g_strfreev (net->styles);
  net->styles = g_strsplit ("folk waltz", " ", -1);
  arietta_composer_kind.ready (net);

  return net;
}

/* A tune and a left hand, with a tempo change, a text event and played velocities. */
static AriettaPiece *
make_piece (int numerator,
            int denominator,
            int pickup)
{
  g_autoptr(AriettaPiece) tune = fixture_tune (5, numerator, denominator, 8, (guint) pickup);
  AriettaPiece           *piece = arietta_piece_copy (tune);
  AriettaTrack           *left = arietta_piece_add_track (piece, "Left Hand");
  gint64                  end = arietta_piece_get_notes_end_ticks (tune);

  for (gint64 tick = 0; tick < end; tick += 480)
    for (int k = 0; k < 3; k++)
      arietta_track_add_note (left, &(AriettaNote) {
                                .onset_ticks = tick, .duration_ticks = 440, .pitch = (guint8) (43 + 4 * k),
                                .velocity = (guint8) (50 + tick / 480), .off_velocity = 64, .channel = 3,
                                .program = 24, });
  arietta_track_add_event (left, 960, 0xB3, 7, 100, NULL, 0);
  arietta_track_add_event (left, 970, 0xFF, 0x01, 0, (const guint8 *) "here", 4);
  arietta_piece_set_tempo (piece, 0, 480000);
  arietta_piece_set_tempo (piece, 1920, 650000);

  return arietta_piece_freeze (piece);
}

static const AriettaNote *
notes_of (AriettaPiece *piece,
          guint         track,
          guint        *n)
{
  return arietta_track_get_notes (arietta_piece_get_track (piece, track), n);
}

/* Both have the same notes in @track outside first .. end - 1. */
static void
assert_same_outside (AriettaPiece *before,
                     AriettaPiece *after,
                     guint         track,
                     gint64        first,
                     gint64        end)
{
  guint              n, m, i = 0, k = 0;
  const AriettaNote *a = notes_of (before, track, &n), *b = notes_of (after, track, &m);

  for (;;)
    {
      while (i < n && a[i].onset_ticks >= first && a[i].onset_ticks < end)
        i++;
      while (k < m && b[k].onset_ticks >= first && b[k].onset_ticks < end)
        k++;
      if (i == n || k == m)
        break;
      g_assert_cmpint (a[i].onset_ticks, ==, b[k].onset_ticks);
      g_assert_cmpint (a[i].duration_ticks, ==, b[k].duration_ticks);
      g_assert_cmpint (a[i].pitch, ==, b[k].pitch);
      g_assert_cmpint (a[i].velocity, ==, b[k].velocity);
      g_assert_cmpint (a[i].channel, ==, b[k].channel);
      g_assert_cmpint (a[i].program, ==, b[k].program);
      g_assert_cmpint (a[i].flags, ==, b[k].flags);
      i++, k++;
    }
  g_assert_cmpint (i, ==, n);
  g_assert_cmpint (k, ==, m);
}

static void
assert_same_maps (AriettaPiece *before,
                  AriettaPiece *after)
{
  guint               n, m;
  const AriettaTempo *x = arietta_piece_get_tempos (before, &n), *y = arietta_piece_get_tempos (after, &m);
  const AriettaMeter *v, *w;

  g_assert_cmpint (n, ==, m);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (x[i].tick, ==, y[i].tick);
      g_assert_cmpint (x[i].us_per_quarter, ==, y[i].us_per_quarter);
    }
  v = arietta_piece_get_meters (before, &n);
  w = arietta_piece_get_meters (after, &m);
  g_assert_cmpint (n, ==, m);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (v[i].tick, ==, w[i].tick);
      g_assert_cmpint (v[i].numerator, ==, w[i].numerator);
      g_assert_cmpint (v[i].denominator_log2, ==, w[i].denominator_log2);
    }
}

static void
assert_same_events (AriettaPiece *before,
                    AriettaPiece *after,
                    guint         track)
{
  guint               n, m;
  const AriettaEvent *x = arietta_track_get_events (arietta_piece_get_track (before, track), &n);
  const AriettaEvent *y = arietta_track_get_events (arietta_piece_get_track (after, track), &m);

  g_assert_cmpint (n, ==, m);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (x[i].tick, ==, y[i].tick);
      g_assert_cmpint (x[i].status, ==, y[i].status);
      g_assert_cmpmem (x[i].bytes, x[i].n_bytes, y[i].bytes, y[i].n_bytes);
    }
}

static const struct
{
  int numerator, denominator, pickup;
} metres[] = { { 4, 4, 0 }, { 3, 4, 4 }, { 6, 8, 2 }, { 7, 8, 0 }, { 5, 4, 0 } };

/* Some bars of the first part. */
static void
test_infill (gconstpointer data)
{
  guint                     m = GPOINTER_TO_UINT (data);
  AriettaComposer          *net = make_net ();
  g_autoptr(AriettaPiece)   piece = make_piece (metres[m].numerator, metres[m].denominator, metres[m].pickup);
  g_autoptr(AriettaPiece)   result = NULL, again = NULL;
  g_autoptr(AriettaBarMap)  bars = arietta_bar_map_new (piece);
  AriettaFillSettings       settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart     part = { .track = 0, .density = 4 };
  AriettaRandom             random;
  gint64                    first, end;
  g_autoptr(GError)         error = NULL;

  settings.first_bar = 2;
  settings.n_bars = 3;
  settings.parts = &part;
  settings.n_parts = 1;
  settings.style = "waltz";
  arietta_random_init (&random, 1, "test");
  result = arietta_composer_fill (net, piece, &settings, &random, NULL, NULL, &error);
  g_assert_no_error (error);

  first = arietta_bar_map_get_start (bars, 2);
  end = arietta_bar_map_get_start (bars, 5);
  assert_same_maps (piece, result);
  assert_same_outside (piece, result, 0, first, end);
  assert_same_outside (piece, result, 1, 0, 0);
  assert_same_events (piece, result, 1);
  g_assert_false (arietta_piece_equal (piece, result));

  arietta_random_init (&random, 1, "test");
  again = arietta_composer_fill (net, piece, &settings, &random, NULL, NULL, &error);
  g_assert_true (arietta_piece_equal (result, again));

  arietta_composer_kind.free (net);
}

/* More bars than are filled at once, at the beginning: each about as full as those behind. */
static void
test_habits (void)
{
  AriettaComposer          *net = make_net ();
  g_autoptr(AriettaPiece)   tune = fixture_tune (5, 4, 4, 24, 0), result = NULL;
  g_autoptr(AriettaBarMap)  bars = arietta_bar_map_new (tune);
  AriettaFillSettings       settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart     part = { .track = 0 };
  AriettaRandom             random;
  guint                     counts[24] = { 0 }, least = G_MAXUINT, most = 0, n;
  const AriettaNote        *notes = notes_of (tune, 0, &n);

  for (guint i = 0; i < n; i++)
    counts[MIN (arietta_bar_map_find (bars, notes[i].onset_ticks), 23)]++;
  for (guint b = 13; b < 24; b++)
    {
      least = MIN (least, counts[b]);
      most = MAX (most, counts[b]);
    }
  g_assert_cmpuint (least, >, 0);

  settings.n_bars = 13;
  settings.parts = &part;
  settings.n_parts = 1;
  arietta_random_init (&random, 1, "test");
  result = arietta_composer_fill (net, tune, &settings, &random, NULL, NULL, NULL);
  assert_same_outside (tune, result, 0, 0, arietta_bar_map_get_start (bars, 13));

  memset (counts, 0, sizeof counts);
  notes = notes_of (result, 0, &n);
  for (guint i = 0; i < n; i++)
    counts[MIN (arietta_bar_map_find (bars, notes[i].onset_ticks), 23)]++;
  for (guint b = 0; b < 13; b++)
    {
      g_assert_cmpuint (counts[b], >, 0);
      g_assert_cmpuint (counts[b], <=, most);
    }
  arietta_composer_kind.free (net);
}

/* Bars past the end, by all who play. */
static void
test_continue (gconstpointer data)
{
  guint                    m = GPOINTER_TO_UINT (data);
  AriettaComposer         *net = make_net ();
  g_autoptr(AriettaPiece)  piece = make_piece (metres[m].numerator, metres[m].denominator, metres[m].pickup);
  g_autoptr(AriettaPiece)  result = NULL;
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  AriettaFillSettings      settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart    parts[] = { { .track = 0 }, { .track = 1 } };
  AriettaRandom            random;
  gint64                   first, end;

  settings.first_bar = arietta_bar_map_get_n (bars);
  settings.n_bars = 12;
  settings.parts = parts;
  settings.n_parts = 2;
  settings.ends = TRUE;
  arietta_random_init (&random, 2, "test");
  result = arietta_composer_fill (net, piece, &settings, &random, NULL, NULL, NULL);
  g_assert_nonnull (result);

  first = arietta_bar_map_get_start (bars, settings.first_bar);
  end = arietta_bar_map_get_start (bars, settings.first_bar + 12);
  assert_same_maps (piece, result);
  for (guint t = 0; t < 2; t++)
    assert_same_outside (piece, result, t, first - 20, end);
  g_assert_cmpint (arietta_piece_get_n_notes (result), >, arietta_piece_get_n_notes (piece));

  arietta_composer_kind.free (net);
}

/* A bass and drums to what is there: new tracks, in range and scale; given notes as they were. */
static void
test_new_parts (void)
{
  AriettaComposer         *net = make_net ();
  g_autoptr(AriettaPiece)  piece = make_piece (4, 4, 0);
  g_autoptr(AriettaPiece)  result = NULL;
  AriettaFillSettings      settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart    parts[] = {
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_BASS, 33, "Bass", 3, 0, 0 },
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_DRUMS, -1, "Drums", 0, 36, 51 },
  };
  AriettaRandom            random;
  guint                    n, n_bass;
  const AriettaNote       *notes;

  settings.n_bars = 8;
  settings.parts = parts;
  settings.n_parts = 2;
  settings.key = (AriettaTonality) { 2, ARIETTA_SCALE_MAJOR };
  settings.in_scale = TRUE;
  arietta_random_init (&random, 3, "test");
  result = arietta_composer_fill (net, piece, &settings, &random, NULL, NULL, NULL);
  g_assert_nonnull (result);

  g_assert_cmpint (arietta_piece_get_n_tracks (result), ==, 4);
  assert_same_outside (piece, result, 0, 0, 0);
  assert_same_outside (piece, result, 1, 0, 0);
  g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (result, 2)), ==, "Bass");
  notes = notes_of (result, 2, &n_bass);
  for (guint i = 0; i < n_bass; i++)
    {
      g_assert_cmpint (notes[i].pitch, >=, 28);
      g_assert_cmpint (notes[i].pitch, <=, 60);
      g_assert_true (arietta_tonality_contains (settings.key, notes[i].pitch));
      g_assert_cmpint (notes[i].program, ==, 33);
      g_assert_cmpint (notes[i].channel, !=, 3);
      g_assert_cmpint (notes[i].channel, !=, 9);
    }
  notes = notes_of (result, 3, &n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (notes[i].channel, ==, 9);
      g_assert_cmpint (notes[i].pitch, >=, 36);
      g_assert_cmpint (notes[i].pitch, <=, 51);
    }
  g_assert_cmpint (n + n_bass, >, 0);

  arietta_composer_kind.free (net);
}

/* What a person locked stays, and bars may be left out. */
static void
test_locked (void)
{
  AriettaComposer         *net = make_net ();
  g_autoptr(AriettaPiece)  piece = make_piece (4, 4, 0);
  g_autoptr(AriettaPiece)  marked = arietta_piece_copy (piece);
  g_autoptr(AriettaPiece)  result = NULL;
  AriettaFillSettings      settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart    part = { .track = 1 };
  const guint8             skipped[] = { 0, 1, 0, 0 };
  AriettaRandom            random;
  guint                    n, n_locked = 0;
  const AriettaNote       *notes = notes_of (piece, 1, &n);
  GArray                  *locked = g_array_new (FALSE, FALSE, sizeof (AriettaNote));

  for (guint i = 0; i < n; i++)
    {
      AriettaNote note = notes[i];

      if (i % 5 == 0)
        note.flags |= ARIETTA_NOTE_LOCKED;
      g_array_append_val (locked, note);
    }
  arietta_track_take_notes (arietta_piece_get_track (marked, 1), locked);
  arietta_piece_freeze (marked);

  settings.n_bars = 4;
  settings.parts = &part;
  settings.n_parts = 1;
  settings.skipped = skipped;
  arietta_random_init (&random, 4, "test");
  result = arietta_composer_fill (net, marked, &settings, &random, NULL, NULL, NULL);
  g_assert_nonnull (result);

  notes = notes_of (result, 1, &n);
  for (guint i = 0; i < n; i++)
    n_locked += (notes[i].flags & ARIETTA_NOTE_LOCKED) != 0;
  g_assert_cmpint (n_locked, ==, (8 * 4 * 3 + 4) / 5);
  /* The bar that was left out, and all after the fourth. */
  {
    guint count = 0, expected = 0, m;
    const AriettaNote *before = notes_of (piece, 1, &m);

    for (guint i = 0; i < m; i++)
      expected += (before[i].onset_ticks >= 1920 && before[i].onset_ticks < 3840) || before[i].onset_ticks >= 7680;
    for (guint i = 0; i < n; i++)
      count += (notes[i].onset_ticks >= 1920 && notes[i].onset_ticks < 3840) || notes[i].onset_ticks >= 7680;
    g_assert_cmpint (count, ==, expected);
  }

  arietta_composer_kind.free (net);
}

/* From nothing: with parts that are named, and with such as the network chooses. */
static void
test_compose (void)
{
  AriettaComposer       *net = make_net ();
  const AriettaFillPart  parts[] = {
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_MELODY, 73, NULL, 0, 60, 84 },
    { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_CHORDS, -1, "Guitar", 0, 0, 0 },
  };
  AriettaWriteSettings   settings = {
    .bars = 40, .numerator = 7, .denominator = 8, .key = { 7, ARIETTA_SCALE_MAJOR }, .style = "folk",
    .style_weight = 1.0, .temperature = 1.0, .tempo_bpm = 150,
  };
  AriettaRandom          random;

  for (guint chosen = 0; chosen < 2; chosen++)
    {
      g_autoptr(AriettaPiece)  result = NULL;
      g_autoptr(AriettaBarMap) bars = NULL;
      AriettaKey               key;

      settings.parts = chosen ? NULL : parts;
      settings.n_parts = chosen ? 0 : G_N_ELEMENTS (parts);
      arietta_random_init (&random, 6 + chosen, "test");
      result = arietta_composer_compose (net, &settings, &random, NULL, NULL, NULL);
      g_assert_nonnull (result);
      g_assert_cmpint (arietta_piece_get_meter_at (result, 0).numerator, ==, 7);
      g_assert_cmpint (arietta_piece_get_tempo_at (result, 0), ==, 400000);
      g_assert_true (arietta_piece_get_key_at (result, 0, &key));
      g_assert_cmpint (key.sharps, ==, 1);
      g_assert_cmpint (arietta_piece_get_n_notes (result), >, 20);
      g_assert_cmpint (arietta_piece_get_n_tracks (result), >=, 1);
      if (!chosen)
        {
          g_assert_cmpint (arietta_piece_get_n_tracks (result), ==, 2);
          g_assert_cmpstr (arietta_track_get_name (arietta_piece_get_track (result, 0)), ==, "Melody");
          g_assert_cmpint (arietta_track_get_program (arietta_piece_get_track (result, 0)), ==, 73);
        }
      bars = arietta_bar_map_new (result);
      for (guint t = 0; t < arietta_piece_get_n_tracks (result); t++)
        {
          guint              n;
          const AriettaNote *notes = notes_of (result, t, &n);

          for (guint i = 0; i < n; i++)
            g_assert_cmpint (notes[i].onset_ticks + notes[i].duration_ticks, <=,
                             arietta_bar_map_get_start (bars, 40));
        }
    }

  arietta_composer_kind.free (net);
}

static AriettaPiece *
compose_guarded (AriettaComposer  *net,
                 double            temperature,
                 AriettaCopyGuard *guard)
{
  static const AriettaFillPart part = { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_MELODY, 73, NULL, 7, 60, 84 };
  const AriettaWriteSettings   settings = {
    .bars = 12, .numerator = 4, .denominator = 4, .key = ARIETTA_TONALITY_NONE, .style_weight = 1.0,
    .temperature = temperature, .tempo_bpm = 120, .parts = &part, .n_parts = 1, .guard = guard,
  };
  AriettaRandom                random;

  arietta_random_init (&random, 11, "test");
  return arietta_composer_compose (net, &settings, &random, NULL, NULL, NULL);
}

/* What is known is not written again, by the same seed always in the same way. */
static void
test_guard (void)
{
  AriettaComposer          *net = make_net ();
  g_autoptr(AriettaCopied)  known = arietta_copied_new ();
  AriettaCopyGuard          guards[3] = { { known, 0, 0 }, { known, 0, 0 }, { known, 0, 0 } };
  g_autoptr(AriettaPiece)   free_one = compose_guarded (net, 1.0, NULL), unknown = compose_guarded (net, 1.0, &guards[0]);
  g_autoptr(AriettaPiece)   own = NULL, again = NULL;
  g_autofree char          *a = arietta_piece_dup_digest (free_one), *b = arietta_piece_dup_digest (unknown);
  g_autofree char          *c = NULL, *d = NULL;

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpuint (guards[0].redrawn + guards[0].kept, ==, 0);

  arietta_copied_add (known, free_one);
  g_assert_cmpuint (arietta_copy_guard_count (&guards[0], free_one), >, 0);
  own = compose_guarded (net, 1.0, &guards[1]);
  again = compose_guarded (net, 1.0, &guards[2]);
  c = arietta_piece_dup_digest (own);
  d = arietta_piece_dup_digest (again);
  g_assert_cmpuint (guards[1].redrawn, >, 0);
  g_assert_cmpuint (guards[1].kept, ==, 0);
  g_assert_cmpuint (arietta_copy_guard_count (&guards[1], own), ==, 0);
  g_assert_cmpstr (c, ==, d);

  arietta_composer_kind.free (net);
}

/* That was given the first @n of @tokens. */
static AriettaComposerSampler *
sampler_with (AriettaComposer             *net,
              const AriettaComposerLimits *limits,
              AriettaRandom               *random,
              GArray                      *tokens,
              guint                        n)
{
  AriettaComposerSampler *sampler = arietta_composer_sampler_new (net, limits, random);

  for (guint i = 0; i < n; i++)
    g_assert_true (arietta_composer_sampler_give (sampler, g_array_index (tokens, AriettaEvent16, i)));

  return sampler;
}

/* An untrained net, urged to harmony, writes nothing rough; urged to recall, says most of the bar before the last once more. */
static void
test_urged (void)
{
  AriettaComposer              *net = make_net ();
  g_autoptr(AriettaPiece)       piece = make_piece (4, 4, 0);
  g_autoptr(AriettaEventScore)  score = arietta_event_score_from_piece (piece);
  AriettaEventsSettings         settings = ARIETTA_EVENTS_SETTINGS_INIT;
  AriettaComposerLimits         limits = { .bar_positions = 96, .scale = ARIETTA_TONALITY_NONE, .temperature = 1.0,
                                           .nucleus = 1.0 };
  const guint8                  masked[] = { 0, 0, 0, 1, 0, 0, 0, 0 };
  AriettaRandom                 random;

  for (guint s = 0; s < 2; s++)
    {
      limits.lowest[s] = 0;
      limits.highest[s] = 127;
      limits.writes[s] = TRUE;
    }
  arietta_random_init (&random, 5, "test");
  settings.n_bars = 4;
  settings.last_bar = FALSE;
  settings.masked = masked;
  {
    g_autoptr(GArray)                 tokens = arietta_events_encode (score, &settings);
    g_autoptr(AriettaComposerSampler) sampler = NULL;
    AriettaEventReader               *reader;
    guint                             from, n_heard = 0;

    limits.harmony = 200.0;
    sampler = sampler_with (net, &limits, &random, tokens, tokens->len);
    reader = arietta_composer_sampler_get_reader (sampler);
    g_assert_true (arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_FILL, 0)));
    g_assert_true (arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_CELL, 0)));
    from = arietta_event_reader_get_n_notes (reader);
    arietta_composer_sampler_write (sampler, NULL, NULL);
    for (guint i = from; i < arietta_event_reader_get_n_notes (reader); i++)
      {
        AriettaEventNote mine = *arietta_event_reader_get_note (reader, i);
        guint            n;
        const AriettaEventNote *tune = arietta_event_score_get_cell (score, 1, 0, &n);

        for (guint k = 0; k < n; k++)
          if (tune[k].onset <= mine.onset && tune[k].onset + tune[k].duration >= mine.onset + mine.duration)
            {
              int apart = ABS (tune[k].pitch - mine.pitch) % 12;

              g_assert_false (apart == 1 || apart == 2 || apart == 6 || apart == 10 || apart == 11);
              n_heard++;
            }
      }
    g_assert_cmpuint (n_heard, >, 0);
    limits.harmony = 0.0;
  }
  {
    g_autoptr(GArray)                 tokens = NULL;
    g_autoptr(AriettaComposerSampler) sampler = NULL;
    AriettaEventReader               *reader;
    guint                             from, n, first = 0, same = 0;

    settings.masked = NULL;
    settings.n_bars = 2;
    tokens = arietta_events_encode (score, &settings);
    limits.recall = 2000.0;
    sampler = sampler_with (net, &limits, &random, tokens, tokens->len);
    reader = arietta_composer_sampler_get_reader (sampler);
    from = arietta_event_reader_get_n_notes (reader);
    g_assert_true (arietta_composer_sampler_give (sampler, arietta_event_make (ARIETTA_EVENT_BAR, 0)));
    arietta_composer_sampler_write (sampler, NULL, NULL);
    n = arietta_event_reader_get_n_notes (reader);
    for (guint i = from; i < n; i++)
      for (guint k = 0; k < from; k++)
        {
          const AriettaEventNote *a = arietta_event_reader_get_note (reader, k);
          const AriettaEventNote *b = arietta_event_reader_get_note (reader, i);

          first += i == from && a->bar == 0;
          same += a->bar == 0 && a->part == b->part && a->onset == b->onset && a->pitch == b->pitch;
        }
    g_assert_cmpuint (first, >, 4);
    g_assert_cmpuint (3 * same, >, 2 * first);
  }

  arietta_composer_kind.free (net);
}

/* The net hears everything in C: asked for in another key, the same notes come in that key. */
static void
test_home (void)
{
  AriettaComposer     *net = make_net ();
  AriettaPiece        *pieces[2];
  AriettaWriteSettings settings = { .bars = 30, .numerator = 3, .denominator = 4, .temperature = 1.0,
                                    .tempo_bpm = 120, .n_parts = 2 };
  guint                n_notes = 0;

  for (int k = 0; k < 2; k++)
    {
      const int             up = k == 0 ? 0 : -3;
      const AriettaFillPart parts[] = {
        { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_MELODY, 73, NULL, 0, 60 + up, 84 + up },
        { ARIETTA_FILL_NEW_TRACK, ARIETTA_ROLE_DRUMS, -1, NULL, 0, 35, 60 },
      };
      AriettaRandom random;

      arietta_random_init (&random, 8, "test");
      settings.parts = parts;
      settings.key = (AriettaTonality) { (12 + up) % 12, ARIETTA_SCALE_MINOR };
      pieces[k] = arietta_composer_compose (net, &settings, &random, NULL, NULL, NULL);
      g_assert_nonnull (pieces[k]);
    }

  for (guint t = 0; t < 2; t++)
    {
      guint              n, m;
      const AriettaNote *c = notes_of (pieces[0], t, &n), *a = notes_of (pieces[1], t, &m);

      g_assert_cmpint (n, ==, m);
      n_notes += n;
      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpint (a[i].pitch, ==, c[i].pitch - (t == 0 ? 3 : 0));
          g_assert_cmpint (a[i].onset_ticks, ==, c[i].onset_ticks);
        }
    }
  g_assert_cmpint (n_notes, >, 20);

  arietta_piece_unref (pieces[0]);
  arietta_piece_unref (pieces[1]);
  arietta_composer_kind.free (net);
}

static gboolean
count_down_cb (gpointer user_data)
{
  int *left = user_data;

  return --*left > 0;
}

static void
test_stopped (void)
{
  AriettaComposer        *net = make_net ();
  g_autoptr(AriettaPiece) piece = make_piece (4, 4, 0);
  g_autoptr(AriettaPiece) result = NULL;
  g_autoptr(GError)       error = NULL;
  AriettaFillSettings     settings = ARIETTA_FILL_SETTINGS_INIT;
  const AriettaFillPart   part = { .track = 0 };
  AriettaRandom           random;
  int                     left = 20;

  settings.n_bars = 8;
  settings.parts = &part;
  settings.n_parts = 1;
  arietta_random_init (&random, 4, "test");
  result = arietta_composer_fill (net, piece, &settings, &random, count_down_cb, &left, &error);
  g_assert_null (result);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED);

  arietta_composer_kind.free (net);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint m = 0; m < G_N_ELEMENTS (metres); m++)
    {
      g_autofree char *infill = g_strdup_printf ("/composer-write/infill/%d-%d", metres[m].numerator,
                                                 metres[m].denominator);
      g_autofree char *go_on = g_strdup_printf ("/composer-write/continue/%d-%d", metres[m].numerator,
                                                metres[m].denominator);

      g_test_add_data_func (infill, GUINT_TO_POINTER (m), test_infill);
      g_test_add_data_func (go_on, GUINT_TO_POINTER (m), test_continue);
    }
  g_test_add_func ("/composer-write/habits", test_habits);
  g_test_add_func ("/composer-write/new-parts", test_new_parts);
  g_test_add_func ("/composer-write/locked", test_locked);
  g_test_add_func ("/composer-write/compose", test_compose);
  g_test_add_func ("/composer-write/guard", test_guard);
  g_test_add_func ("/composer-write/urged", test_urged);
  g_test_add_func ("/composer-write/home", test_home);
  g_test_add_func ("/composer-write/stopped", test_stopped);

  return g_test_run ();
}
