/* The network one step at a time, over weights packed for that. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae-private.h"

#include "math/arietta-packed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum
{
  FORE_IN, FORE_HH, BACK_IN, BACK_HH, READ_Y, MU, LOGVAR, START, GATE_Z, DEC_Z, DEC_IN, DEC_HH,
  OUT, VELOCITY,
  N_MATRICES,
} Matrix;

static const char * const matrix_names[N_MATRICES] = {
  "fore.in",   "fore.weight_hh", "back.in",      "back.weight_hh",  "read.y",
  "mu.weight", "logvar.weight",  "start.weight", "gate.z",          "dec.z",
  "dec.in",    "dec.weight_hh",  "out.weight",   "velocity.weight",
};

struct _AriettaMelodyVaeSteps
{
  float *packed[N_MATRICES];
  int    rows[N_MATRICES], columns[N_MATRICES];
};

struct _AriettaMelodyVaeDecoder
{
  AriettaMelodyVae        *net;
  const AriettaStepWindow *window;
  guint                    step;
  float                   *constant;  /* (4H): what z and the bias give at every step */
  float                   *gate;      /* (G): V z */
  float                   *h, *c;     /* (H) */
  float                   *sums;      /* (4H) */
  float                   *inputs;    /* (P + G) */
  float                   *read;      /* (H + G) */
  float                    logits[ARIETTA_STEPS_N_TOKENS];
};

AriettaMelodyVaeSteps *
arietta_melody_vae_steps_new (AriettaMelodyVae *net)
{
  AriettaMelodyVaeSteps *self = g_new0 (AriettaMelodyVaeSteps, 1);

  for (int m = 0; m < N_MATRICES; m++)
    {
      const AriettaParam *param = arietta_params_find (net->params, matrix_names[m]);
      gsize               size;

      self->rows[m] = param->shape[0];
      self->columns[m] = param->shape[1];
      size = arietta_packed_size (self->rows[m], self->columns[m]) * sizeof (float);
      self->packed[m] = aligned_alloc (64, (size + 63) / 64 * 64);
      if (self->packed[m] == NULL)
        g_error ("out of memory");
      arietta_pack (self->packed[m], arietta_params_get (net->params, matrix_names[m]),
                    self->rows[m], self->columns[m]);
    }

  return self;
}

void
arietta_melody_vae_steps_free (AriettaMelodyVaeSteps *self)
{
  if (self == NULL)
    return;

  for (int m = 0; m < N_MATRICES; m++)
    free (self->packed[m]);
  g_free (self);
}

/* y += x . W^T */
static void
multiply (AriettaMelodyVae *net,
          Matrix            m,
          float            *y,
          const float      *x)
{
  arietta_packed_multiply (y, x, net->steps->packed[m], 1, 1, net->steps->rows[m],
                           net->steps->columns[m]);
}

/* y (n_steps,2E): the states of one direction go to its half of every row. */
static void
encode_direction (AriettaMelodyVae        *net,
                  const AriettaStepWindow *window,
                  gboolean                 back,
                  float                   *y,
                  float                   *h)
{
  int               E = net->n_encoder, P = net->n_place;
  const float      *table = arietta_params_get (net->params, back ? "back.table" : "fore.table");
  const float      *bias = arietta_params_get (net->params, back ? "back.bias" : "fore.bias");
  const float      *places = arietta_params_get (net->params, "places");
  g_autofree float *c = g_new0 (float, E);
  g_autofree float *sums = g_new (float, 4 * E);
  g_autofree float *inputs = g_new (float, P + 1);

  memset (h, 0, sizeof (float) * E);
  for (guint i = 0; i < window->n_steps; i++)
    {
      guint        s = back ? window->n_steps - 1 - i : i;
      const float *row = table + (gsize) window->tokens[s] * 4 * E;

      for (int k = 0; k < 4 * E; k++)
        sums[k] = bias[k] + row[k];
      memcpy (inputs, places + (gsize) arietta_melody_vae_get_place (window, s) * P,
              sizeof (float) * P);
      inputs[P] = window->velocities[s] > 0
                    ? (window->velocities[s] - VELOCITY_MIDDLE) / VELOCITY_SCALE
                    : 0.0f;
      multiply (net, back ? BACK_IN : FORE_IN, sums, inputs);
      multiply (net, back ? BACK_HH : FORE_HH, sums, h);
      arietta_vector ()->lstm_gates (h, c, sums, c, (gsize) E);
      memcpy (y + (gsize) s * 2 * E + (back ? E : 0), h, sizeof (float) * E);
    }
}

