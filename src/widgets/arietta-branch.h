/* arietta-branch.h - the lines before one row of a tree that is shown as a list
 *
 * For each level above a line where further rows of that level follow, and an elbow to the row
 * itself.  Presentational: the row around it says its level and whose child it is.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_BRANCH (arietta_branch_get_type ())
G_DECLARE_FINAL_TYPE (AriettaBranch, arietta_branch, ARIETTA, BRANCH, GtkWidget)

/* @depth 0: the root, which has no lines.  Bit l of @goes_on: behind this row come others of level
 * l + 1 that hang on the same line; levels past 16 are drawn as the sixteenth. */
GtkWidget *arietta_branch_new (guint   depth,
                               guint32 goes_on);

G_END_DECLS
