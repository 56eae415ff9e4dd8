/* arietta-map-verbs.h - what a hand does to tempo and metre
 *
 * As music/arietta-note-verbs.h: a frozen piece in, the frozen piece after it out, or @piece itself
 * with a new reference when there is nothing to do.  An entry is named by its tick; moving one onto
 * another replaces that one.  What holds before the first entry (120 to the minute, 4/4) can be set
 * at tick 0.  Pure; any thread.
 */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* Quarters to the minute that a lane offers. */
#define ARIETTA_TEMPO_LEAST 10.0
#define ARIETTA_TEMPO_MOST 400.0

/* From @from to @to (the same for a new value only), at @quarters_per_minute. */
AriettaPiece *arietta_maps_set_tempo    (AriettaPiece *piece,
                                         gint64        from,
                                         gint64        to,
                                         double        quarters_per_minute) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_maps_remove_tempo (AriettaPiece *piece,
                                         gint64        tick) G_GNUC_WARN_UNUSED_RESULT;
/* @denominator is a power of two up to 64. */
AriettaPiece *arietta_maps_set_meter    (AriettaPiece *piece,
                                         gint64        tick,
                                         int           numerator,
                                         int           denominator) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_maps_move_meter   (AriettaPiece *piece,
                                         gint64        from,
                                         gint64        to) G_GNUC_WARN_UNUSED_RESULT;
AriettaPiece *arietta_maps_remove_meter (AriettaPiece *piece,
                                         gint64        tick) G_GNUC_WARN_UNUSED_RESULT;
/* "7/8"; FALSE when it is none. */
gboolean      arietta_maps_parse_meter  (const char   *text,
                                         int          *numerator,
                                         int          *denominator);

G_END_DECLS
