/* Playing it in: from a keyboard onto the selected track, one step however long it takes. */
#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-compose-page-private.h"

#include <glib/gi18n.h>

#include "audio/arietta-recorder.h"
#include "music/arietta-map-verbs.h"
#include "music/arietta-note-verbs.h"
#include "music/arietta-track-verbs.h"
#include "views/arietta-error-presenter.h"

#define DEFAULT_VOLUME 100
#define MIDDLE 64
/* What is played appears as it is played, unless showing it would take longer than a frame. */
#define MOST_NOTES_SHOWN 20000

static AriettaSession *
get_session (AriettaComposePage *self)
{
  return arietta_page_get_session (ARIETTA_PAGE (self));
}

static AriettaRecorder *
get_recorder (AriettaComposePage *self)
{
  return arietta_session_get_recorder (get_session (self));
}

static AriettaPlayer *
get_player (AriettaComposePage *self)
{
  return arietta_session_get_player (get_session (self));
}

static AriettaRecordingSettings
get_settings (AriettaComposePage *self)
{
  GSettings *settings = arietta_session_get_settings (get_session (self));
  g_autofree char *mode = g_settings_get_string (settings, "record-mode");
  AriettaRecordingSettings recording = { .replace = g_str_equal (mode, "replace") };

  if (g_settings_get_boolean (settings, "record-quantise"))
    recording.grid_ticks = arietta_compose_page_get_grid (self);
  arietta_recorder_get_span (get_recorder (self), &recording.start_ticks, &recording.end_ticks);
  return recording;
}

static AriettaPiece *
apply (AriettaComposePage  *self,
       AriettaSelection   **selected)
{
  AriettaRecordingSettings settings = get_settings (self);

  return arietta_recording_apply (arietta_recorder_get_recording (get_recorder (self)),
                                  arietta_composition_get_piece (self->composition), self->record_track, &settings,
                                  selected);
}

static void
set_state (AriettaComposePage *self,
           gboolean            recording)
{
  GAction *action = g_action_map_lookup_action (arietta_page_get_actions (ARIETTA_PAGE (self)), "record");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (recording));
}

/* What is being replaced is silent already: from here on the track has only what is played now. */
static void
silence_replaced (AriettaComposePage *self,
                  gint64              start_ticks)
{
  AriettaPiece *piece = arietta_composition_get_piece (self->composition);
  g_autoptr(AriettaSelection) notes =
    arietta_selection_new_in_box (piece, (int) self->record_track, start_ticks, G_MAXINT64, 0, 127);
  g_autoptr(AriettaPiece) without = arietta_notes_remove (piece, notes);

  arietta_player_set_piece (get_player (self), without);
}

static void
changed_cb (AriettaComposePage *self)
{
  g_autoptr(AriettaPiece) shown = NULL;

  if (!self->recording || arietta_piece_get_n_notes (arietta_composition_get_piece (self->composition)) > MOST_NOTES_SHOWN)
    return;
  shown = apply (self, NULL);
  g_object_set (self->roll, "piece", shown, NULL);
}

/* Each pass of a loop hears the ones before. */
static void
wrapped_cb (AriettaComposePage *self)
{
  g_autoptr(AriettaPiece) heard = NULL;

  if (!self->recording)
    return;
  heard = apply (self, NULL);
  arietta_player_set_piece (get_player (self), heard);
}

static void
finished_cb (AriettaComposePage *self)
{
  AriettaSelection *selected = NULL;
  AriettaPlayer *player = get_player (self);
  AriettaPiece *after;
  gint64 start, end;

  if (!self->recording)
    return;
  self->recording = FALSE;
  set_state (self, FALSE);

  after = apply (self, &selected);
  arietta_piano_roll_set_editable (self->roll, TRUE);
  /* The roll and the player may show and play what was only on its way. */
  g_object_set (self->roll, "piece", arietta_composition_get_piece (self->composition), NULL);
  arietta_compose_page_step_take (self, _("Record"), after, selected);
  arietta_player_set_piece (player, arietta_composition_get_piece (self->composition));
  arietta_player_set_endless (player, FALSE);

  arietta_recorder_get_span (get_recorder (self), &start, &end);
  if (!arietta_player_is_playing (player))
    arietta_player_seek (player, start);
}

