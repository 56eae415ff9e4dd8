/* Learning: windows in classes by length, batches, what stands on the card. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-window-set.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MIN_WINDOWS      8
#define N_VALIDATE       256   /* windows of a measurement while training */
#define N_FIGURES        2000  /* windows of the figures on the card */
#define N_PRIOR          20000 /* windows the prior is fitted on */

/* Windows trained in one graph: those of up to `length` steps. */
typedef struct
{
  int                    length;
  GArray                *members;  /* guint: windows of the training set */
  AriettaMelodyVaeGraph *graph;    /* made at first use */
} Class;

typedef struct
{
  guint class;
  guint windows[];  /* `batch` of them */
} Batch;

typedef struct
{
  AriettaMelodyVae *net;
  AriettaRecipe    *recipe;
  guint64           seed;
  int               batch;

  AriettaWindowSet *train;
  AriettaWindowSet *validation;
  GPtrArray        *styles;         /* of training pieces with windows, sorted once begun; char * */
  GHashTable       *tallies;        /* style -> Tally */
  GArray           *statistics;     /* float, of the training pieces that have some */
  GPtrArray        *statistic_styles; /* char *, of each */
  guint             n_failed;

  Class            *classes;
  guint             n_classes;
  guint             order_epoch;
  GPtrArray        *batches;        /* Batch, of this epoch */
  AriettaRandom     noise;          /* borrowed by the graphs; set anew at each step */
} Learner;

typedef struct
{
  guint pieces, windows, validation_pieces, validation_windows, skipped;
} Tally;

gpointer
arietta_melody_vae_learner_new (gpointer       net,
                                AriettaRecipe *recipe,
                                guint64        seed)
{
  Learner *self = g_new0 (Learner, 1);

  self->net = net;
  self->recipe = arietta_recipe_ref (recipe);
  self->seed = seed;
  self->batch = (int) arietta_recipe_get_int (recipe, "training", "batch");
  self->train = arietta_window_set_new ();
  self->validation = arietta_window_set_new ();
  self->styles = g_ptr_array_new_with_free_func (g_free);
  self->tallies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->statistics = g_array_new (FALSE, FALSE, sizeof (float));
  self->statistic_styles = g_ptr_array_new_with_free_func (g_free);
  self->batches = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
arietta_melody_vae_learner_free (gpointer learner)
{
  Learner *self = learner;

  if (self == NULL)
    return;

  for (guint c = 0; c < self->n_classes; c++)
    {
      arietta_melody_vae_graph_free (self->classes[c].graph);
      g_array_unref (self->classes[c].members);
    }
  g_free (self->classes);
  arietta_window_set_free (self->train);
  arietta_window_set_free (self->validation);
  g_ptr_array_unref (self->styles);
  g_hash_table_unref (self->tallies);
  g_array_unref (self->statistics);
  g_ptr_array_unref (self->statistic_styles);
  g_ptr_array_unref (self->batches);
  arietta_recipe_unref (self->recipe);
  g_free (self);
}

static Tally *
ensure_tally (Learner    *self,
              const char *style)
{
  Tally *tally = g_hash_table_lookup (self->tallies, style);

  if (tally == NULL)
    {
      tally = g_new0 (Tally, 1);
      g_hash_table_insert (self->tallies, g_strdup (style), tally);
    }

  return tally;
}

guint
arietta_melody_vae_learner_add (gpointer              learner,
                                const AriettaExample *example)
{
  Learner    *self = learner;
  const char *style = example->style != NULL ? example->style : "";
  Tally      *tally = ensure_tally (self, style);
  float       statistics[ARIETTA_STYLE_N_STATISTICS];
  guint       n;

  n = arietta_window_set_add (example->validation ? self->validation : self->train, example->piece, style,
                              &self->n_failed);
  if (n == 0)
    {
      tally->skipped++;
      return 0;
    }

  if (example->validation)
    {
      tally->validation_pieces++;
      tally->validation_windows += n;
      return n;
    }

  tally->pieces++;
  tally->windows += n;
  if (style[0] == '\0')
    return n;

  if (!g_ptr_array_find_with_equal_func (self->styles, style, g_str_equal, NULL))
    g_ptr_array_add (self->styles, g_strdup (style));
  if (arietta_style_measure_statistics (example->piece, statistics))
    {
      g_array_append_vals (self->statistics, statistics, ARIETTA_STYLE_N_STATISTICS);
      g_ptr_array_add (self->statistic_styles, g_strdup (style));
    }

  return n;
}

static gint
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/* Sorts the windows into classes: a length that is rare joins the next longer one. */
static void
make_classes (Learner *self)
{
  guint counts[ARIETTA_STEPS_MAX + 1] = { 0 };
  guint n = arietta_window_set_get_n (self->train), waiting = 0;
  int   top = ARIETTA_STEPS_MAX;

  for (guint i = 0; i < n; i++)
    counts[arietta_window_set_get_nth (self->train, i)->window.n_steps]++;
  while (top > 1 && counts[top] == 0)
    top--;

  self->classes = g_new0 (Class, ARIETTA_STEPS_MAX);
  for (int length = 1; length <= top; length++)
    {
      Class *class = &self->classes[self->n_classes];

      waiting += counts[length];
      if (waiting == 0 || (length < top && (counts[length] == 0 || waiting < 2 * (guint) self->batch)))
        continue;

      class->length = length;
      class->members = g_array_new (FALSE, FALSE, sizeof (guint));
      self->n_classes++;
      waiting = 0;
    }

  for (guint i = 0; i < n; i++)
    {
      int length = (int) arietta_window_set_get_nth (self->train, i)->window.n_steps;

      for (guint c = 0; c < self->n_classes; c++)
        if (length <= self->classes[c].length)
          {
            g_array_append_val (self->classes[c].members, i);
            break;
          }
    }
}

gboolean
arietta_melody_vae_learner_begin (gpointer   learner,
                                  GError   **error)
{
  Learner *self = learner;
  guint    n;

  arietta_window_set_unique (self->train);
  n = arietta_window_set_get_n (self->train);
  if (n < MIN_WINDOWS)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("There is too little to learn from: the training part of the dataset holds %u different "
                           "windows of two bars with a melody, and at least %d are needed.  Add more pieces."),
                         n, MIN_WINDOWS);
      return FALSE;
    }

  self->batch = MIN (self->batch, (int) n);
  g_ptr_array_sort (self->styles, compare_texts);
  make_classes (self);

  g_strfreev (self->net->styles);
  self->net->styles = g_new0 (char *, self->styles->len + 1);
  for (guint i = 0; i < self->styles->len; i++)
    self->net->styles[i] = g_strdup (self->styles->pdata[i]);

  return TRUE;
}

