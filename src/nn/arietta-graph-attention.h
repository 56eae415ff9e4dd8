/* arietta-graph-attention.h - operations that attention models are made of
 *
 * Sequences are batch first here: (B,S,E).  A pre-norm decoder layer, for example:
 *
 *   n   = arietta_graph_layer_norm_named (g, x, "l0_n1");
 *   qkv = arietta_graph_linear_named (g, n, "l0_qkv");
 *   y   = arietta_graph_attention (g, &(AriettaAttentionNodes) { .qkv = qkv, .heads = 8, .causal = TRUE });
 *   x   = arietta_graph_add (g, x, arietta_graph_linear_named (g, y, "l0_o"));
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaNode  qkv;      /* (B,S,3E): queries of all heads, then keys, then values */
  int          heads;    /* H, each of E / H columns */
  gboolean     causal;   /* rows see themselves and what comes before */
  int          window;   /* causal: of it only so many of the last, 0: all */
  AriettaNode  bias;     /* (H,R), not causal (H,2R-1): added to the scaled score by distance */
  AriettaNode  rel;      /* (H,R,E/H) or (H,2R-1,E/H): embeddings of distances; both may be NONE */
  AriettaNode  lengths;  /* (B) int: rows of each sequence, 1..S; beyond, y is 0; NONE: S each */
  AriettaNode *weights;  /* if not NULL, becomes what each row gave to each: (B,H,S,S), without a gradient */
} AriettaAttentionNodes;

/* Softmax attention with scores scaled by 1 / sqrt (E / H); returns y (B,S,E), the heads side by side.  What the
 * tables of distances hold is said in math/arietta-attention.h. */
AriettaNode arietta_graph_attention        (AriettaGraph                *self,
                                            const AriettaAttentionNodes *nodes);

/* The second half of a feed-forward pair: f (x) weight (H,D)^T + bias (H) of x (...,D).  The same as an activation and
 * a linear map, but f (x) is not kept for backward: the widest tensor of a decoder layer is there once, not
 * twice. */
AriettaNode arietta_graph_activated_linear (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            AriettaActivation            function,
                                            AriettaNode                  weight,
                                            AriettaNode                  bias);

/* Over the last dimension: (x - mean) / sqrt (variance + epsilon) weight (D) + bias (D). */
AriettaNode arietta_graph_layer_norm       (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            AriettaNode                  weight,
                                            AriettaNode                  bias,
                                            double                       epsilon);
/* With NAME.weight and NAME.bias, and PyTorch's epsilon of 1e-5. */
AriettaNode arietta_graph_layer_norm_named (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            const char                  *name);
/* x / sqrt (mean of x^2 + epsilon) weight (D) */
AriettaNode arietta_graph_rms_norm         (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            AriettaNode                  weight,
                                            double                       epsilon);
/* Declares NAME.weight, ones, and NAME.bias, zeros, for a layer norm of @n columns; neither decays. */
void        arietta_params_add_norm        (AriettaParams               *params,
                                            const char                  *name,
                                            int                          n);

G_END_DECLS
