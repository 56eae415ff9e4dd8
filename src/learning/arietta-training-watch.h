/* arietta-training-watch.h - what a model in training writes: is it its own?
 *
 * At each measurement a few takes are written with the weights as they are and compared with the passages
 * that it learns from (analysis/arietta-copied.h).  People repeat one another too, so the share of copies is
 * held against that of the validation pieces: weights whose takes copy clearly more often, beyond what chance
 * gives with so few of them, have begun to learn by heart, and are not kept however low their loss.
 *
 * For kinds that write whole pieces, or draw points and decode them.  Threads: the training's.
 */
#pragma once

#include "analysis/arietta-copied.h"
#include "learning/arietta-model-kind.h"

G_BEGIN_DECLS

typedef struct _AriettaTrainingWatch AriettaTrainingWatch;

typedef struct
{
  double   share;       /* of copies among the takes' passages; NaN without any */
  double   people;      /* the same of the validation pieces */
  gboolean memorises;
} AriettaTrainingWatched;

/* Some @n_takes each time.  NULL when the kind writes nothing, or none are wanted.  All borrowed. */
AriettaTrainingWatch  *arietta_training_watch_new      (const AriettaModelKind *kind,
                                                        guint                   n_takes,
                                                        guint64                 seed) G_GNUC_WARN_UNUSED_RESULT;
void                   arietta_training_watch_free     (AriettaTrainingWatch   *self);
/* A validation piece, as the kind hears it; some of them are kept until the first measurement. */
void                   arietta_training_watch_add_held (AriettaTrainingWatch   *self,
                                                        AriettaPiece           *heard);
/* Takes by @net, in its own styles one after another, always with the same chance; @known is what it learns
 * from. */
AriettaTrainingWatched arietta_training_watch_measure  (AriettaTrainingWatch   *self,
                                                        gpointer                net,
                                                        AriettaCopied          *known);

G_END_DECLS
