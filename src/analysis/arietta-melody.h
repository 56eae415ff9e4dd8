/* arietta-melody.h - the melody line of a piece
 *
 * A part is a channel of a track, since format 0 files keep all parts in one track.  The melody is
 * the part that looks most like one: not percussion, high, mostly one note at a time, present in
 * much of the piece, and called by a name that says so ("Melody", "Voice", "Soprano", "Gesang").
 *
 * Of that part the skyline is taken: of notes that begin together (within an eighth of a quarter)
 * the highest; a note that lies wholly under a longer, higher one is accompaniment; any other new
 * note ends the one before.  So the line has one note at a time, in order, no note of length zero.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* FALSE when the piece has no pitched note. */
gboolean  arietta_melody_find_part (AriettaPiece *piece,
                                    guint        *track,
                                    int          *channel);
/* Of AriettaNote; empty when there is no pitched note. Free with g_array_unref (). */
GArray   *arietta_melody_dup_notes (AriettaPiece *piece) G_GNUC_WARN_UNUSED_RESULT;

/* The skyline of @notes (in order of onset) as above or, with @lowest, its mirror: of notes that begin together
 * the lowest, and a note wholly over a longer, lower one is left out.  Free with g_array_unref (). */
GArray   *arietta_melody_dup_line  (const AriettaNote *notes,
                                    guint              n_notes,
                                    gint64             ticks_per_quarter,
                                    gboolean           lowest) G_GNUC_WARN_UNUSED_RESULT;

/* Likeness of the melodies of two pieces, 0..1: cosine of the counts of interval trigrams (so in
 * any key and tempo); 0 when one has fewer than four notes. */
double    arietta_melody_similarity (AriettaPiece *a,
                                     AriettaPiece *b);

G_END_DECLS
