#include "drawing/arietta-roll.h"

#include <math.h>

#define MIN_LINE_PIXELS 7.0  /* closer lines are left out */
#define SHADES 4             /* of small notes */
#define GHOST 0.25           /* of the opacity */

typedef struct
{
  const AriettaRollView *view;
  const AriettaPalette  *palette;
  cairo_t               *cr;
  gboolean               dark;
  double                 painted_to[128]; /* right edge of what was painted in this row */
  guint                  hue;             /* of the track painted_to speaks of */
  gboolean               ghosts;          /* this time the tracks that are not meant */
  GArray                *small[SHADES];   /* cairo_rectangle_int_t: notes of a few pixels, by velocity */
} NotePainter;

static inline double
x_of (const AriettaRollView *view,
      gint64                 tick)
{
  return (double) (tick - view->start_ticks) * view->pixels_per_tick - view->scroll_x;
}

int
arietta_roll_view_get_row (const AriettaRollView *view,
                           int                    pitch)
{
  return view->rows != NULL ? view->rows[pitch & 127] : view->top_pitch - pitch;
}

double
arietta_roll_view_get_hit_width (const AriettaRollView *view)
{
  double size = view->pixels_per_pitch - 4;

  return view->cell_ticks > 0 ? CLAMP ((double) view->cell_ticks * view->pixels_per_tick - 1, 1, size) : size;
}

/* Upper edge of the row of @pitch. */
static inline double
y_of (const AriettaRollView *view,
      int                    pitch)
{
  return arietta_roll_view_get_row (view, pitch) * view->pixels_per_pitch - view->scroll_y;
}

/* First and last tick of the view, rounded outwards. */
static inline gint64
first_tick (const AriettaRollView *view)
{
  return view->start_ticks + (gint64) floor (view->scroll_x / view->pixels_per_tick);
}

static inline gint64
last_tick (const AriettaRollView *view)
{
  return view->start_ticks + (gint64) ceil ((view->scroll_x + view->width) / view->pixels_per_tick);
}

static void
set_color (cairo_t      *cr,
           AriettaColor  color,
           double        alpha)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

static void
vertical_line (cairo_t *cr,
               double   x,
               double   height)
{
  cairo_rectangle (cr, floor (x), 0, 1, height);
}

static gboolean
is_shaded (const AriettaRollView *view,
           int                    pitch)
{
  if (view->scale != 0)
    return (view->scale >> (pitch % 12) & 1) == 0;
  return arietta_roll_is_black_key (pitch);
}

/* Drums have no black keys: every second row is shaded, and each has its line. */
static void
draw_drum_rows (const AriettaRollView *view,
                cairo_t               *cr,
                const AriettaPalette  *palette)
{
  for (int pitch = 0; pitch < 128; pitch++)
    if (view->rows[pitch] >= 0 && view->rows[pitch] % 2 == 1)
      cairo_rectangle (cr, 0, y_of (view, pitch), view->width, view->pixels_per_pitch);
  set_color (cr, palette->foreground, 0.035);
  cairo_fill (cr);

  for (int pitch = 0; pitch < 128; pitch++)
    if (view->rows[pitch] >= 0)
      cairo_rectangle (cr, 0, floor (y_of (view, pitch) + view->pixels_per_pitch) - 1, view->width, 1);
  set_color (cr, palette->foreground, 0.06);
  cairo_fill (cr);
}

