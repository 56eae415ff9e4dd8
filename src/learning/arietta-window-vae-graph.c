/* The network for one number of steps, for training. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include "nn/arietta-graph-gather.h"
#include "nn/arietta-graph-shape.h"

/* The parameter @name of a level ("" or "units."). */
static AriettaNode
param (AriettaGraph *g,
       const char   *level,
       const char   *name)
{
  g_autofree char *full = g_strconcat (level, name, NULL);

  return arietta_graph_param (g, full);
}

static AriettaNode
project (AriettaGraph *g,
         AriettaNode   x,
         const char   *level,
         const char   *name)
{
  return arietta_graph_linear (g, x, param (g, level, name), ARIETTA_NODE_NONE);
}

/* Both directions over inputs (T,B,D), and tokens where there are some.  Their last states side by
 * side with r = sum over t of E_t * (K y_t), which lets what stands at a step reach the latent
 * without being carried to the end: (B,2E+G).  Above, y_t has the inputs themselves too. */
static AriettaNode
build_encoder (AriettaGraph *g,
               const char   *level,
               AriettaNode   inputs,
               AriettaNode   tokens,
               AriettaNode   rows,
               AriettaNode   lengths)
{
  static const char * const names[2][4] = {
    { "fore.in", "fore.table", "fore.bias", "fore.weight_hh" },
    { "back.in", "back.table", "back.bias", "back.weight_hh" },
  };
  AriettaNode last[3], all[3] = { [2] = inputs };

  for (int reverse = 0; reverse < 2; reverse++)
    {
      AriettaLstmNodes nodes = {
        .inputs = project (g, inputs, level, names[reverse][0]),
        .bias = param (g, level, names[reverse][2]),
        .weight = param (g, level, names[reverse][3]),
        .lengths = lengths,
        .reverse = reverse,
      };
      AriettaLstmOutputs outputs;

      if (tokens != ARIETTA_NODE_NONE)
        {
          nodes.ids[0] = tokens;
          nodes.tables[0] = param (g, level, names[reverse][1]);
        }
      outputs = arietta_graph_lstm (g, &nodes);
      last[reverse] = outputs.h_last;
      all[reverse] = outputs.y;
    }

  last[2] = arietta_graph_sum_first (
    g, arietta_graph_multiply (g,
                               arietta_graph_embedding (g, rows, param (g, level, "read.table")),
                               project (g, arietta_graph_concat (g, all, tokens != ARIETTA_NODE_NONE ? 2 : 3), level,
                                        "read.y")));
  last[2] = arietta_graph_scale (g, last[2], READ_SCALE);

  return arietta_graph_concat (g, last, 3);
}

/* What a decoder takes from a point, the same in both passes. */
typedef struct
{
  const char *level;
  AriettaNode inputs, constant, h0, c0, gates;
} FromPoint;

/* @places (T,B,P) or NONE, @rows (T,B), @zeros (T,B,G). */
static FromPoint
read_point (AriettaGraph *g,
            const char   *level,
            AriettaNode   point,
            AriettaNode   places,
            AriettaNode   rows,
            AriettaNode   zeros,
            int           H)
{
  g_autofree char *start_name = g_strconcat (level, "start", NULL);
  AriettaNode      start, inputs;
  FromPoint        from = { .level = level };

  start = arietta_graph_activation (g, arietta_graph_linear_named (g, point, start_name),
                                    ARIETTA_TANH);
  from.h0 = arietta_graph_slice (g, start, 0, H);
  from.c0 = arietta_graph_slice (g, start, H, H);
  from.constant = project (g, point, level, "dec.z");
  from.gates =
    arietta_graph_multiply (g, arietta_graph_embedding (g, rows, param (g, level, "gate.table")),
                            arietta_graph_add (g, zeros, project (g, point, level, "gate.z")));
  inputs = places != ARIETTA_NODE_NONE
             ? arietta_graph_concat (g, (const AriettaNode[]) { places, from.gates }, 2)
             : from.gates;
  from.inputs = project (g, inputs, level, "dec.in");

  return from;
}

