/* The selected notes, and where the hand carries them: each by itself while they are few; of many, tiles over the notes'
 * own, or each frame would have to say thousands of outlines anew. */
#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "music/arietta-mode.h"
#include "widgets/arietta-colors.h"

#define MANY_NOTES 400
#define MARKS_BUDGET_US 2500
/* Smaller ones are whole pixels without an edge. */
#define LEAST_OUTLINED 6.0

static int
carried_pitch (AriettaPianoRoll *self,
               int               pitch)
{
  int carried = CLAMP (pitch + self->edit_semitones, 0, 127);

  return self->scale_snap && self->scale != 0 && !self->drums ? arietta_classes_nearest (self->scale, carried) : carried;
}

/* FALSE when the hand does nothing to notes, or not yet. */
static gboolean
carry (AriettaPianoRoll *self,
       AriettaNote      *note)
{
  gint64 end = note->onset_ticks + note->duration_ticks;

  if (self->edit == ROLL_EDIT_MOVE && (self->edit_ticks != 0 || self->edit_semitones != 0))
    {
      note->onset_ticks += self->edit_ticks;
      note->pitch = (guint8) carried_pitch (self, note->pitch);
    }
  else if (self->edit == ROLL_EDIT_RESIZE && self->edit_ticks != 0)
    note->duration_ticks = MAX (note->duration_ticks + self->edit_ticks, 1);
  else if (self->edit == ROLL_EDIT_RESIZE_START && self->edit_ticks != 0)
    {
      note->onset_ticks = CLAMP (note->onset_ticks + self->edit_ticks, 0, end - 1);
      note->duration_ticks = end - note->onset_ticks;
    }
  else
    return FALSE;
  return TRUE;
}

/* ---- Few ---- */

static void
mark (AriettaRollPainter *painter,
      const AriettaNote  *note,
      gboolean            carried)
{
  const AriettaPalette *palette = &painter->self->palette;
  GskRoundedRect rounded;

  if (arietta_piano_roll_row_of (painter->self, note->pitch) < 0)
    return;
  rounded = arietta_piano_roll_note_rectangle (painter, note);
  arietta_colors_append (painter->snapshot, palette->accent, carried ? 0.6 : 0.35, rounded.bounds.origin.x,
                         rounded.bounds.origin.y, rounded.bounds.size.width, rounded.bounds.size.height);
  arietta_piano_roll_outline (painter, &rounded, carried ? palette->accent : palette->foreground, carried ? 1.0 : 0.75,
                              1.0f);
}

static void
draw_few (AriettaRollPainter *painter,
          double              width)
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

      if (arietta_piano_roll_row_of (self, note.pitch) < 0)
        continue;
      if (note.onset_ticks <= last && note.onset_ticks + note.duration_ticks >= first)
        mark (painter, &note, FALSE);
      if (carry (self, &note) && note.onset_ticks <= last && note.onset_ticks + note.duration_ticks >= first)
        mark (painter, &note, TRUE);
    }
}

/* ---- Many ---- */

typedef struct
{
  AriettaRollPainter  painter;      /* of a tile */
  cairo_t            *cr;
  gboolean            carried;
  GArray             *small;        /* cairo_rectangle_t, whole pixels */
  guint               track;        /* which @painted_to is about */
  double              painted_to[128];
} TilePainter;

static void
set_ink (cairo_t     *cr,
         AriettaColor color,
         double       alpha)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, alpha);
}

static void
paint_note_cb (const AriettaNote *note,
               guint              track,
               guint              hue,
               gpointer           user_data)
{
  TilePainter *tile = user_data;
  AriettaPianoRoll *self = tile->painter.self;
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  AriettaNote shown = *note;
  GskRoundedRect rounded;
  graphene_rect_t *box = &rounded.bounds;
  guint n;

  if (arietta_piano_roll_row_of (self, note->pitch) < 0)
    return;
  if (!arietta_selection_contains (self->selection, track,
                                   (guint) (note - arietta_track_get_notes (arietta_piece_get_track (piece, track), &n))))
    return;
  if (tile->carried)
    {
      carry (self, &shown);
      /* Tiles of what is moved lie that far to the right. */
      if (self->edit == ROLL_EDIT_MOVE)
        shown.onset_ticks = note->onset_ticks;
      if (arietta_piano_roll_row_of (self, shown.pitch) < 0)
        return;
    }

  rounded = arietta_piano_roll_note_rectangle (&tile->painter, &shown);
  if (box->size.width < LEAST_OUTLINED || box->size.height < LEAST_OUTLINED)
    {
      /* The very pixels that drawing/arietta-roll.c gives a small note. */
      double length = (double) shown.duration_ticks * arietta_piano_roll_get_pixels_per_tick (self);
      double width = self->drums ? box->size.width : MAX (round (length - (length > 2 ? 0.5 : 0.0)), 1.0);
      double height = self->pixels_per_pitch, inset = height >= 6 ? 1.0 : height >= 4 ? 0.5 : 0.0;
      double top = arietta_piano_roll_row_of (self, shown.pitch) * height - tile->painter.scroll_y + inset;
      double x = floor (box->origin.x), right = x + width;
      const cairo_rectangle_t pixels = { x, floor (top), width, MAX (round (height - 2 * inset), 1.0) };

      if (track != tile->track)
        for (guint i = 0; i < G_N_ELEMENTS (tile->painted_to); i++)
          tile->painted_to[i] = -G_MAXDOUBLE;
      tile->track = track;
      /* Where many share a pixel, the first one is enough. */
      if (right <= tile->painted_to[shown.pitch % 128])
        return;
      tile->painted_to[shown.pitch % 128] = right;
      g_array_append_val (tile->small, pixels);
      return;
    }

  cairo_rectangle (tile->cr, box->origin.x, box->origin.y, box->size.width, box->size.height);
  set_ink (tile->cr, self->palette.accent, tile->carried ? 0.6 : 0.35);
  cairo_fill (tile->cr);
  cairo_rectangle (tile->cr, box->origin.x + 0.5, box->origin.y + 0.5, box->size.width - 1, box->size.height - 1);
  cairo_set_line_width (tile->cr, 1);
  set_ink (tile->cr, tile->carried ? self->palette.accent : self->palette.foreground,
                              tile->carried ? 1.0 : 0.75);
  cairo_stroke (tile->cr);
}

