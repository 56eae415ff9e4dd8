#define G_LOG_DOMAIN "arietta-app"

#include "config.h"

#include "app/arietta-application.h"

#include <glib/gi18n.h>

#include "app/arietta-application-actions.h"
#include "app/arietta-job-watch.h"
#include "app/arietta-loop-meter.h"
#include "math/arietta-pool.h"
#include "studio/arietta-train.h"
#include "views/arietta-load.h"
#include "views/arietta-session.h"
#include "views/arietta-steps.h"
#include "views/arietta-window.h"

/* What was deleted can be brought back for so long. */
#define TRASH_SECONDS (30 * 24 * 60 * 60)
/* The window and the sound come first. */
#define WORKERS_NICENESS 10

struct _AriettaApplication
{
  AdwApplication    parent_instance;

  GSettings        *settings;
  AriettaSession   *session;
  AriettaJobWatch  *job_watch;
  AriettaLoopMeter *loop_meter;  /* debug builds only */
  GError           *failure;     /* why there is no session */
};

G_DEFINE_FINAL_TYPE (AriettaApplication, arietta_application, ADW_TYPE_APPLICATION)

/* g_settings_new () ends the program when the schema is not installed. */
static GSettings *
make_settings (GError **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, ARIETTA_APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   _("The settings schema %s is not installed. Install Arietta again, or start it "
                     "from its source folder with “./dev run”."), ARIETTA_APPLICATION_ID);
      return NULL;
    }
  return g_settings_new_full (schema, NULL, NULL);
}

static void
color_scheme_cb (AriettaApplication *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  g_autofree char *scheme = g_settings_get_string (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (manager,
                                      g_str_equal (scheme, "light") ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                      : g_str_equal (scheme, "dark") ? ADW_COLOR_SCHEME_FORCE_DARK
                                      : ADW_COLOR_SCHEME_DEFAULT);
}

/* Before anything is computed, and once: not while kernels run. */
static void
choose_kernels (AriettaApplication *self)
{
  if (g_settings_get_boolean (self->settings, "portable-kernels"))
    g_setenv ("ARIETTA_KERNELS", "portable", TRUE);
}

static void
threads_cb (AriettaApplication *self)
{
  int threads = g_settings_get_int (self->settings, "threads");

  arietta_pool_set_threads (threads > 0 ? threads : (int) g_get_num_processors ());
}

static void
load_layout (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/arietta/Arietta/layout.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* Without a library there is nothing to show but the reason. */
static void
present_failure (AriettaApplication *self)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (self));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *status = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Quit"));
  g_autofree char *escaped = g_markup_escape_text (self->failure->message, -1);

  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new ("", NULL));
  gtk_widget_add_css_class (header, "flat");
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), "dialog-warning-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("The Library Cannot Be Opened"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), escaped);
  adw_status_page_set_child (ADW_STATUS_PAGE (status), button);
  gtk_widget_set_vexpand (status, TRUE);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.quit");
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), status);

  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _("Arietta"));
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 420);
  gtk_window_present (GTK_WINDOW (window));
}

static GtkWindow *
make_window (AriettaApplication *self)
{
  g_autoptr(AriettaSession) session = NULL;

  /* Each window has a stand of its own; the first has the program's. */
  session = gtk_application_get_windows (GTK_APPLICATION (self)) == NULL ? g_object_ref (self->session)
                                                                       : arietta_session_new_beside (self->session);
  return GTK_WINDOW (arietta_window_new (GTK_APPLICATION (self), session));
}

static gpointer
empty_trash (gpointer   data,
             GError   **error)
{
  arietta_library_empty_trash (data, TRASH_SECONDS, error);
  return NULL;
}

static void
trash_emptied_cb (gpointer      owner,
                  gpointer      result,
                  const GError *error)
{
  if (error != NULL)
    g_warning ("%s", error->message);
}

