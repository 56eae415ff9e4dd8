/* Learning: what is measured on the way, and what stands on the card. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-learner-private.h"

#include <math.h>

#define N_COUNTED    2000000   /* tokens that counting learns from */
#define N_CARD_HELD  400       /* windows of the figures on the card */

double
arietta_composer_validate (gpointer learner)
{
  AriettaComposerLearner *self = learner;
  AriettaComposerFigures  f = { 0 };

  if (self->held.starts->len < 2)
    return NAN;

  arietta_composer_measure (self->net, (const AriettaEvent16 *) (gpointer) self->held.tokens->data,
                            (const guint *) (gpointer) self->held.starts->data, self->held.starts->len - 1,
                            &f, NULL, NULL, NULL, NULL);
  g_debug ("validation: %.4f a token, %.4f a note, accuracy %.4f", f.nll / MAX (f.tokens, 1.0),
           f.nll / MAX (f.notes, 1.0), f.right / MAX (f.tokens, 1.0));

  return f.nll / MAX (f.tokens, 1.0);
}

static void
count_sequences (AriettaContextCounts     *counts,
                 AriettaComposerSequences *sequences)
{
  const AriettaEvent16 *all = (const AriettaEvent16 *) (gpointer) sequences->tokens->data;

  for (guint s = 0; s + 1 < sequences->starts->len; s++)
    {
      guint start = g_array_index (sequences->starts, guint, s);
      guint end = g_array_index (sequences->starts, guint, s + 1);

      if (start > N_COUNTED)
        break;
      arietta_composer_count (counts, all + start, end - start, FALSE);
    }
}

static JsonObject *
score_counting (AriettaContextCounts     *counts,
                AriettaComposerSequences *sequences,
                AriettaGoOnFunc           go_on,
                gpointer                  user_data)
{
  const AriettaEvent16 *all = (const AriettaEvent16 *) (gpointer) sequences->tokens->data;
  AriettaComposerFigures f = { 0 };

  for (guint s = 0; s + 1 < sequences->starts->len && (go_on == NULL || go_on (user_data)); s++)
    {
      guint start = g_array_index (sequences->starts, guint, s);

      arietta_composer_measure_counts (counts, all + start, g_array_index (sequences->starts, guint, s + 1) - start,
                                       FALSE, &f);
    }

  return arietta_composer_describe_counts (&f);
}

/* Windows of the validation pieces as they are: nothing masked, moved or told. */
static void
make_plain (AriettaComposerLearner   *self,
            AriettaComposerSequences *plain)
{
  arietta_composer_sequences_init (plain);
  for (guint i = 0; i < self->validation->len; i++)
    {
      AriettaComposerPiece *piece = &g_array_index (self->validation, AriettaComposerPiece, i);
      guint                 step = MAX (1, self->validation->len / N_CARD_HELD);

      if (i % step != 0)
        continue;
      arietta_composer_make_task (piece->score, -1, 0, (guint) self->net->n_context,
                                  &(AriettaComposerTaskSettings) { .home = self->net->home }, NULL,
                                  plain->tokens);
      g_array_append_val (plain->starts, plain->tokens->len);
    }
}

void
arietta_composer_finish (gpointer         learner,
                         JsonObject      *card,
                         AriettaGoOnFunc  go_on,
                         gpointer         user_data)
{
  AriettaComposerLearner         *self = learner;
  JsonObject                     *results = json_object_new (), *baselines = json_object_new ();
  AriettaComposerFigures          f = { 0 };
  AriettaComposerSequences        plain;

  make_plain (self, &plain);
  json_object_set_array_member (card, "data",
                                arietta_data_tally_to_json (self->tally, self->recipe, "notes"));
  json_object_set_int_member (card, "windows",
                              self->epoch.starts->len - 1 + (self->pairs.starts->len - 1) / 2);

  json_object_set_string_member (results, "measured_on", "validation");
  if (plain.starts->len > 1
      && arietta_composer_measure (self->net, (const AriettaEvent16 *) (gpointer) plain.tokens->data,
                                   (const guint *) (gpointer) plain.starts->data, plain.starts->len - 1, &f,
                                   NULL, NULL, go_on, user_data))
    {
      g_autoptr(AriettaContextCounts) counts = arietta_context_counts_new (arietta_events_get_n ());
      JsonObject                     *copy = json_object_new ();

      json_object_set_int_member (results, "windows", f.windows);
      json_object_set_double_member (results, "nll_per_token", f.nll / f.tokens);
      json_object_set_double_member (results, "nll_per_note", f.nll / MAX (f.notes, 1.0));
      json_object_set_double_member (results, "accuracy", f.right / f.tokens);
      json_object_set_double_member (copy, "accuracy", f.copy_right / f.tokens);
      json_object_set_object_member (baselines, "copy", copy);

      count_sequences (counts, &self->epoch);
      json_object_set_object_member (baselines, "ngram", score_counting (counts, &plain, go_on, user_data));
    }
  json_object_set_object_member (results, "baselines", baselines);
  json_object_set_object_member (card, "results", results);
  arietta_composer_sequences_clear (&plain);
}
