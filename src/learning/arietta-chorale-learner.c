/* Learning: windows of frames, each in a key drawn anew. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "base/arietta-error.h"
#include "learning/arietta-data-tally.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MIN_STEPS 256

typedef struct
{
  AriettaVoices *voices;
  int            low, high;   /* shifts that keep every voice where the voices of the chorales lie */
} Piece;

typedef struct
{
  guint piece, from;
} Window;

typedef struct
{
  AriettaChorale      *net;
  AriettaRecipe       *recipe;
  guint64              seed;
  int                  batch, length;
  GArray              *train, *validation;   /* Piece */
  AriettaDataTally    *tally;
  guint                n_steps;              /* of the training part */
  AriettaChoraleGraph *graph;                /* made at first use */
  GArray              *windows;              /* Window, of this epoch */
  AriettaRandom        noise;                /* borrowed by the graph; set anew at each step */
} Learner;

static void
piece_clear (Piece *piece)
{
  arietta_voices_free (piece->voices);
}

gpointer
arietta_chorale_learner_new (gpointer       net,
                             AriettaRecipe *recipe,
                             guint64        seed)
{
  Learner *self = g_new0 (Learner, 1);

  self->net = net;
  self->recipe = arietta_recipe_ref (recipe);
  self->seed = seed;
  self->batch = (int) arietta_recipe_get_int (recipe, "training", "batch");
  self->length = (int) arietta_recipe_get_int (recipe, "data", "steps");
  self->train = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->validation = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (self->train, (GDestroyNotify) piece_clear);
  g_array_set_clear_func (self->validation, (GDestroyNotify) piece_clear);
  self->tally = arietta_data_tally_new ();
  self->windows = g_array_new (FALSE, FALSE, sizeof (Window));

  return self;
}

void
arietta_chorale_learner_free (gpointer learner)
{
  Learner *self = learner;

  if (self == NULL)
    return;

  arietta_chorale_graph_free (self->graph);
  g_array_unref (self->train);
  g_array_unref (self->validation);
  g_array_unref (self->windows);
  arietta_data_tally_free (self->tally);
  arietta_recipe_unref (self->recipe);
  g_free (self);
}

static void
find_shifts (Piece *piece)
{
  piece->low = -CHORALE_MAX_SHIFT;
  piece->high = CHORALE_MAX_SHIFT;
  for (guint s = 0; s < piece->voices->n_steps; s++)
    for (int v = 0; v < ARIETTA_N_VOICES; v++)
      {
        int pitch = piece->voices->frames[s].pitches[v];

        if (pitch == ARIETTA_VOICE_REST)
          continue;
        piece->low = MAX (piece->low, arietta_chorale_lowest[v] - pitch);
        piece->high = MIN (piece->high, arietta_chorale_highest[v] - pitch);
      }
  piece->low = MIN (piece->low, 0);
  piece->high = MAX (piece->high, 0);
}

guint
arietta_chorale_learner_add (gpointer              learner,
                             const AriettaExample *example)
{
  Learner    *self = learner;
  const char *style = example->style != NULL ? example->style : "";
  Piece       piece = { arietta_voices_new (example->piece), 0, 0 };

  if (piece.voices == NULL || !arietta_chorale_knows (piece.voices))
    {
      g_clear_pointer (&piece.voices, arietta_voices_free);
      arietta_data_tally_add (self->tally, style, 0, example->validation);
      return 0;
    }

  arietta_data_tally_add (self->tally, style, piece.voices->n_steps, example->validation);
  find_shifts (&piece);
  if (example->validation)
    {
      g_array_append_val (self->validation, piece);
    }
  else
    {
      self->n_steps += piece.voices->n_steps;
      g_array_append_val (self->train, piece);
    }

  return piece.voices->n_steps;
}

gboolean
arietta_chorale_learner_begin (gpointer   learner,
                               GError   **error)
{
  Learner *self = learner;

  if (self->n_steps < MIN_STEPS)
    {
      arietta_set_error (error, ARIETTA_LEARNING_ERROR, ARIETTA_LEARNING_ERROR_NO_DATA, NULL, NULL,
                         _("There is too little to learn from: the training part of the dataset holds "
                           "%u sixteenths of music in four voices, and at least %d are needed.  Add "
                           "more pieces."),
                         self->n_steps, MIN_STEPS);
      return FALSE;
    }

  return TRUE;
}

/* As many windows as cover the pieces once, each begun on a beat drawn for the epoch; a piece's first
 * window often begins with the piece, since only there is nothing known yet. */
