/* arietta-lstm.h - a long short-term memory layer over a whole sequence
 *
 * Hochreiter and Schmidhuber, "Long short-term memory" (1997), with forget gates; gates in PyTorch's
 * order i, f, g, o.  For each step t and each sequence b, with s (4H) the sum of the inputs:
 *
 *   s = xg[t,b] + zg[b] + bias + table_0[ids_0[t,b]] + table_1[ids_1[t,b]] + W_hh h[t-1,b]
 *   i, f, o = sigmoid (s_i, s_f, s_o),  g = tanh (s_g)
 *   c[t,b] = f c[t-1,b] + i g,   h[t,b] = o tanh (c[t,b])
 *
 * The input products are the caller's: xg is x W_ih^T for all steps in one product, zg what is the
 * same at every step, projected once; for tokens a table holds W_ih^T, one row a token, so a one-hot
 * product is the addition of a row (an id below 0 adds nothing).  Terms that are NULL are left out.
 *
 * The batch is cut into blocks of rows, and each goes through all the steps on its own: no thread
 * waits for another within a sequence.
 *
 * lengths (B): sequence b has lengths[b] steps; beyond them y is 0 and nothing is learned.  hn and cn are
 * the states after the last real step.  reverse: runs from the last step to the first, so hn belongs
 * to step 0.  With both, h0 and c0 must be NULL (zeros).
 */
#pragma once

#include "math/arietta-steps.h"

typedef struct
{
  AriettaSteps       in;           /* G is 4H */
  int                H;            /* units */
  const AriettaReal *W_hh;         /* (4H,H) */
  const AriettaReal *h0_b, *c0_b;  /* (B,H), or NULL for zeros */

  AriettaReal       *y_tb;         /* (T,B,H): h of every step */
  AriettaReal       *hn_b, *cn_b;  /* (B,H) or NULL */

  /* Kept from forward to backward, which turns gates into their gradients.  If there is to be no
   * backward, keep = 0 and both hold one step: (B,4H) and (B,H). */
  int                keep;
  AriettaReal       *gates_tb;     /* (T,B,4H) */
  AriettaReal       *c_tb;         /* (T,B,H) */

  /* W_hh by arietta_pack (), or NULL. */
  const AriettaReal *packed;
} AriettaLstm;

/* Each may be NULL; all but the first three are added to. */
typedef struct
{
  const AriettaReal *dy_tb;        /* (T,B,H) */
  const AriettaReal *dhn_b, *dcn_b;
  AriettaStepsGradients in;
  AriettaReal       *dW_hh, *dh0_b, *dc0_b;
  AriettaReal       *scratch;      /* (2,B,H), never NULL */
  /* W_hh by arietta_pack_transposed (), or NULL. */
  const AriettaReal *packed;
} AriettaLstmGradients;

void arietta_lstm_forward  (const AriettaLstm          *lstm);

/* Once after each forward with keep = 1. */
void arietta_lstm_backward (const AriettaLstm          *lstm,
                            const AriettaLstmGradients *gradients);
