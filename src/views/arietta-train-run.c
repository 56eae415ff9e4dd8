#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-train-run.h"

struct _AriettaTrainRun
{
  GObject     parent_instance;

  AriettaJob *job;
  GArray     *points;
  gboolean    running;
};

G_DEFINE_FINAL_TYPE (AriettaTrainRun, arietta_train_run, G_TYPE_OBJECT)

enum { PROP_RUNNING = 1, N_PROPS };
enum { POINT, ENDED, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

/* What travels to the worker.  Its strings are its own, so that the dialog may close. */
typedef struct
{
  AriettaLibrary     *library;
  AriettaTrainRequest request;
  GMainContext       *context;
  AriettaTrainRun    *run;
} Work;

typedef struct
{
  AriettaTrainRun   *run;
  AriettaTrainPoint  point;
} Arrival;

static void
work_free (Work *work)
{
  g_free ((char *) work->request.kind);
  g_free ((char *) work->request.dataset);
  g_free ((char *) work->request.name);
  g_free ((char *) work->request.resume);
  g_free ((char *) work->request.from);
  g_strfreev ((char **) work->request.paths);
  g_object_unref (work->library);
  g_main_context_unref (work->context);
  g_object_unref (work->run);
  g_free (work);
}

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->run);
  g_free (arrival);
}

static gboolean
point_arrived_cb (gpointer user_data)
{
  Arrival *arrival = user_data;

  g_array_append_val (arrival->run->points, arrival->point);
  g_signal_emit (arrival->run, signals[POINT], 0, &arrival->point);

  return G_SOURCE_REMOVE;
}

/* In the worker, about once a second. */
static void
point_cb (const AriettaTrainPoint *point,
          gpointer                 user_data)
{
  Work    *work = user_data;
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->run = g_object_ref (work->run);
  arrival->point = *point;
  g_main_context_invoke_full (work->context, G_PRIORITY_DEFAULT_IDLE, point_arrived_cb, arrival,
                              (GDestroyNotify) arrival_free);
}

static gpointer
train_in_thread (AriettaJob  *job,
                 gpointer     data,
                 GError     **error)
{
  Work *work = data;

  return arietta_train (work->library, &work->request, point_cb, work, job, error);
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(AriettaTrainRun)    self = ARIETTA_TRAIN_RUN (user_data);
  g_autoptr(GError)             error = NULL;
  g_autoptr(AriettaTrainResult) trained = arietta_job_run_finish (ARIETTA_JOB (source), result, &error);

  self->running = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_signal_emit (self, signals[ENDED], 0, trained == NULL ? error : NULL);
}

static void
arietta_train_run_finalize (GObject *object)
{
  AriettaTrainRun *self = ARIETTA_TRAIN_RUN (object);

  g_clear_object (&self->job);
  g_clear_pointer (&self->points, g_array_unref);

  G_OBJECT_CLASS (arietta_train_run_parent_class)->finalize (object);
}

static void
arietta_train_run_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, ARIETTA_TRAIN_RUN (object)->running);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_train_run_class_init (AriettaTrainRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = arietta_train_run_finalize;
  object_class->get_property = arietta_train_run_get_property;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[POINT] = g_signal_new ("point", ARIETTA_TYPE_TRAIN_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[ENDED] = g_signal_new ("ended", ARIETTA_TYPE_TRAIN_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
arietta_train_run_init (AriettaTrainRun *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (AriettaTrainPoint));
}

AriettaTrainRun *
arietta_train_run_start (AriettaSession            *session,
                         const AriettaTrainRequest *request,
                         const char                *title)
{
  AriettaTrainRun *self = g_object_new (ARIETTA_TYPE_TRAIN_RUN, NULL);
  Work            *work = g_new0 (Work, 1);

  work->library = g_object_ref (arietta_session_get_library (session));
  work->request = *request;
  work->request.kind = g_strdup (request->kind);
  work->request.dataset = g_strdup (request->dataset);
  work->request.name = g_strdup (request->name);
  work->request.resume = g_strdup (request->resume);
  work->request.from = g_strdup (request->from);
  work->request.paths = (const char *const *) g_strdupv ((char **) request->paths);
  work->request.recipe_path = NULL;
  work->context = g_main_context_ref_thread_default ();
  work->run = g_object_ref (self);

  self->running = TRUE;
  self->job = arietta_job_new (title, TRUE, TRUE, train_in_thread, work, (GDestroyNotify) work_free);
  arietta_job_queue_add (arietta_session_get_jobs (session), self->job, (GDestroyNotify) arietta_train_result_free,
                         ended_cb, g_object_ref (self));

  return self;
}

double
arietta_train_run_get_left (AriettaTrainRun *self)
{
  double seconds = -1.0;

  g_return_val_if_fail (ARIETTA_IS_TRAIN_RUN (self), -1.0);

  if (self->job != NULL)
    g_object_get (self->job, "seconds-left", &seconds, NULL);

  return seconds;
}

gboolean
arietta_train_run_is_running (AriettaTrainRun *self)
{
  g_return_val_if_fail (ARIETTA_IS_TRAIN_RUN (self), FALSE);

  return self->running;
}

void
arietta_train_run_pause (AriettaTrainRun *self)
{
  g_return_if_fail (ARIETTA_IS_TRAIN_RUN (self));

  arietta_job_cancel (self->job);
}
