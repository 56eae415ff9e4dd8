/* The melody VAE of 2.5 million weights: 32 steps of 90 tokens, bidirectional encoder of 256 units, latent of
 * 128, decoder of 512; a training step is forward, backward and Adam on a batch of 128.
 *
 * What PyTorch computes as products with one-hot rows, and the latent's part of the decoder's input at every
 * step, are here rows of tables and one product for all the steps; so the count of products is ours. */
#include "bench-training.h"

#include "nn/arietta-lstm-cell.h"

#include <string.h>

#define V 90
#define T 32
#define Z 128
#define ENC 256
#define DEC 512
#define BATCH 128

static AriettaParams *
make_params (void)
{
  AriettaParams *p = arietta_params_new ();

  arietta_params_add (p, "enc.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * ENC));
  arietta_params_add_lstm (p, "enc", ENC);
  arietta_params_add (p, "back.table", ARIETTA_INIT_UNIFORM, 0.06, ARIETTA_SHAPE (V, 4 * ENC));
  arietta_params_add_lstm (p, "back", ENC);
  arietta_params_add_linear (p, "mu", 2 * ENC, Z);
  arietta_params_add_linear (p, "logvar", 2 * ENC, Z);
  arietta_params_add_linear (p, "h0", Z, DEC);
  arietta_params_add_linear (p, "c0", Z, DEC);
  arietta_params_add_linear (p, "dec.z", Z, 4 * DEC);
  arietta_params_add (p, "dec.table", ARIETTA_INIT_UNIFORM, 0.04, ARIETTA_SHAPE (V, 4 * DEC));
  arietta_params_add_lstm (p, "dec", DEC);
  arietta_params_add_linear (p, "out", DEC, V);
  arietta_params_allocate (p, 1);

  return p;
}

static AriettaLstmOutputs
lstm (AriettaGraph *g,
      const char   *name,
      AriettaNode   ids,
      AriettaNode   constant,
      AriettaNode   h0,
      AriettaNode   c0,
      gboolean      reverse)
{
  g_autofree char *table = g_strconcat (name, ".table", NULL);
  g_autofree char *weight = g_strconcat (name, ".weight_hh", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  return arietta_graph_lstm (g, &(AriettaLstmNodes) {
                               .ids = { ids },
                               .tables = { arietta_graph_param (g, table) },
                               .constant = constant,
                               .bias = arietta_graph_param (g, bias),
                               .weight = arietta_graph_param (g, weight),
                               .h0 = h0,
                               .c0 = c0,
                               .reverse = reverse,
                             });
}

static gpointer
training_build (void)
{
  BenchTraining      *self = g_new0 (BenchTraining, 1);
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;
  AriettaParams      *p = self->params = make_params ();
  AriettaGraph       *g = self->graph = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  AriettaLstmOutputs  forward, back, dec;
  AriettaNode         tokens, before, weights, h, mu, logvar, noise, z, h0, c0, nll, kl, loss;

  arietta_random_init (&self->noise, 1, "noise");
  tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, BATCH));
  before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, BATCH));
  weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (2));
  forward = lstm (g, "enc", tokens, 0, 0, 0, FALSE);
  back = lstm (g, "back", tokens, 0, 0, 0, TRUE);
  h = arietta_graph_concat (g, (const AriettaNode[]) { forward.h_last, back.h_last }, 2);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  noise = arietta_graph_normal (g, &self->noise, ARIETTA_SHAPE (BATCH, Z));
  z = arietta_graph_reparameterise (g, mu, logvar, noise);
  h0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "h0"), ARIETTA_TANH);
  c0 = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "c0"), ARIETTA_TANH);
  dec = lstm (g, "dec", before, arietta_graph_linear_named (g, z, "dec.z"), h0, c0, FALSE);
  nll = arietta_graph_cross_entropy (g, arietta_graph_linear_named (g, dec.y, "out"), tokens, 0, 0, BATCH,
                                     NULL);
  kl = arietta_graph_gaussian_kl (g, mu, logvar, 0, NULL);
  loss = arietta_graph_weighted_sum (g, (const AriettaNode[]) { nll, kl }, 2, weights);
  if (!arietta_graph_compile (g, loss, NULL))
    g_error ("the graph does not compile");
  self->optimiser = arietta_optimiser_new (p, &settings);
  self->rate = 1e-3;

  for (int t = 0; t < T; t++)
    for (int b = 0; b < BATCH; b++)
      {
        gint32 *now = &arietta_graph_get_ints (g, tokens)[t * BATCH + b];

        *now = (t * 31 + b * 17 + b * t) % V;
        arietta_graph_get_ints (g, before)[t * BATCH + b] = t > 0 ? now[-BATCH] : -1;
      }
  arietta_graph_get_values (g, weights)[0] = 1;
  arietta_graph_get_values (g, weights)[1] = (AriettaReal) 0.2;

  return self;
}

