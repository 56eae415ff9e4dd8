/* arietta-save.h - a file of ours onto the disk, whole or not at all
 *
 * Threads: any; two that save one file make it one of the two.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Beside @path, durable, and renamed when whole: a full disk leaves what was there.  The error is of @domain (made by
 * ARIETTA_DEFINE_ERROR) and @code, names the file, and says what to do. */
gboolean arietta_save_file (const char  *path,
                            const void  *bytes,
                            gsize        n,
                            GQuark       domain,
                            int          code,
                            GError     **error);

G_END_DECLS