/* (T,B,H+G) */
static AriettaNode
build_decoder (AriettaGraph    *g,
               const FromPoint *from,
               AriettaNode      before)
{
  AriettaLstmNodes nodes = {
    .inputs = from->inputs,
    .constant = from->constant,
    .bias = param (g, from->level, "dec.bias"),
    .weight = param (g, from->level, "dec.weight_hh"),
    .h0 = from->h0,
    .c0 = from->c0,
  };
  AriettaNode y;

  if (before != ARIETTA_NODE_NONE)
    {
      nodes.ids[0] = before;
      nodes.tables[0] = param (g, from->level, "dec.table");
    }
  y = arietta_graph_lstm (g, &nodes).y;

  return arietta_graph_concat (g, (const AriettaNode[]) { y, from->gates }, 2);
}

/* From the units' vectors (U B, 2E+G) to that of the window (B, C+G), G of the level above. */
static AriettaNode
read_units (AriettaWindowVaeGraph *self,
            AriettaWindowVae      *net,
            AriettaNode            vectors)
{
  AriettaGraph *g = self->graph;
  AriettaNode   points = arietta_graph_reshape (g, arietta_graph_linear_named (g, vectors, "mu"),
                                                ARIETTA_SHAPE (self->U, self->B, net->n_point));

  return build_encoder (g, "units.", points, ARIETTA_NODE_NONE, self->units, self->unit_lengths);
}

/* From z (B,L) to the units' points (U B, P). */
static AriettaNode
conduct (AriettaWindowVaeGraph *self,
         AriettaWindowVae      *net,
         AriettaNode            z)
{
  AriettaGraph *g = self->graph;
  AriettaNode   zeros = arietta_graph_input (g, "zeros above",
                                             ARIETTA_SHAPE (self->U, self->B, net->n_unit_gate));
  FromPoint     from = read_point (g, "units.", z, ARIETTA_NODE_NONE, self->units, zeros,
                                   net->n_conductor);
  AriettaNode   read = build_decoder (g, &from, ARIETTA_NODE_NONE), mean;

  read = arietta_graph_reshape (g, read, ARIETTA_SHAPE (self->U * self->B,
                                                        net->n_conductor + net->n_unit_gate));

  read = arietta_graph_linear_named (g, read, "units.point");
  mean = arietta_graph_embedding (g, self->units, arietta_graph_param (g, "units.mean"));

  return arietta_graph_add (g, read, arietta_graph_reshape (g, mean, ARIETTA_SHAPE (self->U * self->B,
                                                                                    net->n_point)));
}

/* Only the parameters of the level above are asked for while they still get gradients. */
static void
hold_lower (AriettaGraph  *g,
            AriettaParams *params)
{
  for (guint i = 0; i < arietta_params_get_n (params); i++)
    if (g_str_has_prefix (arietta_params_get_nth (params, i)->name, "units."))
      arietta_graph_param (g, arietta_params_get_nth (params, i)->name);

  arietta_graph_freeze (g);
}

