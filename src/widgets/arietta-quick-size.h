/* arietta-quick-size.h - labels and boxes say how wide they are without a search
 *
 * Where a row has a fixed width, GTK asks each child how wide it would be at its least height, only to be sure that its
 * natural width is no less.  A label that wraps answers with a search: it lays its text out at one width after the other,
 * ten and more of them, each shaped anew; a box of such labels searches again around that.  A page of rows took 20 ms and
 * more of a frame for it.  What is as wide as its text, whatever the height, is all that we have: labels and boxes
 * answer with the width that they have without a height, which GTK remembers.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once, after gtk_init () and before the first window.  For all labels and boxes of the program, also those within the
 * widgets of GTK and libadwaita, which cannot be reached otherwise. */
void arietta_quick_size_install (void);

G_END_DECLS