/* Nothing is open: what is played becomes a piece of its own. */
static void
open_new_piece (AriettaComposePage *self)
{
  g_autoptr(AriettaPiece) piece = arietta_piece_new (ARIETTA_TICKS_PER_QUARTER);

  arietta_piece_add_track (piece, _("Piano"));
  arietta_tracks_keep_voice (piece, 0);
  arietta_piece_set_title (piece, _("Played In"));
  arietta_piece_freeze (piece);
  arietta_session_play_piece (get_session (self), piece, NULL, FALSE);
}

static void
start (AriettaComposePage *self)
{
  GSettings *settings = arietta_session_get_settings (get_session (self));
  g_auto(GStrv) devices = arietta_midi_input_dup_devices (arietta_recorder_get_input (get_recorder (self)));
  gboolean playing = arietta_player_is_playing (get_player (self));
  int active;
  gint64 begin, end;

  arietta_compose_page_close_offers (self);
  if (self->composition == NULL)
    open_new_piece (self);
  if (self->composition == NULL)
    return;
  if (devices == NULL || devices[0] == NULL)
    arietta_toast (GTK_WIDGET (self), _("No MIDI keyboard is connected. It is heard as soon as it is plugged in."));

  active = arietta_track_list_get_active (self->tracks);
  self->record_track = active >= 0 ? (guint) active : 0;
  if (!arietta_recorder_start (get_recorder (self), playing ? 0 : (guint) g_settings_get_int (settings, "record-count-in")))
    return;

  self->recording = TRUE;
  set_state (self, TRUE);
  arietta_piano_roll_set_editable (self->roll, FALSE);
  arietta_recorder_get_span (get_recorder (self), &begin, &end);
  if (get_settings (self).replace)
    silence_replaced (self, begin);
}

static void
record_cb (GSimpleAction *action,
           GVariant      *value,
           gpointer       user_data)
{
  AriettaComposePage *self = user_data;

  if (g_variant_get_boolean (value) && !self->recording)
    start (self);
  else if (!g_variant_get_boolean (value))
    arietta_recorder_stop (get_recorder (self));
}

/* The tempo in force at the play head, as it was tapped. */
static void
tempo_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  AriettaComposePage *self = user_data;
  double tempo = CLAMP (g_variant_get_double (parameter), ARIETTA_TEMPO_LEAST, ARIETTA_TEMPO_MOST);
  AriettaPiece *piece;
  const AriettaTempo *tempos;
  gint64 now, tick = 0;
  guint n;

  if (self->composition == NULL || self->recording)
    return;
  piece = arietta_composition_get_piece (self->composition);
  now = arietta_player_get_position (get_player (self));
  tempos = arietta_piece_get_tempos (piece, &n);
  for (guint i = 0; i < n && tempos[i].tick <= now; i++)
    tick = tempos[i].tick;
  arietta_compose_page_step_take (self, _("Change Tempo"), arietta_maps_set_tempo (piece, tick, tick, tempo), NULL);
}

static const GActionEntry actions[] = {
  { .name = "record", .state = "false", .change_state = record_cb },
  { .name = "tempo", .activate = tempo_cb, .parameter_type = "d" },
};

void
arietta_compose_page_init_record (AriettaComposePage *self)
{
  static const char * const keys[] = { "record-count-in", "record-mode", "record-quantise" };
  AriettaRecorder *recorder = get_recorder (self);

  arietta_page_add_actions (ARIETTA_PAGE (self), actions, G_N_ELEMENTS (actions));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GAction) action = g_settings_create_action (arietta_session_get_settings (get_session (self)), keys[i]);

      g_action_map_add_action (arietta_page_get_actions (ARIETTA_PAGE (self)), action);
    }
  g_signal_connect_object (recorder, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (recorder, "wrapped", G_CALLBACK (wrapped_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (recorder, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tracks, "notify::active", G_CALLBACK (arietta_compose_page_update_voice), self,
                           G_CONNECT_SWAPPED);
}

void
arietta_compose_page_update_voice (AriettaComposePage *self)
{
  int active = arietta_track_list_get_active (self->tracks);
  AriettaPiece *piece = self->shown_piece;
  AriettaTrack *track;

  if (piece == NULL || active < 0 || (guint) active >= arietta_piece_get_n_tracks (piece))
    return;
  track = arietta_piece_get_track (piece, (guint) active);
  arietta_player_set_live_voice (get_player (self), arietta_track_get_program (track),
                                 arietta_track_is_percussion (track),
                                 arietta_tracks_get_control (piece, (guint) active, ARIETTA_CONTROL_VOLUME,
                                                             DEFAULT_VOLUME),
                                 arietta_tracks_get_control (piece, (guint) active, ARIETTA_CONTROL_PAN, MIDDLE));
}
