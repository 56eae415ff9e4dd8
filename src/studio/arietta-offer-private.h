/* arietta-offer-private.h - shared by the files of offers
 *
 *   arietta-offer.c        wishes, putting in place, asking, keeping
 *   arietta-offer-judge.c  the score of an offer and the reason for it
 */
#pragma once

#include "studio/arietta-offer.h"

G_BEGIN_DECLS

/* Whether @note is among the @n @notes, which are in order of onset, with its pitch and length. */
gboolean arietta_offer_has_note (const AriettaNote *notes,
                                 guint              n,
                                 const AriettaNote *note);

/* Fills score and reason from the piece, the bars and the model of @self; @before: what was asked about. */
void     arietta_offer_judge    (AriettaOffer      *self,
                                 AriettaLibrary    *library,
                                 AriettaWish        wish,
                                 AriettaPiece      *before);

G_END_DECLS
