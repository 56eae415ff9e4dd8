/* arietta-preferences.h - sound, learning, data folder, appearance
 *
 * Every choice takes effect at once and is kept in the settings, except the data folder, which holds from
 * the next start.
 */
#pragma once

#include "views/arietta-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_PREFERENCES (arietta_preferences_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPreferences, arietta_preferences, ARIETTA, PREFERENCES, AdwPreferencesWindow)

/* @parent may be NULL. */
void arietta_preferences_present (AriettaSession *session,
                                  GtkWindow      *parent);

G_END_DECLS
