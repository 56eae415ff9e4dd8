/* arietta-face.h - every piece has a face
 *
 * A small drawing computed from the notes alone: pitch classes around a circle, bars from the centre
 * outwards, weight by velocity, colour by style.  The same piece always has the same face; a varied take
 * looks like a sibling.  It reads from 24 to 256 pixels and in one colour.
 *
 * Making it from a piece takes time in proportion to the notes and may be done in any thread; drawing takes
 * a fixed small time.
 */
#pragma once

#include <cairo.h>

#include "drawing/arietta-palette.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct _AriettaFace AriettaFace;

#define ARIETTA_TYPE_FACE (arietta_face_get_type ())
GType        arietta_face_get_type (void);

/* Boxed, immutable, reference-counted. */
AriettaFace *arietta_face_new      (AriettaPiece         *piece) G_GNUC_WARN_UNUSED_RESULT;
AriettaFace *arietta_face_ref      (AriettaFace          *self);
void         arietta_face_unref    (AriettaFace          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaFace, arietta_face_unref)

/* Fills the square of @size at the origin of @cr; @hue -1: one colour, the foreground. */
void         arietta_face_draw     (AriettaFace          *self,
                                    cairo_t              *cr,
                                    double                size,
                                    int                   hue,
                                    const AriettaPalette *palette);

G_END_DECLS
