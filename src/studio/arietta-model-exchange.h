/* arietta-model-exchange.h - a model as one file, out of the library and in again; and a copy of one
 *
 * A .arietta-model is a safetensors file (nn/arietta-safetensors.h) with metadata "arietta-model" (the version of this
 * layout, 1), "name" and "kind", and tensors of bytes: "weights" (the whole file of weights, so that its digest
 * stays what takes say they were made with), "card" (JSON: data, licences, figures, limits), "recipe", "log", the curve
 * of the training, and "held", pieces to measure on (arietta-surprise.h), where there are any.
 *
 * Errors: of the library, or ARIETTA_STUDIO_ERROR_UNABLE with what cannot be read or saved and why.
 *
 * Threads: functions that block.
 */
#pragma once

#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

#define ARIETTA_MODEL_SUFFIX ".arietta-model"

/* By the ending alone; @path may be NULL. */
gboolean arietta_model_is_file   (const char      *path);
/* Any model that has weights, bundled ones too. */
gboolean arietta_model_export    (AriettaLibrary  *library,
                                  const char      *name,
                                  const char      *path,
                                  GError         **error);
/* The name it has here: its own, or with a number when that is taken.  Nothing is believed before the weights could be
 * loaded; ARIETTA_LEARNING_ERROR_MODEL_FILE with @path and what is wrong with it. */
char    *arietta_model_import    (AriettaLibrary  *library,
                                  const char      *path,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another of the same weights; its name. */
char    *arietta_model_duplicate (AriettaLibrary  *library,
                                  const char      *name,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
