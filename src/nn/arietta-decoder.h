/* arietta-decoder.h - a pre-norm attention decoder: the stack between embeddings and heads
 *
 * Each of its layers, with rows x (...,E):
 *
 *   x += o (attention (qkv (n1 (x)))),   x += f2 (activation (f1 (n2 (x))))
 *
 * and after the last the norm n.  What goes in (tokens, places, a prefix that tells what is wished for) and
 * what comes out (heads) is the model's own.  One description serves training, by a graph, and use, row
 * by row (arietta-decoder-cell.h).  Names of layer i, after PREFIX:
 *
 *   li_n1.weight (E) .bias (E)     li_qkv.weight (3E,E) .bias (3E)    li_o.weight (E,E) .bias (E)
 *   li_n2.weight (E) .bias (E)     li_f1.weight (F,E) .bias (F)       li_f2.weight (E,F) .bias (E)
 *   li_rel_bias (H,R), or li_rel_emb (H,R,E/H);                       and n.weight (E), n.bias (E)
 *
 * With RMS norms there are no n1.bias, n2.bias and n.bias.
 */
#pragma once

#include "nn/arietta-graph.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_RELATIVE_NONE,      /* the model adds places to what goes in */
  ARIETTA_RELATIVE_BIAS,      /* a number for each head and distance */
  ARIETTA_RELATIVE_EMBEDDING, /* a vector for each head and distance */
} AriettaRelative;

typedef struct
{
  const char        *prefix;      /* "" or "decoder." */
  int                n_layers, n_columns, n_heads, n_inner; /* E, H, F */
  int                context;     /* rows that a row sees, itself included */
  AriettaRelative    relative;
  int                n_distances; /* R: those told apart, all beyond share the last */
  AriettaActivation  activation;  /* mostly ARIETTA_GELU */
  gboolean           rms;
} AriettaDecoderShape;

/* Declares the parameters: weights normal with 0.02, those that add to x smaller by sqrt (2 layers), all else
 * zeros and ones (Radford et al., 2019). */
void        arietta_params_add_decoder (AriettaParams             *params,
                                        const AriettaDecoderShape *shape);

/* y (B,S,E) of x (B,S,E).  @lengths (B) int or NONE: rows of each sequence.  With a rate, dropout on what each
 * half of a layer adds; @stream is borrowed. */
AriettaNode arietta_graph_decoder      (AriettaGraph              *graph,
                                        const AriettaDecoderShape *shape,
                                        AriettaNode                x,
                                        AriettaNode                lengths,
                                        double                     dropout,
                                        AriettaRandom             *stream);

G_END_DECLS
