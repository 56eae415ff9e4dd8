/* arietta-face-cache.h - faces painted before
 *
 * A list that is filled again, or ordered anew, shows the same faces: each is painted once for a size, a colour
 * and a resolution.  The least recently shown are forgotten.  One for each display; main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-face.h"

G_BEGIN_DECLS

/* The texture of @face (NULL: an empty ring) for @widget, to be drawn @size by @size; borrowed.  NULL when
 * @may_paint is FALSE and it would have to be painted, or when there is no room. */
GdkTexture *arietta_face_cache_get (GtkWidget   *widget,
                                    AriettaFace *face,
                                    int          size,
                                    int          hue,
                                    gboolean     may_paint);

G_END_DECLS
