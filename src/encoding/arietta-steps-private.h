/* What the encodings on the sixteenth grid share. */
#pragma once

#include "encoding/arietta-steps.h"
#include "music/arietta-bar-map.h"

G_BEGIN_DECLS

struct _AriettaSteps
{
  AriettaTonality key;
  int             transposition;
  gboolean        has_pickup;
  guint           n_notes;
  guint           n_lost;
  guint           n_bars;
  AriettaBar     *bars;
  guint          *bar_steps;    /* n_bars + 1: the first step of each bar */
  gint64         *starts;       /* n_steps + 1 ticks */
  guint8         *positions;    /* n_steps, as all below */
  guint16        *tokens;
  guint8         *velocities;   /* of a melody; else NULL */
  guint8         *sounding;     /* of a melody: 1 where a note sounds at the end of the step */
  AriettaStepHits *hits;        /* of drums; else NULL */
};

/* The grid of all bars up to the one that holds the last note. FALSE when it would be too large. */
gboolean arietta_steps_make_grid    (AriettaSteps *self,
                                     AriettaPiece *piece);
/* The step nearest to @tick, 0 .. n_steps. */
guint    arietta_steps_find_nearest (AriettaSteps *self,
                                     gint64        tick);

/* For each onset (a token of which something is in @mask, from @first_note on) that lasts into a stronger
 * place where nothing begins, by how much that is stronger; a step (after Longuet-Higgins and Lee 1984). */
double   arietta_steps_measure_syncopation (const AriettaStepWindow *window,
                                            guint                    first_note,
                                            guint16                  mask);

G_END_DECLS
