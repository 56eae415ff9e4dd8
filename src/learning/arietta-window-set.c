#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-set.h"

#include "learning/arietta-step-counts.h"

#include <math.h>
#include <string.h>

/* A window is a place in the steps of a piece. */
typedef struct
{
  guint   piece;
  guint16 first_bar;
  guint16 n_bars;
  gint16  style;
} Place;

struct _AriettaWindowSet
{
  AriettaWindowShape shape;
  GPtrArray         *pieces;    /* AriettaSteps * */
  GArray            *windows;   /* Place */
  GPtrArray         *styles;    /* char * */
};

AriettaWindowSet *
arietta_window_set_new (const AriettaWindowShape *shape)
{
  AriettaWindowSet *self = g_new0 (AriettaWindowSet, 1);

  self->shape = *shape;
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) arietta_steps_free);
  self->windows = g_array_new (FALSE, FALSE, sizeof (Place));
  self->styles = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
arietta_window_set_free (AriettaWindowSet *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->pieces);
  g_array_unref (self->windows);
  g_ptr_array_unref (self->styles);
  g_free (self);
}

static int
find_style (AriettaWindowSet *self,
            const char       *style)
{
  guint place;

  if (style == NULL || style[0] == '\0')
    return -1;
  if (!g_ptr_array_find_with_equal_func (self->styles, style, g_str_equal, &place))
    {
      place = self->styles->len;
      g_ptr_array_add (self->styles, g_strdup (style));
    }

  return (int) place;
}

guint
arietta_window_shape_count_units (const AriettaWindowShape *shape,
                                  const AriettaStepWindow  *window)
{
  if (shape->unit_bars == 0)
    return 1;

  return window->n_voices * ((window->n_bars + shape->unit_bars - 1) / shape->unit_bars);
}

guint
arietta_window_shape_get_most_units (const AriettaWindowShape *shape)
{
  if (shape->unit_bars == 0)
    return 1;

  return shape->form->n_voices * ((shape->n_bars + shape->unit_bars - 1) / shape->unit_bars);
}

gboolean
arietta_window_shape_find_unit (const AriettaWindowShape *shape,
                                const AriettaStepWindow  *window,
                                guint                     nth,
                                guint                    *first,
                                guint                    *end)
{
  guint of_voice, voice, bar;

  *first = 0;
  *end = window->n_cells;
  if (shape->unit_bars == 0)
    return nth == 0;

  of_voice = (window->n_bars + shape->unit_bars - 1) / shape->unit_bars;
  voice = nth / of_voice;
  bar = nth % of_voice * shape->unit_bars;
  *first = voice * window->n_steps + window->bar_steps[bar];
  *end = voice * window->n_steps + window->bar_steps[MIN (bar + shape->unit_bars, window->n_bars)];

  return bar == 0;
}

