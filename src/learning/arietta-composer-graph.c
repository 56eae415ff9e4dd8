/* The network as a graph, for training and for measuring. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

AriettaComposerPlace
arietta_composer_place (AriettaEventReader *reader)
{
  AriettaEventPlace place = arietta_event_reader_get_place (reader);

  return (AriettaComposerPlace) {
    .bar = place.bar < 0 ? COMPOSER_BARS - 1 : MIN (place.bar, COMPOSER_MAX_BARS - 1),
    .position = place.position < 0 ? COMPOSER_POSITIONS - 1
                                   : MIN (place.position, ARIETTA_EVENTS_N_POSITIONS - 1),
    .slot = place.slot < 0 ? COMPOSER_SLOTS - 1 : place.slot,
  };
}

AriettaDecoderShape
arietta_composer_get_shape (AriettaComposer *net)
{
  return (AriettaDecoderShape) {
    .prefix = "",
    .n_layers = net->n_layers,
    .n_columns = net->n_size,
    .n_heads = net->n_heads,
    .n_inner = net->n_inner,
    .context = net->n_context,
    .relative = ARIETTA_RELATIVE_EMBEDDING,
    .n_distances = net->n_distances,
    .activation = ARIETTA_GELU_TANH,
  };
}

AriettaComposerGraph *
arietta_composer_graph_new (AriettaComposer  *net,
                            AriettaGraphMode  mode,
                            int               n_sequences,
                            int               n_tokens,
                            double            dropout,
                            double            smoothing,
                            AriettaRandom    *noise,
                            GError          **error)
{
  AriettaComposerGraph *self = g_new0 (AriettaComposerGraph, 1);
  AriettaGraph         *g = self->graph = arietta_graph_new (net->params, mode);
  int                   B = self->B = n_sequences, S = self->S = n_tokens;
  AriettaDecoderShape   shape = arietta_composer_get_shape (net);
  AriettaNode           x, table = arietta_graph_param (g, "out.weight");

  self->tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (B, S));
  self->bars = arietta_graph_input_int (g, "bars", ARIETTA_SHAPE (B, S));
  self->positions = arietta_graph_input_int (g, "positions", ARIETTA_SHAPE (B, S));
  self->slots = arietta_graph_input_int (g, "slots", ARIETTA_SHAPE (B, S));
  self->targets = arietta_graph_input_int (g, "targets", ARIETTA_SHAPE (B, S));
  self->lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (B));

  x = arietta_graph_embedding (g, self->tokens, table);
  x = arietta_graph_add (g, x, arietta_graph_embedding (g, self->bars, arietta_graph_param (g, "bars")));
  x = arietta_graph_add (g, x, arietta_graph_embedding (g, self->positions,
                                                        arietta_graph_param (g, "positions")));
  x = arietta_graph_add (g, x, arietta_graph_embedding (g, self->slots,
                                                        arietta_graph_param (g, "slots")));
  if (dropout > 0.0)
    x = arietta_graph_dropout (g, x, dropout, noise);
  x = arietta_graph_decoder (g, &shape, x, self->lengths, dropout, noise);

  self->logits = arietta_graph_linear (g, x, table, arietta_graph_param (g, "out.bias"));
  if (mode == ARIETTA_GRAPH_EVAL)
    arietta_graph_keep (g, self->logits);
  self->loss = arietta_graph_cross_entropy (g, self->logits, self->targets, ARIETTA_NODE_NONE, smoothing,
                                            0.0, NULL);
  if (!arietta_graph_compile (g, mode == ARIETTA_GRAPH_TRAIN ? self->loss : ARIETTA_NODE_NONE, error))
    {
      arietta_composer_graph_free (self);
      return NULL;
    }

  return self;
}

void
arietta_composer_graph_free (AriettaComposerGraph *self)
{
  if (self == NULL)
    return;

  arietta_graph_free (self->graph);
  g_free (self);
}

void
arietta_composer_graph_fill (AriettaComposerGraph *self,
                             int                   b,
                             const AriettaEvent16 *tokens,
                             guint                 n,
                             AriettaEventReader   *reader)
{
  gsize   at = (gsize) b * (gsize) self->S;
  gint32 *ids = arietta_graph_get_ints (self->graph, self->tokens) + at;
  gint32 *bars = arietta_graph_get_ints (self->graph, self->bars) + at;
  gint32 *positions = arietta_graph_get_ints (self->graph, self->positions) + at;
  gint32 *slots = arietta_graph_get_ints (self->graph, self->slots) + at;
  gint32 *targets = arietta_graph_get_ints (self->graph, self->targets) + at;
  guint   n_inputs = n > 0 ? MIN (n - 1, (guint) self->S) : 0;

  arietta_event_reader_reset (reader);
  for (guint i = 0; i < (guint) self->S; i++)
    {
      AriettaComposerPlace place = { COMPOSER_BARS - 1, COMPOSER_POSITIONS - 1, COMPOSER_SLOTS - 1 };

      if (i < n_inputs && arietta_event_reader_feed (reader, tokens[i]))
        place = arietta_composer_place (reader);
      ids[i] = i < n_inputs ? tokens[i] : 0;
      bars[i] = place.bar;
      positions[i] = place.position;
      slots[i] = place.slot;
      targets[i] = i < n_inputs ? tokens[i + 1] : -1;
    }
  arietta_graph_get_ints (self->graph, self->lengths)[b] = (gint32) MAX (n_inputs, 1);
}
