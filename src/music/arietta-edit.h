/* arietta-edit.h - the difference between two states of a piece
 *
 * An edit takes a piece from one frozen state to another and back, and holds only what differs: for each track the
 * one stretch of notes that was replaced, and, where tempo, metre, keys, the list of tracks or
 * their events changed, the whole frame (the piece without its notes) before and after.  Undo
 * stands on it, and so does saving an edit by itself.  Whoever changes a piece makes the new state
 * in any way it likes; the edit is found by comparison, so there is one kind of edit for pencil and
 * model alike.
 *
 * Immutable; reference-counted; any thread.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct _AriettaEdit AriettaEdit;

/* In track @track, from note @at on, the notes of one side stand where those of the other stood. */
typedef struct
{
  guint              track;
  guint              at;
  const AriettaNote *before;   /* borrowed */
  guint              n_before;
  const AriettaNote *after;
  guint              n_after;
} AriettaEditStretch;

/* What leads from @before to @after, both frozen; NULL when nothing differs. */
AriettaEdit              *arietta_edit_new_between   (AriettaPiece              *before,
                                                      AriettaPiece              *after) G_GNUC_WARN_UNUSED_RESULT;
/* From its parts, as read from a file: notes are copied; the frames are frozen pieces without notes, both or
 * neither. */
AriettaEdit              *arietta_edit_new           (AriettaPiece              *frame_before,
                                                      AriettaPiece              *frame_after,
                                                      const AriettaEditStretch  *stretches,
                                                      guint                      n_stretches) G_GNUC_WARN_UNUSED_RESULT;
AriettaEdit              *arietta_edit_ref           (AriettaEdit               *self);
void                      arietta_edit_unref         (AriettaEdit               *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaEdit, arietta_edit_unref)

/* The frozen piece after the edit, or, with @undo, before it.  NULL when the edit does not fit
 * @piece, which then is not the state it was made from. */
AriettaPiece             *arietta_edit_apply         (AriettaEdit               *self,
                                                      AriettaPiece              *piece,
                                                      gboolean                   undo) G_GNUC_WARN_UNUSED_RESULT;

/* Both NULL when only notes differ; borrowed. */
AriettaPiece             *arietta_edit_get_frame     (AriettaEdit               *self,
                                                      gboolean                   before);
const AriettaEditStretch *arietta_edit_get_stretches (AriettaEdit               *self,
                                                      guint                     *n);
/* The ticks and the pitches that the changed notes cover on both sides; FALSE when no note changed. */
gboolean                  arietta_edit_get_extent    (AriettaEdit               *self,
                                                      gint64                    *start_ticks,
                                                      gint64                    *end_ticks,
                                                      int                       *lowest,
                                                      int                       *highest);
/* From the first to the last tempo, metre, key or event (markers and chords among them) in which
 * the frames differ; FALSE when they do not, or only by what has no time. */
gboolean                  arietta_edit_get_frame_extent (AriettaEdit            *self,
                                                      gint64                    *start_ticks,
                                                      gint64                    *end_ticks);

G_END_DECLS
