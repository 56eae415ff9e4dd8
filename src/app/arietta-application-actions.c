#define G_LOG_DOMAIN "arietta-app"

#include "config.h"

#include "app/arietta-application-actions.h"

#include <glib/gi18n.h>
#include <string.h>

#include "views/arietta-a11y.h"
#include "views/arietta-error-presenter.h"
#include "views/arietta-file-chooser.h"
#include "views/arietta-parting.h"
#include "views/arietta-preferences.h"
#include "views/arietta-shortcuts.h"
#include "views/arietta-steps.h"
#include "views/arietta-window.h"

#define QUIT_SOON "arietta-quit"
#define KNOWS_KEYS "arietta-knows-keys"

static GtkWindow *
get_window (AriettaApplication *self)
{
  return gtk_application_get_active_window (GTK_APPLICATION (self));
}

static void
new_window_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  arietta_application_open_window (user_data);
}

static void
files_chosen_cb (GtkWidget  *near,
                 GListModel *files,
                 gpointer    user_data)
{
  if (ARIETTA_IS_WINDOW (near))
    arietta_window_open_files (ARIETTA_WINDOW (near), files);
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GtkWindow *window = get_window (user_data);

  if (window != NULL)
    arietta_choose_music (GTK_WIDGET (window), TRUE, files_chosen_cb, NULL, NULL);
}

static void
open_uri_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  g_autoptr(GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  g_application_open (user_data, &file, 1, "");
}

static void
show_page_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  GtkWindow *window;

  g_application_activate (user_data);
  window = get_window (user_data);
  if (ARIETTA_IS_WINDOW (window))
    arietta_window_show_page (ARIETTA_WINDOW (window), g_variant_get_string (parameter, NULL));
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaSession *session = arietta_application_get_session (user_data);

  if (session != NULL)
    arietta_preferences_present (session, get_window (user_data));
}

static void
shortcuts_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  arietta_shortcuts_present (get_window (user_data));
}

static void
help_shown_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GtkWidget) window = user_data;
  g_autoptr(GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error) || window == NULL)
    return;
  arietta_toast (window, _("No program to show the help is installed (Yelp, for one)."));
}

/* F1 opens the page of the help that speaks of the page of the window. */
static void
help_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  AriettaSession *session = arietta_application_get_session (user_data);
  GtkWindow *window = get_window (user_data);
  g_autofree char *page = NULL;
  g_autofree char *uri = NULL;

  if (session != NULL)
    page = g_settings_get_string (arietta_session_get_settings (session), "page");
  uri = g_strconcat ("help:arietta/", page != NULL ? page : "index", NULL);
  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, help_shown_cb,
                                           window != NULL ? g_object_ref (window) : NULL);
}

/* libadwaita makes many widgets for it, in view or not. */
static gboolean
about_step (gpointer owner,
            guint    n)
{
  g_object_set (owner,
                "application-name", _("Arietta"),
                "application-icon", ARIETTA_APPLICATION_ID,
                "version", ARIETTA_VERSION,
                "comments", _("Compose music with models you train yourself, on your own "
                              "machine."),
                "developer-name", _("The Arietta Developers"),
                "license-type", GTK_LICENSE_GPL_3_0,
                "translator-credits", _("translator-credits"),
                NULL);
  arietta_a11y_name_window (owner, _("Arietta"));
  arietta_steps_present (owner);
  return G_SOURCE_REMOVE;
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  GtkWindow *near = get_window (user_data);
  GtkWidget *window;

  arietta_window_mark_foreign (GTK_WIDGET (near), ARIETTA_FOREIGN_ABOUT_WINDOW);
  window = adw_about_window_new ();
  arietta_window_mark_foreign (GTK_WIDGET (near), ARIETTA_FOREIGN_NONE);

  gtk_window_set_transient_for (GTK_WINDOW (window), near);
  gtk_window_set_default_size (GTK_WINDOW (window), 380, 480);
  arietta_steps_loosen (ADW_WINDOW (window));
  arietta_steps_run (window, about_step);
}

/* Windows first, so that each says goodbye in its own way. */
static void
quit_now (GtkWidget *window)
{
  g_action_group_activate_action (G_ACTION_GROUP (gtk_window_get_application (GTK_WINDOW (window))), "quit", NULL);
}

