/* Attention, norms, and what moves or adds up along dimensions, against central differences; and attention
 * against the plain formula. */
#include "gradient-case.h"

#include "math/arietta-attention.h"
#include "nn/arietta-graph-attention.h"
#include "nn/arietta-graph-shape.h"
#include "nn/arietta-nn-error.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;
  int         B, S, H, D;
  gboolean    causal;
  int         window;
  int         bias, rel; /* distances told apart; 0: none */
  gboolean    lengths;
} AttentionCase;

static const AttentionCase attention_cases[] = {
  { "causal", 2, 5, 2, 3, TRUE, 0, 0, 0, FALSE },
  { "full", 2, 5, 2, 3, FALSE, 0, 0, 0, FALSE },
  { "one row", 1, 1, 2, 2, TRUE, 0, 1, 1, FALSE },
  { "bias", 2, 5, 2, 3, TRUE, 0, 5, 0, FALSE },
  { "bias, few distances", 2, 6, 2, 3, TRUE, 0, 3, 0, FALSE },
  { "embeddings", 2, 5, 2, 3, TRUE, 0, 0, 5, FALSE },
  { "embeddings, few distances", 2, 6, 1, 3, TRUE, 0, 0, 3, FALSE },
  { "embeddings, more distances", 2, 4, 1, 3, TRUE, 0, 7, 7, FALSE },
  { "full, bias and embeddings", 2, 5, 2, 2, FALSE, 0, 3, 3, FALSE },
  { "window", 2, 7, 1, 2, TRUE, 3, 0, 0, FALSE },
  { "window, embeddings, lengths", 3, 7, 1, 2, TRUE, 3, 4, 4, TRUE },
  { "lengths", 3, 6, 2, 2, TRUE, 0, 0, 0, TRUE },
  { "full, lengths, bias", 3, 6, 2, 2, FALSE, 0, 6, 0, TRUE },
  { "several panels", 1, 61, 1, 2, TRUE, 0, 20, 20, FALSE },
  { "several panels, window", 1, 110, 1, 2, TRUE, 50, 0, 0, FALSE },
  { "wide heads", 1, 5, 1, 50, TRUE, 0, 0, 5, FALSE },
};

static AriettaNode
build (GradientCase        *c,
       const AttentionCase *a,
       AriettaNode         *lengths,
       AriettaNode         *weights)
{
  gradient_case_init (c);
  gradient_case_add (c, "qkv", ARIETTA_SHAPE (a->B, a->S, 3 * a->H * a->D));
  if (a->bias > 0)
    gradient_case_add (c, "bias", ARIETTA_SHAPE (a->H, a->causal ? a->bias : 2 * a->bias - 1));
  if (a->rel > 0)
    gradient_case_add (c, "rel", ARIETTA_SHAPE (a->H, a->causal ? a->rel : 2 * a->rel - 1, a->D));
  gradient_case_begin (c);
  *lengths = arietta_graph_input_int (c->graph, "lengths", ARIETTA_SHAPE (a->B));

  return arietta_graph_keep (c->graph, arietta_graph_attention (c->graph, &(AriettaAttentionNodes) {
           .qkv = gradient_case_param (c, "qkv"),
           .heads = a->H, .causal = a->causal, .window = a->window,
           .bias = a->bias > 0 ? gradient_case_param (c, "bias") : ARIETTA_NODE_NONE,
           .rel = a->rel > 0 ? gradient_case_param (c, "rel") : ARIETTA_NODE_NONE,
           .lengths = a->lengths ? *lengths : ARIETTA_NODE_NONE,
           .weights = weights }));
}

static void
set_lengths (GradientCase        *c,
             const AttentionCase *a,
             AriettaNode          lengths)
{
  for (int b = 0; b < a->B; b++)
    arietta_graph_get_ints (c->graph, lengths)[b] = a->S - (b * 2) % a->S;
}

static void
test_attention (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attention_cases); i++)
    {
      const AttentionCase *a = &attention_cases[i];
      GradientCase         c;
      AriettaNode          y, lengths, loss;

      g_test_message ("%s", a->name);
      y = build (&c, a, &lengths, NULL);
      loss = gradient_case_scalar_of (&c, y, "w");
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, loss - 1);
      set_lengths (&c, a, lengths);
      gradient_case_check (&c, loss);
    }
}

