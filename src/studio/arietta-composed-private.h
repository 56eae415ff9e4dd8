/* arietta-composed-private.h - shared by compose, morph and mix */
#pragma once

#include "base/arietta-json.h"
#include "studio/arietta-compose.h"
#include "studio/arietta-model-list.h"

G_BEGIN_DECLS

/* A result from decoded notes (borrowed): named, with its origin stated.  @settings is finished
 * JSON. @markers (NULL-terminated, may be NULL) stand at @marker_ticks. */
AriettaComposed *arietta_composed_new            (AriettaPiece        *notes,
                                                  const char          *title,
                                                  AriettaModelInfo    *info,
                                                  const char          *style,
                                                  guint64              seed,
                                                  JsonBuilder         *settings,
                                                  const char * const  *markers,
                                                  const gint64        *marker_ticks);

G_END_DECLS
