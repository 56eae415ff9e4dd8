/* arietta-synth-deck.h - plays a piece through the synthesiser
 *
 * The player's first half: a pipeline of our source and a sink, the commands to the sequencer in it, and
 * the marks from it, matched with the clock of the sink so that the position is what is being heard.
 *
 * The SoundFont is loaded and the device opened in workers, begun at the first turn of the main loop after
 * making the deck; what is asked before it is done is remembered.  The pipeline goes on through
 * silence, because waking a device may take a second; after some minutes without a sound it rests.
 *
 * A device that fails while playing costs nothing but the sound (audio/arietta-synth-output.h);
 * `ready` is called then, and again when there is another.
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
/* The same after @n_bars bars of clicks in the metre and tempo of the position. */
void              arietta_synth_deck_play_counted  (AriettaSynthDeck             *self,
                                                    guint                         n_bars);
/* Whether playing goes on after the last note, with clicks, for who plays along. */
void              arietta_synth_deck_set_endless   (AriettaSynthDeck             *self,
                                                    gboolean                      endless);
void              arietta_synth_deck_set_latency   (AriettaSynthDeck             *self,
                                                    guint                         latency_ms);
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

/* What a keyboard sends sounds at once, with the voice of ARIETTA_COMMAND_LIVE_VOICE; any thread.  A deck that rests is
 * woken from the main loop. */
void              arietta_synth_deck_send_live     (AriettaSynthDeck             *self,
                                                    const AriettaMidiMessage     *message);
void              arietta_synth_deck_wake          (AriettaSynthDeck             *self);

gboolean          arietta_synth_deck_is_playing    (AriettaSynthDeck             *self);
/* Being heard now, in ticks and in seconds of the piece's own tempo. */
gint64            arietta_synth_deck_get_position  (AriettaSynthDeck             *self);
double            arietta_synth_deck_get_seconds   (AriettaSynthDeck             *self);
/* What was heard at @time_us of g_get_monotonic_time (), some seconds ago at most; FALSE when
 * nothing was.  Below the first moment of the music in a count-in, and so perhaps below 0. */
gboolean          arietta_synth_deck_find_seconds  (AriettaSynthDeck             *self,
                                                    gint64                        time_us,
                                                    double                       *seconds);
/* Beats of a count-in still to come. */
guint             arietta_synth_deck_get_count     (AriettaSynthDeck             *self);
double            arietta_synth_deck_take_level    (AriettaSynthDeck             *self);
double            arietta_synth_deck_take_track_level (AriettaSynthDeck          *self,
                                                    guint                         track);
double            arietta_synth_deck_take_reduction (AriettaSynthDeck            *self);
gboolean          arietta_synth_deck_is_silent     (AriettaSynthDeck             *self);

G_END_DECLS
