/* arietta-ops-recurrent.h - what the operations of LSTM and GRU have in common; for their files */
#pragma once

#include "math/arietta-steps.h"
#include "nn/arietta-graph-private.h"

G_BEGIN_DECLS

enum
{
  IN_INPUTS,
  IN_CONSTANT,
  IN_BIAS,
  IN_IDS,          /* two */
  IN_TABLES = IN_IDS + 2,
  IN_WEIGHT = IN_TABLES + 2,
  IN_H0,
  IN_OTHER,        /* c0 of an LSTM, bias_hidden of a GRU */
  IN_LENGTHS,
  N_IN,
};

enum
{
  OUT_Y,
  OUT_H,
  OUT_C,           /* LSTM */
};

G_STATIC_ASSERT (N_IN <= ARIETTA_OP_MAX_INPUTS);

/* What backward reads of the inputs besides. */
#define ARIETTA_RECURRENT_KEEPS                                                              \
  (ARIETTA_KEEP_OUTPUTS | ARIETTA_KEEP_INPUT (IN_IDS) | ARIETTA_KEEP_INPUT (IN_IDS + 1)      \
   | ARIETTA_KEEP_INPUT (IN_WEIGHT) | ARIETTA_KEEP_INPUT (IN_H0) | ARIETTA_KEEP_INPUT (IN_LENGTHS))

typedef struct
{
  int         n_gates;        /* of a unit */
  const char *other;          /* what IN_OTHER is called, */
  gboolean    other_is_state; /* and whether it is a state (B,H), or for all gates (n_gates H) */
  int         n_saved;        /* numbers a unit of a step keeps for backward */
} AriettaRecurrentKind;

/* The shape rule: outputs y (T,B,H) and h (B,H), and c (B,H) if there is another state; room for packed weights. */
gboolean              arietta_recurrent_shape          (AriettaGraph               *graph,
                                                        AriettaOp                  *op,
                                                        const AriettaRecurrentKind *kind,
                                                        GString                    *why);
AriettaSteps          arietta_recurrent_steps          (AriettaOp                  *op);
AriettaStepsGradients arietta_recurrent_gradients      (AriettaOp                  *op);
/* W_hh packed for forward, in the operation's work, or for backward, in its scratch; NULL where CBLAS is as quick. */
const AriettaReal    *arietta_recurrent_pack           (AriettaOp                  *op);
const AriettaReal    *arietta_recurrent_pack_back      (AriettaOp                  *op);

G_END_DECLS
