/* arietta-progress-ring.h - a small ring that fills
 *
 * Property: "fraction" (double; below 0: idle, only the track is drawn).
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_PROGRESS_RING (arietta_progress_ring_get_type ())
G_DECLARE_FINAL_TYPE (AriettaProgressRing, arietta_progress_ring, ARIETTA, PROGRESS_RING, GtkWidget)

GtkWidget *arietta_progress_ring_new (void);

G_END_DECLS
