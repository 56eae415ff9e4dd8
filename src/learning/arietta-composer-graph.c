/* The network as a graph, for training and for measuring. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "nn/arietta-graph-gather.h"
#include "nn/arietta-graph-loss.h"
#include "nn/arietta-graph-shape.h"

#include <string.h>

#define SURE_NATS 5.0   /* between bars as they are and exchanged: from about here on they are told apart */

AriettaComposerPlace
arietta_composer_place (AriettaEventReader  *reader,
                        AriettaComposerEcho *echo,
                        AriettaEvent16       token)
{
  AriettaEventPlace    place = arietta_event_reader_get_place (reader);
  AriettaComposerPlace rows = {
    .bar = place.bar < 0 ? COMPOSER_BARS - 1 : MIN (place.bar, COMPOSER_MAX_BARS - 1),
    .position = place.position < 0 ? COMPOSER_POSITIONS - 1
                                   : MIN (place.position, ARIETTA_EVENTS_N_POSITIONS - 1),
    .slot = place.slot < 0 ? COMPOSER_SLOTS - 1 : place.slot,
  };

  arietta_composer_hear_chord (reader, &place, rows.chord);
  arietta_composer_hear_around (reader, &place, rows.around);
  arietta_composer_echo_feed (echo, token, &place, rows.echoes, rows.trusts);
  for (int k = 0; k < COMPOSER_ECHOES; k++)
    rows.trusts[k] = rows.echoes[k] < 0 ? -1 : COMPOSER_TRUSTS * k + rows.trusts[k];

  return rows;
}

/* What stands at the same place elsewhere, before the decoder. */
static AriettaNode
hear_echoes (AriettaComposerGraph *self,
             AriettaNode           x,
             int                   n_columns)
{
  AriettaGraph *g = self->graph;
  AriettaNode   rows;

  self->echoes = arietta_graph_input_int (g, "echoes", ARIETTA_SHAPE (self->B, self->S, COMPOSER_ECHOES));
  self->trusts = arietta_graph_input_int (g, "trusts", ARIETTA_SHAPE (self->B, self->S, COMPOSER_ECHOES));
  rows = arietta_graph_embedding (g, self->echoes, arietta_graph_param (g, "echo.tokens"));
  rows = arietta_graph_reshape (g, rows, 3, (const int[]) { self->B, self->S, COMPOSER_ECHOES * n_columns });
  x = arietta_graph_add (g, x, arietta_graph_linear_named (g, rows, "echo.in"));

  return arietta_graph_add (g, x, arietta_graph_bag (g, self->trusts, arietta_graph_param (g, "echo.trust")));
}

