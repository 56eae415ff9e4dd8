/* arietta-shortcuts.h - the keys and what they do, for reading
 *
 * GtkShortcutsWindow builds everything twice (once for its search) and at once; two dozen rows need no
 * search, and these come group by group.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_SHORTCUTS (arietta_shortcuts_get_type ())
G_DECLARE_FINAL_TYPE (AriettaShortcuts, arietta_shortcuts, ARIETTA, SHORTCUTS, AdwWindow)

/* @parent may be NULL. */
void arietta_shortcuts_present (GtkWindow *parent);

G_END_DECLS
