/* One token at a time: the decoder of nn/ between our tables and the logits. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-composer-private.h"

#include "nn/arietta-decoder-cell.h"

#include <string.h>

struct _AriettaComposerSteps
{
  AriettaDecoderCell *cell;
  AriettaMatrix      *out;      /* the tokens, as rows going in and as columns coming out */
  const AriettaReal  *bars, *positions, *slots;

  /* Where it hears echoes. */
  AriettaMatrix      *echo_in, *echo_out;
  const AriettaReal  *echo_tokens, *echo_trust, *echo_gate;
  const AriettaReal  *chord;     /* rows, where it hears the other parts */
  const AriettaReal  *around;    /* and the bars around */
};

struct _AriettaComposerState
{
  AriettaComposer     *net;
  AriettaDecoderState *state;
  guint                n;
  AriettaReal         *x;        /* rows of the tokens being fed */
  guint                n_rows;   /* room for so many */
  AriettaReal         *last;     /* (E) */
  AriettaReal         *logits;
  AriettaReal         *echoes;   /* (COMPOSER_ECHOES, columns of each) */
};

AriettaComposerSteps *
arietta_composer_steps_new (AriettaComposer *net)
{
  AriettaComposerSteps     *self = g_new0 (AriettaComposerSteps, 1);
  AriettaDecoderShape       shape = arietta_composer_get_shape (net);
  const AriettaWeightSource source = { .params = net->params };

  /* The parameters are the net's own, so nothing can be missing. */
  self->cell = arietta_decoder_cell_new (&shape, &source, ARIETTA_MATRIX_AS_STORED, NULL);
  self->out = arietta_matrix_new (&source, "out", ARIETTA_MATRIX_AS_STORED, 0, 0, NULL);
  self->bars = arietta_params_get (net->params, "bars");
  self->positions = arietta_params_get (net->params, "positions");
  self->slots = arietta_params_get (net->params, "slots");
  if (net->chords)
    self->chord = arietta_params_get (net->params, "echo.chord");
  if (net->surroundings)
    self->around = arietta_params_get (net->params, "echo.around");
  if (net->n_echo > 0)
    {
      self->echo_in = arietta_matrix_new (&source, "echo.in", ARIETTA_MATRIX_AS_STORED, 0, 0, NULL);
      self->echo_out = arietta_matrix_new (&source, "echo.out", ARIETTA_MATRIX_AS_STORED, 0, 0, NULL);
      self->echo_tokens = arietta_params_get (net->params, "echo.tokens");
      self->echo_trust = arietta_params_get (net->params, "echo.trust");
      self->echo_gate = arietta_params_get (net->params, "echo.gate");
    }

  return self;
}

void
arietta_composer_steps_free (AriettaComposerSteps *self)
{
  if (self == NULL)
    return;

  arietta_decoder_cell_free (self->cell);
  arietta_matrix_free (self->out);
  arietta_matrix_free (self->echo_in);
  arietta_matrix_free (self->echo_out);
  g_free (self);
}

AriettaComposerState *
arietta_composer_state_new (AriettaComposer *net)
{
  AriettaComposerState *self = g_new0 (AriettaComposerState, 1);

  self->net = net;
  self->state = arietta_decoder_state_new (net->steps->cell, 1);
  self->last = g_new0 (AriettaReal, net->n_size);
  self->logits = g_new0 (AriettaReal, arietta_events_get_n ());
  self->echoes = g_new0 (AriettaReal, (gsize) COMPOSER_ECHOES * (gsize) MAX (net->n_echo, 1) + net->n_size);

  return self;
}

void
arietta_composer_state_free (AriettaComposerState *self)
{
  if (self == NULL)
    return;

  arietta_decoder_state_free (self->state);
  g_free (self->x);
  g_free (self->last);
  g_free (self->logits);
  g_free (self->echoes);
  g_free (self);
}

guint
arietta_composer_state_get_n (AriettaComposerState *self)
{
  return self->n;
}

