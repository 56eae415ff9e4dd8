/* The adversarial pair on piano-rolls, and the style classifier on spectrum-like images. */
#include "bench-training.h"

#include "nn/arietta-graph-conv.h"
#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"

#include <string.h>

/* --- Rolls of 192 steps, 84 pitches and 5 tracks --- */

enum { BATCH = 32, STEPS = 192, PITCHES = 84, TRACKS = 5, NOISE = 128 };

/* A layer of the generator, from few places to many, or of the critic, the other way. */
typedef struct
{
  const char *name;
  int         n_in, n_out;
  int         height, width, stride_h, stride_w, padding;
  int         places;  /* on the side with fewer of them */
} Layer;

static const Layer generator_layers[] = {
  { "up1", 256, 128, 4, 1, 4, 1, 0, 4 },
  { "up2", 128, 128, 1, 7, 1, 7, 0, 16 },
  { "up3", 128, 64, 3, 1, 3, 1, 0, 112 },
  { "up4", 64, 64, 1, 3, 1, 3, 0, 336 },
  { "up5", 64, 32, 4, 4, 2, 2, 1, 1008 },
  { "up6", 32, TRACKS, 4, 4, 2, 2, 1, 4032 },
};

static const Layer critic_layers[] = {
  { "down1", TRACKS, 32, 4, 4, 2, 2, 1, 4032 },
  { "down2", 32, 64, 4, 4, 2, 2, 1, 1008 },
  { "down3", 64, 128, 3, 3, 3, 3, 0, 112 },
  { "down4", 128, 256, 4, 7, 4, 7, 0, 4 },
};

typedef struct
{
  AriettaParams    *generator_params, *critic_params;
  AriettaOptimiser *generator_optimiser, *critic_optimiser;
  AriettaGraph     *generator;       /* also run forward alone, to make examples for the critic */
  AriettaGraph     *critic;          /* learns from a batch, real or made */
  AriettaGraph     *teacher;         /* the same critic, frozen: what the generator learns from; takes turns with it */
  AriettaNode       made, seen, sides, taught, score;
  AriettaRandom     noise;
  float            *real;
} Pair;

static AriettaConvSettings
settings_of (const Layer *layer)
{
  return (AriettaConvSettings) {
    .stride = { layer->stride_h, layer->stride_w },
    .padding = { layer->padding, layer->padding },
  };
}

static AriettaParams *
generator_params (void)
{
  AriettaParams *p = arietta_params_new ();

  arietta_params_add_linear (p, "first", NOISE, 1024);
  arietta_params_add_batch_norm (p, "first.norm", 256);
  for (gsize i = 0; i < G_N_ELEMENTS (generator_layers); i++)
    {
      const Layer     *l = &generator_layers[i];
      const gboolean   last = i == G_N_ELEMENTS (generator_layers) - 1;
      g_autofree char *norm = g_strconcat (l->name, ".norm", NULL);

      arietta_params_add_conv_transposed (p, l->name, l->height, l->width, l->n_in, l->n_out, 1, last);
      if (!last)
        arietta_params_add_batch_norm (p, norm, l->n_out);
    }
  arietta_params_allocate (p, 1);

  return p;
}

static AriettaNode
add_generator (AriettaGraph  *g,
               AriettaRandom *noise,
               int            batch)
{
  AriettaNode x = arietta_graph_linear_named (g, arietta_graph_normal (g, noise, ARIETTA_SHAPE (batch, NOISE)), "first");

  x = arietta_graph_reshape (g, x, ARIETTA_SHAPE (batch, 4, 1, 256));
  x = arietta_graph_activation (g, arietta_graph_batch_norm_named (g, x, "first.norm", FALSE), ARIETTA_RELU);
  for (gsize i = 0; i < G_N_ELEMENTS (generator_layers); i++)
    {
      const Layer         *l = &generator_layers[i];
      AriettaConvSettings  settings = settings_of (l);
      g_autofree char     *norm = g_strconcat (l->name, ".norm", NULL);

      x = arietta_graph_conv_transposed_named (g, x, l->name, &settings);
      if (i < G_N_ELEMENTS (generator_layers) - 1)
        x = arietta_graph_activation (g, arietta_graph_batch_norm_named (g, x, norm, FALSE), ARIETTA_RELU);
    }

  return arietta_graph_keep (g, arietta_graph_activation (g, x, ARIETTA_SIGMOID));
}

