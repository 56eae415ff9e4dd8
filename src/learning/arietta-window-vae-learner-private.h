/* arietta-window-vae-learner-private.h - the learner's state, shared by its data and its card */
#pragma once

#include "learning/arietta-data-tally.h"
#include "learning/arietta-window-vae-private.h"
#include "learning/arietta-window-set.h"

G_BEGIN_DECLS

/* Windows trained in one graph: those of up to `length` cells in their longest unit. */
typedef struct
{
  int                    length;
  GArray                *members;  /* guint: windows of the training set */
  AriettaWindowVaeGraph *graph;    /* made at first use */
  gboolean               held;     /* it leaves the lower level as it is */
} AriettaWindowVaeClass;

/* What a style brought, for the card. */
typedef struct
{
  AriettaWindowVae      *net;
  AriettaRecipe         *recipe;
  guint64                seed;
  int                    batch;

  AriettaWindowSet      *train;
  AriettaWindowSet      *validation;
  GPtrArray             *styles;           /* of training pieces with windows, sorted once begun;
                                              char * */
  AriettaDataTally      *tally;
  GArray                *statistics;       /* float, of the training pieces that have some */
  GPtrArray             *statistic_styles; /* char *, of each */
  guint                  n_failed;

  AriettaWindowVaeClass *classes;
  guint                  n_classes;
  GPtrArray             *batches;          /* of this epoch, as its own file knows them */
  AriettaRandom          noise;            /* borrowed by the graphs; set anew at each step */
} AriettaWindowVaeLearner;

G_END_DECLS
