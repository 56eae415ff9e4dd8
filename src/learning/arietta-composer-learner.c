/* Learning: windows of an epoch, in classes by length, and batches of them. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-learner-private.h"

#include "base/arietta-error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define N_HELD         96   /* windows that are measured while training */
#define MIN_SEQUENCES  4
#define MAX_REPEATS    8.0  /* of a small style's pieces in an epoch */
#define PAIR_TRIES     4    /* at a place for holes */
#define PAIR_BARS      12   /* within so many bars */
#define NOBODY         G_MAXUINT

typedef struct
{
  AriettaComposerSequences *of;
  guint                     class;
  guint                     sequences[];   /* NOBODY where the batch is not full */
} Batch;

void
arietta_composer_sequences_init (AriettaComposerSequences *self)
{
  guint zero = 0;

  self->tokens = g_array_new (FALSE, FALSE, sizeof (AriettaEvent16));
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->starts, zero);
}

void
arietta_composer_sequences_clear (AriettaComposerSequences *self)
{
  g_clear_pointer (&self->tokens, g_array_unref);
  g_clear_pointer (&self->starts, g_array_unref);
}

static void
piece_clear (gpointer data)
{
  arietta_event_score_free (((AriettaComposerPiece *) data)->score);
}

gpointer
arietta_composer_learner_new (gpointer       net,
                              AriettaRecipe *recipe,
                              guint64        seed)
{
  AriettaComposerLearner *self = g_new0 (AriettaComposerLearner, 1);

  self->net = net;
  self->recipe = arietta_recipe_ref (recipe);
  self->seed = seed;
  self->batch = (int) arietta_recipe_get_int (recipe, "training", "batch");
  self->task = (AriettaComposerTaskSettings) {
    .home = self->net->home,
    .told = arietta_recipe_get_real (recipe, "data", "told"),
    .infill = arietta_recipe_get_real (recipe, "data", "infill"),
    .transpose = arietta_recipe_get_real (recipe, "data", "transpose"),
    .louder = arietta_recipe_get_real (recipe, "data", "louder"),
    .stretch = arietta_recipe_get_real (recipe, "data", "stretch"),
    .exchanged = arietta_recipe_get_real (recipe, "data", "exchanged"),
  };
  self->train = g_array_new (FALSE, FALSE, sizeof (AriettaComposerPiece));
  self->validation = g_array_new (FALSE, FALSE, sizeof (AriettaComposerPiece));
  g_array_set_clear_func (self->train, piece_clear);
  g_array_set_clear_func (self->validation, piece_clear);
  self->style_notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tally = arietta_data_tally_new ();
  arietta_composer_sequences_init (&self->epoch);
  arietta_composer_sequences_init (&self->pairs);
  arietta_composer_sequences_init (&self->held);
  self->batches = g_ptr_array_new_with_free_func (g_free);
  self->reader = arietta_event_reader_new ();
  self->echo = arietta_composer_echo_new ();

  return self;
}

void
arietta_composer_learner_free (gpointer learner)
{
  AriettaComposerLearner *self = learner;

  if (self == NULL)
    return;

  for (int c = 0; c < COMPOSER_CLASSES; c++)
    arietta_composer_graph_free (self->graphs[c]);
  arietta_event_reader_free (self->reader);
  arietta_composer_echo_free (self->echo);
  g_ptr_array_unref (self->batches);
  arietta_composer_sequences_clear (&self->epoch);
  arietta_composer_sequences_clear (&self->pairs);
  arietta_composer_sequences_clear (&self->held);
  g_array_unref (self->train);
  g_array_unref (self->validation);
  arietta_data_tally_free (self->tally);
  g_hash_table_unref (self->style_notes);
  arietta_recipe_unref (self->recipe);
  g_free (self);
}

guint
arietta_composer_learner_add (gpointer              learner,
                              const AriettaExample *example)
{
  AriettaComposerLearner *self = learner;
  const char             *style = example->style != NULL ? example->style : "";
  AriettaComposerPiece    piece = { .score = arietta_event_score_from_piece (example->piece) };
  guint64                *notes = g_hash_table_lookup (self->style_notes, style);
  guint                   n_windows;

  if (piece.score == NULL)
    {
      arietta_data_tally_add (self->tally, style, 0, example->validation);
      return 0;
    }

  if (notes == NULL)
    {
      notes = g_new0 (guint64, 1);
      g_hash_table_insert (self->style_notes, g_strdup (style), notes);
    }
  g_hash_table_lookup_extended (self->style_notes, style, (gpointer *) &piece.style, NULL);
  piece.n_notes = piece.score->notes->len;
  if (!example->validation)
    *notes += piece.n_notes;
  g_array_append_val (example->validation ? self->validation : self->train, piece);

  /* Some two and a half tokens a note. */
  n_windows = 1 + piece.n_notes * 5 / 2 / (guint) self->net->n_context;
  arietta_data_tally_add (self->tally, style, piece.n_notes, example->validation);

  return n_windows;
}

