/* arietta-wish-panel.h - what the model is asked for on the open piece, and how
 *
 * A popover: the verbs (action page.ask), "Compose Ahead" (page.compose-ahead), and behind one row model, style, amount of
 * change, density, instruments, seed and scale.  All of it is remembered in the settings "ask-…".
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-assist.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_WISH_PANEL (arietta_wish_panel_get_type ())
G_DECLARE_FINAL_TYPE (AriettaWishPanel, arietta_wish_panel, ARIETTA, WISH_PANEL, GtkPopover)

/* Once. */
void                  arietta_wish_panel_set_session (AriettaWishPanel *self,
                                                      AriettaSession   *session);
/* The scale of the piece, which notes may be kept to; @tonic -1: none. */
void                  arietta_wish_panel_set_scale   (AriettaWishPanel *self,
                                                      int               tonic,
                                                      int               mode);
/* What is remembered of the choices, for a piece in that scale; first bar, bars, tracks and listening are left to the
 * caller.  Seed 0: a new one is wanted. */
AriettaAssistRequest *arietta_wish_panel_dup_request (GSettings        *settings,
                                                      int               tonic,
                                                      int               mode) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
