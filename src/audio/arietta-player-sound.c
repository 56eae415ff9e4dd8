/* A sound file on the stand, in place of a piece. */
#define G_LOG_DOMAIN "arietta-audio"

#include "audio/arietta-player-private.h"

#define TICK_MS 33

static gboolean
sound_tick_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  arietta_player_change_level (self, arietta_sound_deck_take_level (self->sound));
  arietta_player_notify_position (self);

  return G_SOURCE_CONTINUE;
}

static void
stop_tick (AriettaPlayer *self)
{
  g_clear_handle_id (&self->sound_tick_id, g_source_remove);
  arietta_player_change_level (self, 0);
}

static void
sound_opened_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  arietta_player_change_silent (self, arietta_sound_deck_is_silent (self->sound));
  g_object_notify (G_OBJECT (self), "duration-ns");
  arietta_player_notify_position (self);
}

static void
sound_ended_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  if (self->loop)
    {
      arietta_sound_deck_play (self->sound);
      return;
    }

  g_object_ref (self);
  stop_tick (self);
  arietta_player_notify_position (self);
  arietta_player_change_playing (self, FALSE);
  arietta_player_emit_ended (self);
  g_object_unref (self);
}

static void
sound_failed_cb (const GError *error,
                 gpointer      user_data)
{
  AriettaPlayer *self = user_data;

  stop_tick (self);
  arietta_player_change_playing (self, FALSE);
  arietta_player_emit_failed (self, error);
}

static const AriettaSoundDeckEvents sound_events = {
  sound_opened_cb, sound_ended_cb, sound_failed_cb,
};

void
arietta_player_start_sound (AriettaPlayer *self)
{
  arietta_sound_deck_play (self->sound);
  if (self->sound_tick_id == 0)
    self->sound_tick_id = g_timeout_add (TICK_MS, sound_tick_cb, self);
}

void
arietta_player_stop_sound (AriettaPlayer *self)
{
  arietta_sound_deck_stop (self->sound);
  stop_tick (self);
}

void
arietta_player_drop_sound (AriettaPlayer *self)
{
  if (self->sound == NULL)
    return;

  stop_tick (self);
  g_clear_pointer (&self->sound, arietta_sound_deck_free);
  g_clear_pointer (&self->sound_file, g_free);
  arietta_player_change_playing (self, FALSE);
  g_object_notify (G_OBJECT (self), "sound-file");
}

void
arietta_player_set_sound_file (AriettaPlayer *self,
                               const char    *path)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_player_stop (self);
  arietta_player_drop_sound (self);
  if (path == NULL)
    return;

  self->sound = arietta_sound_deck_new (path, &sound_events, self, &error);
  if (self->sound == NULL)
    {
      arietta_player_change_playing (self, FALSE);
      arietta_player_emit_failed (self, error);
      return;
    }

  self->sound_file = g_strdup (path);
  arietta_sound_deck_set_volume (self->sound, self->volume);
  g_object_notify (G_OBJECT (self), "sound-file");
  g_object_notify (G_OBJECT (self), "duration-ns");
  arietta_player_notify_position (self);
}
