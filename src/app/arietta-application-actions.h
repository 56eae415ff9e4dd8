/* arietta-application-actions.h - the verbs of the application, apart from its life */
#pragma once

#include "app/arietta-application.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

void            arietta_application_add_actions (AriettaApplication *self);

/* NULL when the library could not be opened. */
AriettaSession *arietta_application_get_session (AriettaApplication *self);
void            arietta_application_open_window (AriettaApplication *self);

G_END_DECLS
