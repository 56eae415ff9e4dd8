/* arietta-attention.h - what a network looked at, on a piano roll
 *
 * The notes before a bar, each as strong as it was looked at while the bar was read; what was not looked at is
 * pale, the bar itself stands on a ground of its own.  The strongest has a ring, so that colour is not alone in
 * saying it.
 *
 * Threads: any, with a cairo context of its own; the piece frozen.
 */
#pragma once

#include <cairo.h>

#include "drawing/arietta-palette.h"
#include "music/arietta-attended.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Into (0, 0) .. (@width, @height): from the first note of @attended (@n) to the end of @bar. */
void     arietta_attention_draw (AriettaPiece           *piece,
                                 const AriettaAttended  *attended,
                                 guint                   n,
                                 guint                   bar,
                                 double                  width,
                                 double                  height,
                                 cairo_t                *cr,
                                 const AriettaPalette   *palette);
/* As a picture: .png or .svg by the ending of @path; the errors are those of arietta_picture_save (). */
gboolean arietta_attention_save (AriettaPiece           *piece,
                                 const AriettaAttended  *attended,
                                 guint                   n,
                                 guint                   bar,
                                 const char             *path,
                                 GError                **error);

G_END_DECLS