static void
shuffle (AriettaRandom *random,
         guint         *values,
         guint          n)
{
  for (guint i = n; i > 1; i--)
    {
      guint other = (guint) arietta_random_below (random, i);
      guint kept = values[i - 1];

      values[i - 1] = values[other];
      values[other] = kept;
    }
}

guint
arietta_melody_vae_begin_epoch (gpointer learner,
                                guint64  epoch)
{
  Learner         *self = learner;
  g_autofree char *stream = g_strdup_printf ("shuffle %" G_GUINT64_FORMAT, epoch);
  AriettaRandom    random;

  arietta_random_init (&random, self->seed, stream);
  g_ptr_array_set_size (self->batches, 0);

  for (guint c = 0; c < self->n_classes; c++)
    {
      guint             n = self->classes[c].members->len;
      g_autofree guint *order = g_memdup2 (self->classes[c].members->data, sizeof (guint) * n);

      shuffle (&random, order, n);
      /* The last batch of a class is filled up from its beginning. */
      for (guint from = 0; from < n; from += (guint) self->batch)
        {
          Batch *batch = g_malloc (sizeof (Batch) + sizeof (guint) * (gsize) self->batch);

          batch->class = c;
          for (guint i = 0; i < (guint) self->batch; i++)
            batch->windows[i] = order[(from + i) % n];
          g_ptr_array_add (self->batches, batch);
        }
    }

  for (guint i = self->batches->len; i > 1; i--)
    {
      guint    other = (guint) arietta_random_below (&random, i);
      gpointer kept = self->batches->pdata[i - 1];

      self->batches->pdata[i - 1] = self->batches->pdata[other];
      self->batches->pdata[other] = kept;
    }

  return self->batches->len;
}

static AriettaMelodyVaeGraph *
ensure_graph (Learner  *self,
              Class    *class,
              GError  **error)
{
  double own = arietta_recipe_get_real (self->recipe, "training", "own");

  if (class->graph == NULL)
    class->graph = arietta_melody_vae_graph_new (self->net, class->length, self->batch,
                                                 arietta_recipe_get_real (self->recipe, "training", "free") * class->length,
                                                 arietta_recipe_get_real (self->recipe, "training", "dropout"),
                                                 own > 0.0, &self->noise, error);

  return class->graph;
}

