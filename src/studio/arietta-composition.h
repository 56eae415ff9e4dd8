/* arietta-composition.h - an open piece: its state, its history, and its keeping
 *
 * Holds one frozen piece at a time.  Whoever wants it otherwise makes the next state (music/arietta-note-verbs.h, a model)
 * and hands it in; the difference becomes one undoable step.  Undo and redo are without limit and survive closing.
 *
 * Every step is saved as it is made, in a worker, in order; the main loop waits for nothing.  "saved" is TRUE when the library
 * holds everything.  When saving fails (a full disk), the steps stay in memory, "save-failed" tells once, and each
 * further step, arietta_composition_save_async (), or a few seconds passing, tries again; "saved-again" tells that it went.
 * Until then the composition is held though nobody else does, and who opens its piece gets it with all its steps.  A piece
 * nobody has changed is not kept: the row is made with the first step, or the first track muted.
 *
 * Properties (notify): "piece" (boxed AriettaPiece), "title" (string), "can-undo", "can-redo" (bool), "undo-label" and
 * "redo-label" (string or NULL), "saved" (bool).  Signals: "stepped" (AriettaEdit pointer, bool undo) after the piece became
 * another; "save-failed" (GError boxed); "saved-again".
 *
 * Main thread only.
 */
#pragma once

#include "library/arietta-library-projects.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_COMPOSITION (arietta_composition_get_type ())
G_DECLARE_FINAL_TYPE (AriettaComposition, arietta_composition, ARIETTA, COMPOSITION, GObject)

/* @piece is frozen; @take_id is what it was opened from, or 0. */
AriettaComposition *arietta_composition_new         (AriettaLibrary       *library,
                                                     const char           *title,
                                                     gint64                take_id,
                                                     AriettaPiece         *piece) G_GNUC_WARN_UNUSED_RESULT;
/* What was made before of the very notes of @piece, at its place and with its history; NULL without error when nothing was.
 * With @piece NULL: the project @project_id.  One that is open already, in another window, is given back itself: both show
 * and change the same. */
void                arietta_composition_open_async  (AriettaLibrary       *library,
                                                     gint64                project_id,
                                                     AriettaPiece         *piece,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
AriettaComposition *arietta_composition_open_finish (GAsyncResult         *result,
                                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/* The open one of a project, borrowed; NULL when it is not open. */
AriettaComposition *arietta_composition_find_open   (AriettaLibrary       *library,
                                                     gint64                project_id);

AriettaPiece       *arietta_composition_get_piece   (AriettaComposition   *self);
const char         *arietta_composition_get_title   (AriettaComposition   *self);
gint64              arietta_composition_get_take_id (AriettaComposition   *self);
/* The take that the present state came from: of the last model step done whose maker names one ("take"), or the one it was
 * opened from; 0 for neither. */
gint64              arietta_composition_get_parent_take (AriettaComposition *self);
/* Only here: the library's is for arietta_library_rename_project (). */
void                arietta_composition_set_title   (AriettaComposition   *self,
                                                     const char           *title);
/* Which tracks are muted and solo and how fast it plays, as arietta_player_dup_heard () says it.  Kept with the piece, but no
 * step. */
const char         *arietta_composition_get_heard   (AriettaComposition   *self);
void                arietta_composition_set_heard   (AriettaComposition   *self,
                                                     const char           *heard);
/* The row is made now, though nobody has changed anything yet; arietta_composition_save_async () tells when it is there. */
void                arietta_composition_keep        (AriettaComposition   *self);
/* 0 until the first step is saved. */
gint64              arietta_composition_get_project_id (AriettaComposition *self);

/* @after becomes the piece, @label (translated, "Move Notes") names the step; @maker is JSON about the model that made it, or
 * NULL for a hand.  FALSE when nothing differs. */
gboolean            arietta_composition_step        (AriettaComposition   *self,
                                                     const char           *label,
                                                     const char           *maker,
                                                     AriettaPiece         *after);
/* The same where a worker has found what differs between the piece as it is now and @after. */
gboolean            arietta_composition_step_edit   (AriettaComposition   *self,
                                                     const char           *label,
                                                     const char           *maker,
                                                     AriettaPiece         *after,
                                                     AriettaEdit          *edit);
/* FALSE at the end of the history. */
gboolean            arietta_composition_undo        (AriettaComposition   *self);
gboolean            arietta_composition_redo        (AriettaComposition   *self);

/* Done when everything handed in so far is saved, or failed. */
void                arietta_composition_save_async  (AriettaComposition   *self,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean            arietta_composition_save_finish (AriettaComposition   *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
/* Saving failed, and nothing went since. */
gboolean            arietta_composition_has_failed  (AriettaComposition   *self);

/* All compositions whose last steps are not saved, failed or still on their way, the latest last; a reference to each. */
GPtrArray          *arietta_composition_list_unsaved    (AriettaLibrary *library);
/* They are no longer held or tried again: what is not saved goes with who shows it. */
void                arietta_composition_abandon_unsaved (AriettaLibrary *library);

G_END_DECLS
