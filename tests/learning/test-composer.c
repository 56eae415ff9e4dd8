#include <glib/gstdio.h>

#include "learning-fixtures.h"

#include "learning/arietta-composer-learner-private.h"
#include "learning/arietta-composer-use.h"
#include "learning/arietta-context-counts.h"
#include "learning/arietta-model-file.h"
#include "learning/arietta-training-watch.h"

#include <math.h>

#define RECIPE_FOR(epochs)                                                      \
  "[model]\nkind = attention-composer\nlayers = 2\nsize = 32\nheads = 2\n"       \
  "inner = 64\ncontext = 128\ndistances = 24\nechoes = 8\nchords = 1\nsurroundings = 1\n[data]\ntold = 0.7\n"              \
  "[training]\nminutes = 0\nepochs = " epochs "\nbatch = 2\nrate = 0.01\nwarmup = 10\n"   \
  "dropout = 0.1\nvalidate-every = 6\n"
#define RECIPE RECIPE_FOR ("3")

static gboolean
count_down_cb (gpointer user_data)
{
  int *left = user_data;

  return --*left > 0;
}

static char *
make_folder (void)
{
  return g_dir_make_tmp ("arietta-XXXXXX", NULL);
}

/* A run that was stopped again and again ends in the same bits as one that was not. */
static void
test_resume (gconstpointer data)
{
  const char                *recipe = data;
  g_autofree char           *folder = make_folder (), *broken_folder = make_folder ();
  g_autoptr(AriettaTraining) whole = fixture_training (recipe, folder, 12);
  g_autoptr(AriettaTraining) broken = NULL;
  g_autoptr(GError)          error = NULL;
  AriettaTrainingOutcome     outcome;
  AriettaParams             *x, *y;

  outcome = arietta_training_run (whole, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, ARIETTA_TRAINING_COMPLETE);
  do
    {
      int left = 9;

      g_clear_pointer (&broken, arietta_training_free);
      broken = fixture_training (recipe, broken_folder, 12);
      outcome = arietta_training_run (broken, NULL, count_down_cb, &left, &error);
      g_assert_no_error (error);
    }
  while (outcome == ARIETTA_TRAINING_STOPPED);

  x = arietta_training_get_params (whole);
  y = arietta_training_get_params (broken);
  g_assert_cmpmem (arietta_params_get_values (x), arietta_params_get_size (x) * sizeof (float),
                   arietta_params_get_values (y), arietta_params_get_size (y) * sizeof (float));
  g_assert_cmpfloat (arietta_training_get_validation_loss (whole), <, log (arietta_events_get_n ()));

  fixture_remove (folder);
  fixture_remove (broken_folder);
}

static AriettaComposer *
make_net (void)
{
  g_autoptr(AriettaRecipe) recipe = arietta_recipe_parse (RECIPE, "test", NULL);
  AriettaComposer         *net = arietta_composer_kind.build (recipe, 3, NULL);
  AriettaRandom            random;

  /* A new net hears no echoes yet, because their weights begin at zero. */
  arietta_random_init (&random, 3, "echoes");
  for (guint i = 0; i < arietta_params_get_n (net->params); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (net->params, i);
      AriettaReal        *values = arietta_params_get (net->params, param->name);

      for (gsize j = 0; g_str_has_prefix (param->name, "echo.") && j < param->n_elements; j++)
        values[j] = (AriettaReal) (0.4 * arietta_random_uniform (&random) - 0.2);
    }
  arietta_composer_kind.ready (net);

  return net;
}

static GArray *
make_tokens (guint nth)
{
  g_autoptr(AriettaPiece)      piece = fixture_tune (nth, 4, 4, 4, 0);
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
  GArray                      *tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));

  arietta_composer_make_task (score, -1, 0, 100, &(AriettaComposerTaskSettings) { 0 }, NULL, tokens);

  return tokens;
}

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

