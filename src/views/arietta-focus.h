/* arietta-focus.h - the keyboard never speaks to what is no longer there
 *
 * GTK 4.8 can leave the focus of a window inside a popover that has closed, when nothing had it before; every key
 * is lost then, until something is clicked.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For the life of @window: a focus that is no longer shown goes to the nearest thing around it that is. */
void arietta_focus_keep (GtkWindow *window);

G_END_DECLS
