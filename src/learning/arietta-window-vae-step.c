/* The network one step at a time, over weights packed for that. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-window-vae-private.h"

#include "math/arietta-packed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Those of a level, then those there is one of. */
typedef enum
{
  FORE_IN, FORE_HH, BACK_IN, BACK_HH, READ_Y, START, GATE_Z, DEC_Z, DEC_IN, DEC_HH, N_OF_LEVEL,
  MU = 0, LOGVAR, OUT, TOUCH, POINT, TO_POINT, N_SINGLE,
} Matrix;

static const char * const level_names[N_OF_LEVEL] = {
  "fore.in",      "fore.weight_hh", "back.in", "back.weight_hh", "read.y",
  "start.weight", "gate.z",         "dec.z",   "dec.in",         "dec.weight_hh",
};

/* Flat, and hierarchical: there POINT reads a unit's point and TO_POINT writes it. */
static const char * const single_names[2][N_SINGLE] = {
  { "mu.weight", "logvar.weight", "out.weight", "velocity.weight", "", "" },
  { "units.mu.weight", "units.logvar.weight", "out.weight", "velocity.weight", "mu.weight",
    "units.point.weight" },
};

typedef struct
{
  float *packed;
  int    rows, columns;
} Packed;

typedef struct
{
  Packed       matrices[N_OF_LEVEL];
  const float *fore_bias, *back_bias, *dec_bias, *start_bias, *read_table, *gate_table;
  int          n_encoder, n_decoder, n_gate;
} Level;

struct _AriettaWindowVaeSteps
{
  Level        levels[2];   /* cells, units */
  Packed       single[N_SINGLE];
  const float *fore_table, *back_table, *dec_table, *places, *beside;
  const float *mu_bias, *logvar_bias, *out_bias, *touch_bias, *point_bias, *to_point_bias, *mean;
};

/* A decoder of one level under way. */
typedef struct
{
  const Level *level;
  float       *constant;  /* (4H): what the point and the bias give at every step */
  float       *gate;      /* (G): V z */
  float       *c;         /* (H) */
  float       *sums;      /* (4H) */
  float       *inputs;    /* (P + G), the places first */
  float       *read;      /* (H + G): h and g_t */
  int          H, G, P;
} Line;

struct _AriettaWindowVaeDecoder
{
  AriettaWindowVae        *net;
  const AriettaStepWindow *window;
  guint                    cell, unit, unit_first, unit_end;
  guint16                 *sounding;  /* of the cells before */
  float                   *rows;      /* (4H) */
  float                   *points;    /* (units, P); NULL: flat */
  Line                     line;
  float                   *logits;
};

static void
pack (Packed        *self,
      AriettaParams *params,
      const char    *name)
{
  const AriettaParam *param = arietta_params_find (params, name);
  gsize               size;

  if (param == NULL)
    return;

  self->rows = param->shape[0];
  self->columns = param->shape[1];
  size = arietta_packed_size (self->rows, self->columns) * sizeof (float);
  self->packed = aligned_alloc (64, (size + 63) / 64 * 64);
  if (self->packed == NULL)
    g_error ("out of memory");
  arietta_pack (self->packed, arietta_params_get (params, name), self->rows, self->columns);
}

/* y += x . W^T */
static void
multiply (const Packed *m,
          float        *y,
          const float  *x)
{
  arietta_packed_multiply (y, x, m->packed, 1, 1, m->rows, m->columns);
}

static const float *
find (AriettaParams *params,
      const char    *level,
      const char    *name)
{
  g_autofree char *full = g_strconcat (level, name, NULL);

  return arietta_params_get (params, full);
}

AriettaWindowVaeSteps *
arietta_window_vae_steps_new (AriettaWindowVae *net)
{
  static const char * const levels[2] = { "", "units." };
  AriettaWindowVaeSteps    *self = g_new0 (AriettaWindowVaeSteps, 1);
  AriettaParams            *params = net->params;

  for (int l = 0; l < (net->n_conductor > 0 ? 2 : 1); l++)
    {
      Level *level = &self->levels[l];

      for (int m = 0; m < N_OF_LEVEL; m++)
        {
          g_autofree char *name = g_strconcat (levels[l], level_names[m], NULL);

          pack (&level->matrices[m], params, name);
        }
      level->fore_bias = find (params, levels[l], "fore.bias");
      level->back_bias = find (params, levels[l], "back.bias");
      level->dec_bias = find (params, levels[l], "dec.bias");
      level->start_bias = find (params, levels[l], "start.bias");
      level->read_table = find (params, levels[l], "read.table");
      level->gate_table = find (params, levels[l], "gate.table");
      level->n_encoder = l == 0 ? net->n_encoder : net->n_conductor / 2;
      level->n_decoder = l == 0 ? net->n_decoder : net->n_conductor;
      level->n_gate = l == 0 ? net->n_gate : net->n_unit_gate;
    }
  for (int m = 0; m < N_SINGLE; m++)
    pack (&self->single[m], params, single_names[net->n_conductor > 0][m]);
  self->mu_bias = find (params, levels[net->n_conductor > 0], "mu.bias");
  self->logvar_bias = find (params, levels[net->n_conductor > 0], "logvar.bias");
  self->point_bias = find (params, "", "mu.bias");
  self->to_point_bias = find (params, "units.", "point.bias");
  self->mean = find (params, "units.", "mean");
  self->out_bias = find (params, "", "out.bias");
  self->touch_bias = find (params, "", "velocity.bias");
  self->beside = find (params, "", "dec.beside");
  self->fore_table = find (params, "", "fore.table");
  self->back_table = find (params, "", "back.table");
  self->dec_table = find (params, "", "dec.table");
  self->places = find (params, "", "places");

  return self;
}

