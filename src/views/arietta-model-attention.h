/* arietta-model-attention.h - what a model looks at, on its page
 *
 * A group: a bar of the newest take (or, before there is one, of a piece of the library), and the notes before it as
 * strong as the model looks at them while it reads the bar.  Nothing is worked out until a person asks.
 */
#pragma once

#include <adwaita.h>

#include "studio/arietta-model-list.h"
#include "views/arietta-session.h"

G_BEGIN_DECLS

#define ARIETTA_TYPE_MODEL_ATTENTION (arietta_model_attention_get_type ())
G_DECLARE_FINAL_TYPE (AriettaModelAttention, arietta_model_attention, ARIETTA, MODEL_ATTENTION, AdwPreferencesGroup)

/* Hides itself for a model without attention, or without weights. */
void arietta_model_attention_show (AriettaModelAttention  *self,
                                   AriettaSession         *session,
                                   const AriettaModelInfo *info);

G_END_DECLS
