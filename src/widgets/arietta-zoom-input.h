/* arietta-zoom-input.h - wheel, pinch and keys that zoom, alike for every canvas
 *
 * Attached to a widget once, it follows the pointer, turns wheel and pinch into factors around a
 * place, and hands them to the widget.  What a factor means is the widget's own affair.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_ZOOM_STEP 1.2

/* @factor > 1 magnifies around (@x, @y) of @widget; @across: the other axis was meant
 * (Ctrl+Shift). */
typedef void (*AriettaZoomFunc) (GtkWidget *widget,
                                 double     factor,
                                 gboolean   across,
                                 double     x,
                                 double     y);

/* @plain_wheel: the wheel alone zooms (nothing scrolls); else with Ctrl, and with Ctrl+Shift
 * across.  @drag, which @widget has already, is what one finger does there: a second finger cancels
 * it. */
void arietta_zoom_input_attach      (GtkWidget       *widget,
                                     AriettaZoomFunc  zoom,
                                     gboolean         plain_wheel,
                                     GtkGesture      *drag);
/* Plus, minus and zero with @modifiers, on the keypad too, run these actions of the class. */
void arietta_zoom_input_bind_keys   (GtkWidgetClass  *widget_class,
                                     GdkModifierType  modifiers,
                                     const char      *zoom_in,
                                     const char      *zoom_out,
                                     const char      *zoom_to_fit);

G_END_DECLS
