#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <math.h>

#include "music/arietta-mode.h"

#define EDGE_PIXELS 6.0        /* of a note's ends that size it */
#define LEAST_EDGE_NOTE 14.0   /* shorter ones are moved only */
#define LEAST_TWO_EDGES 24.0   /* shorter ones have a right edge only: most of a note is for moving it */
#define LEAST_BAND 3.0
#define MIDDLE_C 60
#define BASS_DRUM 36
#define LEAST_CARRY 4.0          /* pixels before a press in the drum grid is more than a click */

enum
{
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_NOTES_MOVED,
  SIGNAL_NOTES_RESIZED,
  SIGNAL_NOTE_DRAWN,
  SIGNAL_NOTES_ERASED,
  SIGNAL_VELOCITY_SET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static AriettaPiece *
get_shown (AriettaPianoRoll *self)
{
  return arietta_roll_index_get_piece (self->index);
}

static AriettaNoteRef
ref_of_stop (AriettaPianoRoll            *self,
             const AriettaRollCursorStop *stop)
{
  guint n;
  const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (get_shown (self), stop->track), &n);

  return (AriettaNoteRef) { stop->track, (guint) (stop->note - notes) };
}

static void
select_silently_take (AriettaPianoRoll *self,
                      AriettaSelection *selection)
{
  arietta_selection_unref (self->selection);
  self->selection = selection;
  arietta_piano_roll_forget_marks (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
select_take (AriettaPianoRoll *self,
             AriettaSelection *selection)
{
  select_silently_take (self, selection);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

static void
select_nothing (AriettaPianoRoll *self)
{
  if (arietta_selection_get_n (self->selection) > 0)
    select_take (self, arietta_selection_new (NULL, 0));
}

static gint64
snap (AriettaPianoRoll *self,
      gint64            tick,
      gboolean          down)
{
  return arietta_time_axis_snap (self->axis, tick, down);
}

static gint64
get_step (AriettaPianoRoll *self)
{
  return arietta_time_axis_get_step (self->axis);
}

/* Where the scale lets a pitch be. */
static int
snap_pitch (AriettaPianoRoll *self,
            int               pitch)
{
  return self->scale_snap && self->scale != 0 && !self->drums ? arietta_classes_nearest (self->scale, pitch) : pitch;
}

/* What a drag of @note that begins at @x does. */
static AriettaRollEdit
get_grip (AriettaPianoRoll  *self,
          const AriettaNote *note,
          double             x)
{
  double left = arietta_time_axis_tick_to_x (self->axis, note->onset_ticks);
  double right = arietta_time_axis_tick_to_x (self->axis, note->onset_ticks + note->duration_ticks);

  if (note->channel == 9 || self->drums || right - left < LEAST_EDGE_NOTE)
    return ROLL_EDIT_MOVE;
  if (x >= right - EDGE_PIXELS)
    return ROLL_EDIT_RESIZE;
  return right - left >= LEAST_TWO_EDGES && x <= left + EDGE_PIXELS ? ROLL_EDIT_RESIZE_START : ROLL_EDIT_MOVE;
}

/* ---- The pointer ---- */

/* In the drum grid a press is a click that toggles a cell, until it moves: sideways it carries the hit, up and down it
 * makes it louder or softer, over empty cells it becomes a rubber band. */
static void
begin_cell (AriettaPianoRoll            *self,
            const AriettaRollCursorStop *stop)
{
  self->edit = ROLL_EDIT_CELL;
  self->edit_stop = *stop;
  self->edit_from = snap (self, self->edit_from, TRUE);
  if (stop->note == NULL)
    return;

  self->edit_onset = stop->note->onset_ticks;
  self->edit_end = stop->note->onset_ticks + stop->note->duration_ticks;
  self->edit_velocity = stop->note->velocity;
}

/* TRUE when the drag that begins at the place is an edit; @stop is the note there, if any. */
gboolean
arietta_piano_roll_edit_begin (AriettaPianoRoll            *self,
                               const AriettaRollCursorStop *stop,
                               double                       x,
                               double                       y,
                               GdkModifierType              modifiers,
                               int                          n_press)
{
  gboolean more = (modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0;

  if (!self->editable)
    return FALSE;

  self->edit_ticks = 0;
  self->edit_semitones = 0;
  self->edit_copy = FALSE;
  self->edit_keep = more ? arietta_selection_ref (self->selection) : arietta_selection_new (NULL, 0);
  self->edit_from = arietta_piano_roll_x_to_tick (self, x);
  self->edit_to = self->edit_from;
  self->edit_pitch = self->edit_to_pitch = arietta_piano_roll_y_to_pitch (self, y);

  if (self->drums && !more)
    {
      begin_cell (self, stop);
      return TRUE;
    }

  if (stop->note != NULL)
    {
      const AriettaNote *note = stop->note;
      const AriettaNoteRef ref = ref_of_stop (self, stop);
      g_autoptr(AriettaSelection) one = arietta_selection_new (&ref, 1);

      self->edit_onset = note->onset_ticks;
      self->edit_end = note->onset_ticks + note->duration_ticks;
      self->edit = get_grip (self, note, x);
      if (more && (modifiers & GDK_SHIFT_MASK) != 0)
        select_take (self, arietta_selection_new_joined (self->selection, one, TRUE));
      else if (!arietta_selection_contains (self->selection, ref.track, ref.nth))
        select_take (self, more ? arietta_selection_new_joined (self->selection, one, FALSE)
                                : g_steal_pointer (&one));
      return TRUE;
    }

  if ((self->drawing || n_press == 2) && !self->drums)
    {
      self->edit = ROLL_EDIT_DRAW;
      self->edit_pitch = snap_pitch (self, self->edit_pitch);
      self->edit_from = snap (self, self->edit_from, TRUE);
      self->edit_to = self->edit_from + (self->last_duration > 0 ? self->last_duration : 2 * get_step (self));
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return TRUE;
    }

  self->edit = ROLL_EDIT_BAND;
  if (!more)
    select_nothing (self);
  return TRUE;
}

/* A press in the grid moved: what it becomes. */
static void
turn_cell (AriettaPianoRoll *self,
           double            dx,
           double            dy)
{
  if (MAX (fabs (dx), fabs (dy)) < LEAST_CARRY)
    return;

  if (self->edit_stop.note == NULL)
    {
      self->edit = ROLL_EDIT_BAND;
      select_nothing (self);
    }
  else
    {
      const AriettaNoteRef ref = ref_of_stop (self, &self->edit_stop);

      self->edit = fabs (dy) > fabs (dx) ? ROLL_EDIT_VELOCITY : ROLL_EDIT_MOVE;
      self->edit_from = self->edit_onset;
      if (!arietta_selection_contains (self->selection, ref.track, ref.nth))
        select_take (self, arietta_selection_new (&ref, 1));
    }
}

/* In the drum grid a band spans rows, and rows are not pitches. */
static AriettaSelection *
keep_meant (AriettaPianoRoll *self,
            AriettaSelection *inside,
            int               first_row,
            int               last_row)
{
  guint n;
  const AriettaNoteRef *refs = arietta_selection_get_refs (inside, &n);
  g_autoptr(GArray) kept = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));

  for (guint i = 0; i < n; i++)
    {
      guint n_notes;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (get_shown (self), refs[i].track),
                                                          &n_notes);
      int row = arietta_piano_roll_row_of (self, notes[refs[i].nth].pitch);

      if (arietta_piano_roll_is_meant (self, refs[i].track) && row >= first_row && row <= last_row)
        g_array_append_val (kept, refs[i]);
    }
  return arietta_selection_new ((const AriettaNoteRef *) (void *) kept->data, kept->len);
}

static void
update_band (AriettaPianoRoll *self)
{
  int lowest = MIN (self->edit_pitch, self->edit_to_pitch), highest = MAX (self->edit_pitch, self->edit_to_pitch);
  g_autoptr(AriettaSelection) inside =
    arietta_selection_new_in_box (get_shown (self), self->ghosts || self->drums ? self->track : -1,
                                  MIN (self->edit_from, self->edit_to), MAX (self->edit_from, self->edit_to), lowest,
                                  highest);
  g_autoptr(AriettaSelection) meant = NULL;

  if (!self->drums)
    meant = arietta_selection_ref (inside);
  else
    meant = keep_meant (self, inside, arietta_piano_roll_row_of (self, highest), arietta_piano_roll_row_of (self, lowest));
  select_take (self, arietta_selection_new_joined (self->edit_keep, meant, FALSE));
}

void
arietta_piano_roll_edit_update (AriettaPianoRoll *self,
                                double            x,
                                double            y,
                                GdkModifierType   modifiers)
{
  gint64 tick = arietta_piano_roll_x_to_tick (self, x), moved = tick - self->edit_from;
  int pitch = CLAMP (arietta_piano_roll_y_to_pitch (self, y), 0, 127);

  if (self->edit == ROLL_EDIT_CELL)
    turn_cell (self, x - self->drag_x, y - self->drag_y);

  switch (self->edit)
    {
    case ROLL_EDIT_MOVE:
      {
        int semitones = snap_pitch (self, pitch) - snap_pitch (self, self->edit_pitch);

        /* A hand that hardly moved meant a click; so a note keeps its place between lines until it is carried. */
        self->edit_ticks = ABS (moved) * arietta_piano_roll_get_pixels_per_tick (self) < LEAST_BAND
                             ? 0 : snap (self, self->edit_onset + moved, FALSE) - self->edit_onset;
        if (semitones != self->edit_semitones)
          arietta_piano_roll_press (self, pitch);
        self->edit_semitones = semitones;
        self->edit_copy = (modifiers & GDK_CONTROL_MASK) != 0;
      }
      break;
    case ROLL_EDIT_RESIZE:
      self->edit_ticks = snap (self, self->edit_end + moved, FALSE) - self->edit_end;
      if (self->edit_end + self->edit_ticks <= self->edit_onset)
        self->edit_ticks = MIN (get_step (self) - (self->edit_end - self->edit_onset), 0);
      break;
    case ROLL_EDIT_RESIZE_START:
      /* A hand that hardly moved meant a click, as where a note is carried. */
      self->edit_ticks = ABS (moved) * arietta_piano_roll_get_pixels_per_tick (self) < LEAST_BAND
                           ? 0 : snap (self, self->edit_onset + moved, FALSE) - self->edit_onset;
      if (self->edit_onset + self->edit_ticks >= self->edit_end)
        self->edit_ticks = MAX (self->edit_end - self->edit_onset - get_step (self), 0);
      break;
    case ROLL_EDIT_DRAW:
      {
        gint64 least = self->edit_from + get_step (self);

        /* Back to where it began keeps the length it began with. */
        if (fabs (x - self->drag_x) >= LEAST_BAND)
          self->edit_to = MAX (snap (self, tick + get_step (self) / 2, FALSE), least);
      }
      break;
    case ROLL_EDIT_BAND:
      self->edit_to = tick;
      self->edit_to_pitch = pitch;
      update_band (self);
      break;
    case ROLL_EDIT_VELOCITY:
      {
        int velocity = CLAMP (self->edit_stop.note->velocity + (int) round ((self->drag_y - y) * 1.0), 1, 127);

        self->edit_velocity = velocity;
      }
      break;
    case ROLL_EDIT_CELL:
    case ROLL_EDIT_NONE:
    default:
      return;
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
toggle_cell (AriettaPianoRoll *self)
{
  if (self->edit_stop.note != NULL)
    {
      const AriettaNoteRef ref = ref_of_stop (self, &self->edit_stop);
      g_autoptr(AriettaSelection) one = arietta_selection_new (&ref, 1);

      g_signal_emit (self, signals[SIGNAL_NOTES_ERASED], 0, one);
    }
  else if (arietta_piano_roll_row_of (self, self->edit_pitch) >= 0)
    g_signal_emit (self, signals[SIGNAL_NOTE_DRAWN], 0, self->edit_pitch, self->edit_from, get_step (self));
}

void
arietta_piano_roll_edit_end (AriettaPianoRoll *self,
                             gboolean          cancelled)
{
  AriettaRollEdit edit = self->edit;

  self->edit = ROLL_EDIT_NONE;
  g_clear_pointer (&self->edit_keep, arietta_selection_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (cancelled)
    return;

  if (edit == ROLL_EDIT_MOVE && (self->edit_ticks != 0 || self->edit_semitones != 0))
    g_signal_emit (self, signals[SIGNAL_NOTES_MOVED], 0, self->edit_ticks, self->edit_semitones, self->edit_copy);
  else if ((edit == ROLL_EDIT_RESIZE || edit == ROLL_EDIT_RESIZE_START) && self->edit_ticks != 0)
    g_signal_emit (self, signals[SIGNAL_NOTES_RESIZED], 0, self->edit_ticks, edit == ROLL_EDIT_RESIZE_START);
  else if (edit == ROLL_EDIT_DRAW)
    {
      self->last_duration = self->edit_to - self->edit_from;
      g_signal_emit (self, signals[SIGNAL_NOTE_DRAWN], 0, self->edit_pitch, self->edit_from, self->last_duration);
    }
  else if (edit == ROLL_EDIT_VELOCITY && self->edit_velocity != self->edit_stop.note->velocity)
    g_signal_emit (self, signals[SIGNAL_VELOCITY_SET], 0, self->edit_velocity - self->edit_stop.note->velocity);
  else if (edit == ROLL_EDIT_CELL)
    toggle_cell (self);
}

/* What a press here would do. */
void
arietta_piano_roll_edit_hover (AriettaPianoRoll            *self,
                               const AriettaRollCursorStop *stop,
                               double                       x,
                               double                       y)
{
  const char *name = NULL;

  if (!self->editable || self->drag_region != 0)
    return;

  if (y < self->ruler_height)
    name = arietta_piano_roll_ruler_hover (self, x, y);
  else if (x >= self->keyboard_width)
    {
      if (stop->note != NULL)
        name = get_grip (self, stop->note, x) != ROLL_EDIT_MOVE ? "ew-resize" : self->drums ? "pointer" : "grab";
      else if (self->drawing || self->drums)
        name = "crosshair";
    }
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), name);
}

/* ---- Keys ---- */

void
arietta_piano_roll_edit_select_cursor (AriettaPianoRoll *self,
                                       gboolean          more)
{
  AriettaNoteRef ref;
  g_autoptr(AriettaSelection) one = NULL;

  if (!self->editable || self->cursor.note == NULL)
    return;
  ref = ref_of_stop (self, &self->cursor);
  one = arietta_selection_new (&ref, 1);
  select_take (self, more ? arietta_selection_new_joined (self->selection, one, FALSE) : g_steal_pointer (&one));
}

static gboolean
move_selection_cb (GtkWidget *widget,
                   GVariant  *args,
                   gpointer   user_data)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  int steps, semitones, ends;

  g_variant_get (args, "(iii)", &steps, &semitones, &ends);
  if (!self->editable || arietta_selection_get_n (self->selection) == 0)
    return FALSE;

  if (ends != 0)
    g_signal_emit (self, signals[SIGNAL_NOTES_RESIZED], 0, (gint64) ends * get_step (self), FALSE);
  else
    g_signal_emit (self, signals[SIGNAL_NOTES_MOVED], 0, (gint64) steps * get_step (self), semitones, FALSE);
  return TRUE;
}

/* Without a pointer: a note at the play head, as high as the one under the cursor. */
static gboolean
insert_note_cb (GtkWidget *widget,
                GVariant  *args,
                gpointer   user_data)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);
  gint64 onset = snap (self, self->position, TRUE);
  gint64 duration = self->drums ? get_step (self) : self->last_duration > 0 ? self->last_duration : 2 * get_step (self);
  int pitch = self->drums ? BASS_DRUM : snap_pitch (self, MIDDLE_C);

  if (!self->editable)
    return FALSE;
  if (self->cursor.note != NULL)
    pitch = self->cursor.note->pitch;
  g_signal_emit (self, signals[SIGNAL_NOTE_DRAWN], 0, pitch, onset, duration);
  return TRUE;
}

