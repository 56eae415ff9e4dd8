/* The transformer of 5.1 million weights: 6 layers of 256 columns, 8 heads, 1024 within, 512 words and places.
 * Training is forward, backward and AdamW on 8 sequences of 512; sampling is 512 tokens one by one with keys and
 * values kept; the prefill reads 512 tokens at once, logits of all included.
 *
 * Of scores and what is made of them, only those that the causal mask leaves are counted. */
#include "bench-training.h"

#include "nn/arietta-decoder-cell.h"

#include <string.h>

#define WORDS 512
#define CONTEXT 512
#define BATCH 8
#define WIDTH 256
#define HEADS 8
#define LAYERS 6
#define FEED 1024

static const AriettaDecoderShape shape = {
  .prefix = "", .n_layers = LAYERS, .n_columns = WIDTH, .n_heads = HEADS, .n_inner = FEED, .context = CONTEXT,
  .activation = ARIETTA_GELU,
};

typedef struct
{
  AriettaParams       *params;
  AriettaDecoderCell  *cell;
  AriettaDecoderState *state;
  AriettaMatrix       *words, *places, *head;
  AriettaReal         *x, *y, *logits;
  AriettaRandom        random;
} Transformer;

static AriettaParams *
make_params (void)
{
  AriettaParams *p = arietta_params_new ();

  arietta_params_add (p, "words.weight", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (WORDS, WIDTH));
  arietta_params_add (p, "places.weight", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (CONTEXT, WIDTH));
  arietta_params_add_decoder (p, &shape);
  arietta_params_add (p, "head.weight", ARIETTA_INIT_NORMAL, 0.02, ARIETTA_SHAPE (WORDS, WIDTH));
  arietta_params_allocate (p, 1);

  return p;
}

static void
transformer_free (gpointer state)
{
  Transformer *self = state;

  arietta_decoder_state_free (self->state);
  arietta_decoder_cell_free (self->cell);
  arietta_matrix_free (self->words);
  arietta_matrix_free (self->places);
  arietta_matrix_free (self->head);
  arietta_params_free (self->params);
  g_free (self->x);
  g_free (self->y);
  g_free (self->logits);
  g_free (self);
}

static gpointer
training_build (void)
{
  BenchTraining           *self = g_new0 (BenchTraining, 1);
  AriettaOptimiserSettings settings = ARIETTA_ADAM_DEFAULTS;
  AriettaParams           *p = self->params = make_params ();
  AriettaGraph            *g = self->graph = arietta_graph_new (p, ARIETTA_GRAPH_TRAIN);
  AriettaNode              tokens, targets, x, loss;

  tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (BATCH, CONTEXT));
  targets = arietta_graph_input_int (g, "targets", ARIETTA_SHAPE (BATCH, CONTEXT));
  x = arietta_graph_add (g, arietta_graph_embedding (g, tokens, arietta_graph_param (g, "words.weight")),
                         arietta_graph_param (g, "places.weight"));
  x = arietta_graph_decoder (g, &shape, x, ARIETTA_NODE_NONE, 0, NULL);
  loss = arietta_graph_cross_entropy (g, arietta_graph_linear_named (g, x, "head"), targets, ARIETTA_NODE_NONE, 0,
                                      0, NULL);
  if (!arietta_graph_compile (g, loss, NULL))
    g_error ("the graph does not compile");
  settings.weight_decay = 0.01;
  self->optimiser = arietta_optimiser_new (p, &settings);
  self->rate = 3e-4;

  for (int i = 0; i < BATCH * CONTEXT; i++)
    {
      arietta_graph_get_ints (g, tokens)[i] = i * 37 % 509;
      arietta_graph_get_ints (g, targets)[i] = (i + 1) * 37 % 509;
    }

  return self;
}