static AriettaNode
add_critic (AriettaGraph *g,
            AriettaNode   x)
{
  for (gsize i = 0; i < G_N_ELEMENTS (critic_layers); i++)
    {
      AriettaConvSettings settings = settings_of (&critic_layers[i]);

      x = arietta_graph_activation (g, arietta_graph_conv_named (g, x, critic_layers[i].name, &settings),
                                    ARIETTA_LEAKY_RELU);
    }

  return arietta_graph_linear_named (g, arietta_graph_reshape (g, x, ARIETTA_SHAPE (BATCH, 1024)), "last");
}

static void
must (gboolean  fine,
      GError   *error)
{
  if (!fine)
    g_error ("%s", error->message);
}

static gpointer
pair_build (void)
{
  const AriettaAdamSettings  adam = { 0.5, 0.9, 1e-8, 0.0, 0.0 };
  Pair                      *self = g_new0 (Pair, 1);
  GError                    *error = NULL;
  AriettaRandom              random;
  AriettaNode                loss;
  const gsize                n = (gsize) BATCH * STEPS * PITCHES * TRACKS;

  self->generator_params = generator_params ();
  self->critic_params = arietta_params_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (critic_layers); i++)
    arietta_params_add_conv (self->critic_params, critic_layers[i].name, critic_layers[i].height, critic_layers[i].width,
                             critic_layers[i].n_in, critic_layers[i].n_out, 1, TRUE);
  arietta_params_add_linear (self->critic_params, "last", 1024, 1);
  arietta_params_allocate (self->critic_params, 2);

  arietta_random_init (&self->noise, 1, "noise");
  self->generator = arietta_graph_new (self->generator_params, ARIETTA_GRAPH_TRAIN);
  self->made = add_generator (self->generator, &self->noise, BATCH);
  must (arietta_graph_compile_towards (self->generator, self->made, &error), error);

  self->critic = arietta_graph_new (self->critic_params, ARIETTA_GRAPH_TRAIN);
  self->seen = arietta_graph_input (self->critic, "rolls", ARIETTA_SHAPE (BATCH, STEPS, PITCHES, TRACKS));
  self->sides = arietta_graph_input (self->critic, "sides", ARIETTA_SHAPE (BATCH, 1));
  loss = arietta_graph_hinge_loss (self->critic, add_critic (self->critic, self->seen), self->sides, ARIETTA_NODE_NONE,
                                   BATCH);
  must (arietta_graph_compile (self->critic, loss, &error), error);

  self->teacher = arietta_graph_new (self->critic_params, ARIETTA_GRAPH_TRAIN);
  arietta_graph_freeze (self->teacher);
  self->taught = arietta_graph_input (self->teacher, "rolls", ARIETTA_SHAPE (BATCH, STEPS, PITCHES, TRACKS));
  arietta_graph_require_gradient (self->teacher, self->taught);
  self->score = arietta_graph_scale (self->teacher,
                                     arietta_graph_mean_all (self->teacher, add_critic (self->teacher, self->taught)), -1);
  arietta_graph_share_memory (self->teacher, self->critic);
  must (arietta_graph_compile (self->teacher, self->score, &error), error);

  self->generator_optimiser = arietta_optimiser_new (self->generator_params, &adam);
  self->critic_optimiser = arietta_optimiser_new (self->critic_params, &adam);
  self->real = g_new (float, n);
  arietta_random_init (&random, 1, "rolls");
  for (gsize i = 0; i < n; i++)
    self->real[i] = arietta_random_uniform (&random) < 0.04 ? 1 : 0;

  return self;
}

