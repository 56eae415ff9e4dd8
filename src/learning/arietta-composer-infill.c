/* Does the network know where bars belong?  Two holes of a piece, and what was in them: each where
 * it was, or the one where the other was (arietta-composer-exchange.c). */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#define MOST_CASES  200
#define HOLE_BARS   2
#define TRIES       40    /* at a place for a hole */

/* Sequences come in pairs, the true bars and then the moved ones. */
typedef struct
{
  GArray *tokens;       /* AriettaEvent16 */
  GArray *starts;       /* guint, one more than sequences */
  GArray *fills;        /* guint: tokens before the FILL */

  guint   sequence, step;   /* while measuring */
  GArray *sums;         /* double: of the cells' tokens */
} Cases;

static void
cases_clear (Cases *self)
{
  g_array_unref (self->tokens);
  g_array_unref (self->starts);
  g_array_unref (self->fills);
  g_array_unref (self->sums);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cases, cases_clear)

static void
add_sequence (Cases  *self,
              GArray *tokens)
{
  guint fill = arietta_composer_find_fill (tokens);

  g_array_append_val (self->fills, fill);
  g_array_append_vals (self->tokens, tokens->data, tokens->len);
  g_array_append_val (self->starts, self->tokens->len);
}

/* One case of a piece, somewhere in its middle. */
static void
add_case (Cases                *self,
          AriettaComposer      *net,
          const AriettaExample *example,
          AriettaRandom        *random)
{
  g_autoptr(AriettaEventScore) score = arietta_event_score_from_piece (example->piece);

  if (score == NULL || score->bars->len < 2 * HOLE_BARS + 2)
    return;

  for (guint t = 0; t < TRIES; t++)
    {
      guint hole = 1 + (guint) arietta_random_below (random, score->bars->len - HOLE_BARS - 1);
      g_auto(AriettaComposerExchange) exchange = { 0 };

      if (arietta_composer_make_exchange (score, hole, HOLE_BARS, net->home, FALSE, (guint) net->n_context,
                                          random, &exchange))
        {
          add_sequence (self, exchange.as_is);
          add_sequence (self, exchange.exchanged);
          return;
        }
    }
}

static void
step_cb (const char *name,
         guint       step,
         guint       voice,
         double      nll,
         gboolean    correct,
         gpointer    user_data)
{
  Cases  *self = user_data;
  guint   start = g_array_index (self->starts, guint, self->sequence);
  guint   n = g_array_index (self->starts, guint, self->sequence + 1) - start;

  /* Step i predicts token i + 1. */
  if (self->step >= g_array_index (self->fills, guint, self->sequence))
    g_array_index (self->sums, double, self->sequence) += nll;
  if (++self->step == n - 1)
    {
      self->step = 0;
      self->sequence++;
    }
}

gboolean
arietta_composer_know_infill (AriettaComposer       *net,
                              const AriettaExample  *examples,
                              guint                  n_examples,
                              JsonObject            *results,
                              AriettaGoOnFunc        go_on,
                              gpointer               user_data)
{
  g_auto(Cases)         cases = { .tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16)),
                                  .starts = g_array_new (FALSE, TRUE, sizeof (guint)),
                                  .fills = g_array_new (FALSE, FALSE, sizeof (guint)),
                                  .sums = g_array_new (FALSE, TRUE, sizeof (double)) };
  guint                 zero = 0, n, known = 0;
  AriettaComposerFigures figures = { 0 };
  AriettaRandom         random;
  JsonObject           *object;

  g_array_append_val (cases.starts, zero);
  arietta_random_init (&random, 1, "evaluate-infill");
  for (guint i = 0; i < n_examples && cases.fills->len < 2 * MOST_CASES; i++)
    /* Spread over all pieces where there are more than are wanted. */
    if (n_examples <= MOST_CASES || i * MOST_CASES / n_examples != (i + 1) * MOST_CASES / n_examples)
      {
        add_case (&cases, net, &examples[i], &random);
        if (go_on != NULL && !go_on (user_data))
          return FALSE;
      }
  n = cases.fills->len / 2;
  if (n == 0)
    return TRUE;

  g_array_set_size (cases.sums, 2 * n);
  if (!arietta_composer_measure (net, (const AriettaEvent16 *) (gpointer) cases.tokens->data,
                                 (const guint *) (gpointer) cases.starts->data, 2 * n, &figures, NULL,
                                 step_cb, NULL, &cases))
    return FALSE;

  for (guint i = 0; i < n; i++)
    known += g_array_index (cases.sums, double, 2 * i) < g_array_index (cases.sums, double, 2 * i + 1);

  object = json_object_new ();
  json_object_set_int_member (object, "cases", n);
  json_object_set_int_member (object, "bars", HOLE_BARS);
  json_object_set_double_member (object, "share", (double) known / n);
  json_object_set_object_member (results, "infill", object);

  return TRUE;
}
