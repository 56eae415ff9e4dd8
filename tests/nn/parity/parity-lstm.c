/* LSTM over whole sequences, one direction and both, and the same sequence a step at a time. */
#include "parity-fixtures.h"

#include "nn/arietta-lstm-cell.h"

static const char *const weights[] = { "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0" };

static const char *
suffix (int direction)
{
  return direction == 1 ? "_reverse" : "";
}

/* The part of a tensor (directions,B,H) that is one direction's. */
static void
near_direction (Parity            *c,
                const AriettaReal *ours,
                const char        *tensor,
                int                direction)
{
  gsize n = (gsize) parity_size (c, tensor, 1) * (gsize) parity_size (c, tensor, 2);

  parity_near (c, ours, parity_floats (c, tensor) + (gsize) direction * n, n, tensor);
}

static AriettaLstmOutputs
one_direction (Parity      *c,
               AriettaNode  x,
               int          d)
{
  AriettaNode W[G_N_ELEMENTS (weights)];

  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    W[i] = arietta_graph_param (c->graph, parity_name (c, "%s%s", weights[i], suffix (d)));

  return arietta_graph_lstm (c->graph, &(AriettaLstmNodes) {
                               .inputs = arietta_graph_linear (c->graph, x, W[0], W[2]),
                               .bias = W[3],
                               .weight = W[1],
                               .h0 = arietta_graph_param (c->graph, parity_name (c, "h0.%d", d)),
                               .c0 = arietta_graph_param (c->graph, parity_name (c, "c0.%d", d)),
                               .reverse = d == 1,
                             });
}

/* An input of one direction's part of a tensor, and its product with @node. */
static AriettaNode
dot_direction (Parity       *c,
               AriettaNode   node,
               AriettaNode  *incoming)
{
  int shape[ARIETTA_MAX_DIMS];
  int n_dims = arietta_graph_get_shape (c->graph, node, shape);

  *incoming = arietta_graph_input (c->graph, "incoming gradient", n_dims, shape);
  arietta_graph_keep (c->graph, node);

  return arietta_graph_dot (c->graph, node, *incoming);
}

static void
fill_direction (Parity      *c,
                AriettaNode  node,
                const char  *tensor,
                int          direction)
{
  gsize n = arietta_graph_get_n_elements (c->graph, node);

  for (gsize i = 0; i < n; i++)
    arietta_graph_get_values (c->graph, node)[i] = parity_floats (c, tensor)[(gsize) direction * n + i];
}

