/* arietta-roll-index.h - the notes of a piece, found by time
 *
 * Notes are sorted by onset, but a note that sounds now may have begun long ago.  The index keeps for every
 * block of notes the latest end, so that a question about a short stretch of a long piece touches few
 * notes besides the answer.  It holds a reference to the piece, which has to be frozen or left alone.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct _AriettaRollIndex AriettaRollIndex;

/* @track counts all tracks of the piece; @hue is the track's colour, see arietta_roll_get_track_hue (). */
typedef void (*AriettaRollNoteFunc) (const AriettaNote *note,
                                     guint              track,
                                     guint              hue,
                                     gpointer           user_data);

/* The colour chosen for the track, else the number of tracks before it that play. */
guint             arietta_roll_get_track_hue     (AriettaPiece        *piece,
                                                  guint                track);

AriettaRollIndex *arietta_roll_index_new         (AriettaPiece        *piece) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_roll_index_free        (AriettaRollIndex    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRollIndex, arietta_roll_index_free)

AriettaPiece     *arietta_roll_index_get_piece   (AriettaRollIndex    *self);
/* Lowest and highest pitch; FALSE and 60, 72 for a piece without notes. */
gboolean          arietta_roll_index_get_pitches (AriettaRollIndex    *self,
                                                  int                 *lowest,
                                                  int                 *highest);
/* Notes sounding anywhere in start <= tick < end, track after track, each in order of onset.  A note of
 * no length counts as one tick long. */
void              arietta_roll_index_foreach     (AriettaRollIndex    *self,
                                                  gint64               start_ticks,
                                                  gint64               end_ticks,
                                                  AriettaRollNoteFunc  func,
                                                  gpointer             user_data);

G_END_DECLS
