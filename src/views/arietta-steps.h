/* arietta-steps.h - what is too long for one turn of the main loop, done in several
 *
 * A window is presented first and filled afterwards: between two steps frames are drawn and keys are heard, so
 * nobody waits for the part that is not in sight yet.  Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Step @n, counted from 0; returns G_SOURCE_CONTINUE while there are more. */
typedef gboolean (*AriettaTurnFunc) (gpointer owner,
                                     guint    n);

/* @owner is a GObject; when it is disposed of, the steps left are dropped. */
void arietta_steps_run (gpointer        owner,
                        AriettaTurnFunc step);
/* A dialog just made is shown in a turn of its own: making it and laying it out are both long. */
void arietta_steps_present (GtkWindow      *window);

G_END_DECLS
