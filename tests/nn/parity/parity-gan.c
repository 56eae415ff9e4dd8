/* The whole convolutional GAN: scores, losses, and the gradients of critic and generator. */
#include "parity-fixtures.h"

#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"

static const char *const kernels[] = { "g_t1.weight", "g_t2.weight", "d_c1.weight", "d_c2.weight" };
static const char *const others[] = {
  "g_fc.weight", "g_fc.bias", "g_bn0.weight", "g_bn0.bias", "g_bn1.weight", "g_bn1.bias", "g_t2.bias",
  "d_c1.bias", "d_c2.bias", "d_fc.weight", "d_fc.bias",
};
static const char *const norms[] = { "g_bn0", "g_bn1" };

static void
declare (Parity *c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kernels); i++)
    parity_param (c, kernels[i], parity_name (c, "p.%s", kernels[i]), PARITY_KERNEL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    parity_param (c, others[i], parity_name (c, "p.%s", others[i]), PARITY_AS_IS);
  for (gsize i = 0; i < G_N_ELEMENTS (norms); i++)
    {
      const char *mean = parity_name (c, "%s.mean", norms[i]), *variance = parity_name (c, "%s.variance", norms[i]);
      const int   n = parity_size (c, parity_name (c, "p.%s.weight", norms[i]), 0);

      arietta_params_add (c->params, mean, ARIETTA_INIT_ZERO, 0, ARIETTA_SHAPE (n));
      arietta_params_add (c->params, variance, ARIETTA_INIT_CONSTANT, 1, ARIETTA_SHAPE (n));
      arietta_params_set_state (c->params, mean);
      arietta_params_set_state (c->params, variance);
    }
  parity_begin (c);
}

/* PyTorch's channels come before height and width: (B,C H W) to (B,H,W,C). */
static AriettaNode
to_image (Parity      *c,
          AriettaNode  x,
          int          B,
          int          n_channels)
{
  x = arietta_graph_transpose (c->graph, arietta_graph_reshape (c->graph, x, ARIETTA_SHAPE (B, n_channels, -1)), 1, 2);

  return arietta_graph_reshape (c->graph, x, ARIETTA_SHAPE (B, -1, 1, n_channels));
}

static AriettaNode
from_image (Parity      *c,
            AriettaNode  x,
            int          B,
            int          n_channels)
{
  x = arietta_graph_transpose (c->graph, arietta_graph_reshape (c->graph, x, ARIETTA_SHAPE (B, -1, n_channels)), 1, 2);

  return arietta_graph_reshape (c->graph, x, ARIETTA_SHAPE (B, -1));
}

static AriettaNode
generator (Parity     *c,
           const char *z)
{
  const int   B = parity_size (c, z, 0);
  AriettaNode x;

  x = arietta_graph_linear_named (c->graph, parity_input (c, z, PARITY_AS_IS), "g_fc");
  x = to_image (c, x, B, parity_size (c, "p.g_bn0.weight", 0));
  x = arietta_graph_activation (c->graph, arietta_graph_batch_norm_named (c->graph, x, "g_bn0", FALSE), ARIETTA_RELU);
  x = arietta_graph_conv_transposed_named (c->graph, x, "g_t1", &(AriettaConvSettings) {
                                             .stride = { parity_size (c, "p.g_t1.weight", 2),
                                                         parity_size (c, "p.g_t1.weight", 3) } });
  x = arietta_graph_activation (c->graph, arietta_graph_batch_norm_named (c->graph, x, "g_bn1", FALSE), ARIETTA_RELU);
  x = arietta_graph_conv_transposed_named (c->graph, x, "g_t2",
                                           &(AriettaConvSettings) { .stride = { 2, 2 }, .padding = { 1, 1 } });

  return arietta_graph_activation (c->graph, x, ARIETTA_SIGMOID);
}

static AriettaNode
critic (Parity      *c,
        AriettaNode  x,
        int          B)
{
  x = arietta_graph_conv_named (c->graph, x, "d_c1", &(AriettaConvSettings) { .stride = { 2, 2 }, .padding = { 1, 1 } });
  x = arietta_graph_conv_named (c->graph, arietta_graph_activation (c->graph, x, ARIETTA_LEAKY_RELU), "d_c2",
                                &(AriettaConvSettings) { .stride = { 3, 3 } });
  x = arietta_graph_activation (c->graph, x, ARIETTA_LEAKY_RELU);
  x = from_image (c, x, B, parity_size (c, "p.d_c2.weight", 0));

  return arietta_graph_linear_named (c->graph, x, "d_fc");
}

static void
gradients (Parity     *c,
           const char *prefix)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (g_str_has_prefix (kernels[i], prefix))
      parity_gradient (c, kernels[i], parity_name (c, "g.%s", kernels[i]), PARITY_KERNEL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_prefix (others[i], prefix))
      parity_gradient (c, others[i], parity_name (c, "g.%s", others[i]), PARITY_AS_IS);
}

static void
critic_step (Parity *c)
{
  const int   B = parity_size (c, "real", 0);
  AriettaNode fake, scores[2], sides[2], losses[2], loss;

  declare (c);
  fake = parity_node (c, generator (c, "z"), "fake", PARITY_CHANNELS_LAST);
  scores[0] = parity_node (c, critic (c, parity_input (c, "real", PARITY_CHANNELS_LAST), B), "score_real", PARITY_AS_IS);
  scores[1] = parity_node (c, critic (c, fake, B), "score_fake", PARITY_AS_IS);
  for (int i = 0; i < 2; i++)
    {
      sides[i] = arietta_graph_input (c->graph, "sides", ARIETTA_SHAPE (B, 1));
      losses[i] = arietta_graph_hinge_loss (c->graph, scores[i], sides[i], ARIETTA_NODE_NONE, B);
    }
  loss = parity_node (c, parity_sum (c, losses, 2), "loss_d", PARITY_AS_IS);
  parity_compile (c, loss);
  for (int i = 0; i < 2; i++)
    for (int b = 0; b < B; b++)
      arietta_graph_get_values (c->graph, sides[i])[b] = i == 0 ? 1 : -1;
  parity_run (c, loss);
  gradients (c, "d_");
  for (gsize i = 0; i < G_N_ELEMENTS (norms); i++)
    {
      parity_weights (c, parity_name (c, "%s.mean", norms[i]), parity_name (c, "after_fake.%s.running_mean", norms[i]),
                      PARITY_AS_IS);
      parity_weights (c, parity_name (c, "%s.variance", norms[i]), parity_name (c, "after_fake.%s.running_var", norms[i]),
                      PARITY_AS_IS);
    }
}

static void
generator_step (Parity *c)
{
  const int   B = parity_size (c, "zg", 0);
  AriettaNode loss;

  parity_again (c);
  declare (c);
  loss = arietta_graph_scale (c->graph, arietta_graph_mean_all (c->graph, critic (c, generator (c, "zg"), B)), -1);
  parity_run (c, parity_node (c, loss, "loss_g", PARITY_AS_IS));
  gradients (c, "g_");
}

void
parity_model_gan (Parity *c)
{
  critic_step (c);
  generator_step (c);
}
