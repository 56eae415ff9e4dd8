/* arietta-shape.h - the second cue beside each hue
 *
 * Hue n always goes with shape n, so that legend, map and track list can be told apart without colour:
 * disc, square, triangle, diamond, plus, triangle down, ring, cross.  Styles are more than hues: eight
 * shapes more (star, hollow square, hollow triangle, hourglass, hollow diamond, dome, hollow triangle down, bars),
 * and each of the sixteen in two hues, make the marks of drawing/arietta-palette.h.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Appends the outline of the shape of @mark (taken modulo 16) around (@x, @y) to the path of @cr; to be filled with
 * the even-odd rule.  All shapes cover about the area of a disc of @radius. */
void arietta_shape_path (cairo_t *cr,
                         guint    mark,
                         double   x,
                         double   y,
                         double   radius);

G_END_DECLS
