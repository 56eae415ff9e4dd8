/* arietta-play-order.h - what comes first where notes and events share a tick
 *
 * A piece keeps notes and events apart, but a program change acts only on what follows it.  Where
 * both stand at one tick, the notes' own programs tell the order: events come first, except that a
 * program change waits for the notes that still need the program before it.
 *
 * Programs belong to channels, not to tracks: a change in one track holds for the notes of another
 * track on the same channel (and the same port).  Within a tick, tracks follow one another as in
 * the piece.
 *
 * An order is a snapshot of the program changes of a piece.  Threads: it may be read from any.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct _AriettaPlayOrder AriettaPlayOrder;

/* One of the two is NULL. */
typedef void (*AriettaPlayOrderFunc) (const AriettaEvent *event,
                                      const AriettaNote  *note,
                                      gpointer            data);

/* Where a walk through one port's program changes has come to; see arietta_play_order_find_program
 * (). */
typedef struct
{
  guint8 port;
  guint  next[16];
  guint  end[16];  /* 0: not begun */
} AriettaProgramCursor;

AriettaPlayOrder *arietta_play_order_new          (AriettaPiece         *piece) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_play_order_free         (AriettaPlayOrder     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaPlayOrder, arietta_play_order_free)

/* Calls @func for each event and note of track @nth, at its tick or its onset, in playing order.
 * @piece is the one the order was made of, and frozen. */
void              arietta_play_order_foreach      (AriettaPlayOrder     *self,
                                                   AriettaPiece         *piece,
                                                   guint                 nth,
                                                   AriettaPlayOrderFunc  func,
                                                   gpointer              data);

/* The program that the changes before (@tick, track @nth) leave on @channel.  A cursor begins as
 * zeros with its port set, and is asked for ticks that do not fall. */
guint8            arietta_play_order_find_program (AriettaPlayOrder     *self,
                                                   AriettaProgramCursor *cursor,
                                                   guint8                channel,
                                                   gint64                tick,
                                                   guint                 nth);

/* Adds the program changes that notes imply and no event states.  Tracks are sorted; part of
 * freezing. */
void              arietta_play_order_settle       (AriettaPiece         *piece);

G_END_DECLS
