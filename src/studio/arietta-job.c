#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-job.h"

#include <math.h>
#ifdef __linux__
#include <sys/resource.h>
#endif

/* Of threads that work for minutes, below everything that somebody waits for. */
#define HEAVY_NICENESS 10
/* At most ten calls of the listener a second. */
#define LISTENER_INTERVAL_US (G_USEC_PER_SEC / 10)
/* An estimate from less than this would jump about. */
#define MIN_ESTIMATE_US G_USEC_PER_SEC
#define MIN_ESTIMATE_FRACTION 0.01

struct _AriettaJob
{
  GObject             parent_instance;

  /* Set once, before the job is shared. */
  char               *title;
  gboolean            heavy;
  gboolean            can_pause;
  AriettaJobFunc      func;
  GMainContext       *context;      /* where notifications go */
  GCancellable       *cancellable;
  AriettaJobListener  listener;
  gpointer            listener_data;

  /* Freed when the work has ended, on the thread that is told of it. */
  gpointer            data;
  GDestroyNotify      free_data;

  GMutex              lock;         /* of everything below */
  GCond               turned;       /* the state is another one, or the function has returned */
  AriettaJobState     state;
  double              fraction;
  char               *message;
  gboolean            running;      /* the function has begun and not returned */
  gint64              begun_us;     /* moved forward by the time spent paused */
  gint64              paused_us;    /* when the pause began */
  gint64              listened_us;
  guint               changed;      /* bits of properties to be notified; an idle is waiting when not 0 */
};

G_DEFINE_FINAL_TYPE (AriettaJob, arietta_job, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_MESSAGE,
  PROP_FRACTION,
  PROP_SECONDS_LEFT,
  PROP_STATE,
  PROP_CAN_PAUSE,
  PROP_HEAVY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  GAsyncReadyCallback callback;
  gpointer            user_data;
  GDestroyNotify      free_result;
} Run;

static gboolean
has_ended (AriettaJobState state)
{
  return state == ARIETTA_JOB_DONE || state == ARIETTA_JOB_FAILED || state == ARIETTA_JOB_CANCELLED;
}

/* Under the lock. */
static double
estimate_seconds_left (AriettaJob *self)
{
  gint64 now_us, worked_us;

  if (!self->running || has_ended (self->state))
    return -1.0;

  now_us = self->state == ARIETTA_JOB_PAUSED ? self->paused_us : g_get_monotonic_time ();
  worked_us = now_us - self->begun_us;
  if (self->fraction < MIN_ESTIMATE_FRACTION || worked_us < MIN_ESTIMATE_US)
    return -1.0;

  return (double) worked_us / G_USEC_PER_SEC * (1.0 - self->fraction) / self->fraction;
}

static void
tell_changes (AriettaJob *self)
{
  guint changed;

  g_mutex_lock (&self->lock);
  changed = self->changed;
  self->changed = 0;
  g_mutex_unlock (&self->lock);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    if (changed & (1u << i))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
free_weak_ref (gpointer data)
{
  GWeakRef *ref = data;

  g_weak_ref_clear (ref);
  g_free (ref);
}

static gboolean
tell_changes_cb (gpointer data)
{
  g_autoptr(AriettaJob) self = g_weak_ref_get (data);

  if (self != NULL)
    tell_changes (self);

  return G_SOURCE_REMOVE;
}

/* Under the lock. Whatever changes until the main loop comes round is told in one go. */
static void
queue_notify (AriettaJob *self,
              guint       changed)
{
  g_autoptr(GSource) source = NULL;
  GWeakRef          *ref;
  gboolean           waiting = self->changed != 0;

  self->changed |= changed;
  if (waiting || changed == 0)
    return;

  /* A command line never runs the loop: what waits there must not keep the job. */
  ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (ref, self);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_changes_cb, ref, free_weak_ref);
  g_source_attach (source, self->context);
}

/* Under the lock. An end is final. */
static gboolean
enter_state (AriettaJob      *self,
             AriettaJobState  state)
{
  if (self->state == state || has_ended (self->state))
    return FALSE;

  if (state == ARIETTA_JOB_PAUSED)
    self->paused_us = g_get_monotonic_time ();
  else if (self->state == ARIETTA_JOB_PAUSED)
    self->begun_us += g_get_monotonic_time () - self->paused_us;

  self->state = state;
  g_cond_broadcast (&self->turned);
  queue_notify (self, 1u << PROP_STATE | 1u << PROP_SECONDS_LEFT);
  return TRUE;
}

/* Who asks from the thread of the main context sees the answer at once. */
static void
flush_notify (AriettaJob *self)
{
  if (g_main_context_is_owner (self->context))
    tell_changes (self);
}

static void
change_state (AriettaJob      *self,
              AriettaJobState  state)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = enter_state (self, state);
  g_mutex_unlock (&self->lock);

  if (changed)
    flush_notify (self);
}

