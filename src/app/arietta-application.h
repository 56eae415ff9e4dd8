/* arietta-application.h - one process: the session, its windows, the actions they share
 *
 * A second start hands its files over to the first and ends.  Library, player and jobs are opened once, at
 * startup, and handed to the windows as a session.
 *
 * Actions: app.new-window, app.open, app.open-uri (string), app.preferences, app.shortcuts, app.help,
 * app.about, app.quit, app.show-page (string; for notifications).
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_APPLICATION (arietta_application_get_type ())
G_DECLARE_FINAL_TYPE (AriettaApplication, arietta_application, ARIETTA, APPLICATION, AdwApplication)

AriettaApplication *arietta_application_new (void);

G_END_DECLS
