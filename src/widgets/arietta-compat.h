/* arietta-compat.h - the one place that asks which GTK it is compiled with
 *
 * Calls that were renamed or replaced after the floor stated in meson.build have one name here; nothing else
 * in the program uses GTK_CHECK_VERSION.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The colour of text in @widget, as CSS has it. */
void     arietta_compat_get_color    (GtkWidget    *widget,
                                      GdkRGBA      *color);
/* A colour named by @define-color; FALSE and @color untouched where there is none of that name. */
gboolean arietta_compat_lookup_color (GtkWidget    *widget,
                                      const char   *name,
                                      GdkRGBA      *color);

G_END_DECLS