void
arietta_window_vae_steps_free (AriettaWindowVaeSteps *self)
{
  if (self == NULL)
    return;

  for (int l = 0; l < 2; l++)
    for (int m = 0; m < N_OF_LEVEL; m++)
      free (self->levels[l].matrices[m].packed);
  for (int m = 0; m < N_SINGLE; m++)
    free (self->single[m].packed);
  g_free (self);
}

/* --- reading --- */

/* Inputs (n,D) and, where there are some, tokens through one direction: h (E), and the states to its
 * half of the rows of y (n,2E). */
static void
read_direction (AriettaWindowVae *net,
                const Level      *level,
                gboolean          back,
                const float      *inputs,
                const guint16    *tokens,
                guint             n,
                float            *y,
                float            *h)
{
  const Packed     *in = &level->matrices[back ? BACK_IN : FORE_IN];
  const Packed     *hh = &level->matrices[back ? BACK_HH : FORE_HH];
  const float      *bias = back ? level->back_bias : level->fore_bias;
  const float      *table = back ? net->steps->back_table : net->steps->fore_table;
  int               E = level->n_encoder;
  g_autofree float *c = g_new0 (float, E);
  g_autofree float *sums = g_new (float, 4 * E);

  memset (h, 0, sizeof (float) * E);
  for (guint i = 0; i < n; i++)
    {
      guint        s = back ? n - 1 - i : i;
      const float *row = tokens != NULL ? table + (gsize) tokens[s] * 4 * E : NULL;

      for (int k = 0; k < 4 * E; k++)
        sums[k] = bias[k] + (row != NULL ? row[k] : 0.0f);
      multiply (in, sums, inputs + (gsize) s * in->columns);
      multiply (hh, sums, h);
      arietta_vector ()->lstm_gates (h, c, sums, c, (gsize) E);
      memcpy (y + (gsize) s * 2 * E + (back ? E : 0), h, sizeof (float) * E);
    }
}

/* The vector (2E+G) of a sequence. */
static void
read_sequence (AriettaWindowVae *net,
               const Level      *level,
               const float      *inputs,
               const guint16    *tokens,
               guint             n,
               float            *vector)
{
  int               E = level->n_encoder, G = level->n_gate;
  int               D = level->matrices[READ_Y].columns - 2 * E;  /* of the inputs, above */
  g_autofree float *y = g_new (float, (gsize) n * 2 * E);
  g_autofree float *row = g_new (float, 2 * E + D);
  g_autofree float *read = g_new (float, G);

  read_direction (net, level, FALSE, inputs, tokens, n, y, vector);
  read_direction (net, level, TRUE, inputs, tokens, n, y, vector + E);
  memset (vector + 2 * E, 0, sizeof (float) * G);
  for (guint s = 0; s < n; s++)
    {
      memset (read, 0, sizeof (float) * G);
      memcpy (row, y + (gsize) s * 2 * E, sizeof (float) * 2 * E);
      memcpy (row + 2 * E, inputs + (gsize) s * D, sizeof (float) * D);
      multiply (&level->matrices[READ_Y], read, row);
      for (int k = 0; k < G; k++)
        vector[2 * E + k] += READ_SCALE * level->read_table[(gsize) s * G + k] * read[k];
    }
}

/* Places and touches of every cell (n,P+K). */
static float *
dup_inputs (AriettaWindowVae        *net,
            const AriettaStepWindow *window)
{
  int    P = net->n_place, K = net->n_touches;
  float *inputs = g_new0 (float, (gsize) window->n_cells * (P + K));

  for (guint s = 0; s < window->n_cells; s++)
    {
      float *row = inputs + (gsize) s * (P + K);
      float  given[MAX_TOUCHES];

      memcpy (row, net->steps->places + (gsize) arietta_window_vae_get_place (window, s) * P,
              sizeof (float) * P);
      net->spec->form->get_touches (window, s, row + P, given);
    }

  return inputs;
}

