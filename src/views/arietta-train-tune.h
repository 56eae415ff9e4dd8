/* arietta-train-tune.h - a model taught further on a few files: which, how long, under what name
 *
 * Files are dropped on the dialog or chosen.  Ends by starting the training through @start.
 */
#pragma once

#include "views/arietta-train-dialog.h"

G_BEGIN_DECLS

/* @model is the one to begin with.  Nothing is called once @owner is gone. */
void arietta_train_tune_present (GtkWidget         *near,
                                 AriettaSession    *session,
                                 const char        *model,
                                 AriettaTrainStart  start,
                                 gpointer           owner);

G_END_DECLS
