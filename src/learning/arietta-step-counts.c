#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-step-counts.h"

#include <string.h>

#define N_LEVELS 6

/* A cell of an open-addressed table: a hashed context, or a context with a token. Two contexts with
 * one hash of 64 bits would be counted together, which does no harm here. */
typedef struct
{
  guint64 key;       /* 0: free */
  guint32 count;
  guint32 distinct;  /* of contexts */
} Cell;

struct _AriettaStepCounts
{
  const AriettaStepForm *form;
  Cell  *cells;
  gsize  n_cells;    /* a power of two */
  gsize  n_used;
};

static guint64
mix (guint64 hash,
     guint64 value)
{
  hash ^= value + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
  hash *= G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  return hash ^ hash >> 33;
}

static guint64
token_key (guint64 context,
           guint   token)
{
  guint64 key = mix (context, token + 1000);

  return key != 0 ? key : 1;
}

/* The cell of @key; a free one if it is not there. */
static Cell *
find_cell (AriettaStepCounts *self,
           guint64            key)
{
  gsize place = key & (self->n_cells - 1);

  while (self->cells[place].key != 0 && self->cells[place].key != key)
    place = (place + 1) & (self->n_cells - 1);

  return &self->cells[place];
}

static Cell *
ensure_cell (AriettaStepCounts *self,
             guint64            key)
{
  Cell *cell;

  if (self->n_used * 2 >= self->n_cells)
    {
      Cell  *old = self->cells;
      gsize  n_old = self->n_cells;

      self->n_cells *= 2;
      self->cells = g_new0 (Cell, self->n_cells);
      for (gsize i = 0; i < n_old; i++)
        if (old[i].key != 0)
          *find_cell (self, old[i].key) = old[i];
      g_free (old);
    }

  cell = find_cell (self, key);
  if (cell->key == 0)
    {
      cell->key = key;
      self->n_used++;
    }

  return cell;
}

/* What each level knows before @step. */
static void
make_contexts (const AriettaStepForm   *form,
               const AriettaStepWindow *window,
               guint                    step,
               guint64                  contexts[N_LEVELS])
{
  guint  last = step > 0 ? window->tokens[step - 1] : form->n_tokens;
  guint  held = 0, now = form->n_tokens, before[2] = { 0, 0 }, n_before = 0;
  guint  s = step;

  /* Back to the note or rest that is going on, then to the notes before it. */
  while (s > 0 && window->tokens[s - 1] == ARIETTA_STEPS_HOLD)
    {
      s--;
      held++;
    }
  if (s > 0)
    {
      s--;
      held++;
      now = window->tokens[s];
    }
  while (s > 0 && n_before < 2)
    {
      s--;
      if (window->tokens[s] >= form->first_note)
        before[n_before++] = window->tokens[s];
    }

  contexts[0] = mix (1, 0);
  contexts[1] = mix (contexts[0], last);
  contexts[2] = mix (contexts[1], window->positions[step] + 100);
  contexts[3] = mix (mix (contexts[2], MIN (held, 32)), now);
  contexts[4] = mix (contexts[3], before[0]);
  contexts[5] = mix (contexts[4], before[1]);
}

AriettaStepCounts *
arietta_step_counts_new (const AriettaStepForm *form)
{
  AriettaStepCounts *self = g_new0 (AriettaStepCounts, 1);

  self->form = form;
  self->n_cells = 1 << 12;
  self->cells = g_new0 (Cell, self->n_cells);

  return self;
}

void
arietta_step_counts_free (AriettaStepCounts *self)
{
  if (self == NULL)
    return;

  g_free (self->cells);
  g_free (self);
}

void
arietta_step_counts_learn (AriettaStepCounts       *self,
                           const AriettaStepWindow *window)
{
  for (guint s = 0; s < window->n_steps; s++)
    {
      guint64 contexts[N_LEVELS];

      make_contexts (self->form, window, s, contexts);
      for (int k = 0; k < N_LEVELS; k++)
        {
          gboolean is_new = ensure_cell (self, token_key (contexts[k], window->tokens[s]))->count++
                            == 0;
          Cell    *cell = ensure_cell (self, contexts[k]);

          cell->count++;
          cell->distinct += is_new;
        }
    }
}

void
arietta_step_counts_predict (AriettaStepCounts       *self,
                             const AriettaStepWindow *window,
                             guint                    step,
                             double                  *chances)
{
  guint64 contexts[N_LEVELS];

  make_contexts (self->form, window, step, contexts);
  for (guint t = 0; t < self->form->n_tokens; t++)
    chances[t] = 1.0 / self->form->n_tokens;

  for (int k = 0; k < N_LEVELS; k++)
    {
      const Cell *context = find_cell (self, contexts[k]);
      double      n = context->count, d = context->distinct;

      if (context->key == 0)
        return;
      for (guint t = 0; t < self->form->n_tokens; t++)
        chances[t] = (find_cell (self, token_key (contexts[k], t))->count + d * chances[t])
                     / (n + d);
    }
}
