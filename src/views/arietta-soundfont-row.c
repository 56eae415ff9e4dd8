#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-soundfont-row.h"

#include <glib/gi18n.h>

#include "audio/arietta-soundfont.h"
#include "base/arietta-file-name.h"
#include "views/arietta-load.h"
#include "widgets/arietta-quick-layout.h"

struct _AriettaSoundfontRow
{
  AdwExpanderRow  parent_instance;

  AriettaSession *session;
  GSettings      *settings;
  GStrv           paths;      /* beside the rows; the first is "": whatever the system has */
  GPtrArray      *rows;       /* GtkWidget, borrowed */
  GPtrArray      *checks;     /* GtkCheckButton, borrowed */
  GPtrArray      *buttons;    /* GtkButton, borrowed */
  AriettaPlayer  *player;     /* for listening; made when first wanted */
  guint           heard;      /* the row whose font sounds, while the player plays */
  gboolean        filling;
};

G_DEFINE_FINAL_TYPE (AriettaSoundfontRow, arietta_soundfont_row, ADW_TYPE_EXPANDER_ROW)

static void
show_playing (AriettaSoundfontRow *self)
{
  gboolean playing = self->player != NULL && arietta_player_is_playing (self->player);

  for (guint i = 0; i < self->buttons->len; i++)
    {
      GtkWidget *button = g_ptr_array_index (self->buttons, i);
      const char *title = adw_preferences_row_get_title (g_ptr_array_index (self->rows, i));
      gboolean heard = playing && i == self->heard;
      g_autofree char *label = heard ? g_strdup (_("Stop")) : g_strdup_printf (_("Listen to %s"), title);

      gtk_button_set_icon_name (GTK_BUTTON (button),
                                heard ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
      gtk_widget_set_tooltip_text (button, heard ? _("Stop") : _("Listen"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
}

static void
listen_cb (AriettaSoundfontRow *self,
           GtkButton           *button)
{
  g_autoptr(AriettaPiece) phrase = NULL;
  g_autoptr(GError) error = NULL;
  guint nth;

  if (!g_ptr_array_find (self->buttons, button, &nth))
    return;
  if (self->player != NULL && arietta_player_is_playing (self->player))
    {
      arietta_player_stop (self->player);
      if (nth == self->heard)
        return;
    }

  if (self->player == NULL)
    {
      self->player = arietta_player_new ();
      g_object_bind_property (arietta_session_get_player (self->session), "volume", self->player, "volume",
                              G_BINDING_SYNC_CREATE);
      g_signal_connect_object (self->player, "notify::playing", G_CALLBACK (show_playing), self, G_CONNECT_SWAPPED);
      phrase = arietta_soundfont_make_phrase ();
      arietta_player_set_piece (self->player, phrase);
    }
  arietta_player_stop (arietta_session_get_player (self->session));
  if (!arietta_player_set_soundfont (self->player, self->paths[nth][0] != '\0' ? self->paths[nth] : NULL, &error))
    {
      gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
      adw_action_row_set_subtitle (g_ptr_array_index (self->rows, nth), error->message);
      return;
    }
  self->heard = nth;
  arietta_player_seek (self->player, 0);
  arietta_player_play (self->player);
}

static void
chosen_cb (AriettaSoundfontRow *self,
           GtkCheckButton      *check)
{
  guint nth;

  if (!self->filling && gtk_check_button_get_active (check) && g_ptr_array_find (self->checks, check, &nth))
    g_settings_set_string (self->settings, "soundfont", self->paths[nth]);
}

static void
add_font (AriettaSoundfontRow *self,
          const char          *title,
          gboolean             chosen)
{
  GtkWidget *row = adw_action_row_new (), *check = gtk_check_button_new (), *button = gtk_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (self->checks->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), g_ptr_array_index (self->checks, 0));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (listen_cb), self);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->checks, check);
  g_ptr_array_add (self->buttons, button);
  arietta_quick_layout_ease (row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  if (chosen)
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), title);
}

static gpointer
list_soundfonts (gpointer   data,
                 GError   **error)
{
  return arietta_soundfont_list ();
}

static void
listed_cb (gpointer      owner,
           gpointer      result,
           const GError *error)
{
  AriettaSoundfontRow *self = owner;
  g_auto(GStrv) found = result;
  g_autofree char *chosen = g_settings_get_string (self->settings, "soundfont");
  g_autofree char *first = found != NULL && found[0] != NULL ? arietta_file_name_dup_title (found[0]) : NULL;
  g_autofree char *automatic = first != NULL ? g_strdup_printf (_("Automatic (%s)"), first) : g_strdup (_("None was found"));
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new ();
  gboolean seen = chosen[0] == '\0';

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->checks, 0);
  g_ptr_array_set_size (self->buttons, 0);

  self->filling = TRUE;
  g_strv_builder_add (paths, "");
  add_font (self, automatic, seen);
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    {
      g_autofree char *title = arietta_file_name_dup_title (found[i]);

      g_strv_builder_add (paths, found[i]);
      add_font (self, title, g_str_equal (found[i], chosen));
      seen |= g_str_equal (found[i], chosen);
    }
  if (!seen)
    {
      g_autofree char *title = arietta_file_name_dup_title (chosen);

      g_strv_builder_add (paths, chosen);
      add_font (self, title, TRUE);
    }
  g_strfreev (self->paths);
  self->paths = g_strv_builder_end (paths);
  self->filling = FALSE;
  show_playing (self);
}

static void
fill (AriettaSoundfontRow *self)
{
  arietta_load_async (self, NULL, list_soundfonts, NULL, NULL, (GDestroyNotify) g_strfreev, listed_cb);
}

static void
arietta_soundfont_row_dispose (GObject *object)
{
  AriettaSoundfontRow *self = ARIETTA_SOUNDFONT_ROW (object);

  if (self->player != NULL)
    arietta_player_stop (self->player);
  g_clear_object (&self->player);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_soundfont_row_parent_class)->dispose (object);
}

static void
arietta_soundfont_row_finalize (GObject *object)
{
  AriettaSoundfontRow *self = ARIETTA_SOUNDFONT_ROW (object);

  g_strfreev (self->paths);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->checks);
  g_ptr_array_unref (self->buttons);

  G_OBJECT_CLASS (arietta_soundfont_row_parent_class)->finalize (object);
}

static void
arietta_soundfont_row_class_init (AriettaSoundfontRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = arietta_soundfont_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = arietta_soundfont_row_finalize;
}

static void
arietta_soundfont_row_init (AriettaSoundfontRow *self)
{
  self->rows = g_ptr_array_new ();
  self->checks = g_ptr_array_new ();
  self->buttons = g_ptr_array_new ();
}

void
arietta_soundfont_row_set_session (AriettaSoundfontRow *self,
                                   AriettaSession      *session)
{
  g_return_if_fail (ARIETTA_IS_SOUNDFONT_ROW (self) && self->session == NULL);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (arietta_session_get_settings (session));
  g_signal_connect_object (self->settings, "changed::soundfont", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}
