/* arietta-model-measure.h - measuring a model on a dataset, from its page
 *
 * A group: which dataset, a button, then progress with a way to stop, and what was found last time (remembered
 * with the weights) as lines and as bars.  The work is studio/arietta-evaluate.h's job in the queue, so it goes on
 * when the page shows something else.
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-model-list.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MODEL_MEASURE (arietta_model_measure_get_type ())
G_DECLARE_FINAL_TYPE (AriettaModelMeasure, arietta_model_measure, ARIETTA, MODEL_MEASURE, GtkWidget)

/* Hides itself for a model without weights. */
void arietta_model_measure_show (AriettaModelMeasure    *self,
                                 AriettaSession         *session,
                                 const AriettaModelInfo *info);

G_END_DECLS
