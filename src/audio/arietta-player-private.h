/* arietta-player-private.h - what the player's files share
 *
 *   arietta-player.c        life, properties, the piece and the transport
 *   arietta-player-sound.c  the sound file in place of the piece
 *   arietta-player-mix.c    loop, tracks, levels, keys under fingers
 */
#pragma once

#include "audio/arietta-player.h"
#include "audio/arietta-sound-deck.h"
#include "audio/arietta-synth-deck.h"

G_BEGIN_DECLS

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
  guint             latency_ms;
  GHashTable       *muted;       /* of tracks, plus one */
  GHashTable       *soloed;
};

void arietta_player_change_playing   (AriettaPlayer *self,
                                      gboolean       playing);
void arietta_player_change_level     (AriettaPlayer *self,
                                      double         level);
void arietta_player_change_silent    (AriettaPlayer *self,
                                      gboolean       silent);
void arietta_player_notify_position  (AriettaPlayer *self);
void arietta_player_emit_mix_changed (AriettaPlayer *self);
void arietta_player_emit_ended       (AriettaPlayer *self);
void arietta_player_emit_failed      (AriettaPlayer *self,
                                      const GError  *error);
/* Tells the sequencer the range and whether it holds. */
void arietta_player_send_loop        (AriettaPlayer *self);
void arietta_player_send_flag        (AriettaPlayer      *self,
                                      AriettaCommandKind  kind,
                                      guint               index,
                                      gboolean            flag);
void arietta_player_send_number      (AriettaPlayer      *self,
                                      AriettaCommandKind  kind,
                                      guint               index,
                                      double              number);
void arietta_player_start_sound      (AriettaPlayer *self);
void arietta_player_stop_sound       (AriettaPlayer *self);
void arietta_player_drop_sound       (AriettaPlayer *self);

G_END_DECLS
