/* arietta-lane.h - a strip over or under the piano roll that shares its time
 *
 * What all lanes have in common: a name at the left, as wide as the roll's keyboard, bar lines, the
 * play head, wheel and pinch that scroll and zoom the roll.  Subclasses paint and take hold; x is
 * always of the widget, so arietta_time_axis_x_to_tick () fits.
 *
 * Properties: "axis" (AriettaTimeAxis), "title" (string, translated).
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-palette.h"
#include "widgets/arietta-time-axis.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_LANE (arietta_lane_get_type ())
G_DECLARE_DERIVABLE_TYPE (AriettaLane, arietta_lane, ARIETTA, LANE, GtkWidget)

struct _AriettaLaneClass
{
  GtkWidgetClass parent_class;

  /* Onto the part right of the name, clipped to it; coordinates are the widget's. */
  void        (*paint)   (AriettaLane     *self,
                          GtkSnapshot     *snapshot,
                          double           width,
                          double           height);
  /* TRUE: the drag is taken. */
  gboolean    (*press)   (AriettaLane     *self,
                          double           x,
                          double           y,
                          GdkModifierType  modifiers,
                          int              n_press);
  void        (*drag)    (AriettaLane     *self,
                          double           x,
                          double           y,
                          GdkModifierType  modifiers);
  void        (*release) (AriettaLane     *self,
                          gboolean         cancelled);
  /* The name of the cursor for the place, or NULL. */
  const char *(*hover)   (AriettaLane     *self,
                          double           x,
                          double           y);
  /* The axis shows another piece, scale or place. */
  void        (*changed) (AriettaLane     *self);
};

void                  arietta_lane_set_axis      (AriettaLane     *self,
                                                  AriettaTimeAxis *axis);
/* NULL before one was set. */
AriettaTimeAxis      *arietta_lane_get_axis      (AriettaLane     *self);
const AriettaPalette *arietta_lane_get_palette   (AriettaLane     *self);
/* In the small type of lanes; the layout is used for one text after another. */
PangoLayout          *arietta_lane_get_layout    (AriettaLane     *self);
/* Text with its left edge at @x, in the middle of @height; no wider than @most (0: as it is).  Returns its width. */
int                   arietta_lane_append_text   (AriettaLane     *self,
                                                  GtkSnapshot     *snapshot,
                                                  const char      *text,
                                                  AriettaColor     color,
                                                  double           alpha,
                                                  double           x,
                                                  double           y,
                                                  double           height,
                                                  double           most);
/* What assistive technology reads about the place of the cursor. */
void                  arietta_lane_describe      (AriettaLane     *self,
                                                  const char      *text);
/* Scrolls so that @tick is seen. */
void                  arietta_lane_reveal        (AriettaLane     *self,
                                                  gint64           tick);

G_END_DECLS
