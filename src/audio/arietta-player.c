#define G_LOG_DOMAIN "arietta-audio"

#include "config.h"

#include "audio/arietta-player.h"

#include "audio/arietta-sound-deck.h"
#include "audio/arietta-synth-deck.h"

#define SOUND_TICK_MS 33

struct _AriettaPlayer
{
  GObject           parent_instance;

  AriettaSynthDeck *synth;       /* always there: keys sound beside a sound file too */
  AriettaSoundDeck *sound;       /* while a sound file is loaded */
  guint             sound_tick_id;

  AriettaPiece     *piece;
  char             *sound_file;
  gboolean          playing;
  gboolean          silent;
  gboolean          loop;
  gint64            loop_start_ticks;
  gint64            loop_end_ticks;
  double            tempo_scale;
  double            volume;
  gboolean          metronome;
  double            level;
};

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
  N_PROPS
};

enum
{
  SIGNAL_ENDED,
  SIGNAL_FAILED,
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

static void
notify_position (AriettaPlayer *self)
{
  notify (self, PROP_POSITION_TICKS);
  notify (self, PROP_POSITION_NS);
}

static void
set_playing (AriettaPlayer *self,
             gboolean       playing)
{
  if (self->playing == playing)
    return;

  self->playing = playing;
  g_debug ("%s", playing ? "Playing" : "Stopped");
  notify (self, PROP_PLAYING);
}

static void
set_level (AriettaPlayer *self,
           double         level)
{
  if (self->level == level)
    return;

  self->level = level;
  notify (self, PROP_LEVEL);
}

static void
set_silent (AriettaPlayer *self,
            gboolean       silent)
{
  if (self->silent == silent)
    return;

  self->silent = silent;
  notify (self, PROP_SILENT);
}

static void
send_flag (AriettaPlayer      *self,
           AriettaCommandKind  kind,
           guint               index,
           gboolean            flag)
{
  arietta_synth_deck_send (self->synth, (AriettaCommand) { .kind = kind, .index = index, .flag = flag });
}

static void
send_number (AriettaPlayer      *self,
             AriettaCommandKind  kind,
             guint               index,
             double              number)
{
  arietta_synth_deck_send (self->synth, (AriettaCommand) { .kind = kind, .index = index, .a = number });
}

static void
send_loop (AriettaPlayer *self)
{
  arietta_synth_deck_set_loop (self->synth, self->loop, self->loop_start_ticks, self->loop_end_ticks);
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

static void
fail (AriettaPlayer *self,
      const GError  *error)
{
  set_playing (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
synth_ready_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  set_silent (self, arietta_synth_deck_is_silent (self->synth));
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
  set_level (self, level);
  if (self->playing)
    notify_position (self);
  if (ended)
    {
      set_playing (self, FALSE);
      g_signal_emit (self, signals[SIGNAL_ENDED], 0);
    }
  g_object_unref (self);
}

static void
synth_failed_cb (const GError *error,
                 gpointer      user_data)
{
  AriettaPlayer *self = user_data;

  if (self->sound == NULL)
    set_playing (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static const AriettaSynthDeckEvents synth_events = {
  synth_ready_cb, synth_tick_cb, synth_failed_cb,
};

static gboolean
sound_tick_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  set_level (self, arietta_sound_deck_take_level (self->sound));
  notify_position (self);

  return G_SOURCE_CONTINUE;
}

static void
stop_sound_tick (AriettaPlayer *self)
{
  g_clear_handle_id (&self->sound_tick_id, g_source_remove);
  set_level (self, 0);
}

static void
sound_opened_cb (gpointer user_data)
{
  AriettaPlayer *self = user_data;

  set_silent (self, arietta_sound_deck_is_silent (self->sound));
  notify (self, PROP_DURATION_NS);
  notify_position (self);
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
  stop_sound_tick (self);
  notify_position (self);
  set_playing (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
  g_object_unref (self);
}

static void
sound_failed_cb (const GError *error,
                 gpointer      user_data)
{
  AriettaPlayer *self = user_data;

  stop_sound_tick (self);
  fail (self, error);
}

static const AriettaSoundDeckEvents sound_events = {
  sound_opened_cb, sound_ended_cb, sound_failed_cb,
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
        send_loop (self);
      break;

    case PROP_TEMPO_SCALE:
      changed = change_number (&self->tempo_scale, value);
      if (changed)
        send_number (self, ARIETTA_COMMAND_TEMPO, 0, self->tempo_scale);
      break;

    case PROP_VOLUME:
      changed = change_number (&self->volume, value);
      if (changed)
        send_number (self, ARIETTA_COMMAND_VOLUME, 0, self->volume);
      if (changed && self->sound != NULL)
        arietta_sound_deck_set_volume (self->sound, self->volume);
      break;

    case PROP_METRONOME:
      changed = change_flag (&self->metronome, value);
      if (changed)
        send_flag (self, ARIETTA_COMMAND_METRONOME, 0, self->metronome);
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
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ENDED] = g_signal_new ("ended", ARIETTA_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ARIETTA_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
arietta_player_init (AriettaPlayer *self)
{
  self->tempo_scale = 1.0;
  self->volume = 1.0;
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

static void
drop_sound (AriettaPlayer *self)
{
  if (self->sound == NULL)
    return;

  stop_sound_tick (self);
  g_clear_pointer (&self->sound, arietta_sound_deck_free);
  g_clear_pointer (&self->sound_file, g_free);
  set_playing (self, FALSE);
  notify (self, PROP_SOUND_FILE);
}

void
arietta_player_set_piece (AriettaPlayer *self,
                          AriettaPiece  *piece)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));
  g_return_if_fail (piece == NULL || arietta_piece_is_frozen (piece));

  drop_sound (self);
  if (self->piece == piece)
    return;

  if (piece != NULL)
    arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;

  arietta_synth_deck_set_piece (self->synth, piece);
  if (piece == NULL)
    set_playing (self, FALSE);
  else
    send_loop (self);

  notify (self, PROP_PIECE);
  notify (self, PROP_DURATION_NS);
  notify_position (self);
}

AriettaPiece *
arietta_player_get_piece (AriettaPlayer *self)
{
  g_return_val_if_fail (ARIETTA_IS_PLAYER (self), NULL);

  return self->piece;
}

void
arietta_player_set_sound_file (AriettaPlayer *self,
                               const char    *path)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_player_stop (self);
  drop_sound (self);
  if (path == NULL)
    return;

  self->sound = arietta_sound_deck_new (path, &sound_events, self, &error);
  if (self->sound == NULL)
    {
      fail (self, error);
      return;
    }

  self->sound_file = g_strdup (path);
  arietta_sound_deck_set_volume (self->sound, self->volume);
  notify (self, PROP_SOUND_FILE);
  notify (self, PROP_DURATION_NS);
  notify_position (self);
}

void
arietta_player_play (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->playing)
    return;

  if (self->sound != NULL)
    {
      arietta_sound_deck_play (self->sound);
      if (self->sound_tick_id == 0)
        self->sound_tick_id = g_timeout_add (SOUND_TICK_MS, sound_tick_cb, self);
      set_playing (self, TRUE);
    }
  else if (self->piece != NULL)
    {
      arietta_synth_deck_play (self->synth);
      set_playing (self, arietta_synth_deck_is_playing (self->synth));
    }
}

void
arietta_player_stop (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (!self->playing)
    return;

  if (self->sound != NULL)
    {
      arietta_sound_deck_stop (self->sound);
      stop_sound_tick (self);
    }
  else
    arietta_synth_deck_stop (self->synth);

  set_playing (self, FALSE);
  notify_position (self);
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
  notify_position (self);
}

void
arietta_player_seek_ns (AriettaPlayer *self,
                        gint64         position_ns)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->sound != NULL)
    {
      arietta_sound_deck_seek (self->sound, position_ns);
      notify_position (self);
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
arietta_player_set_loop_range (AriettaPlayer *self,
                               gint64         start_ticks,
                               gint64         end_ticks)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  if (self->loop_start_ticks == start_ticks && self->loop_end_ticks == end_ticks)
    return;
  self->loop_start_ticks = start_ticks;
  self->loop_end_ticks = end_ticks;
  send_loop (self);
  notify (self, PROP_LOOP_START);
  notify (self, PROP_LOOP_END);
}

void
arietta_player_set_mute (AriettaPlayer *self,
                         guint          track,
                         gboolean       mute)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  send_flag (self, ARIETTA_COMMAND_MUTE, track, mute);
}

