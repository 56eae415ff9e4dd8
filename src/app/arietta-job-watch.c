#define G_LOG_DOMAIN "arietta-app"

#include "config.h"

#include "app/arietta-job-watch.h"

#include <glib/gi18n.h>

#define LONG_USEC (20 * G_USEC_PER_SEC)

struct _AriettaJobWatch
{
  GObject          parent_instance;

  GtkApplication  *application;  /* borrowed */
  AriettaJobQueue *jobs;
  GHashTable      *known;        /* AriettaJob -> gint64 monotonic time at which it was first seen */
  guint            inhibition;
};

G_DEFINE_FINAL_TYPE (AriettaJobWatch, arietta_job_watch, G_TYPE_OBJECT)

static gboolean
has_active_window (AriettaJobWatch *self)
{
  GtkWindow *window = gtk_application_get_active_window (self->application);

  return window != NULL && gtk_window_is_active (window);
}

static void
say_ended (AriettaJobWatch *self,
           AriettaJob      *job)
{
  g_autoptr(GNotification) notification = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;
  AriettaJobState state = arietta_job_get_state (job);

  if (state != ARIETTA_JOB_DONE && state != ARIETTA_JOB_FAILED)
    return;

  g_object_get (job, "title", &title, NULL);
  if (state == ARIETTA_JOB_DONE)
    body = g_strdup (_("It is finished."));
  else
    body = g_strdup (_("It could not be finished."));

  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_application_send_notification (G_APPLICATION (self->application), NULL, notification);
}

static void
update_inhibition (AriettaJobWatch *self)
{
  gboolean heavy_runs = FALSE;
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, self->known);
  while (!heavy_runs && g_hash_table_iter_next (&iter, &job, NULL))
    {
      gboolean heavy;

      g_object_get (job, "heavy", &heavy, NULL);
      heavy_runs = heavy && arietta_job_get_state (job) == ARIETTA_JOB_RUNNING;
    }

  if (heavy_runs && self->inhibition == 0)
    self->inhibition =
      gtk_application_inhibit (self->application,
                               gtk_application_get_active_window (self->application),
                               GTK_APPLICATION_INHIBIT_SUSPEND, _("A model is being trained"));
  else if (!heavy_runs && self->inhibition != 0)
    {
      gtk_application_uninhibit (self->application, self->inhibition);
      self->inhibition = 0;
    }
}

static void
queue_changed_cb (AriettaJobWatch *self)
{
  g_autoptr(GHashTable) present = g_hash_table_new (NULL, NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  GHashTableIter iter;
  gpointer job, since;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(AriettaJob) here = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      g_hash_table_add (present, here);
      if (g_hash_table_contains (self->known, here))
        continue;
      g_signal_connect_object (here, "notify::state", G_CALLBACK (update_inhibition), self,
                               G_CONNECT_SWAPPED);
      since = g_new (gint64, 1);
      *(gint64 *) since = g_get_monotonic_time ();
      g_hash_table_insert (self->known, g_object_ref (here), since);
    }

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &job, &since))
    if (!g_hash_table_contains (present, job))
      {
        if (g_get_monotonic_time () - *(gint64 *) since > LONG_USEC && !has_active_window (self))
          say_ended (self, job);
        g_signal_handlers_disconnect_by_data (job, self);
        g_hash_table_iter_remove (&iter);
      }

  update_inhibition (self);
}

static void
arietta_job_watch_dispose (GObject *object)
{
  AriettaJobWatch *self = ARIETTA_JOB_WATCH (object);

  if (self->inhibition != 0)
    gtk_application_uninhibit (self->application, self->inhibition);
  self->inhibition = 0;
  g_clear_pointer (&self->known, g_hash_table_unref);
  if (self->jobs != NULL)
    g_signal_handlers_disconnect_by_data (self->jobs, self);
  g_clear_object (&self->jobs);

  G_OBJECT_CLASS (arietta_job_watch_parent_class)->dispose (object);
}

static void
arietta_job_watch_class_init (AriettaJobWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = arietta_job_watch_dispose;
}

static void
arietta_job_watch_init (AriettaJobWatch *self)
{
  self->known = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
}

AriettaJobWatch *
arietta_job_watch_new (GtkApplication  *application,
                       AriettaJobQueue *jobs)
{
  AriettaJobWatch *self = g_object_new (ARIETTA_TYPE_JOB_WATCH, NULL);

  self->application = application;
  self->jobs = g_object_ref (jobs);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (queue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  queue_changed_cb (self);
  return self;
}
