#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-preferences.h"

#include <glib/gi18n.h>

#include "views/arietta-a11y.h"
#include "views/arietta-file-chooser.h"
#include "views/arietta-soundfont-row.h"
#include "views/arietta-steps.h"
#include "widgets/arietta-quick-layout.h"

#define UI_RESOURCE "/io/github/arietta/Arietta/arietta-preferences.ui"
#define GROUPS_RESOURCE "/io/github/arietta/Arietta/arietta-preferences-groups.ui"

struct _AriettaPreferences
{
  AdwPreferencesWindow parent_instance;

  AriettaSession      *session;
  GSettings           *settings;
  GtkBuilder          *builder;      /* until the last group is there */
  guint                filling : 1;

  /* template children */
  AdwPreferencesPage  *page;

  /* out of the groups */
  AdwComboRow         *latency_row;
  AdwComboRow         *keyboard_row;
  AdwActionRow        *folder_row;
  AdwComboRow         *scheme_row;
};

G_DEFINE_FINAL_TYPE (AriettaPreferences, arietta_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the rows; milliseconds. */
static const guint latencies[] = { 20, 40, 100 };

/* In the order of the rows. */
static const char * const schemes[] = { "system", "light", "dark" };

static void
latency_selected_cb (AriettaPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->latency_row);

  if (!self->filling && selected < G_N_ELEMENTS (latencies))
    g_settings_set_uint (self->settings, "latency", latencies[selected]);
}

/* All of them first; one that was chosen stays in the list while it is not plugged in. */
static void
fill_keyboards (AriettaPreferences *self)
{
  g_auto(GStrv) devices =
    arietta_midi_input_dup_devices (arietta_recorder_get_input (arietta_session_get_recorder (self->session)));
  g_autofree char *chosen = g_settings_get_string (self->settings, "keyboard");
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, devices[0] != NULL ? _("All of Them") : _("None Is Connected"));
  for (guint i = 0; devices[i] != NULL; i++)
    {
      gtk_string_list_append (names, devices[i]);
      if (g_str_equal (devices[i], chosen))
        selected = i + 1;
    }
  if (chosen[0] != '\0' && selected == 0)
    {
      gtk_string_list_append (names, chosen);
      selected = g_list_model_get_n_items (G_LIST_MODEL (names)) - 1;
    }

  self->filling = TRUE;
  adw_combo_row_set_model (self->keyboard_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->keyboard_row, selected);
  self->filling = FALSE;
}

static void
keyboard_selected_cb (AriettaPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->keyboard_row);
  GtkStringObject *item = adw_combo_row_get_selected_item (self->keyboard_row);

  if (!self->filling && item != NULL)
    g_settings_set_string (self->settings, "keyboard", selected > 0 ? gtk_string_object_get_string (item) : "");
}

static void
soundfont_chosen_cb (GtkWidget  *near,
                     GListModel *files,
                     gpointer    user_data)
{
  AriettaPreferences *self = ARIETTA_PREFERENCES (near);
  g_autoptr(GFile) file = g_list_model_get_item (files, 0);
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL)
    return;
  g_settings_set_string (self->settings, "soundfont", path);
}

static void
choose_soundfont_cb (AriettaPreferences *self)
{
  arietta_choose_file (GTK_WIDGET (self), _("Choose a SoundFont"), _("SoundFonts"), "sf2",
                       soundfont_chosen_cb, NULL, NULL);
}

static void
scheme_selected_cb (AriettaPreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->scheme_row);

  if (!self->filling && selected < G_N_ELEMENTS (schemes))
    g_settings_set_string (self->settings, "color-scheme", schemes[selected]);
}

static void
show_folder (AriettaPreferences *self)
{
  g_autofree char *next = g_settings_get_string (self->settings, "data-folder");
  const char *now = arietta_library_get_folder (arietta_session_get_library (self->session));
  g_autofree char *text = NULL;

  if (next[0] != '\0' && g_strcmp0 (next, now) != 0)
    text = g_strdup_printf (_("%s (from the next start)"), next);
  else
    text = g_strdup (now);
  adw_action_row_set_subtitle (self->folder_row, text);
}

static void
folder_opened_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(AriettaPreferences) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                      adw_toast_new (_("No program to show folders was found.")));
}

static void
open_folder_cb (AriettaPreferences *self)
{
  const char *folder = arietta_library_get_folder (arietta_session_get_library (self->session));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    g_app_info_launch_default_for_uri_async (uri, NULL, NULL, folder_opened_cb,
                                             g_object_ref (self));
}

static void
folder_chosen_cb (GtkWidget  *near,
                  GListModel *files,
                  gpointer    user_data)
{
  AriettaPreferences *self = ARIETTA_PREFERENCES (near);
  g_autoptr(GFile) file = g_list_model_get_item (files, 0);
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL)
    return;
  g_settings_set_string (self->settings, "data-folder", path);
  show_folder (self);
}

static void
choose_folder_cb (AriettaPreferences *self)
{
  arietta_choose_folder (GTK_WIDGET (self), _("Choose a Data Folder"), folder_chosen_cb, NULL,
                         NULL);
}

static char *
show_threads (AriettaPreferences *self,
              double              threads)
{
  if (threads < 1.0)
    return g_strdup_printf (_("One for each of the %u cores"), g_get_num_processors ());
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u thread", "%u threads",
                                       (gulong) threads), (guint) threads);
}

/* ---- Group by group ---- */

