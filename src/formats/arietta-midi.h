/* arietta-midi.h - Standard MIDI files, read and written
 *
 * After the MIDI Manufacturers Association's "Standard MIDI Files 1.0" (RP-001): formats 0, 1 and
 * 2, divisions in ticks per quarter and in SMPTE frames, running status, and the RIFF RMID wrapper.
 *
 * Notes: every note-on with a velocity over 0 is one note; equal pitches of a channel within a
 * track are paired first in, first out; a note that never ends ends with its track; length zero is
 * kept.  The tracks of format 2 follow one another in time.  A note's program is the one its
 * channel has at its onset, whichever track set it.  Everything else (controllers, bends, texts in
 * their own bytes, system exclusive) is kept in its track and written back; so are map events that
 * cannot be (a key of 9 flats).
 *
 * Tempo, metre and key events may stand in any track of a file; in a piece they are its maps, and
 * they are written into the first track, whether or not it holds notes: four tracks stay four.  A
 * title that no event of the piece gives is written as a text "Title: ..." at the start and read
 * back as the title.
 *
 * A piece lasts at most 0x0FFFFFFF ticks, the longest time one delta can state.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats-error.h"
#include "formats/arietta-text.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_MIDI_READ_DEFAULT = 0,
  ARIETTA_MIDI_READ_SALVAGE = 1 << 0, /* keep what is whole of a broken file; the break becomes a warning */
} AriettaMidiReadFlags;

/* What was odd about a file that could be read. */
typedef struct
{
  int             format;    /* 0, 1, 2 */
  gboolean        riff;
  AriettaEncoding encoding;  /* of the texts, as guessed over all of them */
  GPtrArray      *warnings;  /* char *, each a sentence with track and byte; a hundred at most */
} AriettaMidiReport;

void          arietta_midi_report_clear (AriettaMidiReport     *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaMidiReport, arietta_midi_report_clear)

/* @name stands for the file in sentences.  @report may be NULL; it is filled on success only and
 * then belongs to the caller.  The piece is frozen.  Errors: ARIETTA_FORMATS_ERROR with file, track
 * and byte. */
AriettaPiece *arietta_midi_read_bytes   (const guint8          *data,
                                         gsize                  size,
                                         const char            *name,
                                         AriettaMidiReadFlags   flags,
                                         AriettaMidiReport     *report,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_midi_read_file    (const char            *path,
                                         AriettaMidiReadFlags   flags,
                                         AriettaMidiReport     *report,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* The encoding that suits the texts of a piece best, and the piece as shown in another one (names
 * and title; the bytes of the events stay): for a person who sees that the guess was wrong. */
AriettaEncoding arietta_midi_guess_encoding (AriettaPiece    *piece);
AriettaPiece *arietta_midi_with_encoding (AriettaPiece       *piece,
                                          AriettaEncoding     encoding) G_GNUC_WARN_UNUSED_RESULT;

/* Format 0 merges the tracks, format 1 keeps them; others are ARIETTA_FORMATS_ERROR_UNSUPPORTED.
 * The same piece gives the same bytes. A piece counted in SMPTE frames keeps its division, unless
 * its tempo map was changed: then it is counted in quarters. */
GBytes       *arietta_midi_write_bytes  (AriettaPiece          *piece,
                                         int                    format,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* Atomic and durable. */
gboolean      arietta_midi_write_file   (AriettaPiece          *piece,
                                         int                    format,
                                         const char            *path,
                                         GError               **error);

G_END_DECLS
