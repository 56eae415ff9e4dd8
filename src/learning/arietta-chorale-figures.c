/* How well chorales are predicted. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-context-counts.h"

#include <glib/gi18n.h>
#include <math.h>

gboolean
arietta_chorale_knows (const AriettaVoices *voices)
{
  for (guint s = 0; s < voices->n_steps; s++)
    for (int v = 0; v < ARIETTA_N_VOICES; v++)
      if (arietta_chorale_token (voices->frames[s].pitches[v]) < 0)
        return FALSE;

  return TRUE;
}

/* Counts one prediction; its nats. */
static double
tally (AriettaChoraleFigures *figures,
       const AriettaVoices   *voices,
       guint                  step,
       int                    nth,
       const double          *chances,
       gboolean              *right)
{
  AriettaVoice voice = arietta_chorale_order[nth];
  int          pitch = voices->frames[step].pitches[voice];
  int          token = arietta_chorale_token (pitch), best = 0;
  double       nll = -log (MAX (chances[token], 1e-12));
  gboolean     changed = step > 0 && voices->frames[step - 1].pitches[voice] != pitch;

  for (int t = 1; t < CHORALE_TOKENS; t++)
    if (chances[t] > chances[best])
      best = t;

  *right = best == token;
  figures->notes += 1.0;
  figures->nll += nll;
  figures->voices[voice] += nll;
  figures->right += *right;
  figures->changed += changed;
  figures->changed_right += changed && *right;
  /* The first step of a piece repeats nothing and changes nothing. */
  figures->copied += step > 0 && !changed;

  return nll;
}

static void
measure_counts_step (const AriettaChoraleCounts *counts,
                     const AriettaVoices        *voices,
                     guint                       step,
                     AriettaChoraleFigures      *figures)
{
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      double   chances[CHORALE_TOKENS];
      gboolean right;

      arietta_chorale_counts_predict (counts, voices, step, k, chances);
      tally (figures, voices, step, k, chances, &right);
    }
}

void
arietta_chorale_measure_counts (const AriettaChoraleCounts *counts,
                                const AriettaVoices        *voices,
                                AriettaChoraleFigures      *figures)
{
  for (guint s = 0; s < voices->n_steps; s++)
    measure_counts_step (counts, voices, s, figures);
}

void
arietta_chorale_measure (AriettaChorale        *net,
                         const AriettaVoices   *voices,
                         AriettaChoraleFigures *figures,
                         const char            *file,
                         AriettaStepFunc        per_step,
                         gpointer               user_data)
{
  g_autoptr(AriettaChoraleWalk) walk = arietta_chorale_walk_new (net, 1);

  for (guint s = 0; s < voices->n_steps; s++)
    {
      const AriettaFrame *frame = &voices->frames[s];

      arietta_chorale_walk_step (walk, voices->phases[s]);
      for (int k = 0; k < ARIETTA_N_VOICES; k++)
        {
          double   chances[CHORALE_TOKENS], nll;
          gboolean right;

          arietta_chorale_walk_predict (walk, k, frame, chances);
          nll = tally (figures, voices, s, k, chances, &right);
          if (per_step != NULL)
            per_step (file, s, (guint) arietta_chorale_order[k], nll, right, user_data);
        }
      arietta_chorale_walk_push (walk, frame);
    }
}

void
arietta_chorale_describe (const AriettaChoraleFigures *figures,
                          JsonObject                  *object)
{
  json_object_set_double_member (object, "nll_per_note", figures->nll / figures->notes);
  json_object_set_double_member (object, "accuracy", figures->right / figures->notes);
  json_object_set_double_member (object, "changed_accuracy",
                                 figures->changed_right / MAX (figures->changed, 1.0));
}

JsonObject *
arietta_chorale_describe_baselines (const AriettaChoraleFigures *figures,
                                    const AriettaChoraleFigures *counted)
{
  JsonObject *baselines = json_object_new (), *copy = json_object_new ();

  json_object_set_double_member (copy, "accuracy", figures->copied / figures->notes);
  json_object_set_double_member (copy, "changed_accuracy", 0.0);
  json_object_set_object_member (baselines, "copy", copy);
  if (counted->notes > 0.0)
    {
      JsonObject *ngram = json_object_new ();

      arietta_chorale_describe (counted, ngram);
      json_object_set_object_member (baselines, "ngram", ngram);
    }
  else
    json_object_set_null_member (baselines, "ngram");

  return baselines;
}

static gboolean
set_stopped (GError **error)
{
  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                     _("Measuring was stopped."));
  return FALSE;
}

/* Counting, each piece predicted by the others that were given: what a model learned from is not in it.
 * A single piece is predicted step by step by what went before in it. */
static gboolean
count_in_turn (GPtrArray             *pieces,
               AriettaChoraleFigures *figures,
               AriettaGoOnFunc        go_on,
               gpointer               user_data)
{
  g_autoptr(AriettaChoraleCounts) counts = arietta_chorale_counts_new ();

  if (pieces->len == 1)
    {
      const AriettaVoices *voices = pieces->pdata[0];

      for (guint s = 0; s < voices->n_steps; s++)
        {
          measure_counts_step (counts, voices, s, figures);
          arietta_chorale_counts_learn_step (counts, voices, s, 1);
        }
      return TRUE;
    }

  for (guint i = 0; i < pieces->len; i++)
    arietta_chorale_counts_learn (counts, pieces->pdata[i], 1);
  for (guint i = 0; i < pieces->len; i++)
    {
      if (go_on != NULL && !go_on (user_data))
        return FALSE;
      arietta_chorale_counts_learn (counts, pieces->pdata[i], -1);
      arietta_chorale_measure_counts (counts, pieces->pdata[i], figures);
      arietta_chorale_counts_learn (counts, pieces->pdata[i], 1);
    }

  return TRUE;
}

gboolean
arietta_chorale_evaluate (gpointer               net_pointer,
                          const AriettaExample  *examples,
                          guint                  n_examples,
                          JsonObject            *results,
                          AriettaStepFunc        per_step,
                          AriettaGoOnFunc        go_on,
                          gpointer               user_data,
                          GError               **error)
{
  AriettaChorale       *net = net_pointer;
  AriettaChoraleFigures f = { 0 }, counted = { 0 };
  JsonObject           *baselines;
  g_autoptr(GPtrArray)  pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_voices_free);

  for (guint e = 0; e < n_examples; e++)
    {
      g_autoptr(AriettaVoices) voices = arietta_voices_new (examples[e].piece);

      if (go_on != NULL && !go_on (user_data))
        return set_stopped (error);
      if (voices == NULL || !arietta_chorale_knows (voices))
        continue;

      arietta_chorale_measure (net, voices, &f, examples[e].name, per_step, user_data);
      g_ptr_array_add (pieces, g_steal_pointer (&voices));
    }

  json_object_set_int_member (results, "n_pieces", pieces->len);
  json_object_set_int_member (results, "pieces_skipped", n_examples - pieces->len);
  json_object_set_int_member (results, "n_predicted", (gint64) f.notes);
  if (f.notes < 1.0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("None of the pieces has four voices that this model can read."));
      return FALSE;
    }
  if (!count_in_turn (pieces, &counted, go_on, user_data))
    return set_stopped (error);

  arietta_chorale_describe (&f, results);
  baselines = arietta_chorale_describe_baselines (&f, &counted);
  json_object_set_string_member (json_object_get_object_member (baselines, "ngram"), "counted_on",
                                 arietta_counted_on (pieces->len));
  json_object_set_object_member (results, "baselines", baselines);

  return TRUE;
}
