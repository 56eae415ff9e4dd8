/* arietta-deflate.h - bytes made small, and back
 *
 * The zlib format (RFC 1950).  Threads: pure functions.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *arietta_deflate (const guint8 *bytes,
                         gsize         n) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when the bytes are not whole, or would give more than @most bytes. */
GBytes *arietta_inflate (const guint8 *bytes,
                         gsize         n,
                         gsize         most) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