/* Puts window @w into column @b. */
static void
fill_column (AriettaMelodyVaeGraph   *g,
             int                      b,
             const AriettaStepWindow *w)
{
  gint32 *tokens = arietta_graph_get_ints (g->graph, g->tokens);
  gint32 *targets = arietta_graph_get_ints (g->graph, g->targets);
  gint32 *before = arietta_graph_get_ints (g->graph, g->before);
  gint32 *before_true = g->before_true != ARIETTA_NODE_NONE ? arietta_graph_get_ints (g->graph, g->before_true) : NULL;
  gint32 *places = arietta_graph_get_ints (g->graph, g->places);
  gint32 *steps = arietta_graph_get_ints (g->graph, g->steps);
  float  *velocities = arietta_graph_get_values (g->graph, g->velocities);
  float  *onsets = arietta_graph_get_values (g->graph, g->onsets);

  arietta_graph_get_ints (g->graph, g->lengths)[b] = (gint32) w->n_steps;
  for (int t = 0; t < g->T; t++)
    {
      gsize    at = (gsize) t * (gsize) g->B + (gsize) b;
      gboolean inside = (guint) t < w->n_steps;
      gboolean onset = inside && w->velocities[t] > 0;

      tokens[at] = inside ? w->tokens[t] : ARIETTA_STEPS_HOLD;
      targets[at] = inside ? w->tokens[t] : -1;
      before[at] = t > 0 && inside ? w->tokens[t - 1] : -1;
      if (before_true != NULL)
        before_true[at] = before[at];
      places[at] = arietta_melody_vae_get_place (w, inside ? (guint) t : w->n_steps - 1);
      steps[at] = t;
      velocities[at] = onset ? (w->velocities[t] - VELOCITY_MIDDLE) / VELOCITY_SCALE : 0.0f;
      onsets[at] = onset ? 1.0f : 0.0f;
    }
}

/* Replaces some of the decoder's input tokens: by the first pass's own predictions, or by tokens from elsewhere in the
 * batch, which keeps the noise as common as the music. */
static void
disturb (Learner               *self,
         AriettaMelodyVaeGraph *g,
         AriettaRandom         *random,
         double                 own,
         double                 noise)
{
  gint32      *before = arietta_graph_get_ints (g->graph, g->before);
  const gint32 *tokens = arietta_graph_get_ints (g->graph, g->tokens);
  const float *logits = NULL;
  gsize        n = (gsize) g->T * (gsize) g->B;

  if (g->first_logits != ARIETTA_NODE_NONE)
    {
      arietta_graph_forward_to (g->graph, g->first_logits);
      logits = arietta_graph_get_values (g->graph, g->first_logits);
    }

  for (gsize at = (gsize) g->B; at < n; at++)
    {
      double mark = arietta_random_uniform (random);

      if (before[at] < 0)
        continue;

      if (logits != NULL && mark < own)
        {
          const float *row = logits + (at - (gsize) g->B) * ARIETTA_STEPS_N_TOKENS;
          gint32       best = 0;

          for (gint32 t = 1; t < ARIETTA_STEPS_N_TOKENS; t++)
            if (row[t] > row[best])
              best = t;
          before[at] = best;
        }
      else if (arietta_random_uniform (random) < noise)
        before[at] = tokens[arietta_random_below (random, n)];
    }
}

AriettaGraph *
arietta_melody_vae_fill_batch (gpointer   learner,
                               guint      nth,
                               gint64     step,
                               double     progress,
                               GError   **error)
{
  Learner               *self = learner;
  const Batch           *batch = self->batches->pdata[nth];
  Class                 *class = &self->classes[batch->class];
  AriettaMelodyVaeGraph *g = ensure_graph (self, class, error);
  g_autofree char       *stream = g_strdup_printf ("step %" G_GINT64_FORMAT, step);
  double                 transpose = arietta_recipe_get_real (self->recipe, "data", "transpose");
  double                 beta = arietta_recipe_get_real (self->recipe, "training", "beta");
  double                 warmup = arietta_recipe_get_real (self->recipe, "training", "kl-warmup");
  AriettaRandom          random;
  float                 *parts;

  if (g == NULL)
    return NULL;

  arietta_random_init (&random, self->seed, stream);
  arietta_random_init (&self->noise, arietta_random_next (&random), "noise");

  for (int b = 0; b < self->batch; b++)
    {
      AriettaStepWindow window = arietta_window_set_get_nth (self->train, batch->windows[b])->window;

      if (arietta_random_uniform (&random) < transpose)
        arietta_step_window_transpose (&window, (int) arietta_random_below (&random, 12) - 6);
      fill_column (g, b, &window);
    }

  /* Losses count by the step of a window of two common bars, so that clipping means the same everywhere. */
  parts = arietta_graph_get_values (g->graph, g->parts);
  parts[0] = 1.0f / 32.0f;
  parts[1] = (float) (beta * (warmup > 0.0 ? MIN (1.0, progress / warmup) : 1.0) / 32.0);
  parts[2] = (float) arietta_recipe_get_real (self->recipe, "training", "velocity");

  disturb (self, g, &random, arietta_recipe_get_real (self->recipe, "training", "own") * MIN (1.0, 2.0 * progress),
           arietta_recipe_get_real (self->recipe, "training", "noise"));

  return g->graph;
}

