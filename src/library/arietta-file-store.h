/* arietta-file-store.h - note files kept under the hash of their content
 *
 * Private to library/.  A file is items/HH/SHA256.ENDING under the library's folder, HH the first two
 * digits of the hash: the same content is kept once, and a file that is there is whole.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* "items/HH/SHA256.ENDING" for these bytes; the ending is taken from @name when that is one of a note
 * file, else "mid". */
char     *arietta_file_store_dup_place (GBytes            *bytes,
                                        const char        *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean  arietta_file_store_has       (const char        *folder,
                                        const char        *place);
/* Writes those that are not there yet, each atomically, all of them on the disk when it returns. Entries of
 * NULL are passed over.  On error what was written stays: it is whole, and nothing speaks of it. */
gboolean  arietta_file_store_put       (const char        *folder,
                                        char *const       *places,
                                        GBytes *const     *bytes,
                                        guint              n,
                                        GError           **error);
/* ARIETTA_LIBRARY_ERROR_FULL or _IO, by errno. */
void      arietta_file_store_set_error (GError           **error,
                                        int                saved_errno,
                                        const char        *path);

G_END_DECLS