/* Every note before the bar is told, and nothing else; what was looked at adds up. */
static void
test_attend (void)
{
  AriettaComposer        *net = make_net ();
  g_autoptr(AriettaPiece) piece = fixture_tune (2, 4, 4, 6, 0);
  g_autoptr(GArray)       attended = NULL, nothing = NULL;
  g_autoptr(GError)       error = NULL;
  guint                   n, expected = 0;
  const AriettaNote      *notes = arietta_track_get_notes (arietta_piece_get_track (piece, 0), &n);
  gint64                  bar_ticks = 4 * arietta_piece_get_ticks_per_quarter (piece);
  double                  sum = 0.0;

  attended = arietta_composer_attend (net, piece, 3, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    expected += notes[i].onset_ticks < 3 * bar_ticks;
  g_assert_cmpint (attended->len, ==, expected);
  for (guint i = 0; i < attended->len; i++)
    {
      const AriettaAttended *one = &g_array_index (attended, AriettaAttended, i);

      g_assert_cmpint (one->onset_ticks, ==, notes[i].onset_ticks);
      g_assert_cmpint (one->pitch, ==, notes[i].pitch);
      g_assert_cmpint (one->track, ==, 0);
      g_assert_cmpfloat (one->share, >, 0.0);
      sum += one->share;
    }
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-6);

  nothing = arietta_composer_attend (net, piece, 0, &error);
  g_assert_null (nothing);
  g_assert_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA);
  arietta_composer_kind.free (net);
}

static AriettaPiece *
write_known_cb (gpointer                     net,
                const AriettaWriteSettings  *settings,
                AriettaRandom               *random,
                AriettaGoOnFunc              go_on,
                gpointer                     user_data,
                GError                     **error)
{
  return fixture_tune (*(guint *) net, 4, 4, (int) settings->bars, 0);
}

static guint
one_cb (gpointer net)
{
  return 1;
}

static guint
sixteen_cb (gpointer net)
{
  return 16;
}

static void
draw_cb (gpointer       net,
         const char    *style,
         double         weight,
         AriettaRandom *random,
         float         *latent)
{
  *latent = 0.5f;
}

static AriettaPiece *
decode_known_cb (gpointer                      net,
                 const float                  *latents,
                 const AriettaWindow          *windows,
                 guint                         n_windows,
                 const AriettaDecodeSettings  *settings,
                 AriettaRandom                *random,
                 GError                      **error)
{
  g_assert_cmpfloat (latents[0], ==, 0.5f);
  g_assert_cmpuint (n_windows, ==, 1);

  return fixture_tune (*(guint *) net, 4, 4, (int) windows[0].n_bars, 0);
}

/* A model that writes, or decodes, what it learned from memorises; one that writes else does not. */
static void
test_watch (gconstpointer data)
{
  const AriettaModelKind          writing = { .write = write_known_cb };
  const AriettaModelKind          decoding = { .draw_latent = draw_cb, .decode = decode_known_cb, .get_latent_size = one_cb,
                                               .get_window_bars = sixteen_cb };
  const AriettaModelKind          kind = GPOINTER_TO_INT (data) ? decoding : writing, neither = { 0 };
  g_autoptr(AriettaCopied)        known = arietta_copied_new ();
  AriettaTrainingWatch           *watch = arietta_training_watch_new (&kind, 4, 1);
  g_autoptr(AriettaPiece)         learned = fixture_tune (1, 4, 4, 16, 0), held = fixture_tune (5, 4, 4, 16, 0);
  AriettaTrainingWatched          watched;
  guint                           own = 3, learned_by_heart = 1;

  g_assert_null (arietta_training_watch_new (&kind, 0, 1));
  g_assert_null (arietta_training_watch_new (&neither, 4, 1));
  arietta_copied_add (known, learned);
  arietta_training_watch_add_held (watch, held);
  watched = arietta_training_watch_measure (watch, &own, known);
  g_assert_cmpfloat (watched.people, ==, 0.0);
  g_assert_cmpfloat (watched.share, ==, 0.0);
  g_assert_false (watched.memorises);
  watched = arietta_training_watch_measure (watch, &learned_by_heart, known);
  g_assert_cmpfloat (watched.share, ==, 1.0);
  g_assert_true (watched.memorises);
  arietta_training_watch_free (watch);
}

