/* arietta-ahead.h - composing on while the piece plays: when, and what
 *
 * Fewer than ARIETTA_AHEAD_LEAST bars between the play head and the end of the notes, and the next
 * ARIETTA_AHEAD_BARS are written behind them.  At 180 quarters to the minute in 4/4 six bars are
 * eight seconds, of which the model may take all but the two bars (2.7 s) that shall always lie
 * ahead.
 *
 * Main thread, but for arietta_ahead_write ().
 */
#pragma once

#include "music/arietta-bar-map.h"
#include "studio/arietta-offer.h"

G_BEGIN_DECLS

#define ARIETTA_AHEAD_LEAST 6
#define ARIETTA_AHEAD_BARS  4

/* What is known of a piece for the asking, many times a second. */
typedef struct
{
  AriettaPiece  *piece;
  AriettaBarMap *bars;
  guint          n_bars;    /* up to the last note */
} AriettaAhead;

#define ARIETTA_AHEAD_INIT { NULL, NULL, 0 }

void          arietta_ahead_clear     (AriettaAhead                *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AriettaAhead, arietta_ahead_clear)

/* @piece (frozen) is the one that plays; cheap when it is the same. NULL: none. */
void          arietta_ahead_set_piece (AriettaAhead                *self,
                                       AriettaPiece                *piece);
/* Whole bars behind the one that holds @position_ticks. */
guint         arietta_ahead_count     (const AriettaAhead          *self,
                                       gint64                       position_ticks);
/* Whether it is time; never for a piece without notes. */
gboolean      arietta_ahead_is_due    (const AriettaAhead          *self,
                                       gint64                       position_ticks);
/* Blocks.  The next bars of all who play, as a suggestion of ARIETTA_WISH_CONTINUE that does not come to an end. */
AriettaOffer *arietta_ahead_write     (AriettaLibrary              *library,
                                       AriettaPiece                *piece,
                                       const AriettaAssistRequest  *request,
                                       AriettaJob                  *job,
                                       GError                     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
