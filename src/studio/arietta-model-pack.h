/* arietta-model-pack.h - the weights of a model in fewer bits, and what that costs
 *
 * Weights in 8 bits take half the space of those in 16.  What they cost is measured before the file is replaced: the
 * surprise at pieces it never learned from, with the weights as they are and as they would be.  A model that would lose
 * more than ARIETTA_MODEL_PACK_MOST is let be.
 *
 * Threads: functions that block.
 */
#pragma once

#include "learning/arietta-model-file.h"
#include "studio/arietta-job.h"
#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* Of the surprise, as a share of it. */
#define ARIETTA_MODEL_PACK_MOST 0.01

typedef struct
{
  const char *figure;          /* its key in “evaluate”: static */
  double      before, after;   /* nats */
  gint64      bytes_before, bytes_after;
} AriettaModelPackCost;

/* Replaces the weights of @info, keeps the beginnings of some of @examples beside them
 * (arietta-surprise.h), and writes "weights" and "storage" (bits, pieces, figure, before, after)
 * into its card.  Its digest in @info is then the old one.  Errors: ARIETTA_STUDIO_ERROR_UNABLE
 * when it would cost too much, and then nothing was changed. */
gboolean arietta_model_pack (AriettaModelInfo      *info,
                             AriettaModelWeights    weights,
                             const AriettaExample  *examples,
                             guint                  n_examples,
                             AriettaJob            *job,
                             AriettaModelPackCost  *cost,
                             GError               **error);

G_END_DECLS
