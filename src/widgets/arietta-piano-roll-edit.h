/* arietta-piano-roll-edit.h - the hand in the piano roll: selecting, moving, sizing and drawing notes
 *
 * The roll changes nothing itself.  It shows a selection, follows the pointer with an outline, and says by signal what was asked for
 * when the button is let go; whoever owns the piece answers with the next one.
 *
 *   a click on a note selects it (with Ctrl or Shift: adds or takes away), on empty ground selects nothing
 *   a drag of a note moves all selected ones, with Ctrl copies them; of its right edge: makes them longer, of its left one:
 *   lets them begin earlier or later
 *   a drag on empty ground draws a rubber band; a double click there, or a drag with the pencil, draws a note
 *   Alt and arrows move the selection by a grid or a semitone, Alt+Shift and Up or Down by an octave,
 *   Alt+Shift and Left or Right its ends; Shift and arrows select along the cursor
 *
 *   Insert draws a note at the play head, as high as the one under the cursor
 *   in the drum grid a click on a cell puts a hit there or takes it away, a drag sideways carries it, up and down makes it
 *   louder and softer, over empty cells it is a rubber band
 *   a click on the keyboard or a drum's name with Ctrl selects every note of the pitch, with Shift adds them
 *
 * Places snap to the grid, counted from the beginning of each bar.
 *
 * Signals of AriettaPianoRoll: "selection-changed" (); "notes-moved" (int64 ticks, int semitones, bool copy); "notes-resized"
 * (int64 ticks, bool starts: of these instead of the ends); "note-drawn" (int pitch, int64 onset_ticks, int64 duration_ticks); "notes-erased" (AriettaSelection);
 * "velocity-changed" (int by): of the selected notes.
 */
#pragma once

#include "music/arietta-selection.h"
#include "widgets/arietta-piano-roll.h"

G_BEGIN_DECLS

/* FALSE at first: a roll to look at. */
void              arietta_piano_roll_set_editable  (AriettaPianoRoll *self,
                                                    gboolean          editable);
gboolean          arietta_piano_roll_get_editable  (AriettaPianoRoll *self);
/* The pencil: dragging on empty ground draws notes instead of a rubber band. */
void              arietta_piano_roll_set_drawing   (AriettaPianoRoll *self,
                                                    gboolean          drawing);
/* 0: places are free. */
void              arietta_piano_roll_set_grid      (AriettaPianoRoll *self,
                                                    gint64            grid_ticks);
/* Notes that are drawn or carried land on pitches of "scale". */
void              arietta_piano_roll_set_scale_snap (AriettaPianoRoll *self,
                                                    gboolean          snap);
/* Of the piece that is shown; setting another piece selects nothing.  NULL: nothing. */
void              arietta_piano_roll_set_selection (AriettaPianoRoll *self,
                                                    AriettaSelection *selection);
/* What is no shade; all notes of @pitch, to the others with @more. */
void              arietta_piano_roll_select_all    (AriettaPianoRoll *self);
void              arietta_piano_roll_select_pitch  (AriettaPianoRoll *self,
                                                    int               pitch,
                                                    gboolean          more);
/* Never NULL; borrowed. */
AriettaSelection *arietta_piano_roll_get_selection (AriettaPianoRoll *self);

G_END_DECLS