void
arietta_player_set_solo (AriettaPlayer *self,
                         guint          track,
                         gboolean       solo)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  send_flag (self, ARIETTA_COMMAND_SOLO, track, solo);
}

void
arietta_player_set_track_volume (AriettaPlayer *self,
                                 guint          track,
                                 double         volume)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  send_number (self, ARIETTA_COMMAND_TRACK_VOLUME, track, volume);
}

void
arietta_player_reset_mix (AriettaPlayer *self)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  send_flag (self, ARIETTA_COMMAND_RESET_MIX, 0, TRUE);
}

void
arietta_player_note_on (AriettaPlayer *self,
                        int            pitch,
                        int            velocity,
                        int            program,
                        gboolean       percussion)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  arietta_synth_deck_send (self->synth, (AriettaCommand) {
                                          .kind = ARIETTA_COMMAND_KEY_ON,
                                          .index = CLAMP (pitch, 0, 127),
                                          .flag = percussion,
                                          .velocity = CLAMP (velocity, 1, 127),
                                          .program = CLAMP (program, 0, 127),
                                        });
}

void
arietta_player_note_off (AriettaPlayer *self,
                         int            pitch)
{
  g_return_if_fail (ARIETTA_IS_PLAYER (self));

  send_flag (self, ARIETTA_COMMAND_KEY_OFF, CLAMP (pitch, 0, 127), TRUE);
}
