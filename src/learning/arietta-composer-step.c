/* One token at a time: keys and values of what was read are kept, so that a token costs one pass. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "math/arietta-attention.h"
#include "math/arietta-elementwise.h"
#include "math/arietta-linear.h"
#include "math/arietta-norm.h"
#include "nn/arietta-lstm-cell.h"

#include <math.h>
#include <string.h>

#define NORM_EPSILON 1e-5f

typedef struct
{
  AriettaDense      *qkv, *o, *f1, *f2;
  const AriettaReal *n1_weight, *n1_bias, *n2_weight, *n2_bias, *rel;
} Layer;

struct _AriettaComposerSteps
{
  Layer             *layers;
  int                n_layers;
  const AriettaReal *tokens, *bars, *positions, *slots, *n_weight, *n_bias, *out_bias;
};

struct _AriettaComposerState
{
  AriettaComposer *net;
  AriettaReal     *kept;      /* (layers,context,2E): keys and values */
  guint            n;
  AriettaReal     *x, *h, *wide, *inner, *y, *stats; /* rows of the tokens being fed */
  AriettaReal     *scratch;
  gsize            n_scratch;
  guint            n_rows;    /* room for so many */
  AriettaReal     *logits;
};

static const AriettaReal *
get (AriettaComposer *net,
     int              layer,
     const char      *what)
{
  char name[32];

  return arietta_params_get (net->params, arietta_composer_name (name, layer, what));
}

static AriettaDense *
dense (AriettaComposer *net,
       int              layer,
       const char      *what)
{
  char name[32];

  return arietta_dense_new (net->params, arietta_composer_name (name, layer, what));
}

AriettaComposerSteps *
arietta_composer_steps_new (AriettaComposer *net)
{
  AriettaComposerSteps *self = g_new0 (AriettaComposerSteps, 1);

  self->n_layers = net->n_layers;
  self->layers = g_new0 (Layer, net->n_layers);
  for (int l = 0; l < net->n_layers; l++)
    self->layers[l] = (Layer) {
      .qkv = dense (net, l, "qkv"),
      .o = dense (net, l, "o"),
      .f1 = dense (net, l, "f1"),
      .f2 = dense (net, l, "f2"),
      .n1_weight = get (net, l, "n1.weight"),
      .n1_bias = get (net, l, "n1.bias"),
      .n2_weight = get (net, l, "n2.weight"),
      .n2_bias = get (net, l, "n2.bias"),
      .rel = get (net, l, "rel"),
    };
  self->tokens = arietta_params_get (net->params, "tokens");
  self->bars = arietta_params_get (net->params, "bars");
  self->positions = arietta_params_get (net->params, "positions");
  self->slots = arietta_params_get (net->params, "slots");
  self->n_weight = arietta_params_get (net->params, "n.weight");
  self->n_bias = arietta_params_get (net->params, "n.bias");
  self->out_bias = arietta_params_get (net->params, "out.bias");

  return self;
}

void
arietta_composer_steps_free (AriettaComposerSteps *self)
{
  if (self == NULL)
    return;

  for (int l = 0; l < self->n_layers; l++)
    {
      arietta_dense_free (self->layers[l].qkv);
      arietta_dense_free (self->layers[l].o);
      arietta_dense_free (self->layers[l].f1);
      arietta_dense_free (self->layers[l].f2);
    }
  g_free (self->layers);
  g_free (self);
}

AriettaComposerState *
arietta_composer_state_new (AriettaComposer *net)
{
  AriettaComposerState *self = g_new0 (AriettaComposerState, 1);

  self->net = net;
  self->kept = g_new0 (AriettaReal, (gsize) net->n_layers * (gsize) net->n_context * 2 * (gsize) net->n_size);
  self->logits = g_new0 (AriettaReal, arietta_events_get_n ());

  return self;
}

void
arietta_composer_state_free (AriettaComposerState *self)
{
  if (self == NULL)
    return;

  g_free (self->kept);
  g_free (self->x);
  g_free (self->h);
  g_free (self->wide);
  g_free (self->inner);
  g_free (self->y);
  g_free (self->stats);
  g_free (self->scratch);
  g_free (self->logits);
  g_free (self);
}

guint
arietta_composer_state_get_n (AriettaComposerState *self)
{
  return self->n;
}