void
arietta_melody_vae_encode (AriettaMelodyVae        *net,
                           const AriettaStepWindow *window,
                           float                   *mu,
                           float                   *logvar)
{
  int               E = net->n_encoder, L = net->n_latent, G = net->n_gate;
  const float      *table = arietta_params_get (net->params, "read.table");
  g_autofree float *y = g_new (float, (gsize) window->n_steps * 2 * E);
  g_autofree float *last = g_new0 (float, 2 * E + G);
  g_autofree float *read = g_new (float, G);

  encode_direction (net, window, FALSE, y, last);
  encode_direction (net, window, TRUE, y, last + E);
  for (guint s = 0; s < window->n_steps; s++)
    {
      memset (read, 0, sizeof (float) * G);
      multiply (net, READ_Y, read, y + (gsize) s * 2 * E);
      for (int k = 0; k < G; k++)
        last[2 * E + k] += READ_SCALE * table[(gsize) s * G + k] * read[k];
    }

  memcpy (mu, arietta_params_get (net->params, "mu.bias"), sizeof (float) * L);
  memcpy (logvar, arietta_params_get (net->params, "logvar.bias"), sizeof (float) * L);
  multiply (net, MU, mu, last);
  multiply (net, LOGVAR, logvar, last);
}

AriettaMelodyVaeDecoder *
arietta_melody_vae_decoder_new (AriettaMelodyVae        *net,
                                const float             *latent,
                                const AriettaStepWindow *window)
{
  AriettaMelodyVaeDecoder *self = g_new0 (AriettaMelodyVaeDecoder, 1);
  int                      H = net->n_decoder, G = net->n_gate, P = net->n_place;
  g_autofree float        *start = g_new (float, 2 * H);

  self->net = net;
  self->window = window;
  self->constant = g_new (float, 4 * H);
  self->gate = g_new0 (float, G);
  self->h = g_new (float, H);
  self->c = g_new (float, H);
  self->sums = g_new (float, 4 * H);
  self->inputs = g_new (float, P + G);
  self->read = g_new (float, H + G);

  memcpy (start, arietta_params_get (net->params, "start.bias"), sizeof (float) * 2 * H);
  multiply (net, START, start, latent);
  for (int i = 0; i < H; i++)
    {
      self->h[i] = tanhf (start[i]);
      self->c[i] = tanhf (start[H + i]);
    }

  memcpy (self->constant, arietta_params_get (net->params, "dec.bias"), sizeof (float) * 4 * H);
  multiply (net, DEC_Z, self->constant, latent);
  multiply (net, GATE_Z, self->gate, latent);

  return self;
}

void
arietta_melody_vae_decoder_free (AriettaMelodyVaeDecoder *self)
{
  if (self == NULL)
    return;

  g_free (self->constant);
  g_free (self->gate);
  g_free (self->h);
  g_free (self->c);
  g_free (self->sums);
  g_free (self->inputs);
  g_free (self->read);
  g_free (self);
}

const float *
arietta_melody_vae_decoder_step (AriettaMelodyVaeDecoder *self,
                                 int                      before,
                                 float                   *velocity)
{
  AriettaMelodyVae *net = self->net;
  int               H = net->n_decoder, G = net->n_gate, P = net->n_place;
  const float      *places = arietta_params_get (net->params, "places");
  const float      *table = arietta_params_get (net->params, "dec.table");
  const float      *gates = arietta_params_get (net->params, "gate.table") + (gsize) self->step * G;
  const float      *row = before >= 0 ? table + (gsize) before * 4 * H : NULL;

  for (int k = 0; k < 4 * H; k++)
    self->sums[k] = self->constant[k] + (row != NULL ? row[k] : 0.0f);
  memcpy (self->inputs,
          places + (gsize) arietta_melody_vae_get_place (self->window, self->step) * P,
          sizeof (float) * P);
  for (int k = 0; k < G; k++)
    self->inputs[P + k] = self->read[H + k] = gates[k] * self->gate[k];

  multiply (net, DEC_IN, self->sums, self->inputs);
  multiply (net, DEC_HH, self->sums, self->h);
  arietta_vector ()->lstm_gates (self->h, self->c, self->sums, self->c, (gsize) H);

  memcpy (self->read, self->h, sizeof (float) * H);
  memcpy (self->logits, arietta_params_get (net->params, "out.bias"), sizeof self->logits);
  multiply (net, OUT, self->logits, self->read);
  if (velocity != NULL)
    {
      float value = arietta_params_get (net->params, "velocity.bias")[0];

      multiply (net, VELOCITY, &value, self->read);
      *velocity = value * VELOCITY_SCALE + VELOCITY_MIDDLE;
    }
  self->step++;

  return self->logits;
}

void
arietta_melody_vae_decode_greedy (AriettaMelodyVae        *net,
                                  const float             *latent,
                                  const AriettaStepWindow *window,
                                  guint8                  *tokens)
{
  g_autoptr(AriettaMelodyVaeDecoder) decoder = arietta_melody_vae_decoder_new (net, latent, window);
  int                                before = -1;

  for (guint s = 0; s < window->n_steps; s++)
    {
      const float *logits = arietta_melody_vae_decoder_step (decoder, before, NULL);

      before = 0;
      for (int t = 1; t < ARIETTA_STEPS_N_TOKENS; t++)
        if (logits[t] > logits[before])
          before = t;
      tokens[s] = (guint8) before;
    }
}
