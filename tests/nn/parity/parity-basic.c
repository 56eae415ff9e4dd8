/* Single operations: linear maps, tables, activations, and the losses of rows. */
#include "parity-fixtures.h"

#include "nn/arietta-graph-loss.h"

#include <math.h>

void
parity_linear (Parity *c)
{
  AriettaNode y, loss;

  parity_param (c, "x", "x", PARITY_AS_IS);
  parity_param (c, "f.weight", "weight", PARITY_AS_IS);
  parity_param (c, "f.bias", "bias", PARITY_AS_IS);
  parity_begin (c);
  y = arietta_graph_linear_named (c->graph, arietta_graph_param (c->graph, "x"), "f");
  loss = parity_dot (c, parity_node (c, y, "y", PARITY_AS_IS), "gy", PARITY_AS_IS);
  parity_run (c, parity_node (c, loss, "loss", PARITY_AS_IS));
  parity_gradient (c, "x", "grad.x", PARITY_AS_IS);
  parity_gradient (c, "f.weight", "grad.weight", PARITY_AS_IS);
  parity_gradient (c, "f.bias", "grad.bias", PARITY_AS_IS);
}

void
parity_embedding (Parity *c)
{
  AriettaNode y, loss;

  parity_param (c, "weight", "weight", PARITY_AS_IS);
  parity_begin (c);
  y = arietta_graph_embedding (c->graph, parity_input (c, "ids", PARITY_AS_IS),
                               arietta_graph_param (c->graph, "weight"));
  loss = parity_dot (c, parity_node (c, y, "y", PARITY_AS_IS), "gy", PARITY_AS_IS);
  parity_run (c, parity_node (c, loss, "loss", PARITY_AS_IS));
  parity_gradient (c, "weight", "grad.weight", PARITY_AS_IS);
}

