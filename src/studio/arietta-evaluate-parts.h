/* arietta-evaluate-parts.h - do the parts a model writes belong to what is there?
 *
 * From the first bars of given pieces a part is taken away and asked for anew: chords to a melody alone, a
 * melody to the rest, a bass to melody and chords, drums to all.  For each of the four:
 *
 *   cases      pieces it was asked in
 *   played     share of the bars in which the others sound and the new part does too
 *   consonant  of all moments in which a note of the new part sounds with one of the others, the share in
 *              which the two are a unison, third, fourth, fifth, sixth or octave apart (not of drums)
 *   moved      the same with the new part a bar later, the last bar first: what is right by key alone
 *   people     the same of the part that was taken away, where there was one; people_moved of that part a bar later
 *
 * Threads: a plain function that blocks; run it in a job.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-model.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* @n cases of each at most.  NULL with an error when stopped. */
JsonObject *arietta_evaluate_parts (AriettaModel          *model,
                                    const AriettaExample  *examples,
                                    guint                  n_examples,
                                    guint                  n,
                                    guint64                seed,
                                    AriettaJob            *job,
                                    GError               **error);

G_END_DECLS
