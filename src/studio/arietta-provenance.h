/* arietta-provenance.h - a piece says how it was made
 *
 * What stands in the statement of origin (music/arietta-statement.h), one JSON object:
 *
 *   program         "arietta 0.1.0"
 *   model, sha256, seed, settings, training_data (licences)   what the notes follow from; own_model when the person
 *                   trained it; without a model instead: source, "given"
 *   then            list of the same for what models did to it afterwards
 *   edited_by_hand  share of the notes that a person drew or changed, 0 to 1; from export on
 *   author, unix_time   from export on, when wished
 *
 * The same request gives the same bytes: a date is added only when SOURCE_DATE_EPOCH is set, or by
 * the window on export.
 */
#pragma once

#include "library/arietta-records.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* What leaves the house beside the fact. */
typedef struct
{
  const char *author;     /* NULL or "": nobody is named */
  gint64      unix_time;  /* 0: no date */
  gboolean    discreet;   /* neither author nor date, nor the names of models that the person trained, nor which piece was
                             worked on; the rest always */
} AriettaProvenanceWishes;

/* What a model did, as one JSON object. @licences of its training data may be NULL. */
char         *arietta_provenance_dup_maker (const AriettaTake  *take,
                                            const char         *licences,
                                            gboolean            own_model);
/* Into a piece that is still being built: @maker made it, or, when it says already how it was made, changed it. */
void          arietta_provenance_add       (AriettaPiece       *piece,
                                            const char         *maker);
/* @piece (frozen) after a model worked on part of it: its statement, or a new one for a piece that was
 * given, gets @maker as the last of its list "then". */
AriettaPiece *arietta_provenance_extend    (AriettaPiece       *piece,
                                            const char         *maker) G_GNUC_WARN_UNUSED_RESULT;
/* @piece (frozen) as it leaves the program: a copy that states what was done by hand, and what else is wished. */
AriettaPiece *arietta_provenance_export    (AriettaPiece                  *piece,
                                            const AriettaProvenanceWishes *wishes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
