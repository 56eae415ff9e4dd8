/* arietta-training-log.h - log.jsonl of a training's folder, a line of JSON for each point of the curve
 *
 * Read by arietta_training_read_log ().  One thread.
 */
#pragma once

#include "learning/arietta-training.h"

G_BEGIN_DECLS

gboolean arietta_training_log_add  (const char                  *folder,
                                    const AriettaTrainingPoint  *point,
                                    GError                     **error);
/* Forgets the lines after @last_step, the checkpoint's: those steps will be made again. */
gboolean arietta_training_log_trim (const char                  *folder,
                                    gint64                       last_step,
                                    GError                     **error);

G_END_DECLS