void
arietta_piano_roll_edit_class_init (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint           key, keypad;
    GdkModifierType modifiers;
    int             steps, semitones, ends;
  } MOVES[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, GDK_ALT_MASK, -1, 0, 0 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, GDK_ALT_MASK, 1, 0, 0 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, GDK_ALT_MASK, 0, 1, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, GDK_ALT_MASK, 0, -1, 0 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, GDK_ALT_MASK | GDK_SHIFT_MASK, 0, 12, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, GDK_ALT_MASK | GDK_SHIFT_MASK, 0, -12, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, GDK_ALT_MASK | GDK_SHIFT_MASK, 0, 0, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, GDK_ALT_MASK | GDK_SHIFT_MASK, 0, 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (MOVES); i++)
    {
      gtk_widget_class_add_binding (widget_class, MOVES[i].key, MOVES[i].modifiers, move_selection_cb, "(iii)",
                                    MOVES[i].steps, MOVES[i].semitones, MOVES[i].ends);
      gtk_widget_class_add_binding (widget_class, MOVES[i].keypad, MOVES[i].modifiers, move_selection_cb, "(iii)",
                                    MOVES[i].steps, MOVES[i].semitones, MOVES[i].ends);
    }

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Insert, 0, insert_note_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Insert, 0, insert_note_cb, NULL);

  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new ("selection-changed", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0,
                                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOTES_MOVED] = g_signal_new ("notes-moved", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                              NULL, G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT, G_TYPE_BOOLEAN);
  signals[SIGNAL_NOTES_RESIZED] = g_signal_new ("notes-resized", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_BOOLEAN);
  signals[SIGNAL_NOTE_DRAWN] = g_signal_new ("note-drawn", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_NOTES_ERASED] = g_signal_new ("notes-erased", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                               NULL, G_TYPE_NONE, 1, ARIETTA_TYPE_SELECTION);
  signals[SIGNAL_VELOCITY_SET] = g_signal_new ("velocity-changed", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

/* After another piece was set, whose notes the selection does not name. */
void
arietta_piano_roll_edit_reset (AriettaPianoRoll *self)
{
  if (self->edit != ROLL_EDIT_NONE)
    arietta_piano_roll_edit_end (self, TRUE);
  if (self->selection == NULL)
    self->selection = arietta_selection_new (NULL, 0);
  select_nothing (self);
}

/* ---- Public ---- */

void
arietta_piano_roll_set_editable (AriettaPianoRoll *self,
                                 gboolean          editable)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  self->editable = editable;
  if (!editable)
    select_nothing (self);
}