static void
draw_rows (const AriettaRollView *view,
           cairo_t               *cr,
           const AriettaPalette  *palette)
{
  int highest = view->top_pitch - (int) floor (view->scroll_y / view->pixels_per_pitch);
  int lowest = view->top_pitch - (int) ceil ((view->scroll_y + view->height) / view->pixels_per_pitch);

  if (view->rows != NULL)
    {
      draw_drum_rows (view, cr, palette);
      return;
    }

  highest = MIN (highest, 127);
  lowest = MAX (lowest, 0);
  for (int pitch = highest; pitch >= lowest; pitch--)
    if (is_shaded (view, pitch))
      cairo_rectangle (cr, 0, y_of (view, pitch), view->width, view->pixels_per_pitch);
  set_color (cr, palette->foreground, view->scale != 0 ? 0.07 : 0.045);
  cairo_fill (cr);

  if (view->scale != 0)
    {
      for (int pitch = highest; pitch >= lowest; pitch--)
        if (pitch % 12 == view->tonic)
          cairo_rectangle (cr, 0, y_of (view, pitch), view->width, view->pixels_per_pitch);
      set_color (cr, palette->accent, 0.10);
      cairo_fill (cr);
    }

  /* A line under each C and each F, where the white keys touch. */
  for (int pitch = MIN (highest + 1, 127); pitch >= lowest; pitch--)
    if (pitch % 12 == 0 || (pitch % 12 == 5 && view->pixels_per_pitch > 6))
      cairo_rectangle (cr, 0, floor (y_of (view, pitch - 1)), view->width, 1);
  set_color (cr, palette->foreground, 0.06);
  cairo_fill (cr);
}

gboolean
arietta_roll_is_black_key (int pitch)
{
  return ((1 << (pitch % 12)) & 0x54a) != 0;
}

guint
arietta_roll_get_bar_step (AriettaBarMap *bars,
                           double         pixels_per_tick,
                           double         min_pixels)
{
  guint n = arietta_bar_map_get_n (bars);
  double bar_pixels = (double) arietta_bar_map_get_start (bars, n) * pixels_per_tick / MAX (n, 1);
  guint step = 1;

  while (bar_pixels * step < min_pixels && step < 1u << 20)
    step *= 2;

  return step;
}

void
arietta_roll_draw_grid_with_bars (AriettaBarMap         *bars,
                                  int                    ticks_per_quarter,
                                  const AriettaRollView *view,
                                  cairo_t               *cr,
                                  const AriettaPalette  *palette)
{
  gint64 end_ticks = last_tick (view);
  guint step = arietta_roll_get_bar_step (bars, view->pixels_per_tick, MIN_LINE_PIXELS);
  guint first = arietta_bar_map_find (bars, MAX (first_tick (view), 0));

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, view->width, view->height);
  cairo_clip (cr);
  draw_rows (view, cr, palette);

  first -= first % step;
  for (guint nth = first; arietta_bar_map_get_start (bars, nth) < end_ticks; nth += step)
    vertical_line (cr, x_of (view, arietta_bar_map_get_start (bars, nth)), view->height);
  set_color (cr, palette->foreground, 0.20);
  cairo_fill (cr);

  /* Beats where there is room, then their quarters. */
  for (int level = 0; level < 2; level++)
    {
      for (guint nth = first; step == 1 && arietta_bar_map_get_start (bars, nth) < end_ticks; nth++)
        {
          guint known = MIN (nth, arietta_bar_map_get_n (bars) - 1);
          const AriettaBar *bar = arietta_bar_map_get_nth (bars, known);
          gint64 start = arietta_bar_map_get_start (bars, nth);
          gint64 length = arietta_bar_map_get_start (bars, nth + 1) - start;
          double beat = 4.0 * ticks_per_quarter / bar->denominator / (level == 0 ? 1.0 : 4.0);

          if (beat * view->pixels_per_tick < MIN_LINE_PIXELS)
            continue;
          for (guint k = 1; k * beat < length - 0.5; k++)
            if (level == 0 || k % 4 != 0)
              vertical_line (cr, x_of (view, start) + k * beat * view->pixels_per_tick, view->height);
        }
      set_color (cr, palette->foreground, level == 0 ? 0.09 : 0.035);
      cairo_fill (cr);
    }

  cairo_restore (cr);
}

void
arietta_roll_draw_grid (AriettaPiece          *piece,
                        const AriettaRollView *view,
                        cairo_t               *cr,
                        const AriettaPalette  *palette)
{
  g_autoptr(AriettaBarMap) bars = NULL;

  g_return_if_fail (piece != NULL);

  bars = arietta_bar_map_new (piece);
  arietta_roll_draw_grid_with_bars (bars, arietta_piece_get_ticks_per_quarter (piece), view, cr, palette);
}

