/* arietta-copied.h - passages that a piece has from others
 *
 * A passage is four bars in a row of one part (a pickup is none of them) with at least eight
 * onsets.  It is copied when nine in ten of its notes have, in one and the same passage of the
 * known pieces, a note at their place that was reached by the same interval from the note before
 * (of notes that begin together the lower comes first): so in any key.  The first note of a passage
 * is reached from nowhere and only has its place.  Percussion is kept apart, there the drum itself
 * must be the same.
 *
 * What is known can be stored with a model: metres, places and intervals, without lengths, keys,
 * velocities, names.
 *
 * Threads: one while it is filled.  Once arietta_copied_prepare () has made the index, which the first question does
 * too, any may ask.
 */
#pragma once

#include "analysis/arietta-parts.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Of a passage. */
#define ARIETTA_COPIED_BARS 4

typedef struct _AriettaCopied AriettaCopied;

AriettaCopied *arietta_copied_new       (void) G_GNUC_WARN_UNUSED_RESULT;
/* From arietta_copied_store (); NULL when the bytes do not hold together. */
AriettaCopied *arietta_copied_restore   (const guint8   *bytes,
                                         gsize           n_bytes) G_GNUC_WARN_UNUSED_RESULT;
AriettaCopied *arietta_copied_ref       (AriettaCopied  *self);
void           arietta_copied_unref     (AriettaCopied  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaCopied, arietta_copied_unref)

/* Compressed. */
GBytes        *arietta_copied_store     (AriettaCopied  *self) G_GNUC_WARN_UNUSED_RESULT;

/* @piece is known from now on. */
void           arietta_copied_add       (AriettaCopied  *self,
                                         AriettaPiece   *piece);
/* Makes the index, unless it is made. */
void           arietta_copied_prepare   (AriettaCopied  *self);

/* Running counts; begin with { 0 }. */
typedef struct
{
  guint passages, copied;              /* of pitched parts */
  guint drum_passages, drum_copied;
} AriettaCopiedCount;

void           arietta_copied_measure   (AriettaCopied       *self,
                                         AriettaPiece        *piece,
                                         AriettaCopiedCount  *count);
/* Whether these four bars of one part, counted from 0, are a passage that is known: notes by bar, onset and pitch,
 * lengths of bars in clicks. */
gboolean       arietta_copied_has       (AriettaCopied          *self,
                                         const AriettaPartNote  *notes,
                                         guint                   n,
                                         gboolean                percussion,
                                         const int               lengths[ARIETTA_COPIED_BARS]);

G_END_DECLS