static void
tell_listener (AriettaJob *self,
               gboolean    at_end)
{
  g_autofree char *message = NULL;
  const gint64     now_us = g_get_monotonic_time ();
  double           fraction;
  gboolean         due;

  if (self->listener == NULL)
    return;

  g_mutex_lock (&self->lock);
  due = at_end || self->listened_us == 0 || now_us - self->listened_us >= LISTENER_INTERVAL_US;
  if (due)
    self->listened_us = now_us;
  fraction = self->fraction;
  message = g_strdup (self->message);
  g_mutex_unlock (&self->lock);

  if (due)
    self->listener (self, fraction, message, self->listener_data);
}

/* The work itself, in whatever thread. */
static gpointer
run (AriettaJob  *self,
     GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  gpointer          result = NULL;
  gboolean          cancelled;

  g_mutex_lock (&self->lock);
  self->begun_us = g_get_monotonic_time ();
  if (self->state == ARIETTA_JOB_PAUSED)
    self->paused_us = self->begun_us;
  self->running = TRUE;
  if (self->state == ARIETTA_JOB_WAITING)
    enter_state (self, ARIETTA_JOB_RUNNING);
  g_mutex_unlock (&self->lock);

  if (arietta_job_check (self))
    result = self->func (self, self->data, &local_error);

  g_mutex_lock (&self->lock);
  self->running = FALSE;
  cancelled = self->state == ARIETTA_JOB_CANCELLED;
  if (!cancelled && local_error == NULL && self->fraction < 1.0)
    {
      self->fraction = 1.0;
      queue_notify (self, 1u << PROP_FRACTION);
    }
  enter_state (self, local_error == NULL ? ARIETTA_JOB_DONE : ARIETTA_JOB_FAILED);
  g_cond_broadcast (&self->turned);
  g_mutex_unlock (&self->lock);

  tell_listener (self, TRUE);

  /* A stopped function may hand back what it has; else nobody needs to know how it came to stop. */
  if (cancelled && result == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return result;
}

static void
drop_data (AriettaJob *self)
{
  gpointer       data = g_steal_pointer (&self->data);
  GDestroyNotify free_data = self->free_data;

  self->free_data = NULL;
  if (free_data != NULL)
    free_data (data);
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  Run              *plan = data;
  gpointer          result = run (source, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, result, plan->free_result);
}

/* Heavy work leaves the machine usable: a thread of its own, since its niceness stays with it. */
static gpointer
run_heavy_in_thread (gpointer data)
{
  g_autoptr(GTask) task = data;

#ifdef __linux__
  setpriority (PRIO_PROCESS, 0, HEAVY_NICENESS);
#endif
  run_in_thread (task, g_task_get_source_object (task), g_task_get_task_data (task), NULL);

  return NULL;
}

static void
run_ended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AriettaJob *self = ARIETTA_JOB (source);
  Run        *plan = g_task_get_task_data (G_TASK (result));

  /* The last state stands before the caller hears of the result. */
  tell_changes (self);
  drop_data (self);
  if (plan->callback != NULL)
    plan->callback (source, result, plan->user_data);
}

static void
arietta_job_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AriettaJob *self = ARIETTA_JOB (object);

  g_mutex_lock (&self->lock);
  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;

    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;

    case PROP_SECONDS_LEFT:
      g_value_set_double (value, estimate_seconds_left (self));
      break;

    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;

    case PROP_CAN_PAUSE:
      g_value_set_boolean (value, self->can_pause);
      break;

    case PROP_HEAVY:
      g_value_set_boolean (value, self->heavy);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  g_mutex_unlock (&self->lock);
}

static void
arietta_job_finalize (GObject *object)
{
  AriettaJob *self = ARIETTA_JOB (object);

  drop_data (self);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->turned);

  G_OBJECT_CLASS (arietta_job_parent_class)->finalize (object);
}

static void
arietta_job_class_init (AriettaJobClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = arietta_job_get_property;
  object_class->finalize = arietta_job_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  /* What it does now. */
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);
  /* 0..1, below 0: unknown. */
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0, flags);
  /* Below 0: unknown. */
  properties[PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1.0, G_MAXDOUBLE, -1.0,
                                                       flags);
  /* An AriettaJobState. */
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, ARIETTA_JOB_WAITING,
                                             ARIETTA_JOB_CANCELLED, ARIETTA_JOB_WAITING, flags);
  properties[PROP_CAN_PAUSE] = g_param_spec_boolean ("can-pause", NULL, NULL, FALSE, flags);
  properties[PROP_HEAVY] = g_param_spec_boolean ("heavy", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
arietta_job_init (AriettaJob *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->turned);
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->fraction = -1.0;
  self->message = g_strdup ("");
}

AriettaJob *
arietta_job_new (const char     *title,
                 gboolean        heavy,
                 gboolean        can_pause,
                 AriettaJobFunc  func,
                 gpointer        data,
                 GDestroyNotify  free_data)
{
  AriettaJob *self = g_object_new (ARIETTA_TYPE_JOB, NULL);

  self->title = g_strdup (title != NULL ? title : "");
  self->heavy = heavy != FALSE;
  self->can_pause = can_pause != FALSE;
  self->func = func;
  self->data = data;
  self->free_data = free_data;

  return self;
}

