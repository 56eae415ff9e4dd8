/* arietta-curve.h - how trainings went, as curves over time
 *
 * Of one training: the running loss as a line, what was measured on held-back pieces as a line with dots, a
 * legend with the last values.  Of several, laid over one another: a hue for each, told apart by the shape
 * of the dots too, the legend by their names.  Axes with few round numbers; a line that has more samples
 * than the picture has columns shows the mean of each column.
 *
 * The window, the pictures beside the bundled models and tests share this.  Threads: any, one surface each.
 */
#pragma once

#include <pango/pangocairo.h>

#include "drawing/arietta-palette.h"

G_BEGIN_DECLS

typedef struct
{
  double minutes;
  double train;        /* not finite: none */
  double validation;   /* not finite: none */
} AriettaCurveSample;

typedef struct
{
  const char               *name;      /* in the legend, when there are several */
  const AriettaCurveSample *samples;   /* in order of time */
  guint                     n_samples;
} AriettaCurve;

/* Into the rectangle from (0, 0) to (@width, @height). @layout: the font; its text is changed. Without any
 * sample nothing is drawn. */
void     arietta_curves_draw (cairo_t               *cr,
                              const AriettaPalette  *palette,
                              PangoLayout           *layout,
                              double                 width,
                              double                 height,
                              const AriettaCurve    *curves,
                              guint                  n_curves);
/* The same on paper of its own, as SVG or PNG, replaced as a whole. */
gboolean arietta_curves_save (const char            *path,
                              double                 width,
                              double                 height,
                              const AriettaCurve    *curves,
                              guint                  n_curves,
                              GError               **error);

G_END_DECLS
