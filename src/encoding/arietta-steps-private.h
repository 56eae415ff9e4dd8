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
  guint           n_voices;
  AriettaBar     *bars;
  guint          *bar_steps;    /* n_bars + 1: the first step of each bar */
  gint64         *starts;       /* n_steps + 1 ticks */
  guint8         *positions;    /* n_steps */
  guint16        *tokens;       /* n_voices n_steps, a voice after another, as all below */
  guint8         *velocities;   /* of melodies; else NULL */
  guint8         *sounding;     /* of melodies: 1 where a note sounds at the end of the step */
  AriettaStepHits *hits;        /* of drums; else NULL */
};

/* The grid of all bars up to the one that holds the last note. FALSE when it would be too large. */
gboolean arietta_steps_make_grid    (AriettaSteps *self,
                                     AriettaPiece *piece);
/* The step nearest to @tick, 0 .. n_steps. */
guint    arietta_steps_find_nearest (AriettaSteps *self,
                                     gint64        tick);

/* Puts a line of notes, one at a time and in order, into @voice, shifted by the transposition. */
void     arietta_steps_place_line   (AriettaSteps *self,
                                     guint         voice,
                                     const GArray *line);
/* Moves the pitches of the first @n_cells; FALSE and nothing changed when one would leave the range. */
gboolean arietta_steps_transpose_cells (AriettaStepWindow *window,
                                        guint              n_cells,
                                        int                semitones);
/* The one touch of melodies: velocity. */
void     arietta_steps_get_velocity_touch (const AriettaStepWindow *window,
                                           guint                    cell,
                                           float                   *values,
                                           float                   *given);
void     arietta_steps_set_velocity_touch (AriettaStepWindow       *window,
                                           guint                    cell,
                                           const float             *values);

/* For each onset (a token of which something is in @mask, from @first_note on) that lasts into a stronger
 * place where nothing begins, by how much that is stronger; a step (after Longuet-Higgins and Lee 1984). */
double   arietta_steps_measure_syncopation (const AriettaStepWindow *window,
                                            guint                    first_note,
                                            guint16                  mask);

G_END_DECLS
