/* How well windows are kept and predicted. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-context-counts.h"
#include "learning/arietta-window-set.h"

#include <glib/gi18n.h>
#include <math.h>

#define SEED 1   /* of the posterior's draws, so that equal pieces give equal figures */

static double
log_sum_exp (const float *logits,
             int          n)
{
  double top = logits[0], sum = 0.0;

  for (int t = 1; t < n; t++)
    top = MAX (top, logits[t]);
  for (int t = 0; t < n; t++)
    sum += exp (logits[t] - top);

  return top + log (sum);
}

/* The window's steps given a point and the true steps before each. */
static void
follow (AriettaWindowVae        *net,
        const AriettaStepWindow *window,
        const float             *latent,
        double                   nll[ARIETTA_STEPS_MAX],
        gboolean                 right[ARIETTA_STEPS_MAX])
{
  g_autoptr(AriettaWindowVaeDecoder) decoder = arietta_window_vae_decoder_new (net, latent, window);

  for (guint c = 0; c < window->n_cells; c++)
    {
      const float *logits =
        arietta_window_vae_decoder_step (decoder, c > 0 ? window->tokens[c - 1] : -1, NULL);
      int          best = 0;

      for (int t = 1; t < net->n_tokens; t++)
        if (logits[t] > logits[best])
          best = t;
      nll[c] = log_sum_exp (logits, net->n_tokens) - logits[window->tokens[c]];
      right[c] = best == window->tokens[c];
    }
}

void
arietta_window_vae_measure (AriettaWindowVae        *net,
                            const AriettaStepWindow *window,
                            AriettaRandom           *random,
                            gboolean                 sampled,
                            AriettaWindowVaeFigures *figures)
{
  int               L = net->n_latent;
  guint             first_note = net->spec->form->first_note;
  g_autofree float *mu = g_new (float, L);
  g_autofree float *logvar = g_new (float, L);
  g_autofree float *z = g_new (float, L);
  double            nll[ARIETTA_STEPS_MAX], density = 0.0;
  gboolean          right[ARIETTA_STEPS_MAX];

  arietta_window_vae_encode (net, window, mu, logvar);
  for (int i = 0; i < L; i++)
    {
      double normal = arietta_random_normal (random);

      z[i] = mu[i] + (float) (exp (0.5 * logvar[i]) * normal);
      density -= 0.5 * (normal * normal + logvar[i] + log (2.0 * G_PI));
      figures->kl += 0.5 * (mu[i] * mu[i] + exp (logvar[i]) - 1.0 - logvar[i]);
    }

  if (net->prior != NULL)
    figures->point += density + arietta_latent_prior_get_nats (net->prior, z);

  follow (net, window, z, nll, right);
  for (guint c = 0; c < window->n_cells; c++)
    {
      figures->reconstruction += nll[c];
      if (window->tokens[c] >= first_note)
        figures->onset_nll += nll[c];
    }

  follow (net, window, mu, nll, right);
  for (guint c = 0; c < window->n_cells; c++)
    {
      gboolean changed = c % window->n_steps == 0 || window->tokens[c] != window->tokens[c - 1];

      figures->teacher_right += right[c];
      figures->changed += changed;
      figures->changed_right += changed && right[c];
      figures->onsets += window->tokens[c] >= first_note;
    }

  if (sampled)
    {
      guint16  tokens[ARIETTA_STEPS_MAX];
      gboolean begins[ARIETTA_STEPS_MAX_VOICES] = { FALSE };

      arietta_window_vae_decode_greedy (net, mu, window, tokens);
      for (guint c = 0; c < window->n_cells; c++)
        {
          AriettaWindowVaeVoice *voice = &figures->voices[c / window->n_steps];
          gboolean               equal = tokens[c] == window->tokens[c];
          gboolean               onset = window->tokens[c] >= first_note;

          figures->sampled_right += equal;
          figures->sampled_right_onsets += equal && onset;
          voice->steps += 1.0;
          voice->sampled_right += equal;
          voice->onsets += onset;
          voice->sampled_right_onsets += equal && onset;
          begins[c / window->n_steps] |= onset;
        }
      for (guint v = 0; v < window->n_voices; v++)
        figures->voices[v].windows += begins[v];
    }

  figures->steps += window->n_cells;
  figures->windows += 1.0;
}

JsonObject *
arietta_window_vae_describe_voices (AriettaWindowVae              *net,
                                    const AriettaWindowVaeFigures *figures)
{
  const AriettaStepForm *form = net->spec->form;
  JsonObject            *voices;

  if (form->voices == NULL)
    return NULL;

  voices = json_object_new ();
  for (guint v = 0; v < form->n_voices; v++)
    {
      const AriettaWindowVaeVoice *voice = &figures->voices[v];
      JsonObject                  *row = json_object_new ();

      json_object_set_int_member (row, "windows", (gint64) voice->windows);
      json_object_set_double_member (row, "sampled", voice->sampled_right / MAX (voice->steps, 1.0));
      json_object_set_double_member (row, "sampled_onsets",
                                     voice->sampled_right_onsets / MAX (voice->onsets, 1.0));
      json_object_set_object_member (voices, form->voices[v], row);
    }

  return voices;
}

