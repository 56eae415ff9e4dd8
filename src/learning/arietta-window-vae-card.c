/* Learning: what is measured on the way, what is fitted at the end, what stands on the card. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-learner-private.h"

#include <math.h>
#include <string.h>

#define N_VALIDATE 256   /* windows of a measurement while training */
#define N_FIGURES  2000  /* windows of the figures on the card */
#define N_PRIOR    20000 /* windows the prior is fitted on */
#define N_MOVES    400   /* windows moved along the attributes' directions */
#define N_SCALES   160   /* the same, again and again, to find how long those are */

/* Up to @limit windows of a set, evenly taken. */
static void
pick_window (AriettaWindowSet  *set,
             guint              nth,
             guint              limit,
             AriettaStepWindow *window)
{
  guint n = arietta_window_set_get_n (set);

  arietta_window_set_read (set, (guint) ((guint64) nth * n / MIN (limit, n)), window);
}

/* Long windows take longer, and say more. */
static guint
get_limit (AriettaWindowVaeLearner *self,
           guint                    limit)
{
  return limit * 2 / MAX (2, self->net->shape.n_bars * self->net->spec->form->n_voices / 2);
}

static guint
measure_set (AriettaWindowVaeLearner *self,
             AriettaWindowSet        *set,
             guint                    limit,
             gboolean                 sampled,
             AriettaWindowVaeFigures *figures,
             AriettaGoOnFunc          go_on,
             gpointer                 user_data)
{
  guint             n = MIN (limit, arietta_window_set_get_n (set));
  AriettaRandom     random;
  AriettaStepWindow window;

  arietta_random_init (&random, self->seed, "measure");
  memset (figures, 0, sizeof *figures);
  for (guint i = 0; i < n; i++)
    {
      if (go_on != NULL && !go_on (user_data))
        return i;
      pick_window (set, i, limit, &window);
      arietta_window_vae_measure (self->net, &window, &random, sampled, figures);
    }

  return n;
}

double
arietta_window_vae_validate (gpointer learner)
{
  AriettaWindowVaeLearner                *self = learner;
  AriettaWindowVaeFigures f;
  double                  beta = arietta_recipe_get_real (self->recipe, "training", "beta");

  if (arietta_window_set_get_n (self->validation) == 0)
    return NAN;

  arietta_window_vae_ready (self->net);
  measure_set (self, self->validation, get_limit (self, N_VALIDATE), TRUE, &f, NULL, NULL);
  g_debug ("validation: teacher %.4f sampled %.4f onsets %.4f nll %.4f kl %.2f",
           f.teacher_right / f.steps, f.sampled_right / f.steps,
           f.sampled_right_onsets / MAX (f.onsets, 1.0), f.reconstruction / f.steps,
           f.kl / f.windows);

  return (f.reconstruction + beta * f.kl) / f.steps;
}

static JsonObject *
score_to_json (AriettaStepScore score)
{
  JsonObject *object = json_object_new ();

  json_object_set_double_member (object, "all", score.all);
  json_object_set_double_member (object, "onsets", score.onsets);
  if (isfinite (score.nll))
    json_object_set_double_member (object, "nll", score.nll);

  return object;
}

/* How many windows of the training part each voice has something in. */
static JsonObject *
count_voices (AriettaWindowVaeLearner *self)
{
  const AriettaStepForm *form = self->net->spec->form;
  JsonObject            *object = json_object_new ();
  guint                  counts[ARIETTA_STEPS_MAX_VOICES] = { 0 };
  AriettaStepWindow      window;

  for (guint i = 0; i < arietta_window_set_get_n (self->train); i++)
    {
      gboolean begins[ARIETTA_STEPS_MAX_VOICES] = { FALSE };

      arietta_window_set_read (self->train, i, &window);
      for (guint c = 0; c < window.n_cells; c++)
        begins[c / window.n_steps] |= window.tokens[c] >= form->first_note;
      for (guint v = 0; v < form->n_voices; v++)
        counts[v] += begins[v];
    }
  for (guint v = 0; v < form->n_voices; v++)
    json_object_set_int_member (object, form->voices[v], counts[v]);

  return object;
}

/* Examples for each dimension that the prior of a model taught further may lean on; tried on pieces kept back. */
static const double leans[] = { 4.0, 1.0, 2.0, 8.0, 16.0, 64.0 };

/* Points of up to @limit windows kept back, a draw of the posterior each; NULL when there are none. */
static float *
draw_held (AriettaWindowVaeLearner *self,
           guint                    limit,
           guint                   *n)
{
  gsize             L = (gsize) self->net->n_latent;
  g_autofree float *mu = g_new (float, L), *logvar = g_new (float, L);
  float            *points;
  AriettaRandom     random;

  *n = MIN (limit, arietta_window_set_get_n (self->validation));
  if (*n == 0)
    return NULL;

  arietta_random_init (&random, self->seed, "held points");
  points = g_new (float, *n * L);
  for (guint i = 0; i < *n; i++)
    {
      AriettaStepWindow window;

      pick_window (self->validation, i, limit, &window);
      arietta_window_vae_encode (self->net, &window, mu, logvar);
      for (gsize d = 0; d < L; d++)
        points[i * L + d] = mu[d] + (float) (exp (0.5 * logvar[d]) * arietta_random_normal (&random));
    }

  return points;
}

