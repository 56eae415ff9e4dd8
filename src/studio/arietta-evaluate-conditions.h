/* arietta-evaluate-conditions.h - does a model do as it is asked: density, key, metre, instruments
 *
 * Pieces of eight bars are asked for, each with a density, a key, a style and a metre, with no
 * scale held to; then they are counted and heard:
 *
 *   density   rank correlation of the class asked for and the notes to the quarter and part that came
 *   key       share of the pieces with pitches ("of") in the key asked for, as those alone tell it (the signature the
 *             program itself writes is not looked at); "relative": that or its relative;
 *             "analyser": share of the given pieces whose one signature it finds so, of "of" pieces
 *   meter     share of pieces whose every bar has the metre asked for
 *
 * and, of a third as many more, with an instrument for each of two to four parts:
 *
 *   instruments  "of" instruments asked for, the "share" of them that play in at least half of the bars (tracks are
 *             made as they are asked for, so being there is not enough), "alone": the share of the
 *             notes that are theirs
 *
 * Threads: a plain function that blocks; run it in a job.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-model.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* Asks for @n pieces and a third more; metres are those of the given ones.  NULL with an error when stopped. */
JsonObject *arietta_evaluate_conditions (AriettaModel          *model,
                                         const AriettaExample  *examples,
                                         guint                  n_examples,
                                         guint                  n,
                                         guint64                seed,
                                         AriettaJob            *job,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
