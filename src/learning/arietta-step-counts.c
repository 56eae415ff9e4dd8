#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-step-counts.h"

#include "learning/arietta-context-counts.h"

#define N_LEVELS 6

struct _AriettaStepCounts
{
  const AriettaStepForm *form;
  AriettaContextCounts  *counts;
};

/* What each level knows before @cell: of its voice alone. */
static void
make_contexts (const AriettaStepForm   *form,
               const AriettaStepWindow *window,
               guint                    cell,
               guint64                  contexts[N_LEVELS])
{
  guint  voice = cell / window->n_steps, first = voice * window->n_steps;
  guint  last = cell > first ? window->tokens[cell - 1] : form->n_tokens;
  guint  held = 0, now = form->n_tokens, before[2] = { 0, 0 }, n_before = 0;
  guint  s = cell;

  /* Back to the note or rest that is going on, then to the notes before it. */
  while (s > first && window->tokens[s - 1] == ARIETTA_STEPS_HOLD)
    {
      s--;
      held++;
    }
  if (s > first)
    {
      s--;
      held++;
      now = window->tokens[s];
    }
  while (s > first && n_before < 2)
    {
      s--;
      if (window->tokens[s] >= form->first_note)
        before[n_before++] = window->tokens[s];
    }

  contexts[0] = arietta_context_mix (1, voice);
  contexts[1] = arietta_context_mix (contexts[0], last);
  contexts[2] = arietta_context_mix (contexts[1], window->positions[cell - first] + 100);
  contexts[3] = arietta_context_mix (arietta_context_mix (contexts[2], MIN (held, 32)), now);
  contexts[4] = arietta_context_mix (contexts[3], before[0]);
  contexts[5] = arietta_context_mix (contexts[4], before[1]);
}

AriettaStepCounts *
arietta_step_counts_new (const AriettaStepForm *form)
{
  AriettaStepCounts *self = g_new0 (AriettaStepCounts, 1);

  self->form = form;
  self->counts = arietta_context_counts_new (form->n_tokens);

  return self;
}

AriettaStepCounts *
arietta_step_counts_restore (const AriettaStepForm *form,
                             const guint8          *bytes,
                             gsize                  n_bytes)
{
  AriettaContextCounts *counts = arietta_context_counts_restore (form->n_tokens, bytes, n_bytes);
  AriettaStepCounts    *self;

  if (counts == NULL)
    return NULL;

  self = g_new0 (AriettaStepCounts, 1);
  self->form = form;
  self->counts = counts;

  return self;
}

void
arietta_step_counts_free (AriettaStepCounts *self)
{
  if (self == NULL)
    return;

  arietta_context_counts_free (self->counts);
  g_free (self);
}

GBytes *
arietta_step_counts_store (AriettaStepCounts *self,
                           gsize              most)
{
  return arietta_context_counts_store (self->counts, most);
}

void
arietta_step_counts_learn (AriettaStepCounts       *self,
                           const AriettaStepWindow *window)
{
  for (guint c = 0; c < window->n_cells; c++)
    {
      guint64 contexts[N_LEVELS];

      make_contexts (self->form, window, c, contexts);
      arietta_context_counts_learn (self->counts, contexts, N_LEVELS, window->tokens[c]);
    }
}

void
arietta_step_counts_forget (AriettaStepCounts       *self,
                            const AriettaStepWindow *window)
{
  for (guint c = 0; c < window->n_cells; c++)
    {
      guint64 contexts[N_LEVELS];

      make_contexts (self->form, window, c, contexts);
      arietta_context_counts_forget (self->counts, contexts, N_LEVELS, window->tokens[c]);
    }
}

void
arietta_step_counts_predict (AriettaStepCounts       *self,
                             const AriettaStepWindow *window,
                             guint                    cell,
                             double                  *chances)
{
  guint64 contexts[N_LEVELS];

  make_contexts (self->form, window, cell, contexts);
  arietta_context_counts_predict (self->counts, contexts, N_LEVELS, chances);
}
