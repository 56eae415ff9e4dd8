/* The network as a graph, for training and for measuring. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "nn/arietta-graph-gather.h"
#include "nn/arietta-graph-shape.h"

#include <string.h>

/* What the other parts sound at the place that was reached, those that hold on from the bar before included. */
static void
hear_chord (AriettaEventReader      *reader,
            const AriettaEventPlace *place,
            gint32                   chord[COMPOSER_CHORD])
{
  guint  n = place->bar >= 0 && place->slot >= 0 ? arietta_event_reader_get_n_notes (reader) : 0, k = 0;
  gint32 now = MAX (place->position, 0) * ARIETTA_EVENTS_UNITS_PER_POSITION;
  gint32 whole = (gint32) arietta_event_reader_get_bar_positions (reader) * ARIETTA_EVENTS_UNITS_PER_POSITION;
  guint  classes = 0;
  int    lowest = 128;

  for (guint i = 0; i < n; i++)
    {
      const AriettaEventNote *note = arietta_event_reader_get_note (reader, i);
      gint32                  since = now - note->onset + (place->bar - (gint32) note->bar) * whole;

      if ((gint32) note->bar > place->bar || (gint32) note->bar < place->bar - 1
          || note->part == arietta_event_reader_get_part (reader, place->slot)
          || since < -ARIETTA_EVENTS_UNITS_PER_POSITION / 2 || since >= note->duration
          || arietta_event_reader_is_drum_part (reader, note->part))
        continue;
      classes |= 1u << note->pitch % 12;
      lowest = MIN (lowest, note->pitch);
    }
  for (int c = 0; c < 12; c++)
    if (classes >> c & 1)
      chord[k++] = c;
  if (lowest < 128)
    chord[k++] = 12 + lowest % 12;
  for (; k < COMPOSER_CHORD; k++)
    chord[k] = -1;
}

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

  hear_chord (reader, &place, rows.chord);
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
  if (net->n_echo > 0)
    x = hear_echoes (self, x, net->n_echo);
  if (net->chords)
    {
      self->chords = arietta_graph_input_int (g, "chords", ARIETTA_SHAPE (B, S, COMPOSER_CHORD));
      x = arietta_graph_add (g, x, arietta_graph_bag (g, self->chords, arietta_graph_param (g, "echo.chord")));
    }
  if (dropout > 0.0)
    x = arietta_graph_dropout (g, x, dropout, noise);
  x = arietta_graph_decoder (g, &shape, x, self->lengths, dropout, noise);

  self->logits = arietta_graph_linear (g, x, table, arietta_graph_param (g, "out.bias"));
  if (net->n_echo > 0)
    self->logits = follow_echoes (self, self->logits, x);
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
  guint   n_inputs = n > 0 ? MIN (n - 1, (guint) self->S) : 0;

  arietta_event_reader_reset (reader);
  arietta_composer_echo_reset (echo);
  for (guint i = 0; i < (guint) self->S; i++)
    {
      AriettaComposerPlace place = { COMPOSER_BARS - 1, COMPOSER_POSITIONS - 1, COMPOSER_SLOTS - 1 };

      memset (place.echoes, -1, sizeof place.echoes);
      memset (place.trusts, -1, sizeof place.trusts);
      memset (place.chord, -1, sizeof place.chord);
      if (i < n_inputs && arietta_event_reader_feed (reader, tokens[i]))
        place = arietta_composer_place (reader, echo, tokens[i]);
      if (echoes != NULL)
        {
          memcpy (echoes + (at + i) * COMPOSER_ECHOES, place.echoes, sizeof place.echoes);
          memcpy (trusts + (at + i) * COMPOSER_ECHOES, place.trusts, sizeof place.trusts);
        }
      if (chords != NULL)
        memcpy (chords + (at + i) * COMPOSER_CHORD, place.chord, sizeof place.chord);
      ids[i] = i < n_inputs ? tokens[i] : 0;
      bars[i] = place.bar;
      positions[i] = place.position;
      slots[i] = place.slot;
      targets[i] = i < n_inputs ? tokens[i + 1] : -1;
    }
  arietta_graph_get_ints (self->graph, self->lengths)[b] = (gint32) MAX (n_inputs, 1);
}