AriettaWindowVaeGraph *
arietta_window_vae_graph_new (AriettaWindowVae  *net,
                              int                T,
                              int                B,
                              double             free_nats,
                              double             dropout,
                              gboolean           two_passes,
                              gboolean           held,
                              AriettaRandom     *noise,
                              GError           **error)
{
  AriettaWindowVaeGraph *self = g_new0 (AriettaWindowVaeGraph, 1);
  AriettaGraph          *g = arietta_graph_new (net->params, ARIETTA_GRAPH_TRAIN);
  AriettaNode            places, inputs, last, mu, logvar, z, point, zeros, read, out, touch;
  FromPoint              from;
  gboolean               tall = net->n_conductor > 0;
  int                    K = net->n_touches, C;

  self->graph = g;
  self->T = T;
  self->U = (int) arietta_window_shape_get_most_units (&net->shape);
  self->B = B;
  C = self->U * B;
  if (held)
    hold_lower (g, net->params);
  self->tokens = arietta_graph_input_int (g, "tokens", ARIETTA_SHAPE (T, C));
  self->targets = arietta_graph_input_int (g, "targets", ARIETTA_SHAPE (T, C));
  self->before = arietta_graph_input_int (g, "before", ARIETTA_SHAPE (T, C));
  self->places = arietta_graph_input_int (g, "places", ARIETTA_SHAPE (T, C));
  self->steps = arietta_graph_input_int (g, "steps", ARIETTA_SHAPE (T, C));
  self->lengths = arietta_graph_input_int (g, "lengths", ARIETTA_SHAPE (C));
  self->touches = arietta_graph_input (g, "touches", ARIETTA_SHAPE (T, C, K));
  self->given = arietta_graph_input (g, "touches given", ARIETTA_SHAPE (T, C, K));
  self->onsets = arietta_graph_input (g, "onsets", ARIETTA_SHAPE (T, C));
  self->parts = arietta_graph_input (g, "parts", ARIETTA_SHAPE (3));
  zeros = arietta_graph_input (g, "zeros", ARIETTA_SHAPE (T, C, net->n_gate));
  if (tall)
    {
      self->units = arietta_graph_input_int (g, "units", ARIETTA_SHAPE (self->U, B));
      self->unit_lengths = arietta_graph_input_int (g, "units in each", ARIETTA_SHAPE (B));
    }
  if (net->n_beside > 0)
    self->beside = arietta_graph_input_int (g, "beside", ARIETTA_SHAPE (T, C, net->n_beside));

  places = arietta_graph_embedding (g, self->places, arietta_graph_param (g, "places"));
  inputs = arietta_graph_concat (g, (const AriettaNode[]) { places, self->touches }, 2);
  last = build_encoder (g, "", inputs, self->tokens, self->steps, self->lengths);
  if (tall)
    last = read_units (self, net, last);
  if (dropout > 0.0)
    last = arietta_graph_dropout (g, last, dropout, noise);
  mu = arietta_graph_linear_named (g, last, tall ? "units.mu" : "mu");
  logvar = arietta_graph_linear_named (g, last, tall ? "units.logvar" : "logvar");
  z = arietta_graph_reparameterise (g, mu, logvar,
                                    arietta_graph_normal (g, noise,
                                                          ARIETTA_SHAPE (B, net->n_latent)));

  point = tall ? conduct (self, net, z) : z;
  from = read_point (g, "", point, places, self->steps, zeros, net->n_decoder);
  if (net->n_beside > 0)
    from.inputs = arietta_graph_add (g, from.inputs,
                                     arietta_graph_bag (g, self->beside,
                                                        arietta_graph_param (g, "dec.beside")));
  if (two_passes)
    {
      self->before_true = arietta_graph_input_int (g, "before, true", ARIETTA_SHAPE (T, C));
      self->first_logits = arietta_graph_keep (
        g, arietta_graph_linear_named (g, build_decoder (g, &from, self->before_true), "out"));
    }

  read = build_decoder (g, &from, self->before);
  if (dropout > 0.0)
    read = arietta_graph_dropout (g, read, dropout, noise);
  out = arietta_graph_linear_named (g, read, "out");

  self->nll = arietta_graph_cross_entropy (g, out, self->targets, ARIETTA_NODE_NONE, 0.0, B, NULL);
  self->kl = arietta_graph_gaussian_kl (g, mu, logvar, free_nats, &self->plain_kl);
  /* Where nothing is given both sides are 0. */
  touch = arietta_graph_multiply (g, arietta_graph_linear_named (g, read, "velocity"), self->given);
  self->touch_error = arietta_graph_squared_error (g, touch, self->touches, self->onsets, 0.0);
  self->loss = arietta_graph_weighted_sum (
    g, (const AriettaNode[]) { self->nll, self->kl, self->touch_error }, 3, self->parts);

  if (!arietta_graph_compile (g, self->loss, error))
    {
      arietta_window_vae_graph_free (self);
      return NULL;
    }

  return self;
}

