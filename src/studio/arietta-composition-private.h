/* arietta-composition-private.h - shared by the files of the open composition
 *
 *   arietta-composition.c           steps, undo
 *   arietta-composition-save.c      saving them
 *   arietta-composition-open.c      from the library
 *   arietta-composition-unsaved.c   what the library does not hold yet
 */
#pragma once

#include "studio/arietta-composition.h"

G_BEGIN_DECLS

/* What is still to be written. */
typedef struct
{
  enum { ENTRY_CREATE, ENTRY_STEP, ENTRY_PLACE, ENTRY_HEARD } what;
  AriettaPiece       *piece;   /* to create with, or after the step */
  AriettaProjectStep *step;
  guint               place;   /* of the step, or to go to */
  char               *heard;
} AriettaCompositionEntry;

struct _AriettaComposition
{
  GObject         parent_instance;

  AriettaLibrary *library;
  char           *title;
  gint64          take_id;
  gint64          project_id;
  AriettaPiece   *origin;     /* what it began with; NULL once there is a row */

  AriettaPiece   *piece;
  GPtrArray      *steps;      /* AriettaProjectStep; undone ones at the end */
  guint           place;
  char           *heard;      /* never NULL */

  GPtrArray      *entries;    /* AriettaCompositionEntry, not yet given to a worker */
  gboolean        writing;    /* a worker has some */
  GPtrArray      *waiting;    /* GTask of arietta_composition_save_async () */
  gboolean        told;       /* of the failure */
  guint           retry_id;
};

/* Open compositions with a row, by library and project; nobody is held. */
void                _arietta_composition_note   (AriettaComposition *self);
void                _arietta_composition_forget (AriettaComposition *self);

/* Held until let go, which stops trying again too; both do nothing the second time. */
void                _arietta_composition_hold         (AriettaComposition *self);
void                _arietta_composition_let_go       (AriettaComposition *self);
/* After a failure. */
void                _arietta_composition_retry_soon   (AriettaComposition *self);
/* The newest that began with these very notes and has no row yet; borrowed, or NULL. */
AriettaComposition *_arietta_composition_find_unsaved (AriettaLibrary     *library,
                                                       AriettaPiece       *piece);

AriettaProjectStep *_arietta_project_step_new        (const char              *label,
                                                      const char              *maker,
                                                      AriettaEdit             *edit);
GPtrArray          *_arietta_composition_entries_new (void);
gboolean            _arietta_composition_is_saved    (AriettaComposition      *self);
/* Takes what the entries hold; they are written soon, in order, after those before. */
void                _arietta_composition_write       (AriettaComposition      *self,
                                                      AriettaCompositionEntry *entries,
                                                      guint                    n);

G_END_DECLS
