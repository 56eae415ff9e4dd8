/* arietta-velocity-lane-private.h - shared by the files of the lane
 *
 *   arietta-velocity-lane.c        life, the notes, drawing, keys
 *   arietta-velocity-lane-input.c  the pointer
 */
#pragma once

#include "widgets/arietta-velocity-lane.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_VELOCITY_DRAG_NONE,
  ARIETTA_VELOCITY_DRAG_PRESS,     /* nothing yet */
  ARIETTA_VELOCITY_DRAG_FREE,
  ARIETTA_VELOCITY_DRAG_LINE,
  ARIETTA_VELOCITY_DRAG_TOGETHER,
} AriettaVelocityDrag;

struct _AriettaVelocityLane
{
  AriettaLane          parent_instance;

  AriettaPianoRoll    *roll;       /* owned, NULL before one was set */
  GHashTable          *pending;    /* a note as packed by arietta_velocity_lane_pack () -> its velocity; while dragging */
  AriettaVelocityDrag  drag;
  gboolean             on_head;    /* of a selected note */
  double               press_x, press_y, last_x, last_y;
};

/* arietta-velocity-lane.c */
typedef void (*AriettaVelocityFunc) (AriettaVelocityLane *self,
                                     const AriettaNote   *note,
                                     guint                track,
                                     guint                nth,
                                     guint                hue,
                                     gpointer             user_data);

AriettaPiece *arietta_velocity_lane_get_piece (AriettaVelocityLane *self);
/* A note as one number. */
gint64        arietta_velocity_lane_pack      (guint                track,
                                               guint                nth);
double        arietta_velocity_lane_to_y      (AriettaVelocityLane *self,
                                               double               velocity);
int           arietta_velocity_lane_from_y    (AriettaVelocityLane *self,
                                               double               y);
/* Notes of the lane that begin in @from <= tick <= @to. */
void          arietta_velocity_lane_foreach   (AriettaVelocityLane *self,
                                               gint64               from,
                                               gint64               to,
                                               AriettaVelocityFunc  func,
                                               gpointer             user_data);

/* arietta-velocity-lane-input.c */
void          arietta_velocity_lane_class_init_input (AriettaLaneClass *lane_class);

G_END_DECLS
