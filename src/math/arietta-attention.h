/* arietta-attention.h - attention of many heads within a sequence, without a table of all scores
 *
 * Vaswani et al., "Attention is all you need" (2017).  For each sequence b and head h, with D columns a head,
 * query i standing at position p = i + n_keys - n_queries of the keys:
 *
 *   s[i,j] = scale (q_i . k_j + q_i . rel[h,d]) + bias[h,d],   d = p - j
 *   w[i,.] = softmax over j of s[i,.],   y_i = sum over j of w[i,j] v_j
 *
 * bias is a number for each distance, rel the relative embedding of Shaw et al. (2018) as in Huang et al.,
 * "Music Transformer" (2018).  Causal: j from 0 to p, and if there is a window only the last `window` of
 * them; distances of R - 1 and more share the last row of bias (H,R) and rel (H,R,D).  Not causal: all j, and
 * bias (H,2R-1) and rel (H,2R-1,D) begin with distance 1 - R, again with all beyond in the last rows.
 *
 * Queries go by in panels of ARIETTA_PANEL, so that of all scores only those of one panel exist at a time, as a
 * strip (keys,ARIETTA_PANEL); keys that no query of the panel sees are never met.  Forward keeps the logarithm
 * of each row's sum, and backward makes the scores anew (Rabe and Staats, 2021; Dao et al., 2022):
 *
 *   w = e^(s - lse),   ds = w (dy_i . v_j - dy_i . y_i)
 *   dv_j += sum w dy_i,   dq_i += scale sum ds (k_j + rel),   dk_j += scale sum ds q_i,
 *   dbias[h,d] += sum ds,   drel[h,d] += scale sum ds q_i
 *
 * lengths (B), where queries and keys are the same rows: sequence b has lengths[b] of them; beyond, y is 0
 * and nothing is learned.
 */
#pragma once

#include "math/arietta-real.h"

typedef struct
{
  int                B, H, D;           /* sequences, heads, columns of a head */
  int                n_queries, n_keys; /* rows of each sequence */
  int                causal, window;    /* window 0: all of them */
  AriettaReal        scale;             /* mostly 1 / sqrt (D) */

  /* Head h is at columns h D; rows lie q_stride and kv_stride numbers apart, sequences whole rows apart. */
  const AriettaReal *q, *k, *v;
  size_t             q_stride, kv_stride;

  int                R;                 /* rows of bias and rel, see above */
  const AriettaReal *bias, *rel;        /* or NULL */
  const int32_t     *lengths;           /* or NULL */

  AriettaReal       *y;                 /* (B,n_queries,H D) */
  AriettaReal       *lse;               /* (B,H,n_queries), or NULL if there is to be no backward */
  AriettaReal       *weights;           /* (B,H,n_queries,n_keys): w, for those who want to see it, or NULL */

  AriettaReal       *scratch;           /* arietta_attention_scratch () numbers */
} AriettaAttention;

/* Laid out as q, k and v; all are added to. */
typedef struct
{
  const AriettaReal *dy;                /* (B,n_queries,H D) */
  AriettaReal       *dq, *dk, *dv;
  AriettaReal       *dbias, *drel;      /* or NULL */
  AriettaReal       *scratch;           /* arietta_attention_scratch_back () numbers */
} AriettaAttentionGradients;

size_t arietta_attention_scratch      (const AriettaAttention          *attention);
size_t arietta_attention_scratch_back (const AriettaAttention          *attention);

void   arietta_attention_forward      (const AriettaAttention          *attention);
void   arietta_attention_backward     (const AriettaAttention          *attention,
                                       const AriettaAttentionGradients *gradients);
