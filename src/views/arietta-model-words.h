/* arietta-model-words.h - a model's card in words for a person */
#pragma once

#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* "Melody" in the person's language. */
char *arietta_model_dup_kind        (const AriettaModelInfo *info);
/* One honest sentence: "Right in 93 of 100 steps; repeating the last one reaches 71." */
char *arietta_model_dup_honest_line (const AriettaModelInfo *info);
/* "1.6 million weights · folk, hymn" */
char *arietta_model_dup_facts       (const AriettaModelInfo *info);

/* One row of results: what, the model's figure, what simple methods reach. Strings owned by the row. */
typedef struct
{
  char *title;
  char *value;
  char *baseline;   /* "" when there is none */
} AriettaModelResult;

/* An array of AriettaModelResult with a clear function; may be empty. */
GArray *arietta_model_list_results  (const AriettaModelInfo *info);
/* Each dataset's style, pieces, licence and attribution as a line; an array of char *. */
GPtrArray *arietta_model_list_data  (const AriettaModelInfo *info);

G_END_DECLS
