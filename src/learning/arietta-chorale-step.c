/* The network one step at a time, several lines side by side. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-chorale-private.h"

#include "math/arietta-gather.h"
#include "nn/arietta-lstm-cell.h"

#include <math.h>
#include <string.h>

#define MAX_LAYERS 4

struct _AriettaChoraleSteps
{
  AriettaDense    *inputs[MAX_LAYERS];
  AriettaLstmCell *cells[MAX_LAYERS];
  AriettaDense    *enc[ARIETTA_N_VOICES], *mid[ARIETTA_N_VOICES];
  AriettaDense    *pitch[ARIETTA_N_VOICES], *step[ARIETTA_N_VOICES];
};

struct _AriettaChoraleWalk
{
  AriettaChorale        *net;
  int                    n;                        /* rows */
  AriettaChoraleReader **readers;                  /* of each */
  guint                  phase;
  float                 *states, *other_states;    /* (layers,2,n,H): h and c */
  /* Scratch. */
  gint32                *ids, *places;             /* (n,facts), (n) */
  float                 *gates, *sums;             /* (n,4H) */
  float                 *x;                        /* (n,max (D,H)): in the end e */
  float                 *head, *bag;               /* (n,units of the head) */
  float                 *middle;
  float                 *logits, *steps, *aligned; /* (n,64), (n,128), (n,64) */
};

AriettaChoraleSteps *
arietta_chorale_steps_new (AriettaChorale *net)
{
  AriettaChoraleSteps *self = g_new0 (AriettaChoraleSteps, 1);

  for (int l = 0; l < net->n_layers; l++)
    {
      g_autofree char *in = g_strdup_printf ("lstm%d.in", l);
      g_autofree char *weight = g_strdup_printf ("lstm%d.weight_hh", l);
      g_autofree char *bias = g_strdup_printf ("lstm%d.bias", l);

      self->inputs[l] = arietta_dense_new (net->params, in);
      self->cells[l] = arietta_lstm_cell_new (net->params, weight, bias, NULL, NULL);
    }
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      g_autofree char *enc = g_strdup_printf ("head%d.enc", k);
      g_autofree char *mid = g_strdup_printf ("head%d.mid", k);
      g_autofree char *pitch = g_strdup_printf ("head%d.pitch", k);
      g_autofree char *step = g_strdup_printf ("head%d.step", k);

      self->enc[k] = arietta_dense_new (net->params, enc);
      self->mid[k] = arietta_dense_new (net->params, mid);
      self->pitch[k] = arietta_dense_new (net->params, pitch);
      self->step[k] = arietta_dense_new (net->params, step);
    }

  return self;
}

void
arietta_chorale_steps_free (AriettaChoraleSteps *self)
{
  if (self == NULL)
    return;

  for (int l = 0; l < MAX_LAYERS; l++)
    {
      arietta_dense_free (self->inputs[l]);
      arietta_lstm_cell_free (self->cells[l]);
    }
  for (int k = 0; k < ARIETTA_N_VOICES; k++)
    {
      arietta_dense_free (self->enc[k]);
      arietta_dense_free (self->mid[k]);
      arietta_dense_free (self->pitch[k]);
      arietta_dense_free (self->step[k]);
    }
  g_free (self);
}

static gsize
count_states (const AriettaChoraleWalk *self)
{
  return (gsize) self->net->n_layers * 2 * (gsize) self->n * (gsize) self->net->n_units;
}

AriettaChoraleWalk *
arietta_chorale_walk_new (AriettaChorale *net,
                          int             n_rows)
{
  AriettaChoraleWalk *self = g_new0 (AriettaChoraleWalk, 1);
  gsize               n = (gsize) n_rows;
  gsize               H = (gsize) net->n_units;

  self->net = net;
  self->n = n_rows;
  self->readers = g_new (AriettaChoraleReader *, n);
  for (gsize i = 0; i < n; i++)
    self->readers[i] = arietta_chorale_reader_new ();
  self->states = g_new0 (float, count_states (self));
  self->other_states = g_new (float, count_states (self));
  self->ids = g_new (gint32, n * CHORALE_MAX_FACTS);
  self->places = g_new (gint32, n);
  self->gates = g_new (float, n * 4 * H);
  self->sums = g_new (float, n * 4 * H);
  self->x = g_new (float, n * MAX (H, (gsize) net->n_input));
  self->head = g_new (float, n * (gsize) net->n_head);
  self->bag = g_new (float, n * (gsize) net->n_head);
  self->middle = g_new (float, n * (gsize) net->n_middle);
  self->logits = g_new (float, n * CHORALE_TOKENS);
  self->steps = g_new (float, n * 2 * CHORALE_TOKENS);
  self->aligned = g_new (float, n * CHORALE_TOKENS);

  return self;
}

void
arietta_chorale_walk_free (AriettaChoraleWalk *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < self->n; i++)
    arietta_chorale_reader_free (self->readers[i]);
  g_free (self->readers);
  g_free (self->states);
  g_free (self->other_states);
  g_free (self->ids);
  g_free (self->places);
  g_free (self->gates);
  g_free (self->sums);
  g_free (self->x);
  g_free (self->head);
  g_free (self->bag);
  g_free (self->middle);
  g_free (self->logits);
  g_free (self->steps);
  g_free (self->aligned);
  g_free (self);
}

