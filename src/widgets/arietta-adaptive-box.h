/* arietta-adaptive-box.h - the one widget that knows how wide the window is
 *
 * A container for one child.  GTK 4.8 knows no breakpoints, so this compares its own width with a
 * few thresholds at allocation and tells by properties, notified outside of allocation so that
 * bindings may change the layout.  It asks for no more than its child's smallest layout.
 *
 * A window has a size to begin with, and yet GTK asks for its least whenever a word in it changes,
 * and lays out what is not in sight to know.  With "least-height" set, the box answers with that,
 * or what its child needed when it was last allocated, without asking.
 *
 * Properties: "child" (GtkWidget), "narrow-width" (int, 560), "compact-width" (int, 860),
 * "least-height" (int, -1: the child's),
 * "narrow" (bool, read only: below narrow-width), "compact" (bool, read only: below compact-width).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_ADAPTIVE_BOX (arietta_adaptive_box_get_type ())
G_DECLARE_FINAL_TYPE (AriettaAdaptiveBox, arietta_adaptive_box, ARIETTA, ADAPTIVE_BOX, GtkWidget)

GtkWidget *arietta_adaptive_box_new (void);

G_END_DECLS
