/* arietta-job.h - one piece of long work: progress, pause, cancel, result
 *
 * A job wraps one of studio/'s plain functions.  The function does not know who asked: it reports through
 * the job, stops when arietta_job_check () says so, and gives back one thing or one error.  The window runs
 * jobs through AriettaJobQueue; the command line runs the same function in its own thread with a job that
 * has a listener.
 *
 * Threads: arietta_job_report (), _check () and _is_cancelled () are safe from any thread; many reports fold
 * into one notification on the main context.  Properties are read and notified on the main thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_JOB_WAITING,
  ARIETTA_JOB_RUNNING,
  ARIETTA_JOB_PAUSED,
  ARIETTA_JOB_DONE,
  ARIETTA_JOB_FAILED,
  ARIETTA_JOB_CANCELLED,
} AriettaJobState;

/* Properties (notify): "title", "message" (what it does now), "fraction" (0..1, below 0: unknown),
 * "seconds-left" (below 0: unknown), "state", "can-pause", "heavy". */
#define ARIETTA_TYPE_JOB (arietta_job_get_type ())
G_DECLARE_FINAL_TYPE (AriettaJob, arietta_job, ARIETTA, JOB, GObject)

/* The work. Runs in a worker thread; returns its result or NULL with an error. */
/* A function that was cancelled may still hand back what it has: a result is delivered even then.  NULL from
 * a cancelled one becomes G_IO_ERROR_CANCELLED, whatever error it set. */
typedef gpointer (*AriettaJobFunc) (AriettaJob  *job,
                                    gpointer     data,
                                    GError     **error);

/* Takes @data; it is freed on the main thread after the job has ended. @heavy: one such job runs at a time. */
AriettaJob      *arietta_job_new            (const char      *title,
                                             gboolean         heavy,
                                             gboolean         can_pause,
                                             AriettaJobFunc   func,
                                             gpointer         data,
                                             GDestroyNotify   free_data) G_GNUC_WARN_UNUSED_RESULT;

/* Runs in a GTask thread. The result of _finish belongs to the caller. */
void             arietta_job_run_async      (AriettaJob           *self,
                                             GDestroyNotify        free_result,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gpointer         arietta_job_run_finish     (AriettaJob           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* The same in the calling thread: the command line and tests. */
gpointer         arietta_job_run_sync       (AriettaJob           *self,
                                             GError              **error);

/* From the work, any thread. @message NULL keeps the last one; NULL job: nothing happens. */
void             arietta_job_report         (AriettaJob   *self,
                                             double        fraction,
                                             const char   *message);
/* Blocks while paused. FALSE: stop now (cancelled). NULL job: always TRUE. */
gboolean         arietta_job_check          (AriettaJob   *self);
/* Never blocks. NULL job: FALSE. */
gboolean         arietta_job_is_cancelled   (AriettaJob   *self);
GCancellable    *arietta_job_get_cancellable (AriettaJob  *self);

/* Called directly from the reporting thread, at most ten times a second and at the end. */
typedef void (*AriettaJobListener) (AriettaJob *self,
                                    double      fraction,
                                    const char *message,
                                    gpointer    user_data);
void             arietta_job_set_listener   (AriettaJob          *self,
                                             AriettaJobListener   listener,
                                             gpointer             user_data);

void             arietta_job_pause          (AriettaJob   *self);
void             arietta_job_resume         (AriettaJob   *self);
/* Answers at once: the state becomes CANCELLED now, whatever the thread still winds up. */
void             arietta_job_cancel         (AriettaJob   *self);
/* Blocks until no thread is in the function, at most until @deadline_us of the monotonic clock. FALSE: one still is. */
gboolean         arietta_job_wait           (AriettaJob   *self,
                                             gint64        deadline_us);
AriettaJobState  arietta_job_get_state      (AriettaJob   *self);

/* The jobs of one program as a GListModel, running ones first; finished ones leave it.  Heavy jobs wait
 * for one another. */
#define ARIETTA_TYPE_JOB_QUEUE (arietta_job_queue_get_type ())
G_DECLARE_FINAL_TYPE (AriettaJobQueue, arietta_job_queue, ARIETTA, JOB_QUEUE, GObject)

AriettaJobQueue *arietta_job_queue_new      (void);
/* Starts it now or when its turn comes; @callback as for arietta_job_run_async (). */
void             arietta_job_queue_add      (AriettaJobQueue      *self,
                                             AriettaJob           *job,
                                             GDestroyNotify        free_result,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* 0..1 over all running jobs, below 0 when idle; property "fraction" notifies. */
double           arietta_job_queue_get_fraction (AriettaJobQueue  *self);
void             arietta_job_queue_cancel_all   (AriettaJobQueue  *self);
/* Cancels all and blocks until no thread is at work, those of jobs cancelled before included, at most @seconds: for the
 * end of the program, whose libraries go while their functions still run otherwise.  FALSE: some still are. */
gboolean         arietta_job_queue_wind_up      (AriettaJobQueue  *self,
                                                 double            seconds);

G_END_DECLS
