#define G_LOG_DOMAIN "arietta-nn"

#include "nn/arietta-trainer.h"

#include "base/arietta-error.h"
#include "nn/arietta-nn-error.h"

#include <math.h>

static void
set_not_finite (GError       **error,
                AriettaGraph  *graph,
                gint64         step)
{
  g_autofree char *where = arietta_graph_find_not_finite (graph);

  g_clear_error (error);
  arietta_set_error (error, ARIETTA_NN_ERROR, ARIETTA_NN_ERROR_NOT_FINITE, NULL, where,
                     "Training stopped at step %" G_GINT64_FORMAT ": %s gave a number that is not finite. "
                     "The weights of the step before are kept; a lower learning rate may help.",
                     step, where != NULL ? where : "adding up the gradients");
}

gboolean
arietta_trainer_run (AriettaOptimiser           *optimiser,
                     const AriettaRateSchedule  *schedule,
                     gint64                      last_step,
                     int                         n_batches,
                     AriettaTrainerFillFunc      fill,
                     AriettaTrainerStepFunc      step,
                     gpointer                    data,
                     GError                    **error)
{
  AriettaParams *params = arietta_optimiser_get_params (optimiser);

  g_return_val_if_fail (n_batches > 0, FALSE);

  while (arietta_optimiser_get_step (optimiser) < last_step)
    {
      AriettaTrainerNumbers  numbers = { .step = arietta_optimiser_get_step (optimiser) + 1 };
      gint64                 started = g_get_monotonic_time ();
      AriettaGraph          *graph = NULL;
      GError                *fill_error = NULL;
      g_autoptr(GError)      step_error = NULL;

      arietta_params_zero_gradients (params);
      for (int i = 0; i < n_batches; i++)
        {
          graph = fill (numbers.step, data, &fill_error);
          if (graph == NULL)
            {
              gboolean ended_well = fill_error == NULL;

              if (fill_error != NULL)
                g_propagate_error (error, fill_error);
              return ended_well;
            }

          arietta_graph_forward (graph);
          numbers.loss += arietta_graph_get_loss (graph) / n_batches;
          if (!isfinite (numbers.loss))
            {
              set_not_finite (error, graph, numbers.step);
              return FALSE;
            }
          arietta_graph_backward (graph);
        }

      numbers.learning_rate = arietta_rate_schedule_get (schedule, numbers.step);
      if (!arietta_optimiser_step (optimiser, numbers.learning_rate, 1.0 / n_batches,
                                   &numbers.gradient_norm, &step_error))
        {
          set_not_finite (error, graph, numbers.step);
          return FALSE;
        }

      numbers.seconds = 1e-6 * (double) (g_get_monotonic_time () - started);
      if (!step (&numbers, graph, data))
        return TRUE;
    }

  return TRUE;
}
