/* arietta-evaluate-writing.h - what a model writes, beside what people wrote
 *
 * It writes as often as it is asked to, in the metres and keys of the given pieces, and both sides are measured alike
 * (analysis/arietta-overlap.h, -musegan.h, -copied.h, -repetition.h).  Members that are added to the results:
 *
 *   samples           how many were drawn, of how many bars, from which seed, at which temperature
 *   overlap           mean and eight areas; ceiling, of the pieces with one another; shuffled, their notes dealt anew
 *   musegan           shares and means; data, the same of the pieces
 *   copied_share, copied       passages of four bars that stand in what it learned from, in any key
 *   self_repetition   bars that came before in the same take; data, in the same piece
 *   conditions, parts          of kinds that fill: studio/arietta-evaluate-conditions.h and -parts.h
 *
 * Threads: a plain function that blocks; run it in a job.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-model.h"
#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* @n_samples for the distributions and @n_takes whole pieces, of the model @name that @model is.  FALSE with an error
 * when stopped, or when it could not write. */
gboolean arietta_evaluate_writing (AriettaLibrary        *library,
                                   const char            *name,
                                   AriettaModel          *model,
                                   const AriettaExample  *examples,
                                   guint                  n_examples,
                                   guint                  n_samples,
                                   guint                  n_takes,
                                   guint64                seed,
                                   JsonObject            *results,
                                   AriettaJob            *job,
                                   GError               **error);

G_END_DECLS
