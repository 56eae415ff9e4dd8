/* Windows that come twice, with the bars of two holes exchanged, and how they are told apart. */
#include "composer-fixtures.h"

#include <math.h>

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
  AriettaComposer               *net = fixture_composer ();
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
  static const char            text[] = COMPOSER_RECIPE "[data]\nexchanged = 0.5\nbalance = 0.6\n";
  g_autoptr(AriettaRecipe)     recipe = arietta_recipe_parse (text, "test", NULL);
  AriettaComposer             *net = fixture_composer ();
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/composer/exchange", test_exchange);
  g_test_add_func ("/composer/pair", test_pair);
  g_test_add_func ("/composer/dealt", test_dealt);

  return g_test_run ();
}
