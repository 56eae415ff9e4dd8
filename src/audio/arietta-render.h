/* arietta-render.h - a piece as sound in a file, faster than real time
 *
 * The same synthesis as the player's.  The ending names the format: .wav (16-bit PCM, 44.1 kHz, stereo,
 * plain header), .flac, and where GStreamer has their encoders .ogg (Vorbis), .opus and .mp3.  Written beside the
 * target and renamed when whole, so a full disk or a cancel leaves nothing half-written.
 *
 * Threads: any; one call does not disturb another.
 */
#pragma once

#include <gio/gio.h>

#include "audio/arietta-audio-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  double seconds;
  double peak_db;   /* of full scale; -G_MAXDOUBLE never: silence is -144 */
  double lufs;      /* integrated loudness, ITU-R BS.1770-4; -144 for silence */
} AriettaRenderResult;

/* Called from the rendering thread; FALSE stops. */
typedef gboolean (*AriettaRenderProgress) (double   fraction,
                                           gpointer user_data);

/* @soundfont NULL: the default; one that cannot be read is an error, not replaced.  @tags may be NULL:
 * pairs "title", "artist", "comment" (char *). */
gboolean arietta_render_file      (AriettaPiece           *piece,
                                   const char             *path,
                                   const char             *soundfont,
                                   GHashTable             *tags,
                                   AriettaRenderProgress   progress,
                                   gpointer                user_data,
                                   GCancellable           *cancellable,
                                   AriettaRenderResult    *result,
                                   GError                **error);
/* TRUE when the ending is one that can be written here and now; the error says what is missing. */
gboolean arietta_render_can_write (const char             *path,
                                   GError                **error);

G_END_DECLS
