#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-window-private.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-focus.h"
#include "views/arietta-job-row.h"
#include "views/arietta-late-menu.h"
#include "views/arietta-parting.h"
#include "views/arietta-recent.h"

G_DEFINE_FINAL_TYPE (AriettaWindow, arietta_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

enum
{
  RECORDED,
  FOREIGN,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
stand_cb (AriettaWindow *self)
{
  gboolean empty = arietta_session_is_empty (self->session);
  const char *title = arietta_session_get_title (self->session);

  adw_window_title_set_subtitle (self->window_title, title != NULL ? title : "");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self),
                                                                            "play")), !empty);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self),
                                                                            "back")), !empty);
}

static gboolean
is_spokesman (AriettaWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  return application == NULL ||
         gtk_application_get_active_window (application) == GTK_WINDOW (self);
}

static void
failed_cb (AriettaWindow *self,
           const GError  *error)
{
  if (is_spokesman (self))
    arietta_present_error (GTK_WIDGET (self->toast_overlay), error);
}

/* Told once; again only after a device was there in between. */
static void
silent_cb (AriettaWindow *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);
  GSettings *settings = arietta_session_get_settings (self->session);
  gboolean silent;

  g_object_get (player, "silent", &silent, NULL);
  if (!silent)
    {
      if (arietta_player_is_playing (player) && g_settings_get_boolean (settings, "told-no-sound"))
        g_settings_set_boolean (settings, "told-no-sound", FALSE);
      return;
    }
  if (!arietta_player_is_playing (player) || !is_spokesman (self) ||
      g_settings_get_boolean (settings, "told-no-sound"))
    return;

  g_settings_set_boolean (settings, "told-no-sound", TRUE);
  arietta_toast_action (GTK_WIDGET (self->toast_overlay),
                        _("No sound device was found. Pieces play in silence."), _("_Preferences"),
                        "app.preferences");
}

static GtkWidget *
make_job_row_cb (gpointer item,
                 gpointer user_data)
{
  return arietta_job_row_new (item);
}

static void
jobs_changed_cb (AriettaWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (arietta_session_get_jobs (self->session)));
  g_autofree char *label = NULL;

  gtk_stack_set_visible_child_name (self->jobs_stack, n > 0 ? "jobs" : "idle");
  if (n > 0)
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job running", "%u jobs running", n),
                             n);
  else
    label = g_strdup (_("Nothing is running"));
  arietta_a11y_set_tooltip (self->jobs_button, label);
}

static gboolean
drop_cb (AriettaWindow *self,
         const GValue  *value,
         double         x,
         double         y,
         GtkDropTarget *target)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);
  GSList *files = g_value_get_boxed (value);
  g_autoptr(GListStore) list = g_list_store_new (G_TYPE_FILE);

  /* What was meant for another program, and let go too early. */
  if (drop != NULL && gdk_drop_get_drag (drop) != NULL)
    return FALSE;
  for (GSList *link = files; link != NULL; link = link->next)
    g_list_store_append (list, link->data);
  arietta_window_open_files (self, G_LIST_MODEL (list));
  return TRUE;
}

