/* arietta-compose-panel.h - what shall be written: model, style, key, bars, adventure, seed
 *
 * Fills itself from the models of the session's library.  Its button activates page.write.
 *
 * Property: "ready" (bool, read only): there is a model that can compose.
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-compose.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_COMPOSE_PANEL (arietta_compose_panel_get_type ())
G_DECLARE_FINAL_TYPE (AriettaComposePanel, arietta_compose_panel, ARIETTA, COMPOSE_PANEL, GtkWidget)

/* Once. */
void       arietta_compose_panel_set_session  (AriettaComposePanel   *self,
                                               AriettaSession        *session);
/* Once, after that: visible, its groups one to a frame. */
void       arietta_compose_panel_reveal       (AriettaComposePanel   *self);
/* The present choices; with "Surprise Me" a new seed.  Strings are new: free with
 * arietta_compose_panel_clear_request (). */
void       arietta_compose_panel_fill_request (AriettaComposePanel   *self,
                                               AriettaComposeRequest *request);
void       arietta_compose_panel_clear_request (AriettaComposeRequest *request);
/* Whether it lies over the page and so needs a button to go away (page.panel). */
void       arietta_compose_panel_set_closable (AriettaComposePanel   *self,
                                               gboolean               closable);
/* A fixed seed from now on. */
void       arietta_compose_panel_set_seed     (AriettaComposePanel   *self,
                                               guint64                seed);

G_END_DECLS