guint
arietta_window_vae_read_points (AriettaWindowVae        *net,
                                const AriettaStepWindow *window,
                                float                   *points)
{
  int               P = net->n_point, D = net->n_place + net->n_touches;
  guint             n = arietta_window_shape_count_units (&net->shape, window);
  g_autofree float *inputs = dup_inputs (net, window);
  g_autofree float *vector = g_new (float, 2 * net->n_encoder + net->n_gate);

  for (guint u = 0; u < n; u++)
    {
      guint  first, end;
      float *point = points + (gsize) u * P;

      arietta_window_shape_find_unit (&net->shape, window, u, &first, &end);
      read_sequence (net, &net->steps->levels[0], inputs + (gsize) first * D,
                     window->tokens + first, end - first, vector);
      memcpy (point, net->steps->point_bias, sizeof (float) * P);
      multiply (&net->steps->single[POINT], point, vector);
    }

  return n;
}

void
arietta_window_vae_encode (AriettaWindowVae        *net,
                           const AriettaStepWindow *window,
                           float                   *mu,
                           float                   *logvar)
{
  int               L = net->n_latent;
  g_autofree float *vector = g_new (float, MAX (2 * net->n_encoder + net->n_gate,
                                                net->n_conductor + net->n_unit_gate));

  if (net->n_conductor > 0)
    {
      gsize             U = arietta_window_shape_count_units (&net->shape, window);
      g_autofree float *points = g_new (float, U * (gsize) net->n_point);
      guint             n = arietta_window_vae_read_points (net, window, points);

      read_sequence (net, &net->steps->levels[1], points, NULL, n, vector);
    }
  else
    {
      g_autofree float *inputs = dup_inputs (net, window);

      read_sequence (net, &net->steps->levels[0], inputs, window->tokens, window->n_cells, vector);
    }

  memcpy (mu, net->steps->mu_bias, sizeof (float) * L);
  memcpy (logvar, net->steps->logvar_bias, sizeof (float) * L);
  multiply (&net->steps->single[MU], mu, vector);
  multiply (&net->steps->single[LOGVAR], logvar, vector);
}

/* --- writing --- */

static void
line_init (Line        *self,
           const Level *level)
{
  int H = level->n_decoder, G = level->n_gate;

  self->level = level;
  self->H = H;
  self->G = G;
  self->P = level->matrices[DEC_IN].columns - G;
  self->constant = g_new (float, 4 * H);
  self->gate = g_new (float, G);
  self->c = g_new (float, H);
  self->sums = g_new (float, 4 * H);
  self->inputs = g_new0 (float, self->P + G);
  self->read = g_new (float, H + G);
}

static void
line_clear (Line *self)
{
  g_free (self->constant);
  g_free (self->gate);
  g_free (self->c);
  g_free (self->sums);
  g_free (self->inputs);
  g_free (self->read);
}

static void
line_begin (Line        *self,
            const float *point)
{
  const Level      *level = self->level;
  int               H = self->H;
  g_autofree float *start = g_memdup2 (level->start_bias, sizeof (float) * 2 * H);

  multiply (&level->matrices[START], start, point);
  for (int i = 0; i < H; i++)
    {
      self->read[i] = tanhf (start[i]);
      self->c[i] = tanhf (start[H + i]);
    }

  memcpy (self->constant, level->dec_bias, sizeof (float) * 4 * H);
  multiply (&level->matrices[DEC_Z], self->constant, point);
  memset (self->gate, 0, sizeof (float) * self->G);
  multiply (&level->matrices[GATE_Z], self->gate, point);
}

/* Step @t, with what tokens add to the gates (4H) where there are some; `read` has what it gives. */
static void
line_step (Line        *self,
           guint        t,
           const float *token_row)
{
  const Level *level = self->level;
  const float *gates = level->gate_table + (gsize) t * self->G;
  int          H = self->H;

  for (int k = 0; k < 4 * H; k++)
    self->sums[k] = self->constant[k] + (token_row != NULL ? token_row[k] : 0.0f);
  for (int k = 0; k < self->G; k++)
    self->inputs[self->P + k] = self->read[H + k] = gates[k] * self->gate[k];

  multiply (&level->matrices[DEC_IN], self->sums, self->inputs);
  multiply (&level->matrices[DEC_HH], self->sums, self->read);
  arietta_vector ()->lstm_gates (self->read, self->c, self->sums, self->c, (gsize) H);
}

