/* arietta-steps.h - what recurrent layers have in common: steps, lengths, and what is added to their gates
 *
 * For .c files of math/.  The fields are those of arietta-lstm.h, for G numbers of gates a unit in all.
 */
#pragma once

#include "math/arietta-real.h"

#define ARIETTA_STEPS_MAX_TABLES 2

typedef struct
{
  int                T, B;
  size_t             G;                                 /* numbers of a row of gates */
  int                reverse;
  const int32_t     *lengths;
  const AriettaReal *xg_tb, *zg_b, *bias;
  const int32_t     *ids_tb[ARIETTA_STEPS_MAX_TABLES];
  const AriettaReal *table[ARIETTA_STEPS_MAX_TABLES];
} AriettaSteps;

/* Each may be NULL; added to. */
typedef struct
{
  AriettaReal       *dxg_tb, *dzg_b, *dbias, *dtable[ARIETTA_STEPS_MAX_TABLES];
} AriettaStepsGradients;

/* The n-th step in the order of running. */
static inline int
arietta_step_at (const AriettaSteps *s,
                 int                 n)
{
  return s->reverse ? s->T - 1 - n : n;
}

static inline int
arietta_step_is_real (const AriettaSteps *s,
                      int                 t,
                      int                 b)
{
  return s->lengths == NULL || t < s->lengths[b];
}

static inline int
arietta_step_is_last (const AriettaSteps *s,
                      int                 t,
                      int                 b)
{
  if (s->reverse)
    return t == 0;

  return t == (s->lengths != NULL ? s->lengths[b] : s->T) - 1;
}

/* gates (G) = the sum of what is the layer's input at step t of sequence b. */
void arietta_steps_gather      (const AriettaSteps          *s,
                                AriettaReal                 *gates,
                                int                          t,
                                int                          b);
/* One pass over the gates' gradients (T,B,G) feeds everything that was added to the gates; over the pool. */
void arietta_steps_gather_back (const AriettaSteps          *s,
                                const AriettaStepsGradients *d,
                                const AriettaReal           *dgates_tb);
