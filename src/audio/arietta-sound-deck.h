/* arietta-sound-deck.h - plays one sound file
 *
 * The player's other half: GStreamer's playbin behind the few verbs a transport has.  Opening happens in
 * the background; what is asked before it is done is remembered.
 *
 * Threads: the main loop's; so are the callbacks.
 */
#pragma once

#include "audio/arietta-audio-error.h"

G_BEGIN_DECLS

typedef struct
{
  void (*opened) (gpointer user_data);                 /* the duration is known */
  void (*ended)  (gpointer user_data);
  void (*failed) (const GError *error, gpointer user_data);
} AriettaSoundDeckEvents;

typedef struct _AriettaSoundDeck AriettaSoundDeck;

AriettaSoundDeck *arietta_sound_deck_new          (const char                   *path,
                                                   const AriettaSoundDeckEvents *events,
                                                   gpointer                      user_data,
                                                   GError                      **error) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_sound_deck_free         (AriettaSoundDeck             *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSoundDeck, arietta_sound_deck_free)

void              arietta_sound_deck_play         (AriettaSoundDeck             *self);
void              arietta_sound_deck_stop         (AriettaSoundDeck             *self);
void              arietta_sound_deck_seek         (AriettaSoundDeck             *self,
                                                   gint64                        position_ns);
void              arietta_sound_deck_set_volume   (AriettaSoundDeck             *self,
                                                   double                        volume);
gint64            arietta_sound_deck_get_position (AriettaSoundDeck             *self);
/* 0 before it is known. */
gint64            arietta_sound_deck_get_duration (AriettaSoundDeck             *self);
/* Peak since the last question, 0..1. */
double            arietta_sound_deck_take_level   (AriettaSoundDeck             *self);
gboolean          arietta_sound_deck_is_silent    (AriettaSoundDeck             *self);

G_END_DECLS
