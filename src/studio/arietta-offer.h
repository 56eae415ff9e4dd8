/* arietta-offer.h - what a model offers for part of a piece that is open
 *
 * One offer is the whole piece with the model's notes in place, so that it is heard in its context;
 * what else the model did to title or texts is left behind.  Several offers for one wish differ by
 * their seed.  Each is judged by what can be told of the new notes alone, and says why.
 *
 * An offer is plain data, made in a worker and then read by one thread.
 */
#pragma once

#include "studio/arietta-assist.h"

G_BEGIN_DECLS

/* What can be wished for. */
typedef enum
{
  ARIETTA_WISH_CONTINUE,
  ARIETTA_WISH_INFILL,
  ARIETTA_WISH_VARY,
  ARIETTA_WISH_SIMPLIFY,
  ARIETTA_WISH_RESTYLE,
  ARIETTA_WISH_HARMONISE,
  ARIETTA_WISH_MELODY,
  ARIETTA_WISH_BASS,
  ARIETTA_WISH_DRUMS,
  ARIETTA_WISH_ARRANGE,
  ARIETTA_WISH_N,
} AriettaWish;

/* "infill": the word of actions and of the command line. */
const char   *arietta_wish_get_name  (AriettaWish                  wish);
/* ARIETTA_WISH_N for an unknown one. */
AriettaWish   arietta_wish_find      (const char                  *name);
/* What a take's settings say it was made by; ARIETTA_WISH_N for one that was written alone. */
AriettaWish   arietta_offer_find_wish (const char                 *settings);
/* "Fill In", for menus and the history; translated. */
const char   *arietta_wish_get_label (AriettaWish                  wish);

typedef struct
{
  AriettaPiece *piece;             /* frozen */
  guint         first_bar, n_bars; /* where it has notes of the model's */
  guint64       seed;
  char         *maker;             /* JSON: model, its digest, seed, settings */
  double        score;             /* 0..1, better first */
  char         *reason;            /* "Keeps to G major, busier than before, copies nobody"; translated */
  /* For the take it becomes when it is accepted. */
  char         *model, *model_hash, *settings, *style;
} AriettaOffer;

/* Blocks.  With @request's "filled" it can be heard before it is finished, in its place and bar by
 * bar.  @request as for arietta_assist_fill (); the first bar and the bars say what is selected. */
AriettaOffer *arietta_offer_new      (AriettaLibrary              *library,
                                      AriettaPiece                *piece,
                                      AriettaWish                  wish,
                                      const AriettaAssistRequest  *request,
                                      AriettaJob                  *job,
                                      GError                     **error) G_GNUC_WARN_UNUSED_RESULT;
void          arietta_offer_free     (AriettaOffer                *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaOffer, arietta_offer_free)

/* @piece, with what was taken of the offer, as a take that came from @parent_id (0: from none); its
 * id, 0 with an error.  @title: of the piece. */
gint64        arietta_offer_keep     (const AriettaOffer          *self,
                                      AriettaLibrary              *library,
                                      AriettaWish                  wish,
                                      AriettaPiece                *piece,
                                      const char                  *title,
                                      gint64                       parent_id,
                                      GError                     **error);
/* The maker of the history's step that made such a take. */
char         *arietta_offer_dup_maker (const AriettaOffer         *self,
                                       gint64                      take_id) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a take that was taken from. */
char         *arietta_offer_dup_take_maker (const AriettaTake     *take) G_GNUC_WARN_UNUSED_RESULT;

/* @before with the bars of @after that @taken has (n, from @first_bar on; NULL: all of them, and what
 * lies behind): bar by bar the notes of the one or of the other, tracks that only @after has behind
 * those of @before.  Both have the same metres as far as @before goes.  Frozen. */
AriettaPiece *arietta_offer_merge    (AriettaPiece                *before,
                                      AriettaPiece                *after,
                                      guint                        first_bar,
                                      const guint8                *taken,
                                      guint                        n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
