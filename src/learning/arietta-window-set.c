#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-set.h"

#include "analysis/arietta-key-finder.h"
#include "learning/arietta-step-counts.h"

#include <math.h>
#include <string.h>

struct _AriettaWindowSet
{
  GArray    *windows;   /* AriettaLabelledWindow */
  GPtrArray *styles;    /* char * */
  guint      n_pieces;
};

AriettaWindowSet *
arietta_window_set_new (void)
{
  AriettaWindowSet *self = g_new0 (AriettaWindowSet, 1);

  self->windows = g_array_new (FALSE, FALSE, sizeof (AriettaLabelledWindow));
  self->styles = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
arietta_window_set_free (AriettaWindowSet *self)
{
  if (self == NULL)
    return;

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

static guint
add_window (AriettaWindowSet *self,
            AriettaSteps     *steps,
            guint             bar,
            guint             n_bars,
            int               style,
            guint            *n_failed)
{
  AriettaLabelledWindow labelled = { .style = style, .piece = self->n_pieces };

  if (!arietta_steps_get_window (steps, bar, n_bars, &labelled.window))
    {
      if (n_failed != NULL)
        (*n_failed)++;
      return 0;
    }
  if (!arietta_step_window_has_onset (&labelled.window))
    return 0;

  g_array_append_val (self->windows, labelled);
  return 1;
}

guint
arietta_window_set_add (AriettaWindowSet *self,
                        AriettaPiece     *piece,
                        const char       *style,
                        guint            *n_failed)
{
  AriettaTonality         key = arietta_key_finder_estimate (piece, NULL);
  g_autoptr(AriettaSteps) steps = arietta_steps_new (piece, key);
  guint                   n_bars, pickup, n = 0;
  int                     label;

  if (steps == NULL)
    return 0;

  label = find_style (self, style);
  n_bars = arietta_steps_get_n_bars (steps);
  pickup = arietta_steps_has_pickup (steps) ? 1 : 0;

  for (guint b = 0; b + 1 < n_bars; b++)
    n += add_window (self, steps, b, 2, label, n_failed);
  if (pickup)
    n += add_window (self, steps, 0, 1, label, NULL);
  if ((n_bars - pickup) % 2 == 1)
    n += add_window (self, steps, n_bars - 1, 1, label, NULL);
  self->n_pieces++;

  return n;
}

GArray *
arietta_window_set_cut (AriettaSteps *steps)
{
  GArray *windows = g_array_new (FALSE, FALSE, sizeof (AriettaStepWindow));
  guint   n_bars = arietta_steps_get_n_bars (steps);
  guint   bar = 0;

  while (bar < n_bars)
    {
      guint n = (bar == 0 && arietta_steps_has_pickup (steps)) || bar + 1 == n_bars ? 1 : 2;
      AriettaStepWindow window;

      /* Two long bars that do not fit together are taken one by one. */
      if (n == 2 && !arietta_steps_get_window (steps, bar, 2, &window))
        n = 1;
      if (arietta_steps_get_window (steps, bar, n, &window)
          && arietta_step_window_has_onset (&window))
        g_array_append_val (windows, window);
      bar += n;
    }

  return windows;
}

static guint
hash_window (gconstpointer data)
{
  const AriettaLabelledWindow *w = data;
  guint                        hash = 2166136261u ^ (guint) (w->style + 1);

  for (guint s = 0; s < w->window.n_steps; s++)
    hash = ((hash ^ w->window.tokens[s]) * 16777619u ^ w->window.positions[s]) * 16777619u;

  return hash;
}

static gboolean
equal_windows (gconstpointer a,
               gconstpointer b)
{
  const AriettaLabelledWindow *x = a, *y = b;

  return x->style == y->style && x->window.n_steps == y->window.n_steps
         && x->window.numerator == y->window.numerator
         && memcmp (x->window.tokens, y->window.tokens, x->window.n_steps) == 0
         && memcmp (x->window.positions, y->window.positions, x->window.n_steps) == 0;
}

void
arietta_window_set_unique (AriettaWindowSet *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (hash_window, equal_windows);
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (AriettaLabelledWindow),
                                    self->windows->len);

  for (guint i = 0; i < self->windows->len; i++)
    {
      AriettaLabelledWindow *w = &g_array_index (self->windows, AriettaLabelledWindow, i);

      if (g_hash_table_add (seen, w))
        g_array_append_val (kept, *w);
    }

  g_hash_table_remove_all (seen);
  g_array_unref (self->windows);
  self->windows = kept;
}

guint
arietta_window_set_get_n (AriettaWindowSet *self)
{
  return self->windows->len;
}

const AriettaLabelledWindow *
arietta_window_set_get_nth (AriettaWindowSet *self,
                            guint             nth)
{
  g_return_val_if_fail (nth < self->windows->len, NULL);

  return &g_array_index (self->windows, AriettaLabelledWindow, nth);
}

guint
arietta_window_set_get_n_styles (AriettaWindowSet *self)
{
  return self->styles->len;
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
  double steps, right, onsets, right_onsets;
} Count;

static void
count_window (Count                   *count,
              const AriettaStepWindow *truth,
              const guint8            *guess)
{
  for (guint s = 0; s < truth->n_steps; s++)
    {
      gboolean right = truth->tokens[s] == guess[s];
      gboolean onset = truth->tokens[s] >= ARIETTA_STEPS_FIRST_NOTE;

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
  Count count = { 0 };

  for (guint i = 0; i < test->windows->len; i++)
    {
      const AriettaStepWindow *w = &g_array_index (test->windows, AriettaLabelledWindow, i).window;
      guint8                   guess[ARIETTA_STEPS_MAX] = { ARIETTA_STEPS_HOLD };

      memcpy (guess + 1, w->tokens, w->n_steps - 1);
      count_window (&count, w, guess);
    }

  return finish_count (&count);
}

AriettaStepScore
arietta_window_set_score_nearest (AriettaWindowSet *train,
                                  AriettaWindowSet *test,
                                  guint             limit)
{
  Count count = { 0 };
  guint n = MIN (limit, test->windows->len);

  for (guint k = 0; k < n; k++)
    {
      guint                    place = (guint) ((guint64) k * test->windows->len / n);
      const AriettaStepWindow *w =
        &g_array_index (test->windows, AriettaLabelledWindow, place).window;
      guint8                   silence[ARIETTA_STEPS_MAX] = { 0 };
      const guint8            *best = silence;
      int                      best_equal = -1;

      for (guint i = 0; i < train->windows->len; i++)
        {
          const AriettaStepWindow *other =
            &g_array_index (train->windows, AriettaLabelledWindow, i).window;
          int                      equal = 0;

          if (other->n_steps != w->n_steps)
            continue;
          for (guint s = 0; s < w->n_steps; s++)
            equal += w->tokens[s] == other->tokens[s];
          if (equal > best_equal)
            {
              best_equal = equal;
              best = other->tokens;
            }
        }
      count_window (&count, w, best);
    }

  return finish_count (&count);
}

AriettaStepScore
arietta_window_set_score_counts (AriettaWindowSet *train,
                                 AriettaWindowSet *test,
                                 guint             limit)
{
  g_autoptr(AriettaStepCounts) counts = arietta_step_counts_new ();
  AriettaStepScore             score;
  Count                        count = { 0 };
  double                       nll = 0.0;
  guint                        n = MIN (limit, test->windows->len);

  for (guint i = 0; i < train->windows->len; i++)
    arietta_step_counts_learn (counts,
                               &g_array_index (train->windows, AriettaLabelledWindow, i).window);

  for (guint k = 0; k < n; k++)
    {
      guint                    place = (guint) ((guint64) k * test->windows->len / n);
      const AriettaStepWindow *w =
        &g_array_index (test->windows, AriettaLabelledWindow, place).window;
      guint8                   guess[ARIETTA_STEPS_MAX];

      for (guint s = 0; s < w->n_steps; s++)
        {
          double chances[ARIETTA_STEPS_N_TOKENS];
          guint  best = 0;

          arietta_step_counts_predict (counts, w, s, chances);
          for (guint t = 1; t < ARIETTA_STEPS_N_TOKENS; t++)
            if (chances[t] > chances[best])
              best = t;
          guess[s] = (guint8) best;
          nll -= log (chances[w->tokens[s]]);
        }
      count_window (&count, w, guess);
    }

  score = finish_count (&count);
  score.nll = count.steps > 0.0 ? nll / count.steps : NAN;
  return score;
}