static void
arietta_application_startup (GApplication *application)
{
  AriettaApplication *self = ARIETTA_APPLICATION (application);
  g_autoptr(GError) error = NULL;

  G_APPLICATION_CLASS (arietta_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (ARIETTA_APPLICATION_ID);
  load_layout ();
  arietta_application_add_actions (self);

  self->settings = make_settings (&self->failure);
  if (self->settings == NULL)
    return;
  g_signal_connect_object (self->settings, "changed::color-scheme", G_CALLBACK (color_scheme_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::threads", G_CALLBACK (threads_cb), self,
                           G_CONNECT_SWAPPED);
  color_scheme_cb (self);
  choose_kernels (self);
  threads_cb (self);
  arietta_pool_set_niceness (WORKERS_NICENESS);

  self->session = arietta_session_new (self->settings, &self->failure);
  if (self->session == NULL)
    return;

  /* What a crash interrupted stands as paused before anyone looks at the models. */
  arietta_train_find_paused (arietta_session_get_library (self->session), &error);
  if (error != NULL)
    g_warning ("%s", error->message);

  arietta_load_async (self, NULL, empty_trash, g_object_ref (arietta_session_get_library (self->session)),
                      g_object_unref, NULL, trash_emptied_cb);

  self->job_watch = arietta_job_watch_new (GTK_APPLICATION (self),
                                           arietta_session_get_jobs (self->session));
#ifdef ARIETTA_DEBUG
  self->loop_meter = arietta_loop_meter_new ();
#endif
}

static void
arietta_application_activate (GApplication *application)
{
  AriettaApplication *self = ARIETTA_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL)
    gtk_window_present (window);
  else if (self->session == NULL)
    present_failure (self);
  else
    /* libadwaita may have said that the icon theme changed, which is heard in the first turn of the
     * main loop, but after a first frame: all icons would be read again, and all be painted
     * twice. */
    arietta_steps_present (make_window (self));
}

static void
arietta_application_open (GApplication  *application,
                          GFile        **files,
                          int            n_files,
                          const char    *hint)
{
  AriettaApplication *self = ARIETTA_APPLICATION (application);
  g_autoptr(GListStore) list = g_list_store_new (G_TYPE_FILE);
  GtkWindow *window;

  arietta_application_activate (application);
  window = gtk_application_get_active_window (GTK_APPLICATION (self));
  if (!ARIETTA_IS_WINDOW (window))
    return;

  for (int i = 0; i < n_files; i++)
    g_list_store_append (list, files[i]);
  arietta_window_open_files (ARIETTA_WINDOW (window), G_LIST_MODEL (list));
}

static void
arietta_application_shutdown (GApplication *application)
{
  AriettaApplication *self = ARIETTA_APPLICATION (application);

  g_clear_object (&self->job_watch);
  if (self->session != NULL)
    g_object_run_dispose (G_OBJECT (self->session));
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->loop_meter, arietta_loop_meter_free);

  G_APPLICATION_CLASS (arietta_application_parent_class)->shutdown (application);
}

static void
arietta_application_finalize (GObject *object)
{
  AriettaApplication *self = ARIETTA_APPLICATION (object);

  g_clear_error (&self->failure);
  G_OBJECT_CLASS (arietta_application_parent_class)->finalize (object);
}

static void
arietta_application_class_init (AriettaApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = arietta_application_finalize;

  application_class->startup = arietta_application_startup;
  application_class->activate = arietta_application_activate;
  application_class->open = arietta_application_open;
  application_class->shutdown = arietta_application_shutdown;
}

static void
arietta_application_init (AriettaApplication *self)
{
}

AriettaApplication *
arietta_application_new (void)
{
  return g_object_new (ARIETTA_TYPE_APPLICATION,
                       "application-id", ARIETTA_APPLICATION_ID,
                       "resource-base-path", "/io/github/arietta/Arietta",
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

AriettaSession *
arietta_application_get_session (AriettaApplication *self)
{
  g_return_val_if_fail (ARIETTA_IS_APPLICATION (self), NULL);
  return self->session;
}

void
arietta_application_open_window (AriettaApplication *self)
{
  g_return_if_fail (ARIETTA_IS_APPLICATION (self));

  if (self->session != NULL)
    arietta_steps_present (make_window (self));
}
