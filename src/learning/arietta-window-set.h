/* arietta-window-set.h - the melody windows of many pieces, and the dull predictors to beat
 *
 * Threads: one while it is filled; any number afterwards.
 */
#pragma once

#include "encoding/arietta-steps.h"

G_BEGIN_DECLS

typedef struct
{
  AriettaStepWindow window;   /* in C */
  int               style;    /* index of the set, -1 unlabelled */
  guint             piece;    /* a running number */
} AriettaLabelledWindow;

typedef struct _AriettaWindowSet AriettaWindowSet;

AriettaWindowSet            *arietta_window_set_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void                         arietta_window_set_free    (AriettaWindowSet  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaWindowSet, arietta_window_set_free)

/* Cuts the melody of @piece into windows of two bars, stride one bar; a pickup and a last odd bar
 * give one of one bar each.  Windows in which no note begins are left out.  The number of windows,
 * 0 for a piece without a melody; *n_failed (may be NULL) is increased by the two-bar windows too
 * long for the encoding. */
guint                        arietta_window_set_add     (AriettaWindowSet  *self,
                                                         AriettaPiece      *piece,
                                                         const char        *style,
                                                         guint             *n_failed);
/* Drops windows equal in tokens and positions to an earlier one (of the same style). */
void                         arietta_window_set_unique  (AriettaWindowSet  *self);

guint                        arietta_window_set_get_n   (AriettaWindowSet  *self);
const AriettaLabelledWindow *arietta_window_set_get_nth (AriettaWindowSet  *self,
                                                         guint              nth);
/* In the order of first appearance. */
guint                        arietta_window_set_get_n_styles (AriettaWindowSet *self);
const char                  *arietta_window_set_get_style    (AriettaWindowSet *self,
                                                              guint             nth);

/* Windows of a piece one after another without overlap, as a model encodes it: the pickup by
 * itself, then pairs of bars, a last odd bar by itself; those without an onset left out. An array
 * of AriettaStepWindow. */
GArray                      *arietta_window_set_cut     (AriettaSteps      *steps);

/* How often the token was the right one. */
typedef struct
{
  double all;       /* of all steps */
  double onsets;    /* of the steps where a note begins */
  double nll;       /* nats per step; NaN where there is none */
} AriettaStepScore;

/* Always the token before (at the first step: hold). */
AriettaStepScore             arietta_window_set_score_copy    (AriettaWindowSet *test);
/* For each window of @test the window of @train of equal length with the most equal steps. At most
 * @limit windows of @test, evenly taken. */
AriettaStepScore             arietta_window_set_score_nearest (AriettaWindowSet *train,
                                                               AriettaWindowSet *test,
                                                               guint             limit);

/* Counting (arietta-step-counts.h) taught by @train, with the true steps before each. */
AriettaStepScore             arietta_window_set_score_counts  (AriettaWindowSet *train,
                                                               AriettaWindowSet *test,
                                                               guint             limit);

G_END_DECLS
