/* The network for one number of steps, for training. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-melody-vae-private.h"

static AriettaNode
project (AriettaGraph *g,
         AriettaNode   x,
         const char   *name)
{
  return arietta_graph_linear (g, x, arietta_graph_param (g, name), ARIETTA_NODE_NONE);
}

/* Both directions over the window.  Their last states side by side with r = sum over t of E_t * (K
 * y_t), which lets what stands at a step reach the latent without being carried to the end:
 * (B,2E+G). */
static AriettaNode
build_encoder (AriettaMelodyVaeGraph *self,
               AriettaNode            places)
{
  AriettaGraph *g = self->graph;
  AriettaNode inputs = arietta_graph_concat (g, (const AriettaNode[]) { places, self->velocities },
                                             2);
  AriettaNode   last[3], all[2];

  for (int reverse = 0; reverse < 2; reverse++)
    {
      const char      *in = reverse ? "back.in" : "fore.in";
      const char      *table = reverse ? "back.table" : "fore.table";
      const char      *bias = reverse ? "back.bias" : "fore.bias";
      const char      *weight = reverse ? "back.weight_hh" : "fore.weight_hh";
      AriettaLstmNodes nodes = {
        .inputs = project (g, inputs, in),
        .ids = { self->tokens },
        .tables = { arietta_graph_param (g, table) },
        .bias = arietta_graph_param (g, bias),
        .weight = arietta_graph_param (g, weight),
        .lengths = self->lengths,
        .reverse = reverse,
      };

      AriettaLstmOutputs outputs = arietta_graph_lstm (g, &nodes);

      last[reverse] = outputs.h_last;
      all[reverse] = outputs.y;
    }

  last[2] = arietta_graph_sum_first (
    g, arietta_graph_multiply (g,
                               arietta_graph_embedding (g, self->steps,
                                                        arietta_graph_param (g, "read.table")),
                               project (g, arietta_graph_concat (g, all, 2), "read.y")));
  last[2] = arietta_graph_scale (g, last[2], READ_SCALE);

  return arietta_graph_concat (g, last, 3);
}

/* What the decoder takes from a point, the same in both passes. */
typedef struct
{
  AriettaNode inputs, constant, h0, c0, gates;
} FromLatent;

static AriettaNode
build_decoder (AriettaMelodyVaeGraph *self,
               const FromLatent      *from,
               AriettaNode            before)
{
  AriettaGraph    *g = self->graph;
  AriettaLstmNodes nodes = {
    .inputs = from->inputs,
    .constant = from->constant,
    .ids = { before },
    .tables = { arietta_graph_param (g, "dec.table") },
    .bias = arietta_graph_param (g, "dec.bias"),
    .weight = arietta_graph_param (g, "dec.weight_hh"),
    .h0 = from->h0,
    .c0 = from->c0,
  };
  AriettaNode y = arietta_graph_lstm (g, &nodes).y;

  return arietta_graph_concat (g, (const AriettaNode[]) { y, from->gates }, 2);
}

AriettaMelodyVaeGraph *
arietta_melody_vae_graph_new (AriettaMelodyVae  *net,
                              int                T,
                              int                B,
                              double             free_nats,
                              double             dropout,
                              gboolean           two_passes,
                              AriettaRandom     *noise,
                              GError           **error)
{
  AriettaMelodyVaeGraph *self = g_new0 (AriettaMelodyVaeGraph, 1);
  AriettaGraph          *g = arietta_graph_new (net->params, ARIETTA_GRAPH_TRAIN);
  AriettaNode            places, last, mu, logvar, z, start, tiled, read, out;
  FromLatent             from;
  int                    H = net->n_decoder;

  self->graph = g;
  self->T = T;
  self->B = B;
  self->tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, B));
  self->targets = arietta_graph_input_int (g, "targets", ARIETTA_SHAPE (T, B));
  self->before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, B));
  self->places = arietta_graph_input_int (g, "places", ARIETTA_SHAPE (T, B));
  self->steps = arietta_graph_input_int (g, "steps", ARIETTA_SHAPE (T, B));
  self->lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (B));
  self->velocities = arietta_graph_input (g, "velocities", ARIETTA_SHAPE (T, B, 1));
  self->onsets = arietta_graph_input (g, "onsets", ARIETTA_SHAPE (T, B));
  self->parts = arietta_graph_input (g, "parts", ARIETTA_SHAPE (3));
  tiled = arietta_graph_input (g, "zeros", ARIETTA_SHAPE (T, B, net->n_gate));

  places = arietta_graph_embedding (g, self->places, arietta_graph_param (g, "places"));
  last = build_encoder (self, places);
  if (dropout > 0.0)
    last = arietta_graph_dropout (g, last, dropout, noise);
  mu = arietta_graph_linear_named (g, last, "mu");
  logvar = arietta_graph_linear_named (g, last, "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar,
                                    arietta_graph_normal (g, noise,
                                                          ARIETTA_SHAPE (B, net->n_latent)));

  start = arietta_graph_activation (g, arietta_graph_linear_named (g, z, "start"), ARIETTA_TANH);
  from.h0 = arietta_graph_slice (g, start, 0, H);
  from.c0 = arietta_graph_slice (g, start, H, H);
  from.constant = project (g, z, "dec.z");
  tiled = arietta_graph_add (g, tiled, project (g, z, "gate.z"));
  from.gates =
    arietta_graph_multiply (g,
                            arietta_graph_embedding (g, self->steps,
                                                     arietta_graph_param (g, "gate.table")),
                            tiled);
  from.inputs = project (g,
                         arietta_graph_concat (g, (const AriettaNode[]) { places, from.gates }, 2),
                         "dec.in");

  if (two_passes)
    {
      self->before_true = arietta_graph_input_int (g, "before, true", ARIETTA_SHAPE (T, B));
      self->first_logits =
        arietta_graph_keep (g, arietta_graph_linear_named (g,
                                                           build_decoder (self, &from,
                                                                          self->before_true),
                                                           "out"));
    }

  read = build_decoder (self, &from, self->before);
  if (dropout > 0.0)
    read = arietta_graph_dropout (g, read, dropout, noise);
  out = arietta_graph_linear_named (g, read, "out");

  self->nll = arietta_graph_cross_entropy (g, out, self->targets, ARIETTA_NODE_NONE, 0.0, B, NULL);
  self->kl = arietta_graph_gaussian_kl (g, mu, logvar, free_nats, &self->plain_kl);
  self->velocity_error =
    arietta_graph_squared_error (g, arietta_graph_linear_named (g, read, "velocity"),
                                 self->velocities, self->onsets, 0.0);
  self->loss = arietta_graph_weighted_sum (
    g, (const AriettaNode[]) { self->nll, self->kl, self->velocity_error }, 3, self->parts);

  if (!arietta_graph_compile (g, self->loss, error))
    {
      arietta_melody_vae_graph_free (self);
      return NULL;
    }

  return self;
}

void
arietta_melody_vae_graph_free (AriettaMelodyVaeGraph *self)
{
  if (self == NULL)
    return;

  arietta_graph_free (self->graph);
  g_free (self);
}
