/* arietta-steps.h - what is too long for one turn of the main loop, done in several
 *
 * A window is presented first and filled afterwards: between two steps frames are drawn and keys are heard, so
 * nobody waits for the part that is not in sight yet.  Main thread only.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Step @n, counted from 0; returns G_SOURCE_CONTINUE while there are more. */
typedef gboolean (*AriettaTurnFunc) (gpointer owner,
                                     guint    n);

/* One step to a frame.  @owner is a GObject; when it is disposed of, the steps left are dropped. */
void arietta_steps_run (gpointer        owner,
                        AriettaTurnFunc step);
/* A dialog just made is shown in a turn of its own: making it and laying it out are both long. */
void arietta_steps_present (GtkWindow      *window);
/* For a dialog of libadwaita's, which has a size of its own: it is not asked any more how small it could be, for which GTK
 * lays out each label several times. */
void arietta_steps_loosen  (AdwWindow      *window);
/* What stands in @box after its first @n_now children goes and comes again, one to a frame: it is laid out in as many
 * frames.  For what is below the first that is seen; before @box is shown, and once at a time. */
void arietta_steps_refill  (GtkBox         *box,
                            guint           n_now);

G_END_DECLS
