/* The network over windows of frames, for training. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "nn/arietta-graph-gather.h"

static AriettaNode
param (AriettaGraph *g,
       const char   *stem,
       int           nth,
       const char   *part)
{
  g_autofree char *name = g_strdup_printf ("%s%d.%s", stem, nth, part);

  return arietta_graph_param (g, name);
}

static AriettaNode
linear (AriettaGraph *g,
        AriettaNode   x,
        const char   *stem,
        int           nth,
        const char   *part)
{
  g_autofree char *name = g_strdup_printf ("%s%d.%s", stem, nth, part);

  return arietta_graph_linear_named (g, x, name);
}

static AriettaNode
drop (AriettaGraph  *g,
      AriettaNode    x,
      double         rate,
      AriettaRandom *noise)
{
  return rate > 0.0 ? arietta_graph_dropout (g, x, rate, noise) : x;
}

/* What is forgotten of the facts is made up for, as dropout does. */
static AriettaNode
bag (AriettaChoraleGraph *self,
     AriettaNode          ids,
     AriettaNode          table)
{
  AriettaNode sum = arietta_graph_bag (self->graph, ids, table);

  return self->forget > 0.0 ? arietta_graph_scale (self->graph, sum, 1.0 / (1.0 - self->forget)) : sum;
}

static AriettaNode
build_encoder (AriettaChoraleGraph *self,
               AriettaChorale      *net,
               double               dropout,
               AriettaRandom       *noise)
{
  AriettaGraph *g = self->graph;
  AriettaNode   x = bag (self, self->encoder_ids, arietta_graph_param (g, "enc.table"));

  x = arietta_graph_add (g, x, arietta_graph_param (g, "enc.bias"));
  x = arietta_graph_activation (g, x, ARIETTA_RELU);
  for (int l = 0; l < net->n_layers; l++)
    {
      AriettaLstmNodes nodes = {
        .inputs = linear (g, drop (g, x, dropout, noise), "lstm", l, "in"),
        .bias = param (g, "lstm", l, "bias"),
        .weight = param (g, "lstm", l, "weight_hh"),
      };

      x = arietta_graph_lstm (g, &nodes).y;
    }

  return drop (g, x, dropout, noise);
}

static AriettaNode
build_head (AriettaChoraleGraph *self,
            int                  nth,
            AriettaNode          encoded,
            double               dropout,
            AriettaRandom       *noise)
{
  AriettaGraph *g = self->graph;
  AriettaNode   z = arietta_graph_add (g, linear (g, encoded, "head", nth, "enc"),
                                       bag (self, self->head_ids[nth], param (g, "head", nth, "table")));

  z = drop (g, arietta_graph_activation (g, z, ARIETTA_RELU), dropout, noise);
  z = arietta_graph_activation (g, linear (g, z, "head", nth, "mid"), ARIETTA_RELU);
  z = drop (g, z, dropout / 2.0, noise);

  return arietta_graph_add (g, linear (g, z, "head", nth, "pitch"),
                            arietta_graph_align (g, linear (g, z, "head", nth, "step"),
                                                 self->places[nth]));
}

