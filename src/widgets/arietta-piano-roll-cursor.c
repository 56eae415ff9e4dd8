#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-piano-roll-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "music/arietta-general-midi.h"
#include "music/arietta-pitch.h"

/* Reading order: by onset, from the top down, track after track. */
static int
compare_stops (const AriettaRollCursorStop *one,
               const AriettaRollCursorStop *other)
{
  if (one->note->onset_ticks != other->note->onset_ticks)
    return one->note->onset_ticks < other->note->onset_ticks ? -1 : 1;
  if (one->note->pitch != other->note->pitch)
    return one->note->pitch > other->note->pitch ? -1 : 1;
  if (one->track != other->track)
    return one->track < other->track ? -1 : 1;

  return (one->note > other->note) - (one->note < other->note);
}

gboolean
arietta_piano_roll_is_meant (AriettaPianoRoll *self,
                             guint             track)
{
  return (!self->ghosts && !self->drums) || self->track < 0 || track == (guint) self->track;
}

static const AriettaNote *
get_notes (AriettaPianoRoll *self,
           guint             track,
           guint            *n)
{
  return arietta_track_get_notes (arietta_piece_get_track (arietta_roll_index_get_piece (self->index), track), n);
}

static guint
get_n_tracks (AriettaPianoRoll *self)
{
  return arietta_piece_get_n_tracks (arietta_roll_index_get_piece (self->index));
}

/* The first note at or after @tick. */
static guint
find_onset (const AriettaNote *notes,
            guint              n,
            gint64             tick)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (notes[middle].onset_ticks < tick)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The first note after @from (@forth) or the last before it, in reading order; nothing is kept for it, so it is as quick in
 * a piece of 200,000 notes.  @from without a note: the first at or after @tick. */
static AriettaRollCursorStop
find_neighbour (AriettaPianoRoll            *self,
                const AriettaRollCursorStop *from,
                gint64                       tick,
                gboolean                     forth)
{
  AriettaRollCursorStop best = { NULL, 0 };

  for (guint track = 0; track < get_n_tracks (self); track++)
    {
      guint n;
      const AriettaNote *notes = get_notes (self, track, &n);
      int step = forth ? 1 : -1, nth = (int) find_onset (notes, n, forth ? tick : tick + 1) - (forth ? 0 : 1);
      gint64 group = G_MININT64;

      if (!arietta_piano_roll_is_meant (self, track))
        continue;
      /* Those at the same tick, and the next group of equal onsets. */
      for (; nth >= 0 && nth < (int) n; nth += step)
        {
          AriettaRollCursorStop stop = { &notes[nth], track };

          if (group != G_MININT64 && stop.note->onset_ticks != group)
            break;
          if (from->note != NULL && compare_stops (&stop, from) * step <= 0)
            continue;
          group = stop.note->onset_ticks;
          if (best.note == NULL || compare_stops (&stop, &best) * step < 0)
            best = stop;
        }
    }
  return best;
}

static AriettaRollCursorStop
find_end (AriettaPianoRoll *self,
          gboolean          last)
{
  const AriettaRollCursorStop none = { NULL, 0 };

  return find_neighbour (self, &none, last ? G_MAXINT64 - 1 : 0, !last);
}

/* ---- What is said about it ---- */

static char *
describe_note (AriettaPianoRoll            *self,
               const AriettaRollCursorStop *stop)
{
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  const AriettaNote *note = stop->note;
  const char *track = arietta_track_get_name (arietta_piece_get_track (piece, stop->track));
  const char *drum = note->channel == 9 ? arietta_general_midi_get_percussion (note->pitch) : NULL;
  g_autofree char *name = drum != NULL ? g_strdup (drum) : arietta_pitch_dup_name (note->pitch, FALSE);
  g_autofree char *at = arietta_time_axis_dup_place (self->axis, note->onset_ticks);
  g_autofree char *place = g_strdup_printf (_("%s, %s, %.3g quarters, velocity %d"), name, at,
                                            (double) note->duration_ticks / arietta_piece_get_ticks_per_quarter (piece),
                                            note->velocity);

  return track != NULL && *track != '\0' ? g_strdup_printf ("%s, %s", place, track) : g_steal_pointer (&place);
}

