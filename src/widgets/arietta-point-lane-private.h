/* arietta-point-lane-private.h - shared by the files of the lane of points
 *
 *   arietta-point-lane.c         life, the pointer, keys
 *   arietta-point-lane-paint.c   labels and curves
 */
#pragma once

#include "widgets/arietta-point-lane.h"

G_BEGIN_DECLS

#define ARIETTA_POINT_LANE_AIR 8.0   /* above and below a curve */

typedef struct
{
  gint64   tick;
  double   value;
  char    *text;
  gboolean faint;
} AriettaPointLanePoint;

struct _AriettaPointLane
{
  AriettaLane  parent_instance;

  GArray      *points;         /* of AriettaPointLanePoint */
  gboolean     curve;
  gboolean     snap_to_bars;
  gboolean     flags;
  int          cursor;         /* in points; -1: none */

  /* a drag that has not happened yet */
  gboolean     pressed;
  gboolean     carried;
  double       press_x, press_y;
  gint64       to_tick;
  double       to_value;
  double       low, high;      /* what the height of a curve stands for; kept while dragging */
};

static inline AriettaTimeAxis *
get_axis (AriettaPointLane *self)
{
  return arietta_lane_get_axis (ARIETTA_LANE (self));
}

static inline AriettaPointLanePoint *
get_point (AriettaPointLane *self,
           int               nth)
{
  return &g_array_index (self->points, AriettaPointLanePoint, nth);
}

/* The last point at or before @tick; -1: none. */
int    arietta_point_lane_find_before (AriettaPointLane *self,
                                       gint64            tick);
double arietta_point_lane_value_to_y  (AriettaPointLane *self,
                                       double            value);
void   arietta_point_lane_paint       (AriettaLane      *lane,
                                       GtkSnapshot      *snapshot,
                                       double            width,
                                       double            height);

G_END_DECLS