gboolean
arietta_window_shape_fits (const AriettaWindowShape *shape,
                           const AriettaStepWindow  *window)
{
  if (window->n_bars > shape->n_bars || window->n_steps > shape->max_steps)
    return FALSE;

  for (guint u = 0; u < arietta_window_shape_count_units (shape, window); u++)
    {
      guint first, end;

      arietta_window_shape_find_unit (shape, window, u, &first, &end);
      if (end - first > shape->max_unit_steps)
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_window (const AriettaWindowShape *shape,
             AriettaSteps             *steps,
             guint                     bar,
             guint                     n_bars,
             AriettaStepWindow        *window)
{
  return arietta_steps_get_window (steps, bar, n_bars, window)
         && arietta_window_shape_fits (shape, window);
}

static guint
add_window (AriettaWindowSet *self,
            AriettaSteps     *steps,
            guint             bar,
            guint             n_bars,
            int               style,
            guint            *n_failed)
{
  Place             place = { self->pieces->len, (guint16) bar, (guint16) n_bars, (gint16) style };
  AriettaStepWindow window;

  if (!read_window (&self->shape, steps, bar, n_bars, &window))
    {
      if (n_failed != NULL)
        (*n_failed)++;
      return 0;
    }
  if (bar > G_MAXUINT16 || !arietta_step_window_has_onset (self->shape.form, &window))
    return 0;

  g_array_append_val (self->windows, place);
  return 1;
}

/* Long windows have room for a pickup among their bars. */
static guint
count_pickups (const AriettaWindowShape *shape,
               AriettaSteps             *steps)
{
  return shape->n_bars <= 2 && arietta_steps_has_pickup (steps) ? 1 : 0;
}

guint
arietta_window_set_add (AriettaWindowSet *self,
                        AriettaPiece     *piece,
                        const char       *style,
                        guint            *n_failed)
{
  AriettaSteps *steps = self->shape.form->read (piece);
  guint         whole = self->shape.n_bars;
  guint         n_bars, pickups, rest, n = 0;
  int           label;

  if (steps == NULL)
    return 0;

  label = find_style (self, style);
  n_bars = arietta_steps_get_n_bars (steps);
  pickups = count_pickups (&self->shape, steps);
  rest = (n_bars - pickups) % whole;

  for (guint b = 0; b + whole <= n_bars; b++)
    n += add_window (self, steps, b, whole, label, n_failed);
  if (pickups > 0)
    n += add_window (self, steps, 0, 1, label, NULL);
  if (rest > 0)
    n += add_window (self, steps, n_bars - rest, rest, label, NULL);
  g_ptr_array_add (self->pieces, steps);

  return n;
}

GArray *
arietta_window_set_cut (const AriettaWindowShape *shape,
                        AriettaSteps             *steps)
{
  GArray *windows = g_array_new (FALSE, FALSE, sizeof (AriettaStepWindow));
  guint   n_bars = arietta_steps_get_n_bars (steps);
  guint   bar = 0;

  while (bar < n_bars)
    {
      guint n = bar < count_pickups (shape, steps) ? 1 : MIN (shape->n_bars, n_bars - bar);
      AriettaStepWindow window;

      /* Bars too long to stand together are taken in smaller numbers. */
      while (n > 1 && !read_window (shape, steps, bar, n, &window))
        n /= 2;
      if (read_window (shape, steps, bar, n, &window)
          && arietta_step_window_has_onset (shape->form, &window))
        g_array_append_val (windows, window);
      bar += n;
    }

  return windows;
}

static guint
hash_window (const AriettaStepWindow *window,
             int                      style)
{
  guint hash = 2166136261u ^ (guint) (style + 1);

  for (guint c = 0; c < window->n_cells; c++)
    hash = ((hash ^ window->tokens[c]) * 16777619u ^ window->positions[c % window->n_steps])
           * 16777619u;

  return hash;
}

static gboolean
equal_windows (const AriettaStepWindow *x,
               const AriettaStepWindow *y)
{
  return x->n_steps == y->n_steps && x->numerator == y->numerator
         && memcmp (x->tokens, y->tokens, x->n_cells * sizeof x->tokens[0]) == 0
         && memcmp (x->positions, y->positions, x->n_steps) == 0;
}

void
arietta_window_set_unique (AriettaWindowSet *self)
{
  /* The latest kept window of each hash; two that differ under one hash are both kept. */
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint                 n_kept = 0;

  for (guint i = 0; i < self->windows->len; i++)
    {
      Place             place = g_array_index (self->windows, Place, i);
      AriettaStepWindow window, other;
      gpointer          key, found;

      arietta_window_set_read (self, i, &window);
      key = GUINT_TO_POINTER (hash_window (&window, place.style));
      if (g_hash_table_lookup_extended (seen, key, NULL, &found)
          && g_array_index (self->windows, Place, GPOINTER_TO_UINT (found)).style == place.style)
        {
          arietta_window_set_read (self, GPOINTER_TO_UINT (found), &other);
          if (equal_windows (&window, &other))
            continue;
        }

      g_array_index (self->windows, Place, n_kept) = place;
      g_hash_table_insert (seen, key, GUINT_TO_POINTER (n_kept));
      n_kept++;
    }

  g_array_set_size (self->windows, n_kept);
}

guint
arietta_window_set_get_n (AriettaWindowSet *self)
{
  return self->windows->len;
}

void
arietta_window_set_read (AriettaWindowSet  *self,
                         guint              nth,
                         AriettaStepWindow *window)
{
  const Place *place;

  g_return_if_fail (nth < self->windows->len);

  place = &g_array_index (self->windows, Place, nth);
  arietta_steps_get_window (self->pieces->pdata[place->piece], place->first_bar, place->n_bars,
                            window);
}

guint
arietta_window_set_get_unit_cells (AriettaWindowSet *self,
                                   guint             nth)
{
  const Place  *place = &g_array_index (self->windows, Place, nth);
  AriettaSteps *steps = self->pieces->pdata[place->piece];
  guint         unit = self->shape.unit_bars, longest = 0;

  if (unit == 0)
    return self->shape.form->n_voices * arietta_steps_count (steps, place->first_bar, place->n_bars);

  for (guint b = 0; b < place->n_bars; b += unit)
    longest = MAX (longest, arietta_steps_count (steps, place->first_bar + b,
                                                 MIN (unit, place->n_bars - b)));

  return longest;
}

int
arietta_window_set_get_label (AriettaWindowSet *self,
                              guint             nth)
{
  g_return_val_if_fail (nth < self->windows->len, -1);

  return g_array_index (self->windows, Place, nth).style;
}

const char *
arietta_window_set_get_style (AriettaWindowSet *self,
                              guint             nth)
{
  g_return_val_if_fail (nth < self->styles->len, NULL);

  return self->styles->pdata[nth];
}

/* Running counts of right steps. */
typedef struct
{
  guint  first_note;
  double steps, right, onsets, right_onsets;
} Count;

static void
count_window (Count                   *count,
              const AriettaStepWindow *truth,
              const guint16           *guess)
{
  for (guint s = 0; s < truth->n_cells; s++)
    {
      gboolean right = truth->tokens[s] == guess[s];
      gboolean onset = truth->tokens[s] >= count->first_note;

      count->steps += 1.0;
      count->right += right;
      count->onsets += onset;
      count->right_onsets += onset && right;
    }
}

static AriettaStepScore
finish_count (const Count *count)
{
  return (AriettaStepScore) {
    count->steps > 0.0 ? count->right / count->steps : 0.0,
    count->onsets > 0.0 ? count->right_onsets / count->onsets : 0.0,
    NAN,
  };
}

AriettaStepScore
arietta_window_set_score_copy (AriettaWindowSet *test)
{
  Count count = { .first_note = test->shape.form->first_note };

  for (guint i = 0; i < test->windows->len; i++)
    {
      AriettaStepWindow w;
      guint16           guess[ARIETTA_STEPS_MAX] = { 0 };

      arietta_window_set_read (test, i, &w);
      for (guint c = 0; c < w.n_cells; c++)
        guess[c] = c % w.n_steps > 0 ? w.tokens[c - 1] : 0;
      count_window (&count, &w, guess);
    }

  return finish_count (&count);
}

/* The tokens of all windows one after another; those of window i begin at (*starts)[i]. */
static guint16 *
dup_tokens (AriettaWindowSet  *self,
            gsize            **starts)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (guint16));

  *starts = g_new (gsize, self->windows->len + 1);
  for (guint i = 0; i < self->windows->len; i++)
    {
      AriettaStepWindow w;

      (*starts)[i] = tokens->len;
      arietta_window_set_read (self, i, &w);
      g_array_append_vals (tokens, w.tokens, w.n_cells);
    }
  (*starts)[self->windows->len] = tokens->len;

  return (guint16 *) (gpointer) g_array_free (tokens, FALSE);
}

