/* arietta-train-estimate.h - what a training would take, found by beginning it
 *
 * A few pieces of the dataset, the default recipe of the kind, two steps: how long one takes here and now, how much
 * memory, and how many there are to a pass through all pieces.  Nothing of it stays.
 *
 * Threads: a function that blocks, for a second or a few.
 */
#pragma once

#include "library/arietta-library.h"

G_BEGIN_DECLS

typedef struct
{
  double  step_seconds;
  double  steps_per_pass;
  guint64 bytes;            /* weights with all that training keeps of them, and room for a step */
} AriettaTrainEstimate;

/* NULL with an error, also when @cancellable was cancelled; free with g_free (). */
AriettaTrainEstimate *arietta_train_estimate (AriettaLibrary  *library,
                                              const char      *kind,
                                              const char      *dataset,
                                              GCancellable    *cancellable,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
