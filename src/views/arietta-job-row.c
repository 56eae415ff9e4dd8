#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-job-row.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"

struct _AriettaJobRow
{
  GtkListBoxRow  parent_instance;

  AriettaJob    *job;

  /* template children */
  GtkButton     *pause_button;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (AriettaJobRow, arietta_job_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_0,
  PROP_JOB,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static char *
format_left (AriettaJobRow *self,
             double         seconds)
{
  return arietta_job_row_dup_left (seconds);
}

static double
show_fraction (AriettaJobRow *self,
               double         fraction)
{
  return CLAMP (fraction, 0.0, 1.0);
}

static gboolean
is_filled (AriettaJobRow *self,
           const char    *text)
{
  return text != NULL && text[0] != '\0';
}

/* Unknown progress moves by what the job reports, not by a clock: no report, no movement. */
static void
fraction_cb (AriettaJobRow *self)
{
  double fraction;

  g_object_get (self->job, "fraction", &fraction, NULL);
  if (fraction < 0.0)
    gtk_progress_bar_pulse (self->progress_bar);
}

static void
state_cb (AriettaJobRow *self)
{
  gboolean paused = arietta_job_get_state (self->job) == ARIETTA_JOB_PAUSED;
  const char *label = paused ? _("Go On") : _("Pause");

  gtk_button_set_icon_name (self->pause_button, paused ? "media-playback-start-symbolic"
                                                       : "media-playback-pause-symbolic");
  arietta_a11y_set_tooltip (GTK_WIDGET (self->pause_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
pause_clicked_cb (AriettaJobRow *self)
{
  if (arietta_job_get_state (self->job) == ARIETTA_JOB_PAUSED)
    arietta_job_resume (self->job);
  else
    arietta_job_pause (self->job);
}

static void
stop_clicked_cb (AriettaJobRow *self)
{
  arietta_job_cancel (self->job);
}

static void
arietta_job_row_constructed (GObject *object)
{
  AriettaJobRow *self = ARIETTA_JOB_ROW (object);

  G_OBJECT_CLASS (arietta_job_row_parent_class)->constructed (object);

  g_signal_connect_object (self->job, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->job, "notify::message", G_CALLBACK (fraction_cb), self,
                           G_CONNECT_SWAPPED);
  state_cb (self);
}

static void
arietta_job_row_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  AriettaJobRow *self = ARIETTA_JOB_ROW (object);

  if (prop_id == PROP_JOB)
    g_value_set_object (value, self->job);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_job_row_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  AriettaJobRow *self = ARIETTA_JOB_ROW (object);

  if (prop_id == PROP_JOB)
    self->job = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_job_row_dispose (GObject *object)
{
  AriettaJobRow *self = ARIETTA_JOB_ROW (object);

  g_clear_object (&self->job);
  G_OBJECT_CLASS (arietta_job_row_parent_class)->dispose (object);
}

static void
arietta_job_row_class_init (AriettaJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_job_row_constructed;
  object_class->get_property = arietta_job_row_get_property;
  object_class->set_property = arietta_job_row_set_property;
  object_class->dispose = arietta_job_row_dispose;

  properties[PROP_JOB] =
    g_param_spec_object ("job", NULL, NULL, ARIETTA_TYPE_JOB,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaJobRow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaJobRow, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, format_left);
  gtk_widget_class_bind_template_callback (widget_class, show_fraction);
  gtk_widget_class_bind_template_callback (widget_class, is_filled);
  gtk_widget_class_bind_template_callback (widget_class, pause_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
}

static void
arietta_job_row_init (AriettaJobRow *self)
{
  g_type_ensure (ARIETTA_TYPE_JOB);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
arietta_job_row_new (AriettaJob *job)
{
  return g_object_new (ARIETTA_TYPE_JOB_ROW, "job", job, NULL);
}

char *
arietta_job_row_dup_left (double seconds)
{
  if (seconds < 0.0)
    return g_strdup ("");
  if (seconds < 60.0)
    return g_strdup (_("Less than a minute left"));
  if (seconds < 3600.0)
    {
      guint minutes = (guint) (seconds / 60.0 + 0.5);

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute left", "%u minutes left",
                                           minutes), minutes);
    }
  else
    {
      guint hours = (guint) (seconds / 3600.0 + 0.5);

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "About %u hour left",
                                           "About %u hours left", hours), hours);
    }
}
