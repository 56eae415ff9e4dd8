/* arietta-note-carry.h - notes from one piece into another: cut out, copied, pasted, dragged away
 *
 * What is carried is a frozen piece of its own, with the tempos, metres and tracks of where it was.  Pure; any thread.
 */
#pragma once

#include "music/arietta-selection.h"

G_BEGIN_DECLS

/* The selected notes alone, on the tracks where they are; its beginning is the line of a grid of
 * @grid_ticks (1 or more) at or before the first of them.  NULL for an empty selection. */
AriettaPiece *arietta_notes_carry (AriettaPiece     *piece,
                                   AriettaSelection *notes,
                                   gint64            grid_ticks) G_GNUC_WARN_UNUSED_RESULT;
/* @piece with the notes of @carried from @at_ticks on, track by track; what has no track of its own
 * there goes into the last, and a piece without any gets one.  They sound as their new track does,
 * are marked as edited, and are not locked. */
AriettaPiece *arietta_notes_drop  (AriettaPiece     *piece,
                                   AriettaPiece     *carried,
                                   gint64            at_ticks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
