/* Newer calls stand behind #if, so the ceiling of the rest of the program does not hold for this file; nor
 * do warnings about older ones that have no successor (looking up a named colour). */
#undef GDK_VERSION_MAX_ALLOWED
#define GDK_DISABLE_DEPRECATION_WARNINGS

#include "widgets/arietta-compat.h"

void
arietta_compat_get_color (GtkWidget *widget,
                          GdkRGBA   *color)
{
#if GTK_CHECK_VERSION (4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}

gboolean
arietta_compat_lookup_color (GtkWidget  *widget,
                             const char *name,
                             GdkRGBA    *color)
{
  return gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color);
}