guint
arietta_chorale_begin_epoch (gpointer learner,
                             guint64  epoch)
{
  Learner         *self = learner;
  g_autofree char *stream = g_strdup_printf ("shuffle %" G_GUINT64_FORMAT, epoch);
  AriettaRandom    random;

  arietta_random_init (&random, self->seed, stream);
  g_array_set_size (self->windows, 0);
  for (guint p = 0; p < self->train->len; p++)
    {
      guint n = g_array_index (self->train, Piece, p).voices->n_steps;
      guint length = (guint) self->length;
      guint offset = (guint) arietta_random_below (&random, length / 4 + 1) * 4;

      if (n <= length)
        {
          g_array_append_val (self->windows, ((Window) { p, 0 }));
          continue;
        }

      /* The cuts move by a whole window, in beats; what is left at both ends is filled up inwards. */
      for (gint64 from = (gint64) offset - length; from < n; from += length)
        {
          gint64 last = ((gint64) n - length + 3) / 4 * 4;
          Window window = { p, (guint) CLAMP (from, 0, last) };

          if (from + length > 0 && (from >= 0 || from + 2 * (gint64) length > length / 2))
            g_array_append_val (self->windows, window);
        }
    }

  for (guint i = self->windows->len; i > 1; i--)
    {
      guint  other = (guint) arietta_random_below (&random, i);
      Window kept = g_array_index (self->windows, Window, i - 1);

      g_array_index (self->windows, Window, i - 1) = g_array_index (self->windows, Window, other);
      g_array_index (self->windows, Window, other) = kept;
    }

  return (self->windows->len + (guint) self->batch - 1) / (guint) self->batch;
}

AriettaGraph *
arietta_chorale_fill_batch (gpointer   learner,
                            guint      nth,
                            gint64     step,
                            double     progress,
                            GError   **error)
{
  Learner         *self = learner;
  g_autofree char *stream = g_strdup_printf ("step %" G_GINT64_FORMAT, step);
  double           transpose = arietta_recipe_get_real (self->recipe, "data", "transpose");
  AriettaRandom    random;

  if (self->graph == NULL)
    self->graph =
      arietta_chorale_graph_new (self->net, self->length, self->batch,
                                 arietta_recipe_get_real (self->recipe, "training", "dropout"),
                                 arietta_recipe_get_real (self->recipe, "training", "forget"),
                                 &self->noise, error);
  if (self->graph == NULL)
    return NULL;

  arietta_random_init (&random, self->seed, stream);
  arietta_random_init (&self->noise, arietta_random_next (&random), "noise");
  for (int b = 0; b < self->batch; b++)
    {
      /* The last batch is filled up from the beginning. */
      const Window *window = &g_array_index (self->windows, Window,
                                             (nth * (guint) self->batch + (guint) b) % self->windows->len);
      const Piece  *piece = &g_array_index (self->train, Piece, window->piece);
      int           shift = 0;

      if (arietta_random_uniform (&random) < transpose)
        shift = piece->low + (int) arietta_random_below (&random, (guint64) (piece->high - piece->low + 1));
      arietta_chorale_graph_fill (self->graph, b, piece->voices, window->from, shift,
                                  &random);
    }

  return self->graph->graph;
}

static void
measure_pieces (Learner               *self,
                AriettaChoraleFigures *figures,
                AriettaGoOnFunc        go_on,
                gpointer               user_data)
{
  memset (figures, 0, sizeof *figures);
  arietta_chorale_kind.ready (self->net);
  for (guint p = 0; p < self->validation->len; p++)
    {
      if (go_on != NULL && !go_on (user_data))
        return;
      arietta_chorale_measure (self->net, g_array_index (self->validation, Piece, p).voices, figures, NULL,
                               NULL, NULL);
    }
}

double
arietta_chorale_validate (gpointer learner)
{
  Learner              *self = learner;
  AriettaChoraleFigures f;

  measure_pieces (self, &f, NULL, NULL);
  if (f.notes < 1.0)
    return NAN;

  g_debug ("validation: nll %.4f right %.4f changed %.4f", f.nll / f.notes, f.right / f.notes,
           f.changed_right / MAX (f.changed, 1.0));

  return f.nll / f.notes;
}

void
arietta_chorale_finish (gpointer         learner,
                        JsonObject      *card,
                        AriettaGoOnFunc  go_on,
                        gpointer         user_data)
{
  Learner              *self = learner;
  JsonObject           *results = json_object_new ();
  AriettaChoraleFigures f, counted = { 0 };
  g_autoptr(AriettaChoraleCounts) counts = arietta_chorale_counts_new ();

  json_object_set_array_member (card, "data", arietta_data_tally_to_json (self->tally, self->recipe, "steps"));
  json_object_set_string_member (results, "measured_on", "validation");
  measure_pieces (self, &f, go_on, user_data);
  if (f.notes > 0.0)
    {
      for (guint p = 0; p < self->train->len; p++)
        arietta_chorale_counts_learn (counts, g_array_index (self->train, Piece, p).voices, 1);
      for (guint p = 0; p < self->validation->len; p++)
        arietta_chorale_measure_counts (counts, g_array_index (self->validation, Piece, p).voices, &counted);
      arietta_chorale_describe (&f, results);
      json_object_set_object_member (results, "baselines", arietta_chorale_describe_baselines (&f, &counted));
    }
  json_object_set_object_member (card, "results", results);
}