typedef struct
{
  int              B;
  AriettaParams   *params;
  AriettaLstmCell *cell;
  AriettaDense    *h0, *c0, *dec_z, *out;
  AriettaReal     *z, *h, *c, *gates, *zg, *logits, *chances;
  gint32          *ids;
  AriettaRandom    random;
} Sampling;

static gpointer
sampling_build (int B)
{
  Sampling      *self = g_new0 (Sampling, 1);
  AriettaParams *p = self->params = make_params ();

  self->B = B;
  self->cell = arietta_lstm_cell_new (p, "dec.weight_hh", "dec.bias", "dec.table", NULL);
  self->h0 = arietta_dense_new (p, "h0");
  self->c0 = arietta_dense_new (p, "c0");
  self->dec_z = arietta_dense_new (p, "dec.z");
  self->out = arietta_dense_new (p, "out");
  self->z = g_new (AriettaReal, B * Z);
  self->h = g_new (AriettaReal, B * DEC);
  self->c = g_new (AriettaReal, B * DEC);
  self->gates = g_new (AriettaReal, B * 4 * DEC);
  self->zg = g_new (AriettaReal, B * 4 * DEC);
  self->logits = g_new (AriettaReal, B * V);
  self->chances = g_new (AriettaReal, V);
  self->ids = g_new (gint32, B);
  arietta_random_init (&self->random, 1, "sample");

  return self;
}

static gpointer
sampling_build_1 (void)
{
  return sampling_build (1);
}

static gpointer
sampling_build_int8 (void)
{
  Sampling *self = sampling_build (1);

  arietta_lstm_cell_round (self->cell, ARIETTA_MATRIX_INT8);
  arietta_dense_round (self->out, ARIETTA_MATRIX_INT8);

  return self;
}

static gpointer
sampling_build_128 (void)
{
  return sampling_build (BATCH);
}

/* A point to 32 tokens, each drawn from its distribution. */
static void
sampling_step (gpointer state)
{
  Sampling            *self = state;
  const AriettaVector *v = arietta_vector ();
  const int            B = self->B;

  for (int i = 0; i < B * Z; i++)
    self->z[i] = (AriettaReal) arietta_random_normal (&self->random);
  arietta_dense_apply (self->h0, self->h, self->z, B);
  arietta_dense_apply (self->c0, self->c, self->z, B);
  v->activate (self->h, self->h, ARIETTA_TANH, (size_t) B * DEC);
  v->activate (self->c, self->c, ARIETTA_TANH, (size_t) B * DEC);
  arietta_dense_apply (self->dec_z, self->zg, self->z, B);
  for (int b = 0; b < B; b++)
    self->ids[b] = -1;

  for (int t = 0; t < T; t++)
    {
      arietta_lstm_cell_step (self->cell, self->h, self->c, self->gates, self->zg, self->ids, NULL, B);
      arietta_dense_apply (self->out, self->logits, self->h, B);
      for (int b = 0; b < B; b++)
        {
          v->exp_shifted (self->chances, self->logits + b * V, 0, V);
          self->ids[b] = (gint32) arietta_random_weighted (&self->random, self->chances, V);
        }
    }
}

static void
sampling_free (gpointer state)
{
  Sampling *self = state;

  arietta_lstm_cell_free (self->cell);
  arietta_dense_free (self->h0);
  arietta_dense_free (self->c0);
  arietta_dense_free (self->dec_z);
  arietta_dense_free (self->out);
  arietta_params_free (self->params);
  g_free (self->z);
  g_free (self->h);
  g_free (self->c);
  g_free (self->gates);
  g_free (self->zg);
  g_free (self->logits);
  g_free (self->chances);
  g_free (self->ids);
  g_free (self);
}

/* Forward once, backward twice; the encoder's first step has no product, its state being zero. */
#define TRAINING_FLOPS                                                                         \
  (3.0 * 2 * BATCH                                                                             \
   * (2.0 * (T - 1) * 4 * ENC * ENC + (double) T * 4 * DEC * DEC + 2.0 * 2 * ENC * Z           \
      + 2.0 * Z * DEC + (double) Z * 4 * DEC + (double) T * DEC * V))
#define SAMPLING_FLOPS                                                                         \
  (2.0 * (2.0 * Z * DEC + (double) Z * 4 * DEC + T * (4.0 * DEC * DEC + (double) DEC * V)))

const BenchShape bench_melody_vae_shapes[] = {
  { "melody_vae_train", BENCH_PYTORCH, BATCH, BATCH * T, TRAINING_FLOPS, training_build,
    bench_training_step, bench_training_free },
  { "melody_vae_sample", BENCH_PYTORCH, 1, T, SAMPLING_FLOPS, sampling_build_1, sampling_step,
    sampling_free },
  { "melody_vae_sample_int8", BENCH_PYTORCH, 1, T, SAMPLING_FLOPS, sampling_build_int8, sampling_step,
    sampling_free },
  { "melody_vae_sample_128", BENCH_PYTORCH, BATCH, BATCH * T, BATCH * SAMPLING_FLOPS, sampling_build_128,
    sampling_step, sampling_free },
  { NULL },
};
