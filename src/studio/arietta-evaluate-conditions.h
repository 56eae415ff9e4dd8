/* arietta-evaluate-conditions.h - does a model do as it is asked: density, key, metre
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
 * Threads: a plain function that blocks; run it in a job.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-model.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* Asks for @n pieces; metres are those of the given ones.  NULL with an error when stopped. */
JsonObject *arietta_evaluate_conditions (AriettaModel          *model,
                                         const AriettaExample  *examples,
                                         guint                  n_examples,
                                         guint                  n,
                                         guint64                seed,
                                         AriettaJob            *job,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
