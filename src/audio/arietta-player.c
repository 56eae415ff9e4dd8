#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-player-private.h"

#include "audio/arietta-audio-sink.h"

enum
{
  PROP_0,
  PROP_PLAYING,
  PROP_SILENT,
  PROP_LOOP,
  PROP_LOOP_START,
  PROP_LOOP_END,
  PROP_TEMPO_SCALE,
  PROP_VOLUME,
  PROP_METRONOME,
  PROP_POSITION_TICKS,
  PROP_POSITION_NS,
  PROP_PIECE,
  PROP_SOUND_FILE,
  PROP_DURATION_NS,
  PROP_LEVEL,
  PROP_LATENCY,
  PROP_COUNT,
  N_PROPS
};

enum
{
  SIGNAL_ENDED,
  SIGNAL_FAILED,
  SIGNAL_MIX_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AriettaPlayer, arietta_player, G_TYPE_OBJECT)

static void
notify (AriettaPlayer *self,
        guint          property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
arietta_player_notify_position (AriettaPlayer *self)
{
  notify (self, PROP_POSITION_TICKS);
  notify (self, PROP_POSITION_NS);
  notify (self, PROP_COUNT);
}

void
arietta_player_change_playing (AriettaPlayer *self,
                               gboolean       playing)
{
  if (self->playing == playing)
    return;

  self->playing = playing;
  g_debug ("%s", playing ? "Playing" : "Stopped");
  notify (self, PROP_PLAYING);
}

void
arietta_player_change_level (AriettaPlayer *self,
                             double         level)
{
  if (self->level == level)
    return;

  self->level = level;
  notify (self, PROP_LEVEL);
}

void
arietta_player_change_silent (AriettaPlayer *self,
                              gboolean       silent)
{
  if (self->silent == silent)
    return;

  self->silent = silent;
  notify (self, PROP_SILENT);
}

static gint64
get_position_ns (AriettaPlayer *self)
{
  if (self->sound != NULL)
    return arietta_sound_deck_get_position (self->sound);

  return (gint64) (arietta_synth_deck_get_seconds (self->synth) * 1e9);
}

static gint64
get_duration_ns (AriettaPlayer *self)
{
  if (self->sound != NULL)
    return arietta_sound_deck_get_duration (self->sound);

  return self->piece != NULL ? (gint64) (arietta_piece_get_duration_seconds (self->piece) * 1e9) : 0;
}

void
arietta_player_emit_mix_changed (AriettaPlayer *self)
{
  g_signal_emit (self, signals[SIGNAL_MIX_CHANGED], 0);
}

void
arietta_player_emit_ended (AriettaPlayer *self)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

void
arietta_player_emit_failed (AriettaPlayer *self,
                            const GError  *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
synth_ready_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  arietta_player_change_silent (self, arietta_synth_deck_is_silent (self->synth));
}

static void
synth_tick_cb (gboolean ended,
               gpointer user_data)
{
  AriettaPlayer *self = user_data;
  double level = arietta_synth_deck_take_level (self->synth);

  if (self->sound != NULL)
    return;

  g_object_ref (self);
  arietta_player_change_level (self, level);
  if (self->playing)
    arietta_player_notify_position (self);
  if (ended)
    {
      arietta_player_change_playing (self, FALSE);
      arietta_player_emit_ended (self);
    }
  g_object_unref (self);
}

static void
synth_failed_cb (const GError *error,
                 gpointer      user_data)
{
  AriettaPlayer *self = user_data;

  if (self->sound == NULL)
    arietta_player_change_playing (self, FALSE);
  arietta_player_emit_failed (self, error);
}

static const AriettaSynthDeckEvents synth_events = {
  synth_ready_cb, synth_tick_cb, synth_failed_cb,
};

static void
arietta_player_dispose (GObject *object)
{
  AriettaPlayer *self = ARIETTA_PLAYER (object);

  g_clear_handle_id (&self->sound_tick_id, g_source_remove);
  g_clear_pointer (&self->sound, arietta_sound_deck_free);
  g_clear_pointer (&self->synth, arietta_synth_deck_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_pointer (&self->sound_file, g_free);
  g_clear_pointer (&self->muted, g_hash_table_unref);
  g_clear_pointer (&self->soloed, g_hash_table_unref);

  G_OBJECT_CLASS (arietta_player_parent_class)->dispose (object);
}

static void
arietta_player_get_property (GObject    *object,
                             guint       property,
                             GValue     *value,
                             GParamSpec *pspec)
{
  AriettaPlayer *self = ARIETTA_PLAYER (object);

  switch (property)
    {
    case PROP_PLAYING:
      g_value_set_boolean (value, self->playing);
      break;

    case PROP_SILENT:
      g_value_set_boolean (value, self->silent);
      break;

    case PROP_LOOP:
      g_value_set_boolean (value, self->loop);
      break;

    case PROP_LOOP_START:
      g_value_set_int64 (value, self->loop_start_ticks);
      break;

    case PROP_LOOP_END:
      g_value_set_int64 (value, self->loop_end_ticks);
      break;

    case PROP_TEMPO_SCALE:
      g_value_set_double (value, self->tempo_scale);
      break;

    case PROP_VOLUME:
      g_value_set_double (value, self->volume);
      break;

    case PROP_METRONOME:
      g_value_set_boolean (value, self->metronome);
      break;

    case PROP_POSITION_TICKS:
      g_value_set_int64 (value, arietta_player_get_position (self));
      break;

    case PROP_POSITION_NS:
      g_value_set_int64 (value, get_position_ns (self));
      break;

    case PROP_PIECE:
      g_value_set_boxed (value, self->piece);
      break;

    case PROP_SOUND_FILE:
      g_value_set_string (value, self->sound_file);
      break;

    case PROP_DURATION_NS:
      g_value_set_int64 (value, get_duration_ns (self));
      break;

    case PROP_LEVEL:
      g_value_set_double (value, self->level);
      break;

    case PROP_LATENCY:
      g_value_set_uint (value, self->latency_ms);
      break;

    case PROP_COUNT:
      g_value_set_uint (value, self->sound == NULL ? arietta_synth_deck_get_count (self->synth) : 0);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static gboolean
change_flag (gboolean     *field,
             const GValue *value)
{
  gboolean changed = *field != g_value_get_boolean (value);

  *field = g_value_get_boolean (value);
  return changed;
}

static gboolean
change_number (double       *field,
               const GValue *value)
{
  gboolean changed = *field != g_value_get_double (value);

  *field = g_value_get_double (value);
  return changed;
}

static void
arietta_player_set_property (GObject      *object,
                             guint         property,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AriettaPlayer *self = ARIETTA_PLAYER (object);
  gboolean changed = FALSE;

  switch (property)
    {
    case PROP_PLAYING:
      if (g_value_get_boolean (value))
        arietta_player_play (self);
      else
        arietta_player_stop (self);
      break;

    case PROP_LOOP:
      changed = change_flag (&self->loop, value);
      if (changed)
        arietta_player_send_loop (self);
      break;

    case PROP_TEMPO_SCALE:
      changed = change_number (&self->tempo_scale, value);
      if (changed)
        arietta_player_send_number (self, ARIETTA_COMMAND_TEMPO, 0, self->tempo_scale);
      break;

    case PROP_VOLUME:
      changed = change_number (&self->volume, value);
      if (changed)
        arietta_player_send_number (self, ARIETTA_COMMAND_VOLUME, 0, self->volume);
      if (changed && self->sound != NULL)
        arietta_sound_deck_set_volume (self->sound, self->volume);
      break;

    case PROP_METRONOME:
      changed = change_flag (&self->metronome, value);
      if (changed)
        arietta_player_send_flag (self, ARIETTA_COMMAND_METRONOME, 0, self->metronome);
      break;

    case PROP_LATENCY:
      changed = self->latency_ms != g_value_get_uint (value);
      self->latency_ms = g_value_get_uint (value);
      arietta_synth_deck_set_latency (self->synth, self->latency_ms);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }

  if (changed)
    notify (self, property);
}

static void
arietta_player_class_init (AriettaPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags both = read | G_PARAM_WRITABLE;

  object_class->dispose = arietta_player_dispose;
  object_class->get_property = arietta_player_get_property;
  object_class->set_property = arietta_player_set_property;

  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, both);
  properties[PROP_SILENT] = g_param_spec_boolean ("silent", NULL, NULL, FALSE, read);
  properties[PROP_LOOP] = g_param_spec_boolean ("loop", NULL, NULL, FALSE, both);
  properties[PROP_LOOP_START] = g_param_spec_int64 ("loop-start", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_LOOP_END] = g_param_spec_int64 ("loop-end", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_TEMPO_SCALE] = g_param_spec_double ("tempo-scale", NULL, NULL, 0.25, 4.0, 1.0, both);
  properties[PROP_VOLUME] = g_param_spec_double ("volume", NULL, NULL, 0.0, 1.0, 1.0, both);
  properties[PROP_METRONOME] = g_param_spec_boolean ("metronome", NULL, NULL, FALSE, both);
  properties[PROP_POSITION_TICKS] = g_param_spec_int64 ("position-ticks", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_POSITION_NS] = g_param_spec_int64 ("position-ns", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_PIECE] = g_param_spec_boxed ("piece", NULL, NULL, ARIETTA_TYPE_PIECE, read);
  properties[PROP_SOUND_FILE] = g_param_spec_string ("sound-file", NULL, NULL, NULL, read);
  properties[PROP_DURATION_NS] = g_param_spec_int64 ("duration-ns", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, 0.0, 1.0, 0.0, read);
  properties[PROP_LATENCY] = g_param_spec_uint ("latency", NULL, NULL, 5, 1000, ARIETTA_AUDIO_LATENCY_MS, both);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT8, 0, read);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ENDED] = g_signal_new ("ended", ARIETTA_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MIX_CHANGED] = g_signal_new ("mix-changed", ARIETTA_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ARIETTA_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
arietta_player_init (AriettaPlayer *self)
{
  self->tempo_scale = 1.0;
  self->volume = 1.0;
  self->latency_ms = ARIETTA_AUDIO_LATENCY_MS;
  self->muted = g_hash_table_new (NULL, NULL);
  self->soloed = g_hash_table_new (NULL, NULL);
  self->synth = arietta_synth_deck_new (&synth_events, self);
}

AriettaPlayer *
arietta_player_new (void)
{
  return g_object_new (ARIETTA_TYPE_PLAYER, NULL);
}

gboolean
arietta_player_set_soundfont (AriettaPlayer  *self,
                              const char     *path,
                              GError        **error)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), FALSE);

  return arietta_synth_deck_set_soundfont (self->synth, path, error);
}

