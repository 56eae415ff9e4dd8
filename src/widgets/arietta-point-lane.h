/* arietta-point-lane.h - things that stand at points of time: markers, chords, metres, tempos
 *
 * One lane for all four.  As labels they stand in a row; with "curve" each has a value too, drawn
 * as the steps of a line that can be dragged up and down.  The lane changes nothing itself; it says
 * what was asked for:
 *
 *   a click on a point makes it the present one; a drag carries it (signal "moved")
 *   a double click on a point, Enter or F2 asks for its text, a double click elsewhere or Insert for a new one ("edit")
 *   Delete takes it away ("removed"); Left and Right go along, Alt with them moves it by the grid,
 *   Up and Down its value
 *
 * Signals: "edit" (int64 tick, bool exists, double x of the widget); "moved" (int64 from, int64 to, double value);
 * "removed" (int64 tick); "activated" (int64 tick): the present point became another one by hand.
 */
#pragma once

#include "widgets/arietta-lane.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_POINT_LANE (arietta_point_lane_get_type ())
G_DECLARE_FINAL_TYPE (AriettaPointLane, arietta_point_lane, ARIETTA, POINT_LANE, AriettaLane)

typedef struct
{
  gint64      tick;
  double      value;    /* of a curve */
  const char *text;     /* borrowed; copied by the lane */
  gboolean    faint;    /* found, not written */
} AriettaPoint;

/* Properties: "curve" (bool), "snap-to-bars" (bool), "flags" (bool: a small flag before each text, for markers). */
GtkWidget *arietta_point_lane_new        (void);
/* In order of time.  The present point stays if one stands where it stood. */
void       arietta_point_lane_set_points (AriettaPointLane   *self,
                                          const AriettaPoint *points,
                                          guint               n);
/* The tick of the present point, or -1. */
gint64     arietta_point_lane_get_cursor (AriettaPointLane   *self);
void       arietta_point_lane_set_cursor (AriettaPointLane   *self,
                                          gint64              tick);
/* Where a popover about @tick should point. */
void       arietta_point_lane_get_place  (AriettaPointLane   *self,
                                          gint64              tick,
                                          GdkRectangle       *place);

G_END_DECLS
