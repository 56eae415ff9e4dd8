/* Predicting events by counting: the dull predictor a network must beat. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include <math.h>

#define N_LEVELS 3

/* Before each token what stood at its place one bar earlier in its part, or -1: music goes on far more like that than
 * like whatever token was read last, often one of another part. */
static gint32 *
dup_echoes (const AriettaEvent16 *tokens,
            guint                 n)
{
  g_autoptr(AriettaEventReader)  reader = arietta_event_reader_new ();
  g_autoptr(AriettaComposerEcho) echo = arietta_composer_echo_new ();
  gint32                        *echoes = g_new (gint32, MAX (n, 1));

  echoes[0] = -1;
  for (guint i = 0; i + 1 < n; i++)
    {
      gint32            all[COMPOSER_ECHOES], trusts[COMPOSER_ECHOES];
      AriettaEventPlace place;

      arietta_event_reader_feed (reader, tokens[i]);
      place = arietta_event_reader_get_place (reader);
      arietta_composer_echo_feed (echo, tokens[i], &place, all, trusts);
      echoes[i + 1] = all[0];
    }

  return echoes;
}

/* What counting knows before token @at, ever more of it: the sort of the last token, what stood here a bar before,
 * the last token. */
static void
make_contexts (const AriettaEvent16 *tokens,
               const gint32         *echoes,
               guint                 at,
               guint64               contexts[N_LEVELS])
{
  AriettaEvent16 last = tokens[at - 1];

  contexts[0] = arietta_context_mix (1, arietta_event_get_sort (last, NULL));
  contexts[1] = arietta_context_mix (contexts[0], (guint64) (echoes[at] + 2));
  contexts[2] = arietta_context_mix (contexts[1], last);
}

static void
learn_token (AriettaContextCounts *counts,
             const AriettaEvent16 *tokens,
             const gint32         *echoes,
             guint                 at,
             gboolean              forget)
{
  guint64 contexts[N_LEVELS];

  make_contexts (tokens, echoes, at, contexts);
  if (forget)
    arietta_context_counts_forget (counts, contexts, N_LEVELS, tokens[at]);
  else
    arietta_context_counts_learn (counts, contexts, N_LEVELS, tokens[at]);
}

void
arietta_composer_count (AriettaContextCounts *counts,
                        const AriettaEvent16 *tokens,
                        guint                 n,
                        gboolean              forget)
{
  g_autofree gint32 *echoes = dup_echoes (tokens, n);

  for (guint i = 1; i < n; i++)
    learn_token (counts, tokens, echoes, i, forget);
}

void
arietta_composer_measure_counts (AriettaContextCounts    *counts,
                                 const AriettaEvent16    *tokens,
                                 guint                    n,
                                 gboolean                 learn,
                                 AriettaComposerFigures  *figures)
{
  guint              n_tokens = arietta_events_get_n ();
  g_autofree double *chances = g_new (double, n_tokens);
  g_autofree gint32 *echoes = dup_echoes (tokens, n);

  for (guint i = 1; i < n; i++)
    {
      AriettaEventSort sort = arietta_event_get_sort (tokens[i], NULL);
      guint64          contexts[N_LEVELS];
      guint            best = 0;

      make_contexts (tokens, echoes, i, contexts);
      arietta_context_counts_predict (counts, contexts, N_LEVELS, chances);
      for (guint t = 1; t < n_tokens; t++)
        if (chances[t] > chances[best])
          best = t;
      figures->tokens++;
      figures->notes += sort == ARIETTA_EVENT_PITCH || sort == ARIETTA_EVENT_DRUM;
      figures->nll -= log (chances[tokens[i]]);
      figures->right += best == tokens[i];
      if (learn)
        learn_token (counts, tokens, echoes, i, FALSE);
    }
}

JsonObject *
arietta_composer_describe_counts (const AriettaComposerFigures *figures)
{
  JsonObject *object = json_object_new ();

  json_object_set_double_member (object, "nll_per_token", figures->nll / MAX (figures->tokens, 1.0));
  json_object_set_double_member (object, "nll_per_note", figures->nll / MAX (figures->notes, 1.0));
  json_object_set_double_member (object, "accuracy", figures->right / MAX (figures->tokens, 1.0));

  return object;
}
