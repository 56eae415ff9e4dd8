/* arietta-notes-content.h - notes on the clipboard
 *
 * As our own type, which keeps what a MIDI file cannot: what was edited, what is locked; as a MIDI file; and as text, a line
 * for each note.  Whichever is asked for is written by a worker when it is asked for: copying takes no time.
 */
#pragma once

#include <gdk/gdk.h>

#include "music/arietta-selection.h"

G_BEGIN_DECLS

#define ARIETTA_NOTES_TYPE "application/x-arietta-notes"
#define ARIETTA_NOTES_MIDI_TYPE "audio/midi"

#define ARIETTA_TYPE_NOTES_CONTENT (arietta_notes_content_get_type ())
G_DECLARE_FINAL_TYPE (AriettaNotesContent, arietta_notes_content, ARIETTA, NOTES_CONTENT, GdkContentProvider)

/* @notes of @piece, from the step of @grid_ticks on which the first of them is (music/arietta-note-carry.h). */
GdkContentProvider *arietta_notes_content_new (AriettaPiece     *piece,
                                               AriettaSelection *notes,
                                               gint64            grid_ticks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