static void
make_room (AriettaComposerState *self,
           guint                 n)
{
  gsize E = (gsize) self->net->n_size;

  if (n <= self->n_rows)
    return;

  self->x = g_renew (AriettaReal, self->x, n * E);
  self->h = g_renew (AriettaReal, self->h, n * E);
  self->y = g_renew (AriettaReal, self->y, n * E);
  self->wide = g_renew (AriettaReal, self->wide, n * 3 * E);
  self->inner = g_renew (AriettaReal, self->inner, n * (gsize) self->net->n_inner);
  self->stats = g_renew (AriettaReal, self->stats, 2 * n);
  self->n_rows = n;
}

static void
attend (AriettaComposerState *self,
        const Layer          *layer,
        AriettaReal          *kept,
        guint                 n)
{
  AriettaComposer *net = self->net;
  gsize            E = (gsize) net->n_size;
  AriettaAttention attention = {
    .B = 1,
    .H = net->n_heads,
    .D = net->n_size / net->n_heads,
    .n_queries = (int) n,
    .n_keys = (int) (self->n + n),
    .causal = TRUE,
    .scale = (AriettaReal) (1.0 / sqrt ((double) net->n_size / net->n_heads)),
    .q = self->wide,
    .q_stride = 3 * E,
    .k = kept,
    .v = kept + E,
    .kv_stride = 2 * E,
    .R = net->n_distances,
    .rel = layer->rel,
    .y = self->y,
  };
  gsize            n_scratch = arietta_attention_scratch (&attention);

  for (guint i = 0; i < n; i++)
    memcpy (kept + (self->n + i) * 2 * E, self->wide + i * 3 * E + E, 2 * E * sizeof (AriettaReal));
  if (n_scratch > self->n_scratch)
    {
      self->scratch = g_renew (AriettaReal, self->scratch, n_scratch);
      self->n_scratch = n_scratch;
    }
  attention.scratch = self->scratch;
  arietta_attention_forward (&attention);
}

const float *
arietta_composer_state_feed (AriettaComposerState       *self,
                             const AriettaEvent16       *tokens,
                             const AriettaComposerPlace *places,
                             guint                       n)
{
  AriettaComposer      *net = self->net;
  AriettaComposerSteps *steps = net->steps;
  int                   E = net->n_size;
  gsize                 row = (gsize) E;

  g_return_val_if_fail (n > 0 && self->n + n <= (guint) net->n_context && steps != NULL, self->logits);

  make_room (self, n);
  for (guint i = 0; i < n; i++)
    {
      AriettaReal       *x = self->x + i * row;
      const AriettaReal *token = steps->tokens + tokens[i] * row;
      const AriettaReal *bar = steps->bars + (gsize) places[i].bar * row;
      const AriettaReal *position = steps->positions + (gsize) places[i].position * row;
      const AriettaReal *slot = steps->slots + (gsize) places[i].slot * row;

      for (int e = 0; e < E; e++)
        x[e] = token[e] + bar[e] + position[e] + slot[e];
    }

  for (int l = 0; l < net->n_layers; l++)
    {
      const Layer *layer = &steps->layers[l];

      arietta_norm_forward (self->h, self->stats, self->x, layer->n1_weight, layer->n1_bias, NORM_EPSILON,
                            TRUE, (int) n, E);
      arietta_dense_apply (layer->qkv, self->wide, self->h, (int) n);
      attend (self, layer, self->kept + (gsize) l * (gsize) net->n_context * 2 * row, n);
      arietta_dense_apply (layer->o, self->h, self->y, (int) n);
      arietta_add_scaled (self->x, self->h, 1.0f, n * row);

      arietta_norm_forward (self->h, self->stats, self->x, layer->n2_weight, layer->n2_bias, NORM_EPSILON,
                            TRUE, (int) n, E);
      arietta_dense_apply (layer->f1, self->inner, self->h, (int) n);
      arietta_activation_forward (self->inner, self->inner, ARIETTA_GELU_TANH, n * (gsize) net->n_inner);
      arietta_dense_apply (layer->f2, self->h, self->inner, (int) n);
      arietta_add_scaled (self->x, self->h, 1.0f, n * row);
    }
  self->n += n;

  arietta_norm_forward (self->h, self->stats, self->x + (n - 1) * row, steps->n_weight, steps->n_bias,
                        NORM_EPSILON, TRUE, 1, E);
  arietta_linear_forward (self->logits, self->h, steps->tokens, steps->out_bias, 1, E,
                          (int) arietta_events_get_n ());

  return self->logits;
}
