#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "widgets/arietta-colors.h"

#define LABEL_PIXELS 44.0     /* least distance of bar numbers */
#define REACH 6.0             /* pixels around an end of the range, or the play head */
#define LEAST_DRAG 4.0
#define BAND_SHARE 0.34       /* of the ruler's height, at the top: the loop range */
#define FINE_PIXELS 12.0      /* a grid closer than that: ranges snap to bars */

static gboolean
has_range (AriettaPianoRoll *self)
{
  return self->loop_end > self->loop_start;
}

/* ---- Drawing ---- */

static void
draw_range (AriettaRollPainter *painter,
            double              width)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self), height = floor (self->ruler_height * BAND_SHARE);
  double left = floor ((double) self->loop_start * scale - painter->scroll_x);
  double right = floor ((double) self->loop_end * scale - painter->scroll_x);
  AriettaColor color = self->loop ? self->palette.accent : self->palette.foreground;

  if (!has_range (self) || right < 0 || left > width)
    return;
  arietta_colors_append (painter->snapshot, color, self->loop ? 0.55 : 0.2, MAX (left, -4), 0,
                         MIN (right, width + 4) - MAX (left, -4), height);
  arietta_colors_append (painter->snapshot, color, self->loop ? 1.0 : 0.45, left, 0, 2, self->ruler_height);
  arietta_colors_append (painter->snapshot, color, self->loop ? 1.0 : 0.45, right - 2, 0, 2, self->ruler_height);
}

void
arietta_piano_roll_draw_ruler (AriettaRollPainter *painter,
                               double              width)
{
  AriettaPianoRoll *self = painter->self;
  GtkSnapshot *snapshot = painter->snapshot;
  const AriettaPalette *palette = &self->palette;
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  guint step = arietta_roll_get_bar_step (self->bars, scale, LABEL_PIXELS);
  guint pickup = arietta_bar_map_has_pickup (self->bars) ? 1 : 0;
  guint first = arietta_bar_map_find (self->bars, (gint64) (painter->scroll_x / scale));
  GdkRGBA ink = arietta_colors_to_rgba (palette->foreground, 0.7);

  arietta_colors_append (snapshot, palette->background, 1.0, 0, 0, width, self->ruler_height);
  arietta_colors_append (snapshot, palette->foreground, 0.04, 0, 0, width, self->ruler_height);
  arietta_colors_append (snapshot, palette->foreground, 0.15, 0, self->ruler_height - 1, width, 1);

  draw_range (painter, width);

  /* Numbers count from the first whole bar; a pickup has none. */
  first = first > step + pickup ? first - (first - pickup) % step - step : pickup;
  for (guint nth = first;; nth += step)
    {
      double x = floor ((double) arietta_bar_map_get_start (self->bars, nth) * scale - painter->scroll_x);
      char number[16];

      if (x > width)
        break;
      arietta_colors_append (snapshot, palette->foreground, 0.3, x, self->ruler_height * 0.55, 1,
                        self->ruler_height * 0.45);
      g_snprintf (number, sizeof number, "%u", nth + 1 - pickup);
      pango_layout_set_text (self->layout, number, -1);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x + 4, 4));
      gtk_snapshot_append_layout (snapshot, self->layout, &ink);
      gtk_snapshot_restore (snapshot);
    }
}

/* ---- The pointer ---- */

/* What a press at the place takes hold of. */
static AriettaRollRulerDrag
find_part (AriettaPianoRoll *self,
           double            x,
           double            y)
{
  double start = arietta_time_axis_tick_to_x (self->axis, self->loop_start);
  double end = arietta_time_axis_tick_to_x (self->axis, self->loop_end);

  if (!self->editable)
    return ROLL_RULER_HEAD;
  if (has_range (self) && fabs (x - end) <= REACH)
    return ROLL_RULER_END;
  if (has_range (self) && fabs (x - start) <= REACH)
    return ROLL_RULER_START;
  if (has_range (self) && y <= self->ruler_height * BAND_SHARE && x > start && x < end)
    return ROLL_RULER_MOVE;
  if (fabs (x - arietta_time_axis_tick_to_x (self->axis, self->position)) <= REACH)
    return ROLL_RULER_HEAD;
  return ROLL_RULER_SEEK;
}

static gint64
snap (AriettaPianoRoll *self,
      gint64            tick)
{
  double grid = (double) arietta_time_axis_get_step (self->axis) * arietta_piano_roll_get_pixels_per_tick (self);

  return grid < FINE_PIXELS ? arietta_time_axis_snap_to_bar (self->axis, tick)
                            : arietta_time_axis_snap (self->axis, tick, FALSE);
}

static void
set_range (AriettaPianoRoll *self,
           gint64            start,
           gint64            end)
{
  self->loop_start = MAX (MIN (start, end), 0);
  self->loop_end = MAX (MAX (start, end), 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_piano_roll_ruler_begin (AriettaPianoRoll *self,
                                double            x,
                                double            y)
{
  self->ruler_drag = find_part (self, x, y);
  self->ruler_from = arietta_piano_roll_x_to_tick (self, x);
  self->ruler_start = self->loop_start;
  self->ruler_end = self->loop_end;
  if (self->ruler_drag == ROLL_RULER_HEAD)
    arietta_piano_roll_emit_seek (self, self->ruler_from);
}

void
arietta_piano_roll_ruler_update (AriettaPianoRoll *self,
                                 double            x)
{
  gint64 tick = arietta_piano_roll_x_to_tick (self, x), moved;

  if (self->ruler_drag == ROLL_RULER_SEEK && fabs (x - self->drag_x) >= LEAST_DRAG)
    self->ruler_drag = ROLL_RULER_RANGE;

  switch (self->ruler_drag)
    {
    case ROLL_RULER_HEAD:
      arietta_piano_roll_emit_seek (self, tick);
      break;
    case ROLL_RULER_RANGE:
      set_range (self, snap (self, self->ruler_from), snap (self, tick));
      break;
    case ROLL_RULER_START:
      set_range (self, snap (self, tick), self->ruler_end);
      break;
    case ROLL_RULER_END:
      set_range (self, self->ruler_start, snap (self, tick));
      break;
    case ROLL_RULER_MOVE:
      moved = MAX (snap (self, self->ruler_start + tick - self->ruler_from), 0) - self->ruler_start;
      set_range (self, self->ruler_start + moved, self->ruler_end + moved);
      break;
    case ROLL_RULER_SEEK:
    default:
      break;
    }
}

void
arietta_piano_roll_ruler_end (AriettaPianoRoll *self,
                              gboolean          cancelled)
{
  AriettaRollRulerDrag drag = self->ruler_drag;

  self->ruler_drag = ROLL_RULER_SEEK;
  if (cancelled)
    set_range (self, self->ruler_start, self->ruler_end);
  else if (drag == ROLL_RULER_SEEK)
    arietta_piano_roll_emit_seek (self, self->ruler_from);
  else if (drag != ROLL_RULER_HEAD && (self->loop_start != self->ruler_start || self->loop_end != self->ruler_end))
    arietta_piano_roll_emit_loop (self);
}

const char *
arietta_piano_roll_ruler_hover (AriettaPianoRoll *self,
                                double            x,
                                double            y)
{
  switch (find_part (self, x, y))
    {
    case ROLL_RULER_START:
    case ROLL_RULER_END:
      return "ew-resize";
    case ROLL_RULER_MOVE:
      return "grab";
    case ROLL_RULER_SEEK:
    case ROLL_RULER_RANGE:
    case ROLL_RULER_HEAD:
    default:
      return NULL;
    }
}