guint
arietta_window_vae_count_active (const float *mu,
                                 guint        n,
                                 int          n_latent)
{
  guint active = 0;

  for (int i = 0; i < n_latent; i++)
    {
      double sum = 0.0, square = 0.0;

      for (guint r = 0; r < n; r++)
        {
          double value = mu[(gsize) r * (gsize) n_latent + (gsize) i];

          sum += value;
          square += value * value;
        }
      active += n > 0 && square / n - sum / n * (sum / n) > 0.01;
    }

  return active;
}

/* Copying is right where the token is the one before, and so never on a changed step. */
static void
set_scores (JsonObject *object,
            const char *name,
            double      accuracy,
            double      changed_accuracy)
{
  JsonObject *scores = json_object_new ();

  json_object_set_double_member (scores, "accuracy", accuracy);
  json_object_set_double_member (scores, "changed_accuracy", changed_accuracy);
  json_object_set_object_member (object, name, scores);
}

/* Running figures of counting on what it was not taught. */
typedef struct
{
  double steps, right, changed, changed_right, nll;
} Counted;

static void
count_window (AriettaWindowVae        *net,
              AriettaStepCounts       *counts,
              const AriettaStepWindow *window,
              Counted                 *counted)
{
  guint              n = net->spec->form->n_tokens;
  g_autofree double *chances = g_new (double, n);

  for (guint c = 0; c < window->n_cells; c++)
    {
      gboolean changed = c % window->n_steps == 0 || window->tokens[c] != window->tokens[c - 1];
      guint    best = 0;

      arietta_step_counts_predict (counts, window, c, chances);
      for (guint t = 1; t < n; t++)
        if (chances[t] > chances[best])
          best = t;
      counted->steps += 1.0;
      counted->right += best == window->tokens[c];
      counted->changed += changed;
      counted->changed_right += changed && best == window->tokens[c];
      counted->nll -= log (chances[window->tokens[c]]);
    }
}

/* Of one piece. */
typedef struct
{
  guint from, to;   /* in the list of windows */
} Span;

/* Counting where none is kept with the weights: each piece by the others; a single one window by window by
 * those that ended before, since windows that follow each other share their bars. */
static gboolean
count_in_turn (AriettaWindowVae *net,
               AriettaWindowSet *all,
               const GArray     *used,
               const GArray     *spans,
               Counted          *counted,
               AriettaGoOnFunc   go_on,
               gpointer          user_data)
{
  g_autoptr(AriettaStepCounts) counts = arietta_step_counts_new (net->spec->form);
  gboolean                     alone = spans->len == 1;
  AriettaStepWindow            window;

  for (guint i = 0; i < used->len && !alone; i++)
    {
      arietta_window_set_read (all, g_array_index (used, guint, i), &window);
      arietta_step_counts_learn (counts, &window);
    }
  for (guint s = 0; s < spans->len; s++)
    {
      const Span *span = &g_array_index (spans, Span, s);

      if (go_on != NULL && !go_on (user_data))
        return FALSE;
      for (guint i = span->from; i < span->to && !alone; i++)
        {
          arietta_window_set_read (all, g_array_index (used, guint, i), &window);
          arietta_step_counts_forget (counts, &window);
        }
      for (guint i = span->from; i < span->to; i++)
        {
          if (alone && i >= net->shape.n_bars)
            {
              arietta_window_set_read (all, g_array_index (used, guint, i - net->shape.n_bars), &window);
              arietta_step_counts_learn (counts, &window);
            }
          arietta_window_set_read (all, g_array_index (used, guint, i), &window);
          count_window (net, counts, &window, counted);
        }
      for (guint i = span->from; i < span->to && !alone; i++)
        {
          arietta_window_set_read (all, g_array_index (used, guint, i), &window);
          arietta_step_counts_learn (counts, &window);
        }
    }

  return TRUE;
}

static gboolean
set_stopped (GError **error)
{
  arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_CANCELLED, NULL, NULL,
                     _("Measuring was stopped."));
  return FALSE;
}

