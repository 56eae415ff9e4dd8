/* Which lanes are there, and what steps aside for suggestions and the mixer where there is little room. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#define SHOWN_KEY "compose-lanes"

/* What the setting calls them, and their actions with "lane-" before it. */
static const struct
{
  const char *name;
  gsize       widget;   /* of the page */
} lanes[] = {
  { "markers", G_STRUCT_OFFSET (AriettaComposePage, marker_lane) },
  { "chords", G_STRUCT_OFFSET (AriettaComposePage, chord_lane) },
  { "metres", G_STRUCT_OFFSET (AriettaComposePage, meter_lane) },
  { "tempos", G_STRUCT_OFFSET (AriettaComposePage, tempo_lane) },
  { "velocities", G_STRUCT_OFFSET (AriettaComposePage, velocity_lane) },
};

static GSettings *
get_settings (AriettaComposePage *self)
{
  return arietta_session_get_settings (arietta_page_get_session (ARIETTA_PAGE (self)));
}

static GtkWidget *
get_lane (AriettaComposePage *self,
          guint               lane)
{
  return G_STRUCT_MEMBER (GtkWidget *, self, lanes[lane].widget);
}

static GSimpleAction *
get_action (AriettaComposePage *self,
            guint               lane)
{
  g_autofree char *name = g_strdup_printf ("lane-%s", lanes[lane].name);

  return G_SIMPLE_ACTION (g_action_map_lookup_action (arietta_page_get_actions (ARIETTA_PAGE (self)), name));
}

static gboolean
is_wanted (AriettaComposePage *self,
           guint               lane)
{
  g_autoptr(GVariant) state = g_action_get_state (G_ACTION (get_action (self, lane)));

  return g_variant_get_boolean (state);
}

/* What is to be decided, or mixed, comes before what is not looked at meanwhile; chords are. */
void
arietta_compose_page_make_room (AriettaComposePage *self)
{
  gboolean compact = arietta_page_get_compact (ARIETTA_PAGE (self));
  gboolean decided = compact && arietta_offer_bar_is_open (self->offer_bar);
  gboolean aside = decided || (compact && gtk_revealer_get_reveal_child (GTK_REVEALER (self->mixer_revealer)));

  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    gtk_widget_set_visible (get_lane (self, i),
                            is_wanted (self, i) && (!aside || get_lane (self, i) == GTK_WIDGET (self->chord_lane)));
  gtk_widget_set_visible (self->mixer_revealer, !decided);
  gtk_widget_set_visible (GTK_WIDGET (self->strip), !aside);
}

static void
shown_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) shown = NULL;

  g_simple_action_set_state (action, value);
  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    if (is_wanted (self, i))
      g_strv_builder_add (builder, lanes[i].name);
  shown = g_strv_builder_end (builder);
  g_settings_set_strv (get_settings (self), SHOWN_KEY, (const char * const *) shown);
  arietta_compose_page_make_room (self);
  arietta_compose_page_update_lanes (self);
}

static const GActionEntry actions[] = {
  { .name = "lane-markers", .state = "false", .change_state = shown_cb },
  { .name = "lane-chords", .state = "false", .change_state = shown_cb },
  { .name = "lane-metres", .state = "false", .change_state = shown_cb },
  { .name = "lane-tempos", .state = "false", .change_state = shown_cb },
  { .name = "lane-velocities", .state = "false", .change_state = shown_cb },
};

void
arietta_compose_page_init_lanes_shown (AriettaComposePage *self)
{
  AriettaTimeAxis *axis = arietta_piano_roll_get_axis (self->roll);
  g_auto(GStrv) shown = g_settings_get_strv (get_settings (self), SHOWN_KEY);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    {
      gboolean wanted = g_strv_contains ((const char * const *) shown, lanes[i].name);

      arietta_lane_set_axis (ARIETTA_LANE (get_lane (self, i)), axis);
      g_simple_action_set_state (get_action (self, i), g_variant_new_boolean (wanted));
    }
  arietta_compose_page_make_room (self);
}