/* The header's formula, one score at a time; weights (S) of one row. */
static void
plain_row (const AttentionCase *a,
           AriettaParams       *params,
           int                  b,
           int                  h,
           int                  i,
           int                  n,
           double              *weights,
           double              *y)
{
  const int          E = a->H * a->D, R = MAX (a->bias, a->rel), rows = a->causal ? R : 2 * R - 1;
  const AriettaReal *qkv = arietta_params_get (params, "qkv") + (gsize) b * a->S * 3 * E + h * a->D;
  double             sum = 0.0;

  memset (weights, 0, sizeof *weights * a->S);
  memset (y, 0, sizeof *y * a->D);
  if (i >= n)
    return;

  for (int j = 0; j < n; j++)
    {
      int    row = CLAMP (i - j, a->causal ? 0 : 1 - R, R - 1) + (a->causal ? 0 : R - 1);
      double score = 0.0;

      if (a->causal && (j > i || (a->window > 0 && j <= i - a->window)))
        continue;
      for (int d = 0; d < a->D; d++)
        score += qkv[(gsize) i * 3 * E + d]
                 * (qkv[(gsize) j * 3 * E + E + d]
                    + (a->rel > 0 ? arietta_params_get (params, "rel")[((gsize) h * rows + row) * a->D + d] : 0));
      score /= sqrt (a->D);
      if (a->bias > 0)
        score += arietta_params_get (params, "bias")[h * rows + row];
      weights[j] = exp (score);
      sum += weights[j];
    }

  for (int j = 0; j < n; j++)
    {
      weights[j] /= sum;
      for (int d = 0; d < a->D; d++)
        y[d] += weights[j] * qkv[(gsize) j * 3 * E + 2 * E + d];
    }
}

static void
test_plain (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attention_cases); i++)
    {
      const AttentionCase *a = &attention_cases[i];
      g_autofree double   *weights = g_new (double, a->S), *y = g_new (double, a->D);
      GradientCase         c;
      AriettaNode          node, lengths, weights_node, loss;

      g_test_message ("%s", a->name);
      node = build (&c, a, &lengths, &weights_node);
      arietta_graph_keep (c.graph, weights_node);
      loss = gradient_case_scalar_of (&c, node, "w");
      gradient_case_compile (&c, loss);
      set_lengths (&c, a, lengths);
      arietta_graph_forward (c.graph);

      for (int b = 0; b < a->B; b++)
        for (int h = 0; h < a->H; h++)
          for (int row = 0; row < a->S; row++)
            {
              const AriettaReal *ours = arietta_graph_get_values (c.graph, node);
              const AriettaReal *ours_weights = arietta_graph_get_values (c.graph, weights_node);

              plain_row (a, c.params, b, h, row, a->lengths ? a->S - (b * 2) % a->S : a->S, weights, y);
              for (int d = 0; d < a->D; d++)
                g_assert_cmpfloat_with_epsilon (ours[(((gsize) b * a->S + row) * a->H + h) * a->D + d], y[d],
                                                1e-12);
              for (int j = 0; j < a->S; j++)
                g_assert_cmpfloat_with_epsilon (ours_weights[(((gsize) b * a->H + h) * a->S + row) * a->S + j],
                                                weights[j], 1e-12);
            }

      arietta_graph_free (c.graph);
      arietta_params_free (c.params);
    }
}

/* Some of the last queries alone, with all the keys, give what they gave among all. */
static void
test_later_queries (void)
{
  enum { S = 70, LATE = 53, H = 2, D = 3, E = H * D };
  g_autofree AriettaReal *qkv = g_new (AriettaReal, S * 3 * E), *rel = g_new (AriettaReal, H * S * D);
  g_autofree AriettaReal *y = g_new (AriettaReal, S * E), *late = g_new (AriettaReal, (S - LATE) * E);
  g_autofree AriettaReal *scratch = NULL;
  AriettaAttention        a = {
    .B = 1, .H = H, .D = D, .n_queries = S, .n_keys = S, .causal = 1, .window = 60, .scale = 0.4,
    .q = qkv, .k = qkv + E, .v = qkv + 2 * E, .q_stride = 3 * E, .kv_stride = 3 * E,
    .R = S, .rel = rel, .y = y,
  };
  AriettaRandom           random;

  arietta_random_init (&random, 3, "late");
  for (int i = 0; i < S * 3 * E; i++)
    qkv[i] = arietta_random_normal (&random);
  for (int i = 0; i < H * S * D; i++)
    rel[i] = arietta_random_normal (&random);

  a.scratch = scratch = g_new (AriettaReal, arietta_attention_scratch (&a));
  arietta_attention_forward (&a);
  a.n_queries = S - LATE;
  a.q += LATE * 3 * E;
  a.y = late;
  arietta_attention_forward (&a);
  for (int i = 0; i < (S - LATE) * E; i++)
    g_assert_cmpfloat_with_epsilon (late[i], y[LATE * E + i], 1e-12);
}

