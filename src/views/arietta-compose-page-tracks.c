/* What can be done with the tracks of the open composition. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "drawing/arietta-palette.h"
#include "music/arietta-marks.h"
#include "music/arietta-track-verbs.h"

static AriettaPiece *
get_piece (AriettaComposePage *self)
{
  return arietta_composition_get_piece (self->composition);
}

/* An action may come late, for a track that is gone. */
static gboolean
has_track (AriettaComposePage *self,
           guint               track)
{
  return self->composition != NULL && track < arietta_piece_get_n_tracks (get_piece (self));
}

static void
program_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  guint track, program;

  g_variant_get (parameter, "(uu)", &track, &program);
  if (has_track (self, track) && program < 128)
    arietta_compose_page_step_take (self, _("Change Instrument"),
                                    arietta_tracks_set_program (get_piece (self), track, (int) program), NULL);
}

static void
control_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  guint track, controller, value;

  g_variant_get (parameter, "(uuu)", &track, &controller, &value);
  if (has_track (self, track) && controller < 120)
    arietta_compose_page_step_take (self, controller == ARIETTA_CONTROL_PAN      ? _("Change Pan")
                                          : controller == ARIETTA_CONTROL_REVERB ? _("Change Reverb")
                                          : controller == ARIETTA_CONTROL_CHORUS ? _("Change Chorus")
                                                                                 : _("Change Volume"),
                                    arietta_tracks_set_control (get_piece (self), track, (int) controller,
                                                                (int) value), NULL);
}

static void
hue_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  guint track, hue;

  g_variant_get (parameter, "(uu)", &track, &hue);
  if (has_track (self, track) && hue < ARIETTA_PALETTE_SIZE)
    arietta_compose_page_step_take (self, _("Change Colour"),
                                    arietta_marks_set_hue (get_piece (self), track, (int) hue), NULL);
}

static void
rename_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  guint track;
  const char *name;

  g_variant_get (parameter, "(u&s)", &track, &name);
  if (has_track (self, track))
    arietta_compose_page_step_take (self, _("Rename Track"), arietta_tracks_rename (get_piece (self), track, name),
                                    NULL);
}

static void
remove_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  guint track = g_variant_get_uint32 (parameter);

  if (has_track (self, track))
    arietta_compose_page_step_take (self, _("Delete Track"), arietta_tracks_remove (get_piece (self), track), NULL);
}

static void
add_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  gboolean percussion = g_variant_get_boolean (parameter);

  if (self->composition != NULL)
    arietta_compose_page_step_take (self, _("Add Track"),
                                    arietta_tracks_add (get_piece (self), percussion ? _("Drums") : "", 0, percussion),
                                    NULL);
}

static void
shown_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  g_simple_action_set_state (action, value);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->tracks_revealer), g_variant_get_boolean (value));
}

static void
mixer_cb (GSimpleAction *action,
          GVariant      *value,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  g_simple_action_set_state (action, value);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->mixer_revealer), g_variant_get_boolean (value));
  arietta_compose_page_make_room (self);
}

static const GActionEntry actions[] = {
  { .name = "track-program", .activate = program_cb, .parameter_type = "(uu)" },
  { .name = "track-control", .activate = control_cb, .parameter_type = "(uuu)" },
  { .name = "track-hue", .activate = hue_cb, .parameter_type = "(uu)" },
  { .name = "track-rename", .activate = rename_cb, .parameter_type = "(us)" },
  { .name = "track-remove", .activate = remove_cb, .parameter_type = "u" },
  { .name = "track-add", .activate = add_cb, .parameter_type = "b" },
  { .name = "tracks", .state = "false", .change_state = shown_cb },
  { .name = "mixer", .state = "false", .change_state = mixer_cb },
};

void
arietta_compose_page_init_tracks (AriettaComposePage *self)
{
  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  arietta_track_list_set_session (self->tracks, arietta_page_get_session (ARIETTA_PAGE (self)));
  arietta_mixer_set_session (self->mixer, arietta_page_get_session (ARIETTA_PAGE (self)));
  arietta_compose_page_update_tracks (self);
}

void
arietta_compose_page_update_tracks (AriettaComposePage *self)
{
  guint n_tracks = self->shown_piece != NULL
                     ? arietta_tracks_count_playing (self->shown_piece, arietta_piece_get_n_tracks (self->shown_piece)) : 0;
  GAction *action = g_action_map_lookup_action (arietta_page_get_actions (ARIETTA_PAGE (self)), "tracks");

  if (action == NULL)
    return;
  arietta_track_list_set_piece (self->tracks, self->shown_piece);
  arietta_mixer_set_piece (self->mixer, self->shown_piece);
  arietta_compose_page_update_voice (self);
  /* A band wants its list, a melody its room. */
  if (n_tracks > 1 && self->n_tracks_seen <= 1 && !arietta_page_get_compact (ARIETTA_PAGE (self)))
    g_action_change_state (action, g_variant_new_boolean (TRUE));
  else if (arietta_page_get_compact (ARIETTA_PAGE (self)))
    g_action_change_state (action, g_variant_new_boolean (FALSE));
  self->n_tracks_seen = n_tracks;
}
