/* arietta-roll.h - a piano roll onto a cairo_t
 *
 * Shared by the widget's tiles, the command line and export.  Time runs in ticks so that tempo changes do
 * not bend the grid.
 */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

#include "drawing/arietta-palette.h"
#include "drawing/arietta-roll-index.h"
#include "music/arietta-bar-map.h"
#include "music/arietta-piece.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 start_ticks;
  double pixels_per_tick;
  int    top_pitch;          /* at the upper edge */
  double pixels_per_pitch;
  double width, height;
  double scroll_x, scroll_y; /* pixels cut off at the left and at the top; usually 0 */

  /* All 0 for a roll of everything. */
  const gint8 *rows;         /* a drum grid: the row of each pitch from the top, -1: none; NULL: one row a pitch */
  gint64 cell_ticks;         /* of the grid: a hit is no wider */
  guint  focus;              /* 1 + the track that is meant; the others are ghosts; 0: all are meant */
  guint  scale;              /* pitch classes that belong, one bit each: the others' rows are shaded, not the black keys' */
  int    tonic;              /* of the scale */
} AriettaRollView;

/* Grid: bar and beat lines from the bar map, black-key rows shaded. */
void     arietta_roll_draw_grid  (AriettaPiece           *piece,
                                  const AriettaRollView  *view,
                                  cairo_t                *cr,
                                  const AriettaPalette   *palette);
/* Notes that touch the view, coloured by track, opacity by velocity. */
void     arietta_roll_draw_notes (AriettaPiece           *piece,
                                  const AriettaRollView  *view,
                                  cairo_t                *cr,
                                  const AriettaPalette   *palette);
/* The same for who draws often and keeps bar map and index. */
void     arietta_roll_draw_grid_with_bars   (AriettaBarMap          *bars,
                                             int                     ticks_per_quarter,
                                             const AriettaRollView  *view,
                                             cairo_t                *cr,
                                             const AriettaPalette   *palette);
void     arietta_roll_draw_notes_with_index (AriettaRollIndex       *index,
                                             const AriettaRollView  *view,
                                             cairo_t                *cr,
                                             const AriettaPalette   *palette);
/* Bar numbers are written every so many bars, a power of two, so that they stay @min_pixels apart. */
guint    arietta_roll_get_bar_step          (AriettaBarMap          *bars,
                                             double                  pixels_per_tick,
                                             double                  min_pixels);
/* Of @pitch from the top of the view; -1: not shown. */
int      arietta_roll_view_get_row          (const AriettaRollView  *view,
                                             int                     pitch);
/* Of a hit in a drum grid, in pixels. */
double   arietta_roll_view_get_hit_width    (const AriettaRollView  *view);
gboolean arietta_roll_is_black_key          (int                     pitch);

/* The whole piece with ruler, keyboard and title as a picture for export: .png or .svg by the ending. */
gboolean arietta_roll_save       (AriettaPiece           *piece,
                                  const char             *path,
                                  GError                **error);

G_END_DECLS