void
arietta_job_run_async (AriettaJob          *self,
                       GDestroyNotify       free_result,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Run             *plan;

  g_return_if_fail (ARIETTA_IS_JOB (self));

  plan = g_new0 (Run, 1);
  plan->callback = callback;
  plan->user_data = user_data;
  plan->free_result = free_result;

  /* The task knows no cancellable: what a stopped function hands back must come through. */
  task = g_task_new (self, NULL, run_ended_cb, NULL);
  g_task_set_source_tag (task, arietta_job_run_async);
  g_task_set_task_data (task, plan, g_free);
  if (self->heavy)
    {
      GThread *thread = g_thread_try_new ("heavy job", run_heavy_in_thread, g_object_ref (task), NULL);

      if (thread != NULL)
        {
          g_thread_unref (thread);
          return;
        }
      g_object_unref (task);
    }
  g_task_run_in_thread (task, run_in_thread);
}

gpointer
arietta_job_run_finish (AriettaJob    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
arietta_job_run_sync (AriettaJob  *self,
                      GError     **error)
{
  gpointer result;

  g_return_val_if_fail (ARIETTA_IS_JOB (self), NULL);

  result = run (self, error);
  drop_data (self);
  return result;
}

void
arietta_job_report (AriettaJob *self,
                    double      fraction,
                    const char *message)
{
  guint changed = 0;

  if (self == NULL)
    return;

  g_return_if_fail (ARIETTA_IS_JOB (self));

  fraction = isfinite (fraction) && fraction >= 0.0 ? MIN (fraction, 1.0) : -1.0;

  g_mutex_lock (&self->lock);
  if (fraction != self->fraction)
    {
      self->fraction = fraction;
      changed |= 1u << PROP_FRACTION | 1u << PROP_SECONDS_LEFT;
    }
  if (message != NULL && g_strcmp0 (message, self->message) != 0)
    {
      g_free (self->message);
      self->message = g_strdup (message);
      changed |= 1u << PROP_MESSAGE;
    }
  queue_notify (self, changed);
  g_mutex_unlock (&self->lock);

  tell_listener (self, FALSE);
}

gboolean
arietta_job_check (AriettaJob *self)
{
  gboolean go_on;

  if (self == NULL)
    return TRUE;

  g_return_val_if_fail (ARIETTA_IS_JOB (self), TRUE);

  g_mutex_lock (&self->lock);
  while (self->state == ARIETTA_JOB_PAUSED)
    g_cond_wait (&self->turned, &self->lock);
  go_on = self->state != ARIETTA_JOB_CANCELLED;
  g_mutex_unlock (&self->lock);

  return go_on;
}

gboolean
arietta_job_is_cancelled (AriettaJob *self)
{
  return self != NULL && arietta_job_get_state (self) == ARIETTA_JOB_CANCELLED;
}

GCancellable *
arietta_job_get_cancellable (AriettaJob *self)
{
  g_return_val_if_fail (self == NULL || ARIETTA_IS_JOB (self), NULL);

  return self != NULL ? self->cancellable : NULL;
}

void
arietta_job_set_listener (AriettaJob         *self,
                          AriettaJobListener  listener,
                          gpointer            user_data)
{
  g_return_if_fail (ARIETTA_IS_JOB (self));

  self->listener = listener;
  self->listener_data = user_data;
}

void
arietta_job_pause (AriettaJob *self)
{
  g_return_if_fail (ARIETTA_IS_JOB (self));

  if (self->can_pause)
    change_state (self, ARIETTA_JOB_PAUSED);
}

void
arietta_job_resume (AriettaJob *self)
{
  gboolean changed = FALSE;

  g_return_if_fail (ARIETTA_IS_JOB (self));

  g_mutex_lock (&self->lock);
  if (self->state == ARIETTA_JOB_PAUSED)
    changed = enter_state (self, self->running ? ARIETTA_JOB_RUNNING : ARIETTA_JOB_WAITING);
  g_mutex_unlock (&self->lock);

  if (changed)
    flush_notify (self);
}

void
arietta_job_cancel (AriettaJob *self)
{
  g_return_if_fail (ARIETTA_IS_JOB (self));

  change_state (self, ARIETTA_JOB_CANCELLED);
  g_cancellable_cancel (self->cancellable);
}

gboolean
arietta_job_wait (AriettaJob *self,
                  gint64      deadline_us)
{
  gboolean running;

  g_return_val_if_fail (ARIETTA_IS_JOB (self), TRUE);

  g_mutex_lock (&self->lock);
  while (self->running && g_cond_wait_until (&self->turned, &self->lock, deadline_us))
    continue;
  running = self->running;
  g_mutex_unlock (&self->lock);

  return !running;
}

AriettaJobState
arietta_job_get_state (AriettaJob *self)
{
  AriettaJobState state;

  g_return_val_if_fail (ARIETTA_IS_JOB (self), ARIETTA_JOB_FAILED);

  g_mutex_lock (&self->lock);
  state = self->state;
  g_mutex_unlock (&self->lock);

  return state;
}