void
parity_activations (Parity *c)
{
  static const struct
  {
    const char        *name;
    AriettaActivation  f;
  } functions[] = {
    { "relu", ARIETTA_RELU }, { "leaky_relu_0.2", ARIETTA_LEAKY_RELU }, { "sigmoid", ARIETTA_SIGMOID },
    { "tanh", ARIETTA_TANH }, { "gelu", ARIETTA_GELU }, { "gelu_tanh", ARIETTA_GELU_TANH },
    { "silu", ARIETTA_SILU }, { "softplus", ARIETTA_SOFTPLUS }, { "elu", ARIETTA_ELU },
    { "log_sigmoid", ARIETTA_LOG_SIGMOID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      AriettaNode y;

      parity_again (c);
      parity_param (c, "x", "x", PARITY_AS_IS);
      parity_begin (c);
      y = arietta_graph_activation (c->graph, arietta_graph_param (c->graph, "x"), functions[i].f);
      parity_node (c, y, parity_name (c, "%s.y", functions[i].name), PARITY_AS_IS);
      parity_run (c, parity_dot (c, y, "gy", PARITY_AS_IS));
      parity_gradient (c, "x", parity_name (c, "%s.grad.x", functions[i].name), PARITY_AS_IS);
    }
}

void
parity_cross_entropy (Parity *c)
{
  const double smoothing = g_ascii_strtod (parity_metadata (c, "label_smoothing"), NULL);
  const struct
  {
    const char *name, *target;
    double      smoothing, divisor;
  } variants[] = {
    { "mean", "target", 0, 0 },
    { "sum", "target", 0, 1 },
    { "ignore", "target_ignore", 0, 0 },
    { "smooth", "target", smoothing, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      AriettaNode  logits, chances, loss;
      AriettaReal *log_chances;
      gsize        n;

      parity_again (c);
      parity_param (c, "logits", "logits", PARITY_AS_IS);
      parity_begin (c);
      logits = arietta_graph_param (c->graph, "logits");
      chances = parity_node (c, arietta_graph_softmax (c->graph, logits), "probs", PARITY_AS_IS);
      loss = arietta_graph_cross_entropy (c->graph, logits, parity_input (c, variants[i].target, PARITY_AS_IS),
                                          ARIETTA_NODE_NONE, variants[i].smoothing, variants[i].divisor,
                                          NULL);
      parity_node (c, loss, parity_name (c, "%s.loss", variants[i].name), PARITY_AS_IS);
      parity_run (c, loss);
      parity_gradient (c, "logits", parity_name (c, "%s.grad.logits", variants[i].name), PARITY_AS_IS);

      n = arietta_graph_get_n_elements (c->graph, chances);
      log_chances = parity_own (c, g_new (AriettaReal, n), g_free);
      for (gsize k = 0; k < n; k++)
        log_chances[k] = (AriettaReal) log ((double) arietta_graph_get_values (c->graph, chances)[k]);
      parity_values (c, log_chances, n, "log_probs", PARITY_AS_IS);
    }
}

void
parity_losses (Parity *c)
{
  static const char *const names[] = {
    "bce_logits_mean", "mse_mean", "l1_mean", "huber_mean", "hinge_real", "hinge_fake",
  };
  const double n = (double) parity_view (c, "x")->n_elements;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AriettaNode x, target, sides = ARIETTA_NODE_NONE, loss;

      parity_again (c);
      parity_param (c, "x", "x", PARITY_AS_IS);
      parity_begin (c);
      x = arietta_graph_param (c->graph, "x");
      target = parity_input (c, i == 0 ? "target01" : "target", PARITY_AS_IS);
      switch (i)
        {
        case 0:
          loss = arietta_graph_binary_cross_entropy (c->graph, x, target, ARIETTA_NODE_NONE, n);
          break;
        case 1:
          loss = arietta_graph_squared_error (c->graph, x, target, ARIETTA_NODE_NONE, n);
          break;
        case 2:
          loss = arietta_graph_absolute_error (c->graph, x, target, ARIETTA_NODE_NONE, n);
          break;
        case 3:
          loss = arietta_graph_huber_error (c->graph, x, target, ARIETTA_NODE_NONE, 1, n);
          break;
        default:
          sides = arietta_graph_input (c->graph, "sides", ARIETTA_SHAPE (parity_size (c, "x", 0), parity_size (c, "x", 1)));
          loss = arietta_graph_hinge_loss (c->graph, x, sides, ARIETTA_NODE_NONE, n);
        }
      parity_node (c, loss, names[i], PARITY_AS_IS);
      parity_compile (c, loss);
      for (gsize k = 0; sides != ARIETTA_NODE_NONE && k < parity_view (c, "x")->n_elements; k++)
        arietta_graph_get_values (c->graph, sides)[k] = i == 4 ? 1 : -1;
      parity_run (c, loss);
      parity_gradient (c, "x", parity_name (c, "%s.grad.x", names[i]), PARITY_AS_IS);
    }
}

void
parity_kl (Parity *c)
{
  for (int variant = 0; variant < 2; variant++)
    {
      const char  *name = variant == 0 ? "kl" : "z";
      AriettaNode  mu, logvar, z, kl, loss_z;

      parity_again (c);
      parity_param (c, "mu", "mu", PARITY_AS_IS);
      parity_param (c, "logvar", "logvar", PARITY_AS_IS);
      parity_begin (c);
      mu = arietta_graph_param (c->graph, "mu");
      logvar = arietta_graph_param (c->graph, "logvar");
      z = arietta_graph_reparameterise (c->graph, mu, logvar, parity_input (c, "eps", PARITY_AS_IS));
      parity_node (c, z, "z", PARITY_AS_IS);
      loss_z = parity_node (c, parity_dot (c, z, "gz", PARITY_AS_IS), "loss_z", PARITY_AS_IS);
      kl = parity_node (c, arietta_graph_gaussian_kl (c->graph, mu, logvar, 0, NULL), "kl", PARITY_AS_IS);
      parity_run (c, variant == 0 ? kl : loss_z);
      parity_gradient (c, "mu", parity_name (c, "%s.grad.mu", name), PARITY_AS_IS);
      parity_gradient (c, "logvar", parity_name (c, "%s.grad.logvar", name), PARITY_AS_IS);
    }
}
