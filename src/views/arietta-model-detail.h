/* arietta-model-detail.h - one model from close by: curve, results beside baselines, data and
 * rights
 *
 * Shows; changes nothing itself.  It activates "page.pause-model", "page.resume-model",
 * "page.keep-model", "page.hear-model", "page.tune-model", "page.compare-model",
 * "page.rename-model", "page.duplicate-model", "page.export-model" and "page.delete-model", each
 * with the model's name (s).
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-model-list.h"
#include "studio/arietta-train.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MODEL_DETAIL (arietta_model_detail_get_type ())
G_DECLARE_FINAL_TYPE (AriettaModelDetail, arietta_model_detail, ARIETTA, MODEL_DETAIL, GtkWidget)

/* @info is read during the call only. */
void arietta_model_detail_show       (AriettaModelDetail      *self,
                                      AriettaSession          *session,
                                      const AriettaModelInfo  *info,
                                      gboolean                 training_here);
/* Whether there are weights that could write something. */
void arietta_model_detail_set_audible (AriettaModelDetail    *self,
                                      gboolean                 audible);
/* Of a model that is training here: how long it will take; below 0: not known. */
void arietta_model_detail_set_left    (AriettaModelDetail      *self,
                                       double                   seconds);
/* The curve so far, and one more point. */
void arietta_model_detail_set_points (AriettaModelDetail      *self,
                                      const AriettaTrainPoint *points,
                                      guint                    n_points);
void arietta_model_detail_add_point  (AriettaModelDetail      *self,
                                      const AriettaTrainPoint *point);

G_END_DECLS
