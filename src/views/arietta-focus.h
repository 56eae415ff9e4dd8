/* arietta-focus.h - the keyboard never speaks to what is no longer there
 *
 * GTK 4.8 can leave the focus of a window inside a popover that has closed, when nothing had it
 * before; every key is lost then, until something is clicked.  And it gives the keyboard to the
 * button of a menu that closes, whoever had it before.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For the life of @window: a focus that is no longer shown goes to the nearest thing around it that
 * is; and when a popover closes, whoever had the keyboard before has it again. */
void arietta_focus_keep      (GtkWindow *window);

/* Where the keyboard goes when what had it within @widget is no longer shown, and from a menu that
 * was opened by keys and in which something was chosen.  @place lives within @widget.  Of several
 * around, the nearest counts. */
void arietta_focus_set_place (GtkWidget *widget,
                              GtkWidget *place);

/* A pointer that presses @button (a button or a menu button) leaves the keyboard where it is. */
void arietta_focus_leave     (GtkWidget *button);

G_END_DECLS
