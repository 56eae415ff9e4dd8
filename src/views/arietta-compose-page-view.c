/* How the roll is looked at: the active track, ghosts, scale, loop range, following, zooming. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "analysis/arietta-key-finder.h"
#include "music/arietta-marks.h"
#include "music/arietta-mode.h"
#include "music/arietta-note-verbs.h"

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaPlayer *
get_player (AriettaComposePage *self)
{
  return arietta_session_get_player (get_session (self));
}

static GActionMap *
get_actions (AriettaComposePage *self)
{
  return arietta_page_get_actions (ARIETTA_PAGE (self));
}

/* ---- Loop ---- */

static void
set_loop (AriettaComposePage *self,
          gint64              start,
          gint64              end)
{
  gboolean any = end > start;

  arietta_player_set_loop_range (get_player (self), start, end);
  if (any)
    g_object_set (get_player (self), "loop", TRUE, NULL);
}

static void
loop_set_cb (AriettaComposePage *self,
             gint64              start,
             gint64              end)
{
  set_loop (self, start, end);
}

/* The range of the selected notes, to whole lines of the grid; once more lets it go. */
static void
loop_selection_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  AriettaTimeAxis *axis = arietta_piano_roll_get_axis (self->roll);
  gint64 start, end, loop_start, loop_end, snapped;
  int lowest, highest;
  gboolean loop;

  if (self->composition == NULL ||
      !arietta_selection_get_extent (arietta_piano_roll_get_selection (self->roll),
                                     arietta_composition_get_piece (self->composition), &start, &end, &lowest, &highest))
    return;
  start = arietta_time_axis_snap (axis, start, TRUE);
  snapped = arietta_time_axis_snap (axis, end, FALSE);
  end = snapped >= end || arietta_time_axis_get_grid (axis) == 0 ? MAX (snapped, end)
                                                                 : snapped + arietta_time_axis_get_step (axis);

  g_object_get (self->roll, "loop", &loop, "loop-start", &loop_start, "loop-end", &loop_end, NULL);
  if (loop && start == loop_start && end == loop_end)
    g_object_set (get_player (self), "loop", FALSE, NULL);
  else
    set_loop (self, start, end);
}

static void
forget_loop_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  set_loop (self, 0, 0);
  g_object_set (get_player (self), "loop", FALSE, NULL);
}

/* ---- Scale ---- */

static guint
get_classes (AriettaComposePage *self)
{
  return self->tonic >= 0 ? arietta_mode_get_classes (self->tonic, self->mode) : 0;
}

static void
apply_scale (AriettaComposePage *self)
{
  GSettings *settings = arietta_session_get_settings (get_session (self));
  gboolean shown = g_settings_get_boolean (settings, "compose-scale");
  gboolean snap = g_settings_get_boolean (settings, "compose-scale-snap");

  g_object_set (self->roll, "tonic", MAX (self->tonic, 0), "scale", shown || snap ? get_classes (self) : 0, NULL);
  arietta_piano_roll_set_scale_snap (self->roll, snap);
}

void
arietta_compose_page_update_view (AriettaComposePage *self,
                                  gboolean            edited)
{
  gboolean chosen = FALSE;

  self->tonic = -1;
  self->mode = 0;
  if (self->shown_piece != NULL)
    {
      chosen = arietta_marks_get_scale (self->shown_piece, &self->tonic, &self->mode) && self->mode < ARIETTA_N_MODES;
      /* An edit here and there does not make it another key; looking for it takes its time. */
      if (!chosen && (!edited || self->found_tonality.tonic < 0))
        self->found_tonality = arietta_key_finder_estimate (self->shown_piece, NULL);
      if (!chosen)
        {
          self->tonic = self->found_tonality.tonic;
          self->mode = (int) self->found_tonality.scale;
        }
    }
  arietta_scale_button_set_scale (self->scale_button, self->tonic, self->mode, chosen);
  if (self->wishes != NULL)
    arietta_wish_panel_set_scale (self->wishes, self->tonic, self->mode);
  apply_scale (self);

  if (!edited)
    {
      set_loop (self, 0, 0);
      arietta_compose_page_follow_track (self);
    }
}