/* Token by token, in chunks of any size, the logits are those of the graph. */
static void
test_step (void)
{
  AriettaComposer               *net = make_net ();
  g_autoptr(GArray)              tokens = make_tokens (1);
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  g_autofree AriettaComposerPlace *places = g_new (AriettaComposerPlace, tokens->len);
  const AriettaEvent16          *data = (const AriettaEvent16 *) (gpointer) tokens->data;
  guint                          n = tokens->len, V = arietta_events_get_n ();
  AriettaComposerGraph          *graph;
  const float                   *expected;

  g_assert_cmpint (n, >, 40);
  graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, 1, 128, NULL, NULL);
  arietta_composer_graph_fill (graph, 0, data, n, reader, echo);
  arietta_graph_forward (graph->graph);
  expected = arietta_graph_get_values (graph->graph, graph->logits);

  arietta_event_reader_reset (reader);
  arietta_composer_echo_reset (echo);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (arietta_event_reader_feed (reader, data[i]));
      places[i] = arietta_composer_place (reader, echo, data[i]);
    }

  for (guint chunk = 1; chunk <= n; chunk = chunk * 4 + 1)
    {
      g_autoptr(AriettaComposerState) state = arietta_composer_state_new (net);

      for (guint from = 0; from + 1 < n; from += chunk)
        {
          guint        size = MIN (chunk, n - 1 - from);
          const float *logits = arietta_composer_state_feed (state, data + from, places + from, size);

          for (guint v = 0; v < V; v++)
            g_assert_cmpfloat_with_epsilon (logits[v], expected[(gsize) (from + size - 1) * V + v], 1e-4);
        }
    }

  arietta_composer_graph_free (graph);
  arietta_composer_kind.free (net);
}

/* Nothing that comes later changes a prediction. */
static void
test_causal (void)
{
  AriettaComposer              *net = make_net ();
  g_autoptr(GArray)             tokens = make_tokens (2);
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  AriettaEvent16               *data = (AriettaEvent16 *) (gpointer) tokens->data;
  guint                         n = tokens->len, V = arietta_events_get_n ();
  AriettaComposerGraph         *graph;
  g_autofree float             *before = NULL;

  graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, 1, 128, NULL, NULL);
  arietta_composer_graph_fill (graph, 0, data, n, reader, echo);
  arietta_graph_forward (graph->graph);
  before = g_memdup2 (arietta_graph_get_values (graph->graph, graph->logits), sizeof (float) * V * 20);

  arietta_composer_graph_fill (graph, 0, data, 21, reader, echo);
  arietta_graph_forward (graph->graph);
  for (guint i = 0; i < V * 20; i++)
    g_assert_cmpfloat_with_epsilon (before[i], arietta_graph_get_values (graph->graph, graph->logits)[i], 1e-5);

  arietta_composer_graph_free (graph);
  arietta_composer_kind.free (net);
}

/* Windows cover a piece bar by bar, fit the context, and read as events. */
static void
test_tasks (void)
{
  const AriettaComposerTaskSettings settings = { TRUE, 0.7, 0.6, 0.4, 0.5, 0.5 };
  AriettaRandom                     random;
  guint                             n_masked = 0;

  arietta_random_init (&random, 5, "tasks");
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(AriettaPiece)      piece = fixture_tune (i, i % 2 == 0 ? 4 : 3, 4, 20, i % 3 == 0 ? 4 : 0);
      g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);

      for (guint bar = 0; bar < score->bars->len;)
        {
          g_autoptr(GArray)            tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
          g_autoptr(AriettaEventScore) back = NULL;
          g_autoptr(GError)            error = NULL;
          guint n = arietta_composer_make_task (score, 1, bar, 128, &settings, &random, tokens);

          g_assert_cmpint (n, >=, 1);
          g_assert_cmpint (tokens->len, <=, 128);
          back = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, &error);
          g_assert_no_error (error);
          g_assert_cmpint (back->bars->len, ==, n);
          g_assert_cmpint (back->notes->len, ==,
                           score->cells[bar + n] - score->cells[bar]);
          for (guint t = 0; t < tokens->len; t++)
            n_masked += arietta_event_get_sort (g_array_index (tokens, AriettaEvent16, t), NULL)
                        == ARIETTA_EVENT_MASK;
          bar += n;
        }
    }
  g_assert_cmpint (n_masked, >, 50);
}

/* Chances sum to one, and what was seen more is likelier. */
static void
test_counts (void)
{
  g_autoptr(AriettaContextCounts) counts = arietta_context_counts_new (7);
  const guint64                   contexts[] = { arietta_context_mix (1, 1), arietta_context_mix (2, 2) };
  double                          chances[7], sum = 0.0;

  for (guint i = 0; i < 3000; i++)
    {
      const guint64 other[] = { contexts[0], arietta_context_mix (3, i) };

      arietta_context_counts_learn (counts, i % 3 == 0 ? contexts : other, 2, i % 3 == 0 ? 4 : i % 2);
    }
  arietta_context_counts_predict (counts, contexts, 2, chances);
  for (guint t = 0; t < 7; t++)
    sum += chances[t];
  g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-12);
  g_assert_cmpfloat (chances[4], >, 0.99);
  g_assert_cmpfloat (chances[5], >, 0.0);
  /* In the coarse context alone: 1000 of 3000, three kinds. */
  arietta_context_counts_predict (counts, contexts, 1, chances);
  g_assert_cmpfloat_with_epsilon (chances[4], (1000 + 3.0 / 7) / 3003, 1e-12);
}

