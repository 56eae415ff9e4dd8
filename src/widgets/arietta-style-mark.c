#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-style-mark.h"

#include "drawing/arietta-shape.h"
#include "widgets/arietta-colors.h"

#define SIZE 12

struct _AriettaStyleMark
{
  GtkWidget parent_instance;

  guint     mark;
};

G_DEFINE_FINAL_TYPE (AriettaStyleMark, arietta_style_mark, GTK_TYPE_WIDGET)

static void
arietta_style_mark_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  AriettaStyleMark *self = ARIETTA_STYLE_MARK (widget);
  int               width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t   bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t          *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  AriettaPalette    palette;
  AriettaColor      color;

  arietta_colors_get (widget, &palette);
  color = palette.hues[arietta_palette_mark_hue (self->mark)];
  arietta_shape_path (cr, self->mark, width / 2.0, height / 2.0, SIZE / 2.0 - 1.0);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
arietta_style_mark_class_init (AriettaStyleMarkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = arietta_style_mark_snapshot;

  gtk_widget_class_set_css_name (widget_class, "stylemark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
arietta_style_mark_init (AriettaStyleMark *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), SIZE, SIZE);
}

GtkWidget *
arietta_style_mark_new (guint mark)
{
  AriettaStyleMark *self = g_object_new (ARIETTA_TYPE_STYLE_MARK, "valign", GTK_ALIGN_CENTER, NULL);

  self->mark = mark;
  return GTK_WIDGET (self);
}
