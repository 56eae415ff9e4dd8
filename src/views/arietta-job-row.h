/* arietta-job-row.h - one job as a row: title, what it does now, bar, time left, pause, stop
 *
 * Property: "job" (AriettaJob, construct only).  Everything shown follows the job by bindings.
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-job.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_JOB_ROW (arietta_job_row_get_type ())
G_DECLARE_FINAL_TYPE (AriettaJobRow, arietta_job_row, ARIETTA, JOB_ROW, GtkListBoxRow)

GtkWidget *arietta_job_row_new      (AriettaJob *job);

/* "9 minutes left"; "" for less than none, which is not known. */
char      *arietta_job_row_dup_left (double      seconds);

G_END_DECLS
