/* arietta-job-watch.h - what the desktop should know of long work
 *
 * No suspend while a heavy job runs, and a notification when work of more than twenty seconds ends
 * while no window of ours is active.
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-job.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_JOB_WATCH (arietta_job_watch_get_type ())
G_DECLARE_FINAL_TYPE (AriettaJobWatch, arietta_job_watch, ARIETTA, JOB_WATCH, GObject)

/* Borrows @application; lets go of the inhibition when disposed. */
AriettaJobWatch *arietta_job_watch_new (GtkApplication  *application,
                                        AriettaJobQueue *jobs) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