/* Fewer rows than go by at once, and more; every activation, and the two operations it stands for. */
static void
test_activated_linear (void)
{
  for (int variant = 0; variant < ARIETTA_N_ACTIVATIONS + 1; variant++)
    {
      const AriettaActivation f = variant < ARIETTA_N_ACTIVATIONS ? (AriettaActivation) variant : ARIETTA_GELU;
      GradientCase            c;
      AriettaNode             x, y, plain, loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (variant < ARIETTA_N_ACTIVATIONS ? 4 : 530, 3));
      gradient_case_add (&c, "f.weight", ARIETTA_SHAPE (2, 3));
      gradient_case_add (&c, "f.bias", ARIETTA_SHAPE (2));
      gradient_case_begin (&c);
      x = gradient_case_param (&c, "x");
      y = arietta_graph_keep (c.graph, arietta_graph_activated_linear (c.graph, x, f,
                                                                       gradient_case_param (&c, "f.weight"),
                                                                       gradient_case_param (&c, "f.bias")));
      plain = arietta_graph_keep (c.graph, arietta_graph_linear_named (c.graph,
                                                                       arietta_graph_activation (c.graph, x, f), "f"));
      loss = gradient_case_scalar_of (&c, y, "w");
      gradient_case_compile (&c, loss);
      gradient_case_fill (&c, loss - 1);
      arietta_graph_forward (c.graph);
      for (gsize i = 0; i < arietta_graph_get_n_elements (c.graph, y); i++)
        g_assert_cmpfloat_with_epsilon (arietta_graph_get_values (c.graph, y)[i],
                                        arietta_graph_get_values (c.graph, plain)[i], 1e-12);
      gradient_case_check (&c, loss);
    }
}

static void
test_norms (void)
{
  for (int n = 3; n < 80; n += 34)
    for (int variant = 0; variant < 2; variant++)
      {
        GradientCase c;
        AriettaNode  x, y, loss;

        gradient_case_init (&c);
        gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 3, n));
        gradient_case_add (&c, "n.weight", ARIETTA_SHAPE (n));
        gradient_case_add (&c, "n.bias", ARIETTA_SHAPE (n));
        gradient_case_begin (&c);
        x = gradient_case_param (&c, "x");
        if (variant == 0)
          y = arietta_graph_layer_norm_named (c.graph, x, "n");
        else
          y = arietta_graph_add (c.graph,
                                 arietta_graph_rms_norm (c.graph, x, gradient_case_param (&c, "n.weight"), 1e-5),
                                 gradient_case_param (&c, "n.bias"));
        loss = gradient_case_scalar_of (&c, y, "w");
        gradient_case_compile (&c, loss);
        gradient_case_fill (&c, loss - 1);
        gradient_case_check (&c, loss);
      }
}

/* Rows beyond one piece, so that the sums of pieces meet. */
static void
test_norm_pieces (void)
{
  GradientCase c;
  AriettaNode  loss;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (150, 3));
  gradient_case_add (&c, "n.weight", ARIETTA_SHAPE (3));
  gradient_case_add (&c, "n.bias", ARIETTA_SHAPE (3));
  gradient_case_begin (&c);
  loss = gradient_case_scalar_of (&c, arietta_graph_layer_norm_named (c.graph, gradient_case_param (&c, "x"), "n"),
                                  "w");
  gradient_case_compile (&c, loss);
  gradient_case_fill (&c, loss - 1);
  gradient_case_check (&c, loss);
}

