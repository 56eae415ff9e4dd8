/* arietta-history-bytes.h - states of a piece and edits between them as bytes
 *
 * What a library and a project file keep of an open piece.  A MIDI file would lose what a person did to single notes
 * (edited, locked), so notes are written apart:
 *
 *   "AHis" version (1)
 *   frame      number of bytes, a Standard MIDI file of the piece without its notes; for an edit two of them, before
 *              and after, or two of no bytes
 *   state      number of tracks, the notes of each
 *   edit       number of stretches; for each: track, place, notes before, notes after
 *   notes      their number; for each: onset minus the onset before (zigzag), duration, and six bytes: pitch,
 *              velocity, off velocity, channel, program, flags
 *
 * Numbers are unsigned LEB128.  Readers trust nothing: counts are held against the bytes that are left.
 *
 * Threads: pure functions.
 */
#pragma once

#include "formats/arietta-formats-error.h"
#include "music/arietta-edit.h"

G_BEGIN_DECLS

/* The piece is frozen.  Errors: those of writing MIDI. */
GBytes       *arietta_history_write_state (AriettaPiece  *piece,
                                           GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes       *arietta_history_write_edit  (AriettaEdit   *edit,
                                           GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* @name stands for the source in sentences.  Errors: ARIETTA_FORMATS_ERROR. */
AriettaPiece *arietta_history_read_state  (GBytes        *bytes,
                                           const char    *name,
                                           GError       **error) G_GNUC_WARN_UNUSED_RESULT;
AriettaEdit  *arietta_history_read_edit   (GBytes        *bytes,
                                           const char    *name,
                                           GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
