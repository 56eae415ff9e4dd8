/* Two steps, to say what the training would cost. */
#define G_LOG_DOMAIN "arietta-learning"

#include "learning/arietta-training-private.h"

typedef struct
{
  AriettaTraining *training;
  AriettaGraph    *graph;
  gint64           begun_us;
  double           seconds;   /* of the last step */
} Probe;

static AriettaGraph *
probe_fill_cb (gint64   step,
               gpointer data,
               GError **error)
{
  Probe           *probe = data;
  AriettaTraining *self = probe->training;
  guint            batch = self->batch++ % MAX (self->n_batches, 1);

  probe->graph = self->kind->fill_batch (self->learner, batch, step, 0.0, error);

  return probe->graph;
}

static gboolean
probe_step_cb (const AriettaTrainerNumbers *numbers,
               AriettaGraph                *graph,
               gpointer                     data)
{
  Probe *probe = data;
  gint64 now = g_get_monotonic_time ();

  probe->seconds = (double) (now - probe->begun_us) / 1e6;
  probe->begun_us = now;

  return TRUE;
}

gboolean
arietta_training_probe (AriettaTraining *self,
                        double          *step_seconds,
                        guint           *n_batches,
                        guint64         *bytes,
                        GError         **error)
{
  AriettaRateSchedule schedule = { .peak = 1e-6, .floor = 1.0 };
  Probe               probe = { .training = self, .begun_us = g_get_monotonic_time () };
  AriettaParams      *params = self->kind->get_params (self->net);

  if (!self->kind->learner_begin (self->learner, error))
    return FALSE;
  self->n_batches = self->kind->begin_epoch (self->learner, 0);
  if (!arietta_trainer_run (self->optimiser, &schedule, 2, self->accumulate, probe_fill_cb, probe_step_cb, &probe, error))
    return FALSE;

  *step_seconds = probe.seconds;
  *n_batches = MAX (1, self->n_batches / (guint) self->accumulate);
  /* Weights, gradients, two moments, and the average. */
  *bytes = arietta_graph_get_memory (probe.graph)
           + (guint64) arietta_params_get_size (params) * sizeof (float) * (self->average != NULL ? 5 : 4);

  return TRUE;
}