gboolean
arietta_piano_roll_get_editable (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), FALSE);

  return self->editable;
}

void
arietta_piano_roll_set_drawing (AriettaPianoRoll *self,
                                gboolean          drawing)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  self->drawing = drawing;
}

void
arietta_piano_roll_set_grid (AriettaPianoRoll *self,
                             gint64            grid_ticks)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  arietta_time_axis_set_grid (self->axis, grid_ticks);
}

void
arietta_piano_roll_set_scale_snap (AriettaPianoRoll *self,
                                   gboolean          snap)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  self->scale_snap = snap;
}

/* Where one note is selected keys go on from there, also after an edit. */
static void
follow_single (AriettaPianoRoll *self)
{
  guint n_refs, n;
  const AriettaNoteRef *refs = arietta_selection_get_refs (self->selection, &n_refs);
  AriettaRollCursorStop stop;

  if (n_refs != 1 || refs[0].track >= arietta_piece_get_n_tracks (get_shown (self)))
    return;
  stop.track = refs[0].track;
  stop.note = arietta_track_get_notes (arietta_piece_get_track (get_shown (self), stop.track), &n) + refs[0].nth;
  if (refs[0].nth < n)
    arietta_piano_roll_set_cursor (self, &stop, FALSE);
}

void
arietta_piano_roll_set_selection (AriettaPianoRoll *self,
                                  AriettaSelection *selection)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  if (selection == self->selection)
    return;
  select_silently_take (self, selection != NULL ? arietta_selection_ref (selection) : arietta_selection_new (NULL, 0));
  follow_single (self);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

AriettaSelection *
arietta_piano_roll_get_selection (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), NULL);

  return self->selection;
}

/* The track a selection is about where the others are shades; -1: any. */
static int
get_only_track (AriettaPianoRoll *self)
{
  return self->ghosts || self->drums ? self->track : -1;
}

void
arietta_piano_roll_select_all (AriettaPianoRoll *self)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  select_take (self, arietta_selection_new_in_box (get_shown (self), get_only_track (self), 0, G_MAXINT64, 0, 127));
}

void
arietta_piano_roll_select_pitch (AriettaPianoRoll *self,
                                 int               pitch,
                                 gboolean          more)
{
  g_autoptr(AriettaSelection) same = NULL;

  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  same = arietta_selection_new_in_box (get_shown (self), get_only_track (self), 0, G_MAXINT64, pitch, pitch);
  select_take (self, more ? arietta_selection_new_joined (self->selection, same, FALSE) : g_steal_pointer (&same));
}