/* What the points cost by @prior, in nats. */
static double
sum_nats (AriettaLatentPrior *prior,
          const float        *points,
          guint               n,
          gsize               n_latent)
{
  double sum = 0.0;

  for (guint i = 0; i < n; i++)
    sum += arietta_latent_prior_get_nats (prior, points + i * n_latent);

  return sum;
}

/* Leaning as far as suits the pieces kept back. */
static AriettaLatentPrior *
fit_leaning (AriettaWindowVaeLearner *self,
             const float             *mu,
             const float             *logvar,
             const int               *labels,
             guint                    n)
{
  AriettaLatentPrior *before = self->net->before != NULL ? self->net->before->prior : NULL, *best = NULL;
  guint               n_held = 0, n_tries = 1;
  g_autofree float   *held = before != NULL ? draw_held (self, get_limit (self, N_FIGURES), &n_held) : NULL;
  double              least = INFINITY;

  if (held != NULL)
    n_tries = G_N_ELEMENTS (leans);
  for (guint i = 0; i < n_tries; i++)
    {
      AriettaLatentPrior *prior = arietta_latent_prior_fit (mu, logvar, labels, n, (guint) self->net->n_latent,
                                                            self->styles->len, before, leans[i]);
      double              nats = held != NULL ? sum_nats (prior, held, n_held, (gsize) self->net->n_latent) : 0.0;

      if (best == NULL || nats < least)
        {
          least = nats;
          arietta_latent_prior_free (best);
          best = prior;
        }
      else
        {
          arietta_latent_prior_free (prior);
        }
    }

  return best;
}

/* The prior, the style vectors and the attributes' directions, from the encoded training windows; the number of active
 * dimensions. */
static guint
fit_prior (AriettaWindowVaeLearner *self,
           AriettaGoOnFunc          go_on,
           gpointer                 user_data)
{
  AriettaWindowVae *net = self->net;
  guint             n_all = arietta_window_set_get_n (self->train);
  guint             n = MIN (n_all, get_limit (self, N_PRIOR));
  gsize             L = (gsize) net->n_latent;
  g_autofree float *mu = g_new (float, n * L);
  g_autofree float *logvar = g_new (float, n * L);
  g_autofree int   *labels = g_new (int, n);
  guint             n_attributes = net->spec->form->n_attributes;
  g_autofree double *attributes = g_new (double, (gsize) n * n_attributes + 1);

  for (guint i = 0; i < n; i++)
    {
      guint             nth = (guint) ((guint64) i * n_all / n);
      int               label = arietta_window_set_get_label (self->train, nth);
      guint             place;
      AriettaStepWindow window;

      labels[i] = -1;
      if (label >= 0
          && g_ptr_array_find_with_equal_func (self->styles,
                                               arietta_window_set_get_style (self->train,
                                                                             (guint) label),
                                               g_str_equal, &place))
        labels[i] = (int) place;
      arietta_window_set_read (self->train, nth, &window);
      arietta_window_vae_encode (net, &window, mu + i * L, logvar + i * L);
      if (n_attributes > 0)
        net->spec->form->measure (&window, attributes + (gsize) i * n_attributes);
      if (go_on != NULL && !go_on (user_data))
        return 0;
    }

  arietta_latent_prior_free (net->prior);
  net->prior = fit_leaning (self, mu, logvar, labels, n);

  arietta_window_vae_fit_attributes (net, mu, attributes, n);
  if (!arietta_window_vae_keep_before (net, n))
    arietta_window_vae_scale_attributes (net, self->train, get_limit (self, N_SCALES));

  return arietta_window_vae_count_active (mu, n, net->n_latent);
}

/* Whether going along a direction does what its name says, on windows not learned from. */
static JsonObject *
describe_attributes (AriettaWindowVaeLearner *self)
{
  AriettaWindowVaeMoves  moves[ARIETTA_STEPS_MAX_ATTRIBUTES];
  const AriettaStepForm *form = self->net->spec->form;
  JsonObject            *object = json_object_new ();

  arietta_window_vae_test_attributes (self->net, self->validation, get_limit (self, N_MOVES), moves);
  for (guint a = 0; a < form->n_attributes; a++)
    {
      JsonObject *row = json_object_new ();

      if (moves[a].n == 0)
        {
          json_object_unref (row);
          continue;
        }
      json_object_set_double_member (row, "raised", (double) moves[a].raised / moves[a].n);
      json_object_set_double_member (row, "lowered", (double) moves[a].lowered / moves[a].n);
      json_object_set_double_member (row, "gain", moves[a].gain / moves[a].n);
      json_object_set_object_member (object, form->attributes[a], row);
    }

  return object;
}

/* Counts are stored with the model as far as this goes. */
#define MOST_COUNTS (384u << 10)

