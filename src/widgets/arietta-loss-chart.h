/* arietta-loss-chart.h - curves of a training while it runs
 *
 * Two series over time, training as a line and validation as a line with dots, axes with few round numbers,
 * a legend.  Takes prepared numbers and only paints.  Its accessible description says the last values.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_LOSS_CHART (arietta_loss_chart_get_type ())
G_DECLARE_FINAL_TYPE (AriettaLossChart, arietta_loss_chart, ARIETTA, LOSS_CHART, GtkWidget)

GtkWidget *arietta_loss_chart_new   (void);
void       arietta_loss_chart_clear (AriettaLossChart *self);
/* @validation may be NaN: no point there. */
void       arietta_loss_chart_add   (AriettaLossChart *self,
                                     double            minutes,
                                     double            train,
                                     double            validation);
/* From now on another training's points may be laid over these, each under its name; clearing forgets them. */
void       arietta_loss_chart_lay_over (AriettaLossChart *self,
                                     const char       *name,
                                     const char       *beside_name);
void       arietta_loss_chart_add_beside (AriettaLossChart *self,
                                     double            minutes,
                                     double            train,
                                     double            validation);

G_END_DECLS
