/* arietta-recent.h - pieces opened lately, in the desktop's own list */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void       arietta_recent_add       (GFile *file);
/* A menu of the last ten that still exist, each activating app.open-uri; follows the desktop's list. */
GMenu     *arietta_recent_menu_new  (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
