/* arietta-model-compare.h - two models side by side
 *
 * Their figures in two columns with the better one marked, and the curves of their trainings laid over each other.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

/* @model: the first; the person chooses the other, at first one of the same kind. */
void arietta_model_compare_present (GtkWidget      *near,
                                    AriettaSession *session,
                                    const char     *model);

G_END_DECLS
