/* arietta-model-card.h - one model among the cards
 *
 * Face of what it learned from, or else of what it writes; kind and state, name, the honest line,
 * styles, rights and size.  One that stands paused has the button that goes on.
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-model-list.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  item_id;     /* stands for it: a piece it could learn from; 0: none is here */
  gint64  bytes;       /* size of the weights, 0 while there are none */
} AriettaModelExtra;

/* Blocks: in a worker.  An element for each of @models. */
GArray     *arietta_model_extras_read   (AriettaLibrary          *library,
                                         GPtrArray               *models);

/* A GtkFlowBoxChild. @training: here and now. */
GtkWidget  *arietta_model_card_new      (AriettaSession          *session,
                                         const AriettaModelInfo  *info,
                                         const AriettaModelExtra *extra,
                                         gboolean                 training);
/* Whether @card says all this already. */
gboolean    arietta_model_card_says     (GtkFlowBoxChild         *card,
                                         const AriettaModelInfo  *info,
                                         const AriettaModelExtra *extra,
                                         gboolean                 training);
/* The model's name. */
const char *arietta_model_card_get_name (GtkFlowBoxChild         *card);

G_END_DECLS
