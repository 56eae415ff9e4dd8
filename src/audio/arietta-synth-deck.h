/* arietta-synth-deck.h - plays a piece through the synthesiser
 *
 * The player's first half: a pipeline of our source and a sink, the commands to the sequencer in it, and
 * the marks from it, matched with the clock of the sink so that the position is what is being heard.
 *
 * The SoundFont is loaded and the device opened in a worker, begun at the first turn of the main loop after
 * making the deck; what is asked before it is done is remembered.  The pipeline goes on through
 * silence, because waking a device may take a second; after some minutes without a sound it rests (PAUSED).
 *
 * A device that fails while playing (pulled out, its server started again) costs nothing but the sound: the piece goes
 * on through a silent sink that keeps time, `ready` is called, and while it plays a device is looked for, after two
 * seconds, then four, up to a minute.  When there is one, it takes over where the piece is.
 *
 * Threads: the main loop's; so are the callbacks.
 */
#pragma once

#include "audio/arietta-audio-error.h"
#include "audio/arietta-sequencer.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  void (*ready)  (gpointer user_data);                      /* SoundFont and device, or silent sink, are there */
  /* About 30 times a second while something moves; @ended: the end has been heard, playing has stopped. */
  void (*tick)   (gboolean ended, gpointer user_data);
  void (*failed) (const GError *error, gpointer user_data); /* playing has stopped */
} AriettaSynthDeckEvents;

typedef struct _AriettaSynthDeck AriettaSynthDeck;

AriettaSynthDeck *arietta_synth_deck_new           (const AriettaSynthDeckEvents *events,
                                                    gpointer                      user_data) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_synth_deck_free          (AriettaSynthDeck             *self);

gboolean          arietta_synth_deck_set_soundfont (AriettaSynthDeck             *self,
                                                    const char                   *path,
                                                    GError                      **error);
void              arietta_synth_deck_set_piece     (AriettaSynthDeck             *self,
                                                    AriettaPiece                 *piece);
void              arietta_synth_deck_play          (AriettaSynthDeck             *self);
void              arietta_synth_deck_stop          (AriettaSynthDeck             *self);
void              arietta_synth_deck_seek          (AriettaSynthDeck             *self,
                                                    gint64                        position_ticks);
void              arietta_synth_deck_set_loop      (AriettaSynthDeck             *self,
                                                    gboolean                      loop,
                                                    gint64                        start_ticks,
                                                    gint64                        end_ticks);
/* The commands that carry only numbers: tempo, volume, metronome, mute, keys. */
void              arietta_synth_deck_send          (AriettaSynthDeck             *self,
                                                    AriettaCommand                command);

gboolean          arietta_synth_deck_is_playing    (AriettaSynthDeck             *self);
/* Being heard now, in ticks and in seconds of the piece's own tempo. */
gint64            arietta_synth_deck_get_position  (AriettaSynthDeck             *self);
double            arietta_synth_deck_get_seconds   (AriettaSynthDeck             *self);
double            arietta_synth_deck_take_level    (AriettaSynthDeck             *self);
gboolean          arietta_synth_deck_is_silent     (AriettaSynthDeck             *self);

G_END_DECLS
