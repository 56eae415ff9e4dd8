/* arietta-musicxml.h - scores as MusicXML 4.0 (W3C Music Notation Community Group)
 *
 * Written partwise and uncompressed.  Each track with notes is a part: its bars, voices, ties and triplets as
 * formats/arietta-notation.h lays them out, metre and key where they change, a pickup as bar 0, chord
 * symbols, lyrics with their hyphens on the first voice, tempos on the first part, percussion as
 * unpitched notes with an instrument for each drum.  Beams and stems are the reader's.  A statement
 * of origin ("Arietta: {...}") becomes a miscellaneous field of the identification.
 *
 * Reading takes all of that back, in any encoding the document declares, from whatever program,
 * packed as .mxl too: parts with their instruments, transposing ones as they sound, voices, ties,
 * grace notes as short ones, percussion by its instruments.  Repeats are read once, as they stand.
 * At most 64 MB unpacked, 64 levels and 100,000 bars; entities of the document's own are refused.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* @name is for sentences.  Errors name the line. Frozen. */
AriettaPiece *arietta_musicxml_read_bytes (const char  *bytes,
                                           gsize        n,
                                           const char  *name,
                                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_musicxml_read_file  (const char  *path,
                                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
/* The whole document, UTF-8. @piece is frozen. */
char     *arietta_musicxml_dup_text   (AriettaPiece  *piece) G_GNUC_WARN_UNUSED_RESULT;
/* Beside @path and renamed when whole. */
gboolean  arietta_musicxml_write_file (AriettaPiece  *piece,
                                       const char    *path,
                                       GError       **error);

G_END_DECLS