void
arietta_player_set_piece (AriettaPlayer *self,
                          AriettaPiece  *piece)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));
  g_return_if_fail (piece == NULL || arietta_piece_is_frozen (piece));

  arietta_player_drop_sound (self);
  if (self->piece == piece)
    return;

  if (piece != NULL)
    arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;

  arietta_synth_deck_set_piece (self->synth, piece);
  if (piece == NULL)
    arietta_player_change_playing (self, FALSE);
  else
    arietta_player_send_loop (self);

  notify (self, PROP_PIECE);
  notify (self, PROP_DURATION_NS);
  arietta_player_notify_position (self);
}

AriettaPiece *
arietta_player_get_piece (AriettaPlayer *self)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), NULL);

  return self->piece;
}

void
arietta_player_play (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->playing)
    return;

  if (self->sound != NULL)
    {
      arietta_player_start_sound (self);
      arietta_player_change_playing (self, TRUE);
    }
  else if (self->piece != NULL)
    {
      arietta_synth_deck_play (self->synth);
      arietta_player_change_playing (self, arietta_synth_deck_is_playing (self->synth));
    }
}

void
arietta_player_stop (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (!self->playing)
    return;

  if (self->sound != NULL)
    arietta_player_stop_sound (self);
  else
    arietta_synth_deck_stop (self->synth);

  arietta_player_change_playing (self, FALSE);
  arietta_player_notify_position (self);
}

