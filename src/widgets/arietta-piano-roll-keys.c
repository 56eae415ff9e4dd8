#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-piano-roll-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "music/arietta-general-midi.h"
#include "widgets/arietta-colors.h"

#define NAMES_SHARE 0.3   /* of the widget, at most, for the names of drums */
#define NAMES_MOST 150.0

static void
draw_key (AriettaRollPainter *painter,
          int                 pitch,
          double              y)
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
    arietta_colors_append (snapshot, (AriettaColor) { 0.16, 0.16, 0.18 }, 1.0, 0, y, key_width, row);

  if (self->pressed_pitch == pitch)
    arietta_colors_append (snapshot, palette->accent, 0.85, 0, y, key_width, row);
  else if (lit)
    arietta_colors_append (snapshot, palette->hues[painter->lit_hue[pitch]], 0.9, 0, y, key_width, row);
  else if (self->hovered_pitch == pitch)
    arietta_colors_append (snapshot, palette->accent, 0.25, 0, y, key_width, row);
}

static void
draw_keyboard (AriettaRollPainter *painter,
               double              height)
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

  arietta_colors_append (snapshot, ivory, 1.0, 0, 0, width, height);

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
          arietta_colors_append (snapshot, line, 0.6, floor (width * 0.6), floor (y + row / 2), ceil (width * 0.4), 1);
        }
      else if (pitch % 12 == 0 || pitch % 12 == 5)
        arietta_colors_append (snapshot, line, 0.6, 0, floor (y + row) - 1, width, 1);
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

  arietta_colors_append (snapshot, palette->foreground, 0.3, width, 0, 1, height);
}

static const char *
get_drum_name (int pitch)
{
  const char *name = arietta_general_midi_get_percussion (pitch);

  return name != NULL ? name : _("Other");
}

/* A drum's name on each row; what sounds is lit as a key would be. */
static void
draw_names (AriettaRollPainter *painter,
            double              height)
{
  AriettaPianoRoll *self = painter->self;
  GtkSnapshot *snapshot = painter->snapshot;
  const AriettaPalette *palette = &self->palette;
  double row = self->pixels_per_pitch, width = self->keyboard_width - 1;
  GdkRGBA ink = arietta_colors_to_rgba (palette->foreground, 0.85);

  arietta_colors_append (snapshot, palette->background, 1.0, 0, 0, width, height);
  arietta_colors_append (snapshot, palette->foreground, 0.03, 0, 0, width, height);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (self->layout, (int) (width - 10) * PANGO_SCALE);

  for (int i = 0; i < self->n_rows; i++)
    {
      double y = i * row - painter->scroll_y;
      int pitch = self->row_pitches[i], text_width, text_height;

      if (y + row < 0 || y > height)
        continue;
      if (self->pressed_pitch == pitch)
        arietta_colors_append (snapshot, palette->accent, 0.6, 0, y, width, row);
      else if ((painter->lit[pitch / 64] >> (pitch % 64)) & 1)
        arietta_colors_append (snapshot, palette->hues[painter->lit_hue[pitch]], 0.45, 0, y, width, row);
      else if (self->hovered_pitch == pitch)
        arietta_colors_append (snapshot, palette->accent, 0.15, 0, y, width, row);
      arietta_colors_append (snapshot, palette->foreground, 0.06, 0, floor (y + row) - 1, width, 1);

      pango_layout_set_text (self->layout, get_drum_name (pitch), -1);
      pango_layout_get_pixel_size (self->layout, &text_width, &text_height);
      if (text_height > row + 4)
        continue;
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (6, (float) floor (y + (row - text_height) / 2)));
      gtk_snapshot_append_layout (snapshot, self->layout, &ink);
      gtk_snapshot_restore (snapshot);
    }

  pango_layout_set_width (self->layout, -1);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  arietta_colors_append (snapshot, palette->foreground, 0.3, width, 0, 1, height);
}

void
arietta_piano_roll_draw_keys (AriettaRollPainter *painter,
                              double              height)
{
  if (painter->self->drums)
    draw_names (painter, height);
  else
    draw_keyboard (painter, height);
}

int
arietta_piano_roll_measure_keys (AriettaPianoRoll *self)
{
  int width, height, widest = 0, whole = gtk_widget_get_width (GTK_WIDGET (self));
  double most = NAMES_MOST;

  pango_layout_set_text (self->layout, "C-1", -1);
  pango_layout_get_pixel_size (self->layout, &width, &height);
  if (!self->drums)
    return (int) ceil (width * 2.4) + 6;

  for (int i = 0; i < self->n_rows; i++)
    {
      int name_width;

      pango_layout_set_text (self->layout, get_drum_name (self->row_pitches[i]), -1);
      pango_layout_get_pixel_size (self->layout, &name_width, &height);
      widest = MAX (widest, name_width);
    }
  if (whole > 0)
    most = MIN (most, whole * NAMES_SHARE);
  return (int) CLAMP (widest + 14, width * 2.4 + 6, MAX (most, width * 2.4 + 6));
}