static void
fit_counts (AriettaWindowVaeLearner *self)
{
  g_autoptr(AriettaStepCounts) counts = arietta_step_counts_new (self->net->spec->form);
  AriettaStepWindow            window;
  GBytes                      *bytes;

  for (guint i = 0; i < arietta_window_set_get_n (self->train); i++)
    {
      arietta_window_set_read (self->train, i, &window);
      arietta_step_counts_learn (counts, &window);
    }
  bytes = arietta_step_counts_store (counts, MOST_COUNTS);
  if (!arietta_window_vae_take_counts (self->net, bytes))
    g_bytes_unref (bytes);
}

static void
fit_measure (AriettaWindowVaeLearner *self)
{
  AriettaWindowVae  *net = self->net;
  guint              n = self->statistic_styles->len;
  g_autofree guint  *labels = g_new0 (guint, n + 1);
  g_autoptr(GPtrArray) styles = g_ptr_array_new ();

  /* A style whose pieces are all too short to measure is left out. */
  for (guint i = 0; i < self->styles->len; i++)
    if (g_ptr_array_find_with_equal_func (self->statistic_styles, self->styles->pdata[i],
                                          g_str_equal, NULL))
      g_ptr_array_add (styles, self->styles->pdata[i]);
  for (guint i = 0; i < n; i++)
    g_ptr_array_find_with_equal_func (styles, self->statistic_styles->pdata[i], g_str_equal,
                                      &labels[i]);
  if (styles->len == 0)
    return;

  g_ptr_array_add (styles, NULL);
  arietta_style_measure_free (net->measure);
  net->measure = arietta_style_measure_fit ((const float *) (gpointer) self->statistics->data,
                                            labels, n, (const char * const *) styles->pdata);
}

void
arietta_window_vae_finish (gpointer         learner,
                           JsonObject      *card,
                           AriettaGoOnFunc  go_on,
                           gpointer         user_data)
{
  AriettaWindowVaeLearner                *self = learner;
  AriettaWindowVaeFigures f;
  JsonObject             *results = json_object_new ();
  JsonObject             *baselines = json_object_new ();
  guint                   n_test = arietta_window_set_get_n (self->validation);
  guint                   n_figures = get_limit (self, N_FIGURES);
  guint                   active;

  arietta_window_vae_ready (self->net);
  active = fit_prior (self, go_on, user_data);
  fit_measure (self);
  fit_counts (self);

  json_object_set_array_member (card, "data", arietta_data_tally_to_json (self->tally, self->recipe, "windows"));
  json_object_set_int_member (card, "windows", arietta_window_set_get_n (self->train));
  json_object_set_int_member (card, "windows_failed", self->n_failed);
  if (self->net->spec->form->voices != NULL)
    json_object_set_object_member (card, "voices", count_voices (self));

  json_object_set_string_member (results, "measured_on", "validation");
  json_object_set_int_member (results, "active_units", active);
  if (n_test > 0 && measure_set (self, self->validation, n_figures, TRUE, &f, go_on, user_data) > 0)
    {
      JsonObject *reconstruction = json_object_new ();

      json_object_set_int_member (results, "windows", (gint64) f.windows);
      json_object_set_double_member (results, "elbo_per_step", (f.reconstruction + f.kl) / f.steps);
      json_object_set_double_member (results, "reconstruction_nats_per_step",
                                     f.reconstruction / f.steps);
      json_object_set_double_member (results, "kl_per_step", f.kl / f.steps);
      json_object_set_double_member (results, "surprise_per_step", (f.reconstruction + f.point) / f.steps);
      json_object_set_double_member (results, "kl", f.kl / f.windows);
      json_object_set_double_member (results, "hold_share", 1.0 - f.onsets / f.steps);
      json_object_set_double_member (reconstruction, "teacher_forced", f.teacher_right / f.steps);
      json_object_set_double_member (reconstruction, "sampled", f.sampled_right / f.steps);
      json_object_set_double_member (reconstruction, "sampled_onsets",
                                     f.sampled_right_onsets / MAX (f.onsets, 1.0));
      if (self->net->spec->form->voices != NULL)
        json_object_set_object_member (reconstruction, "voices",
                                       arietta_window_vae_describe_voices (self->net, &f));
      json_object_set_object_member (results, "reconstruction", reconstruction);

      json_object_set_object_member (baselines, "copy",
                                     score_to_json (
                                       arietta_window_set_score_copy (self->validation)));
      json_object_set_object_member (baselines, "ngram",
                                     score_to_json (
                                       arietta_window_set_score_counts (self->train,
                                                                        self->validation,
                                                                        n_figures)));
      json_object_set_object_member (baselines, "nearest_window",
                                     score_to_json (
                                       arietta_window_set_score_nearest (self->train,
                                                                         self->validation,
                                                                         n_figures)));
    }
  if (n_test > 0 && self->net->attributes != NULL)
    json_object_set_object_member (results, "attributes", describe_attributes (self));
  json_object_set_object_member (results, "baselines", baselines);
  json_object_set_object_member (card, "results", results);
}
