/* arietta-composition-private.h - shared by the files of the open composition
 *
 *   arietta-composition.c        steps, undo, saving
 *   arietta-composition-open.c   from the library
 */
#pragma once

#include "studio/arietta-composition.h"

G_BEGIN_DECLS

struct _AriettaComposition
{
  GObject         parent_instance;

  AriettaLibrary *library;
  char           *title;
  gint64          take_id;
  gint64          project_id;

  AriettaPiece   *piece;
  GPtrArray      *steps;      /* AriettaProjectStep; undone ones at the end */
  guint           place;
  char           *heard;      /* never NULL */

  GPtrArray      *entries;    /* Entry, not yet given to a worker */
  gboolean        writing;    /* a worker has some */
  GPtrArray      *waiting;    /* GTask of arietta_composition_save_async () */
  gboolean        told;       /* of the failure */
};

/* Open compositions with a row, by library and project; nobody is held. */
void                _arietta_composition_note   (AriettaComposition *self);
void                _arietta_composition_forget (AriettaComposition *self);

G_END_DECLS