/* The points of the units (n, P). */
static float *
conduct (AriettaWindowVae *net,
         const float      *latent,
         guint             n)
{
  float *points = g_new (float, (gsize) n * (gsize) net->n_point);
  Line   line;

  line_init (&line, &net->steps->levels[1]);
  line_begin (&line, latent);
  for (guint u = 0; u < n; u++)
    {
      float *point = points + (gsize) u * (gsize) net->n_point;

      line_step (&line, u, NULL);
      memcpy (point, net->steps->to_point_bias, sizeof (float) * (gsize) net->n_point);
      for (int k = 0; k < net->n_point; k++)
        point[k] += net->steps->mean[(gsize) u * (gsize) net->n_point + (gsize) k];
      multiply (&net->steps->single[TO_POINT], point, line.read);
    }
  line_clear (&line);

  return points;
}

AriettaWindowVaeDecoder *
arietta_window_vae_decoder_new (AriettaWindowVae        *net,
                                const float             *latent,
                                const AriettaStepWindow *window)
{
  AriettaWindowVaeDecoder *self = g_new0 (AriettaWindowVaeDecoder, 1);

  self->net = net;
  self->window = window;
  self->logits = g_new (float, net->n_tokens);
  self->sounding = g_new0 (guint16, ARIETTA_STEPS_MAX);
  self->rows = g_new (float, 4 * net->n_decoder);
  line_init (&self->line, &net->steps->levels[0]);
  if (net->n_conductor > 0)
    self->points = conduct (net, latent, arietta_window_shape_count_units (&net->shape, window));
  else
    line_begin (&self->line, latent);

  return self;
}

void
arietta_window_vae_decoder_free (AriettaWindowVaeDecoder *self)
{
  if (self == NULL)
    return;

  line_clear (&self->line);
  g_free (self->points);
  g_free (self->sounding);
  g_free (self->rows);
  g_free (self->logits);
  g_free (self);
}

/* What the token before and the other voices add to the gates of the next cell. */
static void
add_rows (AriettaWindowVaeDecoder *self,
          int                      before,
          float                   *rows)
{
  AriettaWindowVae *net = self->net;
  gsize             n = 4 * (gsize) net->n_decoder;
  gint32            beside[MAX_BESIDE];

  memset (rows, 0, sizeof *rows * n);
  if (before >= 0)
    memcpy (rows, net->steps->dec_table + (gsize) before * n, sizeof *rows * n);

  arietta_window_vae_find_beside (net, self->window, self->sounding, self->cell, beside);
  for (int v = 0; v < net->n_beside; v++)
    for (gsize k = 0; beside[v] >= 0 && k < n; k++)
      rows[k] += net->steps->beside[(gsize) beside[v] * n + k];
}

const float *
arietta_window_vae_decoder_step (AriettaWindowVaeDecoder *self,
                                 int                      before,
                                 float                   *touches)
{
  AriettaWindowVae            *net = self->net;
  const AriettaWindowVaeSteps *steps = net->steps;
  guint                        cell = self->cell;

  if (cell > 0 && before >= 0)
    self->sounding[cell - 1] = arietta_window_vae_get_sounding (self->window, self->sounding, cell - 1,
                                                                (guint16) before);
  if (cell % self->window->n_steps == 0)
    before = -1;
  if (self->points != NULL && cell == self->unit_end)
    {
      line_begin (&self->line, self->points + (gsize) self->unit * (gsize) net->n_point);
      arietta_window_shape_find_unit (&net->shape, self->window, self->unit++, &self->unit_first,
                                      &self->unit_end);
    }

  memcpy (self->line.inputs,
          steps->places + (gsize) arietta_window_vae_get_place (self->window, cell) * net->n_place,
          sizeof (float) * net->n_place);
  add_rows (self, before, self->rows);
  line_step (&self->line, cell - self->unit_first, self->rows);

  memcpy (self->logits, steps->out_bias, sizeof (float) * net->n_tokens);
  multiply (&steps->single[OUT], self->logits, self->line.read);
  if (touches != NULL)
    {
      memcpy (touches, steps->touch_bias, sizeof (float) * net->n_touches);
      multiply (&steps->single[TOUCH], touches, self->line.read);
    }
  self->cell++;

  return self->logits;
}

void
arietta_window_vae_decode_greedy (AriettaWindowVae        *net,
                                  const float             *latent,
                                  const AriettaStepWindow *window,
                                  guint16                 *tokens)
{
  g_autoptr(AriettaWindowVaeDecoder) decoder = arietta_window_vae_decoder_new (net, latent, window);
  int                                before = -1;

  for (guint c = 0; c < window->n_cells; c++)
    {
      const float *logits = arietta_window_vae_decoder_step (decoder, before, NULL);

      before = 0;
      for (int t = 1; t < net->n_tokens; t++)
        if (logits[t] > logits[before])
          before = t;
      tokens[c] = (guint16) before;
    }
}
