#include "drawing/arietta-shape.h"

#include <math.h>

#define N_SHAPES 16

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

/* A polygon with a hole of its shape. */
static void
hollow (cairo_t *cr,
        double   x,
        double   y,
        double   radius,
        int      n_corners,
        double   turn)
{
  polygon (cr, x, y, radius, n_corners, turn);
  cairo_new_sub_path (cr);
  polygon (cr, x, y, radius * (n_corners == 3 ? 0.42 : 0.52), n_corners, turn);
}

static void
star (cairo_t *cr,
      double   x,
      double   y,
      double   radius)
{
  for (int i = 0; i < 10; i++)
    {
      double reach = i % 2 == 0 ? radius : radius * 0.42;

      cairo_line_to (cr, x + reach * sin (G_PI * i / 5), y - reach * cos (G_PI * i / 5));
    }
  cairo_close_path (cr);
}

/* Two triangles that meet in the middle. */
static void
hourglass (cairo_t *cr,
           double   x,
           double   y,
           double   radius)
{
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_new_sub_path (cr);
      cairo_move_to (cr, x - radius, y + side * radius * 1.1);
      cairo_line_to (cr, x + radius, y + side * radius * 1.1);
      cairo_line_to (cr, x, y);
      cairo_close_path (cr);
    }
}

void
arietta_shape_path (cairo_t *cr,
                    guint    mark,
                    double   x,
                    double   y,
                    double   radius)
{
  cairo_new_sub_path (cr);

  switch (mark % N_SHAPES)
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
    case 7:
      plus (cr, x, y, radius * 1.3, radius * 0.4, G_PI_4);
      break;
    case 8:
      star (cr, x, y, radius * 1.5);
      break;
    case 9:
      hollow (cr, x, y, radius * 1.45, 4, G_PI_4);
      break;
    case 10:
      hollow (cr, x, y + radius * 0.2, radius * 1.6, 3, 0);
      break;
    case 11:
      hourglass (cr, x, y, radius * 1.15);
      break;
    case 12:
      hollow (cr, x, y, radius * 1.5, 4, 0);
      break;
    case 13:
      cairo_arc (cr, x, y + radius * 0.65, radius * 1.4, G_PI, 0);
      cairo_close_path (cr);
      break;
    case 14:
      hollow (cr, x, y - radius * 0.2, radius * 1.6, 3, G_PI);
      break;
    default:
      cairo_rectangle (cr, x - radius * 1.15, y - radius * 1.15, radius * 0.8, radius * 2.3);
      cairo_rectangle (cr, x + radius * 0.35, y - radius * 1.15, radius * 0.8, radius * 2.3);
      break;
    }
}
