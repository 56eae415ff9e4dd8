/* arietta-note-verbs.h - what a hand does to notes
 *
 * Each takes a frozen piece and a selection of its notes and returns the frozen piece after the verb; @selected, if not NULL,
 * becomes the selection of the same notes there (a new reference).  Notes that changed are marked
 * ARIETTA_NOTE_EDITED.  The piece that was given is left as it is, so undo needs nothing from here
 * (music/arietta-edit.h).  When there is nothing to do, @piece itself comes back, with a new reference.
 *
 * Pure; any thread.
 */
#pragma once

#include "base/arietta-random.h"
#include "music/arietta-selection.h"

G_BEGIN_DECLS

/* By time and pitch; the whole selection stops where its first note would begin before 0 or one would leave
 * 0..127, so that shapes are kept. */
AriettaPiece *arietta_notes_move        (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gint64                  ticks,
                                         int                     semitones,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Ends move by @ticks; no note becomes shorter than @least_ticks (1 or more) unless it was. */
AriettaPiece *arietta_notes_resize      (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gint64                  ticks,
                                         gint64                  least_ticks,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Onsets move by @ticks and ends stay; no note begins before 0, none becomes shorter than @least_ticks unless it was. */
AriettaPiece *arietta_notes_resize_starts (AriettaPiece         *piece,
                                         AriettaSelection       *notes,
                                         gint64                  ticks,
                                         gint64                  least_ticks,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Adds to velocities; 1..127. */
AriettaPiece *arietta_notes_louder      (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         int                     velocity,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* One velocity (1..127) for each note of the selection, in its order. */
AriettaPiece *arietta_notes_set_velocities (AriettaPiece        *piece,
                                         AriettaSelection       *notes,
                                         const guint8           *velocities,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Each to the nearest pitch whose class has its bit in @classes; percussion stays. */
AriettaPiece *arietta_notes_to_scale    (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         guint                   classes,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Each to the next pitch of @classes above it, or with @direction < 0 below it; percussion by a semitone.  The whole
 * selection stays where one of them would leave 0..127. */
AriettaPiece *arietta_notes_step_in_scale (AriettaPiece         *piece,
                                         AriettaSelection       *notes,
                                         guint                   classes,
                                         int                     direction,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_notes_remove      (AriettaPiece           *piece,
                                         AriettaSelection       *notes) G_GNUC_WARN_UNUSED_RESULT;
/* Copies @ticks later; the copies are selected. */
AriettaPiece *arietta_notes_duplicate   (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gint64                  ticks,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that sound across @tick become two. */
AriettaPiece *arietta_notes_split       (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gint64                  tick,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Notes of one track, channel and pitch become one, from the first onset to the last end. */
AriettaPiece *arietta_notes_join        (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  gint64 grid_ticks;   /* 1 or more: where notes belong; triplets are a grid of two thirds */
  double strength;     /* 0..1: how far towards it */
  double swing;        /* 0..1: every second line of the grid is that much of half a grid late; 2/3 is a triplet feel */
  gboolean ends;       /* the ends too, never shorter than a grid */
} AriettaQuantise;

/* Lines of the grid are counted from the beginning of each bar. */
AriettaPiece *arietta_notes_quantise    (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         const AriettaQuantise  *settings,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* Onsets by up to about @ticks and velocities by up to about @velocity either way, normally distributed (a third of
 * these is the deviation) and never beyond. */
AriettaPiece *arietta_notes_humanise    (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gint64                  ticks,
                                         int                     velocity,
                                         AriettaRandom          *random,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* What models may not touch. */
AriettaPiece *arietta_notes_lock        (AriettaPiece           *piece,
                                         AriettaSelection       *notes,
                                         gboolean                lock,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;
/* @note joins track @track; channel and program are the track's. */
AriettaPiece *arietta_notes_add         (AriettaPiece           *piece,
                                         guint                   track,
                                         const AriettaNote      *note,
                                         AriettaSelection      **selected) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
