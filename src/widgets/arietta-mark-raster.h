/* arietta-mark-raster.h - many small marks painted into one texture
 *
 * A mark is a hue and a shape (drawing/arietta-palette.h), drawn by Cairo once for each of sixteen positions within a pixel and then
 * stamped, so that the cost of a mark is that of its pixels and the marks glide instead of jumping.
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-palette.h"

G_BEGIN_DECLS

typedef struct _AriettaMarkRaster AriettaMarkRaster;

/* For marks of @radius application pixels. */
AriettaMarkRaster *arietta_mark_raster_new  (const AriettaPalette *palette,
                                             double                radius,
                                             int                   scale_factor) G_GNUC_WARN_UNUSED_RESULT;
void               arietta_mark_raster_free (AriettaMarkRaster    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaMarkRaster, arietta_mark_raster_free)

/* Begins a clear picture of @width x @height application pixels. */
void               arietta_mark_raster_begin (AriettaMarkRaster   *self,
                                              int                  width,
                                              int                  height);
void               arietta_mark_raster_add   (AriettaMarkRaster   *self,
                                              double               x,
                                              double               y,
                                              guint                mark);
GdkTexture        *arietta_mark_raster_end   (AriettaMarkRaster   *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