void
arietta_window_vae_graph_free (AriettaWindowVaeGraph *self)
{
  if (self == NULL)
    return;

  arietta_graph_free (self->graph);
  g_free (self);
}

/* Row @t of column @c: @cell of the window, or beyond its unit's end where @inside is FALSE. */
static void
fill_cell (AriettaWindowVaeGraph   *self,
           AriettaWindowVae        *net,
           const AriettaStepWindow *w,
           const guint16           *sounding,
           int                      t,
           int                      c,
           guint                    cell,
           gboolean                 inside)
{
  AriettaGraph *g = self->graph;
  gsize         at = (gsize) t * (gsize) (self->U * self->B) + (gsize) c;
  gsize         K = (gsize) net->n_touches;
  float        *values = arietta_graph_get_values (g, self->touches) + at * K;
  float        *given = arietta_graph_get_values (g, self->given) + at * K;
  gint32        before = inside && cell % w->n_steps > 0 ? w->tokens[cell - 1] : -1;
  gboolean      any = FALSE;

  arietta_graph_get_ints (g, self->tokens)[at] = inside ? w->tokens[cell] : ARIETTA_STEPS_HOLD;
  arietta_graph_get_ints (g, self->targets)[at] = inside ? w->tokens[cell] : -1;
  arietta_graph_get_ints (g, self->before)[at] = before;
  if (self->before_true != ARIETTA_NODE_NONE)
    arietta_graph_get_ints (g, self->before_true)[at] = before;
  arietta_graph_get_ints (g, self->places)[at] =
    arietta_window_vae_get_place (w, MIN (cell, w->n_cells - 1));
  arietta_graph_get_ints (g, self->steps)[at] = t;
  if (net->n_beside > 0)
    arietta_window_vae_find_beside (net, w, sounding, MIN (cell, w->n_cells - 1),
                                    arietta_graph_get_ints (g, self->beside)
                                      + at * (gsize) net->n_beside);

  for (gsize k = 0; k < K; k++)
    values[k] = given[k] = 0.0f;
  if (inside)
    net->spec->form->get_touches (w, cell, values, given);
  for (gsize k = 0; k < K; k++)
    any = any || given[k] > 0.0f;
  arietta_graph_get_values (g, self->onsets)[at] = any ? 1.0f : 0.0f;
}

void
arietta_window_vae_graph_fill (AriettaWindowVaeGraph   *self,
                               AriettaWindowVae        *net,
                               int                      b,
                               const AriettaStepWindow *window)
{
  AriettaGraph *g = self->graph;
  guint         n_units = arietta_window_shape_count_units (&net->shape, window);
  guint16       sounding[ARIETTA_STEPS_MAX];

  for (guint c = 0; c < window->n_cells; c++)
    sounding[c] = arietta_window_vae_get_sounding (window, sounding, c, window->tokens[c]);

  for (int u = 0; u < self->U; u++)
    {
      int   c = u * self->B + b;
      guint first = 0, end = 0;

      /* A unit that is not there is one cell of nothing, which the level above leaves out. */
      if ((guint) u < n_units)
        arietta_window_shape_find_unit (&net->shape, window, (guint) u, &first, &end);
      arietta_graph_get_ints (g, self->lengths)[c] = (gint32) MAX (1, end - first);
      if (net->n_conductor > 0)
        arietta_graph_get_ints (g, self->units)[c] = (guint) u < n_units ? u : -1;
      for (int t = 0; t < self->T; t++)
        fill_cell (self, net, window, sounding, t, c, first + (guint) t, first + (guint) t < end);
    }
  if (net->n_conductor > 0)
    arietta_graph_get_ints (g, self->unit_lengths)[b] = (gint32) n_units;
}