/* Up to @limit windows of a set, evenly taken. */
static const AriettaStepWindow *
pick_window (AriettaWindowSet *set,
             guint             nth,
             guint             limit)
{
  guint n = arietta_window_set_get_n (set);

  return &arietta_window_set_get_nth (set, (guint) ((guint64) nth * n / MIN (limit, n)))->window;
}

static guint
measure_set (Learner                 *self,
             AriettaWindowSet        *set,
             guint                    limit,
             gboolean                 sampled,
             AriettaMelodyVaeFigures *figures,
             AriettaGoOnFunc          go_on,
             gpointer                 user_data)
{
  guint         n = MIN (limit, arietta_window_set_get_n (set));
  AriettaRandom random;

  arietta_random_init (&random, self->seed, "measure");
  memset (figures, 0, sizeof *figures);
  for (guint i = 0; i < n; i++)
    {
      if (go_on != NULL && !go_on (user_data))
        return i;
      arietta_melody_vae_measure (self->net, pick_window (set, i, limit), &random, sampled, figures);
    }

  return n;
}

double
arietta_melody_vae_validate (gpointer learner)
{
  Learner                *self = learner;
  AriettaMelodyVaeFigures f;
  double                  beta = arietta_recipe_get_real (self->recipe, "training", "beta");

  if (arietta_window_set_get_n (self->validation) == 0)
    return NAN;

  arietta_melody_vae_kind.ready (self->net);
  measure_set (self, self->validation, N_VALIDATE, TRUE, &f, NULL, NULL);
  g_debug ("validation: teacher %.4f sampled %.4f onsets %.4f nll %.4f kl %.2f", f.teacher_right / f.steps,
           f.sampled_right / f.steps, f.sampled_right_onsets / MAX (f.onsets, 1.0), f.reconstruction / f.steps,
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

static JsonArray *
describe_data (Learner *self)
{
  JsonArray        *rows = json_array_new ();
  g_autoptr(GList)  names = g_list_sort (g_hash_table_get_keys (self->tallies), (GCompareFunc) strcmp);

  for (GList *l = names; l != NULL; l = l->next)
    {
      const Tally     *tally = g_hash_table_lookup (self->tallies, l->data);
      g_autofree char *source = arietta_recipe_dup_source (self->recipe, l->data);
      JsonObject      *row = json_object_new ();

      json_object_set_string_member (row, "style", l->data);
      json_object_set_int_member (row, "pieces", tally->pieces);
      json_object_set_int_member (row, "windows", tally->windows);
      json_object_set_int_member (row, "validation_pieces", tally->validation_pieces);
      json_object_set_int_member (row, "validation_windows", tally->validation_windows);
      json_object_set_int_member (row, "skipped", tally->skipped);
      if (source != NULL)
        json_object_set_string_member (row, "source", source);
      json_array_add_object_element (rows, row);
    }

  return rows;
}

/* The prior and the style vectors, from the encoded training windows; the number of active dimensions. */
static guint
fit_prior (Learner         *self,
           AriettaGoOnFunc  go_on,
           gpointer         user_data)
{
  AriettaMelodyVae *net = self->net;
  guint             n_all = arietta_window_set_get_n (self->train);
  guint             n = MIN (n_all, N_PRIOR);
  gsize             L = (gsize) net->n_latent;
  g_autofree float *mu = g_new (float, n * L);
  g_autofree float *logvar = g_new (float, n * L);
  g_autofree int   *labels = g_new (int, n);

  for (guint i = 0; i < n; i++)
    {
      const AriettaLabelledWindow *w =
        arietta_window_set_get_nth (self->train, (guint) ((guint64) i * n_all / n));
      guint                        place;

      labels[i] = -1;
      if (w->style >= 0
          && g_ptr_array_find_with_equal_func (self->styles, arietta_window_set_get_style (self->train, (guint) w->style),
                                               g_str_equal, &place))
        labels[i] = (int) place;
      arietta_melody_vae_encode (net, &w->window, mu + i * L, logvar + i * L);
      if (go_on != NULL && !go_on (user_data))
        return 0;
    }

  arietta_latent_prior_free (net->prior);
  net->prior = arietta_latent_prior_fit (mu, logvar, labels, n, (guint) L, self->styles->len);

  return arietta_melody_vae_count_active (mu, n, net->n_latent);
}

static void
fit_measure (Learner *self)
{
  AriettaMelodyVae  *net = self->net;
  guint              n = self->statistic_styles->len;
  g_autofree guint  *labels = g_new0 (guint, n + 1);
  g_autoptr(GPtrArray) styles = g_ptr_array_new ();

  /* A style whose pieces are all too short to measure is left out. */
  for (guint i = 0; i < self->styles->len; i++)
    if (g_ptr_array_find_with_equal_func (self->statistic_styles, self->styles->pdata[i], g_str_equal, NULL))
      g_ptr_array_add (styles, self->styles->pdata[i]);
  for (guint i = 0; i < n; i++)
    g_ptr_array_find_with_equal_func (styles, self->statistic_styles->pdata[i], g_str_equal, &labels[i]);
  if (styles->len == 0)
    return;

  g_ptr_array_add (styles, NULL);
  arietta_style_measure_free (net->measure);
  net->measure = arietta_style_measure_fit ((const float *) (gpointer) self->statistics->data, labels, n,
                                            (const char * const *) styles->pdata);
}

void
arietta_melody_vae_finish (gpointer         learner,
                           JsonObject      *card,
                           AriettaGoOnFunc  go_on,
                           gpointer         user_data)
{
  Learner                *self = learner;
  AriettaMelodyVaeFigures f;
  JsonObject             *results = json_object_new ();
  JsonObject             *baselines = json_object_new ();
  guint                   n_test = arietta_window_set_get_n (self->validation);
  guint                   active;

  arietta_melody_vae_kind.ready (self->net);
  active = fit_prior (self, go_on, user_data);
  fit_measure (self);

  json_object_set_array_member (card, "data", describe_data (self));
  json_object_set_int_member (card, "windows", arietta_window_set_get_n (self->train));
  json_object_set_int_member (card, "windows_failed", self->n_failed);

  json_object_set_string_member (results, "measured_on", "validation");
  json_object_set_int_member (results, "active_units", active);
  if (n_test > 0 && measure_set (self, self->validation, N_FIGURES, TRUE, &f, go_on, user_data) > 0)
    {
      JsonObject *reconstruction = json_object_new ();

      json_object_set_int_member (results, "windows", (gint64) f.windows);
      json_object_set_double_member (results, "elbo_per_step", (f.reconstruction + f.kl) / f.steps);
      json_object_set_double_member (results, "reconstruction_nats_per_step", f.reconstruction / f.steps);
      json_object_set_double_member (results, "kl_per_step", f.kl / f.steps);
      json_object_set_double_member (results, "kl", f.kl / f.windows);
      json_object_set_double_member (results, "hold_share", 1.0 - f.onsets / f.steps);
      json_object_set_double_member (reconstruction, "teacher_forced", f.teacher_right / f.steps);
      json_object_set_double_member (reconstruction, "sampled", f.sampled_right / f.steps);
      json_object_set_double_member (reconstruction, "sampled_onsets", f.sampled_right_onsets / MAX (f.onsets, 1.0));
      json_object_set_object_member (results, "reconstruction", reconstruction);

      json_object_set_object_member (baselines, "copy", score_to_json (arietta_window_set_score_copy (self->validation)));
      json_object_set_object_member (baselines, "ngram",
                                     score_to_json (arietta_window_set_score_counts (self->train, self->validation,
                                                                                     N_FIGURES)));
      json_object_set_object_member (baselines, "nearest_window",
                                     score_to_json (arietta_window_set_score_nearest (self->train, self->validation,
                                                                                      N_FIGURES)));
    }
  json_object_set_object_member (results, "baselines", baselines);
  json_object_set_object_member (card, "results", results);
}
