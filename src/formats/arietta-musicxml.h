/* arietta-musicxml.h - scores as MusicXML 4.0 (W3C Music Notation Community Group)
 *
 * Partwise and uncompressed.  Each track with notes is a part: its bars, voices, ties and triplets as
 * formats/arietta-notation.h lays them out, metre and key where they change, a pickup as bar 0, chord
 * symbols, lyrics on the first voice, tempos on the first part, percussion as unpitched notes with an
 * instrument for each drum.  Beams and stems are the reader's.  A statement of origin
 * ("Arietta: {...}") becomes a miscellaneous field of the identification.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* The whole document, UTF-8. @piece is frozen. */
char     *arietta_musicxml_dup_text   (AriettaPiece  *piece) G_GNUC_WARN_UNUSED_RESULT;
/* Beside @path and renamed when whole. */
gboolean  arietta_musicxml_write_file (AriettaPiece  *piece,
                                       const char    *path,
                                       GError       **error);

G_END_DECLS
