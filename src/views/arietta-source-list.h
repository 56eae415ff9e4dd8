/* arietta-source-list.h - takes and note items in one list to choose a piece from
 *
 * Choices begin with an id so that AriettaRecordList can hold them: a take's is negative.
 */
#pragma once

#include "library/arietta-library.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  id;       /* item id, or a take's with the sign turned */
  char   *title;
  char   *style;
} AriettaSourceChoice;

/* Takes first, newest on top. An array of AriettaSourceChoice; blocks: call in a worker. */
GPtrArray    *arietta_source_list_read (AriettaLibrary             *library,
                                        GError                    **error);
/* Its notes; blocks. */
AriettaPiece *arietta_source_load      (AriettaLibrary             *library,
                                        gint64                      id,
                                        GError                    **error);

G_END_DECLS