static void
describe_cursor (AriettaPianoRoll *self)
{
  g_autofree char *text = NULL;

  if (self->cursor.note == NULL)
    {
      guint n = arietta_piece_get_n_notes (arietta_roll_index_get_piece (self->index));

      text = g_strdup_printf (ngettext ("%u note", "%u notes", n), n);
    }
  else
    text = describe_note (self, &self->cursor);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

void
arietta_piano_roll_set_cursor (AriettaPianoRoll            *self,
                               const AriettaRollCursorStop *stop,
                               gboolean                     reveal)
{
  const AriettaNote *note = stop != NULL ? stop->note : NULL;

  self->cursor = stop != NULL ? *stop : (AriettaRollCursorStop) { NULL, 0 };
  if (note != NULL && reveal)
    arietta_piano_roll_reveal (self, note->onset_ticks, note->onset_ticks + note->duration_ticks, note->pitch);
  describe_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- Finding ---- */

typedef struct
{
  AriettaPianoRoll      *self;
  int                    pitch;
  gint64                 tick, slack;
  AriettaRollCursorStop  found;
} Hit;

static void
hit_cb (const AriettaNote *note,
        guint              track,
        guint              hue,
        gpointer           user_data)
{
  Hit *hit = user_data;
  AriettaPianoRoll *self = hit->self;
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  gint64 mark = note->channel == 9 ? (gint64) (self->pixels_per_pitch / scale) : 0;
  gint64 length = self->drums ? mark : MAX (note->duration_ticks, mark);
  AriettaRollCursorStop stop = { note, track };

  if (note->pitch != hit->pitch || !arietta_piano_roll_is_meant (self, track) ||
      note->onset_ticks - hit->slack > hit->tick || note->onset_ticks + length + hit->slack < hit->tick)
    return;
  if (hit->found.note == NULL || compare_stops (&stop, &hit->found) > 0)
    hit->found = stop;
}

gboolean
arietta_piano_roll_stop_at_point (AriettaPianoRoll      *self,
                                  double                 x,
                                  double                 y,
                                  AriettaRollCursorStop *stop)
{
  double scale = arietta_piano_roll_get_pixels_per_tick (self);
  Hit hit = { .self = self, .pitch = arietta_piano_roll_y_to_pitch (self, y),
              .tick = arietta_piano_roll_x_to_tick (self, x), .slack = (gint64) (2 / scale) };
  /* A drum's mark is wider than its note. */
  gint64 before = hit.slack + (gint64) (self->pixels_per_pitch / scale) + 1;

  arietta_roll_index_foreach (self->index, hit.tick - before, hit.tick + hit.slack + 1, hit_cb, &hit);
  *stop = hit.found;
  return hit.found.note != NULL;
}

typedef struct
{
  AriettaPianoRoll      *self;
  const AriettaNote     *from;
  int                    direction;
  double                 quarter, best;
  AriettaRollCursorStop  found;
} Vertical;

static void
vertical_cb (const AriettaNote *note,
             guint              track,
             guint              hue,
             gpointer           user_data)
{
  Vertical *search = user_data;
  double away = fabs ((double) (note->onset_ticks - search->from->onset_ticks)) / search->quarter * 4;
  int up = (note->pitch - search->from->pitch) * search->direction;

  if (up > 0 && up + away < search->best && arietta_piano_roll_is_meant (search->self, track))
    {
      search->best = up + away;
      search->found = (AriettaRollCursorStop) { note, track };
    }
}

/* Up and down stay near in time: the nearest note above or below, a semitone counting as a sixteenth. */
static AriettaRollCursorStop
find_vertical (AriettaPianoRoll *self,
               int               direction)
{
  Vertical search = { .self = self, .from = self->cursor.note, .direction = direction, .best = G_MAXDOUBLE,
                      .quarter = arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index)) };
  gint64 reach = (gint64) (8 * search.quarter);

  arietta_roll_index_foreach (self->index, search.from->onset_ticks - reach, search.from->onset_ticks + reach, vertical_cb,
                              &search);
  return search.found;
}

/* ---- Keys ---- */

gboolean
arietta_piano_roll_move_cursor (AriettaPianoRoll *self,
                                int               dx,
                                int               dy,
                                gboolean          more)
{
  const AriettaRollCursorStop none = { NULL, 0 };
  AriettaRollCursorStop next;

  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), FALSE);

  if (arietta_piece_get_n_notes (arietta_roll_index_get_piece (self->index)) == 0)
    return FALSE;

  if (ABS (dx) > 1)
    next = find_end (self, dx > 0);
  else if (self->cursor.note == NULL)
    {
      next = find_neighbour (self, &none, arietta_piano_roll_x_to_tick (self, self->keyboard_width), TRUE);
      if (next.note == NULL)
        next = find_end (self, TRUE);
    }
  else if (dy != 0)
    next = find_vertical (self, dy);
  else
    next = find_neighbour (self, &self->cursor, self->cursor.note->onset_ticks, dx > 0);

  if (next.note == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return TRUE;
    }
  arietta_piano_roll_set_cursor (self, &next, TRUE);
  arietta_piano_roll_edit_select_cursor (self, more);

  return TRUE;
}

static gboolean
move_cursor_cb (GtkWidget *widget,
                GVariant  *args,
                gpointer   user_data)
{
  int dx, dy;
  gboolean more;

  g_variant_get (args, "(iib)", &dx, &dy, &more);
  return arietta_piano_roll_move_cursor (ARIETTA_PIANO_ROLL (widget), dx, dy, more);
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  const AriettaNote *note = self->cursor.note;

  if (note == NULL)
    return FALSE;

  arietta_piano_roll_emit_seek (self, note->onset_ticks);
  arietta_piano_roll_emit_key (self, TRUE, note->pitch);
  arietta_piano_roll_emit_key (self, FALSE, note->pitch);

  return TRUE;
}

void
arietta_piano_roll_cursor_class_init (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint keys[2];
    int   dx, dy;
  } MOVES[] = {
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, -1, 0 }, { { GDK_KEY_Right, GDK_KEY_KP_Right }, 1, 0 },
    { { GDK_KEY_Up, GDK_KEY_KP_Up }, 0, 1 },      { { GDK_KEY_Down, GDK_KEY_KP_Down }, 0, -1 },
    { { GDK_KEY_Home, GDK_KEY_KP_Home }, -2, 0 }, { { GDK_KEY_End, GDK_KEY_KP_End }, 2, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (MOVES); i++)
    for (int k = 0; k < 2; k++)
      for (int more = 0; more < 2; more++)
        gtk_widget_class_add_binding (widget_class, MOVES[i].keys[k], more ? GDK_SHIFT_MASK : 0, move_cursor_cb, "(iib)",
                                      MOVES[i].dx, MOVES[i].dy, more);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}
