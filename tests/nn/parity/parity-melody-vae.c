/* The whole melody VAE: values, gradients, three steps of Adam. */
#include "parity-fixtures.h"

#include "nn/arietta-optimiser.h"

#include <stdlib.h>

/* Where a parameter of ours comes from: columns of a fixture's matrix, transposed if it is a table of one-hot
 * inputs.  PyTorch has two biases, which Adam moves twice as far together: the second is a table of one row. */
typedef enum
{
  WHOLE,
  TABLE,      /* the columns that one-hot tokens multiply, transposed */
  Z_COLUMNS,  /* the columns after them */
  ONE_ROW,
} Part;

static const struct
{
  const char *ours, *theirs;
  Part        part;
} parts[] = {
  { "enc.table", "enc.weight_ih_l0", TABLE },
  { "enc.hh", "enc.weight_hh_l0", WHOLE },
  { "enc.b", "enc.bias_ih_l0", WHOLE },
  { "enc.b2", "enc.bias_hh_l0", ONE_ROW },
  { "back.table", "enc.weight_ih_l0_reverse", TABLE },
  { "back.hh", "enc.weight_hh_l0_reverse", WHOLE },
  { "back.b", "enc.bias_ih_l0_reverse", WHOLE },
  { "back.b2", "enc.bias_hh_l0_reverse", ONE_ROW },
  { "mu.weight", "mu.weight", WHOLE },
  { "mu.bias", "mu.bias", WHOLE },
  { "lv.weight", "lv.weight", WHOLE },
  { "lv.bias", "lv.bias", WHOLE },
  { "h0.weight", "h0.weight", WHOLE },
  { "h0.bias", "h0.bias", WHOLE },
  { "c0.weight", "c0.weight", WHOLE },
  { "c0.bias", "c0.bias", WHOLE },
  { "dec.table", "dec.weight_ih_l0", TABLE },
  { "dec.z.weight", "dec.weight_ih_l0", Z_COLUMNS },
  { "dec.hh", "dec.weight_hh_l0", WHOLE },
  { "dec.b", "dec.bias_ih_l0", WHOLE },
  { "dec.b2", "dec.bias_hh_l0", ONE_ROW },
  { "out.weight", "out.weight", WHOLE },
  { "out.bias", "out.bias", WHOLE },
};

/* The part of PREFIX.theirs that is parameter @k's, in our layout. */
static const float *
part_of (Parity     *c,
         const char *prefix,
         gsize       k,
         int        *n_dims,
         int         shape[2])
{
  const char              *name = parity_name (c, "%s.%s", prefix, parts[k].theirs);
  const AriettaTensorView *v = parity_view (c, name);
  const float             *all = parity_floats (c, name);
  const int                V = atoi (parity_metadata (c, "V"));
  const int                rows = (int) v->shape[0], width = v->n_dims > 1 ? (int) v->shape[1] : 1;
  int                      from = 0, n = width;
  float                   *values;

  if (width < V && (parts[k].part == TABLE || parts[k].part == Z_COLUMNS))
    parity_give_up (c, "%s has no columns for %d tokens", name, V);
  if (parts[k].part == TABLE)
    n = V;
  if (parts[k].part == Z_COLUMNS)
    {
      from = V;
      n = width - V;
    }

  values = parity_own (c, g_new (float, rows * n), g_free);
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < n; i++)
      values[parts[k].part == TABLE ? i * rows + r : r * n + i] = all[r * width + from + i];

  *n_dims = parts[k].part == ONE_ROW ? 2 : v->n_dims;
  shape[0] = parts[k].part == ONE_ROW ? 1 : parts[k].part == TABLE ? n : rows;
  shape[1] = parts[k].part == ONE_ROW || parts[k].part == TABLE ? rows : n;

  return values;
}

static void
near_parts (Parity            *c,
            const char        *prefix,
            const AriettaReal *block)
{
  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      const AriettaParam *param = arietta_params_find (c->params, parts[k].ours);
      int                 n_dims, shape[2];

      parity_near (c, block + param->offset, part_of (c, prefix, k, &n_dims, shape), param->n_elements,
                   parity_name (c, "%s.%s", prefix, parts[k].theirs));
    }
}

static AriettaLstmOutputs
lstm (Parity      *c,
      const char  *name,
      AriettaNode  ids,
      AriettaNode  zeros,
      AriettaNode  constant,
      AriettaNode  h0,
      AriettaNode  c0,
      gboolean     reverse)
{
  return arietta_graph_lstm (c->graph, &(AriettaLstmNodes) {
                               .ids = { ids, zeros },
                               .tables = { arietta_graph_param (c->graph, parity_name (c, "%s.table", name)),
                                           arietta_graph_param (c->graph, parity_name (c, "%s.b2", name)) },
                               .bias = arietta_graph_param (c->graph, parity_name (c, "%s.b", name)),
                               .weight = arietta_graph_param (c->graph, parity_name (c, "%s.hh", name)),
                               .constant = constant, .h0 = h0, .c0 = c0, .reverse = reverse,
                             });
}

