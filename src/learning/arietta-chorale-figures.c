/* How well chorales are predicted. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

gboolean
arietta_chorale_knows (const AriettaVoices *voices)
{
  for (guint s = 0; s < voices->n_steps; s++)
    for (int v = 0; v < ARIETTA_N_VOICES; v++)
      if (arietta_chorale_token (voices->frames[s].pitches[v]) < 0)
        return FALSE;

  return TRUE;
}

/* 0, 1, -1, 2, -2 ...: the piece as it is comes first and always counts. */
static void
make_shifts (int *shifts,
             int  n_copies)
{
  for (int i = 0; i < n_copies; i++)
    shifts[i] = i % 2 == 1 ? (i + 1) / 2 : -i / 2;
}

/* The mean over the copies that are still in the voices' ranges. */
static void
average (const double   *copies,
         const gboolean *out,
         int             n_copies,
         double         *chances)
{
  int n = 0;

  memset (chances, 0, sizeof (double) * CHORALE_TOKENS);
  for (int i = 0; i < n_copies; i++)
    if (!out[i])
      {
        n++;
        for (int t = 0; t < CHORALE_TOKENS; t++)
          chances[t] += copies[(gsize) i * CHORALE_TOKENS + (gsize) t];
      }
  for (int t = 0; t < CHORALE_TOKENS; t++)
    chances[t] /= n;
}

/* p^power, made a distribution again. */
static void
raise_to (double  power,
          double *chances)
{
  double sum = 0.0;

  if (power == 1.0)
    return;

  for (int t = 0; t < CHORALE_TOKENS; t++)
    {
      chances[t] = chances[t] > 0.0 ? pow (chances[t], power) : 0.0;
      sum += chances[t];
    }
  for (int t = 0; t < CHORALE_TOKENS; t++)
    chances[t] /= sum;
}

static double
nth_power (int nth)
{
  return 0.70 + 0.02 * nth;
}

static void
try_powers (AriettaChoralePowers *powers,
            const double         *chances,
            int                   token)
{
  double logs[CHORALE_TOKENS];

  for (int t = 0; t < CHORALE_TOKENS; t++)
    logs[t] = log (MAX (chances[t], 1e-12));
  for (int i = 0; i < CHORALE_N_POWERS; i++)
    {
      double sum = 0.0;

      for (int t = 0; t < CHORALE_TOKENS; t++)
        sum += exp (nth_power (i) * logs[t]);
      powers->nll[i] += log (sum) - nth_power (i) * logs[token];
    }
}

double
arietta_chorale_powers_get_best (const AriettaChoralePowers *powers,
                                 double                     *nll)
{
  int best = 0;

  for (int i = 1; i < CHORALE_N_POWERS; i++)
    if (powers->nll[i] < powers->nll[best])
      best = i;

  *nll = powers->nll[best];
  return nth_power (best);
}

static void
note_ranges (const AriettaFrame *frame,
             const int          *shifts,
             int                 n_copies,
             gboolean           *out)
{
  for (int v = 0; v < ARIETTA_N_VOICES; v++)
    for (int i = 1; i < n_copies; i++)
      {
        int pitch = frame->pitches[v];

        out[i] |= pitch != ARIETTA_VOICE_REST
                  && (pitch + shifts[i] < arietta_chorale_lowest[v]
                      || pitch + shifts[i] > arietta_chorale_highest[v]);
      }
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

void
arietta_chorale_measure_counts (const AriettaChoraleCounts *counts,
                                const AriettaVoices        *voices,
                                AriettaChoraleFigures      *figures)
{
  for (guint s = 0; s < voices->n_steps; s++)
    for (int k = 0; k < ARIETTA_N_VOICES; k++)
      {
        double   chances[CHORALE_TOKENS];
        gboolean right;

        arietta_chorale_counts_predict (counts, voices, s, k, chances);
        tally (figures, voices, s, k, chances, &right);
      }
}

void
arietta_chorale_measure (AriettaChorale        *net,
                         const AriettaVoices   *voices,
                         int                    n_copies,
                         AriettaChoraleFigures *figures,
                         AriettaChoralePowers  *powers,
                         const char            *file,
                         AriettaStepFunc        per_step,
                         gpointer               user_data)
{
  int                           shifts[CHORALE_MAX_COPIES];
  gboolean                      out[CHORALE_MAX_COPIES] = { FALSE };
  AriettaFrame                  frames[CHORALE_MAX_COPIES];
  double                        copies[CHORALE_MAX_COPIES * CHORALE_TOKENS];
  g_autoptr(AriettaChoraleWalk) walk = NULL;

  make_shifts (shifts, n_copies);
  walk = arietta_chorale_walk_new (net, n_copies, shifts);

  for (guint s = 0; s < voices->n_steps; s++)
    {
      const AriettaFrame *frame = &voices->frames[s];

      for (int i = 0; i < n_copies; i++)
        frames[i] = *frame;
      arietta_chorale_walk_step (walk, voices->phases[s]);
      for (int k = 0; k < ARIETTA_N_VOICES; k++)
        {
          double   chances[CHORALE_TOKENS], nll;
          gboolean right;

          arietta_chorale_walk_predict (walk, k, frames, copies);
          average (copies, out, n_copies, chances);
          if (powers != NULL)
            try_powers (powers, chances,
                        arietta_chorale_token (frame->pitches[arietta_chorale_order[k]]));
          raise_to (net->power, chances);
          nll = tally (figures, voices, s, k, chances, &right);
          if (per_step != NULL)
            per_step (file, s, (guint) arietta_chorale_order[k], nll, right, user_data);
        }
      note_ranges (frame, shifts, n_copies, out);
      arietta_chorale_walk_push (walk, frames);
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
 * Nothing with a single piece. */
static gboolean
count_in_turn (GPtrArray             *pieces,
               AriettaChoraleFigures *figures,
               AriettaGoOnFunc        go_on,
               gpointer               user_data)
{
  g_autoptr(AriettaChoraleCounts) counts = arietta_chorale_counts_new ();

  for (guint i = 0; i < pieces->len; i++)
    arietta_chorale_counts_learn (counts, pieces->pdata[i], 1);
  for (guint i = 0; i < pieces->len && pieces->len > 1; i++)
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
  g_autoptr(GPtrArray)  pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_voices_free);

  for (guint e = 0; e < n_examples; e++)
    {
      g_autoptr(AriettaVoices) voices = arietta_voices_new (examples[e].piece);

      if (go_on != NULL && !go_on (user_data))
        return set_stopped (error);
      if (voices == NULL || !arietta_chorale_knows (voices))
        continue;

      arietta_chorale_measure (net, voices, CHORALE_MAX_COPIES, &f, NULL, examples[e].name,
                               per_step, user_data);
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
  json_object_set_object_member (results, "baselines", arietta_chorale_describe_baselines (&f, &counted));

  return TRUE;
}
