/* GRU over a whole sequence, and the same sequence a step at a time. */
#include "parity-fixtures.h"

#include "nn/arietta-graph-gru.h"

#include <string.h>

static const char *const weights[] = { "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0" };

/* Inputs projected by hand, the rest by the cell. */
static void
steps (Parity *c,
       int     T,
       int     B,
       int     H)
{
  const int          D = parity_size (c, "x", 2);
  AriettaGruCell    *cell = arietta_gru_cell_new (c->params, "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", NULL, NULL);
  const AriettaReal *x = arietta_params_get (c->params, "x"), *W = arietta_params_get (c->params, "weight_ih_l0");
  AriettaReal       *h, *work, *zg, *y;

  parity_own (c, cell, (GDestroyNotify) arietta_gru_cell_free);
  h = parity_own (c, g_memdup2 (arietta_params_get (c->params, "h0"), sizeof *h * (gsize) B * H), g_free);
  work = parity_own (c, g_new (AriettaReal, B * 6 * H), g_free);
  zg = parity_own (c, g_new (AriettaReal, B * 3 * H), g_free);
  y = parity_own (c, g_new (AriettaReal, T * B * H), g_free);

  for (int t = 0; t < T; t++)
    {
      for (int b = 0; b < B; b++)
        for (int g = 0; g < 3 * H; g++)
          {
            zg[b * 3 * H + g] = 0;
            for (int d = 0; d < D; d++)
              zg[b * 3 * H + g] += x[(t * B + b) * D + d] * W[g * D + d];
          }
      arietta_gru_cell_step (cell, h, work, zg, NULL, NULL, B);
      memcpy (y + t * B * H, h, sizeof *h * (gsize) B * H);
    }
  parity_values (c, y, (gsize) T * B * H, "y", PARITY_SWAPPED);
  parity_values (c, h, (gsize) B * H, "hn", PARITY_AS_IS);
}

void
parity_gru (Parity *c)
{
  const int         B = parity_size (c, "x", 0), T = parity_size (c, "x", 1), H = parity_size (c, "h0", 2);
  AriettaGruOutputs out;
  AriettaNode       W[G_N_ELEMENTS (weights)], parts[2], incoming, loss;

  if (parity_size (c, "h0", 0) != 1 || parity_view (c, "ghn")->n_elements != (gsize) B * H)
    parity_give_up (c, "the states are not those of one direction");

  parity_param (c, "x", "x", PARITY_SWAPPED);
  parity_param_values (c, "h0", parity_floats (c, "h0"), ARIETTA_SHAPE (B, H));
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    parity_param (c, weights[i], weights[i], PARITY_AS_IS);
  parity_begin (c);

  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    W[i] = arietta_graph_param (c->graph, weights[i]);
  out = arietta_graph_gru (c->graph, &(AriettaGruNodes) {
          .inputs = arietta_graph_linear (c->graph, arietta_graph_param (c->graph, "x"), W[0], W[2]),
          .weight = W[1], .bias_hidden = W[3], .h0 = arietta_graph_param (c->graph, "h0") });
  parity_node (c, out.y, "y", PARITY_SWAPPED);
  arietta_graph_keep (c->graph, out.h_last);
  parts[0] = parity_dot (c, out.y, "gy", PARITY_SWAPPED);
  incoming = arietta_graph_input (c->graph, "incoming gradient", ARIETTA_SHAPE (B, H));
  parts[1] = arietta_graph_dot (c->graph, out.h_last, incoming);
  loss = parity_node (c, parity_sum (c, parts, 2), "loss", PARITY_AS_IS);

  parity_compile (c, loss);
  for (int i = 0; i < B * H; i++)
    arietta_graph_get_values (c->graph, incoming)[i] = parity_floats (c, "ghn")[i];
  parity_run (c, loss);
  parity_values (c, arietta_graph_get_values (c->graph, out.h_last), (gsize) B * H, "hn", PARITY_AS_IS);
  parity_gradient (c, "x", "grad.x", PARITY_SWAPPED);
  parity_gradient (c, "h0", "grad.h0", PARITY_AS_IS);
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    parity_gradient (c, weights[i], parity_name (c, "grad.%s", weights[i]), PARITY_AS_IS);

  steps (c, T, B, H);
}