static void
bag (AriettaChorale *net,
     const char     *name,
     float          *y,
     const gint32   *ids,
     int             n,
     int             n_facts)
{
  const AriettaParam *param = arietta_params_find (net->params, name);

  arietta_bag_forward (y, ids, arietta_params_get (net->params, name), n, n_facts, param->shape[0],
                       param->shape[1]);
}

static void
rectify (float *x,
         gsize  n)
{
  arietta_vector ()->activate (x, x, ARIETTA_RELU, n);
}

void
arietta_chorale_walk_step (AriettaChoraleWalk *self,
                           guint               phase)
{
  AriettaChorale *net = self->net;
  int             D = net->n_input, H = net->n_units, n = self->n;
  int             n_facts = arietta_chorale_encoder_facts ();
  const float    *bias = arietta_params_get (net->params, "enc.bias");

  self->phase = phase;
  for (int i = 0; i < n; i++)
    arietta_chorale_reader_encoder (self->readers[i], phase, 0, self->ids + i * n_facts);

  bag (net, "enc.table", self->x, self->ids, n, n_facts);
  for (int i = 0; i < n; i++)
    arietta_vector ()->add (self->x + (gsize) i * (gsize) D, bias, (gsize) D);
  rectify (self->x, (gsize) n * (gsize) D);

  for (int l = 0; l < net->n_layers; l++)
    {
      gsize  size = (gsize) n * (gsize) H;
      float *h = self->states + (gsize) l * 2 * size;

      arietta_dense_apply (net->steps->inputs[l], self->sums, self->x, n);
      arietta_lstm_cell_step (net->steps->cells[l], h, h + size, self->gates, self->sums, NULL, NULL, n);
      memcpy (self->x, h, sizeof (float) * size);
    }
}

void
arietta_chorale_walk_predict (AriettaChoraleWalk *self,
                              int                 nth,
                              const AriettaFrame *frames,
                              double             *chances)
{
  AriettaChorale      *net = self->net;
  AriettaChoraleSteps *steps = net->steps;
  int                  n = self->n, n_facts = arietta_chorale_head_facts (nth);
  gsize                size = (gsize) n * (gsize) net->n_head;
  g_autofree char     *table = g_strdup_printf ("head%d.table", nth);

  for (int i = 0; i < n; i++)
    arietta_chorale_reader_head (self->readers[i], self->phase, nth, &frames[i], 0,
                                 self->ids + i * n_facts, &self->places[i]);

  arietta_dense_apply (steps->enc[nth], self->head, self->x, n);
  bag (net, table, self->bag, self->ids, n, n_facts);
  arietta_vector ()->add (self->head, self->bag, size);
  rectify (self->head, size);
  arietta_dense_apply (steps->mid[nth], self->middle, self->head, n);
  rectify (self->middle, (gsize) n * (gsize) net->n_middle);
  arietta_dense_apply (steps->pitch[nth], self->logits, self->middle, n);
  arietta_dense_apply (steps->step[nth], self->steps, self->middle, n);
  arietta_align_forward (self->aligned, self->steps, self->places, n, CHORALE_TOKENS);
  arietta_vector ()->add (self->logits, self->aligned, (gsize) n * CHORALE_TOKENS);

  for (int i = 0; i < n; i++)
    {
      const float *logits = self->logits + (gsize) i * CHORALE_TOKENS;
      double      *row = chances + (gsize) i * CHORALE_TOKENS;
      float        total = arietta_vector ()->log_sum_exp (logits, CHORALE_TOKENS);

      for (int t = 0; t < CHORALE_TOKENS; t++)
        row[t] = exp (logits[t] - total);
    }
}

void
arietta_chorale_walk_push (AriettaChoraleWalk *self,
                           const AriettaFrame *frames)
{
  for (int i = 0; i < self->n; i++)
    arietta_chorale_reader_push (self->readers[i], &frames[i]);
}

void
arietta_chorale_walk_take (AriettaChoraleWalk *self,
                           const guint        *from)
{
  g_autofree AriettaChoraleReader **readers = g_new (AriettaChoraleReader *, self->n);
  gsize                             H = (gsize) self->net->n_units, size = (gsize) self->n * H;
  float                            *states = self->states;

  for (int part = 0; part < 2 * self->net->n_layers; part++)
    for (int i = 0; i < self->n; i++)
      memcpy (self->other_states + (gsize) part * size + (gsize) i * H,
              self->states + (gsize) part * size + from[i] * H, sizeof (float) * H);
  self->states = self->other_states;
  self->other_states = states;

  for (int i = 0; i < self->n; i++)
    readers[i] = arietta_chorale_reader_copy (self->readers[from[i]]);
  for (int i = 0; i < self->n; i++)
    {
      arietta_chorale_reader_free (self->readers[i]);
      self->readers[i] = readers[i];
    }
}
