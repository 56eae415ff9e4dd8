/* arietta-archive.h - zip archives in memory, read with distrust
 *
 * By libarchive.  What an archive says of itself is not believed: at most a hundred thousand
 * entries, each unpacked only as far as its reader allows, archives within archives not followed.
 *
 * Threads: pure functions.
 */
#pragma once

#include <glib.h>

#include "formats/arietta-formats-error.h"

G_BEGIN_DECLS

typedef gboolean (*AriettaArchiveWanted) (const char *entry,
                                          gpointer    user_data);

/* By the first bytes: whether it is one at all. */
gboolean arietta_archive_is_one (const void            *bytes,
                                 gsize                  n);
/* The first entry that is @wanted, at most @most bytes of it unpacked; NULL without error when there is none.  @name is
 * for sentences. */
GBytes  *arietta_archive_find   (const void            *bytes,
                                 gsize                  n,
                                 AriettaArchiveWanted   wanted,
                                 gpointer               user_data,
                                 gsize                  most,
                                 const char            *name,
                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same by its path in the archive. */
GBytes  *arietta_archive_get    (const void            *bytes,
                                 gsize                  n,
                                 const char            *entry,
                                 gsize                  most,
                                 const char            *name,
                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* Entries in the order they are added; the same ones give the same bytes.  The first is stored as
 * it is, so that programs find it at a fixed place. */
typedef struct _AriettaArchiveWriter AriettaArchiveWriter;

AriettaArchiveWriter *arietta_archive_writer_new    (void) G_GNUC_WARN_UNUSED_RESULT;
void                  arietta_archive_writer_add    (AriettaArchiveWriter *self,
                                                     const char           *entry,
                                                     const void           *bytes,
                                                     gsize                 n);
/* Ends and frees it. */
GBytes               *arietta_archive_writer_finish (AriettaArchiveWriter *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
