/* arietta-render-shares.h - a piece as samples, by several synthesisers at once
 *
 * For files only: playing has one synthesiser, whose latency is one block.  The synth channels of a piece are dealt
 * out by how long their notes sound, each share to a sequencer and a synthesiser of its own; the worker pool renders
 * the shares and they are summed in their order.  How many shares there are depends on the piece alone, so the bits
 * do not depend on the number of threads.
 *
 * What differs from one synthesiser: its 256 voices are divided as the notes are (64 at least), so
 * in pieces dense enough to want more, others are cut off; and each share has a reverb and a chorus
 * of its own, which are linear: their sum is that of one, but for rounding.  The limiter comes
 * after the sum, as in playing.
 *
 * Threads: any, one at a time.
 */
#pragma once

#include "audio/arietta-audio-error.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

#define ARIETTA_RENDER_CHUNK_FRAMES 1024

typedef struct _AriettaRenderShares AriettaRenderShares;

/* @piece frozen; @soundfont NULL: the default. */
AriettaRenderShares *arietta_render_shares_new     (AriettaPiece         *piece,
                                                    const char           *soundfont,
                                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_render_shares_free    (AriettaRenderShares  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaRenderShares, arietta_render_shares_free)

/* The next ARIETTA_RENDER_CHUNK_FRAMES, interleaved stereo; the caller may change them, until the next call.
 * @playing: whether notes are still to come; after that only what rings. */
float               *arietta_render_shares_next    (AriettaRenderShares  *self,
                                                    gboolean             *playing);
/* Where the last note ends, in frames. */
double               arietta_render_shares_get_end (AriettaRenderShares  *self);

G_END_DECLS
