/* The piece as a picture: bars wrapped into systems like lines of a page, each with ruler and keyboard, a
 * title and the face above.  The size is bounded: a longer piece gets more systems, then narrower bars,
 * then lower ones, never a larger picture than MAX_HEIGHT.
 */
#include "drawing/arietta-roll.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "drawing/arietta-face.h"
#include "drawing/arietta-picture.h"
#include "music/arietta-statement.h"

#define WIDTH 1600.0
#define MAX_HEIGHT 6000.0
#define MARGIN 32.0
#define HEADER 88.0
#define RULER 22.0
#define KEYBOARD 44.0
#define SYSTEM_GAP 26.0
#define MAX_QUARTER_PIXELS 64.0
#define MIN_QUARTER_PIXELS 12.0

typedef struct
{
  AriettaPiece         *piece;
  AriettaBarMap        *bars;
  AriettaRollIndex     *index;
  const AriettaPalette *palette;
  int                   top_pitch;
  int                   n_pitches;
  guint                 n_bars;
  double                pixels_per_tick;
  double                pixels_per_pitch;
  GArray               *systems;  /* of guint: the first bar of each; a last one ends the list */
  double                height;
} Picture;

static double
bar_pixels (const Picture *self,
            guint          from,
            guint          to)
{
  return (double) (arietta_bar_map_get_start (self->bars, to) - arietta_bar_map_get_start (self->bars, from))
         * self->pixels_per_tick;
}

/* Fills systems for the scale at hand and gives the height of the whole. */
static double
wrap (Picture *self)
{
  double room = WIDTH - 2 * MARGIN - KEYBOARD;
  double system = RULER + self->n_pitches * self->pixels_per_pitch;
  guint first = 0;

  g_array_set_size (self->systems, 0);
  while (first < self->n_bars)
    {
      guint next = first + 1;

      while (next < self->n_bars && bar_pixels (self, first, next + 1) <= room)
        next++;
      g_array_append_val (self->systems, first);
      first = next;
    }

  self->height = 2 * MARGIN + HEADER + self->systems->len * (system + SYSTEM_GAP) - SYSTEM_GAP;
  g_array_append_val (self->systems, self->n_bars);

  return self->height;
}

static void
lay_out (Picture *self)
{
  double room = WIDTH - 2 * MARGIN - KEYBOARD;
  int ticks_per_quarter = arietta_piece_get_ticks_per_quarter (self->piece);
  double length = (double) arietta_bar_map_get_start (self->bars, self->n_bars);
  double quarter = CLAMP (room * ticks_per_quarter / length, 40.0, MAX_QUARTER_PIXELS);

  self->pixels_per_pitch = CLAMP (420.0 / self->n_pitches, 6.0, 12.0);

  for (;;)
    {
      self->pixels_per_tick = quarter / ticks_per_quarter;
      if (wrap (self) <= MAX_HEIGHT)
        return;
      if (self->pixels_per_pitch > 4.0)
        self->pixels_per_pitch = MAX (self->pixels_per_pitch * 0.8, 4.0);
      else
        quarter *= 0.8; /* ends: a whole piece fits into one system in the end */
    }
}

static void
set_color (cairo_t     *cr,
           AriettaColor color,
           double       alpha)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

