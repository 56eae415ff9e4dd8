/* arietta-wish-details.h - how what is asked for shall be: model, style, amount of change, density, instruments, seed, scale
 *
 * All of it is remembered in the settings "ask-…".
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-assist.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WISH_DETAILS (arietta_wish_details_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWishDetails, arietta_wish_details, ARIETTA, WISH_DETAILS, GtkWidget)

/* Once; the models are looked for at once. */
void                  arietta_wish_details_set_session (AriettaWishDetails *self,
                                                        AriettaSession     *session);
/* The scale of the piece, which notes may be kept to; @tonic -1: none. */
void                  arietta_wish_details_set_scale   (AriettaWishDetails *self,
                                                        int                 tonic,
                                                        int                 mode);
/* What is remembered of the choices, for a piece in that scale; first bar, bars, tracks and listening are left to the
 * caller.  Seed 0: a new one is wanted. */
AriettaAssistRequest *arietta_wish_details_dup_request (GSettings          *settings,
                                                        int                 tonic,
                                                        int                 mode) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
