/* arietta-step-counts.h - predicting the next step by counting
 *
 * The dull predictor a network must beat.  Nested contexts, each a finer one: nothing; the token
 * before; where in the bar; how long it has lasted and at which pitch; the pitch before that; and
 * the one before.  Each backs off to the coarser (learning/arietta-context-counts.h).
 *
 * Threads: one while it learns; any number afterwards.
 */
#pragma once

#include "encoding/arietta-steps.h"

G_BEGIN_DECLS

typedef struct _AriettaStepCounts AriettaStepCounts;

AriettaStepCounts *arietta_step_counts_new     (const AriettaStepForm   *form) G_GNUC_WARN_UNUSED_RESULT;
/* From arietta_step_counts_store () of the same form; NULL when the bytes do not hold together. */
AriettaStepCounts *arietta_step_counts_restore (const AriettaStepForm   *form,
                                                const guint8            *bytes,
                                                gsize                    n_bytes) G_GNUC_WARN_UNUSED_RESULT;
void               arietta_step_counts_free    (AriettaStepCounts       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaStepCounts, arietta_step_counts_free)

/* What is seen too rarely is left out until it takes at most @most bytes. */
GBytes            *arietta_step_counts_store   (AriettaStepCounts       *self,
                                                gsize                    most) G_GNUC_WARN_UNUSED_RESULT;

void               arietta_step_counts_learn   (AriettaStepCounts       *self,
                                                const AriettaStepWindow *window);
/* Takes back what was learned from the same window. */
void               arietta_step_counts_forget  (AriettaStepCounts       *self,
                                                const AriettaStepWindow *window);
/* Chances of the form's tokens of @cell, given those before it in its voice. */
void               arietta_step_counts_predict (AriettaStepCounts       *self,
                                                const AriettaStepWindow *window,
                                                guint                    cell,
                                                double                  *chances);

G_END_DECLS
