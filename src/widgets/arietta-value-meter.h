/* arietta-value-meter.h - one honest number as a bar
 *
 * Properties: "label", "value" (double 0..1; below 0: unknown, an empty bar and a dash), "reference" (double,
 * below 0: none; a tick mark: the value before).  Accessible as a meter with its value in percent.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_VALUE_METER (arietta_value_meter_get_type ())
G_DECLARE_FINAL_TYPE (AriettaValueMeter, arietta_value_meter, ARIETTA, VALUE_METER, GtkWidget)

GtkWidget *arietta_value_meter_new (const char *label);

G_END_DECLS
