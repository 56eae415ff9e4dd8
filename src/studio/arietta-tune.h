/* arietta-tune.h - a model taught further on a few pieces, and what it forgot meanwhile
 *
 * A run of its own, begun with the weights of the other model, by its recipe with a fifth of its learning rate.
 * Afterwards both are measured (arietta-surprise.h) on pieces that the first knew to foresee and on those of the
 * new ones that were kept back; the card says under "tuned" what came of it:
 *
 *   {"from", "figure", "old": {"pieces", "before", "after"}, "new": {"pieces", "before", "after", "learned"}}
 *
 * where "learned" is true when there was nothing to keep back.  "old" is missing where no such pieces are known.
 *
 * Threads: functions that block.
 */
#pragma once

#include "learning/arietta-recipe.h"
#include "studio/arietta-job.h"
#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* Unless another time is asked for. */
#define ARIETTA_TUNE_MINUTES 5.0

/* The recipe of @from's weights made one that begins with them. */
AriettaRecipe *arietta_tune_dup_recipe (AriettaLibrary     *library,
                                        const char         *from,
                                        GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Brings files and folders into @dataset, which is made when there is none of it.  Of several files
 * one in five, and one at least, is kept back; the rest are to learn from. */
gboolean       arietta_tune_bring_in   (AriettaLibrary     *library,
                                        const char         *dataset,
                                        const char *const  *paths,
                                        AriettaJob         *job,
                                        GError            **error);
/* Measures @from and @weights_path and writes "tuned" into @card, beneath it the data that @from learned from;
 * what is to be measured on from now on goes into @folder.  Not known any more: nothing is written. */
gboolean       arietta_tune_note       (AriettaLibrary     *library,
                                        const char         *from,
                                        const char         *folder,
                                        const char         *weights_path,
                                        gint64              dataset_id,
                                        JsonObject         *card,
                                        AriettaJob         *job,
                                        GError            **error);

G_END_DECLS
