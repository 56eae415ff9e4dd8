/* arietta-mxl.h - the score inside of a compressed MusicXML file
 *
 * A zip archive (formats/arietta-archive.h), of which META-INF/container.xml names the score
 * (MusicXML 4.0, "Compressed .MXL Files").
 *
 * Threads: pure functions.
 */
#pragma once

#include <glib.h>

#include "formats/arietta-formats-error.h"

G_BEGIN_DECLS

/* The text of the score, in whatever encoding, at most @most bytes however small they were packed; without a container
 * the first score in it.  @name is for sentences. */
GBytes *arietta_mxl_unpack (const void  *bytes,
                            gsize        n,
                            gsize        most,
                            const char  *name,
                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
