/* arietta-steps.h - what is too long for one turn of the main loop, done in several
 *
 * A window is presented first and filled afterwards: between two steps frames are drawn and keys
 * are heard, so nobody waits for the part that is not in sight yet.  Main thread only.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Step @n, counted from 0; returns G_SOURCE_CONTINUE while there are more. */
typedef gboolean (*AriettaTurnFunc) (gpointer owner,
                                     guint    n);

/* One step to a frame.  @owner is a GObject; when it is disposed of, the steps left are dropped. */
void arietta_steps_run       (gpointer         owner,
                              AriettaTurnFunc  step);
/* A dialog just made is shown in a turn of its own: making it and laying it out are both long. */
void arietta_steps_present   (GtkWindow       *window);
/* A window of libadwaita's that has a size of its own is not asked any more how small it could be,
 * for which GTK lays out each label several times; and when it is closed, it is taken down as
 * below. */
void arietta_steps_loosen    (AdwWindow       *window);
/* Out of sight at once; then what is in @window is taken down part by part, one to a frame, and it
 * is destroyed.  The parts are kept until that which speaks to them has gone: @more, unless NULL,
 * takes such down, one at a call, FALSE when none is left.  @done, unless NULL, is called last. */
void arietta_steps_take_down (GtkWindow       *window,
                              gboolean       (*more) (GtkWindow *window),
                              void           (*done) (void));
/* What stands in @box after its first @n_now children goes and comes again, one to a frame: it is
 * laid out in as many frames.  For what is below the first that is seen; before @box is shown, and
 * once at a time. */
void arietta_steps_refill    (GtkBox          *box,
                              guint            n_now);

G_END_DECLS
