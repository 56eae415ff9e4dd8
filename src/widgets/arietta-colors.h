/* arietta-colors.h - what a widget draws with, from CSS
 *
 * Foreground is the widget's text colour, background @view_bg_color, accent @accent_color, the hues
 * @arietta_hue_0 to 7 of style.css; what the style sheet does not say comes from the built-in palettes.
 * Ask anew in every snapshot, or in css_changed.
 */
#pragma once

#include <gtk/gtk.h>

#include "drawing/arietta-palette.h"

G_BEGIN_DECLS

void    arietta_colors_get     (GtkWidget      *widget,
                                AriettaPalette *palette);
GdkRGBA arietta_colors_to_rgba (AriettaColor    color,
                                double          alpha);
/* A filled rectangle. */
void    arietta_colors_append  (GtkSnapshot    *snapshot,
                                AriettaColor    color,
                                double          alpha,
                                double          x,
                                double          y,
                                double          width,
                                double          height);

G_END_DECLS
