/* Figures on given sequences and pieces. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_SIDE_BY_SIDE 4
#define N_COUNTED      1000000   /* tokens that counting learns from */

static double
log_of_sum (const float *logits,
            guint        n,
            guint       *best)
{
  double sum = 0.0;

  *best = 0;
  for (guint t = 1; t < n; t++)
    if (logits[t] > logits[*best])
      *best = t;
  for (guint t = 0; t < n; t++)
    sum += exp ((double) logits[t] - logits[*best]);

  return logits[*best] + log (sum);
}

/* Adds up a sequence whose logits lie at @logits. */
static void
add_sequence (AriettaComposerFigures *figures,
              const AriettaEvent16   *tokens,
              guint                   n,
              const float            *logits,
              guint                   first_step,
              const char             *name,
              AriettaStepFunc         per_step,
              gpointer                user_data)
{
  guint             n_tokens = arietta_events_get_n ();
  g_autofree guint *after = g_new0 (guint, n_tokens);   /* 1 + what followed a token last time */

  for (guint i = 0; i + 1 < n; i++)
    {
      guint  best, next = tokens[i + 1];
      double nll = log_of_sum (logits + (gsize) i * n_tokens, n_tokens, &best)
                   - logits[(gsize) i * n_tokens + next];
      AriettaEventSort sort = arietta_event_get_sort ((AriettaEvent16) next, NULL);

      figures->tokens++;
      figures->nll += nll;
      figures->right += best == next;
      figures->copy_right += after[tokens[i]] == next + 1;
      figures->notes += sort == ARIETTA_EVENT_PITCH || sort == ARIETTA_EVENT_DRUM;
      after[tokens[i]] = next + 1;
      if (per_step != NULL)
        per_step (name, first_step + i, 0, nll, best == next, user_data);
    }
  figures->windows++;
}

gboolean
arietta_composer_measure (AriettaComposer        *net,
                          const AriettaEvent16   *all,
                          const guint            *starts,
                          guint                   n,
                          AriettaComposerFigures *figures,
                          const char             *name,
                          AriettaStepFunc         per_step,
                          AriettaGoOnFunc         go_on,
                          gpointer                user_data)
{
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  AriettaComposerGraph         *graph;
  gsize                         row = (gsize) net->n_context * arietta_events_get_n ();
  gboolean                      whole = TRUE;
  guint                         step = 0;
  g_autoptr(GError)             error = NULL;

  graph = arietta_composer_graph_new (net, ARIETTA_GRAPH_EVAL, N_SIDE_BY_SIDE, net->n_context, NULL, &error);
  g_return_val_if_fail (graph != NULL, FALSE);

  for (guint from = 0; from < n && whole; from += N_SIDE_BY_SIDE)
    {
      for (guint b = 0; b < N_SIDE_BY_SIDE; b++)
        {
          guint i = from + b;

          arietta_composer_graph_fill (graph, (int) b, i < n ? all + starts[i] : NULL,
                                       i < n ? starts[i + 1] - starts[i] : 0, reader, echo);
        }
      arietta_graph_forward (graph->graph);
      for (guint b = 0; b < N_SIDE_BY_SIDE && from + b < n; b++)
        {
          guint i = from + b, n_tokens = starts[i + 1] - starts[i];

          add_sequence (figures, all + starts[i], n_tokens,
                        arietta_graph_get_values (graph->graph, graph->logits) + b * row, step, name,
                        per_step, user_data);
          step += n_tokens > 0 ? n_tokens - 1 : 0;
        }
      whole = go_on == NULL || go_on (user_data);
    }
  arietta_composer_graph_free (graph);

  return whole;
}

/* The piece as it is, windows one behind the other; what stands in the head is predicted like the
 * rest, so nothing is told that is not paid for.  Its tokens are added to
 * @heard, where each of its windows ends there to @windows. */
static gboolean
measure_piece (AriettaComposer        *net,
               const AriettaExample   *example,
               AriettaComposerFigures *figures,
               GArray                 *heard,
               GArray                 *windows,
               AriettaStepFunc         per_step,
               AriettaGoOnFunc         go_on,
               gpointer                user_data,
               gboolean               *skipped)
{
  const AriettaComposerTaskSettings plain = { .home = net->home };
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (example->piece);
  g_autoptr(GArray)            tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
  g_autoptr(GArray)            starts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint                        zero = 0;

  *skipped = score == NULL;
  if (score == NULL)
    return TRUE;

  g_array_append_val (starts, zero);
  for (guint bar = 0; bar < score->bars->len;)
    {
      bar += arietta_composer_make_task (score, -1, bar, (guint) net->n_context, &plain, NULL, tokens);
      g_array_append_val (starts, tokens->len);
    }
  for (guint i = 0; i + 1 < starts->len; i++)
    {
      guint end = heard->len + g_array_index (starts, guint, i + 1);

      g_array_append_val (windows, end);
    }
  g_array_append_vals (heard, tokens->data, tokens->len);

  return arietta_composer_measure (net, (const AriettaEvent16 *) (gpointer) tokens->data,
                                   (const guint *) (gpointer) starts->data, starts->len - 1, figures,
                                   example->name, per_step, go_on, user_data);
}

