#define G_LOG_DOMAIN "arietta-studio"

#include "config.h"

#include "studio/arietta-job.h"

/* A job and what was asked for it. In the list until the job ends or is cancelled; alive until its thread is
 * done. */
typedef struct
{
  AriettaJobQueue     *queue;       /* owned */
  AriettaJob          *job;
  GDestroyNotify       free_result;
  GAsyncReadyCallback  callback;
  gpointer             user_data;
  gboolean             started;
  gboolean             heavy;
  gulong               state_handler;
  gulong               fraction_handler;
} Entry;

struct _AriettaJobQueue
{
  GObject    parent_instance;

  GPtrArray *entries;               /* Entry, not owned: started ones first, in the order of starting */
  GPtrArray *at_work;               /* Entry, not owned: those whose threads are not done */
  guint      n_heavy;               /* heavy jobs whose threads are not done, 0 or 1 */
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaJobQueue, arietta_job_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_0,
  PROP_FRACTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void start_what_can (AriettaJobQueue *self);

static void
notify_fraction (AriettaJobQueue *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static void
leave_list (Entry *entry)
{
  AriettaJobQueue *self = entry->queue;
  guint            position;

  if (!g_ptr_array_find (self->entries, entry, &position))
    return;

  g_clear_signal_handler (&entry->state_handler, entry->job);
  g_clear_signal_handler (&entry->fraction_handler, entry->job);
  g_ptr_array_remove_index (self->entries, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  notify_fraction (self);
}

static void
entry_free (Entry *entry)
{
  g_clear_object (&entry->job);
  g_clear_object (&entry->queue);
  g_free (entry);
}

static void
job_ended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Entry                     *entry = user_data;
  g_autoptr(AriettaJobQueue) self = g_object_ref (entry->queue);

  leave_list (entry);
  g_ptr_array_remove_fast (self->at_work, entry);
  if (entry->heavy)
    self->n_heavy--;

  if (entry->callback != NULL)
    entry->callback (source, result, entry->user_data);
  entry_free (entry);

  start_what_can (self);
}

static void
job_fraction_cb (AriettaJob *job,
                 GParamSpec *pspec,
                 Entry      *entry)
{
  notify_fraction (entry->queue);
}

static void
start (Entry *entry,
       guint  position)
{
  AriettaJobQueue *self = entry->queue;
  guint            target = 0;

  /* The row moves behind the ones that run. */
  while (((Entry *) g_ptr_array_index (self->entries, target))->started)
    target++;

  entry->started = TRUE;
  g_ptr_array_add (self->at_work, entry);
  if (entry->heavy)
    self->n_heavy++;

  if (target != position)
    {
      g_ptr_array_remove_index (self->entries, position);
      g_ptr_array_insert (self->entries, (int) target, entry);
      g_list_model_items_changed (G_LIST_MODEL (self), target, position - target + 1,
                                  position - target + 1);
    }

  arietta_job_run_async (entry->job, entry->free_result, job_ended_cb, entry);
}

static void
start_what_can (AriettaJobQueue *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      /* A job that was paused while it waited goes on waiting. */
      if (!entry->started && arietta_job_get_state (entry->job) == ARIETTA_JOB_WAITING
          && (!entry->heavy || self->n_heavy == 0))
        start (entry, i);
    }
}

static void
job_state_cb (AriettaJob *job,
              GParamSpec *pspec,
              Entry      *entry)
{
  g_autoptr(AriettaJobQueue) self = g_object_ref (entry->queue);

  if (arietta_job_get_state (job) == ARIETTA_JOB_CANCELLED)
    {
      leave_list (entry);
      /* One that never began still owes its callback. */
      if (!entry->started)
        {
          entry->started = TRUE;
          entry->heavy = FALSE;
          arietta_job_run_async (job, entry->free_result, job_ended_cb, entry);
        }
    }

  start_what_can (self);
}

static GType
get_item_type (GListModel *model)
{
  return ARIETTA_TYPE_JOB;
}

static guint
get_n_items (GListModel *model)
{
  return ARIETTA_JOB_QUEUE (model)->entries->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  AriettaJobQueue *self = ARIETTA_JOB_QUEUE (model);

  if (position >= self->entries->len)
    return NULL;

  return g_object_ref (((Entry *) g_ptr_array_index (self->entries, position))->job);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
arietta_job_queue_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_FRACTION:
      g_value_set_double (value, arietta_job_queue_get_fraction (ARIETTA_JOB_QUEUE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_job_queue_finalize (GObject *object)
{
  AriettaJobQueue *self = ARIETTA_JOB_QUEUE (object);

  /* Empty by now: every entry holds the queue. */
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->at_work, g_ptr_array_unref);

  G_OBJECT_CLASS (arietta_job_queue_parent_class)->finalize (object);
}

static void
arietta_job_queue_class_init (AriettaJobQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = arietta_job_queue_get_property;
  object_class->finalize = arietta_job_queue_finalize;

  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
arietta_job_queue_init (AriettaJobQueue *self)
{
  self->entries = g_ptr_array_new ();
  self->at_work = g_ptr_array_new ();
}

AriettaJobQueue *
arietta_job_queue_new (void)
{
  return g_object_new (ARIETTA_TYPE_JOB_QUEUE, NULL);
}

void
arietta_job_queue_add (AriettaJobQueue     *self,
                       AriettaJob          *job,
                       GDestroyNotify       free_result,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  Entry *entry;

  g_return_if_fail (ARIETTA_IS_JOB_QUEUE (self));
  g_return_if_fail (ARIETTA_IS_JOB (job));

  entry = g_new0 (Entry, 1);
  entry->queue = g_object_ref (self);
  entry->job = g_object_ref (job);
  entry->free_result = free_result;
  entry->callback = callback;
  entry->user_data = user_data;
  g_object_get (job, "heavy", &entry->heavy, NULL);
  entry->state_handler = g_signal_connect (job, "notify::state", G_CALLBACK (job_state_cb), entry);
  entry->fraction_handler = g_signal_connect (job, "notify::fraction", G_CALLBACK (job_fraction_cb), entry);

  g_ptr_array_add (self->entries, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), self->entries->len - 1, 0, 1);
  start_what_can (self);
  notify_fraction (self);
}

double
arietta_job_queue_get_fraction (AriettaJobQueue *self)
{
  double sum = 0.0;
  guint  n = 0;

  g_return_val_if_fail (ARIETTA_IS_JOB_QUEUE (self), -1.0);

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      double fraction;

      if (!entry->started)
        continue;

      g_object_get (entry->job, "fraction", &fraction, NULL);
      sum += MAX (fraction, 0.0);
      n++;
    }

  return n > 0 ? sum / n : -1.0;
}

void
arietta_job_queue_cancel_all (AriettaJobQueue *self)
{
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (ARIETTA_IS_JOB_QUEUE (self));

  /* Cancelling changes the list. */
  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (jobs, g_object_ref (((Entry *) g_ptr_array_index (self->entries, i))->job));
  for (guint i = 0; i < jobs->len; i++)
    arietta_job_cancel (g_ptr_array_index (jobs, i));
}

gboolean
arietta_job_queue_wind_up (AriettaJobQueue *self,
                           double           seconds)
{
  const gint64 deadline_us = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  gboolean     done = TRUE;

  g_return_val_if_fail (ARIETTA_IS_JOB_QUEUE (self), TRUE);

  arietta_job_queue_cancel_all (self);
  for (guint i = 0; i < self->at_work->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->at_work, i);

      done = arietta_job_wait (entry->job, deadline_us) && done;
    }

  return done;
}
