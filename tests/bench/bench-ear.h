/* bench-ear.h - a GStreamer sink that hears when there is sound, for measuring from a hand to the ear
 *
 * It keeps time as a device would and holds nothing in advance.
 */
#pragma once

#include <glib.h>
#include <stdatomic.h>

/* When a buffer with sound was handed over first since this was set to 0; 0: none was. */
extern _Atomic gint64 bench_heard_us;

/* The player's sinks are such from now on.  FALSE when GStreamer cannot be started. */
gboolean bench_ear_init  (void);
/* What came another way counts too. */
void     bench_listen_to (const float *samples,
                          gsize        n);
/* The default main context for as long. */
void     bench_run_for   (guint        ms);