static void
judge (Pair        *self,
       const float *rolls,
       float        side)
{
  memcpy (arietta_graph_get_values (self->critic, self->seen), rolls,
          sizeof (float) * BATCH * STEPS * PITCHES * TRACKS);
  for (int i = 0; i < BATCH; i++)
    arietta_graph_get_values (self->critic, self->sides)[i] = side;
  arietta_graph_forward (self->critic);
  arietta_graph_backward (self->critic);
}

static void
pair_step (gpointer state)
{
  Pair        *self = state;
  const gsize  bytes = sizeof (float) * BATCH * STEPS * PITCHES * TRACKS;

  arietta_graph_forward (self->generator);
  arietta_params_zero_gradients (self->critic_params);
  judge (self, self->real, 1);
  judge (self, arietta_graph_get_values (self->generator, self->made), -1);
  arietta_optimiser_step (self->critic_optimiser, 2e-4, 1, NULL, NULL);

  arietta_params_zero_gradients (self->generator_params);
  arietta_graph_forward (self->generator);
  memcpy (arietta_graph_get_values (self->teacher, self->taught),
          arietta_graph_get_values (self->generator, self->made), bytes);
  arietta_graph_forward (self->teacher);
  arietta_graph_backward (self->teacher);
  memcpy (arietta_graph_get_gradient (self->generator, self->made),
          arietta_graph_get_gradient (self->teacher, self->taught), bytes);
  arietta_graph_backward (self->generator);
  arietta_optimiser_step (self->generator_optimiser, 2e-4, 1, NULL, NULL);
}

static void
pair_free (gpointer state)
{
  Pair *self = state;

  arietta_optimiser_free (self->generator_optimiser);
  arietta_optimiser_free (self->critic_optimiser);
  arietta_graph_free (self->generator);
  arietta_graph_free (self->teacher);
  arietta_graph_free (self->critic);
  arietta_params_free (self->generator_params);
  arietta_params_free (self->critic_params);
  g_free (self->real);
  g_free (self);
}

/* Millions of products of one example. */
#define UP1 (4.0 * 256 * 128 * 4)
#define UP2 (16.0 * 128 * 128 * 7)
#define UP3 (112.0 * 128 * 64 * 3)
#define UP4 (336.0 * 64 * 64 * 3)
#define UP5 (1008.0 * 64 * 32 * 16)
#define UP6 (4032.0 * 32 * TRACKS * 16)
#define GENERATOR (NOISE * 1024.0 + UP1 + UP2 + UP3 + UP4 + UP5 + UP6)
#define DOWN1 (4032.0 * TRACKS * 32 * 16)
#define CRITIC (DOWN1 + 1008.0 * 32 * 64 * 16 + 112.0 * 64 * 128 * 9 + 4.0 * 128 * 256 * 28 + 1024)

/* The generator forward twice and back once, but for the gradient of noise; the critic forward three times, back
 * twice without the gradient of its rolls, and once with that alone. */
#define PAIR_FLOPS \
  (2.0 * BATCH * (4.0 * GENERATOR - NOISE * 1024.0 + 3.0 * CRITIC + 2.0 * (2.0 * CRITIC - DOWN1) + CRITIC))

/* --- One roll --- */

typedef struct
{
  AriettaParams *params;
  AriettaGraph  *graph;
  AriettaRandom  noise;
} Inference;

static gpointer
roll_build (void)
{
  Inference *self = g_new0 (Inference, 1);
  GError    *error = NULL;

  self->params = generator_params ();
  self->graph = arietta_graph_new (self->params, ARIETTA_GRAPH_EVAL);
  arietta_random_init (&self->noise, 1, "noise");
  add_generator (self->graph, &self->noise, 1);
  must (arietta_graph_compile (self->graph, ARIETTA_NODE_NONE, &error), error);

  return self;
}

