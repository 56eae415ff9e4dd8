/* One model with everything in it, for whichever engine this is compiled against: see test-twin.c. */
#include "nn/arietta-graph-attention.h"
#include "nn/arietta-graph-gather.h"
#include "nn/arietta-graph-shape.h"

#include <string.h>

enum { V = 13, T = 7, B = 67, H = 24, Z = 6 };

/* Losses, kept values and all gradients, as doubles; the caller frees @out.  Exported. */
gsize twin_run (double **out);

static AriettaNode
tower (AriettaGraph *g,
       AriettaNode   x)
{
  AriettaNode parts[ARIETTA_N_ACTIVATIONS];

  for (AriettaActivation f = 0; f < ARIETTA_N_ACTIVATIONS; f++)
    parts[f] = arietta_graph_activation (g, x, f);

  return arietta_graph_concat (g, parts, ARIETTA_N_ACTIVATIONS);
}

gsize
twin_run (double **out)
{
  g_autoptr(AriettaParams) p = arietta_params_new ();
  g_autoptr(AriettaGraph)  g = NULL;
  GArray                  *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  AriettaRandom            noise, dropout;
  AriettaLstmOutputs       forward, back, dec;
  AriettaNode              tokens, places, lengths, velocities, weights, h, mu, logvar, z, y, logits;
  AriettaNode              kept[4], parts[6], loss, columns, row;
  gsize                    n;

  arietta_random_init (&noise, 4, "noise");
  arietta_random_init (&dropout, 4, "dropout");
  arietta_params_add (p, "enc.table", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (V, 10));
  arietta_params_add_linear (p, "enc.in", 10, 4 * H);
  arietta_params_add_lstm (p, "enc", H);
  arietta_params_add (p, "back.table", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (p, "back", H);
  arietta_params_add_linear (p, "mu", 2 * H, Z);
  arietta_params_add_linear (p, "logvar", 2 * H, Z);
  arietta_params_add_linear (p, "h0", Z, H);
  arietta_params_add_linear (p, "c0", Z, H);
  arietta_params_add_linear (p, "dec.z", Z, 4 * H);
  arietta_params_add (p, "dec.table", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add (p, "dec.place", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (T, 4 * H));
  arietta_params_add_lstm (p, "dec", H);
  arietta_params_add_norm (p, "norm", H);
  arietta_params_add_linear (p, "qkv", H, 3 * H);
  arietta_params_add (p, "bias", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (2, B / 2));
  arietta_params_add (p, "rel", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (2, B / 2, H / 2));
  arietta_params_add (p, "rms.weight", ARIETTA_INIT_NORMAL, 0.4, ARIETTA_SHAPE (H));
  arietta_params_add_linear (p, "out", H * ARIETTA_N_ACTIVATIONS, V);
  arietta_params_add_linear (p, "velocity", H, 1);
  arietta_params_allocate (p, 21);

  g = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
  places = arietta_graph_input_int (g, "places", ARIETTA_SHAPE (T, B));
  lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (B));
  velocities = arietta_graph_input (g, "velocities", ARIETTA_SHAPE (T, B, 1));
  weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (6));
  columns = arietta_graph_input_int (g, "columns", ARIETTA_SHAPE (T));
  row = arietta_graph_input (g, "row", ARIETTA_SHAPE (T, 5));
  forward = arietta_graph_lstm (g, &(AriettaLstmNodes) {
              .inputs = arietta_graph_linear_named (g, arietta_graph_embedding (g, tokens, arietta_graph_param (g, "enc.table")), "enc.in"),
              .bias = arietta_graph_param (g, "enc.bias"),
              .weight = arietta_graph_param (g, "enc.weight_hh"), .lengths = lengths });
  back = arietta_graph_lstm (g, &(AriettaLstmNodes) {
              .ids = { tokens }, .tables = { arietta_graph_param (g, "back.table") },
              .bias = arietta_graph_param (g, "back.bias"),
              .weight = arietta_graph_param (g, "back.weight_hh"), .lengths = lengths, .reverse = TRUE });
  h = arietta_graph_concat (g, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar, arietta_graph_normal (g, &noise, ARIETTA_SHAPE (B, Z)));
  dec = arietta_graph_lstm (g, &(AriettaLstmNodes) {
              .ids = { tokens, places },
              .tables = { arietta_graph_param (g, "dec.table"), arietta_graph_param (g, "dec.place") },
              .constant = arietta_graph_linear_named (g, z, "dec.z"),
              .bias = arietta_graph_param (g, "dec.bias"),
              .weight = arietta_graph_param (g, "dec.weight_hh"),
              .h0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "h0"), ARIETTA_TANH),
              .c0 = arietta_graph_linear_named (g, z, "c0") });
  y = arietta_graph_dropout (g, dec.y, 0.25, &dropout);
  /* The batch as if it were time. */
  h = arietta_graph_attention (g, &(AriettaAttentionNodes) {
              .qkv = arietta_graph_linear_named (g, arietta_graph_layer_norm_named (g, y, "norm"), "qkv"),
              .heads = 2, .causal = TRUE, .window = B - 10,
              .bias = arietta_graph_param (g, "bias"), .rel = arietta_graph_param (g, "rel") });
  h = arietta_graph_transpose (g, arietta_graph_transpose (g, h, 0, 2), 2, 0);
  h = arietta_graph_rms_norm (g, h, arietta_graph_param (g, "rms.weight"), 1e-5);
  y = arietta_graph_add (g, arietta_graph_add (g, y, h), arietta_graph_mean (g, h, 0));
  logits = arietta_graph_linear_named (g, tower (g, y), "out");
  parts[0] = arietta_graph_cross_entropy (g, logits, tokens, ARIETTA_NODE_NONE, 0.05, B, NULL);
  parts[1] = arietta_graph_squared_error (g, arietta_graph_linear_named (g, y, "velocity"), velocities,
                                          ARIETTA_NODE_NONE, B);
  parts[2] = arietta_graph_gaussian_kl (g, mu, logvar, 0.3, &parts[3]);
  parts[4] = arietta_graph_dot (g, arietta_graph_softmax (g, logits), arietta_graph_scale (g, logits, 0.01));
  parts[5] = arietta_graph_dot (g, arietta_graph_align (g, arietta_graph_bag (g, tokens, arietta_graph_param (g, "enc.table")),
                                                        columns), row);
  loss = arietta_graph_weighted_sum (g, parts, 6, weights);
  kept[0] = logits;
  kept[1] = z;
  kept[2] = dec.y;
  kept[3] = dec.c_last;
  for (int i = 0; i < 4; i++)
    arietta_graph_keep (g, kept[i]);
  if (!arietta_graph_compile (g, loss, NULL))
    g_error ("the model does not compile");

  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++)
      {
        arietta_graph_get_ints (g, tokens)[t * B + b] = (t * 5 + b * 3 + b * t) % V;
        arietta_graph_get_ints (g, places)[t * B + b] = t;
        arietta_graph_get_values (g, velocities)[t * B + b] = (AriettaReal) ((t + b) % 8) / 8;
      }
  for (int b = 0; b < B; b++)
    arietta_graph_get_ints (g, lengths)[b] = 1 + b % T;
  for (int t = 0; t < T; t++)
    {
      arietta_graph_get_ints (g, columns)[t] = t % 6 - 1;
      for (int j = 0; j < 5; j++)
        arietta_graph_get_values (g, row)[t * 5 + j] = (AriettaReal) (t + 3 * j) / 16;
    }
  for (int i = 0; i < 6; i++)
    arietta_graph_get_values (g, weights)[i] = (AriettaReal) (1 << (i % 3)) / 4;
  arietta_graph_forward (g);
  arietta_graph_backward (g);

  for (int i = 0; i < 6; i++)
    {
      double value = arietta_graph_get_scalar (g, parts[i]);

      g_array_append_val (numbers, value);
    }
  for (int i = 0; i < 4; i++)
    for (gsize k = 0; k < arietta_graph_get_n_elements (g, kept[i]); k++)
      {
        double value = arietta_graph_get_values (g, kept[i])[k];

        g_array_append_val (numbers, value);
      }
  for (guint i = 0; i < arietta_params_get_n (p); i++)
    {
      const AriettaParam *param = arietta_params_get_nth (p, i);

      for (gsize k = 0; k < param->n_elements; k++)
        {
          double value = arietta_params_get_gradients (p)[param->offset + k];

          g_array_append_val (numbers, value);
        }
    }

  n = numbers->len;
  *out = (double *) g_array_free (numbers, FALSE);

  return n;
}
