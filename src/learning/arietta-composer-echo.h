/* arietta-composer-echo.h - what stands at the same place elsewhere: the piece's own past, and future, as
 * suggestions
 *
 * Music repeats itself, exactly and by the bar, far oftener than a small network learns to see by attention
 * alone.  So each token is read together with some tokens that might follow it, were the music to do now what
 * it does somewhere else:
 *
 *   - 1, 2, 4 and 8 bars before, and as far behind where that is known already (when a hole is filled), in the
 *     same part, at the same place of the bar;
 *   - in another part of the same bar, at the same place;
 *   - after the longest passage of this part that ends like what was just read;
 *   - the note that this part has come from, and the one it has to reach, at the edges of what is known.
 *
 * Each comes with a trust, 0 .. 15: how well that source has foretold so far, in this part; where a cell is
 * filled, how alike the bars around it and around the source are; for the passage, how long it is; for the notes
 * at the edges, how many bars away.  All of it follows from the tokens read, so training and use have the same.
 *
 * This is our own addition to the decoder, not out of a paper; kin to it are pointers and copying heads
 * (Vinyals et al., "Pointer Networks", 2015).
 *
 * Threads: one at a time.
 */
#pragma once

#include "encoding/arietta-event-reader.h"

G_BEGIN_DECLS

#define COMPOSER_ECHOES  12
#define COMPOSER_LAGS    8    /* the first of them: so many bars away */
#define COMPOSER_TRUSTS  16

typedef struct _AriettaComposerEcho AriettaComposerEcho;

AriettaComposerEcho *arietta_composer_echo_new   (void) G_GNUC_WARN_UNUSED_RESULT;
void                 arietta_composer_echo_free  (AriettaComposerEcho     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaComposerEcho, arietta_composer_echo_free)
void                 arietta_composer_echo_reset (AriettaComposerEcho     *self);
/* Takes in a token that @place stands behind; what may follow, by each source: a token or -1, and the source's
 * trust. */
void                 arietta_composer_echo_feed  (AriettaComposerEcho     *self,
                                                  AriettaEvent16           token,
                                                  const AriettaEventPlace *place,
                                                  gint32                   tokens[COMPOSER_ECHOES],
                                                  gint32                   trusts[COMPOSER_ECHOES]);

G_END_DECLS
