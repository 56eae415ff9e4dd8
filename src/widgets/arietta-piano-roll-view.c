#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

#define SCROLL_MS 200
#define N_PITCHES 128
#define AIR_SHARE 0.06   /* of the page, left of a selection that fills it */

static int
ticks_per_quarter (AriettaPianoRoll *self)
{
  return arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index));
}

static double
page_width (AriettaPianoRoll *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)) - self->keyboard_width, 1);
}

static double
page_height (AriettaPianoRoll *self)
{
  return MAX (gtk_widget_get_height (GTK_WIDGET (self)) - self->ruler_height, 1);
}

/* One bar of air after the last, so that the end of the piece can be told from the edge of the window. */
static double
content_width (AriettaPianoRoll *self)
{
  guint n = arietta_bar_map_get_n (self->bars);

  return (double) arietta_bar_map_get_start (self->bars, n + 1) * arietta_piano_roll_get_pixels_per_tick (self);
}

double
arietta_piano_roll_get_pixels_per_tick (AriettaPianoRoll *self)
{
  return arietta_time_axis_get_pixels_per_tick (self->axis);
}

gint64
arietta_piano_roll_x_to_tick (AriettaPianoRoll *self,
                              double            x)
{
  return arietta_time_axis_x_to_tick (self->axis, x);
}

int
arietta_piano_roll_row_of (AriettaPianoRoll *self,
                           int               pitch)
{
  return self->drums ? self->rows[pitch & 127] : N_PITCHES - 1 - pitch;
}

int
arietta_piano_roll_y_to_pitch (AriettaPianoRoll *self,
                               double            y)
{
  double content = y - self->ruler_height + gtk_adjustment_get_value (self->vadjustment);
  int row = (int) floor (content / self->pixels_per_pitch);

  if (self->drums)
    return self->row_pitches[CLAMP (row, 0, self->n_rows - 1)];
  return CLAMP (N_PITCHES - 1 - row, 0, N_PITCHES - 1);
}

/* Scrolling that is ours, not the person's. */
static void
set_values (AriettaPianoRoll *self,
            double            x,
            double            y)
{
  self->scrolling++;
  gtk_adjustment_set_value (self->hadjustment, x);
  gtk_adjustment_set_value (self->vadjustment, y);
  self->scrolling--;
}

static int
n_rows (AriettaPianoRoll *self)
{
  return self->drums ? self->n_rows : N_PITCHES;
}

void
arietta_piano_roll_configure (AriettaPianoRoll *self)
{
  double page = page_width (self);
  double upper = MAX (content_width (self), page);

  self->scrolling++;
  gtk_adjustment_configure (self->hadjustment,
                            CLAMP (gtk_adjustment_get_value (self->hadjustment), 0, upper - page),
                            0, upper, self->pixels_per_quarter, page * 0.9, page);

  page = page_height (self);
  upper = MAX (n_rows (self) * self->pixels_per_pitch, page);
  gtk_adjustment_configure (self->vadjustment,
                            CLAMP (gtk_adjustment_get_value (self->vadjustment), 0, upper - page),
                            0, upper, self->pixels_per_pitch * 3, page * 0.9, page);
  self->scrolling--;
}