static void
test_shapes (void)
{
  static const int pairs[][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 }, { -1, -3 }, { 0, 3 }, { 2, 2 } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      GradientCase c;
      AriettaNode  x, y, turned, loss;

      gradient_case_init (&c);
      gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 3, 4, 5));
      gradient_case_begin (&c);
      x = gradient_case_param (&c, "x");
      turned = arietta_graph_transpose (c.graph, x, pairs[i][0], pairs[i][1]);
      y = arietta_graph_sum (c.graph, turned, i % 4);
      y = arietta_graph_mean (c.graph, y, -1 - (int) i % 3);
      y = arietta_graph_reshape (c.graph, y, ARIETTA_SHAPE (-1));
      loss = arietta_graph_multiply (c.graph, gradient_case_scalar_of (&c, y, "w"),
                                     arietta_graph_sum_all (c.graph, arietta_graph_multiply (c.graph, x, x)));
      loss = arietta_graph_add (c.graph, loss, arietta_graph_mean_all (c.graph, x));
      gradient_case_compile (&c, loss);
      for (AriettaNode node = 1; node < loss; node++)
        {
          int shape[ARIETTA_MAX_DIMS];

          /* The input that weighs: the only one of y's shape that is not x. */
          if (node != x && node != y && arietta_graph_get_shape (c.graph, node, shape) == 1 && node > y)
            {
              gradient_case_fill (&c, node);
              break;
            }
        }
      gradient_case_check (&c, loss);
    }
}

static void
test_transpose_values (void)
{
  GradientCase c;
  AriettaNode  y, back;

  gradient_case_init (&c);
  gradient_case_add (&c, "x", ARIETTA_SHAPE (2, 3, 4));
  gradient_case_begin (&c);
  y = arietta_graph_keep (c.graph, arietta_graph_transpose (c.graph, gradient_case_param (&c, "x"), 0, 2));
  back = arietta_graph_keep (c.graph, arietta_graph_transpose (c.graph, y, -1, 0));
  gradient_case_compile (&c, arietta_graph_mean_all (c.graph, back));
  arietta_graph_forward (c.graph);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 4; k++)
        g_assert_true (arietta_graph_get_values (c.graph, y)[(k * 3 + j) * 2 + i]
                       == arietta_params_get (c.params, "x")[(i * 3 + j) * 4 + k]);
  g_assert_cmpmem (arietta_graph_get_values (c.graph, back), 24 * sizeof (AriettaReal),
                   arietta_params_get (c.params, "x"), 24 * sizeof (AriettaReal));
  arietta_graph_free (c.graph);
  arietta_params_free (c.params);
}

static void
test_words (void)
{
  static const struct
  {
    int         rows, heads, window;
    const char *part;
  } cases[] = {
    { 12, 5, 0, "(2,3,12) is not (B,S,3E) with E columns for 5 heads" },
    { 12, 2, -1, "a window is not at least 0" },
    { 13, 1, 0, "(2,3,13)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      GradientCase      c;
      AriettaNode       y;

      gradient_case_init (&c);
      gradient_case_add (&c, "qkv", ARIETTA_SHAPE (2, 3, cases[i].rows));
      gradient_case_begin (&c);
      y = arietta_graph_attention (c.graph, &(AriettaAttentionNodes) {
            .qkv = gradient_case_param (&c, "qkv"), .heads = cases[i].heads, .causal = TRUE,
            .window = cases[i].window });
      g_assert_false (arietta_graph_compile (c.graph, y, &error));
      g_assert_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_MISMATCH);
      if (strstr (error->message, cases[i].part) == NULL)
        g_error ("%s", error->message);
      arietta_graph_free (c.graph);
      arietta_params_free (c.params);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/gradients/attention", test_attention);
  g_test_add_func ("/nn/attention/plain-formula", test_plain);
  g_test_add_func ("/nn/attention/later-queries", test_later_queries);
  g_test_add_func ("/nn/gradients/activated-linear", test_activated_linear);
  g_test_add_func ("/nn/gradients/norms", test_norms);
  g_test_add_func ("/nn/gradients/norm-pieces", test_norm_pieces);
  g_test_add_func ("/nn/gradients/moves-and-sums", test_shapes);
  g_test_add_func ("/nn/shape/transpose-values", test_transpose_values);
  g_test_add_func ("/nn/attention/misfit-says-which", test_words);

  return g_test_run ();
}