static void
add_task (AriettaComposerLearner     *self,
          const AriettaComposerPiece *piece,
          AriettaComposerSequences   *sequences,
          guint                      *bar,
          AriettaRandom              *random)
{
  guint end;

  *bar += arietta_composer_make_task (piece->score, piece->style_index, *bar,
                                      (guint) self->net->n_context, &self->task, random,
                                      sequences->tokens);
  end = sequences->tokens->len;
  g_array_append_val (sequences->starts, end);
}

static void
add_sequence (AriettaComposerSequences *sequences,
              GArray                   *tokens)
{
  g_array_append_vals (sequences->tokens, tokens->data, tokens->len);
  g_array_append_val (sequences->starts, sequences->tokens->len);
}

/* A window from about @bar on, with two holes of some bars; FALSE when there is no place for
 * them. */
static gboolean
add_pair (AriettaComposerLearner     *self,
          const AriettaComposerPiece *piece,
          guint                      *bar,
          AriettaRandom              *random)
{
  guint n_bars = piece->score->bars->len;
  guint n = arietta_random_uniform (random) < 0.5 ? 2 : 1 + (guint) arietta_random_below (random, 4);

  for (guint t = 0; t < PAIR_TRIES && *bar + n < n_bars; t++)
    {
      guint hole = *bar + (guint) arietta_random_below (random, MIN (PAIR_BARS, n_bars - n - *bar));
      g_auto(AriettaComposerExchange) exchange = { 0 };

      if (arietta_composer_make_exchange (piece->score, hole, n, self->task.home, TRUE,
                                          (guint) self->net->n_context, random, &exchange))
        {
          add_sequence (&self->pairs, exchange.as_is);
          add_sequence (&self->pairs, exchange.exchanged);
          *bar = exchange.end;
          return TRUE;
        }
    }

  return FALSE;
}

/* The windows of a whole piece, one behind the other, from the beginning or from a little later. */
static void
add_piece (AriettaComposerLearner     *self,
           const AriettaComposerPiece *piece,
           AriettaRandom              *random)
{
  guint n_bars = piece->score->bars->len, bar = 0;

  if (n_bars > 4 && arietta_random_uniform (random) < 0.5)
    bar = (guint) arietta_random_below (random, MIN (n_bars / 2, COMPOSER_MAX_BARS));
  while (bar < n_bars)
    if (self->task.exchanged == 0.0 || arietta_random_uniform (random) >= self->task.exchanged
        || !add_pair (self, piece, &bar, random))
      add_task (self, piece, &self->epoch, &bar, random);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

/* After those the weights began with, styles in the order of the alphabet, of training pieces
 * alone; further ones than there are tokens for stay without a name. */
static void
name_styles (AriettaComposerLearner *self)
{
  g_autoptr(GList)     names = g_list_sort (g_hash_table_get_keys (self->style_notes), compare_texts);
  g_autoptr(GPtrArray) styles = g_ptr_array_new ();
  GArray              *parts[] = { self->train, self->validation };

  for (guint i = 0; self->net->styles[i] != NULL; i++)
    g_ptr_array_add (styles, g_strdup (self->net->styles[i]));
  for (GList *l = names; l != NULL && styles->len < ARIETTA_EVENTS_N_STYLES; l = l->next)
    if (((const char *) l->data)[0] != '\0' && !g_ptr_array_find_with_equal_func (styles, l->data, g_str_equal, NULL)
        && *(guint64 *) g_hash_table_lookup (self->style_notes, l->data) > 0)
      g_ptr_array_add (styles, g_strdup (l->data));

  for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
    for (guint i = 0; i < parts[k]->len; i++)
      {
        AriettaComposerPiece *piece = &g_array_index (parts[k], AriettaComposerPiece, i);
        guint                 nth;

        piece->style_index = g_ptr_array_find_with_equal_func (styles, piece->style, g_str_equal, &nth)
                               ? (int) nth
                               : -1;
      }

  g_ptr_array_add (styles, NULL);
  g_strfreev (self->net->styles);
  self->net->styles = (char **) g_ptr_array_free (g_steal_pointer (&styles), FALSE);
}

gboolean
arietta_composer_learner_begin (gpointer   learner,
                                GError   **error)
{
  AriettaComposerLearner *self = learner;
  guint                   n = self->validation->len;
  AriettaRandom           random;

  name_styles (self);
  arietta_random_init (&random, self->seed, "held");
  for (guint i = 0; i < N_HELD && n > 0; i++)
    {
      const AriettaComposerPiece *piece =
        &g_array_index (self->validation, AriettaComposerPiece, (guint) ((guint64) i * n / N_HELD));
      guint                       bar = (guint) arietta_random_below (&random, piece->score->bars->len);

      add_task (self, piece, &self->held, &bar, &random);
    }

  if (arietta_composer_begin_epoch (self, 0) == 0 || self->epoch.starts->len <= MIN_SEQUENCES)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("There is too little music to learn from: %u windows, at least %d are needed."),
                         self->epoch.starts->len - 1, MIN_SEQUENCES);
      return FALSE;
    }

  return TRUE;
}

