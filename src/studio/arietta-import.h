/* arietta-import.h - files and folders into a dataset
 *
 * A folder stands for the music in it, folders within included; a link that leads back is followed once.
 * Files of other endings and hidden ones are counted, not refused.  Note files are read, sound files probed;
 * content that is equal note for note counts once in a dataset.  A file that cannot be read is refused with
 * a sentence, which the dataset keeps.
 *
 * Items are stored in batches, each one transaction, in the order of the names: the same folder gives the
 * same items in the same order however many threads read it.  What stops an import, a cancellation or a full
 * disk, leaves the batches before it whole.
 */
#pragma once

#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

typedef struct
{
  const char *style;      /* NULL: none */
  const char *licence;    /* SPDX id or LicenseRef-...; NULL: NOASSERTION */
  gboolean    may_train;
  int         split;      /* an AriettaSplit, or -1: by tune */
} AriettaImportOptions;

typedef struct
{
  gint64     dataset_id;  /* 0 when nothing was stored */
  guint      imported;
  guint      duplicates;
  guint      skipped;
  GPtrArray *refused;     /* AriettaRefusal, in the order of the names */
  GArray    *ids;         /* gint64, of the items that are new */
  gboolean   cancelled;   /* ended early; the rest says what was stored until then */
} AriettaImportResult;

void                  arietta_import_result_clear (AriettaImportResult         *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaImportResult, arietta_import_result_clear)
AriettaImportResult  *arietta_import_result_new   (void);
void                  arietta_import_result_free  (AriettaImportResult         *self);

/* Blocks.  @dataset is a name, made when there is none of it.  @job may be NULL; it is told of progress once
 * the work has taken a second.  @result, cleared or zero, is filled whether it ends well or not: what it
 * counts is stored.  FALSE with ARIETTA_STUDIO_ERROR_NOT_FOUND (a path that is not there: nothing was done),
 * _NOTHING (no music in it), G_IO_ERROR_CANCELLED, or an error of the library. */
gboolean              arietta_import_paths        (AriettaLibrary              *library,
                                                   const char                  *dataset,
                                                   const char *const           *paths,
                                                   guint                        n_paths,
                                                   const AriettaImportOptions  *options,
                                                   AriettaJob                  *job,
                                                   AriettaImportResult         *result,
                                                   GError                     **error);

/* The same as a job for the queue.  Its result is an AriettaImportResult for arietta_import_result_free ();
 * a cancelled one gives what it has stored. */
AriettaJob           *arietta_import_job_new      (AriettaLibrary              *library,
                                                   const char                  *dataset,
                                                   const char *const           *paths,
                                                   guint                        n_paths,
                                                   const AriettaImportOptions  *options) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
