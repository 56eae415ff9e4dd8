#define G_LOG_DOMAIN "arietta-drawing"

#include "drawing/arietta-attention.h"

#include <math.h>

#include "drawing/arietta-picture.h"
#include "drawing/arietta-roll.h"

#define PICTURE_WIDTH  1200.0
#define PICTURE_HEIGHT 420.0
#define ROOM           2      /* rows above and below */
#define PALE           0.16   /* opacity of what was not looked at */

typedef struct
{
  AriettaPiece          *piece;
  const AriettaAttended *attended;
  guint                  n, bar;
  double                 most;
  AriettaRollView        view;
  gint64                 end_ticks;
  cairo_t               *cr;
  const AriettaPalette  *palette;
} Picture;

static const AriettaAttended *
find_attended (Picture           *self,
               guint              track,
               const AriettaNote *note)
{
  const AriettaAttended *nearest = NULL;
  gint64                 reach = arietta_piece_get_ticks_per_quarter (self->piece) / 24;

  /* The grid moves what was played by less than a position. */
  for (guint i = 0; i < self->n; i++)
    {
      const AriettaAttended *one = &self->attended[i];
      gint64                 away = ABS (one->onset_ticks - note->onset_ticks);

      if (one->track == track && one->pitch == note->pitch && away <= reach)
        {
          nearest = one;
          reach = away;
        }
    }

  return nearest;
}

static void
each_note (Picture *self,
           void   (*visit) (Picture               *self,
                            const AriettaNote     *note,
                            const AriettaAttended *attended))
{
  for (guint t = 0; t < arietta_piece_get_n_tracks (self->piece); t++)
    {
      guint              n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (self->piece, t), &n);

      for (guint i = 0; i < n; i++)
        if (notes[i].onset_ticks < self->end_ticks
            && notes[i].onset_ticks + notes[i].duration_ticks > self->view.start_ticks)
          visit (self, &notes[i], find_attended (self, t, &notes[i]));
    }
}

static void
measure_cb (Picture               *self,
            const AriettaNote     *note,
            const AriettaAttended *attended)
{
  self->view.top_pitch = MAX (self->view.top_pitch, note->pitch + ROOM);
  self->view.scroll_y = MIN (self->view.scroll_y, note->pitch - ROOM);   /* the lowest, until the view is made */
}

static void
note_cb (Picture               *self,
         const AriettaNote     *note,
         const AriettaAttended *attended)
{
  const AriettaRollView *view = &self->view;
  double                 share = attended != NULL && self->most > 0.0 ? attended->share / self->most : 0.0;
  double                 x = (double) (note->onset_ticks - view->start_ticks) * view->pixels_per_tick;
  double                 y = (view->top_pitch - note->pitch) * view->pixels_per_pitch;
  double                 w = MAX (2.0, (double) note->duration_ticks * view->pixels_per_tick - 1.0);
  AriettaColor           color = attended != NULL ? self->palette->accent : self->palette->foreground;

  cairo_rectangle (self->cr, x, y, w, MAX (2.0, view->pixels_per_pitch - 1.0));
  /* A little more than it is, so that a tenth is still seen. */
  cairo_set_source_rgba (self->cr, color.red, color.green, color.blue,
                         attended != NULL ? PALE + (1.0 - PALE) * pow (share, 0.7) : 2.0 * PALE);
  cairo_fill_preserve (self->cr);
  if (share > 0.5)
    {
      cairo_set_source_rgb (self->cr, self->palette->foreground.red, self->palette->foreground.green,
                            self->palette->foreground.blue);
      cairo_set_line_width (self->cr, 1.0 + share);
      cairo_stroke (self->cr);
    }
  cairo_new_path (self->cr);
}

void
arietta_attention_draw (AriettaPiece          *piece,
                        const AriettaAttended *attended,
                        guint                  n,
                        guint                  bar,
                        double                 width,
                        double                 height,
                        cairo_t               *cr,
                        const AriettaPalette  *palette)
{
  g_autoptr(AriettaBarMap) bars = arietta_bar_map_new (piece);
  gint64                   bar_ticks = arietta_bar_map_get_start (bars, bar), first = bar_ticks;
  Picture                  self = {
    .piece = piece, .attended = attended, .n = n, .bar = bar, .cr = cr, .palette = palette,
    .end_ticks = arietta_bar_map_get_start (bars, bar + 1),
  };
  double                   bar_x;

  for (guint i = 0; i < n; i++)
    {
      first = MIN (first, attended[i].onset_ticks);
      self.most = MAX (self.most, attended[i].share);
    }
  self.view = (AriettaRollView) { .start_ticks = MAX (first, 0), .width = width, .height = height, .scroll_y = 127 };
  each_note (&self, measure_cb);
  self.view.pixels_per_pitch = height / MAX (self.view.top_pitch - (int) self.view.scroll_y + 1, 12);
  self.view.scroll_y = 0;
  self.view.pixels_per_tick = width / (double) MAX (self.end_ticks - self.view.start_ticks, 1);
  bar_x = (double) (bar_ticks - self.view.start_ticks) * self.view.pixels_per_tick;

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  cairo_set_source_rgba (cr, palette->accent.red, palette->accent.green, palette->accent.blue, 0.12);
  cairo_rectangle (cr, bar_x, 0, width - bar_x, height);
  cairo_fill (cr);
  arietta_roll_draw_grid (piece, &self.view, cr, palette);
  each_note (&self, note_cb);
  cairo_restore (cr);
}

static void
paint_cb (cairo_t  *cr,
          gpointer  user_data)
{
  Picture *self = user_data;

  cairo_set_source_rgb (cr, self->palette->background.red, self->palette->background.green,
                        self->palette->background.blue);
  cairo_paint (cr);
  arietta_attention_draw (self->piece, self->attended, self->n, self->bar, PICTURE_WIDTH, PICTURE_HEIGHT, cr,
                          self->palette);
}

gboolean
arietta_attention_save (AriettaPiece           *piece,
                        const AriettaAttended  *attended,
                        guint                   n,
                        guint                   bar,
                        const char             *path,
                        GError                **error)
{
  Picture self = {
    .piece = piece, .attended = attended, .n = n, .bar = bar, .palette = arietta_palette_get_light (),
  };

  return arietta_picture_save (path, PICTURE_WIDTH, PICTURE_HEIGHT, NULL, paint_cb, &self, error);
}