static void
fill_sound (AriettaPreferences *self)
{
  guint latency = g_settings_get_uint (self->settings, "latency"), nearest = 0;

  arietta_soundfont_row_set_session (ARIETTA_SOUNDFONT_ROW (gtk_builder_get_object (self->builder, "soundfont_row")),
                                     self->session);
  self->latency_row = ADW_COMBO_ROW (gtk_builder_get_object (self->builder, "latency_row"));
  self->keyboard_row = ADW_COMBO_ROW (gtk_builder_get_object (self->builder, "keyboard_row"));
  for (guint i = 0; i < G_N_ELEMENTS (latencies); i++)
    if (ABS ((int) latencies[i] - (int) latency) < ABS ((int) latencies[nearest] - (int) latency))
      nearest = i;
  self->filling = TRUE;
  adw_combo_row_set_selected (self->latency_row, nearest);
  self->filling = FALSE;
  fill_keyboards (self);
  g_signal_connect_object (arietta_recorder_get_input (arietta_session_get_recorder (self->session)), "devices-changed",
                           G_CALLBACK (fill_keyboards), self, G_CONNECT_SWAPPED);
  g_settings_bind (self->settings, "volume",
                   gtk_builder_get_object (self->builder, "volume_adjustment"), "value",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
fill_learning (AriettaPreferences *self)
{
  GtkAdjustment *threads =
    GTK_ADJUSTMENT (gtk_builder_get_object (self->builder, "threads_adjustment"));

  gtk_adjustment_set_upper (threads, MIN (256, g_get_num_processors ()));
  gtk_adjustment_set_value (threads, g_settings_get_int (self->settings, "threads"));
  g_settings_bind (self->settings, "threads", threads, "value", G_SETTINGS_BIND_SET);
}

static void
fill_data (AriettaPreferences *self)
{
  self->folder_row = ADW_ACTION_ROW (gtk_builder_get_object (self->builder, "folder_row"));
  show_folder (self);
}

static void
fill_export (AriettaPreferences *self)
{
  g_settings_bind (self->settings, "author", gtk_builder_get_object (self->builder, "author_row"), "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "discreet-exports", gtk_builder_get_object (self->builder, "discreet_switch"), "active",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
fill_appearance (AriettaPreferences *self)
{
  g_autofree char *scheme = g_settings_get_string (self->settings, "color-scheme");

  self->scheme_row = ADW_COMBO_ROW (gtk_builder_get_object (self->builder, "scheme_row"));
  self->filling = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i], scheme))
      adw_combo_row_set_selected (self->scheme_row, i);
  self->filling = FALSE;
}

static const struct
{
  const char *ids[4];   /* the group first, then what stands beside it in the file */
  void      (*fill) (AriettaPreferences *self);
} groups[] = {
  { { "sound_group", "volume_adjustment", "latency_model" }, fill_sound },
  { { "learning_group", "threads_adjustment" }, fill_learning },
  { { "export_group" }, fill_export },
  { { "data_group" }, fill_data },
  { { "appearance_group", "scheme_model" }, fill_appearance },
};

static GtkBuilder *
make_builder (AriettaPreferences *self)
{
  GtkBuilder *builder = gtk_builder_new ();
  g_autoptr(GtkBuilderScope) scope = gtk_builder_cscope_new ();

  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), latency_selected_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), keyboard_selected_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), choose_soundfont_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), scheme_selected_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), open_folder_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), choose_folder_cb);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), show_threads);
  gtk_builder_set_scope (builder, scope);
  gtk_builder_set_current_object (builder, G_OBJECT (self));
  return builder;
}

static gboolean
add_group (gpointer owner,
           guint    n)
{
  AriettaPreferences *self = owner;
  GtkWidget *group;
  g_autoptr(GError) error = NULL;

  if (!gtk_builder_add_objects_from_resource (self->builder, GROUPS_RESOURCE,
                                              (const char **) groups[n].ids, &error))
    g_error ("%s", error->message);   /* part of the program, as a template is */

  group = GTK_WIDGET (gtk_builder_get_object (self->builder, groups[n].ids[0]));
  groups[n].fill (self);
  arietta_a11y_name_row_images (group);
  arietta_quick_layout_ease (group);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));

  if (n + 1 < G_N_ELEMENTS (groups))
    return G_SOURCE_CONTINUE;
  g_clear_object (&self->builder);
  return G_SOURCE_REMOVE;
}

static void
arietta_preferences_dispose (GObject *object)
{
  AriettaPreferences *self = ARIETTA_PREFERENCES (object);

  g_clear_object (&self->builder);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_preferences_parent_class)->dispose (object);
}

static void
arietta_preferences_class_init (AriettaPreferencesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = arietta_preferences_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, UI_RESOURCE);
  gtk_widget_class_bind_template_child (widget_class, AriettaPreferences, page);
}

static void
arietta_preferences_init (AriettaPreferences *self)
{
  g_type_ensure (ARIETTA_TYPE_SOUNDFONT_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  arietta_steps_loosen (ADW_WINDOW (self));
}

void
arietta_preferences_present (AriettaSession *session,
                             GtkWindow      *parent)
{
  AriettaPreferences *self;

  g_return_if_fail (ARIETTA_IS_SESSION (session));

  self = g_object_new (ARIETTA_TYPE_PREFERENCES, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  self->settings = g_object_ref (arietta_session_get_settings (session));
  self->builder = make_builder (self);
  arietta_steps_present (GTK_WINDOW (self));
  arietta_steps_run (self, add_group);
}