static void
set_scale (AriettaPianoRoll *self,
           double            pixels_per_quarter,
           double            pixels_per_pitch)
{
  /* Whole pixels a pitch keep the rows crisp. */
  pixels_per_quarter = CLAMP (pixels_per_quarter, ARIETTA_ROLL_MIN_QUARTER, ARIETTA_ROLL_MAX_QUARTER);
  pixels_per_pitch = CLAMP (round (pixels_per_pitch), ARIETTA_ROLL_MIN_PITCH, ARIETTA_ROLL_MAX_PITCH);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->pixels_per_quarter != pixels_per_quarter)
    {
      self->pixels_per_quarter = pixels_per_quarter;
      arietta_time_axis_set_scale (self->axis, pixels_per_quarter);
      g_object_notify (G_OBJECT (self), "pixels-per-quarter");
    }
  if (self->pixels_per_pitch != pixels_per_pitch)
    {
      self->pixels_per_pitch = pixels_per_pitch;
      g_object_notify (G_OBJECT (self), "pixels-per-pitch");
    }
  g_object_thaw_notify (G_OBJECT (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
arietta_piano_roll_zoom_around (AriettaPianoRoll *self,
                                double            pixels_per_quarter,
                                double            pixels_per_pitch,
                                double            x,
                                double            y)
{
  double in_x = MAX (x - self->keyboard_width, 0), in_y = MAX (y - self->ruler_height, 0);
  double quarters = (gtk_adjustment_get_value (self->hadjustment) + in_x) / self->pixels_per_quarter;
  double rows = (gtk_adjustment_get_value (self->vadjustment) + in_y) / self->pixels_per_pitch;

  self->fit_pending = self->fitted = FALSE;
  set_scale (self, pixels_per_quarter, pixels_per_pitch);
  arietta_piano_roll_configure (self);
  set_values (self, quarters * self->pixels_per_quarter - in_x, rows * self->pixels_per_pitch - in_y);
}

void
arietta_piano_roll_fit_now (AriettaPianoRoll *self)
{
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  gint64 end = arietta_piece_get_notes_end_ticks (piece);
  guint n_bars = arietta_bar_map_find (self->bars, MAX (end - 1, 0)) + 1;
  double quarters = (double) arietta_bar_map_get_start (self->bars, n_bars) / ticks_per_quarter (self);
  int lowest, highest;

  self->fit_pending = FALSE;
  self->fitted = TRUE;
  arietta_roll_index_get_pitches (self->index, &lowest, &highest);

  /* A short piece is not blown up beyond what is pleasant to read. */
  set_scale (self, MIN (page_width (self) / MAX (quarters, 1.0), 120.0),
             self->drums ? CLAMP (floor (page_height (self) / MAX (self->n_rows, 1)), 18.0, 28.0)
                         : CLAMP (floor (page_height (self) / (highest - lowest + 5)), 6.0, 20.0));
  arietta_piano_roll_configure (self);
  set_values (self, 0, self->drums ? 0 : (N_PITCHES - (highest + lowest + 1) / 2.0) * self->pixels_per_pitch
                                         - page_height (self) / 2);
}

void
arietta_piano_roll_zoom_to_range (AriettaPianoRoll *self,
                                  gint64            start_ticks,
                                  gint64            end_ticks,
                                  int               lowest,
                                  int               highest)
{
  double quarters, rows;

  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  quarters = MAX ((double) (end_ticks - start_ticks) / ticks_per_quarter (self), 0.25);
  rows = highest - lowest + 5;
  self->fit_pending = self->fitted = FALSE;
  set_scale (self, page_width (self) * (1 - 2 * AIR_SHARE) / quarters,
             self->drums ? self->pixels_per_pitch : CLAMP (floor (page_height (self) / rows), 6.0, 24.0));
  arietta_piano_roll_configure (self);
  set_values (self, (double) start_ticks * arietta_piano_roll_get_pixels_per_tick (self) - page_width (self) * AIR_SHARE,
              self->drums ? gtk_adjustment_get_value (self->vadjustment)
                          : (N_PITCHES - (highest + lowest + 1) / 2.0) * self->pixels_per_pitch - page_height (self) / 2);
}

static void
scroll_to (AriettaPianoRoll *self,
           double            value)
{
  double now = gtk_adjustment_get_value (self->hadjustment);
  double upper = gtk_adjustment_get_upper (self->hadjustment) - page_width (self);
  AdwAnimationTarget *target;

  value = CLAMP (value, 0, MAX (upper, 0));
  if (self->scroll_animation != NULL)
    adw_animation_pause (ADW_ANIMATION (self->scroll_animation));
  g_clear_object (&self->scroll_animation);
  if (value == now)
    return;

  /* Ends at once where the person asked for less motion. */
  self->scrolling++;
  target = adw_property_animation_target_new (G_OBJECT (self->hadjustment), "value");
  self->scroll_animation = G_OBJECT (adw_timed_animation_new (GTK_WIDGET (self), now, value, SCROLL_MS, target));
  adw_animation_play (ADW_ANIMATION (self->scroll_animation));
  self->scrolling--;
}

void
arietta_piano_roll_reveal (AriettaPianoRoll *self,
                           gint64            start_ticks,
                           gint64            end_ticks,
                           int               pitch)
{
  double scale = arietta_piano_roll_get_pixels_per_tick (self), page = page_width (self);
  double value = gtk_adjustment_get_value (self->hadjustment);
  double left = (double) start_ticks * scale, right = MIN ((double) end_ticks * scale, left + page * 0.8);

  if (left < value || right > value + page)
    scroll_to (self, left - page * 0.15);

  if (pitch >= 0)
    {
      double top = MAX (arietta_piano_roll_row_of (self, pitch), 0) * self->pixels_per_pitch;
      double air = MIN (2 * self->pixels_per_pitch, page_height (self) / 4);

      gtk_adjustment_clamp_page (self->vadjustment, top - air, top + self->pixels_per_pitch + air);
    }
}

static gboolean
is_animating (AriettaPianoRoll *self)
{
  return self->scroll_animation != NULL &&
         adw_animation_get_state (ADW_ANIMATION (self->scroll_animation)) == ADW_ANIMATION_PLAYING;
}

/* The person scrolled while listening: the view is theirs until playing begins anew or somebody seeks. */
void
arietta_piano_roll_scrolled (AriettaPianoRoll *self)
{
  if (self->scrolling == 0)
    self->fitted = FALSE;
  if (self->scrolling == 0 && self->playing && !is_animating (self))
    self->follow_paused = TRUE;
}

/* Pages on when the head runs out of sight, and jumps where it jumps; but a person who scrolled away while
 * listening is left alone. */
void
arietta_piano_roll_follow_position (AriettaPianoRoll *self,
                                    gint64            before)
{
  double scale = arietta_piano_roll_get_pixels_per_tick (self), page = page_width (self);
  double value = gtk_adjustment_get_value (self->hadjustment);
  double x = (double) self->position * scale, was = (double) before * scale;
  gboolean was_seen = was >= value && was <= value + page;
  gboolean jumped = ABS (self->position - before) > 2 * ticks_per_quarter (self);
  /* A loop that begins again is nobody's seeking. */
  gboolean looped = jumped && self->loop && self->position < before && self->position >= self->loop_start &&
                    self->position - self->loop_start < ticks_per_quarter (self);

  if (jumped && !looped)
    self->follow_paused = FALSE;
  if (self->follow_paused || (x >= value && x <= value + page * 0.94) || is_animating (self))
    return;
  if (was_seen || jumped)
    scroll_to (self, x - page * 0.06);
}

/* ---- Rows ---- */

/* What a kit should offer even where the track does not use it yet. */
static const guint8 KIT[] = { 36, 38, 42, 46, 41, 45, 48, 49, 51, 39, 37 };

typedef struct
{
  guint    track;
  gboolean used[N_PITCHES];
} DrumUse;

static void
note_drum_cb (const AriettaNote *note,
              guint              track,
              guint              hue,
              gpointer           user_data)
{
  DrumUse *use = user_data;

  if (track == use->track)
    use->used[note->pitch & 127] = TRUE;
}

/* A drum track that is meant gets a grid of its own: a row for each drum, high ones on top. */
void
arietta_piano_roll_update_rows (AriettaPianoRoll *self)
{
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  gboolean valid = self->track >= 0 && (guint) self->track < arietta_piece_get_n_tracks (piece);
  gboolean drums = valid && arietta_track_is_percussion (arietta_piece_get_track (piece, (guint) self->track));
  DrumUse use = { .track = drums ? (guint) self->track : G_MAXUINT };
  gboolean turned = drums != self->drums;
  int n = 0;

  self->drums = drums;
  memset (self->rows, -1, sizeof self->rows);
  if (drums)
    {
      for (guint i = 0; i < G_N_ELEMENTS (KIT); i++)
        use.used[KIT[i]] = TRUE;
      arietta_roll_index_foreach (self->index, G_MININT64 / 2, G_MAXINT64 / 2, note_drum_cb, &use);
      for (int pitch = N_PITCHES - 1; pitch >= 0; pitch--)
        if (use.used[pitch])
          {
            self->row_pitches[n] = (guint8) pitch;
            self->rows[pitch] = (gint8) n++;
          }
    }
  self->n_rows = n;
  if (!turned)
    return;

  /* Each way of looking keeps its own height. */
  if (drums)
    {
      self->roll_pitch = self->pixels_per_pitch;
      self->roll_y = gtk_adjustment_get_value (self->vadjustment);
    }
  set_scale (self, self->pixels_per_quarter, drums ? 22.0 : self->roll_pitch);
  arietta_tile_cache_clear (self->tiles);
  arietta_piano_roll_forget_marks (self);
  arietta_piano_roll_measure_text (self);
  arietta_piano_roll_configure (self);
  set_values (self, gtk_adjustment_get_value (self->hadjustment), drums ? 0 : self->roll_y);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
