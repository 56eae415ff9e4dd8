/* arietta-ring.h - a queue between two threads that never waits
 *
 * A ring of records of one size, for exactly one pushing and one popping thread.  Neither side locks,
 * allocates or blocks, so the audio thread may stand at either end; only C11 atomics are used, so
 * that ThreadSanitizer can follow it.
 *
 *      popped ..... head [ a | b | c ] tail ..... free       head == tail: empty
 *
 * `head` belongs to the popping thread and `tail` to the pushing one; each reads the other's.  Both count
 * for ever and wrap by the mask.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AriettaRing AriettaRing;

/* @capacity is rounded up to a power of two. */
AriettaRing *arietta_ring_new  (gsize        item_size,
                                guint        capacity) G_GNUC_WARN_UNUSED_RESULT;
void         arietta_ring_free (AriettaRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRing, arietta_ring_free)

/* FALSE when full; nothing is written then. */
gboolean     arietta_ring_push (AriettaRing *self,
                                gconstpointer item);
/* FALSE when empty. */
gboolean     arietta_ring_pop  (AriettaRing *self,
                                gpointer     item);

G_END_DECLS
