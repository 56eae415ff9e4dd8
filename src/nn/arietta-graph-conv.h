/* arietta-graph-conv.h - images and sequences: convolution, pooling, batch norm
 *
 * Images are (B,H,W,C), channels last; sequences (B,T,C), which are images one place wide.  An activation of
 * RELU or LEAKY_RELU right after a convolution or batch norm that nothing else reads costs nothing.
 *
 *   x = arietta_graph_conv_named (g, x, "conv1", &(AriettaConvSettings) { .stride = { 2, 2 }, .padding = { 1, 1 } });
 *   x = arietta_graph_batch_norm_named (g, x, "norm1", FALSE);
 *   x = arietta_graph_activation (g, x, ARIETTA_RELU);
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

/* Of height and width; sequences have the first alone.  0 stands for 1 where there must be something. */
typedef struct
{
  int stride[2], padding[2], dilation[2];
  int output_padding[2]; /* places more than needed at the end, of transposed convolution */
  int groups;            /* channels fall into so many groups, each convolved by itself */
} AriettaConvSettings;

/* Cross-correlation.  x (B,H,W,C), weight (KH,KW,C/G,D), bias (D) or NONE:
 *   y (B,P,Q,D):  y[p,q] = bias + sum over i, j of x[p s + i d - pad, q s + j d - pad] weight[i][j],
 *   P = (H + 2 pad - d (KH - 1) - 1) / s + 1, rounded down.
 * A sequence x (B,T,C) has weight (K,C/G,D) and y (B,P,D).  @settings: NULL for the plainest. */
AriettaNode arietta_graph_conv             (AriettaGraph              *self,
                                            AriettaNode                x,
                                            AriettaNode                weight,
                                            AriettaNode                bias,
                                            const AriettaConvSettings *settings);
/* The parameters NAME.weight and, where it exists, NAME.bias. */
AriettaNode arietta_graph_conv_named       (AriettaGraph              *self,
                                            AriettaNode                x,
                                            const char                *name,
                                            const AriettaConvSettings *settings);
/* The adjoint of the convolution with the same weight, which leads from y's channels to x's: x (B,H,W,C),
 * weight (KH,KW,D/G,C), bias (D):
 *   y (B,P,Q,D):  y[h s + i d - pad, w s + j d - pad] += x[h,w] weight[i][j]^T, then bias,
 *   P = (H - 1) s - 2 pad + d (KH - 1) + output padding + 1. */
AriettaNode arietta_graph_conv_transposed  (AriettaGraph              *self,
                                            AriettaNode                x,
                                            AriettaNode                weight,
                                            AriettaNode                bias,
                                            const AriettaConvSettings *settings);
AriettaNode arietta_graph_conv_transposed_named (AriettaGraph         *self,
                                            AriettaNode                x,
                                            const char                *name,
                                            const AriettaConvSettings *settings);
/* NAME.weight (height,width,C/G,D) and, if so, NAME.bias (D), uniform within 1 / sqrt (height width C/G). */
void        arietta_params_add_conv        (AriettaParams             *params,
                                            const char                *name,
                                            int                        height,
                                            int                        width,
                                            int                        n_in,
                                            int                        n_out,
                                            int                        groups,
                                            gboolean                   bias);
/* The same for a transposed one: (height,width,D/G,C). */
void        arietta_params_add_conv_transposed (AriettaParams         *params,
                                            const char                *name,
                                            int                        height,
                                            int                        width,
                                            int                        n_in,
                                            int                        n_out,
                                            int                        groups,
                                            gboolean                   bias);

/* The largest, or the mean, of windows height x width, one beside the other or every @stride places (0: as
 * large as the window); incomplete ones are dropped.  x (B,H,W,C) or, width being 1, (B,T,C). */
AriettaNode arietta_graph_pool_largest     (AriettaGraph              *self,
                                            AriettaNode                x,
                                            int                        height,
                                            int                        width,
                                            int                        stride);
AriettaNode arietta_graph_pool_mean        (AriettaGraph              *self,
                                            AriettaNode                x,
                                            int                        height,
                                            int                        width,
                                            int                        stride);

/* Of the last dimension's channels, x (...,C): y = (x - mean) / sqrt (variance + epsilon) weight + bias, all (C).
 * In TRAIN mean and (biased) variance are the batch's, and the running ones go a share of momentum towards them
 * (the variance unbiased) with each forward; in EVAL, or if @fixed, the running ones are used. */
typedef struct
{
  AriettaNode weight, bias;
  AriettaNode mean, variance;    /* running: states of the parameters */
  double      momentum, epsilon; /* 0: 0.1 and 1e-5 */
  gboolean    fixed;
} AriettaBatchNormNodes;

AriettaNode arietta_graph_batch_norm       (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            const AriettaBatchNormNodes *nodes);
/* NAME.weight, NAME.bias, NAME.mean, NAME.variance, momentum 0.1. */
AriettaNode arietta_graph_batch_norm_named (AriettaGraph                *self,
                                            AriettaNode                  x,
                                            const char                  *name,
                                            gboolean                     fixed);
void        arietta_params_add_batch_norm  (AriettaParams               *params,
                                            const char                  *name,
                                            int                          n_channels);

G_END_DECLS
