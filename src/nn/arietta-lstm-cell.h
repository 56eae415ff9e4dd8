/* arietta-lstm-cell.h - layers one step at a time, for sampling without a graph
 *
 * A cell is the step-by-step twin of arietta_graph_lstm (), a dense layer that of arietta_graph_linear ():
 * the same parameters, the state with the caller.  The weights are packed once, when it is made (see
 * math/arietta-packed.h), and a row's result does not depend on the rows beside it.
 *
 *   g_autoptr(AriettaLstmCell) cell = arietta_lstm_cell_new (params, "dec.weight_hh", "dec.bias",
 *                                                            "dec.table", "dec.place");
 *   g_autoptr(AriettaDense)    out  = arietta_dense_new (params, "out");
 *
 *   for (int t = 0; t < T; t++)
 *     {
 *       arietta_lstm_cell_step (cell, h, c, scratch, zg, tokens, places, n);
 *       arietta_dense_apply (out, logits, h, n);
 *       ... draw tokens from logits ...
 *     }
 *
 * The parameters are borrowed and must not change meanwhile; after they did (training goes on), call
 * _refresh.  Or the weights are those of a mapped file: matrices are read where they lie, if they are F32, BF16 or
 * I8 with factors (see nn/arietta-matrix.h; those of a tensor NAME are NAME.factors), so a model costs no memory
 * that the system could not take back, and is there at once.
 *
 * Threads: stepping changes only what is passed in, so threads may share a cell, each with its own state.
 */
#pragma once

#include "nn/arietta-matrix.h"

G_BEGIN_DECLS

typedef struct _AriettaLstmCell AriettaLstmCell;

/* Names of parameters: weight_hh (4H,H); bias (4H), table0 and table1 (V,4H) may be NULL. */
AriettaLstmCell *arietta_lstm_cell_new     (AriettaParams     *params,
                                            const char        *weight_hh,
                                            const char        *bias,
                                            const char        *table0,
                                            const char        *table1) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a file, which must outlive it; only bias and tables are copied.  Errors: ARIETTA_NN_ERROR_MISMATCH if a
 * tensor is not there or has another shape. */
AriettaLstmCell *arietta_lstm_cell_new_mapped (AriettaSafetensors  *file,
                                            const char        *weight_hh,
                                            const char        *bias,
                                            const char        *table0,
                                            const char        *table1,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_lstm_cell_free    (AriettaLstmCell   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaLstmCell, arietta_lstm_cell_free)
void             arietta_lstm_cell_refresh (AriettaLstmCell   *self);
/* Holds W_hh in fewer bits from now on: half or a quarter of the memory and, for few rows, of the time; see
 * math/arietta-dot.h.  ARIETTA_MATRIX_AS_STORED: in full again.  Not while another thread steps. */
void             arietta_lstm_cell_round   (AriettaLstmCell   *self,
                                            AriettaMatrixKind  kind);

/* h (n,H) and c (n,H): the state before, then after.  gates_n (n,4H) is scratch.  zg_n (n,4H): what is the
 * same at every step, or NULL.  ids (n): rows of the tables, below 0 adds nothing; NULL if unused. */
void             arietta_lstm_cell_step    (AriettaLstmCell   *self,
                                            AriettaReal       *h_n,
                                            AriettaReal       *c_n,
                                            AriettaReal       *gates_n,
                                            const AriettaReal *zg_n,
                                            const gint32      *ids0,
                                            const gint32      *ids1,
                                            int                n);

typedef struct _AriettaDense AriettaDense;

/* With the parameters NAME.weight (H,D) and, where it exists, NAME.bias (H). */
AriettaDense    *arietta_dense_new         (AriettaParams     *params,
                                            const char        *name) G_GNUC_WARN_UNUSED_RESULT;
AriettaDense    *arietta_dense_new_mapped  (AriettaSafetensors *file,
                                            const char        *name,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_dense_free        (AriettaDense      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDense, arietta_dense_free)
void             arietta_dense_refresh     (AriettaDense      *self);
/* As arietta_lstm_cell_round (). */
void             arietta_dense_round       (AriettaDense      *self,
                                            AriettaMatrixKind  kind);

/* y (n,H) = x (n,D) W^T + b */
void             arietta_dense_apply       (AriettaDense      *self,
                                            AriettaReal       *y_n,
                                            const AriettaReal *x_n,
                                            int                n);

G_END_DECLS
