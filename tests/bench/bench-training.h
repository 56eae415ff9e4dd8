/* bench-training.h - what the shapes that train have in common: a step is forward, backward and the optimiser */
#pragma once

#include "bench-shapes.h"

#include "nn/arietta-graph.h"
#include "nn/arietta-optimiser.h"

typedef struct
{
  AriettaParams    *params;
  AriettaGraph     *graph;
  AriettaOptimiser *optimiser;
  double            rate;
  AriettaRandom     noise;      /* where the graph draws */
} BenchTraining;

static inline void
bench_training_step (gpointer state)
{
  BenchTraining *self = state;

  arietta_params_zero_gradients (self->params);
  arietta_graph_forward (self->graph);
  arietta_graph_backward (self->graph);
  arietta_optimiser_step (self->optimiser, self->rate, 1, NULL, NULL);
}

static inline void
bench_training_free (gpointer state)
{
  BenchTraining *self = state;

  arietta_optimiser_free (self->optimiser);
  arietta_graph_free (self->graph);
  arietta_params_free (self->params);
  g_free (self);
}