static AriettaPiece *
make_drone (void)
{
  AriettaPiece *piece = arietta_piece_new (480);
  AriettaTrack *track = arietta_piece_add_track (piece, "Drone");

  for (gint64 bar = 0; bar < 12; bar++)
    arietta_track_add_note (track, &(AriettaNote) {
      .onset_ticks = bar * 1920, .duration_ticks = 1920, .pitch = 60, .velocity = 80, .off_velocity = 64 });

  return arietta_piece_freeze (piece);
}

/* One case for each piece that has other bars to offer, the same each time; none where all bars are
 * alike. */
static void
test_infill (void)
{
  AriettaComposer       *net = make_net ();
  g_autoptr(AriettaPiece) drone = make_drone ();
  AriettaExample         examples[6];
  double                 shares[2];

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    examples[i] = (AriettaExample) { .piece = i == 2 ? arietta_piece_ref (drone) : fixture_tune (i, 4, 4, 12, 0),
                                     .name = "tune", .style = "" };
  for (guint run = 0; run < 2; run++)
    {
      g_autoptr(JsonObject) results = json_object_new ();
      JsonObject           *infill;

      g_assert_true (arietta_composer_know_infill (net, examples, G_N_ELEMENTS (examples), results, NULL, NULL));
      infill = json_object_get_object_member (results, "infill");
      g_assert_cmpint (json_object_get_int_member (infill, "cases"), ==, G_N_ELEMENTS (examples) - 1);
      shares[run] = json_object_get_double_member (infill, "share");
      g_assert_cmpfloat (fabs (shares[run] * 5 - round (shares[run] * 5)), <, 1e-9);
    }
  g_assert_cmpfloat (shares[0], ==, shares[1]);

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    arietta_piece_unref (examples[i].piece);
  arietta_composer_kind.free (net);
}

/* Bars of @score from @first on, and of a window of it that begins there, say the same. */
static void
check_bars (AriettaEventScore *score,
            guint              bar,
            AriettaEventScore *window,
            guint              at,
            guint              n)
{
  for (guint b = 0; b < n; b++)
    {
      guint                   n_x, n_y;
      const AriettaEventNote *x = arietta_event_score_get_cell (score, bar + b, 0, &n_x);
      const AriettaEventNote *y = arietta_event_score_get_cell (window, at + b, 0, &n_y);

      g_assert_cmpuint (n_x, ==, n_y);
      for (guint i = 0; i < n_x; i++)
        {
          g_assert_cmpint (x[i].pitch, ==, y[i].pitch);
          g_assert_cmpint (x[i].onset, ==, y[i].onset);
        }
    }
}

static AriettaEventScore *
decode (GArray *tokens)
{
  g_autoptr(GError)  error = NULL;
  AriettaEventScore *score;

  score = arietta_events_decode ((const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, &error);
  g_assert_no_error (error);

  return score;
}

/* As they are, the bars are the piece's; exchanged, those of both holes have changed places and no others; and the
 * piece is left as it was. */
static void
test_exchange (void)
{
  AriettaRandom random;
  guint         n_made = 0;

  arietta_random_init (&random, 5, "exchange");
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr(AriettaPiece)      piece = fixture_tune (i, 4, 4, 16, 0);
      g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (piece);
      g_autoptr(AriettaEventScore) same = arietta_event_score_from_piece (piece), a = NULL, b = NULL;
      g_auto(AriettaComposerExchange) exchange = { 0 };
      guint                        n = 1 + i % 3, hole = 3 + i % 8, first, bars, from = 0;

      if (!arietta_composer_make_exchange (score, hole, n, FALSE, i % 2 == 0, 768, &random, &exchange))
        continue;

      n_made++;
      check_bars (same, 0, score, 0, score->bars->len);
      a = decode (exchange.as_is);
      b = decode (exchange.exchanged);
      first = exchange.end - a->bars->len;
      bars = a->bars->len;
      check_bars (score, first, a, 0, bars);
      /* The other hole is where the bars stand masked. */
      {
        guint bar = 0;

        for (guint t = 0; t < arietta_composer_find_fill (exchange.as_is); t++)
          {
            AriettaEventSort sort = arietta_event_get_sort (g_array_index (exchange.as_is, AriettaEvent16, t), NULL);

            bar += sort == ARIETTA_EVENT_BAR || sort == ARIETTA_EVENT_LAST_BAR;
            if (sort == ARIETTA_EVENT_MASK && (first + bar - 1 < hole || first + bar - 1 >= hole + n))
              from = MAX (from, bar);
          }
        from = first + from - n;
      }
      g_assert_true (from + n < hole || from > hole + n);
      check_bars (score, from, b, hole - first, n);
      check_bars (score, hole, b, from - first, n);
      for (guint k = 0; k < bars; k++)
        if ((first + k < hole || first + k >= hole + n) && (first + k < from || first + k >= from + n))
          check_bars (score, first + k, b, k, 1);
    }
  g_assert_cmpuint (n_made, >, 30);
}