void
parity_model_melody_vae (Parity *c)
{
  const int           B = parity_size (c, "tok", 0), T = parity_size (c, "tok", 1);
  const int           n_steps = parity_size (c, "losses", 0);
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;
  AriettaOptimiser   *optimiser;
  AriettaLstmOutputs  forward, back, dec;
  AriettaNode         tokens, before, zeros, weights, h, mu, lv, z, h0, c0, logits, ce, kl, loss;

  settings.beta1 = parity_setting (c, "optimizer", "betas", 0, settings.beta1);
  settings.beta2 = parity_setting (c, "optimizer", "betas", 1, settings.beta2);
  settings.epsilon = parity_setting (c, "optimizer", "eps", 0, settings.epsilon);

  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      int          n_dims, shape[2];
      const float *values = part_of (c, "p", k, &n_dims, shape);

      parity_param_values (c, parts[k].ours, values, n_dims, shape);
    }
  parity_begin (c);

  tokens = parity_input (c, "tok", PARITY_SWAPPED);
  before = arietta_graph_input_int (c->graph, "before", ARIETTA_SHAPE (T, B));
  zeros = arietta_graph_input_int (c->graph, "zeros", ARIETTA_SHAPE (T, B));
  weights = arietta_graph_input (c->graph, "weights", ARIETTA_SHAPE (2));
  forward = lstm (c, "enc", tokens, zeros, 0, 0, 0, FALSE);
  back = lstm (c, "back", tokens, zeros, 0, 0, 0, TRUE);
  h = arietta_graph_concat (c->graph, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = parity_node (c, arietta_graph_linear_named (c->graph, h, "mu"), "out.mu", PARITY_AS_IS);
  lv = parity_node (c, arietta_graph_linear_named (c->graph, h, "lv"), "out.lv", PARITY_AS_IS);
  z = arietta_graph_reparameterise (c->graph, mu, lv, parity_input (c, "eps", PARITY_AS_IS));
  parity_node (c, z, "out.z", PARITY_AS_IS);
  h0 = arietta_graph_activation (c->graph, arietta_graph_linear_named (c->graph, z, "h0"), ARIETTA_TANH);
  c0 = arietta_graph_activation (c->graph, arietta_graph_linear_named (c->graph, z, "c0"), ARIETTA_TANH);
  dec = lstm (c, "dec", before, zeros, arietta_graph_linear_named (c->graph, z, "dec.z"), h0, c0, FALSE);
  logits = parity_node (c, arietta_graph_linear_named (c->graph, dec.y, "out"), "out.logits", PARITY_SWAPPED);
  ce = arietta_graph_cross_entropy (c->graph, logits, tokens, ARIETTA_NODE_NONE, 0, B, NULL);
  kl = arietta_graph_gaussian_kl (c->graph, mu, lv, 0, NULL);
  parity_node (c, ce, "out.ce", PARITY_AS_IS);
  parity_node (c, kl, "out.kl", PARITY_AS_IS);
  loss = arietta_graph_weighted_sum (c->graph, (const AriettaNode[]) { ce, kl }, 2, weights);
  parity_node (c, loss, "out.loss", PARITY_AS_IS);

  parity_compile (c, loss);
  for (int b = 0; b < B; b++)
    {
      arietta_graph_get_ints (c->graph, before)[b] = -1;
      for (int t = 1; t < T; t++)
        arietta_graph_get_ints (c->graph, before)[t * B + b] = arietta_graph_get_ints (c->graph, tokens)[(t - 1) * B + b];
    }
  arietta_graph_get_values (c->graph, weights)[0] = 1;
  arietta_graph_get_values (c->graph, weights)[1] = (AriettaReal) 0.2;
  parity_run (c, loss);
  near_parts (c, "g", arietta_params_get_gradients (c->params));

  parity_tolerance (c, 1e-4, 1e-3);
  parity_forget_nodes (c);
  optimiser = arietta_optimiser_new (c->params, &settings);
  parity_own (c, optimiser, (GDestroyNotify) arietta_optimiser_free);
  for (int step = 0; step < n_steps; step++)
    {
      parity_run (c, loss);
      parity_near (c, arietta_graph_get_values (c->graph, loss), parity_floats (c, "losses") + step, 1, "losses");
      if (!arietta_optimiser_step (optimiser, parity_setting (c, "optimizer", "lr", 0, 1e-2), 1.0, NULL, NULL))
        parity_give_up (c, "the optimiser stopped at step %d", step + 1);
    }
  near_parts (c, "p3", arietta_params_get_values (c->params));
}
