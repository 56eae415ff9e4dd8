/* arietta-style-mark.h - the hue and shape that stand for a style, as on the map
 *
 * Presentational: the label beside it carries the name.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ARIETTA_TYPE_STYLE_MARK (arietta_style_mark_get_type ())
G_DECLARE_FINAL_TYPE (AriettaStyleMark, arietta_style_mark, ARIETTA, STYLE_MARK, GtkWidget)

/* @mark 0..31, see drawing/arietta-palette.h. */
GtkWidget *arietta_style_mark_new (guint mark);

G_END_DECLS
