/* arietta-model-name.h - a name for a new model that none has yet */
#pragma once

#include <gtk/gtk.h>

#include "library/arietta-library.h"

G_BEGIN_DECLS

/* Writes @wished into @entry, and a moment later "@wished 2" or the next that is free, where a model is called so and
 * nobody has typed meanwhile. */
void arietta_model_name_suggest (GtkWidget      *entry,
                                 AriettaLibrary *library,
                                 const char     *wished);

G_END_DECLS