/* x (E) += what the echoes at @place say. */
static void
hear_echoes (AriettaComposerState       *self,
             AriettaReal                *x,
             const AriettaComposerPlace *place)
{
  AriettaComposerSteps *steps = self->net->steps;
  gsize                 E = (gsize) self->net->n_size, D = (gsize) self->net->n_echo;
  AriettaReal          *sum = self->echoes + COMPOSER_ECHOES * D;

  for (gsize k = 0; k < COMPOSER_ECHOES; k++)
    {
      gint32 token = place->echoes[k], trust = place->trusts[k];

      if (token >= 0)
        memcpy (self->echoes + k * D, steps->echo_tokens + (gsize) token * D, D * sizeof *sum);
      else
        memset (self->echoes + k * D, 0, D * sizeof *sum);
      for (gsize e = 0; trust >= 0 && e < E; e++)
        x[e] += steps->echo_trust[(gsize) trust * E + e];
    }
  arietta_matrix_apply (steps->echo_in, sum, self->echoes, NULL, 1);
  for (gsize e = 0; e < E; e++)
    x[e] += sum[e];
}

static void
follow_echoes (AriettaComposerState       *self,
               const AriettaComposerPlace *place)
{
  AriettaComposerSteps *steps = self->net->steps;
  AriettaReal           weights[COMPOSER_ECHOES];

  arietta_matrix_apply (steps->echo_out, weights, self->last, NULL, 1);
  for (gsize k = 0; k < COMPOSER_ECHOES; k++)
    for (gsize j = 0; place->trusts[k] >= 0 && j < COMPOSER_ECHOES; j++)
      weights[j] += steps->echo_gate[(gsize) place->trusts[k] * COMPOSER_ECHOES + j];
  for (gsize k = 0; k < COMPOSER_ECHOES; k++)
    if (place->echoes[k] >= 0)
      self->logits[place->echoes[k]] += weights[k];
}

/* x (E) += the rows of @table (...,E), until one is -1. */
static void
add_rows (AriettaReal       *x,
          const AriettaReal *table,
          gsize              E,
          const gint32      *rows,
          int                n)
{
  for (int k = 0; k < n && rows[k] >= 0; k++)
    for (gsize e = 0; e < E; e++)
      x[e] += table[(gsize) rows[k] * E + e];
}

const float *
arietta_composer_state_feed (AriettaComposerState       *self,
                             const AriettaEvent16       *tokens,
                             const AriettaComposerPlace *places,
                             guint                       n)
{
  AriettaComposerSteps *steps = self->net->steps;
  gsize                 E = (gsize) self->net->n_size;

  g_return_val_if_fail (n > 0 && self->n + n <= (guint) self->net->n_context, self->logits);

  if (n > self->n_rows)
    {
      self->x = g_renew (AriettaReal, self->x, n * E);
      self->n_rows = n;
    }
  for (guint i = 0; i < n; i++)
    {
      AriettaReal       *x = self->x + i * E;
      const AriettaReal *bar = steps->bars + (gsize) places[i].bar * E;
      const AriettaReal *position = steps->positions + (gsize) places[i].position * E;
      const AriettaReal *slot = steps->slots + (gsize) places[i].slot * E;

      arietta_matrix_row (steps->out, x, tokens[i], FALSE);
      for (gsize e = 0; e < E; e++)
        x[e] += bar[e] + position[e] + slot[e];
      if (self->net->chords)
        add_rows (x, steps->chord, E, places[i].chord, COMPOSER_CHORD);
      if (self->net->surroundings)
        add_rows (x, steps->around, E, places[i].around, COMPOSER_AROUND);
      if (self->net->n_echo > 0)
        hear_echoes (self, x, &places[i]);
    }

  if (n == 1)
    arietta_decoder_cell_step (steps->cell, self->state, self->last, self->x, 1);
  else
    arietta_decoder_cell_read (steps->cell, self->state, 0, NULL, self->last, self->x, (int) n);
  self->n += n;

  arietta_matrix_apply (steps->out, self->logits, self->last, NULL, 1);
  if (self->net->n_echo > 0)
    follow_echoes (self, &places[n - 1]);

  return self->logits;
}

void
arietta_composer_state_rewind (AriettaComposerState *self,
                               guint                 n)
{
  g_return_if_fail (n <= self->n);

  /* Nothing is forgotten within a context. */
  if (arietta_decoder_state_rewind (self->state, 0, n))
    self->n = n;
}

void
arietta_composer_state_add_attention (AriettaComposerState *self,
                                      double               *looked)
{
  const double part = 1.0 / (self->net->n_layers * self->net->n_heads);

  for (int layer = 0; layer < self->net->n_layers; layer++)
    for (int head = 0; head < self->net->n_heads; head++)
      {
        gint64             first;
        int                n;
        const AriettaReal *weights = arietta_decoder_state_get_weights (self->state, 0, layer, head, &first, &n);

        for (int i = 0; weights != NULL && i < n; i++)
          looked[first + i] += part * (double) weights[i];
      }
}