/* How often a piece of a style comes in an epoch, so that small styles are heard too. */
static double
get_repeats (AriettaComposerLearner     *self,
             const AriettaComposerPiece *piece)
{
  double         balance = arietta_recipe_get_real (self->recipe, "data", "balance");
  double         all = 0.0, weighted = 0.0, own;
  GHashTableIter iter;
  gpointer       notes;

  g_hash_table_iter_init (&iter, self->style_notes);
  while (g_hash_table_iter_next (&iter, NULL, &notes))
    {
      all += (double) *(guint64 *) notes;
      if (*(guint64 *) notes > 0)
        weighted += pow ((double) *(guint64 *) notes, balance);
    }
  own = (double) *(guint64 *) g_hash_table_lookup (self->style_notes, piece->style);

  return MIN (MAX_REPEATS, pow (own, balance) / weighted / (own / all));
}

static void
shuffle (GPtrArray     *pointers,
         AriettaRandom *random)
{
  for (guint i = pointers->len; i > 1; i--)
    {
      guint    other = (guint) arietta_random_below (random, i);
      gpointer swapped = pointers->pdata[other];

      pointers->pdata[other] = pointers->pdata[i - 1];
      pointers->pdata[i - 1] = swapped;
    }
}

static guint
class_length (AriettaComposerLearner *self,
              guint                   class)
{
  return (guint) self->net->n_context >> class;
}

/* Rows of a batch: an even number of them where bars are exchanged. */
static guint
class_rows (AriettaComposerLearner *self,
            guint                   class)
{
  guint rows = (guint) self->batch << class;

  return self->task.exchanged > 0.0 ? rows + rows % 2 : rows;
}

/* Of the @unit sequences from @first on the longest. */
static guint
get_length (AriettaComposerSequences *of,
            guint                     first,
            guint                     unit)
{
  guint longest = 0;

  for (guint i = first; i < first + unit; i++)
    longest = MAX (longest, g_array_index (of->starts, guint, i + 1) - g_array_index (of->starts, guint, i));

  return longest;
}

/* @members are the first of @unit sequences each. */
static void
add_batch (AriettaComposerLearner    *self,
           AriettaComposerSequences  *of,
           guint                      class,
           guint                      unit,
           gpointer                  *members,
           guint                      n)
{
  guint  rows = class_rows (self, class);
  Batch *batch = g_malloc (sizeof (Batch) + rows * sizeof (guint));

  batch->of = of;
  batch->class = class;
  for (guint i = 0; i < rows; i++)
    batch->sequences[i] = i / unit < n ? GPOINTER_TO_UINT (members[i / unit]) + i % unit : NOBODY;
  g_ptr_array_add (self->batches, batch);
}

/* Batches of about equal work: short windows more of them.  What does not fill a batch of its class
 * goes to the next longer one.  @unit sequences, one behind the other, stay together. */
