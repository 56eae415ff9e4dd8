/* arietta-a11y.h - names where the library's own rows forget them
 *
 * The arrows and pencils inside libadwaita's rows are images without a name, which a screen reader
 * then reads out by their class.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives each unnamed image within a row or a toggle button under @root the row's title or the
 * button's text. */
void arietta_a11y_name_row_images (GtkWidget  *root);
/* The button that closes a toast has an icon and nothing else. */
void arietta_a11y_name_toasts     (GtkWidget  *overlay);
/* Images, rows and buttons of a window the library made; @title for what stands by itself. */
void arietta_a11y_name_window     (GtkWidget  *window,
                                   const char *title);
/* The button inside a drop down, which is what is worked. */
void arietta_a11y_name_drop_down  (GtkWidget  *drop_down,
                                   const char *name);
/* For a tooltip that is said again and again: GTK asks the display where the pointer is each time
 * it is set. */
void arietta_a11y_set_tooltip     (GtkWidget  *widget,
                                   const char *text);

G_END_DECLS
