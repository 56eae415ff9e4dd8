/* arietta-play-order.h - what comes first where notes and events share a tick
 *
 * A piece keeps notes and events apart, but a program change acts only on what follows it.  Where both
 * stand at one tick, the notes' own programs tell the order: events come first, except that a program
 * change waits for the notes that still need the program before it.
 *
 * Programs belong to channels, not to tracks: a change in one track holds for the notes of another track
 * on the same channel (and the same port).  Within a tick, tracks follow one another as in the piece.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* One of the two is NULL. */
typedef void (*AriettaPlayOrderFunc) (const AriettaEvent *event,
                                      const AriettaNote  *note,
                                      gpointer            data);

/* Calls @func for each event and note of track @nth, at its tick or its onset, in playing order. The
 * piece is frozen. */
void arietta_play_order_foreach (AriettaPiece         *piece,
                                 guint                 nth,
                                 AriettaPlayOrderFunc  func,
                                 gpointer              data);

/* Adds the program changes that notes imply and no event states.  Tracks are sorted; part of freezing. */
void arietta_play_order_settle  (AriettaPiece         *piece);

G_END_DECLS
