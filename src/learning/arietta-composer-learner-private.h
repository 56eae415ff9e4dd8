/* arietta-composer-learner-private.h - the learner's state, shared by its data and its card */
#pragma once

#include "learning/arietta-composer-private.h"
#include "learning/arietta-data-tally.h"

G_BEGIN_DECLS

#define COMPOSER_CLASSES 4

/* Sequences of tokens side by side. */
typedef struct
{
  GArray *tokens;   /* AriettaEvent16 */
  GArray *starts;   /* guint: n + 1 */
} AriettaComposerSequences;

void arietta_composer_sequences_init  (AriettaComposerSequences *self);
void arietta_composer_sequences_clear (AriettaComposerSequences *self);

typedef struct
{
  AriettaEventScore *score;
  const char        *style;     /* owned by `styles` of the learner; NULL unlabelled */
  int                style_index;
  guint              n_notes;
} AriettaComposerPiece;

typedef struct
{
  AriettaComposer            *net;
  AriettaRecipe              *recipe;
  guint64                     seed;
  int                         batch;     /* sequences of the whole context */
  AriettaComposerTaskSettings task;

  GArray                     *train;      /* AriettaComposerPiece */
  GArray                     *validation;
  GHashTable                 *style_notes; /* style -> guint64 *: notes of the training pieces */
  AriettaDataTally           *tally;

  AriettaComposerSequences    epoch;
  AriettaComposerSequences    pairs;      /* of the epoch too: bars as they are, and exchanged, in turn */
  AriettaComposerSequences    held;       /* of the validation pieces, always the same */
  GPtrArray                  *batches;
  AriettaComposerGraph       *graphs[COMPOSER_CLASSES];  /* each half as long as the one before */
  AriettaEventReader         *reader;
  AriettaComposerEcho        *echo;
  AriettaRandom               noise;      /* borrowed by the graphs; set anew at each step */
} AriettaComposerLearner;

G_END_DECLS
