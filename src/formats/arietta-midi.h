/* arietta-midi.h - Standard MIDI files, read and written
 *
 * After the MIDI Manufacturers Association's "Standard MIDI Files 1.0" (RP-001): formats 0, 1 and 2,
 * divisions in ticks per quarter and in SMPTE frames, running status, and the RIFF RMID wrapper.
 *
 * Notes: every note-on with a velocity over 0 is one note; equal pitches of a channel within a track are
 * paired first in, first out; a note that never ends ends with its track; length zero is kept.  The
 * tracks of format 2 follow one another in time.  Everything else (controllers, bends, texts in their own
 * bytes, system exclusive) is kept in its track and written back.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats-error.h"
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
  int        format;    /* 0, 1, 2 */
  gboolean   riff;
  GPtrArray *warnings;  /* char *, each a sentence with track and byte */
} AriettaMidiReport;

void          arietta_midi_report_clear (AriettaMidiReport     *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaMidiReport, arietta_midi_report_clear)

/* @name stands for the file in sentences.  @report may be NULL; it is filled on success only and then
 * belongs to the caller.  The piece is frozen.  Errors: ARIETTA_FORMATS_ERROR with file, track and byte. */
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

/* Format 0 merges the tracks; format 1 writes the maps into the first track if it holds no notes, else
 * into a track before it. The same piece gives the same bytes. */
GBytes       *arietta_midi_write_bytes  (AriettaPiece          *piece,
                                         int                    format,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* Atomic and durable. */
gboolean      arietta_midi_write_file   (AriettaPiece          *piece,
                                         int                    format,
                                         const char            *path,
                                         GError               **error);

G_END_DECLS
