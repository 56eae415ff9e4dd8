#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-decoder.h"

#include "nn/arietta-graph-attention.h"

#include <math.h>

#define DEVIATION 0.02
#define EPSILON 1e-5

static char *
name_of (const AriettaDecoderShape *shape,
         int                        layer,
         const char                *part)
{
  return g_strdup_printf ("%sl%d_%s", shape->prefix, layer, part);
}

static void
add_dense (AriettaParams *params,
           const char    *name,
           double         deviation,
           int            n_in,
           int            n_out)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  arietta_params_add (params, weight, ARIETTA_INIT_NORMAL, deviation, ARIETTA_SHAPE (n_out, n_in));
  arietta_params_add (params, bias, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (n_out));
}

static void
add_norm (AriettaParams             *params,
          const AriettaDecoderShape *shape,
          const char                *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);

  if (shape->rms)
    arietta_params_add (params, weight, ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (shape->n_columns));
  else
    arietta_params_add_norm (params, name, shape->n_columns);
}

void
arietta_params_add_decoder (AriettaParams             *params,
                            const AriettaDecoderShape *shape)
{
  const int        E = shape->n_columns, F = shape->n_inner, H = shape->n_heads;
  const double     adding = DEVIATION / sqrt (2.0 * shape->n_layers);
  g_autofree char *last = g_strconcat (shape->prefix, "n", NULL);

  for (int i = 0; i < shape->n_layers; i++)
    {
      g_autofree char *n1 = name_of (shape, i, "n1"), *qkv = name_of (shape, i, "qkv");
      g_autofree char *o = name_of (shape, i, "o"), *n2 = name_of (shape, i, "n2");
      g_autofree char *f1 = name_of (shape, i, "f1"), *f2 = name_of (shape, i, "f2");
      g_autofree char *bias = name_of (shape, i, "rel_bias"), *embedding = name_of (shape, i, "rel_emb");

      add_norm (params, shape, n1);
      add_dense (params, qkv, DEVIATION, E, 3 * E);
      add_dense (params, o, adding, E, E);
      if (shape->relative == ARIETTA_RELATIVE_BIAS)
        arietta_params_add (params, bias, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (H, shape->n_distances));
      if (shape->relative == ARIETTA_RELATIVE_EMBEDDING)
        arietta_params_add (params, embedding, ARIETTA_INIT_NORMAL, DEVIATION,
                            ARIETTA_SHAPE (H, shape->n_distances, E / H));
      add_norm (params, shape, n2);
      add_dense (params, f1, DEVIATION, E, F);
      add_dense (params, f2, adding, F, E);
    }
  add_norm (params, shape, last);
}

static AriettaNode
norm (AriettaGraph              *graph,
      const AriettaDecoderShape *shape,
      AriettaNode                x,
      const char                *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);

  return shape->rms ? arietta_graph_rms_norm (graph, x, arietta_graph_param (graph, weight), EPSILON)
                    : arietta_graph_layer_norm_named (graph, x, name);
}

AriettaNode
arietta_graph_decoder (AriettaGraph              *graph,
                       const AriettaDecoderShape *shape,
                       AriettaNode                x,
                       AriettaNode                lengths,
                       double                     dropout,
                       AriettaRandom             *stream)
{
  g_autofree char *last = g_strconcat (shape->prefix, "n", NULL);
  int              dims[ARIETTA_MAX_DIMS] = { 0 };

  /* A void one has none, and stays void. */
  if (x > 0)
    arietta_graph_get_shape (graph, x, dims);

  for (int i = 0; i < shape->n_layers; i++)
    {
      g_autofree char      *n1 = name_of (shape, i, "n1"), *qkv = name_of (shape, i, "qkv");
      g_autofree char      *o = name_of (shape, i, "o"), *n2 = name_of (shape, i, "n2");
      g_autofree char      *f1 = name_of (shape, i, "f1");
      g_autofree char      *f2_weight = name_of (shape, i, "f2.weight"), *f2_bias = name_of (shape, i, "f2.bias");
      g_autofree char      *bias = name_of (shape, i, "rel_bias"), *embedding = name_of (shape, i, "rel_emb");
      AriettaAttentionNodes nodes = { .heads = shape->n_heads, .causal = TRUE, .lengths = lengths };
      AriettaNode           y;

      if (dims[1] > shape->context)
        nodes.window = shape->context;
      if (shape->relative == ARIETTA_RELATIVE_BIAS)
        nodes.bias = arietta_graph_param (graph, bias);
      if (shape->relative == ARIETTA_RELATIVE_EMBEDDING)
        nodes.rel = arietta_graph_param (graph, embedding);

      nodes.qkv = arietta_graph_linear_named (graph, norm (graph, shape, x, n1), qkv);
      y = arietta_graph_linear_named (graph, arietta_graph_attention (graph, &nodes), o);
      x = arietta_graph_add (graph, x, arietta_graph_dropout (graph, y, dropout, stream));

      y = arietta_graph_linear_named (graph, norm (graph, shape, x, n2), f1);
      y = arietta_graph_activated_linear (graph, y, shape->activation, arietta_graph_param (graph, f2_weight),
                                          arietta_graph_param (graph, f2_bias));
      x = arietta_graph_add (graph, x, arietta_graph_dropout (graph, y, dropout, stream));
    }

  return norm (graph, shape, x, last);
}
