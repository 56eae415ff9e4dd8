#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "widgets/arietta-colors.h"

#define PAINT_BUDGET_US 7000  /* of a frame, for tiles; the rest is for GTK and everyone else */
#define LABEL_PIXELS 44.0     /* least distance of bar numbers */

/* What is drawn at the moment, in one place for the note callback. */
typedef struct
{
  AriettaPianoRoll *self;
  GtkSnapshot      *snapshot;
  double            scroll_x, scroll_y;
  guint64           lit[2];       /* pitches sounding, one bit each */
  guint8            lit_hue[128];
} Painter;

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
  self->keyboard_width = (int) ceil (width * 2.4) + 6;
}

void
arietta_piano_roll_paint_tile (cairo_t *cr,
                               double   x,
                               double   y,
                               gpointer user_data)
{
  AriettaPianoRoll *self = user_data;
  AriettaRollView view = {
    .pixels_per_tick = arietta_piano_roll_get_pixels_per_tick (self),
    .top_pitch = 127,
    .pixels_per_pitch = self->pixels_per_pitch,
    .width = ARIETTA_TILE_SIZE,
    .height = ARIETTA_TILE_SIZE,
    .scroll_x = x,
    .scroll_y = y,
  };
  AriettaColor ground = self->palette.background;

  cairo_set_source_rgb (cr, ground.red, ground.green, ground.blue);
  cairo_paint (cr);
  arietta_roll_draw_grid_with_bars (self->bars,
                                    arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index)),
                                    &view, cr, &self->palette);
  arietta_roll_draw_notes_with_index (self->index, &view, cr, &self->palette);
}

static void
append_rectangle (GtkSnapshot  *snapshot,
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

/* Where a note is drawn, in coordinates of the notes' area. */
static GskRoundedRect
note_rectangle (Painter           *painter,
                const AriettaNote *note)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self), height = self->pixels_per_pitch;
  double inset = height >= 6 ? 1.0 : 0.0;
  double width = note->channel == 9 && height >= 5 ? height : MAX ((double) note->duration_ticks * scale - 1, 2.0);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded,
                                   &GRAPHENE_RECT_INIT ((float) ((double) note->onset_ticks * scale - painter->scroll_x),
                                                        (float) ((127 - note->pitch) * height - painter->scroll_y + inset),
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
  Painter *painter = user_data;
  const AriettaPalette *palette = &painter->self->palette;
  AriettaColor color = palette->hues[hue % ARIETTA_PALETTE_SIZE];
  gboolean dark = arietta_palette_is_dark (palette);
  AriettaColor bright = arietta_color_mix (color, (AriettaColor) { 1, 1, 1 }, dark ? 0.5 : 0.25);
  GskRoundedRect rounded = note_rectangle (painter, note);
  GdkRGBA glow = arietta_colors_to_rgba (color, 0.5), fill = arietta_colors_to_rgba (bright, 1.0);
  GdkRGBA edge = arietta_colors_to_rgba (dark ? (AriettaColor) { 1, 1, 1 } : color, 1.0);

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
draw_cursor (Painter *painter)
{
  AriettaPianoRoll *self = painter->self;
  const AriettaNote *note = arietta_piano_roll_get_cursor (self);
  GdkRGBA ink, colors[4];
  GskRoundedRect rounded;

  if (note == NULL)
    return;

  ink = arietta_colors_to_rgba (self->palette.foreground, 1.0);
  rounded = note_rectangle (painter, note);
  gsk_rounded_rect_shrink (&rounded, -2, -2, -2, -2);
  for (int i = 0; i < 4; i++)
    colors[i] = ink;
  gtk_snapshot_append_border (painter->snapshot, &rounded, (float[4]) { 2, 2, 2, 2 }, colors);
}

static void
outline (Painter              *painter,
         const GskRoundedRect *rounded,
         AriettaColor          color,
         double                alpha,
         float                 width)
{
  GdkRGBA ink = arietta_colors_to_rgba (color, alpha);

  gtk_snapshot_append_border (painter->snapshot, rounded, (float[4]) { width, width, width, width },
                              (GdkRGBA[4]) { ink, ink, ink, ink });
}

/* Selected notes, and where the hand carries them. */
static void
draw_selection (Painter *painter,
                double   width)
{
  AriettaPianoRoll *self = painter->self;
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  gint64 first = (gint64) (painter->scroll_x / scale), last = (gint64) ((painter->scroll_x + width) / scale);
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (self->selection, &n_refs);

  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, refs[i].track), &n);
      AriettaNote note = notes[refs[i].nth];
      GskRoundedRect rounded;

      if (note.onset_ticks <= last && note.onset_ticks + note.duration_ticks >= first)
        {
          rounded = note_rectangle (painter, &note);
          append_rectangle (painter->snapshot, self->palette.accent, 0.35, rounded.bounds.origin.x,
                            rounded.bounds.origin.y, rounded.bounds.size.width, rounded.bounds.size.height);
          outline (painter, &rounded, self->palette.foreground, 0.75, 1.0f);
        }

      if (self->edit == ROLL_EDIT_MOVE && (self->edit_ticks != 0 || self->edit_semitones != 0))
        {
          note.onset_ticks += self->edit_ticks;
          note.pitch = (guint8) CLAMP (note.pitch + self->edit_semitones, 0, 127);
        }
      else if (self->edit == ROLL_EDIT_RESIZE && self->edit_ticks != 0)
        note.duration_ticks = MAX (note.duration_ticks + self->edit_ticks, 1);
      else
        continue;

      if (note.onset_ticks <= last && note.onset_ticks + note.duration_ticks >= first)
        {
          rounded = note_rectangle (painter, &note);
          append_rectangle (painter->snapshot, self->palette.accent, 0.6, rounded.bounds.origin.x,
                            rounded.bounds.origin.y, rounded.bounds.size.width, rounded.bounds.size.height);
          outline (painter, &rounded, self->palette.accent, 1.0, 1.0f);
        }
    }
}

