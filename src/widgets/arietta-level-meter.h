/* arietta-level-meter.h - how loud something is, as a standing bar
 *
 * In decibels, -54 at the bottom and full scale on top; quickly up, slowly down, with a line where
 * it was highest in the last second and a half.  From -9 dB on the bar warns, from -1 dB on it is
 * red.
 *
 * Accessible as a meter whose value is told in words at rest, not with every movement.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_LEVEL_METER (arietta_level_meter_get_type ())
G_DECLARE_FINAL_TYPE (AriettaLevelMeter, arietta_level_meter, ARIETTA, LEVEL_METER, GtkWidget)

/* The peak since the last call, 0..1 of full scale; call some 25 times a second.  FALSE when the
 * meter is at rest and shows nothing. */
gboolean   arietta_level_meter_take     (AriettaLevelMeter *self,
                                         double             peak,
                                         gint64             time_us);

G_END_DECLS
