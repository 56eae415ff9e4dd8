/* arietta-quick-layout.h - a column of words says how wide it is without a search
 *
 * Where a row has a fixed width, a GtkBox asks each child how wide it would be at its least height,
 * only to be sure that its natural width is no less.  A column of labels that wrap answers with a
 * search: it lays the texts out at one width after the other, each shaped anew, and searches again
 * around that.  A page of rows took 20 ms and more of a frame for it.  Ours are as wide as their
 * words, whatever the height: this layout manager answers with the width that the column has
 * without a height, which GTK remembers, and leaves all else to the GtkBoxLayout that was there
 * before.
 *
 * Only for columns that stand complete: GtkBox cannot be asked or told its spacing and the like any
 * more.  That it is turned arrives.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_QUICK_LAYOUT (arietta_quick_layout_get_type ())
G_DECLARE_FINAL_TYPE (AriettaQuickLayout, arietta_quick_layout, ARIETTA, QUICK_LAYOUT, GtkLayoutManager)

/* Gives it to each upright GtkBox below @root, or @root itself, that stands in a lying one and has
 * a label in it that wraps; also to those that libadwaita makes, as in its rows.  Again, when there
 * are new ones; the others stay. */
void arietta_quick_layout_ease (GtkWidget *root);

G_END_DECLS
