/* arietta-model-words.h - a model's card in words for a person */
#pragma once

#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* "Melody" in the person's language. */
char *arietta_model_dup_kind        (const AriettaModelInfo *info);
/* One honest sentence with the strongest of the simple methods: "Gives back 93 of 100 steps;
 * holding the last note reaches 61". */
char *arietta_model_dup_honest_line (const AriettaModelInfo *info);
/* "1.6 million weights", or "". */
char *arietta_model_dup_facts       (const AriettaModelInfo *info);
/* The licences of what it learned from: "CC0-1.0, CC-BY-4.0", "11 licences" (each stands beside its
 * data), or "". */
char *arietta_model_dup_rights      (const AriettaModelInfo *info);
/* The styles it learned, each once; an array of char *. */
GPtrArray *arietta_model_list_styles (const AriettaModelInfo *info);

/* What stands on the card in the person's language, or else in English; "" or empty where there is
 * nothing. */
char *arietta_model_dup_summary     (const AriettaModelInfo *info);
/* Sentences; an array of char *. */
GPtrArray *arietta_model_list_limits (const AriettaModelInfo *info);
/* "1,600 steps in 42 minutes; 2.9 million weights in 16 bits, seed 1." */
char *arietta_model_dup_making      (const AriettaModelInfo *info);

/* One row of results: what, the model's figure, what simple methods reach. Strings owned by the
 * row. */
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
