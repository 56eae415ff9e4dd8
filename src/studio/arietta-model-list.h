/* arietta-model-list.h - every model there is: bundled and trained here
 *
 * Bundled models are files NAME.safetensors, NAME.recipe, NAME.json (card) in the folder of the
 * program's models (ARIETTA_MODELS_DIR overrides it); models trained here are runs in the library.
 * A name is unique: a bundled one wins.
 */
#pragma once

#include "learning/arietta-model.h"
#include "library/arietta-library.h"

G_BEGIN_DECLS

typedef struct
{
  char              *name;
  char              *kind;
  gboolean           bundled;
  AriettaModelState  state;         /* ARIETTA_MODEL_READY for bundled ones */
  gint64             id;            /* row id of one trained here, 0 for bundled */
  char              *folder;        /* of a run, or of the bundled models */
  char              *weights_path;  /* best weights; NULL while there are none yet */
  guint64            parameters;
  char              *sha256;        /* of the weights file, NULL while there are none */
  char             **styles;        /* that it knows, as its weights file names them; never NULL */
  JsonObject        *card;          /* never NULL; empty while there is none */
  char              *problem;       /* why the weights file cannot be used, a sentence; NULL when all is well */
} AriettaModelInfo;

void              arietta_model_info_free    (AriettaModelInfo  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaModelInfo, arietta_model_info_free)

/* What arietta_train_read_log () reads of it. */
char             *arietta_model_info_dup_log_path (const AriettaModelInfo *self);

char             *arietta_models_dup_folder  (void);
/* AriettaModelInfo records, bundled first. */
GPtrArray        *arietta_models_list        (AriettaLibrary    *library,
                                              GError           **error);
/* @name a model's name, or a path of a .safetensors file. */
AriettaModelInfo *arietta_models_find        (AriettaLibrary    *library,
                                              const char        *name,
                                              GError           **error);
/* A name for a new model: @name itself, or where one is called so "name 2" or the next that is free; a
 * number that stands behind it already counts on.  Blocks; any thread. */
char             *arietta_models_dup_free_name (AriettaLibrary  *library,
                                              const char        *name) G_GNUC_WARN_UNUSED_RESULT;
/* Loads the weights; a small cache inside keeps the last few, by path and time of change. Any
 * thread. */
AriettaModel     *arietta_models_load        (AriettaLibrary    *library,
                                              const char        *name,
                                              GError           **error);

G_END_DECLS
