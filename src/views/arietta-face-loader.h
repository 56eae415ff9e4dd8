/* arietta-face-loader.h - faces of takes, items, kept pieces and models, computed in a worker and remembered
 *
 * Lists bind rows much faster than notes can be read: a row asks for a face and gets it at once when it
 * is known, else when the worker has made it, if the view still wants that one by then.  The latest
 * request is served first, since that row is the likeliest to be on the screen.  The last two thousand
 * faces are kept.
 *
 * Main thread only.
 */
#pragma once

#include "library/arietta-library-projects.h"
#include "widgets/arietta-face-view.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_FACE_LOADER (arietta_face_loader_get_type ())
G_DECLARE_FINAL_TYPE (AriettaFaceLoader, arietta_face_loader, ARIETTA, FACE_LOADER, GObject)

AriettaFaceLoader *arietta_face_loader_new        (AriettaLibrary    *library) G_GNUC_WARN_UNUSED_RESULT;
/* One of the two ids is 0. */
void               arietta_face_loader_show       (AriettaFaceLoader *self,
                                                   AriettaFaceView   *view,
                                                   gint64             item_id,
                                                   gint64             take_id);
/* As it was when it was last saved. */
void               arietta_face_loader_show_project (AriettaFaceLoader  *self,
                                                   AriettaFaceView      *view,
                                                   const AriettaProject *project);
/* What the model writes when nothing is asked of it, with seed 1: the same for the same weights. */
void               arietta_face_loader_show_model (AriettaFaceLoader *self,
                                                   AriettaFaceView   *view,
                                                   const char        *name,
                                                   const char        *sha256);

G_END_DECLS