/* And behind it: each echo is made likelier by as much as the network trusts it here. */
static AriettaNode
follow_echoes (AriettaComposerGraph *self,
               AriettaNode           logits,
               AriettaNode           x)
{
  AriettaGraph *g = self->graph;
  AriettaNode   weights = arietta_graph_linear_named (g, x, "echo.out");

  weights = arietta_graph_add (g, weights,
                               arietta_graph_bag (g, self->trusts, arietta_graph_param (g, "echo.gate")));

  return arietta_graph_point (g, logits, self->echoes, weights);
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

/* What exchanged bars cost that seem too likely beside those as they are. */
static AriettaNode
tell_apart (AriettaComposerGraph *self)
{
  AriettaGraph *g = self->graph;
  const int     P = self->B / 2;
  AriettaNode   x = arietta_graph_surprise (g, self->logits, self->targets);
  AriettaNode   never = arietta_graph_input (g, "never", ARIETTA_SHAPE (P, 1));

  self->sides = arietta_graph_input (g, "sides", ARIETTA_SHAPE (self->B, self->S));
  self->pairs = arietta_graph_input (g, "pairs", ARIETTA_SHAPE (P));
  x = arietta_graph_reshape (g, arietta_graph_multiply (g, x, self->sides), 2, (const int[]) { P, 2 * self->S });
  x = arietta_graph_reshape (g, arietta_graph_sum (g, x, 1), 2, (const int[]) { P, 1 });

  return arietta_graph_binary_cross_entropy (g, x, never, self->pairs, 1.0);
}

static void
add_loss (AriettaComposerGraph       *self,
          const AriettaComposerDrill *drill)
{
  AriettaGraph *g = self->graph;

  self->fill = drill->fill;
  self->exchange = drill->exchange;
  self->weights = arietta_graph_input (g, "weights", ARIETTA_SHAPE (self->B, self->S));
  self->loss = arietta_graph_cross_entropy (g, self->logits, self->targets, self->weights, drill->smoothing, 0.0,
                                            NULL);
  if (drill->exchange > 0.0)
    self->loss = arietta_graph_add (g, self->loss, tell_apart (self));
}

AriettaComposerGraph *
arietta_composer_graph_new (AriettaComposer             *net,
                            AriettaGraphMode             mode,
                            int                          n_sequences,
                            int                          n_tokens,
                            const AriettaComposerDrill  *drill,
                            GError                     **error)
{
  AriettaComposerGraph *self = g_new0 (AriettaComposerGraph, 1);
  AriettaGraph         *g = self->graph = arietta_graph_new (net->params, mode);
  int                   B = self->B = n_sequences, S = self->S = n_tokens;
  AriettaDecoderShape   shape = arietta_composer_get_shape (net);
  AriettaNode           x, table = arietta_graph_param (g, "out.weight");
  double                dropout = drill != NULL ? drill->dropout : 0.0;
  AriettaRandom        *noise = drill != NULL ? drill->noise : NULL;

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
  if (net->n_echo > 0)
    x = hear_echoes (self, x, net->n_echo);
  if (net->chords)
    {
      self->chords = arietta_graph_input_int (g, "chords", ARIETTA_SHAPE (B, S, COMPOSER_CHORD));
      x = arietta_graph_add (g, x, arietta_graph_bag (g, self->chords, arietta_graph_param (g, "echo.chord")));
    }
  if (net->surroundings)
    {
      self->around = arietta_graph_input_int (g, "around", ARIETTA_SHAPE (B, S, COMPOSER_AROUND));
      x = arietta_graph_add (g, x, arietta_graph_bag (g, self->around, arietta_graph_param (g, "echo.around")));
    }
  if (dropout > 0.0)
    x = arietta_graph_dropout (g, x, dropout, noise);
  x = arietta_graph_decoder (g, &shape, x, self->lengths, dropout, noise);

  self->logits = arietta_graph_linear (g, x, table, arietta_graph_param (g, "out.bias"));
  if (net->n_echo > 0)
    self->logits = follow_echoes (self, self->logits, x);
  if (mode == ARIETTA_GRAPH_EVAL)
    arietta_graph_keep (g, self->logits);
  if (drill != NULL)
    add_loss (self, drill);
  if (!arietta_graph_compile (g, drill != NULL ? self->loss : ARIETTA_NODE_NONE, error))
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

/* Of the token at place @i of row @b that is read; none behind its end. */
static int
get_sort (AriettaComposerGraph *self,
          int                   b,
          int                   i)
{
  gsize at = (gsize) b * (gsize) self->S + (gsize) i;

  if (arietta_graph_get_ints (self->graph, self->targets)[at] < 0)
    return -1;

  return (int) arietta_event_get_sort ((AriettaEvent16) arietta_graph_get_ints (self->graph, self->tokens)[at], NULL);
}

static void
weigh (AriettaComposerGraph *self,
       int                   b)
{
  AriettaReal *weights = arietta_graph_get_values (self->graph, self->weights) + (gsize) b * (gsize) self->S;
  AriettaReal  weight = 1;

  for (int i = 0; i < self->S; i++)
    {
      if (get_sort (self, b, i) == ARIETTA_EVENT_FILL)
        weight = (AriettaReal) self->fill;
      weights[i] = weight;
    }
}

void
arietta_composer_graph_fill (AriettaComposerGraph *self,
                             int                   b,
                             const AriettaEvent16 *tokens,
                             guint                 n,
                             AriettaEventReader   *reader,
                             AriettaComposerEcho  *echo)
{
  gsize   at = (gsize) b * (gsize) self->S;
  gint32 *ids = arietta_graph_get_ints (self->graph, self->tokens) + at;
  gint32 *bars = arietta_graph_get_ints (self->graph, self->bars) + at;
  gint32 *positions = arietta_graph_get_ints (self->graph, self->positions) + at;
  gint32 *slots = arietta_graph_get_ints (self->graph, self->slots) + at;
  gint32 *targets = arietta_graph_get_ints (self->graph, self->targets) + at;
  gint32 *echoes = self->echoes > 0 ? arietta_graph_get_ints (self->graph, self->echoes) : NULL;
  gint32 *trusts = self->trusts > 0 ? arietta_graph_get_ints (self->graph, self->trusts) : NULL;
  gint32 *chords = self->chords > 0 ? arietta_graph_get_ints (self->graph, self->chords) : NULL;
  gint32 *around = self->around > 0 ? arietta_graph_get_ints (self->graph, self->around) : NULL;
  guint   n_inputs = n > 0 ? MIN (n - 1, (guint) self->S) : 0;

  arietta_event_reader_reset (reader);
  arietta_composer_echo_reset (echo);
  for (guint i = 0; i < (guint) self->S; i++)
    {
      AriettaComposerPlace place = { COMPOSER_BARS - 1, COMPOSER_POSITIONS - 1, COMPOSER_SLOTS - 1 };

      memset (place.echoes, -1, sizeof place.echoes);
      memset (place.trusts, -1, sizeof place.trusts);
      memset (place.chord, -1, sizeof place.chord);
      memset (place.around, -1, sizeof place.around);
      if (i < n_inputs && arietta_event_reader_feed (reader, tokens[i]))
        place = arietta_composer_place (reader, echo, tokens[i]);
      if (echoes != NULL)
        {
          memcpy (echoes + (at + i) * COMPOSER_ECHOES, place.echoes, sizeof place.echoes);
          memcpy (trusts + (at + i) * COMPOSER_ECHOES, place.trusts, sizeof place.trusts);
        }
      if (chords != NULL)
        memcpy (chords + (at + i) * COMPOSER_CHORD, place.chord, sizeof place.chord);
      if (around != NULL)
        memcpy (around + (at + i) * COMPOSER_AROUND, place.around, sizeof place.around);
      ids[i] = i < n_inputs ? tokens[i] : 0;
      bars[i] = place.bar;
      positions[i] = place.position;
      slots[i] = place.slot;
      targets[i] = i < n_inputs ? tokens[i + 1] : -1;
    }
  arietta_graph_get_ints (self->graph, self->lengths)[b] = (gint32) MAX (n_inputs, 1);
  if (self->weights > 0)
    weigh (self, b);
}

/* A row's sides: @side for what is written behind FILL.  The sum of its weights. */
static double
take_side (AriettaComposerGraph *self,
           int                   b,
           double                side)
{
  gsize              at = (gsize) b * (gsize) self->S;
  const AriettaReal *weights = arietta_graph_get_values (self->graph, self->weights) + at;
  AriettaReal       *sides = arietta_graph_get_values (self->graph, self->sides) + at;
  gboolean           behind = FALSE;
  double             sum = 0.0;

  for (int i = 0; i < self->S; i++)
    {
      int sort = get_sort (self, b, i);

      behind |= sort == ARIETTA_EVENT_FILL;
      sides[i] = behind ? (AriettaReal) side : 0;
      sum += sort >= 0 ? weights[i] : 0.0;
    }

  return sum;
}

void
arietta_composer_graph_pair (AriettaComposerGraph *self,
                             gboolean              are_pairs)
{
  AriettaReal *pairs, *weights;
  double       sum = 0.0;

  g_return_if_fail (self->pairs > 0);

  pairs = arietta_graph_get_values (self->graph, self->pairs);
  weights = arietta_graph_get_values (self->graph, self->weights);
  for (int b = 0; b < self->B; b++)
    {
      if (are_pairs && b % 2 == 1)
        memset (weights + (gsize) b * (gsize) self->S, 0, (gsize) self->S * sizeof *weights);
      sum += take_side (self, b, !are_pairs ? 0.0 : b % 2 == 0 ? 1 / SURE_NATS : -1 / SURE_NATS);
    }
  for (int k = 0; k < self->B / 2; k++)
    pairs[k] = are_pairs && arietta_graph_get_ints (self->graph, self->targets)[2 * k * self->S] >= 0
                 ? (AriettaReal) (self->exchange * SURE_NATS / MAX (sum, 1.0))
                 : 0;
}
