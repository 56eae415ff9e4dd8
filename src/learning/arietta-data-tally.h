/* arietta-data-tally.h - what each style brought to a training, for the card
 *
 * Threads: one at a time.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "learning/arietta-recipe.h"

G_BEGIN_DECLS

typedef struct _AriettaDataTally AriettaDataTally;

AriettaDataTally *arietta_data_tally_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_data_tally_free    (AriettaDataTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaDataTally, arietta_data_tally_free)

/* A piece that gave @n of what the kind counts; 0: it was skipped. */
void              arietta_data_tally_add     (AriettaDataTally *self,
                                              const char       *style,
                                              guint             n,
                                              gboolean          validation);
/* An object for each style by name: style, pieces, @counted, validation_pieces, validation_@counted,
 * skipped, and its source where the recipe names one. */
JsonArray        *arietta_data_tally_to_json (AriettaDataTally *self,
                                              AriettaRecipe    *recipe,
                                              const char       *counted);

G_END_DECLS