static void
deal (AriettaComposerLearner   *self,
      AriettaComposerSequences *of,
      guint                     unit,
      AriettaRandom            *random)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new ();

  for (int class = COMPOSER_CLASSES - 1; class >= 0; class--)
    {
      guint                longest = class_length (self, (guint) class);
      guint                shortest = class == COMPOSER_CLASSES - 1 ? 0 : class_length (self, (guint) class + 1);
      guint                size = class_rows (self, (guint) class) / unit;
      g_autoptr(GPtrArray) members = g_ptr_array_new ();

      for (guint i = 0; i + unit < of->starts->len; i += unit)
        {
          guint n = get_length (of, i, unit);

          if (n > 1 && n <= longest && n > shortest)
            g_ptr_array_add (members, GUINT_TO_POINTER (i));
        }
      for (guint i = 0; i < waiting->len; i++)
        g_ptr_array_add (members, waiting->pdata[i]);
      shuffle (members, random);
      g_ptr_array_set_size (waiting, 0);

      for (guint from = 0; from < members->len; from += size)
        {
          guint n = MIN (size, members->len - from);

          if (n < size && class > 0)
            {
              for (guint i = from; i < members->len; i++)
                g_ptr_array_add (waiting, members->pdata[i]);
              break;
            }
          add_batch (self, of, (guint) class, unit, members->pdata + from, n);
        }
    }
}

guint
arietta_composer_begin_epoch (gpointer learner,
                              guint64  epoch)
{
  AriettaComposerLearner *self = learner;
  g_autofree char        *stream = g_strdup_printf ("epoch %" G_GUINT64_FORMAT, epoch);
  AriettaRandom           random;

  arietta_random_init (&random, self->seed, stream);
  g_array_set_size (self->epoch.tokens, 0);
  g_array_set_size (self->epoch.starts, 1);
  g_array_set_size (self->pairs.tokens, 0);
  g_array_set_size (self->pairs.starts, 1);
  for (guint i = 0; i < self->train->len; i++)
    {
      const AriettaComposerPiece *piece = &g_array_index (self->train, AriettaComposerPiece, i);
      double                      repeats = get_repeats (self, piece);
      guint                       n = (guint) (repeats + arietta_random_uniform (&random));

      while (n-- > 0)
        add_piece (self, piece, &random);
    }
  /* Chance may leave out all of very little. */
  if (self->epoch.starts->len < 2 && self->train->len > 0)
    add_piece (self, &g_array_index (self->train, AriettaComposerPiece, 0), &random);
  g_ptr_array_set_size (self->batches, 0);
  deal (self, &self->epoch, 1, &random);
  if (self->pairs.starts->len > 1)
    deal (self, &self->pairs, 2, &random);
  shuffle (self->batches, &random);

  return self->batches->len;
}

static AriettaComposerGraph *
ensure_graph (AriettaComposerLearner *self,
              guint                   class,
              GError                **error)
{
  const AriettaComposerDrill drill = {
    .dropout = arietta_recipe_get_real (self->recipe, "training", "dropout"),
    .smoothing = arietta_recipe_get_real (self->recipe, "training", "smoothing"),
    .fill = arietta_recipe_get_real (self->recipe, "training", "fill-weight"),
    .exchange = self->task.exchanged > 0.0
                  ? arietta_recipe_get_real (self->recipe, "training", "exchange-weight") : 0.0,
    .noise = &self->noise,
  };

  if (self->graphs[class] == NULL)
    self->graphs[class] = arietta_composer_graph_new (self->net, ARIETTA_GRAPH_TRAIN, (int) class_rows (self, class),
                                                      (int) class_length (self, class), &drill, error);

  return self->graphs[class];
}

AriettaGraph *
arietta_composer_fill_batch (gpointer   learner,
                             guint      nth,
                             gint64     step,
                             double     progress,
                             GError   **error)
{
  AriettaComposerLearner *self = learner;
  const Batch            *batch = self->batches->pdata[nth];
  AriettaComposerGraph   *graph = ensure_graph (self, batch->class, error);
  g_autofree char        *stream = g_strdup_printf ("step %" G_GINT64_FORMAT, step);

  if (graph == NULL)
    return NULL;

  arietta_random_init (&self->noise, self->seed, stream);
  for (int b = 0; b < graph->B; b++)
    {
      guint i = batch->sequences[b];
      guint start = i != NOBODY ? g_array_index (batch->of->starts, guint, i) : 0;
      guint end = i != NOBODY ? g_array_index (batch->of->starts, guint, i + 1) : 0;

      arietta_composer_graph_fill (graph, b,
                                   (const AriettaEvent16 *) (gpointer) batch->of->tokens->data + start,
                                   end - start, self->reader, self->echo);
    }
  if (self->task.exchanged > 0.0)
    arietta_composer_graph_pair (graph, batch->of == &self->pairs);

  return graph->graph;
}
