/* arietta-style-bar.h - the styles of a dataset as one thin bar, each with its hue and its share
 *
 * Presentational: the words beside it say the same.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_STYLE_BAR (arietta_style_bar_get_type ())
G_DECLARE_FINAL_TYPE (AriettaStyleBar, arietta_style_bar, ARIETTA, STYLE_BAR, GtkWidget)

GtkWidget *arietta_style_bar_new (void);
/* @styles as datasets have them ("folk 120, hymn 40"), of @total items: what is left over has no style. */
void       arietta_style_bar_set (AriettaStyleBar *self,
                                  const char      *styles,
                                  guint            total);

G_END_DECLS