/* A piece: windows @from to @to of @ends. */
static void
count_piece (AriettaContextCounts *counts,
             const GArray         *heard,
             const GArray         *ends,
             guint                 from,
             guint                 to,
             gboolean              forget)
{
  for (guint w = from; w < to; w++)
    {
      guint start = g_array_index (ends, guint, w);

      arietta_composer_count (counts, &g_array_index (heard, AriettaEvent16, start),
                              g_array_index (ends, guint, w + 1) - start, forget);
    }
}

/* Counting on what was measured: each piece by the others, a single one by what went before in it.
 * @ends begins with 0; @pieces has the first window of each and at last how many there are.  NULL
 * when stopped. */
static JsonObject *
count_in_turn (const GArray    *heard,
               const GArray    *ends,
               const GArray    *pieces,
               AriettaGoOnFunc  go_on,
               gpointer         user_data)
{
  g_autoptr(AriettaContextCounts) counts = arietta_context_counts_new (arietta_events_get_n ());
  AriettaComposerFigures          f = { 0 };
  guint                           n = pieces->len - 1, n_counted = 0;
  JsonObject                     *object;

  while (n > 1 && n_counted < n
         && g_array_index (ends, guint, g_array_index (pieces, guint, n_counted)) < N_COUNTED)
    n_counted++;
  count_piece (counts, heard, ends, 0, g_array_index (pieces, guint, n_counted), FALSE);

  for (guint i = 0; i < n; i++)
    {
      guint from = g_array_index (pieces, guint, i), to = g_array_index (pieces, guint, i + 1);

      if (go_on != NULL && !go_on (user_data))
        return NULL;
      if (i < n_counted)
        count_piece (counts, heard, ends, from, to, TRUE);
      for (guint w = from; w < to; w++)
        {
          guint start = g_array_index (ends, guint, w);

          arietta_composer_measure_counts (counts, &g_array_index (heard, AriettaEvent16, start),
                                           g_array_index (ends, guint, w + 1) - start, n == 1, &f);
        }
      if (i < n_counted)
        count_piece (counts, heard, ends, from, to, FALSE);
    }

  object = arietta_composer_describe_counts (&f);
  json_object_set_string_member (object, "counted_on", arietta_counted_on (n));

  return object;
}

gboolean
arietta_composer_evaluate (gpointer               net_pointer,
                           const AriettaExample  *examples,
                           guint                  n_examples,
                           JsonObject            *results,
                           AriettaStepFunc        per_step,
                           AriettaGoOnFunc        go_on,
                           gpointer               user_data,
                           GError               **error)
{
  AriettaComposer        *net = net_pointer;
  AriettaComposerFigures  f = { 0 };
  JsonObject             *baselines = json_object_new (), *copy = json_object_new (), *ngram = NULL;
  g_autoptr(GArray)       heard = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
  g_autoptr(GArray)       ends = g_array_new (FALSE, TRUE, sizeof (guint));
  g_autoptr(GArray)       pieces = g_array_new (FALSE, TRUE, sizeof (guint));
  gboolean                whole = TRUE;
  guint                   n_skipped = 0, n_windows;

  g_array_set_size (ends, 1);
  g_array_set_size (pieces, 1);
  for (guint e = 0; e < n_examples && whole; e++)
    {
      gboolean skipped;

      whole = measure_piece (net, &examples[e], &f, heard, ends, per_step, go_on, user_data, &skipped);
      n_skipped += skipped;
      n_windows = ends->len - 1;
      if (n_windows > g_array_index (pieces, guint, pieces->len - 1))
        g_array_append_val (pieces, n_windows);
    }
  if (whole && f.tokens > 0.0)
    whole = (ngram = count_in_turn (heard, ends, pieces, go_on, user_data)) != NULL;
  if (!whole || !arietta_composer_know_infill (net, examples, n_examples, results, go_on, user_data))
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                         _("Measuring was stopped."));
      json_object_unref (baselines);
      json_object_unref (copy);
      g_clear_pointer (&ngram, json_object_unref);
      return FALSE;
    }

  json_object_set_double_member (copy, "accuracy", f.copy_right / MAX (f.tokens, 1.0));
  json_object_set_object_member (baselines, "copy", copy);
  if (ngram != NULL)
    json_object_set_object_member (baselines, "ngram", ngram);
  else
    json_object_set_null_member (baselines, "ngram");
  json_object_set_object_member (results, "baselines", baselines);
  json_object_set_int_member (results, "n_pieces", n_examples - n_skipped);
  json_object_set_int_member (results, "pieces_skipped", n_skipped);
  json_object_set_int_member (results, "n_predicted", (gint64) f.tokens);
  json_object_set_int_member (results, "n_windows", f.windows);
  json_object_set_int_member (results, "windows_failed", 0);
  if (f.tokens < 1.0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("None of the pieces holds notes that this model can read."));
      return FALSE;
    }

  json_object_set_double_member (results, "nll_per_token", f.nll / f.tokens);
  json_object_set_double_member (results, "nll_per_note", f.nll / MAX (f.notes, 1.0));
  json_object_set_double_member (results, "accuracy", f.right / f.tokens);

  return TRUE;
}