static void
rounded_rectangle (cairo_t *cr,
                   double   x,
                   double   y,
                   double   width,
                   double   height,
                   double   radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
draw_drum (NotePainter       *painter,
           const AriettaNote *note,
           double             x,
           double             y)
{
  double r = painter->view->pixels_per_pitch * 0.5;

  cairo_move_to (painter->cr, x - r * 0.2, y + r * 0.1);
  cairo_line_to (painter->cr, x + r * 1.1, y + r);
  cairo_line_to (painter->cr, x - r * 0.2, y + r * 1.9);
  cairo_close_path (painter->cr);
  cairo_fill (painter->cr);
}

/* A cell of the drum grid: filled from below as far as it is loud. */
static void
draw_hit (NotePainter       *painter,
          const AriettaNote *note,
          AriettaColor       color,
          double             x,
          double             y)
{
  const AriettaRollView *view = painter->view;
  double size = view->pixels_per_pitch - 4, full = size * note->velocity / 127.0;
  double width = arietta_roll_view_get_hit_width (view);

  /* Of a hit as narrow as that only its loudness is to be seen. */
  if (width < 5)
    {
      set_color (painter->cr, color, 1.0);
      cairo_rectangle (painter->cr, floor (x), y + 2 + size - full, MAX (floor (width), 1), full);
      cairo_fill (painter->cr);
      return;
    }
  rounded_rectangle (painter->cr, x, y + 2, width, size, MIN (width * 0.25, 4.0));
  set_color (painter->cr, color, 0.35);
  cairo_fill_preserve (painter->cr);
  cairo_save (painter->cr);
  cairo_clip (painter->cr);
  cairo_rectangle (painter->cr, x, y + 2 + size - full, width, full);
  set_color (painter->cr, color, 1.0);
  cairo_fill (painter->cr);
  cairo_restore (painter->cr);
}

static double
alpha_of (int velocity)
{
  return 0.45 + 0.55 * velocity / 127.0;
}

/* Zoomed out, a tile holds thousands of notes: whole pixels in few fills are drawn fifty times as fast as one
 * fill each. */
static void
flush_small (NotePainter *painter)
{
  for (int shade = 0; shade < SHADES; shade++)
    {
      GArray *boxes = painter->small[shade];

      if (boxes->len == 0)
        continue;
      for (guint i = 0; i < boxes->len; i++)
        {
          const cairo_rectangle_int_t *box = &g_array_index (boxes, cairo_rectangle_int_t, i);

          cairo_rectangle (painter->cr, box->x, box->y, box->width, box->height);
        }
      set_color (painter->cr, painter->palette->hues[painter->hue % ARIETTA_PALETTE_SIZE],
                 alpha_of ((2 * shade + 1) * 127 / (2 * SHADES)) * (painter->ghosts ? GHOST : 1.0));
      cairo_fill (painter->cr);
      g_array_set_size (boxes, 0);
    }
}

static void
draw_note_cb (const AriettaNote *note,
              guint              track,
              guint              hue,
              gpointer           user_data)
{
  NotePainter *painter = user_data;
  const AriettaRollView *view = painter->view;
  cairo_t *cr = painter->cr;
  gboolean ghost = view->focus != 0 && track + 1 != view->focus;
  AriettaColor color = painter->palette->hues[hue % ARIETTA_PALETTE_SIZE];
  double y = y_of (view, note->pitch), height = view->pixels_per_pitch;
  double x = x_of (view, note->onset_ticks);
  double width = note->duration_ticks * view->pixels_per_tick;
  double alpha = alpha_of (note->velocity);
  double inset = height >= 6 ? 1.0 : height >= 4 ? 0.5 : 0.0;

  if (ghost != painter->ghosts || y >= view->height || y + height <= 0)
    return;
  if (view->rows != NULL && (ghost || view->rows[note->pitch & 127] < 0))
    return;

  if (hue != painter->hue)
    {
      flush_small (painter);
      for (int i = 0; i < 128; i++)
        painter->painted_to[i] = -G_MAXDOUBLE;
      painter->hue = hue;
    }

  /* Zoomed far out, many notes share a pixel; the first one there is enough. */
  if (x + MAX (width, 1.0) <= painter->painted_to[note->pitch % 128] + 0.25)
    return;
  painter->painted_to[note->pitch % 128] = x + MAX (width, 1.0);

  if (ghost)
    alpha *= GHOST;
  set_color (cr, color, alpha);

  if (view->rows != NULL && height >= 8)
    {
      draw_hit (painter, note, color, x, y);
      return;
    }
  if (note->channel == 9 && height >= 5)
    {
      draw_drum (painter, note, x, y);
      return;
    }

  /* A hair of space before the next note, so that repeated ones can be counted. */
  width = MAX (width - (width > 4 ? 1.0 : width > 2 ? 0.5 : 0.0), 1.0);

  if (width < 4 || height < 4)
    {
      cairo_rectangle_int_t box = {
        .x = (int) floor (CLAMP (x, -4, view->width + 4)),
        .y = (int) floor (y + inset),
        .width = (int) ceil (CLAMP (x + width, -4, view->width + 4)),
        .height = (int) MAX (round (height - 2 * inset), 1.0),
      };

      box.width = MAX (box.width - box.x, 1);
      if (width < 4)
        box.width = (int) MAX (round (width), 1.0);
      g_array_append_val (painter->small[MIN (note->velocity * SHADES / 128, SHADES - 1)], box);
      return;
    }

  rounded_rectangle (cr, x, y + inset, width, height - 2 * inset,
                     MIN (MIN (height * 0.25, width * 0.5), 4.0));
  if (height >= 8 && width >= 6 && !ghost)
    {
      cairo_fill_preserve (cr);
      cairo_save (cr);
      cairo_clip (cr);
      /* The head of a note is full, whatever its velocity: the onset is what the eye looks for. */
      set_color (cr, color, 1.0);
      cairo_rectangle (cr, x, y, 3.0, height);
      cairo_fill (cr);
      cairo_restore (cr);
    }
  else
    cairo_fill (cr);
}

void
arietta_roll_draw_notes_with_index (AriettaRollIndex      *index,
                                    const AriettaRollView *view,
                                    cairo_t               *cr,
                                    const AriettaPalette  *palette)
{
  NotePainter painter = { .view = view, .palette = palette, .cr = cr, .hue = G_MAXUINT };
  /* Some pixels more at the left: a drum's mark is wider than its note. */
  gint64 margin = (gint64) ceil (view->pixels_per_pitch * 1.2 / view->pixels_per_tick) + 1;

  for (int shade = 0; shade < SHADES; shade++)
    painter.small[shade] = g_array_new (FALSE, FALSE, sizeof (cairo_rectangle_int_t));

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, view->width, view->height);
  cairo_clip (cr);
  for (int pass = view->focus != 0 ? 0 : 1; pass < 2; pass++)
    {
      painter.ghosts = pass == 0;
      painter.hue = G_MAXUINT;
      arietta_roll_index_foreach (index, first_tick (view) - margin, last_tick (view) + margin, draw_note_cb, &painter);
      flush_small (&painter);
    }
  cairo_restore (cr);

  for (int shade = 0; shade < SHADES; shade++)
    g_array_unref (painter.small[shade]);
}

void
arietta_roll_draw_notes (AriettaPiece          *piece,
                         const AriettaRollView *view,
                         cairo_t               *cr,
                         const AriettaPalette  *palette)
{
  g_autoptr(AriettaRollIndex) index = NULL;

  g_return_if_fail (piece != NULL);

  index = arietta_roll_index_new (piece);
  arietta_roll_draw_notes_with_index (index, view, cr, palette);
}
