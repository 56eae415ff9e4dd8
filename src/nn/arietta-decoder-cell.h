/* arietta-decoder-cell.h - an attention decoder row by row, for use without a graph
 *
 * The twin of arietta_graph_decoder (): the same weights, and a state that keeps keys and values of the rows
 * read so far, so that a new row costs one pass over the weights and one over what is kept.
 *
 *   cell  = arietta_decoder_cell_new (&shape, &source, ARIETTA_MATRIX_AS_STORED, &error);
 *   state = arietta_decoder_state_new (cell, 8);
 *   arietta_decoder_cell_read (cell, state, 0, NULL, y, prefix, n);     // whatever tells what is wished for
 *   for (int i = 1; i < 8; i++)
 *     arietta_decoder_state_copy (state, i, 0);                         // eight candidates go on from there
 *   for (...)
 *     {
 *       ... logits of y by a head (arietta-matrix.h), a token for each candidate, its embedding into x ...
 *       arietta_decoder_cell_step (cell, state, y, x, 8);
 *     }
 *
 * A row sees the last `context` rows of its sequence, itself included, as the graph's window does: a sequence
 * may go on for ever.  What is older is forgotten; what it gave to rows that are still seen stays in them.  A
 * row's result does not depend on the other sequences of a step.
 *
 * Threads: a cell may be shared by threads, each with states of its own.
 */
#pragma once

#include "nn/arietta-decoder.h"
#include "nn/arietta-matrix.h"

G_BEGIN_DECLS

typedef struct _AriettaDecoderCell AriettaDecoderCell;
typedef struct _AriettaDecoderState AriettaDecoderState;

/* @shape and @source are read now, but for weights that stay where they lie.  Errors: as arietta_matrix_new (). */
AriettaDecoderCell  *arietta_decoder_cell_new         (const AriettaDecoderShape  *shape,
                                                       const AriettaWeightSource  *source,
                                                       AriettaMatrixKind           kind,
                                                       GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_decoder_cell_free        (AriettaDecoderCell         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDecoderCell, arietta_decoder_cell_free)

/* For as many as @n_sequences, each empty.  @cell must outlive it. */
AriettaDecoderState *arietta_decoder_state_new        (AriettaDecoderCell         *cell,
                                                       int                         n_sequences) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_decoder_state_free       (AriettaDecoderState        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDecoderState, arietta_decoder_state_free)
/* Rows read by a sequence, forgotten ones included. */
gint64               arietta_decoder_state_get_length (AriettaDecoderState        *self,
                                                       int                         sequence);
/* Goes back to where the sequence had read @length rows; FALSE, with nothing changed, if rows that were seen
 * then are forgotten by now. */
gboolean             arietta_decoder_state_rewind     (AriettaDecoderState        *self,
                                                       int                         sequence,
                                                       gint64                      length);
/* @to becomes what @from is. */
void                 arietta_decoder_state_copy       (AriettaDecoderState        *self,
                                                       int                         to,
                                                       int                         from);
/* What the last step's row of @sequence gave each row it saw, in one head of one layer: @n numbers that sum to 1,
 * from row @first on.  NULL before the first step. */
const AriettaReal   *arietta_decoder_state_get_weights (AriettaDecoderState       *self,
                                                       int                         sequence,
                                                       int                         layer,
                                                       int                         head,
                                                       gint64                     *first,
                                                       int                        *n);

/* Reads @n rows x (n,E) of one sequence at once.  @y (n,E), or NULL, gets what comes out for each, @last (E),
 * or NULL, that of the last.  Allocates when it reads more rows than ever before. */
void                 arietta_decoder_cell_read        (AriettaDecoderCell         *self,
                                                       AriettaDecoderState        *state,
                                                       int                         sequence,
                                                       AriettaReal                *y,
                                                       AriettaReal                *last,
                                                       const AriettaReal          *x,
                                                       int                         n);
/* A row each for sequences 0 to n - 1: y (n,E) of x (n,E).  Allocates nothing. */
void                 arietta_decoder_cell_step        (AriettaDecoderCell         *self,
                                                       AriettaDecoderState        *state,
                                                       AriettaReal                *y,
                                                       const AriettaReal          *x,
                                                       int                         n);

G_END_DECLS
