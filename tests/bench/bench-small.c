/* Networks so small that what is between the products counts most. */
#include "bench-training.h"

/* Styles from 128 x 64 numbers: 8192 -> 128 -> 64 -> 10 with rectifiers between, a batch of 32. */
#define MLP_BATCH 32

static gpointer
mlp_build (void)
{
  BenchTraining      *self = g_new0 (BenchTraining, 1);
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;
  AriettaParams      *p = self->params = arietta_params_new ();
  AriettaGraph       *g;
  AriettaNode         x, styles, y;
  AriettaRandom       random;

  arietta_params_add_linear (p, "first", 8192, 128);
  arietta_params_add_linear (p, "second", 128, 64);
  arietta_params_add_linear (p, "third", 64, 10);
  arietta_params_allocate (p, 1);

  g = self->graph = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  x = arietta_graph_input (g, "features", ARIETTA_SHAPE (MLP_BATCH, 8192));
  styles = arietta_graph_input_int (g, "styles", ARIETTA_SHAPE (MLP_BATCH));
  y = arietta_graph_activation (g, arietta_graph_linear_named (g, x, "first"), ARIETTA_RELU);
  y = arietta_graph_activation (g, arietta_graph_linear_named (g, y, "second"), ARIETTA_RELU);
  y = arietta_graph_linear_named (g, y, "third");
  if (!arietta_graph_compile (g, arietta_graph_cross_entropy (g, y, styles, 0, 0, 0, NULL), NULL))
    g_error ("the graph does not compile");
  self->optimiser = arietta_optimiser_new (p, &settings);
  self->rate = 1e-3;

  arietta_random_init (&random, 1, "features");
  for (int i = 0; i < MLP_BATCH * 8192; i++)
    arietta_graph_get_values (g, x)[i] = (AriettaReal) arietta_random_normal (&random);
  for (int i = 0; i < MLP_BATCH; i++)
    arietta_graph_get_ints (g, styles)[i] = i % 10;

  return self;
}

/* No product for the gradient of the features. */
#define MLP_FLOPS (2.0 * MLP_BATCH * (2.0 * 8192 * 128 + 3.0 * (128 * 64 + 64 * 10)))

const BenchShape bench_small_shapes[] = {
  { "clf_mlp_train", BENCH_PYTORCH, MLP_BATCH, 0, MLP_FLOPS, mlp_build, bench_training_step, bench_training_free },
  { NULL },
};