/* Nats at all of a sequence, and at what stands behind FILL. */
static void
sum_surprise (AriettaComposer *net,
              GArray          *tokens,
              double          *all,
              double          *behind)
{
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  AriettaComposerGraph          *graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, 1, 128, NULL, NULL);
  guint                          V = arietta_events_get_n (), fill = arietta_composer_find_fill (tokens);
  const AriettaReal             *logits;

  arietta_composer_graph_fill (graph, 0, (const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, reader, echo);
  arietta_graph_forward (graph->graph);
  logits = arietta_graph_get_values (graph->graph, graph->logits);
  *all = *behind = 0.0;
  for (guint i = 0; i + 1 < tokens->len; i++)
    {
      double sum = 0.0, nats;

      for (guint v = 0; v < V; v++)
        sum += exp (logits[i * V + v]);
      nats = log (sum) - logits[i * V + g_array_index (tokens, AriettaEvent16, i + 1)];
      *all += nats;
      *behind += i >= fill ? nats : 0.0;
    }
  arietta_composer_graph_free (graph);
}

/* The loss of a pair is what the header says, of its two sequences measured alone. */
static void
test_pair (void)
{
  const AriettaComposerDrill     drill = { .fill = 3.0, .exchange = 2.0 };
  AriettaComposer               *net = make_net ();
  g_autoptr(AriettaPiece)        piece = fixture_tune (3, 4, 4, 8, 0);
  g_autoptr(AriettaEventScore)   score = arietta_event_score_from_piece (piece);
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  g_auto(AriettaComposerExchange) exchange = { 0 };
  AriettaComposerGraph          *graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_TRAIN, 4, 128, &drill, NULL);
  AriettaRandom                  random;
  double                         all, behind, moved, moved_behind, weights, loss;
  guint                          n, fill;

  arietta_random_init (&random, 2, "pair");
  g_assert_true (arietta_composer_make_exchange (score, 1, 2, TRUE, FALSE, 128, &random, &exchange));
  sum_surprise (net, exchange.as_is, &all, &behind);
  sum_surprise (net, exchange.exchanged, &moved, &moved_behind);
  n = exchange.as_is->len - 1;
  fill = arietta_composer_find_fill (exchange.as_is);
  weights = fill + drill.fill * (n - fill);
  loss = (all + (drill.fill - 1.0) * behind) / weights;

  for (int b = 0; b < 4; b++)
    {
      GArray *tokens = b == 0 ? exchange.as_is : exchange.exchanged;

      arietta_composer_graph_fill (graph, b, (const AriettaEvent16 *) (gpointer) tokens->data, b < 2 ? tokens->len : 0,
                                   reader, echo);
    }
  arietta_composer_graph_pair (graph, TRUE);
  arietta_graph_forward (graph->graph);
  g_assert_cmpfloat (fabs (behind - moved_behind), >, 0.01);
  g_assert_cmpfloat_with_epsilon (arietta_graph_get_scalar (graph->graph, graph->loss),
                                  loss + 2.0 * 5.0 * log1p (exp ((behind - moved_behind) / 5.0)) / weights, 1e-4);

  /* And where they are no pairs, both are learned. */
  for (int b = 0; b < 2; b++)
    {
      GArray *tokens = b == 0 ? exchange.as_is : exchange.exchanged;

      arietta_composer_graph_fill (graph, b, (const AriettaEvent16 *) (gpointer) tokens->data, tokens->len, reader,
                                   echo);
    }
  arietta_composer_graph_pair (graph, FALSE);
  arietta_graph_forward (graph->graph);
  g_assert_cmpfloat_with_epsilon (arietta_graph_get_scalar (graph->graph, graph->loss),
                                  (all + moved + (drill.fill - 1.0) * (behind + moved_behind))
                                    / (weights + (exchange.exchanged->len - 1 - fill) * drill.fill + fill),
                                  1e-4);

  arietta_composer_graph_free (graph);
  arietta_composer_kind.free (net);
}

