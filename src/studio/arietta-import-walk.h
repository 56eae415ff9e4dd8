/* arietta-import-walk.h - which files an import is about
 *
 * Private to the import.
 */
#pragma once

#include <gio/gio.h>

#include "formats/arietta-formats.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  char          *path;
  AriettaMedium  medium;
  goffset        n_bytes;
  char          *reason;   /* not NULL: a folder that cannot be opened, refused with this */
} AriettaImportFile;

typedef struct
{
  GArray *files;      /* AriettaImportFile: sound and notes, in the order of the names */
  guint   n_skipped;  /* of other endings, hidden, or no files at all */
} AriettaImportWalk;

void     arietta_import_walk_clear (AriettaImportWalk  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaImportWalk, arietta_import_walk_clear)

/* FALSE when a path is not there (ARIETTA_STUDIO_ERROR_NOT_FOUND) or when cancelled. */
gboolean arietta_import_walk       (const char *const  *paths,
                                    guint               n_paths,
                                    AriettaJob         *job,
                                    AriettaImportWalk  *walk,
                                    GError            **error);

G_END_DECLS
