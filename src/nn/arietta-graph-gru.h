/* arietta-graph-gru.h - gated recurrent units: over whole sequences in a graph, and step by step without one */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaNode inputs;      /* (T,B,3H): x W_ih^T of every step, e.g. by linear */
  AriettaNode constant;    /* (B,3H): the same at each step */
  AriettaNode bias;        /* (3H) */
  AriettaNode bias_hidden; /* (3H): within the reset gate's reach */
  AriettaNode ids[2];      /* (T,B): each adds a row of its table */
  AriettaNode tables[2];   /* (V,3H) */
  AriettaNode weight;      /* W_hh (3H,H); the only one that must be, with inputs or ids[0] */
  AriettaNode h0;          /* (B,H); NONE: zeros */
  AriettaNode lengths;     /* (B) int: steps of each sequence, 1..T; NONE: T each */
  gboolean    reverse;     /* from the last step to the first */
} AriettaGruNodes;

typedef struct
{
  AriettaNode y;           /* (T,B,H) */
  AriettaNode h_last;      /* (B,H): after the last step run */
} AriettaGruOutputs;

/* See math/arietta-gru.h.  Gates r, z, n.  Bidirectional as the LSTM: two, one reversed, and a concat. */
AriettaGruOutputs arietta_graph_gru        (AriettaGraph          *self,
                                            const AriettaGruNodes *nodes);
/* Declares NAME.weight_hh (3H,H), NAME.bias (3H) and NAME.bias_hh (3H), uniform within 1 / sqrt (H). */
void              arietta_params_add_gru   (AriettaParams         *params,
                                            const char            *name,
                                            int                    n_units);

/* The twin for use, as AriettaLstmCell is the LSTM's (arietta-lstm-cell.h): same rules, same threads. */
typedef struct _AriettaGruCell AriettaGruCell;

/* Names of parameters: weight_hh (3H,H); bias and bias_hidden (3H), table0 and table1 (V,3H) may be NULL. */
AriettaGruCell   *arietta_gru_cell_new     (AriettaParams         *params,
                                            const char            *weight_hh,
                                            const char            *bias,
                                            const char            *bias_hidden,
                                            const char            *table0,
                                            const char            *table1) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_gru_cell_free    (AriettaGruCell        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaGruCell, arietta_gru_cell_free)
/* After the parameters changed. */
void              arietta_gru_cell_refresh (AriettaGruCell        *self);
/* h (n,H): the state before, then after.  work_n (n,6H) is scratch.  zg_n (n,3H): what is the same at every step, or
 * NULL.  ids (n): rows of the tables, below 0 adds nothing; NULL if unused. */
void              arietta_gru_cell_step    (AriettaGruCell        *self,
                                            AriettaReal           *h_n,
                                            AriettaReal           *work_n,
                                            const AriettaReal     *zg_n,
                                            const gint32          *ids0,
                                            const gint32          *ids1,
                                            int                    n);

G_END_DECLS
