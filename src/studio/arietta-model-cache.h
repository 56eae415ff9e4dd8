/* arietta-model-cache.h - what has been read of weights files, remembered
 *
 * Every verb wants a model and its digest, and reading either takes longer than composing a bar.
 * The digests of all files looked at and the last few loaded models are kept for the life of the
 * program; a file that was changed or replaced (device, number, size or time differ) is read again.
 *
 * Threads: any.
 */
#pragma once

#include "learning/arietta-model.h"

G_BEGIN_DECLS

/* SHA-256 in hex, or NULL when the file cannot be read. */
char         *arietta_model_cache_dup_digest (const char  *path) G_GNUC_WARN_UNUSED_RESULT;
AriettaModel *arietta_model_cache_load       (const char  *path,
                                              GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
