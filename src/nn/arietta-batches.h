/* arietta-batches.h - examples of many lengths dealt into batches of like length
 *
 * A graph is built for one shape, so every batch has the same number of examples, and a batch's length is a
 * multiple of a grain: that keeps the graphs few and the padding short.  Examples are shuffled, sorted by
 * length rounded up to the grain (those of one length stay shuffled), cut into batches, and the batches shuffled.
 * The last batch of a deal is filled up with examples from before it.
 *
 * A deal depends on the lengths and the random stream alone.  Threads: one at a time.
 */
#pragma once

#include "base/arietta-random.h"

G_BEGIN_DECLS

typedef struct
{
  const guint *examples; /* as many as were asked for; borrowed until the next deal */
  int          length;   /* that of the longest, rounded up to the grain */
} AriettaBatch;

typedef struct _AriettaBatches AriettaBatches;

/* @lengths (n) is copied; @size, @grain and n at least 1. */
AriettaBatches *arietta_batches_new     (const int      *lengths,
                                         guint           n,
                                         guint           size,
                                         int             grain) G_GNUC_WARN_UNUSED_RESULT;
void            arietta_batches_free    (AriettaBatches *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaBatches, arietta_batches_free)

/* For an epoch; each example is in one batch, but for those that fill up. */
void            arietta_batches_deal    (AriettaBatches *self,
                                         AriettaRandom  *random);
guint           arietta_batches_get_n   (AriettaBatches *self);
AriettaBatch    arietta_batches_get_nth (AriettaBatches *self,
                                         guint           nth);

G_END_DECLS
