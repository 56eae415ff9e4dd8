/* arietta-compose-page-offers-private.h - shared by the files of suggestions
 *
 *   arietta-compose-page-offers.c   asking for them, their keys
 *   arietta-compose-page-hearing.c  hearing, taking and comparing them
 */
#pragma once

#include "base/arietta-random.h"
#include "studio/arietta-offer.h"
#include "views/arietta-compose-page-private.h"

G_BEGIN_DECLS

struct _AriettaComposeOffers
{
  AriettaPiece         *source;    /* what is in the history; NULL when nothing is asked */
  AriettaPiece         *preview;   /* what is on the stand instead; NULL before the first offer */
  AriettaWish           wish;
  AriettaAssistRequest *request;   /* NULL before the first was asked */
  AriettaRandom         random;
  guint64               next_seed;
  guint                 to_come;
  gboolean              early;     /* the first one sounds, and is not finished */
  AriettaJob           *job;
};

/* arietta-compose-page-offers.c */
/* What is being made is not waited for, and no more is to come. */
void arietta_compose_page_stop_asking  (AriettaComposePage *self);

/* arietta-compose-page-hearing.c */
void arietta_compose_page_init_hearing (AriettaComposePage *self);
/* @piece has the first bars of the first suggestion, or more of them than before. */
void arietta_compose_page_hear_early   (AriettaComposePage *self,
                                        AriettaPiece       *piece);
/* The chosen one, with the bars that are taken, becomes a step of the history. */
void arietta_compose_page_accept_offer (AriettaComposePage *self);

G_END_DECLS