static gpointer
use_build (AriettaMatrixKind kind)
{
  Transformer              *self = g_new0 (Transformer, 1);
  AriettaParams            *p = self->params = make_params ();
  const AriettaWeightSource source = { .params = p };

  arietta_random_init (&self->random, 1, "sample");
  self->cell = arietta_decoder_cell_new (&shape, &source, kind, NULL);
  self->state = arietta_decoder_state_new (self->cell, 1);
  self->words = arietta_matrix_new (&source, "words", kind, 0, 0, NULL);
  self->places = arietta_matrix_new (&source, "places", kind, 0, 0, NULL);
  self->head = arietta_matrix_new (&source, "head", kind, 0, 0, NULL);
  self->x = g_new (AriettaReal, CONTEXT * WIDTH);
  self->y = g_new (AriettaReal, CONTEXT * WIDTH);
  self->logits = g_new (AriettaReal, CONTEXT * WORDS);

  return self;
}

static gpointer
use_build_stored (void)
{
  return use_build (ARIETTA_MATRIX_AS_STORED);
}

static gpointer
use_build_bf16 (void)
{
  return use_build (ARIETTA_MATRIX_BF16);
}

static gpointer
use_build_int8 (void)
{
  return use_build (ARIETTA_MATRIX_INT8);
}

static void
sampling_step (gpointer state)
{
  Transformer         *self = state;
  const AriettaVector *v = arietta_vector ();
  gsize                token = 1;

  arietta_decoder_state_rewind (self->state, 0, 0);
  for (int place = 0; place < CONTEXT; place++)
    {
      arietta_matrix_row (self->words, self->x, (int) token, FALSE);
      arietta_matrix_row (self->places, self->x, place, TRUE);
      arietta_decoder_cell_step (self->cell, self->state, self->y, self->x, 1);
      arietta_matrix_apply (self->head, self->logits, self->y, NULL, 1);
      v->exp_shifted (self->y, self->logits, v->log_sum_exp (self->logits, WORDS), WORDS);
      token = arietta_random_weighted (&self->random, self->y, WORDS);
    }
}

static void
prefill_step (gpointer state)
{
  Transformer *self = state;

  arietta_decoder_state_rewind (self->state, 0, 0);
  for (int place = 0; place < CONTEXT; place++)
    {
      arietta_matrix_row (self->words, self->x + place * WIDTH, 1, FALSE);
      arietta_matrix_row (self->places, self->x + place * WIDTH, place, TRUE);
    }
  arietta_decoder_cell_read (self->cell, self->state, 0, self->y, NULL, self->x, CONTEXT);
  arietta_matrix_apply (self->head, self->logits, self->y, NULL, CONTEXT);
}

/* Multiplications and additions of a token by all the matrices, and of all pairs of a sequence that see each
 * other, once for scores and once for what is made of them. */
#define TOKEN_FLOPS (2.0 * (LAYERS * (4.0 * WIDTH * WIDTH + 2.0 * WIDTH * FEED) + (double) WIDTH * WORDS))
#define PAIR_FLOPS (2.0 * 2 * LAYERS * WIDTH * (CONTEXT * (CONTEXT + 1.0) / 2))

/* Backward is twice the products of forward, and the scores once more. */
#define TRAINING_FLOPS (BATCH * (3.0 * CONTEXT * TOKEN_FLOPS + 3.5 * PAIR_FLOPS))
#define USE_FLOPS (CONTEXT * TOKEN_FLOPS + PAIR_FLOPS)

const BenchShape bench_transformer_shapes[] = {
  { "transformer_train", BENCH_PYTORCH | BENCH_PYTORCH_BF16, BATCH, BATCH * CONTEXT, TRAINING_FLOPS, training_build,
    bench_training_step, bench_training_free },
  { "transformer_sample_kv", BENCH_PYTORCH | BENCH_ONNX, 0, CONTEXT, USE_FLOPS, use_build_stored, sampling_step,
    transformer_free },
  { "transformer_sample_kv_bf16", 0, 0, CONTEXT, USE_FLOPS, use_build_bf16, sampling_step, transformer_free },
  { "transformer_sample_kv_int8", 0, 0, CONTEXT, USE_FLOPS, use_build_int8, sampling_step, transformer_free },
  { "transformer_prefill512", BENCH_PYTORCH | BENCH_ONNX, 0, CONTEXT, USE_FLOPS, use_build_stored, prefill_step,
    transformer_free },
  { NULL },
};
