#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-work-strip.h"

#include <glib/gi18n.h>

/* Nobody needs to read of what is over by then. */
#define PATIENCE_MS 1000

struct _AriettaWorkStrip
{
  GtkWidget       parent_instance;

  AriettaJob     *job;        /* NULL: at rest */
  guint           delay_id;   /* the job is still young */
  char           *left;       /* NULL: nothing */
  char           *button_label;

  /* template children */
  GtkWidget      *box;
  GtkLabel       *label;
  GtkProgressBar *progress;
  GtkButton      *button;
};

G_DEFINE_FINAL_TYPE (AriettaWorkStrip, arietta_work_strip, GTK_TYPE_WIDGET)

static guint go_on_signal;

static gboolean
is_working (AriettaWorkStrip *self)
{
  return self->job != NULL && self->delay_id == 0;
}

static void
update (AriettaWorkStrip *self)
{
  gboolean         working = is_working (self);
  g_autofree char *message = NULL, *title = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), working || self->left != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), working);
  if (working)
    {
      g_object_get (self->job, "message", &message, "title", &title, NULL);
      gtk_label_set_label (self->label, message != NULL && *message != '\0' ? message : title);
      gtk_button_set_label (self->button, _("_Stop"));
    }
  else if (self->left != NULL)
    {
      gtk_label_set_label (self->label, self->left);
      gtk_button_set_label (self->button, self->button_label);
      /* While the work is young: it may be just this. */
      gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->job == NULL);
    }
  if (working)
    gtk_widget_set_sensitive (GTK_WIDGET (self->button), TRUE);
}

static void
fraction_cb (AriettaWorkStrip *self)
{
  double fraction = 0.0;

  if (self->job != NULL)
    g_object_get (self->job, "fraction", &fraction, NULL);
  if (fraction < 0.0)
    gtk_progress_bar_pulse (self->progress);
  else
    gtk_progress_bar_set_fraction (self->progress, MIN (fraction, 1.0));
}

static void
forget_job (AriettaWorkStrip *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
}

static void
state_cb (AriettaWorkStrip *self)
{
  AriettaJobState state = arietta_job_get_state (self->job);

  if (state != ARIETTA_JOB_DONE && state != ARIETTA_JOB_FAILED && state != ARIETTA_JOB_CANCELLED)
    return;
  forget_job (self);
  update (self);
}

static gboolean
delay_cb (gpointer user_data)
{
  AriettaWorkStrip *self = user_data;

  self->delay_id = 0;
  fraction_cb (self);
  update (self);
  return G_SOURCE_REMOVE;
}

static void
clicked_cb (AriettaWorkStrip *self)
{
  if (is_working (self))
    arietta_job_cancel (self->job);
  else
    g_signal_emit (self, go_on_signal, 0);
}

static void
arietta_work_strip_dispose (GObject *object)
{
  AriettaWorkStrip *self = ARIETTA_WORK_STRIP (object);

  forget_job (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (arietta_work_strip_parent_class)->dispose (object);
}

static void
arietta_work_strip_finalize (GObject *object)
{
  AriettaWorkStrip *self = ARIETTA_WORK_STRIP (object);

  g_free (self->left);
  g_free (self->button_label);

  G_OBJECT_CLASS (arietta_work_strip_parent_class)->finalize (object);
}

static void
arietta_work_strip_class_init (AriettaWorkStripClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_work_strip_dispose;
  object_class->finalize = arietta_work_strip_finalize;

  go_on_signal = g_signal_new ("go-on", ARIETTA_TYPE_WORK_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-work-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaWorkStrip, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaWorkStrip, label);
  gtk_widget_class_bind_template_child (widget_class, AriettaWorkStrip, progress);
  gtk_widget_class_bind_template_child (widget_class, AriettaWorkStrip, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
arietta_work_strip_init (AriettaWorkStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
arietta_work_strip_follow (AriettaWorkStrip *self,
                           AriettaJob       *job)
{
  g_return_if_fail (ARIETTA_IS_WORK_STRIP (self) && ARIETTA_IS_JOB (job));

  forget_job (self);
  self->job = g_object_ref (job);
  g_signal_connect_swapped (job, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (job, "notify::message", G_CALLBACK (update), self);
  g_signal_connect_swapped (job, "notify::fraction", G_CALLBACK (fraction_cb), self);
  self->delay_id = g_timeout_add (PATIENCE_MS, delay_cb, self);
  update (self);
}

void
arietta_work_strip_offer (AriettaWorkStrip *self,
                          const char       *text,
                          const char       *button)
{
  g_return_if_fail (ARIETTA_IS_WORK_STRIP (self));

  g_free (self->left);
  self->left = g_strdup (text);
  g_free (self->button_label);
  self->button_label = g_strdup (button);
  update (self);
}
