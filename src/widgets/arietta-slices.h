/* arietta-slices.h - many small pieces of work for widgets, a few milliseconds of them to a frame
 *
 * A list makes hundreds of rows at once, and a frame has 16 ms.  What a row needs beyond its place is asked for
 * here and done soon, first come first served, while frames go on between: each lays out what was made since the
 * one before.  Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_SLICES (arietta_slices_get_type ())
G_DECLARE_FINAL_TYPE (AriettaSlices, arietta_slices, ARIETTA, SLICES, GObject)

typedef void (*AriettaSliceFunc) (GtkWidget *widget);

AriettaSlices *arietta_slices_new  (void) G_GNUC_WARN_UNUSED_RESULT;
/* @func is called once, unless @widget is gone by then; the one that waits longest first. */
void           arietta_slices_add  (AriettaSlices    *self,
                                    GtkWidget        *widget,
                                    AriettaSliceFunc  func);
/* The same for what is heavy to lay out: not before the next frame, so that each frame gets one of a chain of them. */
void           arietta_slices_add_later (AriettaSlices *self,
                                    GtkWidget        *widget,
                                    AriettaSliceFunc  func);
/* Takes @widget from its parent and lets go of it, and of all that is in it, when nothing else waits. */
void           arietta_slices_drop (AriettaSlices    *self,
                                    GtkWidget        *widget);

G_END_DECLS
