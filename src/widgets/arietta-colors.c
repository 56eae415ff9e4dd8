#include "widgets/arietta-colors.h"

#include "widgets/arietta-compat.h"

static AriettaColor
from_rgba (const GdkRGBA *rgba)
{
  return (AriettaColor) { rgba->red, rgba->green, rgba->blue };
}

GdkRGBA
arietta_colors_to_rgba (AriettaColor color,
                        double       alpha)
{
  return (GdkRGBA) { (float) color.red, (float) color.green, (float) color.blue, (float) alpha };
}

void
arietta_colors_get (GtkWidget      *widget,
                    AriettaPalette *palette)
{
  GtkWidget *root;
  GdkRGBA color;
  AriettaColor foreground;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (palette != NULL);

  /* Bright text means a dark ground, whichever theme made it so. */
  arietta_compat_get_color (widget, &color);
  foreground = from_rgba (&color);
  *palette = arietta_color_get_luminance (foreground) > 0.35 ? *arietta_palette_get_dark ()
                                                             : *arietta_palette_get_light ();
  palette->foreground = foreground;

  /* What has a name is the same in a whole window, and asking the window spares each mark a style of its own. */
  root = GTK_WIDGET (gtk_widget_get_root (widget));
  if (root == NULL)
    root = widget;
  if (arietta_compat_lookup_color (root, "view_bg_color", &color))
    palette->background = from_rgba (&color);
  if (arietta_compat_lookup_color (root, "accent_color", &color))
    palette->accent = from_rgba (&color);

  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    {
      char name[] = "arietta_hue_0";

      name[sizeof name - 2] = (char) ('0' + i);
      if (arietta_compat_lookup_color (root, name, &color))
        palette->hues[i] = from_rgba (&color);
    }
}

void
arietta_colors_append (GtkSnapshot  *snapshot,
                       AriettaColor  color,
                       double        alpha,
                       double        x,
                       double        y,
                       double        width,
                       double        height)
{
  GdkRGBA rgba = arietta_colors_to_rgba (color, alpha);

  gtk_snapshot_append_color (snapshot, &rgba,
                             &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}
