/* arietta-pieces-dialog.h - every piece that was worked on: to open, rename, throw away and bring back */
#pragma once

#include "views/arietta-window.h"

G_BEGIN_DECLS

/* Opens in @window, which stands before it. */
void arietta_pieces_dialog_present (AriettaWindow  *window,
                                    AriettaSession *session);

G_END_DECLS
