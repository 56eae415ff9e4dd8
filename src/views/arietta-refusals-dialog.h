/* arietta-refusals-dialog.h - files that could not be read, each with its reason */
#pragma once

#include "views/arietta-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void arietta_refusals_dialog_present (GtkWidget      *near,
                                      AriettaSession *session,
                                      gint64          dataset_id);

G_END_DECLS
