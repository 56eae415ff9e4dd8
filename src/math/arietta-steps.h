/* arietta-steps.h - what recurrent layers have in common: steps, lengths, and what is added to their gates
 *
 * A part of AriettaLstm and AriettaGru; what the terms mean is told in arietta-lstm.h.
 */
#pragma once

#include "math/arietta-pool.h"
#include "math/arietta-real.h"

#define ARIETTA_STEPS_MAX_TABLES 2

/* With G numbers of gates in a row: 4H or 3H. */
typedef struct
{
  int                T, B;         /* steps, sequences */
  int                reverse;
  const int32_t     *lengths;      /* (B) or NULL: T each */

  const AriettaReal *xg_tb;        /* (T,B,G) or NULL */
  const AriettaReal *zg_b;         /* (B,G) or NULL */
  const AriettaReal *bias;         /* (G) or NULL */
  const int32_t     *ids_tb[ARIETTA_STEPS_MAX_TABLES]; /* (T,B) or NULL */
  const AriettaReal *table[ARIETTA_STEPS_MAX_TABLES];  /* (V,G) */

  size_t             G;            /* set by the layer */
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

/* dW (G,H) += for each step dgates[t]^T h, with the h (B,H) before it: that of the step before in y (T,B,H), or h0,
 * which may be NULL for zeros. */
void arietta_steps_hidden_back (const AriettaSteps          *s,
                                AriettaReal                 *dW,
                                const AriettaReal           *dgates_tb,
                                const AriettaReal           *y_tb,
                                const AriettaReal           *h0_b,
                                int                          H);

/* Sequences that go through all the steps together, with W_hh packed or not. */
int  arietta_steps_block       (const AriettaReal           *packed);
/* Does func, over the pool, for each block of them. */
void arietta_steps_run_blocks  (const AriettaSteps          *s,
                                const AriettaReal           *packed,
                                AriettaPieceFunc             func,
                                void                        *data);