static void
sequence (Parity *c,
          int     n_directions)
{
  const int          B = parity_size (c, "h0", 1), H = parity_size (c, "h0", 2);
  AriettaLstmOutputs out[2];
  AriettaNode        x, ys[2], incoming[4], parts[5], y, loss;

  if (parity_size (c, "h0", 0) != n_directions || parity_size (c, "c0", 0) != n_directions
      || parity_size (c, "hn", 0) != n_directions || parity_view (c, "c0")->n_elements != (gsize) (n_directions * B * H))
    parity_give_up (c, "the states are not those of %d directions", n_directions);

  parity_param (c, "x", "x", PARITY_SWAPPED);
  for (int d = 0; d < n_directions; d++)
    {
      parity_param_values (c, parity_name (c, "h0.%d", d), parity_floats (c, "h0") + d * B * H, ARIETTA_SHAPE (B, H));
      parity_param_values (c, parity_name (c, "c0.%d", d), parity_floats (c, "c0") + d * B * H, ARIETTA_SHAPE (B, H));
      for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
        {
          const char *name = parity_name (c, "%s%s", weights[i], suffix (d));

          parity_param (c, name, name, PARITY_AS_IS);
        }
    }
  parity_begin (c);

  x = arietta_graph_param (c->graph, "x");
  for (int d = 0; d < n_directions; d++)
    {
      out[d] = one_direction (c, x, d);
      ys[d] = out[d].y;
      parts[1 + 2 * d] = dot_direction (c, out[d].h_last, &incoming[2 * d]);
      parts[2 + 2 * d] = dot_direction (c, out[d].c_last, &incoming[2 * d + 1]);
    }
  y = n_directions == 1 ? ys[0] : arietta_graph_concat (c->graph, ys, n_directions);
  parity_node (c, y, "y", PARITY_SWAPPED);
  parts[0] = parity_dot (c, y, "gy", PARITY_SWAPPED);
  loss = parity_sum (c, parts, 1 + 2 * n_directions);
  parity_compile (c, loss);
  for (int d = 0; d < n_directions; d++)
    {
      fill_direction (c, incoming[2 * d], "ghn", d);
      fill_direction (c, incoming[2 * d + 1], "gcn", d);
    }
  parity_run (c, loss);

  parity_values (c, arietta_graph_get_values (c->graph, loss), 1, "loss", PARITY_AS_IS);
  parity_gradient (c, "x", "grad.x", PARITY_SWAPPED);
  for (int d = 0; d < n_directions; d++)
    {
      const AriettaReal *gradients = arietta_params_get_gradients (c->params);

      near_direction (c, arietta_graph_get_values (c->graph, out[d].h_last), "hn", d);
      near_direction (c, arietta_graph_get_values (c->graph, out[d].c_last), "cn", d);
      near_direction (c, gradients + arietta_params_find (c->params, parity_name (c, "h0.%d", d))->offset, "grad.h0", d);
      near_direction (c, gradients + arietta_params_find (c->params, parity_name (c, "c0.%d", d))->offset, "grad.c0", d);
      for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
        {
          const char *name = parity_name (c, "%s%s", weights[i], suffix (d));

          parity_gradient (c, name, parity_name (c, "grad.%s", name), PARITY_AS_IS);
        }
    }
}

static void
by_steps (Parity *c)
{
  const int        B = parity_size (c, "x", 0), T = parity_size (c, "x", 1), D = parity_size (c, "x", 2);
  const int        H = parity_size (c, "h0", 2);
  const float     *xs = parity_floats (c, "x"), *ys = parity_floats (c, "y"), *W = parity_floats (c, "weight_ih_l0");
  const float     *b = parity_floats (c, "bias_ih_l0");
  const float     *h0 = parity_floats (c, "h0"), *c0 = parity_floats (c, "c0");
  AriettaReal     *h = parity_own (c, g_new (AriettaReal, B * H), g_free);
  AriettaReal     *s = parity_own (c, g_new (AriettaReal, B * H), g_free);
  AriettaReal     *gates = parity_own (c, g_new (AriettaReal, B * 4 * H), g_free);
  AriettaReal     *zg = parity_own (c, g_new (AriettaReal, B * 4 * H), g_free);
  AriettaLstmCell *cell = arietta_lstm_cell_new (c->params, "weight_hh_l0", "bias_hh_l0", NULL, NULL);

  parity_own (c, cell, (GDestroyNotify) arietta_lstm_cell_free);
  for (int i = 0; i < B * H; i++)
    {
      h[i] = h0[i];
      s[i] = c0[i];
    }
  for (int t = 0; t < T; t++)
    {
      for (int i = 0; i < B; i++)
        for (int g = 0; g < 4 * H; g++)
          {
            zg[i * 4 * H + g] = b[g];
            for (int k = 0; k < D; k++)
              zg[i * 4 * H + g] += W[g * D + k] * xs[(i * T + t) * D + k];
          }
      arietta_lstm_cell_step (cell, h, s, gates, zg, NULL, NULL, B);
      for (int i = 0; i < B; i++)
        parity_near (c, h + i * H, ys + (i * T + t) * H, (gsize) H, "y by steps");
    }
}

void
parity_lstm (Parity *c)
{
  sequence (c, 1);
  by_steps (c);
}

void
parity_bilstm (Parity *c)
{
  sequence (c, 2);
}
