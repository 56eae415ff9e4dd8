/* Learning: windows in classes by length, and batches of them. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-learner-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MIN_WINDOWS 8

typedef struct
{
  guint class;
  guint windows[];  /* `batch` of them */
} Batch;

gpointer
arietta_window_vae_learner_new (gpointer       net,
                                AriettaRecipe *recipe,
                                guint64        seed)
{
  AriettaWindowVaeLearner *self = g_new0 (AriettaWindowVaeLearner, 1);

  self->net = net;
  self->recipe = arietta_recipe_ref (recipe);
  self->seed = seed;
  self->batch = (int) arietta_recipe_get_int (recipe, "training", "batch");
  self->train = arietta_window_set_new (&self->net->shape);
  self->validation = arietta_window_set_new (&self->net->shape);
  self->styles = g_ptr_array_new_with_free_func (g_free);
  self->tally = arietta_data_tally_new ();
  self->statistics = g_array_new (FALSE, FALSE, sizeof (float));
  self->statistic_styles = g_ptr_array_new_with_free_func (g_free);
  self->batches = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
arietta_window_vae_learner_free (gpointer learner)
{
  AriettaWindowVaeLearner *self = learner;

  if (self == NULL)
    return;

  for (guint c = 0; c < self->n_classes; c++)
    {
      arietta_window_vae_graph_free (self->classes[c].graph);
      g_array_unref (self->classes[c].members);
    }
  g_free (self->classes);
  arietta_window_set_free (self->train);
  arietta_window_set_free (self->validation);
  g_ptr_array_unref (self->styles);
  arietta_data_tally_free (self->tally);
  g_array_unref (self->statistics);
  g_ptr_array_unref (self->statistic_styles);
  g_ptr_array_unref (self->batches);
  arietta_recipe_unref (self->recipe);
  g_free (self);
}

guint
arietta_window_vae_learner_add (gpointer              learner,
                                const AriettaExample *example)
{
  AriettaWindowVaeLearner *self = learner;
  const char *style = example->style != NULL ? example->style : "";
  float       statistics[ARIETTA_STYLE_N_STATISTICS];
  guint       n;

  n = arietta_window_set_add (example->validation ? self->validation : self->train, example->piece,
                              style, &self->n_failed);
  arietta_data_tally_add (self->tally, style, n, example->validation);
  if (n == 0 || example->validation || style[0] == '\0')
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

/* Cells of a unit of the graph that window @i needs.  Long ones are rounded up, so that there are few graphs. */
static guint
get_length (AriettaWindowVaeLearner *self,
            guint                    i)
{
  guint length = arietta_window_set_get_unit_cells (self->train, i);

  return length > ARIETTA_STEPS_MAX_SHORT ? (length + 63) / 64 * 64 : length;
}

/* Sorts the windows into classes: a length that is rare joins the next longer one. */
static void
make_classes (AriettaWindowVaeLearner *self)
{
  guint counts[ARIETTA_STEPS_MAX + 1] = { 0 };
  guint n = arietta_window_set_get_n (self->train), waiting = 0;
  int   top = ARIETTA_STEPS_MAX;

  for (guint i = 0; i < n; i++)
    counts[get_length (self, i)]++;
  while (top > 1 && counts[top] == 0)
    top--;

  self->classes = g_new0 (AriettaWindowVaeClass, ARIETTA_STEPS_MAX);
  for (int length = 1; length <= top; length++)
    {
      AriettaWindowVaeClass *class = &self->classes[self->n_classes];

      waiting += counts[length];
      if (waiting == 0
          || (length < top && (counts[length] == 0 || waiting < 2 * (guint) self->batch)))
        continue;

      class->length = length;
      class->members = g_array_new (FALSE, FALSE, sizeof (guint));
      self->n_classes++;
      waiting = 0;
    }

  for (guint i = 0; i < n; i++)
    {
      int length = (int) get_length (self, i);

      for (guint c = 0; c < self->n_classes; c++)
        if (length <= self->classes[c].length)
          {
            g_array_append_val (self->classes[c].members, i);
            break;
          }
    }
}

gboolean
arietta_window_vae_learner_begin (gpointer   learner,
                                  GError   **error)
{
  AriettaWindowVaeLearner *self = learner;
  guint    n;

  arietta_window_set_unique (self->train);
  n = arietta_window_set_get_n (self->train);
  if (n < MIN_WINDOWS)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("There is too little to learn from: the training part of the dataset "
                           "holds %u different passages of the kind, and at least %d are needed.  "
                           "Add more pieces."),
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
arietta_window_vae_begin_epoch (gpointer learner,
                                guint64  epoch)
{
  AriettaWindowVaeLearner         *self = learner;
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

static AriettaWindowVaeGraph *
ensure_graph (AriettaWindowVaeLearner  *self,
              AriettaWindowVaeClass    *class,
              double                    progress,
              GError                  **error)
{
  gboolean held = self->net->n_conductor > 0
                  && progress < arietta_recipe_get_real (self->recipe, "training", "hold-lower");
  double own = arietta_recipe_get_real (self->recipe, "training", "own");
  guint  n_units = arietta_window_shape_get_most_units (&self->net->shape);

  if (class->graph != NULL && class->held != held)
    g_clear_pointer (&class->graph, arietta_window_vae_graph_free);
  class->held = held;
  if (class->graph == NULL)
    class->graph =
      arietta_window_vae_graph_new (self->net, class->length, self->batch,
                                    arietta_recipe_get_real (self->recipe, "training", "free")
                                      * class->length * n_units,
                                    arietta_recipe_get_real (self->recipe, "training", "dropout"),
                                    own > 0.0 && !held, held, &self->noise, error);

  return class->graph;
}

/* Where the cell before stands: the row above, or the last of the unit before; -1 at the beginning. */
static gssize
find_before (AriettaWindowVaeGraph *g,
             const gint32          *lengths,
             gsize                  at)
{
  gsize columns = (gsize) g->U * (gsize) g->B, column = at % columns;

  if (at >= columns)
    return (gssize) (at - columns);
  if (column < (gsize) g->B)
    return -1;

  column -= (gsize) g->B;
  return (gssize) ((gsize) (lengths[column] - 1) * columns + column);
}

/* Replaces some of the decoder's input tokens: by the first pass's own predictions, or by tokens
 * from elsewhere in the batch, which keeps the noise as common as the music. */
static void
disturb (AriettaWindowVaeLearner *self,
         AriettaWindowVaeGraph   *g,
         AriettaRandom           *random,
         double                   own,
         double                   noise)
{
  gint32       *before = arietta_graph_get_ints (g->graph, g->before);
  const gint32 *tokens = arietta_graph_get_ints (g->graph, g->tokens);
  const gint32 *lengths = arietta_graph_get_ints (g->graph, g->lengths);
  const float  *logits = NULL;
  AriettaWindowVae *net = self->net;
  gsize         n = (gsize) g->T * (gsize) g->U * (gsize) g->B, V = (gsize) net->n_tokens;

  if (g->first_logits != ARIETTA_NODE_NONE)
    {
      arietta_graph_forward_to (g->graph, g->first_logits);
      logits = arietta_graph_get_values (g->graph, g->first_logits);
    }

  for (gsize at = (gsize) (g->U > 1 ? 0 : g->B); at < n; at++)
    {
      double mark = arietta_random_uniform (random);
      gssize from = find_before (g, lengths, at);

      if (before[at] < 0 || from < 0)
        continue;

      if (logits != NULL && mark < own)
        {
          const float *row = logits + (gsize) from * V;
          gint32       best = 0;

          for (gint32 t = 1; t < (gint32) V; t++)
            if (row[t] > row[best])
              best = t;
          before[at] = best;
        }
      else if (arietta_random_uniform (random) < noise)
        before[at] = tokens[arietta_random_below (random, n)];
    }

  /* Of the other voices some are not told, so that a slip in one does not pull the next along. */
  if (net->n_beside > 0)
    {
      gint32 *beside = arietta_graph_get_ints (g->graph, g->beside);

      for (gsize i = 0; i < n * (gsize) net->n_beside; i++)
        if (arietta_random_uniform (random) < noise)
          beside[i] = -1;
    }
}

AriettaGraph *
arietta_window_vae_fill_batch (gpointer   learner,
                               guint      nth,
                               gint64     step,
                               double     progress,
                               GError   **error)
{
  AriettaWindowVaeLearner               *self = learner;
  const Batch           *batch = self->batches->pdata[nth];
  AriettaWindowVaeClass *class = &self->classes[batch->class];
  AriettaWindowVaeGraph *g = ensure_graph (self, class, progress, error);
  g_autofree char       *stream = g_strdup_printf ("step %" G_GINT64_FORMAT, step);
  double                 transpose = arietta_recipe_get_real (self->recipe, "data", "transpose");
  double                 beta = arietta_recipe_get_real (self->recipe, "training", "beta");
  double                 warmup = arietta_recipe_get_real (self->recipe, "training", "kl-warmup");
  const AriettaStepForm *form = self->net->spec->form;
  double                 n_cells = 16.0 * self->net->shape.n_bars * form->n_voices;
  AriettaRandom          random;
  float                 *parts;

  if (g == NULL)
    return NULL;
  if (step == 1 && self->net->n_conductor > 0)
    arietta_window_vae_begin_above (self->net, self->train);

  arietta_random_init (&random, self->seed, stream);
  arietta_random_init (&self->noise, arietta_random_next (&random), "noise");

  for (int b = 0; b < self->batch; b++)
    {
      AriettaStepWindow window;

      arietta_window_set_read (self->train, batch->windows[b], &window);
      if (arietta_random_uniform (&random) < transpose && form->transpose != NULL)
        form->transpose (&window, (int) arietta_random_below (&random, 12) - 6);
      arietta_window_vae_graph_fill (g, self->net, b, &window);
    }

  /* Losses count by the cell of a window of common bars, so that clipping means the same
   * everywhere. */
  parts = arietta_graph_get_values (g->graph, g->parts);
  parts[0] = (float) (1.0 / n_cells);
  parts[1] = (float) (beta * (warmup > 0.0 ? MIN (1.0, progress / warmup) : 1.0) / n_cells);
  parts[2] = (float) arietta_recipe_get_real (self->recipe, "training", "velocity");

  disturb (self, g, &random,
           arietta_recipe_get_real (self->recipe, "training", "own") * MIN (1.0, 2.0 * progress),
           arietta_recipe_get_real (self->recipe, "training", "noise"));

  return g->graph;
}
