/* arietta-bars.h - a figure beside its baselines, as bars
 *
 * One group of bars for each figure: the first is ours, in the accent colour and thicker, the others are
 * what it is held against, in tones of the foreground with a shape as second cue, named in the legend below.
 * All figures are shares: 0 at the left, 1 at the right.  A value that is not a number has no bar and a
 * dash for its figure.
 *
 * Threads: any, one surface each.
 */
#pragma once

#include <cairo.h>

#include "drawing/arietta-palette.h"

G_BEGIN_DECLS

#define ARIETTA_BARS_MOST 4

typedef struct
{
  const char *label;                      /* "Scale" */
  double      values[ARIETTA_BARS_MOST];  /* ours, then the baselines; 0..1 or NaN */
} AriettaBarsRow;

/* Height that @n_rows of @n_series (1 .. ARIETTA_BARS_MOST) need. */
double arietta_bars_get_height (guint                  n_rows,
                                guint                  n_series);
/* Into the rectangle from (0, 0) to (@width, the height above).  @series names the bars, ours first. */
void   arietta_bars_draw       (cairo_t               *cr,
                                const AriettaPalette  *palette,
                                double                 width,
                                const char * const    *series,
                                guint                  n_series,
                                const AriettaBarsRow  *rows,
                                guint                  n_rows);

G_END_DECLS