static void
inference_step (gpointer state)
{
  arietta_graph_forward (((Inference *) state)->graph);
}

static void
inference_free (gpointer state)
{
  Inference *self = state;

  arietta_graph_free (self->graph);
  arietta_params_free (self->params);
  g_free (self);
}

/* --- Styles from images of 128 x 64 numbers --- */

enum { CLASSIFIER_BATCH = 32 };

static AriettaParams *
classifier_params (void)
{
  AriettaParams *p = arietta_params_new ();

  arietta_params_add_conv (p, "conv1", 3, 3, 1, 16, 1, TRUE);
  arietta_params_add_conv (p, "conv2", 3, 3, 16, 32, 1, TRUE);
  arietta_params_add_linear (p, "first", 32 * 16 * 32, 64);
  arietta_params_add_linear (p, "second", 64, 10);
  arietta_params_allocate (p, 1);

  return p;
}

static AriettaNode
add_classifier (AriettaGraph *g,
                int           batch)
{
  const AriettaConvSettings same = { .padding = { 1, 1 } };
  AriettaNode               images = arietta_graph_input (g, "images", ARIETTA_SHAPE (batch, 128, 64, 1)), x;

  x = arietta_graph_activation (g, arietta_graph_conv_named (g, images, "conv1", &same), ARIETTA_RELU);
  x = arietta_graph_pool_largest (g, x, 2, 2, 0);
  x = arietta_graph_activation (g, arietta_graph_conv_named (g, x, "conv2", &same), ARIETTA_RELU);
  x = arietta_graph_pool_largest (g, x, 2, 2, 0);
  x = arietta_graph_reshape (g, x, ARIETTA_SHAPE (batch, 32 * 16 * 32));
  x = arietta_graph_activation (g, arietta_graph_linear_named (g, x, "first"), ARIETTA_RELU);

  return arietta_graph_linear_named (g, x, "second");
}

static void
fill_images (AriettaGraph *g,
             int           batch)
{
  AriettaRandom random;

  arietta_random_init (&random, 1, "images");
  for (int i = 0; i < batch * 128 * 64; i++)
    arietta_graph_get_values (g, 1)[i] = (AriettaReal) arietta_random_normal (&random);
}

static gpointer
classifier_build (void)
{
  const AriettaAdamSettings  settings = ARIETTA_ADAM_DEFAULTS;
  BenchTraining             *self = g_new0 (BenchTraining, 1);
  GError                    *error = NULL;
  AriettaNode                scores, styles;

  self->params = classifier_params ();
  self->graph = arietta_graph_new (self->params, ARIETTA_GRAPH_TRAIN);
  scores = add_classifier (self->graph, CLASSIFIER_BATCH);
  styles = arietta_graph_input_int (self->graph, "styles", ARIETTA_SHAPE (CLASSIFIER_BATCH));
  must (arietta_graph_compile (self->graph, arietta_graph_cross_entropy (self->graph, scores, styles, 0, 0, 0, NULL),
                               &error), error);
  fill_images (self->graph, CLASSIFIER_BATCH);
  for (int i = 0; i < CLASSIFIER_BATCH; i++)
    arietta_graph_get_ints (self->graph, styles)[i] = i % 10;
  self->optimiser = arietta_optimiser_new (self->params, &settings);
  self->rate = 1e-3;

  return self;
}

static gpointer
one_image_build (void)
{
  Inference *self = g_new0 (Inference, 1);
  GError    *error = NULL;

  self->params = classifier_params ();
  self->graph = arietta_graph_new (self->params, ARIETTA_GRAPH_EVAL);
  arietta_graph_keep (self->graph, add_classifier (self->graph, 1));
  must (arietta_graph_compile (self->graph, ARIETTA_NODE_NONE, &error), error);
  fill_images (self->graph, 1);

  return self;
}

#define CONV1 (8192.0 * 9 * 16)
#define CLASSIFIER (CONV1 + 2048.0 * 144 * 32 + 16384.0 * 64 + 640)

