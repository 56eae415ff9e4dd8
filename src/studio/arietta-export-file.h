/* arietta-export-file.h - a piece as a file of any kind, and its tracks as files of their own
 *
 * The ending says what it becomes: notes (.mid, .musicxml), sound (.wav, .flac, .ogg, .opus, .mp3) or a picture of the
 * roll (.png, .svg).  Each carries what the piece states about its origin: as MIDI text, as
 * identification of the score, as tags of the sound, as text of the picture.  Whoever exports for a
 * person states it first by arietta_provenance_export ().
 *
 * Threads: any; blocking.
 */
#pragma once

#include "audio/arietta-render.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;        /* for tags; NULL: the piece's own */
  const char *soundfont;    /* NULL: the default */
  int         midi_format;  /* 0 or 1 */
} AriettaExportOptions;

#define ARIETTA_EXPORT_OPTIONS_INIT { .midi_format = 1 }

/* @piece is frozen.  @job (may be NULL) hears of progress and may stop it; @result (may be NULL) is
 * filled for sound. */
gboolean arietta_export_file      (AriettaPiece                *piece,
                                   const char                  *path,
                                   const AriettaExportOptions  *options,
                                   AriettaJob                  *job,
                                   AriettaRenderResult         *result,
                                   GError                     **error);
/* One file for each track with notes: for "Song.flac" these are "Song-1.flac", "Song-2.flac" and so on, all beginning
 * with the piece; with @named "Song-1 Piano.flac".  All or none: when one fails or it is stopped,
 * those written go again.  Paths (char *) in the order of the tracks; in @result (may be NULL) of
 * each number the greatest. */
GPtrArray *arietta_export_stems   (AriettaPiece                *piece,
                                   const char                  *path,
                                   gboolean                     named,
                                   const AriettaExportOptions  *options,
                                   AriettaJob                  *job,
                                   AriettaRenderResult         *result,
                                   GError                     **error) G_GNUC_WARN_UNUSED_RESULT;
/* A track of @piece alone, with the maps and the statement of the whole. Frozen. */
AriettaPiece *arietta_export_take_track (AriettaPiece          *piece,
                                         guint                  nth) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