/* Draws @text with its left (or right) end at @x and its middle at @y. */
static void
draw_text (cairo_t     *cr,
           const char  *font,
           const char  *text,
           double       x,
           double       y,
           gboolean     at_right,
           double       max_width)
{
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);
  int width, height;

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, text, -1);
  if (max_width > 0)
    {
      pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, at_right ? x - width : x, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_header (Picture *self,
             cairo_t *cr)
{
  g_autoptr(AriettaFace) face = arietta_face_new (self->piece);
  g_autofree char *facts = NULL;
  const char *title = arietta_piece_get_title (self->piece);
  int seconds = (int) round (arietta_piece_get_duration_seconds (self->piece));
  g_autofree char *bars = g_strdup_printf (ngettext ("%u bar", "%u bars", self->n_bars), self->n_bars);
  guint n_notes = arietta_piece_get_n_notes (self->piece);
  g_autofree char *notes = g_strdup_printf (ngettext ("%u note", "%u notes", n_notes), n_notes);
  double x = MARGIN;

  cairo_save (cr);
  cairo_translate (cr, x, MARGIN);
  arietta_face_draw (face, cr, 64, 0, self->palette);
  cairo_restore (cr);
  x += 64 + 18;

  if (title == NULL || *title == '\0')
    title = _("Untitled");
  facts = g_strdup_printf ("%s · %s · %d:%02d", bars, notes, seconds / 60, seconds % 60);

  set_color (cr, self->palette->foreground, 1.0);
  draw_text (cr, "Cantarell Bold 17", title, x, MARGIN + 22, FALSE, WIDTH - MARGIN - x);
  set_color (cr, self->palette->foreground, 0.6);
  draw_text (cr, "Cantarell 10", facts, x, MARGIN + 48, FALSE, WIDTH - MARGIN - x);
}

static void
draw_keyboard (Picture *self,
               cairo_t *cr,
               double   height)
{
  double row = self->pixels_per_pitch;

  set_color (cr, self->palette->foreground, 0.05);
  cairo_rectangle (cr, 0, 0, KEYBOARD, height);
  cairo_fill (cr);

  for (int k = 0; k < self->n_pitches; k++)
    {
      int pitch = self->top_pitch - k;

      if (arietta_roll_is_black_key (pitch))
        {
          set_color (cr, self->palette->foreground, 0.75);
          cairo_rectangle (cr, 0, k * row + 0.5, KEYBOARD * 0.55, row - 1);
          cairo_fill (cr);
        }
      else if (pitch % 12 == 0 || pitch % 12 == 5)
        {
          set_color (cr, self->palette->foreground, 0.25);
          cairo_rectangle (cr, 0, (k + 1) * row - 1, KEYBOARD, 1);
          cairo_fill (cr);
        }
      if (pitch % 12 == 0)
        {
          char name[8];

          g_snprintf (name, sizeof name, "C%d", pitch / 12 - 1);
          set_color (cr, self->palette->foreground, 0.65);
          draw_text (cr, "Cantarell 7", name, KEYBOARD - 3, (k + 0.5) * row, TRUE, 0);
        }
    }
}

static void
draw_system (Picture *self,
             cairo_t *cr,
             guint    first,
             guint    next)
{
  AriettaRollView view = {
    .start_ticks = arietta_bar_map_get_start (self->bars, first),
    .pixels_per_tick = self->pixels_per_tick,
    .top_pitch = self->top_pitch,
    .pixels_per_pitch = self->pixels_per_pitch,
    .width = MIN (bar_pixels (self, first, next), WIDTH - 2 * MARGIN - KEYBOARD),
    .height = self->n_pitches * self->pixels_per_pitch,
  };
  guint step = arietta_roll_get_bar_step (self->bars, self->pixels_per_tick, 36.0);
  guint pickup = arietta_bar_map_has_pickup (self->bars) ? 1 : 0;

  cairo_save (cr);
  cairo_translate (cr, KEYBOARD, 0);
  for (guint nth = first; nth < next; nth++)
    if (nth >= pickup && ((nth - pickup) % step == 0 || (nth == first && step <= next - first)))
      {
        char number[16];
        double x = bar_pixels (self, first, nth);

        /* The line's own number may stand too near the next round one. */
        if (nth != first && bar_pixels (self, first, nth) < 36.0)
          continue;
        g_snprintf (number, sizeof number, "%u", nth + 1 - pickup);
        set_color (cr, self->palette->foreground, 0.6);
        draw_text (cr, "Cantarell 8", number, x + 3, RULER / 2, FALSE, 0);
        set_color (cr, self->palette->foreground, 0.25);
        cairo_rectangle (cr, floor (x), RULER - 6, 1, 6);
        cairo_fill (cr);
      }
  cairo_translate (cr, 0, RULER);
  set_color (cr, self->palette->foreground, 0.02);
  cairo_rectangle (cr, 0, 0, view.width, view.height);
  cairo_fill (cr);
  arietta_roll_draw_grid_with_bars (self->bars, arietta_piece_get_ticks_per_quarter (self->piece),
                                    &view, cr, self->palette);
  arietta_roll_draw_notes_with_index (self->index, &view, cr, self->palette);
  cairo_restore (cr);

  cairo_save (cr);
  cairo_translate (cr, 0, RULER);
  draw_keyboard (self, cr, view.height);
  set_color (cr, self->palette->foreground, 0.25);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, 0.5, 0.5, KEYBOARD + view.width - 1, view.height - 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_cb (cairo_t  *cr,
         gpointer  user_data)
{
  Picture *self = user_data;
  double system = RULER + self->n_pitches * self->pixels_per_pitch;

  set_color (cr, self->palette->background, 1.0);
  cairo_paint (cr);
  draw_header (self, cr);

  cairo_translate (cr, MARGIN, MARGIN + HEADER);
  for (guint i = 0; i + 1 < self->systems->len; i++)
    {
      draw_system (self, cr, g_array_index (self->systems, guint, i),
                   g_array_index (self->systems, guint, i + 1));
      cairo_translate (cr, 0, system + SYSTEM_GAP);
    }
}

gboolean
arietta_roll_save (AriettaPiece  *piece,
                   const char    *path,
                   GError       **error)
{
  g_autoptr(AriettaBarMap) bars = NULL;
  g_autoptr(AriettaRollIndex) index = NULL;
  g_autoptr(GArray) systems = g_array_new (FALSE, FALSE, sizeof (guint));
  Picture picture = { .piece = piece, .palette = arietta_palette_get_light (), .systems = systems };
  g_autofree char *statement = arietta_statement_dup (piece);
  int lowest, highest;

  g_return_val_if_fail (piece != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  picture.bars = bars = arietta_bar_map_new (piece);
  picture.index = index = arietta_roll_index_new (piece);
  arietta_roll_index_get_pitches (index, &lowest, &highest);
  /* Whole octaves are easier to read than a tight crop, as long as they are few. */
  picture.top_pitch = MIN (MAX (highest + 2, lowest + 12), 127);
  picture.n_pitches = picture.top_pitch - MAX (lowest - 2, 0) + 1;
  picture.n_bars = MAX (arietta_bar_map_count_sounding (bars, piece), 1);
  lay_out (&picture);

  return arietta_picture_save (path, WIDTH, picture.height, statement, draw_cb, &picture, error);
}
