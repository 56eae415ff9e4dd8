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

/* The colours that have names are the same in a whole window.  Looking one up costs as much as painting a mark, so
 * they are kept with the window for as long as the three that every style sheet changes stay the same. */
typedef struct
{
  GdkRGBA      view, accent, hue;
  AriettaColor hues[ARIETTA_PALETTE_SIZE];
  gboolean     has_hue[ARIETTA_PALETTE_SIZE];
} Named;

static void
read_hues (Named     *named,
           GtkWidget *root)
{
  GdkRGBA color;

  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    {
      char name[] = "arietta_hue_0";

      name[sizeof name - 2] = (char) ('0' + i);
      named->has_hue[i] = arietta_compat_lookup_color (root, name, &color);
      if (named->has_hue[i])
        named->hues[i] = from_rgba (&color);
    }
}

static const Named *
get_named (GtkWidget *root)
{
  Named *named = g_object_get_data (G_OBJECT (root), "arietta-colors");
  GdkRGBA view = { 0 }, accent = { 0 }, hue = { 0 };

  arietta_compat_lookup_color (root, "view_bg_color", &view);
  arietta_compat_lookup_color (root, "accent_color", &accent);
  arietta_compat_lookup_color (root, "arietta_hue_0", &hue);
  if (named != NULL && gdk_rgba_equal (&named->view, &view) && gdk_rgba_equal (&named->accent, &accent) &&
      gdk_rgba_equal (&named->hue, &hue))
    return named;

  named = g_new0 (Named, 1);
  named->view = view;
  named->accent = accent;
  named->hue = hue;
  read_hues (named, root);
  g_object_set_data_full (G_OBJECT (root), "arietta-colors", named, g_free);
  return named;
}

void
arietta_colors_get (GtkWidget      *widget,
                    AriettaPalette *palette)
{
  GtkRoot *root;
  const Named *named;
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

  root = gtk_widget_get_root (widget);
  named = get_named (root != NULL ? GTK_WIDGET (root) : widget);
  if (named->view.alpha > 0.0f)
    palette->background = from_rgba (&named->view);
  if (named->accent.alpha > 0.0f)
    palette->accent = from_rgba (&named->accent);
  for (int i = 0; i < ARIETTA_PALETTE_SIZE; i++)
    if (named->has_hue[i])
      palette->hues[i] = named->hues[i];
}
