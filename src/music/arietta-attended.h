/* arietta-attended.h - a note of a piece, and how much a network looked at it
 *
 * A plain value: lists of them are GArrays or pointer and number, and whoever makes one says who owns it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint  track;         /* of the piece, counted from 0 */
  gint64 onset_ticks;   /* as the piece counts */
  int    pitch;         /* MIDI, 0..127 */
  double share;         /* of all attention that fell on notes: the shares of a list add up to 1 */
} AriettaAttended;

G_END_DECLS
