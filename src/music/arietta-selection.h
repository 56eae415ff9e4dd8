/* arietta-selection.h - some of the notes of a piece
 *
 * Names notes by track and place, and so belongs to one frozen state of a piece; what changes notes
 * (music/arietta-note-verbs.h) hands back the selection of the same notes in the new state.
 *
 * Immutable; reference-counted; any thread.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  guint track;
  guint nth;   /* in arietta_track_get_notes () */
} AriettaNoteRef;

typedef struct _AriettaSelection AriettaSelection;

#define ARIETTA_TYPE_SELECTION (arietta_selection_get_type ())
GType                 arietta_selection_get_type    (void);

/* @refs in any order, each once; copied. */
AriettaSelection     *arietta_selection_new         (const AriettaNoteRef *refs,
                                                     guint                 n) G_GNUC_WARN_UNUSED_RESULT;
AriettaSelection     *arietta_selection_new_all     (AriettaPiece         *piece) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that sound somewhere in [start, end) with lowest <= pitch <= highest.  @track -1: in any. */
AriettaSelection     *arietta_selection_new_in_box  (AriettaPiece         *piece,
                                                     int                   track,
                                                     gint64                start_ticks,
                                                     gint64                end_ticks,
                                                     int                   lowest,
                                                     int                   highest) G_GNUC_WARN_UNUSED_RESULT;
/* What is in exactly one of the two (@toggle), or in either. */
AriettaSelection     *arietta_selection_new_joined  (AriettaSelection     *self,
                                                     AriettaSelection     *other,
                                                     gboolean              toggle) G_GNUC_WARN_UNUSED_RESULT;
AriettaSelection     *arietta_selection_ref         (AriettaSelection     *self);
void                  arietta_selection_unref       (AriettaSelection     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaSelection, arietta_selection_unref)

guint                 arietta_selection_get_n       (AriettaSelection     *self);
/* By track, then by place. */
const AriettaNoteRef *arietta_selection_get_refs    (AriettaSelection     *self,
                                                     guint                *n);
gboolean              arietta_selection_contains    (AriettaSelection     *self,
                                                     guint                 track,
                                                     guint                 nth);
/* From the first onset to the last end; FALSE when empty or of another piece. */
gboolean              arietta_selection_get_extent  (AriettaSelection     *self,
                                                     AriettaPiece         *piece,
                                                     gint64               *start_ticks,
                                                     gint64               *end_ticks,
                                                     int                  *lowest,
                                                     int                  *highest);

G_END_DECLS