/* Row @b of a batch up to FILL, FILL included; the number of tokens. */
static guint
get_known (AriettaComposerGraph *graph,
           int                   b,
           const gint32        **tokens)
{
  guint n = 0;

  *tokens = arietta_graph_get_ints (graph->graph, graph->tokens) + b * graph->S;
  while (arietta_event_get_sort ((AriettaEvent16) (*tokens)[n++], NULL) != ARIETTA_EVENT_FILL)
    g_assert_cmpint (n, <, graph->S);

  return n;
}

/* An epoch has batches of pairs and others.  In the first, rows read the same up to FILL and are told apart behind it,
 * and only the first of two is learned; in the others nothing is told apart. */
static void
test_dealt (void)
{
  static const char            text[] = RECIPE "[data]\nexchanged = 0.5\nbalance = 0.6\n";
  g_autoptr(AriettaRecipe)     recipe = arietta_recipe_parse (text, "test", NULL);
  AriettaComposer             *net = make_net ();
  AriettaComposerLearner      *learner = arietta_composer_learner_new (net, recipe, 3);
  guint                        n_batches, n_pairs = 0, n_others = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr(AriettaPiece) piece = fixture_tune (i, 4, 4, 12, 0);

      arietta_composer_learner_add (learner, &(AriettaExample) { .piece = piece, .name = "tune", .style = "" });
    }
  g_assert_true (arietta_composer_learner_begin (learner, NULL));
  n_batches = arietta_composer_begin_epoch (learner, 0);
  for (guint i = 0; i < n_batches; i++)
    {
      AriettaComposerGraph *graph = NULL;
      AriettaGraph         *filled = arietta_composer_fill_batch (learner, i, i, 0.0, NULL);
      const AriettaReal    *sides, *weights;
      gboolean              are_pairs;

      for (int c = 0; c < COMPOSER_CLASSES; c++)
        if (learner->graphs[c] != NULL && learner->graphs[c]->graph == filled)
          graph = learner->graphs[c];
      sides = arietta_graph_get_values (filled, graph->sides);
      weights = arietta_graph_get_values (filled, graph->weights);
      are_pairs = arietta_graph_get_values (filled, graph->pairs)[0] > 0;
      n_pairs += are_pairs;
      n_others += !are_pairs;
      for (int b = 0; b < graph->B; b += 2)
        {
          const gint32 *x, *y;
          guint         n;

          if (!are_pairs)
            for (int t = 0; t < 2 * graph->S; t++)
              g_assert_cmpfloat (sides[b * graph->S + t], ==, 0);
          if (!are_pairs || arietta_graph_get_values (filled, graph->pairs)[b / 2] == 0)
            continue;

          n = get_known (graph, b, &x);
          g_assert_cmpuint (get_known (graph, b + 1, &y), ==, n);
          g_assert_cmpmem (x, n * sizeof *x, y, n * sizeof *y);
          g_assert_cmpfloat (sides[b * graph->S + (int) n - 2], ==, 0);
          g_assert_cmpfloat (sides[b * graph->S + (int) n - 1], >, 0);
          g_assert_cmpfloat (sides[(b + 1) * graph->S + (int) n - 1], <, 0);
          g_assert_cmpfloat (weights[b * graph->S], ==, 1);
          g_assert_cmpfloat (weights[(b + 1) * graph->S], ==, 0);
        }
    }
  g_assert_cmpuint (n_pairs, >, 3);
  g_assert_cmpuint (n_others, >, 3);

  arietta_composer_learner_free (learner);
  arietta_composer_kind.free (net);
}

