/* training-run.h - a small variational autoencoder of sequences, with everything a real one has
 *
 * For tests of training and of its checkpoints: run_init (), train () as far as wanted, run_clear ().
 */
#pragma once

#include "nn/arietta-checkpoint.h"
#include "nn/arietta-graph.h"
#include "nn/arietta-trainer.h"

#include <math.h>
#include <string.h>

enum { V = 11, T = 6, B = 70, H = 20, Z = 5 };

typedef struct
{
  AriettaParams        *params;
  AriettaGraph         *graph;
  AriettaOptimiser     *optimiser;
  AriettaAverage       *average;
  AriettaTrainingState *state;
  AriettaRandom         noise, dropout, data;
  AriettaNode           tokens, before, lengths, velocities, weights, loss, logits;
  gint64                stop_after;
  const char           *path;
  gint64                poison_at;
} Run;

static inline void
run_init (Run *r)
{
  AriettaOptimiserSettings  settings = ARIETTA_ADAM_DEFAULTS;
  g_autoptr(GError)         error = NULL;
  AriettaLstmOutputs        forward, back, dec;
  AriettaNode               h, mu, logvar, z, y, parts[3];
  AriettaGraph             *g;

  memset (r, 0, sizeof *r);
  r->stop_after = G_MAXINT64;
  r->poison_at = -1;
  arietta_random_init (&r->noise, 4, "noise");
  arietta_random_init (&r->dropout, 4, "dropout");
  arietta_random_init (&r->data, 4, "data");

  r->params = arietta_params_new ();
  arietta_params_add (r->params, "enc.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "enc", H);
  arietta_params_add (r->params, "back.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "back", H);
  arietta_params_add_linear (r->params, "mu", 2 * H, Z);
  arietta_params_add_linear (r->params, "logvar", 2 * H, Z);
  arietta_params_add_linear (r->params, "start", Z, H);
  arietta_params_add_linear (r->params, "dec.z", Z, 4 * H);
  arietta_params_add (r->params, "dec.table", ARIETTA_INIT_NORMAL, 0.2, ARIETTA_SHAPE (V, 4 * H));
  arietta_params_add_lstm (r->params, "dec", H);
  arietta_params_add_linear (r->params, "out", H, V);
  arietta_params_add_linear (r->params, "velocity", H, 1);
  arietta_params_allocate (r->params, 9);

  r->graph = g = arietta_graph_new (r->params, ARIETTA_GRAPH_TRAIN);
  r->tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
  r->before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, B));
  r->lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (B));
  r->velocities = arietta_graph_input (g, "velocities", ARIETTA_SHAPE (T, B, 1));
  r->weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (3));
  forward = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                                  .ids = { r->tokens }, .tables = { arietta_graph_param (g, "enc.table") },
                                  .bias = arietta_graph_param (g, "enc.bias"),
                                  .weight = arietta_graph_param (g, "enc.weight_hh"), .lengths = r->lengths });
  back = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                               .ids = { r->tokens }, .tables = { arietta_graph_param (g, "back.table") },
                               .bias = arietta_graph_param (g, "back.bias"),
                               .weight = arietta_graph_param (g, "back.weight_hh"), .lengths = r->lengths,
                               .reverse = TRUE });
  h = arietta_graph_concat (g, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar, arietta_graph_normal (g, &r->noise, ARIETTA_SHAPE (B, Z)));
  dec = arietta_graph_lstm (g, &(AriettaLstmNodes) {
                              .ids = { r->before }, .tables = { arietta_graph_param (g, "dec.table") },
                              .constant = arietta_graph_linear_named (g, z, "dec.z"),
                              .bias = arietta_graph_param (g, "dec.bias"),
                              .weight = arietta_graph_param (g, "dec.weight_hh"),
                              .h0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "start"),
                                                              ARIETTA_TANH) });
  arietta_graph_label (g, dec.y, "decoder");
  y = arietta_graph_dropout (g, dec.y, 0.2, &r->dropout);
  r->logits = arietta_graph_keep (g, arietta_graph_linear_named (g, y, "out"));
  parts[0] = arietta_graph_cross_entropy (g, r->logits, r->tokens, ARIETTA_NODE_NONE, 0, B, NULL);
  parts[1] = arietta_graph_squared_error (g, arietta_graph_linear_named (g, y, "velocity"), r->velocities,
                                          ARIETTA_NODE_NONE, B);
  parts[2] = arietta_graph_gaussian_kl (g, mu, logvar, 0.5, NULL);
  r->loss = arietta_graph_weighted_sum (g, parts, 3, r->weights);
  arietta_graph_compile (g, r->loss, &error);
  g_assert_no_error (error);

  settings.weight_decay = 0.01;
  settings.clip_norm = 1.0;
  r->optimiser = arietta_optimiser_new (r->params, &settings);
  r->average = arietta_average_new (r->params, 0.9);
  r->state = arietta_training_state_new (r->optimiser);
  arietta_training_state_set_average (r->state, r->average);
  arietta_training_state_add_stream (r->state, "noise", &r->noise);
  arietta_training_state_add_stream (r->state, "dropout", &r->dropout);
  arietta_training_state_add_stream (r->state, "data", &r->data);
}

