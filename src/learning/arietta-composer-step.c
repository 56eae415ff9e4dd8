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

  return self;
}

void
arietta_composer_steps_free (AriettaComposerSteps *self)
{
  if (self == NULL)
    return;

  arietta_decoder_cell_free (self->cell);
  arietta_matrix_free (self->out);
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
  g_free (self);
}

guint
arietta_composer_state_get_n (AriettaComposerState *self)
{
  return self->n;
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
    }

  if (n == 1)
    arietta_decoder_cell_step (steps->cell, self->state, self->last, self->x, 1);
  else
    arietta_decoder_cell_read (steps->cell, self->state, 0, NULL, self->last, self->x, (int) n);
  self->n += n;

  arietta_matrix_apply (steps->out, self->logits, self->last, NULL, 1);

  return self->logits;
}
