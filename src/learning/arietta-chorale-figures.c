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

void
arietta_chorale_measure (AriettaChorale        *net,
                         const AriettaVoices   *voices,
                         int                    n_copies,
                         AriettaChoraleFigures *figures,
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
          AriettaVoice voice = arietta_chorale_order[k];
          int          token = arietta_chorale_token (frame->pitches[voice]), best = 0;
          gboolean     changed = s > 0 && voices->frames[s - 1].pitches[voice] != frame->pitches[voice];
          double       chances[CHORALE_TOKENS], nll;

          arietta_chorale_walk_predict (walk, k, frames, copies);
          average (copies, out, n_copies, chances);
          for (int t = 1; t < CHORALE_TOKENS; t++)
            if (chances[t] > chances[best])
              best = t;

          nll = -log (MAX (chances[token], 1e-12));
          figures->notes += 1.0;
          figures->nll += nll;
          figures->voices[voice] += nll;
          figures->right += best == token;
          figures->changed += changed;
          figures->changed_right += changed && best == token;
          /* The first step of a piece repeats nothing and changes nothing. */
          figures->copied += s > 0 && !changed;
          if (per_step != NULL)
            per_step (file, s, (guint) voice, nll, best == token, user_data);
        }
      note_ranges (frame, shifts, n_copies, out);
      arietta_chorale_walk_push (walk, frames);
    }
}

static JsonObject *
describe_scores (double nll,
                 double accuracy,
                 double changed_accuracy)
{
  JsonObject *scores = json_object_new ();

  if (isfinite (nll))
    json_object_set_double_member (scores, "nll_per_note", nll);
  json_object_set_double_member (scores, "accuracy", accuracy);
  json_object_set_double_member (scores, "changed_accuracy", changed_accuracy);

  return scores;
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
  AriettaChoraleFigures f = { 0 };
  JsonObject           *baselines;
  guint                 skipped = 0;

  for (guint e = 0; e < n_examples; e++)
    {
      g_autoptr(AriettaVoices) voices = arietta_voices_new (examples[e].piece);

      if (go_on != NULL && !go_on (user_data))
        {
          arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                             _("Measuring was stopped."));
          return FALSE;
        }
      if (voices != NULL && arietta_chorale_knows (voices))
        arietta_chorale_measure (net, voices, CHORALE_MAX_COPIES, &f, examples[e].name, per_step,
                                 user_data);
      else
        skipped++;
    }

  json_object_set_int_member (results, "n_pieces", n_examples - skipped);
  json_object_set_int_member (results, "pieces_skipped", skipped);
  json_object_set_int_member (results, "n_predicted", (gint64) f.notes);
  if (f.notes < 1.0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("None of the pieces has four voices that this model can read."));
      return FALSE;
    }

  json_object_set_double_member (results, "nll_per_note", f.nll / f.notes);
  json_object_set_double_member (results, "accuracy", f.right / f.notes);
  json_object_set_double_member (results, "changed_accuracy", f.changed_right / MAX (f.changed, 1.0));

  baselines = json_object_new ();
  json_object_set_object_member (baselines, "copy",
                                 describe_scores (NAN, f.copied / f.notes, 0.0));
  json_object_set_null_member (baselines, "ngram");
  json_object_set_object_member (results, "baselines", baselines);

  return TRUE;
}
