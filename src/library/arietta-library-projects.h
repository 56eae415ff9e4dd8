/* arietta-library-projects.h - open pieces: what a person works on, edit by edit
 *
 * A project is a piece with its whole history.  Every edit is a row of its own, written in one durable transaction, so
 * that what was acknowledged survives whatever ends the program; undo and redo only move the place in the history.  The
 * piece itself is kept at some place of the history and led to the present one when loaded.
 *
 * Functions as in library/arietta-library.h: any thread, blocking.
 */
#pragma once

#include "library/arietta-library.h"
#include "music/arietta-edit.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  id;
  char   *title;
  gint64  take_id;        /* that it was opened from; 0: none */
  gint64  created_unix;
  gint64  changed_unix;
  guint   place;          /* edits done */
  char   *heard;          /* which tracks are muted and solo and how fast it plays, as the player says it; "": none */
} AriettaProject;

/* One step of a history. */
typedef struct
{
  char        *label;     /* as the person reads it: "Move Notes" */
  char        *maker;     /* JSON about the model that made it; "" for a hand */
  gint64       unix_time;
  AriettaEdit *edit;
} AriettaProjectStep;

void            arietta_project_free            (AriettaProject      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaProject, arietta_project_free)
void            arietta_project_step_free       (AriettaProjectStep  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaProjectStep, arietta_project_step_free)

/* The id; 0 on error. */
gint64          arietta_library_add_project     (AriettaLibrary      *self,
                                                 const char          *title,
                                                 gint64               take_id,
                                                 AriettaPiece        *piece,
                                                 GError             **error);
/* @step becomes edit @place, counted from 0; what was undone from there on is gone.  One in the
 * trash comes back by it.  @piece is the state after it. */
gboolean        arietta_library_add_edit        (AriettaLibrary            *self,
                                                 gint64                     id,
                                                 guint                      place,
                                                 const AriettaProjectStep  *step,
                                                 AriettaPiece              *piece,
                                                 GError                   **error);
gboolean        arietta_library_set_place       (AriettaLibrary      *self,
                                                 gint64               id,
                                                 guint                place,
                                                 GError             **error);
/* The project last worked on that began with these notes; 0 when there is none, or with an error. */
gint64          arietta_library_find_project    (AriettaLibrary      *self,
                                                 AriettaPiece        *piece,
                                                 GError             **error);
/* The piece at its present place, and, if @steps is not NULL, the history as an array of
 * AriettaProjectStep, undone ones included. */
AriettaPiece   *arietta_library_load_project    (AriettaLibrary      *self,
                                                 gint64               id,
                                                 AriettaProject     **project,
                                                 GPtrArray          **steps,
                                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* One from elsewhere with all its history: @project gives title, take and times, @first is the
 * piece at the beginning of @steps, @piece at the project's place.  The id; 0 on error. */
gint64          arietta_library_import_project  (AriettaLibrary        *self,
                                                 const AriettaProject  *project,
                                                 AriettaPiece          *first,
                                                 AriettaPiece          *piece,
                                                 GPtrArray             *steps,
                                                 GError               **error);
/* The project that began at the same time with the same notes and has gone through the same steps, perhaps further; 0
 * when there is none, or with an error. */
gint64          arietta_library_find_same_project (AriettaLibrary       *self,
                                                 const AriettaProject  *project,
                                                 AriettaPiece          *first,
                                                 GPtrArray             *steps,
                                                 GError               **error);
/* Of AriettaProject, the one last worked on first. */
GPtrArray      *arietta_library_list_projects   (AriettaLibrary      *self,
                                                 GError             **error);
gboolean        arietta_library_rename_project  (AriettaLibrary      *self,
                                                 gint64               id,
                                                 const char          *title,
                                                 GError             **error);
/* How it is listened to: no edit, and none that makes the piece one worked on. */
gboolean        arietta_library_set_project_heard (AriettaLibrary       *self,
                                                 gint64               id,
                                                 const char          *heard,
                                                 GError             **error);
/* FALSE: bring back. */
gboolean        arietta_library_remove_project  (AriettaLibrary      *self,
                                                 gint64               id,
                                                 gboolean             removed,
                                                 GError             **error);

G_END_DECLS
