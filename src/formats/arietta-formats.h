/* arietta-formats.h - one door for every music file format
 *
 * Callers who do not care what a file is come here: the format is known by the first bytes, then by
 * the ending.  A new format adds a row to the table in arietta-formats.c and nothing else.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_MEDIUM_NONE,  /* neither notes nor sound by its ending */
  ARIETTA_MEDIUM_NOTES,
  ARIETTA_MEDIUM_SOUND,
} AriettaMedium;

typedef struct
{
  const char *format;      /* "midi", static */
  int         midi_format; /* 0, 1, 2; -1 when not MIDI */
  GPtrArray  *warnings;    /* char * */
} AriettaReadReport;

void          arietta_read_report_clear    (AriettaReadReport  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaReadReport, arietta_read_report_clear)

/* By the ending alone, without opening: what importing a folder skips or tries. */
AriettaMedium arietta_formats_guess_medium (const char         *path);

/* Reads any known format into a frozen piece. @report may be NULL. */
AriettaPiece *arietta_formats_read         (const char         *path,
                                            AriettaReadReport  *report,
                                            GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* As arietta_formats_read (), but keeps what is whole of a broken file; the break becomes a
 * warning.  Fails when nothing is whole. */
AriettaPiece *arietta_formats_salvage      (const char         *path,
                                            AriettaReadReport  *report,
                                            GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether arietta_formats_write () knows the ending. */
gboolean      arietta_formats_can_write    (const char         *path);
/* Writes in the format of the ending; ARIETTA_FORMATS_ERROR_UNSUPPORTED for one that cannot be
 * written. */
gboolean      arietta_formats_write        (AriettaPiece       *piece,
                                            const char         *path,
                                            GError            **error);

G_END_DECLS