AriettaStepScore
arietta_window_set_score_nearest (AriettaWindowSet *train,
                                  AriettaWindowSet *test,
                                  guint             limit)
{
  Count               count = { .first_note = test->shape.form->first_note };
  guint               n = MIN (limit, test->windows->len);
  g_autofree gsize   *starts = NULL;
  g_autofree guint16 *tokens = dup_tokens (train, &starts);

  for (guint k = 0; k < n; k++)
    {
      guint16           silence[ARIETTA_STEPS_MAX] = { 0 };
      const guint16    *best = silence;
      int               best_equal = -1;
      AriettaStepWindow w;

      arietta_window_set_read (test, (guint) ((guint64) k * test->windows->len / n), &w);
      for (guint i = 0; i < train->windows->len; i++)
        {
          const guint16 *other = tokens + starts[i];
          int            equal = 0;

          if (starts[i + 1] - starts[i] != w.n_cells)
            continue;
          for (guint c = 0; c < w.n_cells; c++)
            equal += w.tokens[c] == other[c];
          if (equal > best_equal)
            {
              best_equal = equal;
              best = other;
            }
        }
      count_window (&count, &w, best);
    }

  return finish_count (&count);
}

AriettaStepScore
arietta_window_set_score_counts (AriettaWindowSet *train,
                                 AriettaWindowSet *test,
                                 guint             limit)
{
  const AriettaStepForm       *form = test->shape.form;
  g_autoptr(AriettaStepCounts) counts = arietta_step_counts_new (form);
  g_autofree double           *chances = g_new (double, form->n_tokens);
  AriettaStepScore             score;
  Count                        count = { .first_note = form->first_note };
  double                       nll = 0.0;
  guint                        n = MIN (limit, test->windows->len);
  AriettaStepWindow            w;

  for (guint i = 0; i < train->windows->len; i++)
    {
      arietta_window_set_read (train, i, &w);
      arietta_step_counts_learn (counts, &w);
    }

  for (guint k = 0; k < n; k++)
    {
      guint16 guess[ARIETTA_STEPS_MAX];

      arietta_window_set_read (test, (guint) ((guint64) k * test->windows->len / n), &w);
      for (guint s = 0; s < w.n_cells; s++)
        {
          guint best = 0;

          arietta_step_counts_predict (counts, &w, s, chances);
          for (guint t = 1; t < form->n_tokens; t++)
            if (chances[t] > chances[best])
              best = t;
          guess[s] = (guint16) best;
          nll -= log (chances[w.tokens[s]]);
        }
      count_window (&count, &w, guess);
    }

  score = finish_count (&count);
  score.nll = count.steps > 0.0 ? nll / count.steps : NAN;
  return score;
}
