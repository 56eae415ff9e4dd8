/* arietta-schema.h - the tables of the library and how they came to be
 *
 * Private to library/.  PRAGMA user_version is the number of migrations done.  A migration, once it was in
 * a release, is never edited: what is wrong with it is mended by the next.
 */
#pragma once

#include "library/arietta-database.h"

G_BEGIN_DECLS

/* The version this program brings a library to. */
int      arietta_schema_get_version (void);
/* Refuses what is newer (ARIETTA_LIBRARY_ERROR_NEWER) or no library (ARIETTA_LIBRARY_ERROR_DAMAGED) without
 * a change; brings what is older up to date, a transaction for each step.  Takes the writer, unlocked. */
gboolean arietta_schema_prepare     (AriettaDatabase  *writer,
                                     const char       *path,
                                     GError          **error);

G_END_DECLS
