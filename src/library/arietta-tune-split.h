/* arietta-tune-split.h - which pieces are the same tune, and on which side of the split a tune falls
 *
 * Two pieces are one tune when their normalised titles or their first twelve melody intervals are equal.
 * A side is drawn from a hash of the tune's key alone, 80 in 100 for training, 10 for validation, 10 for
 * test, so a tune falls on the same side in every library.  The melody decides where there is one: it
 * survives a new file name and another language; the title decides for the rest.
 *
 * Titles: compatibility decomposition, marks dropped, case folded, punctuation gone.  Notes about the copy
 * go ("(2)", "version 3", "[arr. Miller]"), and so do catalogue numbers behind a title that tells the tune
 * ("Für Elise, WoO 59") but not behind one that only names a form ("Nocturne op. 9 no. 2").  Numbers that
 * belong to a title stay ("Invention 13").  A title that says nothing ("Track 1", "Untitled") is none.
 *
 * Melody: the highest line of the first track with notes that are not percussion: of notes that begin
 * together (within a 16th of a quarter) the highest, without those that end under a higher note of the
 * line that is still held.  Fewer than four intervals are no melody.
 *
 * Pure functions; any thread.
 */
#pragma once

#include "library/arietta-records.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_TUNE_N_INTERVALS 12

/* NULL when @title does not tell a tune. */
char         *arietta_tune_normalise_title (const char   *title) G_GNUC_WARN_UNUSED_RESULT;
/* Fills at most ARIETTA_TUNE_N_INTERVALS semitone steps; returns how many there are. */
guint         arietta_tune_get_intervals   (AriettaPiece *piece,
                                            int          *intervals);

/* Keys as the tunes table holds them; NULL where there is none. */
char         *arietta_tune_dup_title_key   (const char   *title) G_GNUC_WARN_UNUSED_RESULT;
char         *arietta_tune_dup_melody_key  (AriettaPiece *piece) G_GNUC_WARN_UNUSED_RESULT;

/* The side drawn from a key. */
AriettaSplit  arietta_tune_split_draw      (const char   *key);
/* The more held-out of two. */
AriettaSplit  arietta_tune_split_join      (AriettaSplit  a,
                                            AriettaSplit  b);

G_END_DECLS
