/* arietta-model-file.h - a model as one safetensors file
 *
 * The parameters under their names, what else the kind stores, and in the metadata: "arietta" (the
 * version of this layout, 1), "kind", "recipe" (its whole text), and what the kind adds.  "seen"
 * (U64) has the first eight bytes of the digest of every piece that was learned from, so that
 * evaluating can tell; "known" (U8) the bars of these pieces (analysis/arietta-copied.h), so that
 * copies can be found.  Such a file is all that is needed to use the model.
 *
 * Threads: pure functions of their arguments.
 */
#pragma once

#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

gboolean arietta_model_file_save (const AriettaModelKind  *kind,
                                  gpointer                 net,
                                  AriettaRecipe           *recipe,
                                  gboolean                 half,     /* weights in 16 bits */
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
/* What saving with @half would make of the weights, done to them. */
void     arietta_model_file_round (AriettaParams          *params);

G_END_DECLS
