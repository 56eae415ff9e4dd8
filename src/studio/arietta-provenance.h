/* arietta-provenance.h - a piece says how it was made
 *
 * The statement is a text event at the beginning of the first track: "Arietta: " and one JSON
 * object.  It holds what the notes follow from (program version, model with the hash of its
 * weights, seed, settings, licences of the training data), so the same request gives the same
 * bytes.  A date is added only when SOURCE_DATE_EPOCH is set, or by the window on export.
 */
#pragma once

#include "library/arietta-records.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Into a piece that is still being built. @licences may be NULL. */
void  arietta_provenance_add      (AriettaPiece       *piece,
                                   const AriettaTake  *take,
                                   const char         *licences);
/* @piece (frozen) as it leaves the program: a copy whose statement tells the time.  A statement that
 * has one, and a piece without a statement, are given back as they are. */
AriettaPiece *arietta_provenance_date (AriettaPiece *piece,
                                       gint64        unix_time) G_GNUC_WARN_UNUSED_RESULT;
/* @piece (frozen) after a model worked on part of it: its statement, or a new one for a piece that was
 * given, gets @maker (a JSON object) as the last of its list "then". */
AriettaPiece *arietta_provenance_extend (AriettaPiece *piece,
                                         const char   *maker) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
