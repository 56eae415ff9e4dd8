#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "music/arietta-mode.h"
#include "widgets/arietta-colors.h"

#define PAINT_BUDGET_US 4500  /* of a frame, for tiles; the rest is for GTK and everyone else */
#define ZOOMING_BUDGET_US 1000 /* while each frame has another scale: its tiles are gone with the next */
#define ZOOM_RESTS_US 80000

static void
ensure_layout (AriettaPianoRoll *self)
{
  PangoFontDescription *font;
  PangoContext *context;

  if (self->layout != NULL)
    return;

  /* Bar numbers and key names are marginal notes: a little smaller than the text around. */
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  context = pango_layout_get_context (self->layout);
  font = pango_font_description_copy (pango_context_get_font_description (context));
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * 0.8);
  else
    pango_font_description_set_size (font, (int) (pango_font_description_get_size (font) * 0.8));
  pango_layout_set_font_description (self->layout, font);
  pango_font_description_free (font);
}

void
arietta_piano_roll_measure_text (AriettaPianoRoll *self)
{
  int width, height;

  ensure_layout (self);
  pango_layout_set_text (self->layout, "C-1", -1);
  pango_layout_get_pixel_size (self->layout, &width, &height);
  self->ruler_height = height + 10;
  self->keyboard_width = arietta_piano_roll_measure_keys (self);
  arietta_time_axis_set_margin (self->axis, self->keyboard_width);
}

static AriettaRollView
get_view (AriettaPianoRoll *self)
{
  return (AriettaRollView) {
    .pixels_per_tick = arietta_piano_roll_get_pixels_per_tick (self),
    .top_pitch = 127,
    .pixels_per_pitch = self->pixels_per_pitch,
    .rows = self->drums ? self->rows : NULL,
    .cell_ticks = arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index)) / 4,
    .focus = (self->ghosts || self->drums) && self->track >= 0 ? (guint) self->track + 1 : 0,
    .scale = self->scale,
    .tonic = self->tonic,
  };
}

void
arietta_piano_roll_paint_tile (cairo_t *cr,
                               double   x,
                               double   y,
                               gpointer user_data)
{
  AriettaPianoRoll *self = user_data;
  AriettaRollView view = get_view (self);
  AriettaColor ground = self->palette.background;

  view.width = view.height = ARIETTA_TILE_SIZE;
  view.scroll_x = x;
  view.scroll_y = y;
  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  arietta_roll_draw_grid_with_bars (self->bars,
                                    arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index)),
                                    &view, cr, &self->palette);
  arietta_roll_draw_notes_with_index (self->index, &view, cr, &self->palette);
}

/* Where a note is drawn, in coordinates of the notes' area. */
GskRoundedRect
arietta_piano_roll_note_rectangle (AriettaRollPainter *painter,
                                   const AriettaNote  *note)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self), height = self->pixels_per_pitch;
  double inset = self->drums ? 2.0 : height >= 6 ? 1.0 : 0.0;
  const AriettaRollView view = get_view (self);
  double width = MAX ((double) note->duration_ticks * scale - 1, 2.0);
  GskRoundedRect rounded;

  if (self->drums)
    width = arietta_roll_view_get_hit_width (&view);
  else if (note->channel == 9 && height >= 5)
    width = height;
  gsk_rounded_rect_init_from_rect (&rounded,
                                   &GRAPHENE_RECT_INIT ((float) ((double) note->onset_ticks * scale - painter->scroll_x),
                                                        (float) (arietta_piano_roll_row_of (self, note->pitch) * height
                                                                 - painter->scroll_y + inset),
                                                        (float) width, (float) (height - 2 * inset)),
                                   (float) MIN (MIN (height * 0.25, width / 2), 4.0));

  return rounded;
}