static void
paint_tile (AriettaPianoRoll *self,
            cairo_t          *cr,
            double            x,
            double            y,
            gboolean          carried)
{
  g_autoptr(GArray) small = g_array_new (FALSE, FALSE, sizeof (cairo_rectangle_t));
  TilePainter tile = { .painter = { .self = self, .scroll_x = x, .scroll_y = y }, .cr = cr, .carried = carried,
                       .small = small, .track = G_MAXUINT };
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  /* A drum's mark is wider than its note, a length that grows reaches into tiles farther on. */
  gint64 margin = (gint64) ceil (self->pixels_per_pitch * 1.2 / scale) + 1 +
                  (carried && self->edit != ROLL_EDIT_MOVE ? ABS (self->edit_ticks) : 0);

  arietta_roll_index_foreach (self->index, (gint64) (x / scale) - margin,
                              (gint64) ((x + ARIETTA_TILE_SIZE) / scale) + margin, paint_note_cb, &tile);
  for (guint i = 0; i < small->len; i++)
    {
      const cairo_rectangle_t *box = &g_array_index (small, cairo_rectangle_t, i);

      cairo_rectangle (cr, box->x, box->y, box->width, box->height);
    }
  set_ink (cr, carried ? self->palette.accent : self->palette.foreground, carried ? 0.8 : 0.5);
  cairo_fill (cr);
}

void
arietta_piano_roll_paint_marks (cairo_t *cr,
                                double   x,
                                double   y,
                                gpointer user_data)
{
  paint_tile (user_data, cr, x, y, FALSE);
}

void
arietta_piano_roll_paint_carried (cairo_t *cr,
                                  double   x,
                                  double   y,
                                  gpointer user_data)
{
  paint_tile (user_data, cr, x, y, TRUE);
}

static gboolean
snapshot_tiles (AriettaRollPainter *painter,
                AriettaTileCache   *tiles,
                double              scroll_x,
                double              width,
                double              height,
                gint64              budget_us)
{
  AriettaPianoRoll *self = painter->self;

  arietta_tile_cache_set_scale (tiles, arietta_piano_roll_get_pixels_per_tick (self), self->pixels_per_pitch,
                                gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  return arietta_tile_cache_snapshot (tiles, painter->snapshot, scroll_x, painter->scroll_y, width, height, budget_us);
}

gboolean
arietta_piano_roll_draw_selection (AriettaRollPainter *painter,
                                   double              width,
                                   double              height,
                                   gboolean            in_haste)
{
  AriettaPianoRoll *self = painter->self;
  AriettaNote probe = { .pitch = 60 };
  gint64 budget_us = in_haste ? -1 : MARKS_BUDGET_US;
  double by;
  gboolean complete;

  if (arietta_selection_get_n (self->selection) <= MANY_NOTES)
    {
      draw_few (painter, width);
      return TRUE;
    }

  complete = snapshot_tiles (painter, self->marks, painter->scroll_x, width, height, budget_us);
  if (!carry (self, &probe))
    return complete;

  /* Sideways the same tiles are moved; a pitch or a length is another drawing. */
  if (self->carried_edit != self->edit || self->carried_semitones != self->edit_semitones ||
      (self->edit != ROLL_EDIT_MOVE && self->carried_ticks != self->edit_ticks))
    arietta_tile_cache_clear (self->carried);
  self->carried_edit = self->edit;
  self->carried_semitones = self->edit_semitones;
  self->carried_ticks = self->edit_ticks;
  by = self->edit == ROLL_EDIT_MOVE ? round ((double) self->edit_ticks * arietta_piano_roll_get_pixels_per_tick (self)) : 0;
  return snapshot_tiles (painter, self->carried, painter->scroll_x - by, width, height, complete ? budget_us : -1) &&
         complete;
}

void
arietta_piano_roll_forget_marks (AriettaPianoRoll *self)
{
  arietta_tile_cache_clear (self->marks);
  arietta_tile_cache_clear (self->carried);
}
