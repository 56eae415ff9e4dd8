#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-learning-rate.h"

double
arietta_rate_schedule_get (const AriettaRateSchedule *schedule,
                           gint64                     step)
{
  double done;

  if (step < schedule->warmup)
    return schedule->peak * (double) step / (double) schedule->warmup;
  if (schedule->total <= schedule->warmup)
    return schedule->peak;

  done = (double) (step - schedule->warmup) / (double) (schedule->total - schedule->warmup);
  done = CLAMP (done, 0.0, 1.0);

  return schedule->peak * (schedule->floor + (1.0 - schedule->floor) * 0.5 * (1.0 + cos (G_PI * done)));
}

double
arietta_plateau_measure (AriettaPlateau *plateau,
                         double          loss)
{
  if (isfinite (loss) && !(loss >= plateau->best))
    {
      plateau->best = loss;
      plateau->n_worse = 0;
    }
  else if (++plateau->n_worse >= plateau->patience)
    {
      plateau->scale = MAX (plateau->scale * plateau->factor, plateau->least);
      plateau->n_worse = 0;
    }

  return plateau->scale;
}