static void
light_note_cb (const AriettaNote *note,
               guint              track,
               guint              hue,
               gpointer           user_data)
{
  AriettaRollPainter *painter = user_data;
  const AriettaPalette *palette = &painter->self->palette;
  AriettaColor color = palette->hues[hue % ARIETTA_PALETTE_SIZE];
  gboolean dark = arietta_palette_is_dark (palette);
  AriettaColor bright = arietta_color_mix (color, (AriettaColor) { 1, 1, 1 }, dark ? 0.5 : 0.25);
  GskRoundedRect rounded;
  GdkRGBA glow = arietta_colors_to_rgba (color, 0.5), fill = arietta_colors_to_rgba (bright, 1.0);
  GdkRGBA edge = arietta_colors_to_rgba (dark ? (AriettaColor) { 1, 1, 1 } : color, 1.0);

  if (arietta_piano_roll_row_of (painter->self, note->pitch) < 0 || !arietta_piano_roll_is_meant (painter->self, track))
    return;
  rounded = arietta_piano_roll_note_rectangle (painter, note);
  gsk_rounded_rect_shrink (&rounded, -1, -1, -1, -1);
  gtk_snapshot_append_outset_shadow (painter->snapshot, &rounded, &glow, 0, 0, 2, 4);
  gtk_snapshot_push_rounded_clip (painter->snapshot, &rounded);
  gtk_snapshot_append_color (painter->snapshot, &fill, &rounded.bounds);
  gtk_snapshot_pop (painter->snapshot);
  gtk_snapshot_append_border (painter->snapshot, &rounded, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { edge, edge, edge, edge });

  painter->lit[note->pitch / 64 % 2] |= G_GUINT64_CONSTANT (1) << (note->pitch % 64);
  painter->lit_hue[note->pitch % 128] = (guint8) (hue % ARIETTA_PALETTE_SIZE);
}

static void
draw_cursor (AriettaRollPainter *painter)
{
  AriettaPianoRoll *self = painter->self;
  const AriettaNote *note = arietta_piano_roll_get_cursor (self);
  GdkRGBA ink, colors[4];
  GskRoundedRect rounded;

  if (note == NULL)
    return;

  ink = arietta_colors_to_rgba (self->palette.foreground, 1.0);
  rounded = arietta_piano_roll_note_rectangle (painter, note);
  gsk_rounded_rect_shrink (&rounded, -2, -2, -2, -2);
  for (int i = 0; i < 4; i++)
    colors[i] = ink;
  gtk_snapshot_append_border (painter->snapshot, &rounded, (float[4]) { 2, 2, 2, 2 }, colors);
}

void
arietta_piano_roll_outline (AriettaRollPainter   *painter,
                            const GskRoundedRect *rounded,
                            AriettaColor          color,
                            double                alpha,
                            float                 width)
{
  GdkRGBA ink = arietta_colors_to_rgba (color, alpha);

  gtk_snapshot_append_border (painter->snapshot, rounded, (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { ink, ink, ink, ink });
}

/* The rubber band, or the note that is being drawn. */
static void
draw_edit (AriettaRollPainter *painter)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self), row = self->pixels_per_pitch;
  gint64 from = MIN (self->edit_from, self->edit_to), to = MAX (self->edit_from, self->edit_to);
  int top = self->edit == ROLL_EDIT_DRAW ? self->edit_pitch : MAX (self->edit_pitch, self->edit_to_pitch);
  int bottom = self->edit == ROLL_EDIT_DRAW ? self->edit_pitch : MIN (self->edit_pitch, self->edit_to_pitch);
  double x = (double) from * scale - painter->scroll_x, width = MAX ((double) (to - from) * scale, 1);
  int first = arietta_piano_roll_row_of (self, top), last = arietta_piano_roll_row_of (self, bottom);
  double y = first * row - painter->scroll_y, height = (last - first + 1) * row;
  GskRoundedRect rounded;

  if (self->edit != ROLL_EDIT_DRAW && self->edit != ROLL_EDIT_BAND)
    return;

  gsk_rounded_rect_init_from_rect (&rounded, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height),
                                   3);
  arietta_colors_append (painter->snapshot, self->palette.accent, self->edit == ROLL_EDIT_DRAW ? 0.7 : 0.15, x, y, width,
                    height);
  arietta_piano_roll_outline (painter, &rounded, self->palette.accent, 0.9, 1.0f);
}

/* What lies outside of a loop that is on is a little veiled. */
static void
draw_loop (AriettaRollPainter *painter,
           double              width,
           double              height)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  double left = CLAMP ((double) self->loop_start * scale - painter->scroll_x, 0, width);
  double right = CLAMP ((double) self->loop_end * scale - painter->scroll_x, 0, width);

  if (!self->loop || self->loop_end <= self->loop_start)
    return;
  arietta_colors_append (painter->snapshot, self->palette.background, 0.45, 0, 0, left, height);
  arietta_colors_append (painter->snapshot, self->palette.background, 0.45, right, 0, width - right, height);
}