gboolean
arietta_window_vae_evaluate (gpointer               net_pointer,
                             const AriettaExample  *examples,
                             guint                  n_examples,
                             JsonObject            *results,
                             AriettaStepFunc        per_step,
                             AriettaGoOnFunc        go_on,
                             gpointer               user_data,
                             GError               **error)
{
  AriettaWindowVae           *net = net_pointer;
  g_autoptr(AriettaWindowSet) all = arietta_window_set_new (&net->shape);
  g_autoptr(GArray)           used = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray)           spans = g_array_new (FALSE, FALSE, sizeof (Span));
  g_autoptr(GArray)           means = g_array_new (FALSE, FALSE, sizeof (float));
  AriettaWindowVaeFigures     f = { 0 };
  Counted                     counted = { 0 };
  AriettaRandom               random;
  JsonObject                 *reconstruction, *baselines, *ngram;
  guint                       failed = 0, skipped = 0, from = 0;

  arietta_random_init (&random, SEED, "evaluate");

  for (guint e = 0; e < n_examples; e++)
    {
      guint n = arietta_window_set_add (all, examples[e].piece, "", &failed);
      guint step = 0;
      Span  span = { .from = used->len };

      if (n == 0)
        skipped++;

      for (guint i = from; i < from + n; i++)
        {
          g_autofree float *mu = g_new (float, net->n_latent);
          g_autofree float *logvar = g_new (float, net->n_latent);
          AriettaStepWindow window, *w = &window;

          /* A pickup or an odd bar by itself is easier than a whole window; it counts only where
           * there is nothing else. */
          arietta_window_set_read (all, i, w);
          if (w->n_bars != net->shape.n_bars && n > 2)
            continue;
          if (go_on != NULL && !go_on (user_data))
            return set_stopped (error);

          arietta_window_vae_measure (net, w, &random, TRUE, &f);
          if (net->counts != NULL)
            count_window (net, net->counts, w, &counted);
          g_array_append_val (used, i);
          arietta_window_vae_encode (net, w, mu, logvar);
          g_array_append_vals (means, mu, (guint) net->n_latent);

          if (per_step != NULL)
            {
              double   nll[ARIETTA_STEPS_MAX];
              gboolean right[ARIETTA_STEPS_MAX];

              follow (net, w, mu, nll, right);
              for (guint c = 0; c < w->n_cells; c++)
                per_step (examples[e].name, step + c % w->n_steps, c / w->n_steps, nll[c], right[c],
                          user_data);
              step += w->n_steps;
            }
        }
      from += n;
      span.to = used->len;
      if (span.to > span.from)
        g_array_append_val (spans, span);
    }
  if (net->counts == NULL && !count_in_turn (net, all, used, spans, &counted, go_on, user_data))
    return set_stopped (error);

  json_object_set_int_member (results, "n_pieces", n_examples - skipped);
  json_object_set_int_member (results, "pieces_skipped", skipped);
  json_object_set_int_member (results, "n_predicted", (gint64) f.steps);
  json_object_set_int_member (results, "n_windows", (gint64) f.windows + failed);
  json_object_set_int_member (results, "windows_failed", failed);
  if (f.windows < 1.0)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("None of the pieces holds anything that this model can encode."));
      return FALSE;
    }

  /* A likelihood of a note needs its latent paid for; these are under the posterior, so only the
   * bound is given. */
  json_object_set_double_member (results, "accuracy", f.teacher_right / f.steps);
  json_object_set_double_member (results, "changed_accuracy",
                                 f.changed_right / MAX (f.changed, 1.0));
  json_object_set_double_member (results, "elbo_per_step", (f.reconstruction + f.kl) / f.steps);
  json_object_set_double_member (results, "reconstruction_nats_per_step",
                                 f.reconstruction / f.steps);
  json_object_set_double_member (results, "kl_per_step", f.kl / f.steps);
  if (net->prior != NULL)
    json_object_set_double_member (results, "surprise_per_step", (f.reconstruction + f.point) / f.steps);
  json_object_set_double_member (results, "kl", f.kl / f.windows);
  json_object_set_int_member (results, "active_units",
                              arietta_window_vae_count_active ((const float *) (gpointer)
                                                                 means->data,
                                                               (guint) f.windows, net->n_latent));

  /* A window that cannot be encoded is wrong in every step: as many as in common bars. */
  {
    double lost = 16.0 * net->shape.n_bars * net->spec->form->n_voices * failed, lost_onsets = failed * f.onsets / f.windows;

    reconstruction = json_object_new ();
    json_object_set_double_member (reconstruction, "teacher_forced",
                                   f.teacher_right / (f.steps + lost));
    json_object_set_double_member (reconstruction, "sampled", f.sampled_right / (f.steps + lost));
    json_object_set_double_member (reconstruction, "sampled_onsets",
                                   f.sampled_right_onsets / MAX (f.onsets + lost_onsets, 1.0));
    if (net->spec->form->voices != NULL)
      json_object_set_object_member (reconstruction, "voices",
                                     arietta_window_vae_describe_voices (net, &f));
    json_object_set_object_member (results, "reconstruction", reconstruction);
  }

  baselines = json_object_new ();
  set_scores (baselines, "copy", arietta_window_set_score_copy (all).all, 0.0);
  if (counted.steps > 0.0)
    {
      set_scores (baselines, "ngram", counted.right / counted.steps,
                  counted.changed_right / MAX (counted.changed, 1.0));
      ngram = json_object_get_object_member (baselines, "ngram");
      json_object_set_double_member (ngram, "nll_per_step", counted.nll / counted.steps);
      json_object_set_string_member (ngram, "counted_on",
                                     net->counts != NULL ? "training" : arietta_counted_on (spans->len));
    }
  else
    {
      json_object_set_null_member (baselines, "ngram");
    }
  json_object_set_object_member (results, "baselines", baselines);

  return TRUE;
}