/* --- A small autoencoder, 128 - 64 - 100 - 64 - 128 --- */

enum { SEED_BATCH = 128, SEED_SIZE = 128, SEED_HIDDEN = 64, SEED_LATENT = 100 };

static gpointer
seed_build (void)
{
  const AriettaAdamSettings  settings = ARIETTA_ADAM_DEFAULTS;
  BenchTraining             *self = g_new0 (BenchTraining, 1);
  AriettaParams             *p = self->params = arietta_params_new ();
  AriettaGraph              *g;
  GError                    *error = NULL;
  AriettaNode                x, h, mu, logvar, z, y, parts[2], weights, loss;
  AriettaRandom              random;

  arietta_params_add_linear (p, "e", SEED_SIZE, SEED_HIDDEN);
  arietta_params_add_linear (p, "mu", SEED_HIDDEN, SEED_LATENT);
  arietta_params_add_linear (p, "logvar", SEED_HIDDEN, SEED_LATENT);
  arietta_params_add_linear (p, "d1", SEED_LATENT, SEED_HIDDEN);
  arietta_params_add_linear (p, "d2", SEED_HIDDEN, SEED_SIZE);
  arietta_params_allocate (p, 1);

  arietta_random_init (&self->noise, 1, "noise");
  g = self->graph = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  x = arietta_graph_input (g, "x", ARIETTA_SHAPE (SEED_BATCH, SEED_SIZE));
  weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (2));
  h = arietta_graph_activation (g, arietta_graph_linear_named (g, x, "e"), ARIETTA_RELU);
  mu = arietta_graph_linear_named (g, h, "mu");
  logvar = arietta_graph_linear_named (g, h, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar,
                                    arietta_graph_normal (g, &self->noise, ARIETTA_SHAPE (SEED_BATCH, SEED_LATENT)));
  y = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "d1"), ARIETTA_RELU);
  y = arietta_graph_linear_named (g, y, "d2");
  parts[0] = arietta_graph_binary_cross_entropy (g, y, x, ARIETTA_NODE_NONE, SEED_BATCH);
  parts[1] = arietta_graph_gaussian_kl (g, mu, logvar, 0, NULL);
  loss = arietta_graph_weighted_sum (g, parts, 2, weights);
  must (arietta_graph_compile (g, loss, &error), error);
  arietta_random_init (&random, 1, "x");
  for (int i = 0; i < SEED_BATCH * SEED_SIZE; i++)
    arietta_graph_get_values (g, x)[i] = (AriettaReal) arietta_random_uniform (&random);
  arietta_graph_get_values (g, weights)[0] = arietta_graph_get_values (g, weights)[1] = 1;
  self->optimiser = arietta_optimiser_new (p, &settings);
  self->rate = 1e-3;

  return self;
}

/* No product for the gradient of x. */
#define SEED_FLOPS \
  (2.0 * SEED_BATCH * SEED_HIDDEN * (3.0 * (3 * SEED_LATENT + SEED_SIZE) + 2.0 * SEED_SIZE))

const BenchShape bench_image_shapes[] = {
  { "gan_train", BENCH_PYTORCH, BATCH, 0, PAIR_FLOPS, pair_build, pair_step, pair_free },
  { "gan_generate", BENCH_PYTORCH, 1, 0, 2 * GENERATOR, roll_build, inference_step, inference_free },
  { "clf_conv_train", BENCH_PYTORCH, CLASSIFIER_BATCH, 0, 2.0 * CLASSIFIER_BATCH * (3 * CLASSIFIER - CONV1),
    classifier_build, bench_training_step, bench_training_free },
  { "clf_conv_infer", BENCH_PYTORCH, 1, 0, 2 * CLASSIFIER, one_image_build, inference_step, inference_free },
  { "seedvae_train", BENCH_PYTORCH, SEED_BATCH, 0, SEED_FLOPS, seed_build, bench_training_step, bench_training_free },
  { NULL },
};
