/* arietta-beat.h - what one counts: the beats of a metre, dotted in compound time (6/8, 9/8, 12/8, ...) */
#pragma once

#include "music/arietta-piece.h"

G_BEGIN_DECLS

/* How many units of the metre (eighths in 6/8) a beat has. */
int  arietta_beat_get_units (int           numerator,
                             int           denominator);
/* The beat in force at @tick, and how many of them a bar has (at least 1). */
void arietta_beat_at        (AriettaPiece *piece,
                             gint64        tick,
                             gint64       *beat_ticks,
                             guint        *n_beats);

G_END_DECLS
