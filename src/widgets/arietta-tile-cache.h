/* arietta-tile-cache.h - a large drawing in square pieces, painted when first seen
 *
 * Tiles are textures of ARIETTA_TILE_SIZE application pixels.  After a change of scale the old tiles stay as
 * a stretched stand-in until the new ones are there, so that zooming never waits for painting.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TILE_SIZE 256

typedef struct _AriettaTileCache AriettaTileCache;

/* Paints the tile whose upper left corner stands at (@x, @y) of the drawing; @cr has its origin there. */
typedef void (*AriettaTilePaintFunc) (cairo_t *cr,
                                      double   x,
                                      double   y,
                                      gpointer user_data);

/* @opaque: tiles are painted all over, so that nothing shines through them. */
AriettaTileCache *arietta_tile_cache_new       (AriettaTilePaintFunc  paint,
                                                gboolean              opaque,
                                                gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_tile_cache_free      (AriettaTileCache     *self);
/* Forgets everything: other content or other colours. */
void              arietta_tile_cache_clear     (AriettaTileCache     *self);
/* The scale of the drawing in both directions, in any unit; a change makes the tiles old.  TRUE: it was one. */
gboolean          arietta_tile_cache_set_scale (AriettaTileCache     *self,
                                                double                scale_x,
                                                double                scale_y,
                                                int                   scale_factor);
/* Appends what lies at (@x, @y) of the drawing to the rectangle of @width x @height at the snapshot's origin,
 * painting what is missing for about @budget_us microseconds; nothing, when that is below 0.  FALSE: not all is there yet,
 * draw again. */
gboolean          arietta_tile_cache_snapshot  (AriettaTileCache     *self,
                                                GtkSnapshot          *snapshot,
                                                double                x,
                                                double                y,
                                                double                width,
                                                double                height,
                                                gint64                budget_us);

G_END_DECLS
