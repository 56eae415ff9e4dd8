/* arietta-loop-meter.h - says when the main loop was held for too long
 *
 * Debug builds only.  Between two polls of the default main context lie all its handlers; the meter takes
 * the thread's CPU time there (not the wall clock, so a busy machine tells no lies) and logs what is over
 * 16 ms, with what part of it went into a frame (layout, and saying what to draw).  Told, but not counted, is what is
 * no handler of ours:
 * - what GTK's renderer takes to paint, pixel by pixel where there is no graphics card;
 * - what GTK answers assistive technology, which asks about every widget there is;
 * - GTK's own file chooser, where no portal offers the desktop's: making it, showing it and taking it down are one call
 *   each, and so are the beginning of its list, of its watch over the folder, and of the dialog in which it asks whether a
 *   file is to be replaced;
 * - adw_about_window_new () with nothing of ours in it; to fill, show and take down the window counts.
 * AriettaWindow's signal "foreign" stands around the last two and nothing else.
 *
 * With ARIETTA_LOOP_METER=trace in the environment it also says where the program stood meanwhile; ARIETTA_LOOP_METER_MS
 * is another limit than 16, to see what is near it.
 *
 * Nothing is said before the first frame of all, when building widgets is all there is to do, and the first
 * frame of each window after it, which paints everything and the shadow, is not counted.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _AriettaLoopMeter AriettaLoopMeter;

/* One at a time: a poll function has no user data. */
AriettaLoopMeter *arietta_loop_meter_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_loop_meter_free      (AriettaLoopMeter *self);

G_END_DECLS
