/* arietta-window-set.h - the windows of many pieces, and the dull predictors to beat
 *
 * A set holds the steps of each piece once; a window is a place in them and is read when it is
 * wanted, so that long windows that overlap cost nothing.
 *
 * Threads: one while it is filled; any number afterwards.
 */
#pragma once

#include "encoding/arietta-steps.h"

G_BEGIN_DECLS

/* What windows are cut: @n_bars bars, of at most @max_steps steps.  A window is made of units: in each
 * voice, @unit_bars bars at a time (the last of fewer), of at most @max_unit_steps steps; with 0 the
 * whole window is one. */
typedef struct
{
  const AriettaStepForm *form;
  guint                  n_bars;
  guint                  max_steps;
  guint                  unit_bars;
  guint                  max_unit_steps;
} AriettaWindowShape;

typedef struct _AriettaWindowSet AriettaWindowSet;

AriettaWindowSet *arietta_window_set_new     (const AriettaWindowShape *shape) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_window_set_free    (AriettaWindowSet  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaWindowSet, arietta_window_set_free)

/* Cuts @piece into windows of the shape's bars, stride one bar; bars that remain at the end give one
 * of their own, and so does a pickup where windows have two bars.  A piece shorter than a window is
 * one by itself.  Windows in which no note begins are left out.  The number of windows, 0 for a piece
 * with nothing of the form; *n_failed (may be NULL) is increased by the whole windows too long for
 * the shape. */
guint             arietta_window_set_add     (AriettaWindowSet  *self,
                                              AriettaPiece      *piece,
                                              const char        *style,
                                              guint             *n_failed);
/* Drops windows equal in tokens and positions to an earlier one (of the same style). */
void              arietta_window_set_unique  (AriettaWindowSet  *self);

guint             arietta_window_set_get_n   (AriettaWindowSet  *self);
/* Its steps, in C where the form knows keys. */
void              arietta_window_set_read    (AriettaWindowSet  *self,
                                              guint              nth,
                                              AriettaStepWindow *window);
/* FALSE when the shape has no room for it. */
gboolean          arietta_window_shape_fits  (const AriettaWindowShape *shape,
                                              const AriettaStepWindow  *window);
/* Units of a window; no more than the most there can be. */
guint             arietta_window_shape_count_units (const AriettaWindowShape *shape,
                                                    const AriettaStepWindow  *window);
guint             arietta_window_shape_get_most_units (const AriettaWindowShape *shape);
/* The cells of unit @nth: from *first up to *end.  TRUE when a voice begins with it. */
gboolean          arietta_window_shape_find_unit (const AriettaWindowShape *shape,
                                                  const AriettaStepWindow  *window,
                                                  guint                     nth,
                                                  guint                    *first,
                                                  guint                    *end);
/* Cells of a window's longest unit, without reading it. */
guint             arietta_window_set_get_unit_cells (AriettaWindowSet *self,
                                                     guint            nth);
/* Index of its style in the set, -1 unlabelled. */
int               arietta_window_set_get_label    (AriettaWindowSet *self,
                                                   guint             nth);
/* In the order of first appearance. */
const char       *arietta_window_set_get_style    (AriettaWindowSet *self,
                                                   guint             nth);

/* Windows of a piece one after another without overlap, as a model encodes it: (with windows of two
 * bars) the pickup by itself, then the shape's bars at a time, fewer where they do not fit; those
 * without an onset left out.  An array of AriettaStepWindow. */
GArray           *arietta_window_set_cut     (const AriettaWindowShape *shape,
                                              AriettaSteps             *steps);

/* How often the token was the right one. */
typedef struct
{
  double all;       /* of all steps */
  double onsets;    /* of the steps where a note begins */
  double nll;       /* nats per step; NaN where there is none */
} AriettaStepScore;

/* Always the token before (at the first step: hold). */
AriettaStepScore  arietta_window_set_score_copy    (AriettaWindowSet *test);
/* For each window of @test the window of @train of equal length with the most equal steps. At most
 * @limit windows of @test, evenly taken. */
AriettaStepScore  arietta_window_set_score_nearest (AriettaWindowSet *train,
                                                    AriettaWindowSet *test,
                                                    guint             limit);

/* Counting (arietta-step-counts.h) taught by @train, with the true steps before each. */
AriettaStepScore  arietta_window_set_score_counts  (AriettaWindowSet *train,
                                                    AriettaWindowSet *test,
                                                    guint             limit);

G_END_DECLS
