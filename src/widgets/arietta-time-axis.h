/* arietta-time-axis.h - one axis of time for several widgets: the roll and the lanes above and below it
 *
 * Knows the bars of a piece, the scale, the scrolling, the grid and the play head.  The piano roll owns one and is the
 * only one to set it; lanes read it, snap by it, and ask it to zoom.  All x are pixels of a widget whose first
 * "margin" pixels (the keyboard's width) belong to names.
 *
 * Signals: "changed" after anything but the position did; "moved" after the position did; "zoom"
 * (double factor, double x): somebody would like the place at x magnified.
 */
#pragma once

#include <gtk/gtk.h>

#include "music/arietta-bar-map.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_TIME_AXIS (arietta_time_axis_get_type ())
G_DECLARE_FINAL_TYPE (AriettaTimeAxis, arietta_time_axis, ARIETTA, TIME_AXIS, GObject)

AriettaTimeAxis *arietta_time_axis_new             (void) G_GNUC_WARN_UNUSED_RESULT;

void             arietta_time_axis_set_piece       (AriettaTimeAxis *self,
                                                    AriettaPiece    *piece);
void             arietta_time_axis_set_adjustment  (AriettaTimeAxis *self,
                                                    GtkAdjustment   *adjustment);
void             arietta_time_axis_set_scale       (AriettaTimeAxis *self,
                                                    double           pixels_per_quarter);
void             arietta_time_axis_set_margin      (AriettaTimeAxis *self,
                                                    int              margin);
/* 0: places are free. */
void             arietta_time_axis_set_grid        (AriettaTimeAxis *self,
                                                    gint64           grid_ticks);
void             arietta_time_axis_set_position    (AriettaTimeAxis *self,
                                                    gint64           position);

/* Borrowed, never NULL. */
AriettaBarMap   *arietta_time_axis_get_bars        (AriettaTimeAxis *self);
GtkAdjustment   *arietta_time_axis_get_adjustment  (AriettaTimeAxis *self);
int              arietta_time_axis_get_margin      (AriettaTimeAxis *self);
gint64           arietta_time_axis_get_grid        (AriettaTimeAxis *self);
gint64           arietta_time_axis_get_position    (AriettaTimeAxis *self);
double           arietta_time_axis_get_pixels_per_tick (AriettaTimeAxis *self);

double           arietta_time_axis_tick_to_x       (AriettaTimeAxis *self,
                                                    gint64           tick);
/* Never before 0. */
gint64           arietta_time_axis_x_to_tick       (AriettaTimeAxis *self,
                                                    double           x);
/* The line of the grid nearest to @tick, or (@down) the one before it; lines are counted from the
 * beginning of each bar. */
gint64           arietta_time_axis_snap            (AriettaTimeAxis *self,
                                                    gint64           tick,
                                                    gboolean         down);
/* The nearest beginning of a bar. */
gint64           arietta_time_axis_snap_to_bar     (AriettaTimeAxis *self,
                                                    gint64           tick);
/* What a key moves by: the grid, or a sixteenth of a quarter where there is none. */
gint64           arietta_time_axis_get_step        (AriettaTimeAxis *self);
/* "bar 3, beat 2.5", translated. */
char            *arietta_time_axis_dup_place       (AriettaTimeAxis *self,
                                                    gint64           tick) G_GNUC_WARN_UNUSED_RESULT;
void             arietta_time_axis_ask_zoom        (AriettaTimeAxis *self,
                                                    double           factor,
                                                    double           x);

G_END_DECLS
