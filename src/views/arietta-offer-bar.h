/* arietta-offer-bar.h - suggestions of a model side by side: hear one after another, take one
 *
 * A strip below the roll that is there while there is something to decide.  Numbers stand for the
 * offers in the order they came; the best of them says so in its reason.
 *
 * Properties: "open" (bool, read only, notifies); "narrow" (bool): there is little room from side to side.
 * Signals: "chosen" (uint: which offer is to be heard), "bars-changed", "accepted", "discarded",
 * "again" (others are wanted).
 */
#pragma once

#include <gtk/gtk.h>

#include "studio/arietta-offer.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_OFFER_BAR (arietta_offer_bar_get_type ())
G_DECLARE_FINAL_TYPE (AriettaOfferBar, arietta_offer_bar, ARIETTA, OFFER_BAR, GtkWidget)

/* Opens empty, waiting for offers. @label: "Fill In". */
void          arietta_offer_bar_begin      (AriettaOfferBar *self,
                                            const char      *label);
/* The same for two pieces side by side, which have letters and no rank. */
void          arietta_offer_bar_compare    (AriettaOfferBar *self,
                                            const char      *label);
/* Taken over. The first one is chosen as it comes. */
void          arietta_offer_bar_take       (AriettaOfferBar *self,
                                            AriettaOffer    *offer);
/* No more will come. */
void          arietta_offer_bar_end        (AriettaOfferBar *self);
void          arietta_offer_bar_close      (AriettaOfferBar *self);
gboolean      arietta_offer_bar_is_open    (AriettaOfferBar *self);

guint         arietta_offer_bar_get_n      (AriettaOfferBar *self);
/* FALSE when there is no such one. */
gboolean      arietta_offer_bar_choose     (AriettaOfferBar *self,
                                            guint            nth);
/* Borrowed; NULL before the first. */
AriettaOffer *arietta_offer_bar_get_chosen (AriettaOfferBar *self);
/* The chosen one, the caller's from now on; all others are forgotten.  Close the bar next. */
AriettaOffer *arietta_offer_bar_steal_chosen (AriettaOfferBar *self) G_GNUC_WARN_UNUSED_RESULT;
/* (n bars of the chosen one): 1 where the person wants it; borrowed. NULL: all. */
const guint8 *arietta_offer_bar_get_taken  (AriettaOfferBar *self);

G_END_DECLS