AriettaChoraleGraph *
arietta_chorale_graph_new (AriettaChorale  *net,
                           int              T,
                           int              B,
                           double           dropout,
                           double           forget,
                           AriettaRandom   *noise,
                           GError         **error)
{
  AriettaChoraleGraph *self = g_new0 (AriettaChoraleGraph, 1);
  AriettaGraph        *g = arietta_graph_new (net->params, ARIETTA_GRAPH_TRAIN);
  AriettaNode          encoded, parts, nll[ARIETTA_N_VOICES];

  self->graph = g;
  self->T = T;
  self->B = B;
  self->forget = forget;
  self->encoder_ids = arietta_graph_input_int (g, "facts",
                                               ARIETTA_SHAPE (T, B, arietta_chorale_encoder_facts ()));
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      self->head_ids[k] = arietta_graph_input_int (g, "facts of a voice",
                                                   ARIETTA_SHAPE (T, B, arietta_chorale_head_facts (k)));
      self->places[k] = arietta_graph_input_int (g, "places", ARIETTA_SHAPE (T, B));
      self->targets[k] = arietta_graph_input_int (g, "targets", ARIETTA_SHAPE (T, B));
    }
  parts = arietta_graph_input (g, "parts", ARIETTA_SHAPE (ARIETTA_N_VOICES));

  encoded = build_encoder (self, net, dropout, noise);
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      self->logits[k] = arietta_graph_keep (g, build_head (self, k, encoded, dropout, noise));
      nll[k] = arietta_graph_cross_entropy (g, self->logits[k], self->targets[k], ARIETTA_NODE_NONE,
                                            0.0, 0.0, NULL);
    }
  self->loss = arietta_graph_weighted_sum (g, nll, ARIETTA_N_VOICES, parts);

  if (!arietta_graph_compile (g, self->loss, error))
    {
      arietta_chorale_graph_free (self);
      return NULL;
    }

  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    arietta_graph_get_values (g, parts)[k] = 1.0f / ARIETTA_N_VOICES;

  return self;
}

void
arietta_chorale_graph_free (AriettaChoraleGraph *self)
{
  if (self == NULL)
    return;

  arietta_graph_free (self->graph);
  g_free (self);
}

static void
forget_some (AriettaChoraleGraph *self,
             gint32              *ids,
             gsize                n,
             AriettaRandom       *random)
{
  for (gsize i = 0; i < n && self->forget > 0.0; i++)
    if (arietta_random_uniform (random) < self->forget)
      ids[i] = -1;
}

void
arietta_chorale_graph_fill (AriettaChoraleGraph *self,
                            int                  b,
                            const AriettaVoices *voices,
                            guint                from,
                            int                  shift,
                            AriettaRandom       *random)
{
  g_autoptr(AriettaChoraleReader) reader = arietta_chorale_reader_new ();
  AriettaGraph *g = self->graph;
  gsize         n_facts = (gsize) arietta_chorale_encoder_facts ();

  for (guint s = 0; s < from; s++)
    arietta_chorale_reader_push (reader, &voices->frames[s]);

  for (int t = 0; t < self->T; t++)
    {
      gsize    at = (gsize) t * (gsize) self->B + (gsize) b;
      guint    s = from + (guint) t;
      gboolean inside = s < voices->n_steps;
      gint32  *ids = arietta_graph_get_ints (g, self->encoder_ids) + at * n_facts;

      if (inside)
        {
          arietta_chorale_reader_encoder (reader, voices->phases[s], shift, ids);
          forget_some (self, ids, n_facts, random);
        }
      else
        for (gsize i = 0; i < n_facts; i++)
          ids[i] = -1;

      for (int k = 0; k < ARIETTA_N_VOICES; k++)
        {
          gsize   n = (gsize) arietta_chorale_head_facts (k);
          gint32 *head = arietta_graph_get_ints (g, self->head_ids[k]) + at * n;
          gint32 *place = arietta_graph_get_ints (g, self->places[k]) + at;
          gint32 *target = arietta_graph_get_ints (g, self->targets[k]) + at;

          if (inside)
            {
              int pitch = voices->frames[s].pitches[arietta_chorale_order[k]];

              arietta_chorale_reader_head (reader, voices->phases[s], k, &voices->frames[s], shift,
                                           head, place);
              forget_some (self, head, n, random);
              *target = arietta_chorale_token (pitch == ARIETTA_VOICE_REST ? pitch : pitch + shift);
            }
          else
            {
              for (gsize i = 0; i < n; i++)
                head[i] = -1;
              *place = -1;
              *target = -1;
            }
        }
      if (inside)
        arietta_chorale_reader_push (reader, &voices->frames[s]);
    }
}
