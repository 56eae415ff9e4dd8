/* arietta-bar-map.h - the bars of a piece, from its metre map
 *
 * Bars cover everything from tick 0 to the end of the piece (at least one bar).  A metre change
 * begins a bar wherever it stands; a bar cut short by one keeps its metre and its shorter length.
 * The first bar is a pickup when it is cut short in this way.
 *
 * A map is a snapshot: it does not follow later changes of the piece.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 start_ticks;
  gint64 length_ticks;
  int    numerator;
  int    denominator;
} AriettaBar;

typedef struct _AriettaBarMap AriettaBarMap;

AriettaBarMap    *arietta_bar_map_new        (AriettaPiece  *piece) G_GNUC_WARN_UNUSED_RESULT;
void              arietta_bar_map_free       (AriettaBarMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AriettaBarMap, arietta_bar_map_free)

guint             arietta_bar_map_get_n      (AriettaBarMap *self);
const AriettaBar *arietta_bar_map_get_nth    (AriettaBarMap *self,
                                              guint          nth);
/* Index of the bar that holds @tick; the last metre goes on for ever past the end. */
guint             arietta_bar_map_find       (AriettaBarMap *self,
                                              gint64         tick);
/* Start of bar @nth, which may lie past the end of the piece. */
gint64            arietta_bar_map_get_start  (AriettaBarMap *self,
                                              guint          nth);
/* Bars up to the one where the last note of @piece, whose map this is, ends; 0 without notes. */
guint             arietta_bar_map_count_sounding (AriettaBarMap *self,
                                              AriettaPiece  *piece);
gboolean          arietta_bar_map_has_pickup (AriettaBarMap *self);

G_END_DECLS
