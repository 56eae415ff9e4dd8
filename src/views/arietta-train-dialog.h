/* arietta-train-dialog.h - what a new model should learn, from what, and how long
 *
 * Ends by starting the training through @start, with sensible answers already chosen.
 */
#pragma once

#include "studio/arietta-train.h"
#include "views/arietta-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @request is borrowed. */
typedef void (*AriettaTrainStart) (gpointer                   owner,
                                   const AriettaTrainRequest *request);

/* Nothing is called once @owner is gone. */
void arietta_train_dialog_present (GtkWidget         *near,
                                   AriettaSession    *session,
                                   AriettaTrainStart  start,
                                   gpointer           owner);

G_END_DECLS