/* How loud the hit under the hand is becoming. */
static void
draw_velocity (AriettaRollPainter *painter)
{
  AriettaPianoRoll *self = painter->self;
  GdkRGBA ink = arietta_colors_to_rgba (self->palette.foreground, 1.0);
  GskRoundedRect rounded;
  char number[8];
  int width, height;

  if (self->edit != ROLL_EDIT_VELOCITY || self->edit_stop.note == NULL)
    return;
  rounded = arietta_piano_roll_note_rectangle (painter, self->edit_stop.note);
  g_snprintf (number, sizeof number, "%d", self->edit_velocity);
  pango_layout_set_text (self->layout, number, -1);
  pango_layout_get_pixel_size (self->layout, &width, &height);
  arietta_colors_append (painter->snapshot, self->palette.background, 0.9, rounded.bounds.origin.x - 3,
                         rounded.bounds.origin.y - height - 2, width + 6, height);
  gtk_snapshot_save (painter->snapshot);
  gtk_snapshot_translate (painter->snapshot, &GRAPHENE_POINT_INIT (rounded.bounds.origin.x,
                                                                   rounded.bounds.origin.y - (float) height - 2));
  gtk_snapshot_append_layout (painter->snapshot, self->layout, &ink);
  gtk_snapshot_restore (painter->snapshot);
}

/* A line through the notes and a small flag in the ruler. */
static void
draw_play_head (AriettaRollPainter *painter,
                double   width,
                double   height)
{
  AriettaPianoRoll *self = painter->self;
  double x = round ((double) self->position * arietta_piano_roll_get_pixels_per_tick (self) - painter->scroll_x);
  AriettaColor accent = self->palette.accent;
  double size = floor (self->ruler_height * 0.42);

  if (x < -size || x > width + size)
    return;

  arietta_colors_append (painter->snapshot, accent, 0.18, x - 2, self->ruler_height, 5, height);
  arietta_colors_append (painter->snapshot, accent, 1.0, x, self->ruler_height - 2, 1, height + 2);
  for (double k = 0; k < size; k++)
    arietta_colors_append (painter->snapshot, accent, 1.0, x - (size - k) + 1, self->ruler_height - 1 - size + k,
                      2 * (size - k) - 1, 1);
}

static gboolean
redraw_cb (gpointer user_data)
{
  AriettaPianoRoll *self = user_data;

  self->redraw_id = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return G_SOURCE_REMOVE;
}

void
arietta_piano_roll_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  AriettaRollPainter painter = { .self = self, .snapshot = snapshot };
  int scale_factor = gtk_widget_get_scale_factor (widget);
  gint64 now = g_get_monotonic_time ();
  double width = gtk_widget_get_width (widget) - self->keyboard_width;
  double height = gtk_widget_get_height (widget) - self->ruler_height;
  gboolean zooming, complete;

  if (width <= 0 || height <= 0)
    return;

  ensure_layout (self);
  if (!self->palette_valid)
    {
      arietta_colors_get (widget, &self->palette);
      self->palette_valid = TRUE;
    }

  /* On whole pixels of the screen, or every line would be a smear. */
  painter.scroll_x = round (gtk_adjustment_get_value (self->hadjustment) * scale_factor) / scale_factor;
  painter.scroll_y = round (gtk_adjustment_get_value (self->vadjustment) * scale_factor) / scale_factor;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (self->keyboard_width, self->ruler_height));
  if (arietta_tile_cache_set_scale (self->tiles, arietta_piano_roll_get_pixels_per_tick (self), self->pixels_per_pitch,
                                    scale_factor))
    self->zoomed_us = now;
  zooming = now - self->zoomed_us < ZOOM_RESTS_US;
  complete = arietta_tile_cache_snapshot (self->tiles, snapshot, painter.scroll_x, painter.scroll_y, width, height,
                                          zooming ? ZOOMING_BUDGET_US : PAINT_BUDGET_US);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (self->playing)
    arietta_roll_index_foreach (self->index, self->position, self->position + 1, light_note_cb, &painter);
  draw_loop (&painter, width, height);
  complete &= arietta_piano_roll_draw_selection (&painter, width, height, zooming || !complete);
  if (!complete && self->redraw_id == 0)
    self->redraw_id = g_idle_add (redraw_cb, self);
  draw_cursor (&painter);
  draw_edit (&painter);
  draw_velocity (&painter);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (self->keyboard_width, 0));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) (height + self->ruler_height)));
  arietta_piano_roll_draw_ruler (&painter, width);
  draw_play_head (&painter, width, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, self->ruler_height));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, self->keyboard_width, (float) height));
  arietta_piano_roll_draw_keys (&painter, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  arietta_colors_append (snapshot, self->palette.background, 1.0, 0, 0, self->keyboard_width, self->ruler_height);
  arietta_colors_append (snapshot, self->palette.foreground, 0.04, 0, 0, self->keyboard_width, self->ruler_height);
  arietta_colors_append (snapshot, self->palette.foreground, 0.15, 0, self->ruler_height - 1, self->keyboard_width, 1);
}
