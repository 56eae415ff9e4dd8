/* arietta-take-tree.h - where a take came from, and what came from it
 *
 * A popover with the whole family of a take: the first one, what was made of it, and so on, each
 * with what made it; and the person's note on the one that is marked.
 *
 * Signals: "chosen" (AriettaTakeObject): to be played; "noted" (int64 id, string): the note is
 * another one, maybe empty.
 */
#pragma once

#include <gtk/gtk.h>

#include "views/arietta-face-loader.h"
#include "views/arietta-take-object.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TAKE_TREE (arietta_take_tree_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTakeTree, arietta_take_tree, ARIETTA, TAKE_TREE, GtkPopover)

/* @takes of AriettaTakeObject, in any order; @take_id is one of them. */
void arietta_take_tree_show       (AriettaTakeTree   *self,
                                   GListModel        *takes,
                                   gint64             take_id,
                                   AriettaFaceLoader *faces);
/* The keyboard goes to the note. */
void arietta_take_tree_focus_note (AriettaTakeTree   *self);

G_END_DECLS