static void
scale_chosen_cb (AriettaComposePage *self,
                 int                 tonic,
                 int                 mode)
{
  if (self->composition != NULL)
    arietta_compose_page_step_take (self, _("Choose Scale"),
                                    arietta_marks_set_scale (arietta_composition_get_piece (self->composition), tonic, mode),
                                    NULL);
}

static AriettaPiece *
move_to_classes (AriettaPiece      *piece,
                 AriettaSelection  *notes,
                 gconstpointer      settings,
                 AriettaSelection **selected)
{
  return arietta_notes_to_scale (piece, notes, *(const guint *) settings, selected);
}

static void
to_scale_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const guint classes = get_classes (self);

  if (self->composition != NULL && self->tonic >= 0)
    arietta_compose_page_change_notes (self, _("Move to Scale"), move_to_classes, &classes, sizeof classes);
}

guint
arietta_compose_page_get_snap_classes (AriettaComposePage *self)
{
  return g_settings_get_boolean (arietta_session_get_settings (get_session (self)), "compose-scale-snap")
           ? get_classes (self) : 0;
}

/* ---- Tracks and zoom ---- */

void
arietta_compose_page_follow_track (AriettaComposePage *self)
{
  g_object_set (self->roll, "track", arietta_track_list_get_active (self->tracks), NULL);
}

static void
zoom_selection_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  gint64 start, end;
  int lowest, highest;

  if (self->shown_piece != NULL &&
      arietta_selection_get_extent (arietta_piano_roll_get_selection (self->roll), self->shown_piece, &start, &end, &lowest,
                                    &highest))
    arietta_piano_roll_zoom_to_range (self->roll, start, end, lowest, highest);
}

static void
zoom_fit_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  arietta_piano_roll_zoom_to_fit (((AriettaComposePage *) user_data)->roll);
}

static void
select_pitch_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  const AriettaNote *note = arietta_piano_roll_get_cursor (self->roll);

  if (note != NULL)
    arietta_piano_roll_select_pitch (self->roll, note->pitch, FALSE);
  else
    gtk_widget_error_bell (GTK_WIDGET (self->roll));
}

static const GActionEntry actions[] = {
  { .name = "loop-selection", .activate = loop_selection_cb },
  { .name = "forget-loop", .activate = forget_loop_cb },
  { .name = "to-scale", .activate = to_scale_cb },
  { .name = "zoom-selection", .activate = zoom_selection_cb },
  { .name = "zoom-fit", .activate = zoom_fit_cb },
  { .name = "select-pitch", .activate = select_pitch_cb },
};

void
arietta_compose_page_init_view (AriettaComposePage *self)
{
  static const char * const keys[] = { "compose-follow", "compose-ghosts", "compose-scale", "compose-scale-snap" };
  GSettings *settings = arietta_session_get_settings (get_session (self));

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GAction) action = g_settings_create_action (settings, keys[i]);

      g_action_map_add_action (get_actions (self), action);
    }
  g_settings_bind (settings, "compose-follow", self->roll, "follow", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, "compose-ghosts", self->roll, "ghosts", G_SETTINGS_BIND_GET);
  g_signal_connect_object (settings, "changed::compose-scale", G_CALLBACK (apply_scale), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::compose-scale-snap", G_CALLBACK (apply_scale), self, G_CONNECT_SWAPPED);
  g_object_bind_property (get_player (self), "loop", self->roll, "loop", G_BINDING_SYNC_CREATE);
  g_object_bind_property (get_player (self), "loop-start", self->roll, "loop-start", G_BINDING_SYNC_CREATE);
  g_object_bind_property (get_player (self), "loop-end", self->roll, "loop-end", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->tracks, "notify::active", G_CALLBACK (arietta_compose_page_follow_track), self,
                           G_CONNECT_SWAPPED);
}

void
arietta_compose_page_class_bind_view (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AriettaComposePage, scale_button);
  gtk_widget_class_bind_template_callback (widget_class, loop_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, scale_chosen_cb);
  g_type_ensure (ARIETTA_TYPE_SCALE_BUTTON);
}
