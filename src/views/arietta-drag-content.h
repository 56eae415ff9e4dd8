/* arietta-drag-content.h - a file that is still being made, for whoever it is dragged to
 *
 * A content provider of "text/uri-list"; private to views/arietta-drag-out.c.  Who asks before the
 * file is there gets it when it is, or the error.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_DRAG_CONTENT (arietta_drag_content_get_type ())
G_DECLARE_FINAL_TYPE (AriettaDragContent, arietta_drag_content, ARIETTA, DRAG_CONTENT, GdkContentProvider)

AriettaDragContent *arietta_drag_content_new  (void) G_GNUC_WARN_UNUSED_RESULT;
/* Once: the file that is there now, or NULL and why not. */
void                arietta_drag_content_give (AriettaDragContent *self,
                                               const char         *path,
                                               const GError       *error);

G_END_DECLS
