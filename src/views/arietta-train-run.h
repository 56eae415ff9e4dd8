/* arietta-train-run.h - one training as the window sees it
 *
 * Wraps the job of arietta_train (): collects its points on the main loop, so that a chart opened
 * late shows the whole curve.  Pausing ends the job at its checkpoint, so nothing of the machine is
 * held; going on is a new run object on the same model.  Main thread only.
 *
 * Properties: "running" (bool, read only).
 * Signals: "point" (pointer: const AriettaTrainPoint *); "ended" (GError, boxed, or NULL when it
 * went well).
 */
#pragma once

#include "studio/arietta-train.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TRAIN_RUN (arietta_train_run_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTrainRun, arietta_train_run, ARIETTA, TRAIN_RUN, GObject)

/* Copies @request and queues the job; @title is the row's among the jobs. */
AriettaTrainRun         *arietta_train_run_start      (AriettaSession             *session,
                                                       const AriettaTrainRequest  *request,
                                                       const char                 *title) G_GNUC_WARN_UNUSED_RESULT;
gboolean                 arietta_train_run_is_running (AriettaTrainRun            *self);
/* Below 0: not known yet. */
double                   arietta_train_run_get_left   (AriettaTrainRun            *self);
/* Leaves the model paused at a checkpoint. */
void                     arietta_train_run_pause      (AriettaTrainRun            *self);

G_END_DECLS