/* The rubber band, or the note that is being drawn. */
static void
draw_edit (Painter *painter)
{
  AriettaPianoRoll *self = painter->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self), row = self->pixels_per_pitch;
  gint64 from = MIN (self->edit_from, self->edit_to), to = MAX (self->edit_from, self->edit_to);
  int top = self->edit == ROLL_EDIT_DRAW ? self->edit_pitch : MAX (self->edit_pitch, self->edit_to_pitch);
  int bottom = self->edit == ROLL_EDIT_DRAW ? self->edit_pitch : MIN (self->edit_pitch, self->edit_to_pitch);
  double x = (double) from * scale - painter->scroll_x, width = MAX ((double) (to - from) * scale, 1);
  double y = (127 - top) * row - painter->scroll_y, height = (top - bottom + 1) * row;
  GskRoundedRect rounded;

  if (self->edit != ROLL_EDIT_DRAW && self->edit != ROLL_EDIT_BAND)
    return;

  gsk_rounded_rect_init_from_rect (&rounded, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height),
                                   3);
  append_rectangle (painter->snapshot, self->palette.accent, self->edit == ROLL_EDIT_DRAW ? 0.7 : 0.15, x, y, width,
                    height);
  outline (painter, &rounded, self->palette.accent, 0.9, 1.0f);
}

static void
draw_ruler (Painter *painter,
            double   width)
{
  AriettaPianoRoll *self = painter->self;
  GtkSnapshot *snapshot = painter->snapshot;
  const AriettaPalette *palette = &self->palette;
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  guint step = arietta_roll_get_bar_step (self->bars, scale, LABEL_PIXELS);
  guint pickup = arietta_bar_map_has_pickup (self->bars) ? 1 : 0;
  guint first = arietta_bar_map_find (self->bars, (gint64) (painter->scroll_x / scale));
  GdkRGBA ink = arietta_colors_to_rgba (palette->foreground, 0.7);

  append_rectangle (snapshot, palette->background, 1.0, 0, 0, width, self->ruler_height);
  append_rectangle (snapshot, palette->foreground, 0.04, 0, 0, width, self->ruler_height);
  append_rectangle (snapshot, palette->foreground, 0.15, 0, self->ruler_height - 1, width, 1);

  /* Numbers count from the first whole bar; a pickup has none. */
  first = first > step + pickup ? first - (first - pickup) % step - step : pickup;
  for (guint nth = first;; nth += step)
    {
      double x = floor ((double) arietta_bar_map_get_start (self->bars, nth) * scale - painter->scroll_x);
      char number[16];

      if (x > width)
        break;
      append_rectangle (snapshot, palette->foreground, 0.3, x, self->ruler_height * 0.55, 1,
                        self->ruler_height * 0.45);
      g_snprintf (number, sizeof number, "%u", nth + 1 - pickup);
      pango_layout_set_text (self->layout, number, -1);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x + 4, 4));
      gtk_snapshot_append_layout (snapshot, self->layout, &ink);
      gtk_snapshot_restore (snapshot);
    }
}

static void
draw_key (Painter *painter,
          int      pitch,
          double   y)
{
  AriettaPianoRoll *self = painter->self;
  GtkSnapshot *snapshot = painter->snapshot;
  const AriettaPalette *palette = &self->palette;
  double row = self->pixels_per_pitch, width = self->keyboard_width - 1;
  gboolean black = arietta_roll_is_black_key (pitch);
  double key_width = black ? floor (width * 0.6) : width;
  gboolean lit = (painter->lit[pitch / 64] >> (pitch % 64)) & 1;

  /* Ivory and ebony look the same by day and by night, only dimmed. */
  if (black)
    append_rectangle (snapshot, (AriettaColor) { 0.16, 0.16, 0.18 }, 1.0, 0, y, key_width, row);

  if (self->pressed_pitch == pitch)
    append_rectangle (snapshot, palette->accent, 0.85, 0, y, key_width, row);
  else if (lit)
    append_rectangle (snapshot, palette->hues[painter->lit_hue[pitch]], 0.9, 0, y, key_width, row);
  else if (self->hovered_pitch == pitch)
    append_rectangle (snapshot, palette->accent, 0.25, 0, y, key_width, row);
}

