#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-point-lane-private.h"

#include <math.h>

#include "widgets/arietta-colors.h"

#define LEAST_TEXT 30.0      /* pixels a value of a curve needs */
#define LEAST_ROOM 14.0      /* pixels from one label to the next */
#define LEAST_PART 30.0      /* pixels that the beginning of a label needs, to be read as one */

double
arietta_point_lane_value_to_y (AriettaPointLane *self,
                               double            value)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * ARIETTA_POINT_LANE_AIR;

  return ARIETTA_POINT_LANE_AIR + height * (1 - (value - self->low) / MAX (self->high - self->low, 1));
}

static int
measure_text (AriettaPointLane *self,
              const char       *text)
{
  PangoLayout *layout = arietta_lane_get_layout (ARIETTA_LANE (self));
  int text_width;

  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  return text_width;
}

static void
draw_label (AriettaPointLane *self,
            GtkSnapshot      *snapshot,
            int               nth,
            double            height)
{
  AriettaLane *lane = ARIETTA_LANE (self);
  const AriettaPalette *palette = arietta_lane_get_palette (lane);
  const AriettaPointLanePoint *point = get_point (self, nth);
  gboolean current = nth == self->cursor && gtk_widget_has_focus (GTK_WIDGET (self));
  gboolean carried = nth == self->cursor && self->carried;
  double x = floor (arietta_time_axis_tick_to_x (get_axis (self), carried ? self->to_tick : point->tick));
  double next = nth + 1 < (int) self->points->len
                  ? arietta_time_axis_tick_to_x (get_axis (self), get_point (self, nth + 1)->tick) : G_MAXDOUBLE;
  double room = MIN (next - x - 8, 240);
  AriettaColor ink = palette->foreground;
  double edge = arietta_time_axis_get_margin (get_axis (self));
  double text_x = x + 5;

  /* What began before the left edge still holds, and says so there. */
  if (x < edge && next > edge)
    {
      text_x = edge + 5;
      room = MIN (next - edge - 8, 240);
    }
  arietta_colors_append (snapshot, self->flags ? palette->accent : ink, point->faint ? 0.3 : 0.7, x, 0,
                         self->flags ? 2 : 1, height);
  /* As wide as its text, and no wider than its part. */
  if (self->flags)
    arietta_colors_append (snapshot, palette->accent, 0.16, text_x - 3, 2,
                           CLAMP (room, 0, measure_text (self, point->text) + 4) + 4, height - 5);
  if (current || carried)
    arietta_colors_append (snapshot, palette->accent, 0.3, x, 1,
                           CLAMP (room, 2, measure_text (self, point->text) + 4) + 6, height - 3);
  /* A text of which nothing could be read is left out, rather than written over the next. */
  if (room >= LEAST_PART || carried || measure_text (self, point->text) <= room + 2)
    arietta_lane_append_text (lane, snapshot, point->text, ink, point->faint ? 0.55 : 0.95, text_x, 0, height,
                              MAX (room + 2, LEAST_PART));
}

/* Steps: a value holds until the next one. */
static void
draw_curve (AriettaPointLane *self,
            GtkSnapshot      *snapshot,
            double            width,
            int               first)
{
  AriettaLane *lane = ARIETTA_LANE (self);
  AriettaTimeAxis *axis = get_axis (self);
  const AriettaPalette *palette = arietta_lane_get_palette (lane);
  double text_end = -G_MAXDOUBLE;

  for (int nth = MAX (first, 0); nth < (int) self->points->len; nth++)
    {
      const AriettaPointLanePoint *point = get_point (self, nth);
      gboolean carried = nth == self->cursor && self->carried;
      gboolean current = nth == self->cursor && gtk_widget_has_focus (GTK_WIDGET (self));
      double x = arietta_time_axis_tick_to_x (axis, carried ? self->to_tick : point->tick);
      double y = round (arietta_point_lane_value_to_y (self, carried ? self->to_value : point->value));
      double next = nth + 1 < (int) self->points->len ? arietta_time_axis_tick_to_x (axis, get_point (self, nth + 1)->tick)
                                                      : width;

      if (x > width)
        break;
      arietta_colors_append (snapshot, palette->accent, 0.8, MAX (x, 0), y, MAX (MIN (next, width) - MAX (x, 0), 0), 2);
      if (nth + 1 < (int) self->points->len && next <= width)
        {
          double other = round (arietta_point_lane_value_to_y (self, get_point (self, nth + 1)->value));

          arietta_colors_append (snapshot, palette->accent, 0.4, next, MIN (y, other), 1, fabs (other - y) + 2);
        }
      arietta_colors_append (snapshot, palette->accent, 1.0, x - 3, y - 2, 7, 6);
      if (current || carried)
        arietta_colors_append (snapshot, palette->foreground, 0.5, x - 5, y - 4, 11, 10);
      if (x > text_end)
        {
          g_autofree char *text = carried ? g_strdup_printf ("%.4g", self->to_value) : g_strdup (point->text);
          double at = y > 24 ? y - 20 : y + 4;

          double left = MAX (x, arietta_time_axis_get_margin (axis));

          /* Nothing is said where the next point would write over it. */
          if (next - left > LEAST_TEXT || carried)
            text_end = left + 6 + arietta_lane_append_text (lane, snapshot, text, palette->foreground, 0.85, left + 6, at, 18,
                                                            0);
        }
    }
}

void
arietta_point_lane_paint (AriettaLane *lane,
                          GtkSnapshot *snapshot,
                          double       width,
                          double       height)
{
  AriettaPointLane *self = ARIETTA_POINT_LANE (lane);
  AriettaTimeAxis *axis = get_axis (self);
  int first = arietta_point_lane_find_before (self, arietta_time_axis_x_to_tick (axis, arietta_time_axis_get_margin (axis)));
  double drawn = -G_MAXDOUBLE;

  if (self->curve)
    {
      draw_curve (self, snapshot, width, first);
      return;
    }
  for (int nth = MAX (first, 0); nth < (int) self->points->len; nth++)
    {
      double x = arietta_time_axis_tick_to_x (axis, get_point (self, nth)->tick);

      if (x > width)
        break;
      /* Zoomed far out there is no room for all. */
      if (x < drawn + LEAST_ROOM && nth != self->cursor)
        continue;
      drawn = x;
      draw_label (self, snapshot, nth, height);
    }
}