static void
arietta_window_constructed (GObject *object)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);
  GSettings *settings = arietta_session_get_settings (self->session);
  AriettaPlayer *player = arietta_session_get_player (self->session);
  AriettaJobQueue *jobs = arietta_session_get_jobs (self->session);

  G_OBJECT_CLASS (arietta_window_parent_class)->constructed (object);

  arietta_window_init_player_verbs (self);
  g_object_set (self->transport, "session", self->session, NULL);

  gtk_list_box_bind_model (self->jobs_list, G_LIST_MODEL (jobs), make_job_row_cb, NULL, NULL);
  g_object_bind_property (jobs, "fraction", self->jobs_ring, "fraction", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (jobs, "items-changed", G_CALLBACK (jobs_changed_cb), self,
                           G_CONNECT_SWAPPED);
  jobs_changed_cb (self);

  arietta_window_init_pages (self);

  g_signal_connect_object (self->session, "notify::title", G_CALLBACK (stand_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::silent", G_CALLBACK (silent_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::playing", G_CALLBACK (silent_cb), self,
                           G_CONNECT_SWAPPED);
  stand_cb (self);

  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
close_now (GtkWidget *window)
{
  gtk_window_close (GTK_WINDOW (window));
}

static gboolean
is_last (AriettaWindow  *self,
         GtkApplication *application)
{
  for (GList *link = gtk_application_get_windows (application); link != NULL; link = link->next)
    if (ARIETTA_IS_WINDOW (link->data) && link->data != self)
      return FALSE;
  return TRUE;
}

static gboolean
arietta_window_close_request (GtkWindow *window)
{
  AriettaWindow *self = ARIETTA_WINDOW (window);
  GApplication *application = G_APPLICATION (gtk_window_get_application (window));

  if (application == NULL)
    return GTK_WINDOW_CLASS (arietta_window_parent_class)->close_request (window);

  if (is_last (self, GTK_APPLICATION (application)) &&
      !arietta_parting_begin (GTK_WIDGET (self), arietta_session_get_library (self->session), close_now))
    return GDK_EVENT_STOP;

  g_application_hold (application);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  /* Nobody is to present it again. */
  gtk_window_set_application (window, NULL);
  arietta_window_close_pages (self);
  return GDK_EVENT_STOP;
}

static void
arietta_window_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
arietta_window_dispose (GObject *object)
{
  AriettaWindow *self = ARIETTA_WINDOW (object);

  /* The player of the first window goes on without it, and would tell it that it is silent. */
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (arietta_session_get_player (self->session), self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (arietta_window_parent_class)->dispose (object);
}

static void
arietta_window_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  GTK_WIDGET_CLASS (arietta_window_parent_class)->snapshot (widget, snapshot);

  g_signal_emit (widget, signals[RECORDED], 0);
}

/* The place to begin with is the list of pages, not whichever button comes first. */
static void
arietta_window_map (GtkWidget *widget)
{
  AriettaWindow *self = ARIETTA_WINDOW (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->sidebar_list);

  GTK_WIDGET_CLASS (arietta_window_parent_class)->map (widget);

  if (row != NULL && gtk_widget_get_mapped (GTK_WIDGET (row)))
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else
    gtk_widget_child_focus (self->switcher_bar, GTK_DIR_TAB_FORWARD);
}

static void
arietta_window_class_init (AriettaWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = arietta_window_constructed;
  object_class->set_property = arietta_window_set_property;
  object_class->dispose = arietta_window_dispose;
  widget_class->snapshot = arietta_window_snapshot;
  widget_class->map = arietta_window_map;
  GTK_WINDOW_CLASS (klass)->close_request = arietta_window_close_request;

  /* All widgets have said what to draw in this frame. */
  signals[RECORDED] = g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  /* What follows is a call of GTK's own, or it is over. */
  signals[FOREIGN] = g_signal_new ("foreign", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT);

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, ARIETTA_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_ring);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_list);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, jobs_stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, transport);
  gtk_widget_class_bind_template_child (widget_class, AriettaWindow, recent_section);
  arietta_window_class_bind_pages (widget_class);
  arietta_window_class_bind_verbs (widget_class);
}

static void
arietta_window_init (AriettaWindow *self)
{
  g_autoptr(GMenu) recent = arietta_recent_menu_new ();
  GtkDropTarget *target;

  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  g_type_ensure (ARIETTA_TYPE_ADAPTIVE_BOX);
  g_type_ensure (ARIETTA_TYPE_PROGRESS_RING);
  g_type_ensure (ARIETTA_TYPE_TRANSPORT);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_focus_keep (GTK_WINDOW (self));

  arietta_window_init_verbs (self);
  g_object_set_data (G_OBJECT (self), "arietta-toast-overlay", self->toast_overlay);

  g_menu_append_submenu (self->recent_section, _("_Recent"), G_MENU_MODEL (recent));

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
arietta_window_mark_foreign (GtkWidget      *near,
                             AriettaForeign  foreign)
{
  GtkRoot *root = near != NULL ? gtk_widget_get_root (near) : NULL;

  while (GTK_IS_WINDOW (root) && !ARIETTA_IS_WINDOW (root))
    root = (GtkRoot *) gtk_window_get_transient_for (GTK_WINDOW (root));
  if (root != NULL && ARIETTA_IS_WINDOW (root))
    g_signal_emit (root, signals[FOREIGN], 0, (int) foreign);
}

GtkWidget *
arietta_window_new (GtkApplication *application,
                    AriettaSession *session)
{
  return g_object_new (ARIETTA_TYPE_WINDOW,
                       "application", application,
                       "session", session,
                       NULL);
}
