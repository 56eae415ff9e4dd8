/* Predicting events by counting: the dull predictor a network must beat. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include <math.h>

#define N_LEVELS 6

/* What counting knows before token @at: nothing, then ever more of the tokens before. */
static void
make_contexts (const AriettaEvent16 *tokens,
               guint                 at,
               guint64               contexts[N_LEVELS])
{
  static const guint more[N_LEVELS] = { 0, 1, 1, 1, 1, 2 };
  guint              n = 0;

  contexts[0] = arietta_context_mix (1, 0);
  for (guint k = 1; k < N_LEVELS; k++)
    {
      contexts[k] = arietta_context_mix (contexts[k - 1], k);
      for (guint i = 0; i < more[k]; i++, n++)
        contexts[k] = arietta_context_mix (contexts[k], n < at ? tokens[at - 1 - n] + 2u : 1u);
    }
}

static void
learn_token (AriettaContextCounts *counts,
             const AriettaEvent16 *tokens,
             guint                 at,
             gboolean              forget)
{
  guint64 contexts[N_LEVELS];

  make_contexts (tokens, at, contexts);
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
  for (guint i = 1; i < n; i++)
    learn_token (counts, tokens, i, forget);
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

  for (guint i = 1; i < n; i++)
    {
      AriettaEventSort sort = arietta_event_get_sort (tokens[i], NULL);
      guint64          contexts[N_LEVELS];
      guint            best = 0;

      make_contexts (tokens, i, contexts);
      arietta_context_counts_predict (counts, contexts, N_LEVELS, chances);
      for (guint t = 1; t < n_tokens; t++)
        if (chances[t] > chances[best])
          best = t;
      figures->tokens++;
      figures->notes += sort == ARIETTA_EVENT_PITCH || sort == ARIETTA_EVENT_DRUM;
      figures->nll -= log (chances[tokens[i]]);
      figures->right += best == tokens[i];
      if (learn)
        learn_token (counts, tokens, i, FALSE);
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
