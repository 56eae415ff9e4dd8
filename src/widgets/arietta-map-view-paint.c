#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-map-view-private.h"

#include <math.h>

#include "drawing/arietta-shape.h"
#include "widgets/arietta-colors.h"

static GdkTexture *
paint_marks (AriettaMapView       *self,
             const AriettaPalette *palette,
             int                   width,
             int                   height)
{
  double radius = arietta_map_view_get_radius (self);
  double middle_x = width / 2.0 - self->center_x * self->scale, middle_y = height / 2.0 + self->center_y * self->scale;

  if (self->raster == NULL || self->raster_radius != radius)
    {
      g_clear_pointer (&self->raster, arietta_mark_raster_free);
      self->raster = arietta_mark_raster_new (palette, radius, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
      self->raster_radius = radius;
    }

  arietta_mark_raster_begin (self->raster, width, height);
  for (guint i = 0; i < self->n_marks; i++)
    if (!self->marks[i].hidden)
      arietta_mark_raster_add (self->raster, middle_x + self->marks[i].x * self->scale,
                               middle_y - self->marks[i].y * self->scale, self->marks[i].mark);

  return arietta_mark_raster_end (self->raster);
}

/* A quiet lattice tells moving from standing still, and how far one has zoomed in. */
static void
draw_lattice (AriettaMapView       *self,
              GtkSnapshot          *snapshot,
              const AriettaPalette *palette,
              double                width,
              double                height)
{
  double step = self->scale / 4;
  GdkRGBA ink = arietta_colors_to_rgba (palette->foreground, 0.16);
  double left, top;

  while (step > 120)
    step /= 2;
  while (step < 60)
    step *= 2;
  left = fmod (width / 2 - self->center_x * self->scale, step);
  top = fmod (height / 2 + self->center_y * self->scale, step);

  gtk_snapshot_push_repeat (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height),
                            &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) step, (float) step));
  gtk_snapshot_append_color (snapshot, &ink, &GRAPHENE_RECT_INIT ((float) left, (float) top, 2, 2));
  gtk_snapshot_pop (snapshot);
}

static void
set_color (cairo_t      *cr,
           AriettaColor  color,
           double        alpha)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

static void
draw_ring (AriettaMapView       *self,
           cairo_t              *cr,
           guint                 index,
           AriettaColor          color,
           double                more,
           double                line)
{
  double x, y;

  if (index >= self->n_marks)
    return;

  arietta_map_view_to_widget (self, index, &x, &y);
  set_color (cr, color, 1.0);
  cairo_set_line_width (cr, line);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, arietta_map_view_get_radius (self) + more, 0, 2 * G_PI);
  cairo_stroke (cr);
}

/* The mark once more, larger and over everything else. */
static void
draw_large (AriettaMapView       *self,
            cairo_t              *cr,
            const AriettaPalette *palette,
            guint                 index)
{
  double x, y;

  if (index >= self->n_marks)
    return;

  arietta_map_view_to_widget (self, index, &x, &y);
  cairo_new_path (cr);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  arietta_shape_path (cr, self->marks[index].mark, x, y, arietta_map_view_get_radius (self) * 1.5);
  set_color (cr, palette->background, 1.0);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  set_color (cr, palette->hues[arietta_palette_mark_hue (self->marks[index].mark)], 1.0);
  cairo_fill (cr);
}

static void
draw_path (AriettaMapView       *self,
           cairo_t              *cr,
           const AriettaPalette *palette)
{
  guint to = self->walking ? self->focused : self->drawing ? self->hovered : self->path_to;
  double x1, y1, x2 = self->pointer_x, y2 = self->pointer_y;
  gboolean arrives = to < self->n_marks;

  if (self->path_from >= self->n_marks || (!arrives && !self->drawing))
    return;

  arietta_map_view_to_widget (self, self->path_from, &x1, &y1);
  if (arrives)
    arietta_map_view_to_widget (self, to, &x2, &y2);

  cairo_new_path (cr);
  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x2, y2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  set_color (cr, palette->accent, 0.22);
  cairo_set_line_width (cr, 9);
  cairo_stroke_preserve (cr);
  set_color (cr, palette->accent, arrives ? 1.0 : 0.6);
  cairo_set_line_width (cr, 2.5);
  if (!arrives)
    cairo_set_dash (cr, (double[]) { 6, 6 }, 2, 0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);

  if (self->path_fraction >= 0 && !self->drawing && !self->walking)
    {
      double x = x1 + (x2 - x1) * MIN (self->path_fraction, 1.0), y = y1 + (y2 - y1) * MIN (self->path_fraction, 1.0);
      cairo_pattern_t *glow = cairo_pattern_create_radial (x, y, 2, x, y, 22);
      AriettaColor accent = palette->accent;

      cairo_pattern_add_color_stop_rgba (glow, 0, accent.red, accent.green, accent.blue, 0.8);
      cairo_pattern_add_color_stop_rgba (glow, 1, accent.red, accent.green, accent.blue, 0);
      cairo_set_source (cr, glow);
      cairo_arc (cr, x, y, 22, 0, 2 * G_PI);
      cairo_fill (cr);
      cairo_pattern_destroy (glow);
      set_color (cr, palette->foreground, 1.0);
      cairo_arc (cr, x, y, 4, 0, 2 * G_PI);
      cairo_fill (cr);
    }

  draw_large (self, cr, palette, self->path_from);
  draw_large (self, cr, palette, to);
}

void
arietta_map_view_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  AriettaMapView *self = ARIETTA_MAP_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  AriettaPalette palette;
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;

  arietta_colors_get (widget, &palette);
  draw_lattice (self, snapshot, &palette, width, height);

  if (self->texture == NULL || self->texture_width != width || self->texture_height != height)
    {
      g_clear_object (&self->texture);
      self->texture = paint_marks (self, &palette, width, height);
      self->texture_width = width;
      self->texture_height = height;
    }
  gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, width, height));

  if (self->hovered == ARIETTA_MAP_NONE && self->focused == ARIETTA_MAP_NONE && self->playing == ARIETTA_MAP_NONE
      && self->path_from == ARIETTA_MAP_NONE)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  draw_path (self, cr, &palette);
  if (self->playing < self->n_marks)
    {
      draw_large (self, cr, &palette, self->playing);
      draw_ring (self, cr, self->playing, palette.accent, 6, 2.5);
      draw_ring (self, cr, self->playing, arietta_color_mix (palette.accent, palette.background, 0.55), 10.5, 1.5);
    }
  if (self->hovered < self->n_marks)
    {
      draw_large (self, cr, &palette, self->hovered);
      draw_ring (self, cr, self->hovered, palette.foreground, 5, 1.5);
    }
  if (self->focused < self->n_marks && gtk_widget_has_visible_focus (widget))
    draw_ring (self, cr, self->focused, palette.foreground, 5, 3);
  cairo_destroy (cr);
}
