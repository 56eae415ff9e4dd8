/* arietta-face-view.h - shows the face of a piece
 *
 * Properties: "face" (boxed AriettaFace or NULL: an empty ring), "size" (int pixels, 24..256), "hue" (int,
 * -1 for one colour).  Presentational: the row around it carries the name.
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-face.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_FACE_VIEW (arietta_face_view_get_type ())
G_DECLARE_FINAL_TYPE (AriettaFaceView, arietta_face_view, ARIETTA, FACE_VIEW, GtkWidget)

GtkWidget *arietta_face_view_new (void);

G_END_DECLS
