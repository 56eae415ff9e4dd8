/* arietta-attended.h - a note of a piece, and how much a network looked at it */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint  track;         /* of the piece */
  gint64 onset_ticks;
  int    pitch;
  double share;         /* of all attention that fell on notes: the shares of a list add up to 1 */
} AriettaAttended;

G_END_DECLS
