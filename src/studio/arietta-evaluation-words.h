/* arietta-evaluation-words.h - what “evaluate” found, in rows for a person
 *
 * Each row is a figure with what it is held against.  A part without a figure has no rows.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "studio/arietta-model-words.h"

G_BEGIN_DECLS

typedef enum
{
  ARIETTA_EVALUATION_FORESEEN,    /* how well it foresees what comes next */
  ARIETTA_EVALUATION_GIVEN_BACK,  /* what comes back of a window that became a point */
  ARIETTA_EVALUATION_WRITTEN,     /* what it writes beside the pieces: spread, copies, repetition */
  ARIETTA_EVALUATION_BARS,        /* the same bar by bar (analysis/arietta-musegan.h) */
  ARIETTA_EVALUATION_ASKED,       /* asked for and come: key, density, metre, instruments */
  ARIETTA_EVALUATION_FITTING,     /* do bars and parts belong to the others */
  ARIETTA_EVALUATION_N_PARTS,
} AriettaEvaluationPart;

/* The heading, translated. */
const char *arietta_evaluation_get_title (AriettaEvaluationPart   part);
/* Appends rows (AriettaModelResult) to @results. */
void        arietta_evaluation_add       (JsonObject             *evaluation,
                                          AriettaEvaluationPart   part,
                                          GArray                 *results);
/* The rows alone, in an array with a clear function. */
GArray     *arietta_evaluation_list      (JsonObject             *evaluation,
                                          AriettaEvaluationPart   part) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