static inline void
run_clear (Run *r)
{
  arietta_training_state_free (r->state);
  arietta_average_free (r->average);
  arietta_optimiser_free (r->optimiser);
  arietta_graph_free (r->graph);
  arietta_params_free (r->params);
}

static inline AriettaGraph *
fill_cb (gint64     step,
         gpointer   data,
         GError   **error)
{
  Run    *r = data;
  gint32 *tokens = arietta_graph_get_ints (r->graph, r->tokens);
  gint32 *before = arietta_graph_get_ints (r->graph, r->before);

  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++)
      {
        tokens[t * B + b] = (gint32) (arietta_random_below (&r->data, 3) + (guint64) (b + t) % (V - 3));
        before[t * B + b] = t > 0 ? tokens[(t - 1) * B + b] : -1;
        arietta_graph_get_values (r->graph, r->velocities)[t * B + b] = (AriettaReal) tokens[t * B + b] / V;
      }
  for (int b = 0; b < B; b++)
    arietta_graph_get_ints (r->graph, r->lengths)[b] = 1 + b % T;
  arietta_graph_get_values (r->graph, r->weights)[0] = 1;
  arietta_graph_get_values (r->graph, r->weights)[1] = (AriettaReal) 0.5;
  arietta_graph_get_values (r->graph, r->weights)[2] = (AriettaReal) 0.2;
  if (step == r->poison_at)
    arietta_graph_get_values (r->graph, r->velocities)[7] = (AriettaReal) INFINITY;

  return r->graph;
}

static inline gboolean
step_cb (const AriettaTrainerNumbers *numbers,
         AriettaGraph                *graph,
         gpointer                     data)
{
  Run *r = data;

  g_assert_cmpint (numbers->step, ==, arietta_optimiser_get_step (r->optimiser));
  arietta_average_update (r->average);
  g_assert_true (isfinite (numbers->loss) && numbers->gradient_norm > 0 && numbers->seconds >= 0);
  if (r->path != NULL)
    {
      g_autoptr(GError) error = NULL;

      arietta_training_state_set_int (r->state, "steps seen", numbers->step);
      arietta_training_state_save (r->state, r->path, &error);
      g_assert_no_error (error);
    }

  return numbers->step < r->stop_after;
}

static const AriettaRateSchedule schedule G_GNUC_UNUSED = { .peak = 0.01, .warmup = 4, .total = 40, .floor = 0.1 };

static inline void
train (Run    *r,
       gint64  last_step)
{
  g_autoptr(GError) error = NULL;

  arietta_trainer_run (r->optimiser, &schedule, last_step, 1, fill_cb, step_cb, r, &error);
  g_assert_no_error (error);
}

static inline void
assert_same_weights (Run *a,
                     Run *b)
{
  gsize n_bytes = arietta_params_get_size (a->params) * sizeof (AriettaReal);

  g_assert_cmpmem (arietta_params_get_values (a->params), n_bytes,
                   arietta_params_get_values (b->params), n_bytes);
}
