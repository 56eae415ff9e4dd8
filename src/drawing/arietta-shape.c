#include "drawing/arietta-shape.h"

#include <math.h>

#include "drawing/arietta-palette.h"

static void
polygon (cairo_t *cr,
         double   x,
         double   y,
         double   radius,
         int      n_corners,
         double   turn)
{
  for (int i = 0; i < n_corners; i++)
    {
      double angle = turn + 2.0 * G_PI * i / n_corners;

      cairo_line_to (cr, x + radius * sin (angle), y - radius * cos (angle));
    }
  cairo_close_path (cr);
}

/* A plus with arms of half-width @arm reaching to @radius, turned by @turn. */
static void
plus (cairo_t *cr,
      double   x,
      double   y,
      double   radius,
      double   arm,
      double   turn)
{
  for (int i = 0; i < 4; i++)
    {
      const double corners[3][2] = { { -arm, radius }, { arm, radius }, { arm, arm } };
      double c = cos (turn + i * G_PI_2), s = sin (turn + i * G_PI_2);

      for (int k = 0; k < 3; k++)
        cairo_line_to (cr,
                       x + corners[k][0] * c + corners[k][1] * s,
                       y + corners[k][0] * s - corners[k][1] * c);
    }
  cairo_close_path (cr);
}

void
arietta_shape_path (cairo_t *cr,
                    guint    hue,
                    double   x,
                    double   y,
                    double   radius)
{
  cairo_new_sub_path (cr);

  switch (hue % ARIETTA_PALETTE_SIZE)
    {
    case 0:
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      cairo_close_path (cr);
      break;
    case 1:
      polygon (cr, x, y, radius * 1.25, 4, G_PI_4);
      break;
    case 2:
      polygon (cr, x, y + radius * 0.2, radius * 1.4, 3, 0);
      break;
    case 3:
      polygon (cr, x, y, radius * 1.35, 4, 0);
      break;
    case 4:
      plus (cr, x, y, radius * 1.25, radius * 0.42, 0);
      break;
    case 5:
      polygon (cr, x, y - radius * 0.2, radius * 1.4, 3, G_PI);
      break;
    case 6:
      cairo_arc (cr, x, y, radius * 1.15, 0, 2 * G_PI);
      cairo_close_path (cr);
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, radius * 0.55, 0, 2 * G_PI);
      cairo_close_path (cr);
      break;
    default:
      plus (cr, x, y, radius * 1.3, radius * 0.4, G_PI_4);
      break;
    }
}
