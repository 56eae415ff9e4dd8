/* What the window itself can be told: pages, the page's own verb, the transport; and its keys. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-window-private.h"

#include "views/arietta-pieces-dialog.h"

static void
page_action_cb (GSimpleAction *action,
                GVariant      *value,
                gpointer       user_data)
{
  arietta_window_show_page (user_data, g_variant_get_string (value, NULL));
}

static void
verb_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaPage *page = arietta_window_get_visible_page (user_data);

  if (page != NULL && ARIETTA_PAGE_GET_CLASS (page)->verb_action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), ARIETTA_PAGE_GET_CLASS (page)->verb_action,
                                NULL);
}

static void
pieces_action_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_pieces_dialog_present (self, self->session);
}

static void
play_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_session_toggle (self->session);
}

static void
back_action_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaWindow *self = user_data;
  AriettaPlayer *player = arietta_session_get_player (self->session);

  if (arietta_session_get_piece (self->session) != NULL)
    arietta_player_seek (player, 0);
  else
    arietta_player_seek_ns (player, 0);
}

static void
tap_action_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  AriettaWindow *self = user_data;

  arietta_transport_tap (self->transport);
}

static const GActionEntry actions[] = {
  { .name = "page", .parameter_type = "s", .state = "''", .change_state = page_action_cb },
  { .name = "verb", .activate = verb_action_cb },
  { .name = "pieces", .activate = pieces_action_cb },
  { .name = "play", .activate = play_action_cb },
  { .name = "back", .activate = back_action_cb },
  { .name = "tap", .activate = tap_action_cb },
};

static gboolean
is_written_into (GtkWidget *focus)
{
  return focus != NULL && (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)
                           || gtk_widget_get_ancestor (focus, GTK_TYPE_EDITABLE) != NULL
                           || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER_MENU) != NULL);
}

static gboolean
is_for_transport (GtkWidget       *focus,
                  GdkModifierType  modifiers)
{
  return (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) == 0 && !is_written_into (focus);
}

/* Before any widget sees the key: a focused button would take it for a click. */
static gboolean
key_pressed_cb (AriettaWindow   *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  modifiers)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if ((keyval == GDK_KEY_T || keyval == GDK_KEY_R || keyval == GDK_KEY_r) && is_for_transport (focus, modifiers))
    {
      if (keyval == GDK_KEY_T)
        arietta_transport_tap (self->transport);
      else if ((modifiers & GDK_SHIFT_MASK) != 0 || !gtk_widget_activate_action (GTK_WIDGET (self), "page.record", NULL))
        return GDK_EVENT_PROPAGATE;
      return GDK_EVENT_STOP;
    }
  if (keyval != GDK_KEY_space && keyval != GDK_KEY_KP_Space)
    return GDK_EVENT_PROPAGATE;
  if ((modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (is_written_into (focus))
    return GDK_EVENT_PROPAGATE;

  arietta_session_toggle (self->session);
  return GDK_EVENT_STOP;
}

static void
add_player_action (AriettaWindow *self,
                   const char    *property)
{
  g_autoptr(GPropertyAction) action =
    g_property_action_new (property, arietta_session_get_player (self->session), property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
arietta_window_init_verbs (AriettaWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

void
arietta_window_init_player_verbs (AriettaWindow *self)
{
  add_player_action (self, "loop");
  add_player_action (self, "metronome");
}

void
arietta_window_class_bind_verbs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}