static gboolean
quit_idle_cb (gpointer user_data)
{
  AriettaSession *session = arietta_application_get_session (user_data);
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  g_object_steal_data (user_data, QUIT_SOON);
  /* Asked once, in the window used last, and all stay when the person does. */
  for (GList *link = windows; link != NULL && session != NULL; link = link->next)
    if (ARIETTA_IS_WINDOW (link->data))
      {
        if (!arietta_parting_begin (link->data, arietta_session_get_library (session), quit_now))
          return G_SOURCE_REMOVE;
        break;
      }

  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
  if (gtk_application_get_windows (user_data) == NULL)
    {
      GList *closing = gtk_window_list_toplevels ();

      /* They would be taken down page by page; their dialogs go with them, and stand in the list as
       * well. */
      g_list_foreach (closing, (GFunc) (void (*) (void)) g_object_ref, NULL);
      for (GList *link = closing; link != NULL; link = link->next)
        if (ARIETTA_IS_WINDOW (link->data))
          gtk_window_destroy (link->data);
      g_list_free_full (closing, g_object_unref);
      g_application_quit (user_data);
    }
  return G_SOURCE_REMOVE;
}

static void
forget_quitting (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

/* GTK still needs the window whose key or menu asked for this while it handles the event.  What is
 * to come belongs to the application and goes with it. */
static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  guint id = g_idle_add_full (G_PRIORITY_DEFAULT, quit_idle_cb, user_data, NULL);

  g_object_set_data_full (user_data, QUIT_SOON, GUINT_TO_POINTER (id), forget_quitting);
}

static const GActionEntry entries[] = {
  { .name = "new-window", .activate = new_window_cb },
  { .name = "open", .activate = open_cb },
  { .name = "open-uri", .activate = open_uri_cb, .parameter_type = "s" },
  { .name = "show-page", .activate = show_page_cb, .parameter_type = "s" },
  { .name = "preferences", .activate = preferences_cb },
  { .name = "shortcuts", .activate = shortcuts_cb },
  { .name = "help", .activate = help_cb },
  { .name = "about", .activate = about_cb },
  { .name = "quit", .activate = quit_cb },
};

/* Shown to people by views/arietta-shortcuts.c: change both. */
static const struct
{
  const char *action;
  const char *accels[3];
} accelerators[] = {
  { "app.new-window", { "<Control>n" } },
  { "app.open", { "<Control>o" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.shortcuts", { "<Control>question" } },
  { "app.help", { "F1" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.verb", { "<Control>Return" } },
  { "win.back", { "<Control>Home" } },
  { "win.loop", { "<Control>l" } },
  { "win.metronome", { "<Control>m" } },
  { "win.page::compose", { "<Alt>1" } },
  { "win.page::datasets", { "<Alt>2" } },
  { "win.page::models", { "<Alt>3" } },
  { "win.page::map", { "<Alt>4" } },
  { "win.page::style-mix", { "<Alt>5" } },
  { "win.page::for-you", { "<Alt>6" } },
  { "page.rename", { "F2" } },
  { "page.paste", { "<Control>v" } },
  { "page.export-open::mid", { "<Control>e" } },
  { "page.panel", { "F9" } },
  { "page.mixer", { "F8" } },
};

/* What holds in dialogs and in whatever pops up, too.  A dialog is no window of the application's,
 * and the keys of what pops up do not come to its window; so neither knows the application's
 * keys. */
static const char * const everywhere[] = { "app.help", "app.quit", "window.close", NULL };

static gboolean
shortcut_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  const char *action = user_data;

  if (g_str_has_prefix (action, "app."))
    g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), action + strlen ("app."), NULL);
  else
    gtk_widget_activate_action (widget, action, NULL);
  return TRUE;
}

static void
add_shortcuts (GtkWidget        *widget,
               GtkShortcutScope  scope)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    if (g_strv_contains (everywhere, accelerators[i].action))
      {
        GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string (accelerators[i].accels[0]);
        GtkShortcutAction *action = gtk_callback_action_new (shortcut_cb, (gpointer) accelerators[i].action, NULL);

        gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                              gtk_shortcut_new (trigger, action));
      }
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), scope);
  gtk_widget_add_controller (widget, controller);
}

/* Menus, GTK's own among them, and popovers have the keyboard within them once they are open. */
static void
focus_moved_cb (GtkWindow *window)
{
  for (GtkWidget *widget = gtk_window_get_focus (window); widget != NULL; widget = gtk_widget_get_parent (widget))
    if (GTK_IS_POPOVER (widget) && g_object_get_data (G_OBJECT (widget), KNOWS_KEYS) == NULL)
      {
        add_shortcuts (widget, GTK_SHORTCUT_SCOPE_LOCAL);
        g_object_set_data (G_OBJECT (widget), KNOWS_KEYS, widget);
      }
}

static void
toplevels_changed_cb (GListModel *toplevels,
                      guint       position,
                      guint       n_removed,
                      guint       n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (!GTK_IS_APPLICATION_WINDOW (window))
        add_shortcuts (window, GTK_SHORTCUT_SCOPE_GLOBAL);
      g_signal_connect (window, "notify::focus-widget", G_CALLBACK (focus_moved_cb), NULL);
    }
}

void
arietta_application_add_actions (AriettaApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);

  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].accels);

  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (toplevels_changed_cb), self, 0);
}
