/* arietta-play-clock.h - which moment of the music is heard at which frame of the stream
 *
 * The sequencer's marks (audio/arietta-sequencer.h) run ahead of the ear by whatever the device
 * buffers.  The clock takes each when its frame is heard, so that a position is one of the music
 * and not of the buffer, through loops, jumps and changes of tempo.  It remembers the last seconds
 * too: what a person did a moment ago is placed where the music was when they heard it.
 *
 * Threads: the one that owns the control side of the sequencer.
 */
#pragma once

#include "audio/arietta-sequencer.h"

G_BEGIN_DECLS

typedef struct _AriettaPlayClock AriettaPlayClock;

AriettaPlayClock *arietta_play_clock_new            (AriettaSequencer *sequencer) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_play_clock_free           (AriettaPlayClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaPlayClock, arietta_play_clock_free)

/* The stream begins at frame 0 anew: marks of the old one mean nothing any more. */
void              arietta_play_clock_reset          (AriettaPlayClock *self);
/* @heard: the frame of the stream that sounds now.  TRUE when an end of the piece, of @epoch, was heard since. */
gboolean          arietta_play_clock_advance        (AriettaPlayClock *self,
                                                     double            heard,
                                                     guint             epoch);
/* The frame of the music at @heard; FALSE while what was asked for at @epoch is not to be heard yet, or is
 * counted in. */
gboolean          arietta_play_clock_get            (AriettaPlayClock *self,
                                                     double            heard,
                                                     guint             epoch,
                                                     double           *music_frame);
/* Beats of a count-in still to come at what was heard last; 0 when the piece itself plays. */
guint             arietta_play_clock_get_count      (AriettaPlayClock *self);
/* What was heard at @frame, up to some three seconds ago; FALSE when nothing played there or it is
 * longer ago.  In a count-in that is a frame before the music begins, below 0 at its very
 * beginning. */
gboolean          arietta_play_clock_find           (AriettaPlayClock *self,
                                                     double            frame,
                                                     double           *music_frame);
/* Peak since the last question, 0..1. */
double            arietta_play_clock_take_level     (AriettaPlayClock *self);

G_END_DECLS
