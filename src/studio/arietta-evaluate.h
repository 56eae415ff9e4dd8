/* arietta-evaluate.h - what a model is worth on given pieces, beside what it writes itself
 *
 * To the figures of the model's kind (arietta_model_evaluate ()) this adds those of what the model
 * writes when nobody asks for anything, compared with the given pieces as the model hears them:
 *
 *   samples          n pieces of two bars (or the kind's whole window) from the prior: temperature 1,
 *                    metre and key drawn from the pieces', any style, none thrown away
 *   overlap          mean and each statistic (analysis/arietta-overlap.h); "ceiling": half of the
 *                    pieces against the other; "shuffled": the pieces' notes dealt out anew
 *   musegan          of the samples, "data" of the pieces (analysis/arietta-musegan.h); tonal
 *                    distances are null where the data's own bars in another order are not at least
 *                    0.01 further
 *   copied_share     of the passages in takes of 16 bars composed as the program does, seeds 1 on;
 *                    "copied" has the counts, the same of the pieces themselves
 *                    (analysis/arietta-copied.h), and "unguarded_share" of takes in which copies are not
 *                    drawn anew (learning/arietta-copy-guard.h); null when the model does not say what it learned
 *                    from.  Of drums where there are only drums.
 *   conditions       whether a kind that fills does as it is asked
 *                    (studio/arietta-evaluate-conditions.h)
 *   parts            whether the parts it writes to others belong to them (studio/arietta-evaluate-parts.h)
 *   self_repetition  share of the bars of those takes that repeat one before, and of the pieces'
 *
 * Threads: a plain function that blocks; run it in a job.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-model.h"
#include "library/arietta-library.h"
#include "studio/arietta-job.h"

G_BEGIN_DECLS

/* As many as suit the kind: a point in space is decoded in milliseconds, so 1,000, as published figures have it; what
 * writes note by note takes a hundred times as long, so 200 unless more are asked for,
 * and 12 whole takes instead of 50; with a number of samples, a take for each eight of them. */
#define ARIETTA_EVALUATE_DEFAULT G_MAXUINT

/* @n_samples windows of two bars; 0: the kind's own figures alone.  Same pieces and seed: same
 * figures. */
JsonObject *arietta_evaluate         (AriettaLibrary        *library,
                                      const char            *model,
                                      const AriettaExample  *examples,
                                      guint                  n_examples,
                                      guint                  n_samples,
                                      guint64                seed,
                                      AriettaStepFunc        per_step,
                                      gpointer               user_data,
                                      AriettaJob            *job,
                                      GError               **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same on the held-out part of a dataset (its test part, or else its validation part), as a job
 * for the queue; the result is a JsonObject and is remembered with the model. */
AriettaJob *arietta_evaluate_job_new (AriettaLibrary        *library,
                                      const char            *model,
                                      const char            *dataset) G_GNUC_WARN_UNUSED_RESULT;

/* The last figures remembered of a model, by the digest of its weights; NULL when there are none.
 * "dataset" and "unix_time" say of what and when. */
JsonObject *arietta_evaluate_recall  (AriettaLibrary        *library,
                                      const char            *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
