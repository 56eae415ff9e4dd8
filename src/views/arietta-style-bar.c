#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-style-bar.h"

#include <stdlib.h>
#include <string.h>

#include "drawing/arietta-palette.h"
#include "widgets/arietta-colors.h"

#define HEIGHT 4
#define GAP 1

typedef struct
{
  guint  hue;
  double share;
} Part;

struct _AriettaStyleBar
{
  GtkWidget  parent_instance;

  GArray    *parts;
};

G_DEFINE_FINAL_TYPE (AriettaStyleBar, arietta_style_bar, GTK_TYPE_WIDGET)

static void
arietta_style_bar_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 0;
}

static void
arietta_style_bar_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  AriettaStyleBar *self = ARIETTA_STYLE_BAR (widget);
  float            width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  gboolean         mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float            x = 0.0f;
  GskRoundedRect   outline;
  AriettaPalette   palette;
  GdkRGBA          ground;

  arietta_colors_get (widget, &palette);
  ground = arietta_colors_to_rgba (palette.foreground, 0.12);
  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);
      float       length = (float) part->share * width;
      GdkRGBA     color = arietta_colors_to_rgba (palette.hues[part->hue], 1.0);

      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT (mirrored ? width - x - length : x, 0, MAX (length - GAP, 1), height));
      x += length;
    }
  gtk_snapshot_pop (snapshot);
}

static void
arietta_style_bar_finalize (GObject *object)
{
  g_array_unref (ARIETTA_STYLE_BAR (object)->parts);

  G_OBJECT_CLASS (arietta_style_bar_parent_class)->finalize (object);
}

static void
arietta_style_bar_class_init (AriettaStyleBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = arietta_style_bar_finalize;
  widget_class->measure = arietta_style_bar_measure;
  widget_class->snapshot = arietta_style_bar_snapshot;

  gtk_widget_class_set_css_name (widget_class, "stylebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
arietta_style_bar_init (AriettaStyleBar *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
}

GtkWidget *
arietta_style_bar_new (void)
{
  return g_object_new (ARIETTA_TYPE_STYLE_BAR, NULL);
}

void
arietta_style_bar_set (AriettaStyleBar *self,
                       const char      *styles,
                       guint            total)
{
  g_auto(GStrv) words = NULL;

  g_return_if_fail (ARIETTA_IS_STYLE_BAR (self));

  g_array_set_size (self->parts, 0);
  words = g_strsplit (styles != NULL ? styles : "", ", ", -1);
  for (guint i = 0; words[i] != NULL && total > 0; i++)
    {
      /* The number stands behind the last space; a style may have spaces, and commas, of its own. */
      char *number = strrchr (words[i], ' ');
      Part  part;

      if (number == NULL || !g_ascii_isdigit (number[1]))
        continue;
      *number = '\0';
      part.hue = arietta_palette_style_hue (words[i]) % ARIETTA_PALETTE_SIZE;
      part.share = MIN (strtoul (number + 1, NULL, 10) / (double) total, 1.0);
      g_array_append_val (self->parts, part);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
