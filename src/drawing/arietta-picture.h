/* arietta-picture.h - a drawing as a file
 *
 * Threads: any, one surface each.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef void (*AriettaPictureDraw) (cairo_t  *cr,
                                    gpointer  user_data);

/* What @draw paints into the rectangle from (0, 0) to (@width, @height), as .png or .svg by the ending of @path,
 * replaced as a whole.  @comment (UTF-8, may be NULL) goes along unseen: as text chunk "Comment" or as metadata.  Errors:
 * ARIETTA_DRAWING_ERROR. */
gboolean arietta_picture_save      (const char          *path,
                                    double               width,
                                    double               height,
                                    const char          *comment,
                                    AriettaPictureDraw   draw,
                                    gpointer             user_data,
                                    GError             **error);
/* Whether the ending is one of the two. */
gboolean arietta_picture_can_write (const char          *path);

G_END_DECLS