/* Counting stands beside what the network foresees, by other pieces or by the piece's own beginning, and is worse. */
static void
check_counting (AriettaModel *model,
                guint         n,
                double        nats)
{
  g_autoptr(JsonObject) results = NULL;
  g_autoptr(GError)     error = NULL;
  AriettaExample        examples[3];
  JsonObject           *ngram;

  for (guint i = 0; i < n; i++)
    examples[i] = (AriettaExample) { .piece = fixture_tune (77 + i, 3, 4, 9, 4), .name = "tune", .style = "" };
  results = arietta_model_evaluate (model, examples, n, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  ngram = json_object_get_object_member (json_object_get_object_member (results, "baselines"), "ngram");
  g_assert_cmpstr (json_object_get_string_member (ngram, "counted_on"), ==, n == 1 ? "itself" : "others");
  g_test_message ("counting: %.3f nats a token", json_object_get_double_member (ngram, "nll_per_token"));
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_token"), >, nats);
  g_assert_cmpfloat (json_object_get_double_member (ngram, "nll_per_token"), <, log (arietta_events_get_n ()));
  g_assert_cmpfloat (json_object_get_double_member (ngram, "accuracy"), >, 0.1);
  for (guint i = 0; i < n; i++)
    arietta_piece_unref (examples[i].piece);
}

/* It learns; stored and loaded again it is the same model, measures, and knows its styles. */
static void
test_model (void)
{
  g_autofree char           *folder = make_folder ();
  g_autofree char           *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr(AriettaTraining) training = fixture_training (RECIPE_FOR ("60"), folder, 12);
  g_autoptr(AriettaModel)    model = NULL;
  g_autoptr(AriettaPiece)    piece = fixture_tune (77, 3, 4, 9, 4);
  g_autoptr(JsonObject)      card = json_object_new (), results = NULL;
  g_autoptr(GError)          error = NULL;
  AriettaExample             example = { .piece = piece, .name = "tune", .style = "" };
  JsonObject                *shown;

  arietta_training_run (training, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (arietta_training_finish (training, card, NULL, NULL, &error));
  g_assert_no_error (error);
  shown = json_object_get_object_member (card, "results");
  g_assert_cmpfloat (json_object_get_double_member (shown, "nll_per_token"), >, 0.0);
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (
                                                      json_object_get_object_member (shown, "baselines"),
                                                      "ngram"),
                                                    "nll_per_token"),
                     >, 0.0);

  model = arietta_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (arietta_model_get_styles (model)[0], ==, "even");
  g_assert_cmpstr (arietta_model_get_styles (model)[1], ==, "odd");

  results = arietta_model_evaluate (model, &example, 1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (results, "n_pieces"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_token"), <, 2.5);
  g_test_message ("%.3f nats a token", json_object_get_double_member (results, "nll_per_token"));
  g_assert_cmpfloat (json_object_get_double_member (results, "nll_per_note"), >,
                     json_object_get_double_member (results, "nll_per_token"));
  check_counting (model, 1, json_object_get_double_member (results, "nll_per_token"));
  check_counting (model, 3, json_object_get_double_member (results, "nll_per_token"));

  fixture_remove (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/composer/tasks", test_tasks);
  g_test_add_func ("/composer/counts", test_counts);
  g_test_add_func ("/composer/echo", test_echo);
  g_test_add_func ("/composer/echo-hole", test_echo_hole);
  g_test_add_func ("/composer/chord", test_chord);
  g_test_add_func ("/composer/around", test_around);
  g_test_add_func ("/composer/attend", test_attend);
  g_test_add_data_func ("/composer/watch/writing", GINT_TO_POINTER (FALSE), test_watch);
  g_test_add_data_func ("/composer/watch/decoding", GINT_TO_POINTER (TRUE), test_watch);
  g_test_add_func ("/composer/step", test_step);
  g_test_add_func ("/composer/causal", test_causal);
  g_test_add_func ("/composer/infill", test_infill);
  g_test_add_data_func ("/composer/resume", RECIPE, test_resume);
  g_test_add_data_func ("/composer/resume-exchanged",
                        RECIPE "fill-weight = 2\nexchange-weight = 3\nbatch = 3\n[data]\nexchanged = 0.6\n", test_resume);
  g_test_add_func ("/composer/exchange", test_exchange);
  g_test_add_func ("/composer/pair", test_pair);
  g_test_add_func ("/composer/dealt", test_dealt);
  g_test_add_func ("/composer/model", test_model);

  return g_test_run ();
}
