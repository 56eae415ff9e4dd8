/* arietta-raster.h - a Cairo drawing kept as a texture
 *
 * For what is costly to draw and drawn often: painted once at the resolution of the screen, then only moved.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A surface of @width x @height application pixels at @scale_factor, clear, to be drawn in application
 * pixels.  NULL when there is no room. */
cairo_surface_t *arietta_raster_begin (double           width,
                                       double           height,
                                       int              scale_factor);
/* Takes over @surface; draw the texture into a rectangle of the same @width x @height. */
GdkTexture      *arietta_raster_end   (cairo_surface_t *surface) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a surface that was painted all over, so that nothing shines through it; shown sooner. */
GdkTexture      *arietta_raster_end_opaque (cairo_surface_t *surface) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
