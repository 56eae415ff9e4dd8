/* arietta-gru.h - a gated recurrent unit layer over a whole sequence
 *
 * Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014), in PyTorch's form and order of
 * gates r, z, n.  For each step t and each sequence b, with s (3H) the sum of the inputs, as in
 * arietta-lstm.h, and m (3H) = W_hh h[t-1,b] + bias_hidden:
 *
 *   r, z = sigmoid (s_r + m_r, s_z + m_z),   n = tanh (s_n + r m_n)
 *   h[t,b] = (1 - z) n + z h[t-1,b]
 *
 * bias_hidden is apart because r weighs it.  Inputs, lengths, reverse and blocks are as the LSTM's; with both
 * lengths and reverse, h0 must be NULL.
 */
#pragma once

#include "math/arietta-steps.h"

typedef struct
{
  AriettaSteps       in;           /* G is 3H */
  int                H;            /* units */
  const AriettaReal *bias_hidden;  /* (3H) or NULL */
  const AriettaReal *W_hh;         /* (3H,H) */
  const AriettaReal *h0_b;         /* (B,H), or NULL for zeros */

  AriettaReal       *y_tb;         /* (T,B,H): h of every step */
  AriettaReal       *hn_b;         /* (B,H) or NULL */

  /* Kept from forward to backward, which turns both into gradients.  If there is to be no backward, keep = 0 and
   * each holds one step: (B,3H). */
  int                keep;
  AriettaReal       *gates_tb, *hidden_tb; /* (T,B,3H) */

  /* W_hh by arietta_pack (), or NULL. */
  const AriettaReal *packed;
} AriettaGru;

/* Each may be NULL; all but the first two are added to. */
typedef struct
{
  const AriettaReal *dy_tb;        /* (T,B,H) */
  const AriettaReal *dhn_b;
  AriettaStepsGradients in;
  AriettaReal       *dbias_hidden, *dW_hh, *dh0_b;
  AriettaReal       *scratch;      /* (2,B,H), never NULL */
  /* W_hh by arietta_pack_transposed (), or NULL. */
  const AriettaReal *packed;
} AriettaGruGradients;

void arietta_gru_forward  (const AriettaGru          *gru);

/* Once after each forward with keep = 1.  With ds and dm the gradients of s and m:
 *
 *   dh += dy[t];   dn = dh (1 - z) (1 - n^2);   dr = dn m_n r (1 - r);   dz = dh (h[t-1] - n) z (1 - z)
 *   ds = (dr, dz, dn),   dm = (dr, dz, dn r);   to t-1:  dh = dh z + dm W_hh
 *   dW_hh = sum over t of dm[t]^T h[t-1],   dbias_hidden = sum of dm;   every term of s gets ds. */
void arietta_gru_backward (const AriettaGru          *gru,
                           const AriettaGruGradients *gradients);
