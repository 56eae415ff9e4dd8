/* arietta-wish-panel.h - what the model is asked for on the open piece, and how
 *
 * A popover: the verbs (action page.ask), "Compose Ahead" (page.compose-ahead), and behind one row how it shall be
 * (arietta-wish-details.h), which is made a turn after the rest.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WISH_PANEL (arietta_wish_panel_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWishPanel, arietta_wish_panel, ARIETTA, WISH_PANEL, GtkPopover)

/* Once. */
void arietta_wish_panel_set_session (AriettaWishPanel *self,
                                     AriettaSession   *session);
/* The scale of the piece, which notes may be kept to; @tonic -1: none. */
void arietta_wish_panel_set_scale   (AriettaWishPanel *self,
                                     int               tonic,
                                     int               mode);

G_END_DECLS
