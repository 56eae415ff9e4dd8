/* arietta-velocity-lane.h - how loud each note is, to be drawn by hand
 *
 * A stem for each note of the roll's active track (of all without one) and for each selected note.
 * A drag draws velocities along its way, with Shift on a straight line; with notes selected it
 * speaks of these alone.  A drag that begins at the head of a selected note makes all selected ones
 * louder or softer together.
 *
 * Keys: Left and Right go from note to note as in the roll, Up and Down change the selected notes
 * by 1, with Shift by 10; Enter or F2 asks for a number.
 *
 * The lane changes nothing itself.  Signals: "drawn" (AriettaSelection notes, GBytes velocities:
 * one byte for each in its order); "changed-by" (int) and "edit" () for the selected notes.
 */
#pragma once

#include "widgets/arietta-lane.h"
#include "widgets/arietta-piano-roll-edit.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_VELOCITY_LANE (arietta_velocity_lane_get_type ())
G_DECLARE_FINAL_TYPE (AriettaVelocityLane, arietta_velocity_lane, ARIETTA, VELOCITY_LANE, AriettaLane)

GtkWidget *arietta_velocity_lane_new      (void);
/* Whose notes, selection and axis these are. */
void       arietta_velocity_lane_set_roll (AriettaVelocityLane *self,
                                           AriettaPianoRoll    *roll);

G_END_DECLS
