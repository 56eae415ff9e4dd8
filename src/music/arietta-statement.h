/* arietta-statement.h - the statement of origin a piece carries
 *
 * A text event (meta 0x01), at the beginning of the first track of a piece of ours: "Arietta: " and
 * one JSON object that says how the notes were made (studio/arietta-provenance.h knows what is in
 * it).  Formats without events keep the object in a field of their own.  A piece has one statement:
 * of several the first counts.
 *
 * A @json may be what a stranger wrote: no JSON, or members of other types, say nothing.  Strings
 * are given to the caller.
 *
 * Threads: reading a frozen piece from any.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* The text behind "Arietta: " as valid UTF-8, which may be no JSON at all in a file of a stranger; NULL without a
 * statement. */
char   *arietta_statement_dup        (AriettaPiece *piece);
/* Into a piece that is still being built: instead of what it stated.  A piece without tracks cannot state anything. */
void    arietta_statement_set        (AriettaPiece *piece,
                                      const char   *json);
/* What @json says, as one line of English for people who open the file elsewhere; NULL when it says nothing. */
char   *arietta_statement_dup_words  (const char   *json);
/* The text of the member @name, or NULL: "author", "program". */
char   *arietta_statement_dup_member (const char   *json,
                                      const char   *name);
/* When it was exported, seconds since 1970; 0 when that is not said. */
gint64  arietta_statement_get_time   (const char   *json);

G_END_DECLS