gboolean
arietta_player_is_playing (AriettaPlayer *self)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), FALSE);

  return self->playing;
}

void
arietta_player_seek (AriettaPlayer *self,
                     gint64         position_ticks)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->sound != NULL || self->piece == NULL)
    return;

  arietta_synth_deck_seek (self->synth, position_ticks);
  arietta_player_notify_position (self);
}

void
arietta_player_seek_ns (AriettaPlayer *self,
                        gint64         position_ns)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->sound != NULL)
    {
      arietta_sound_deck_seek (self->sound, position_ns);
      arietta_player_notify_position (self);
    }
  else if (self->piece != NULL)
    arietta_player_seek (self, arietta_piece_seconds_to_ticks (self->piece, MAX (position_ns, 0) / 1e9));
}

gint64
arietta_player_get_position (AriettaPlayer *self)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), 0);

  return self->sound != NULL ? 0 : arietta_synth_deck_get_position (self->synth);
}

void
arietta_player_play_counted (AriettaPlayer *self,
                             guint          n_bars)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->playing || self->sound != NULL || self->piece == NULL)
    return;

  arietta_synth_deck_play_counted (self->synth, n_bars);
  arietta_player_change_playing (self, arietta_synth_deck_is_playing (self->synth));
}

void
arietta_player_set_endless (AriettaPlayer *self,
                            gboolean       endless)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_synth_deck_set_endless (self->synth, endless);
  arietta_player_send_loop (self);
}

gboolean
arietta_player_find_ticks (AriettaPlayer *self,
                           gint64         time_us,
                           gint64        *ticks)
{
  double seconds;

  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), FALSE);

  if (self->sound != NULL || self->piece == NULL
      || !arietta_synth_deck_find_seconds (self->synth, time_us, &seconds))
    return FALSE;

  /* Before the beginning the first tempo holds. */
  *ticks = seconds >= 0 ? arietta_piece_seconds_to_ticks (self->piece, seconds)
                        : (gint64) (seconds * 1e6 * arietta_piece_get_ticks_per_quarter (self->piece)
                                    / arietta_piece_get_tempo_at (self->piece, 0));
  return TRUE;
}
