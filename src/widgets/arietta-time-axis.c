#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-time-axis.h"

#include <glib/gi18n.h>
#include <math.h>

struct _AriettaTimeAxis
{
  GObject        parent_instance;

  AriettaPiece  *piece;
  AriettaBarMap *bars;
  GtkAdjustment *adjustment;
  double         pixels_per_quarter;
  int            margin;
  gint64         grid_ticks;
  gint64         position;
};

G_DEFINE_FINAL_TYPE (AriettaTimeAxis, arietta_time_axis, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_MOVED,
  SIGNAL_ZOOM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed (AriettaTimeAxis *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
arietta_time_axis_finalize (GObject *object)
{
  AriettaTimeAxis *self = ARIETTA_TIME_AXIS (object);

  g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_object_unref (self->adjustment);
  arietta_bar_map_free (self->bars);
  arietta_piece_unref (self->piece);

  G_OBJECT_CLASS (arietta_time_axis_parent_class)->finalize (object);
}

static void
arietta_time_axis_class_init (AriettaTimeAxisClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arietta_time_axis_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ARIETTA_TYPE_TIME_AXIS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SIGNAL_MOVED] = g_signal_new ("moved", ARIETTA_TYPE_TIME_AXIS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);
  signals[SIGNAL_ZOOM] = g_signal_new ("zoom", ARIETTA_TYPE_TIME_AXIS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
arietta_time_axis_init (AriettaTimeAxis *self)
{
  self->piece = arietta_piece_freeze (arietta_piece_new (ARIETTA_TICKS_PER_QUARTER));
  self->bars = arietta_bar_map_new (self->piece);
  self->adjustment = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  self->pixels_per_quarter = 48;
}

AriettaTimeAxis *
arietta_time_axis_new (void)
{
  return g_object_new (ARIETTA_TYPE_TIME_AXIS, NULL);
}

void
arietta_time_axis_set_piece (AriettaTimeAxis *self,
                             AriettaPiece    *piece)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self) && piece != NULL);

  arietta_piece_ref (piece);
  arietta_piece_unref (self->piece);
  arietta_bar_map_free (self->bars);
  self->piece = piece;
  self->bars = arietta_bar_map_new (piece);
  changed (self);
}

void
arietta_time_axis_set_adjustment (AriettaTimeAxis *self,
                                  GtkAdjustment   *adjustment)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self) && GTK_IS_ADJUSTMENT (adjustment));

  if (self->adjustment == adjustment)
    return;
  g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_set_object (&self->adjustment, adjustment);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (changed), self);
  changed (self);
}

void
arietta_time_axis_set_scale (AriettaTimeAxis *self,
                             double           pixels_per_quarter)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self) && pixels_per_quarter > 0);

  if (self->pixels_per_quarter == pixels_per_quarter)
    return;
  self->pixels_per_quarter = pixels_per_quarter;
  changed (self);
}

void
arietta_time_axis_set_margin (AriettaTimeAxis *self,
                              int              margin)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self));

  if (self->margin == margin)
    return;
  self->margin = margin;
  changed (self);
}

void
arietta_time_axis_set_grid (AriettaTimeAxis *self,
                            gint64           grid_ticks)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self));

  self->grid_ticks = MAX (grid_ticks, 0);
}

void
arietta_time_axis_set_position (AriettaTimeAxis *self,
                                gint64           position)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self));

  if (self->position == position)
    return;
  self->position = position;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

AriettaBarMap *
arietta_time_axis_get_bars (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), NULL);

  return self->bars;
}

GtkAdjustment *
arietta_time_axis_get_adjustment (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), NULL);

  return self->adjustment;
}

int
arietta_time_axis_get_margin (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), 0);

  return self->margin;
}

gint64
arietta_time_axis_get_grid (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), 0);

  return self->grid_ticks;
}

gint64
arietta_time_axis_get_position (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), 0);

  return self->position;
}

double
arietta_time_axis_get_pixels_per_tick (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), 1);

  return self->pixels_per_quarter / arietta_piece_get_ticks_per_quarter (self->piece);
}

double
arietta_time_axis_tick_to_x (AriettaTimeAxis *self,
                             gint64           tick)
{
  return (double) tick * arietta_time_axis_get_pixels_per_tick (self) - gtk_adjustment_get_value (self->adjustment)
         + self->margin;
}

gint64
arietta_time_axis_x_to_tick (AriettaTimeAxis *self,
                             double           x)
{
  double content = x - self->margin + gtk_adjustment_get_value (self->adjustment);

  return (gint64) round (MAX (content, 0.0) / arietta_time_axis_get_pixels_per_tick (self));
}

gint64
arietta_time_axis_snap (AriettaTimeAxis *self,
                        gint64           tick,
                        gboolean         down)
{
  guint bar;
  gint64 start, snapped;

  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), tick);

  tick = MAX (tick, 0);
  if (self->grid_ticks <= 0)
    return tick;
  bar = arietta_bar_map_find (self->bars, tick);
  start = arietta_bar_map_get_start (self->bars, bar);
  snapped = start + (tick - start + (down ? 0 : self->grid_ticks / 2)) / self->grid_ticks * self->grid_ticks;
  /* The last line of a 7/8 bar may lie beyond it. */
  return MIN (snapped, arietta_bar_map_get_start (self->bars, bar + 1));
}

gint64
arietta_time_axis_snap_to_bar (AriettaTimeAxis *self,
                               gint64           tick)
{
  guint bar;
  gint64 start, next;

  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), tick);

  bar = arietta_bar_map_find (self->bars, MAX (tick, 0));
  start = arietta_bar_map_get_start (self->bars, bar);
  next = arietta_bar_map_get_start (self->bars, bar + 1);
  return tick - start < next - tick ? start : next;
}

gint64
arietta_time_axis_get_step (AriettaTimeAxis *self)
{
  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), 1);

  return self->grid_ticks > 0 ? self->grid_ticks : MAX (arietta_piece_get_ticks_per_quarter (self->piece) / 16, 1);
}

char *
arietta_time_axis_dup_place (AriettaTimeAxis *self,
                             gint64           tick)
{
  guint nth, known, number;
  const AriettaBar *bar;
  double beat;

  g_return_val_if_fail (ARIETTA_IS_TIME_AXIS (self), NULL);

  nth = arietta_bar_map_find (self->bars, tick);
  known = MIN (nth, arietta_bar_map_get_n (self->bars) - 1);
  bar = arietta_bar_map_get_nth (self->bars, known);
  number = nth + (arietta_bar_map_has_pickup (self->bars) ? 0 : 1);
  beat = 1 + (double) (tick - arietta_bar_map_get_start (self->bars, nth)) * bar->denominator
             / (4.0 * arietta_piece_get_ticks_per_quarter (self->piece));
  return g_strdup_printf (_("bar %u, beat %.4g"), number, beat);
}

void
arietta_time_axis_ask_zoom (AriettaTimeAxis *self,
                            double           factor,
                            double           x)
{
  g_return_if_fail (ARIETTA_IS_TIME_AXIS (self));

  g_signal_emit (self, signals[SIGNAL_ZOOM], 0, factor, x);
}
