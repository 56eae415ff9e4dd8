/* arietta-model-file.h - a model as one safetensors file
 *
 * The parameters under their names, what else the kind stores, and in the metadata: "arietta" (the
 * version of this layout, 1), "kind", "recipe" (its whole text), and what the kind adds.  "seen"
 * (U64) has the first eight bytes of the digest of every piece that was learned from, so that
 * evaluating can tell; "known" (U8) the bars of these pieces (analysis/arietta-copied.h), so that
 * copies can be found.  Such a file is all that is needed to use the model.
 *
 * A trained model holds its weights in 16 bits.  Those that come with the program have their large matrices in 8,
 * with a scale for each row; what that costs is measured (studio/arietta-model-pack.h).
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_WEIGHTS_F32,
  ARIETTA_WEIGHTS_F16,
  ARIETTA_WEIGHTS_I8,    /* matrices of 4,096 numbers and more, in rows of at least 16, that lose no more than
                          * a hundredth of their size; the rest as F16 */
} AriettaModelWeights;

gboolean arietta_model_file_save (const AriettaModelKind  *kind,
                                  gpointer                 net,
                                  AriettaRecipe           *recipe,
                                  AriettaModelWeights      weights,
                                  GArray                  *seen,     /* guint64; NULL: not known */
                                  GBytes                  *known,    /* NULL: not known */
                                  const char              *path,
                                  GError                 **error);
/* A new net, not yet ready; its kind, recipe, and (NULL when not known) what it has seen and knows. Errors:
 * ARIETTA_LEARNING_ERROR_MODEL_FILE and of nn/. */
gpointer arietta_model_file_load (const char              *path,
                                  const AriettaModelKind **kind,
                                  AriettaRecipe          **recipe,
                                  GArray                 **seen,
                                  GBytes                 **known,
                                  GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* As "seen" counts it. */
guint64  arietta_model_file_mark (AriettaPiece            *piece);
/* What saving as @weights would make of them, done to them. */
void     arietta_model_file_round (AriettaParams          *params,
                                   AriettaModelWeights     weights);
/* The model of @path as another file, @path itself or @target, with its weights as @weights and everything else as it
 * is stored now. */
gboolean arietta_model_file_pack  (const char             *path,
                                   const char             *target,
                                   AriettaModelWeights     weights,
                                   GError                **error);

G_END_DECLS