static void
draw_keyboard (Painter *painter,
               double   height)
{
  AriettaPianoRoll *self = painter->self;
  GtkSnapshot *snapshot = painter->snapshot;
  const AriettaPalette *palette = &self->palette;
  gboolean dark = arietta_palette_is_dark (palette);
  double row = self->pixels_per_pitch, width = self->keyboard_width - 1;
  int top = MIN (127 - (int) floor (painter->scroll_y / row), 127);
  int bottom = MAX (127 - (int) floor ((painter->scroll_y + height) / row), 0);
  AriettaColor ivory = dark ? (AriettaColor) { 0.80, 0.80, 0.79 } : (AriettaColor) { 0.99, 0.99, 0.98 };
  AriettaColor line = { 0.5, 0.5, 0.52 };

  append_rectangle (snapshot, ivory, 1.0, 0, 0, width, height);

  for (int pitch = top; pitch >= bottom; pitch--)
    if (!arietta_roll_is_black_key (pitch))
      draw_key (painter, pitch, (127 - pitch) * row - painter->scroll_y);

  for (int pitch = top; pitch >= bottom; pitch--)
    {
      double y = (127 - pitch) * row - painter->scroll_y;

      /* White keys meet in the middle of the black one between them. */
      if (arietta_roll_is_black_key (pitch))
        {
          draw_key (painter, pitch, y);
          append_rectangle (snapshot, line, 0.6, floor (width * 0.6), floor (y + row / 2), ceil (width * 0.4), 1);
        }
      else if (pitch % 12 == 0 || pitch % 12 == 5)
        append_rectangle (snapshot, line, 0.6, 0, floor (y + row) - 1, width, 1);
    }

  for (int pitch = top; pitch >= bottom; pitch--)
    if (pitch % 12 == 0)
      {
        GdkRGBA ink = { 0.25f, 0.25f, 0.28f, 1 };
        char name[8];
        int w, h;

        g_snprintf (name, sizeof name, "C%d", pitch / 12 - 1);
        pango_layout_set_text (self->layout, name, -1);
        pango_layout_get_pixel_size (self->layout, &w, &h);
        gtk_snapshot_save (snapshot);
        gtk_snapshot_translate (snapshot,
                                &GRAPHENE_POINT_INIT ((float) (width - w - 3),
                                                      (float) floor ((127.5 - pitch) * row - painter->scroll_y - h / 2.0)));
        gtk_snapshot_append_layout (snapshot, self->layout, &ink);
        gtk_snapshot_restore (snapshot);
      }

  append_rectangle (snapshot, palette->foreground, 0.3, width, 0, 1, height);
}

/* A line through the notes and a small flag in the ruler. */
static void
draw_play_head (Painter *painter,
                double   width,
                double   height)
{
  AriettaPianoRoll *self = painter->self;
  double x = round ((double) self->position * arietta_piano_roll_get_pixels_per_tick (self) - painter->scroll_x);
  AriettaColor accent = self->palette.accent;
  double size = floor (self->ruler_height * 0.42);

  if (x < -size || x > width + size)
    return;

  append_rectangle (painter->snapshot, accent, 0.18, x - 2, self->ruler_height, 5, height);
  append_rectangle (painter->snapshot, accent, 1.0, x, self->ruler_height - 2, 1, height + 2);
  for (double k = 0; k < size; k++)
    append_rectangle (painter->snapshot, accent, 1.0, x - (size - k) + 1, self->ruler_height - 1 - size + k,
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
  Painter painter = { .self = self, .snapshot = snapshot };
  int scale_factor = gtk_widget_get_scale_factor (widget);
  double width = gtk_widget_get_width (widget) - self->keyboard_width;
  double height = gtk_widget_get_height (widget) - self->ruler_height;

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
  arietta_tile_cache_set_scale (self->tiles, arietta_piano_roll_get_pixels_per_tick (self), self->pixels_per_pitch,
                                scale_factor);
  if (!arietta_tile_cache_snapshot (self->tiles, snapshot, painter.scroll_x, painter.scroll_y, width, height,
                                    PAINT_BUDGET_US)
      && self->redraw_id == 0)
    self->redraw_id = g_idle_add (redraw_cb, self);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (self->playing)
    arietta_roll_index_foreach (self->index, self->position, self->position + 1, light_note_cb, &painter);
  draw_selection (&painter, width);
  draw_cursor (&painter);
  draw_edit (&painter);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (self->keyboard_width, 0));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) (height + self->ruler_height)));
  draw_ruler (&painter, width);
  draw_play_head (&painter, width, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, self->ruler_height));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, self->keyboard_width, (float) height));
  draw_keyboard (&painter, height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  append_rectangle (snapshot, self->palette.background, 1.0, 0, 0, self->keyboard_width, self->ruler_height);
  append_rectangle (snapshot, self->palette.foreground, 0.04, 0, 0, self->keyboard_width, self->ruler_height);
  append_rectangle (snapshot, self->palette.foreground, 0.15, 0, self->ruler_height - 1, self->keyboard_width, 1);
}
