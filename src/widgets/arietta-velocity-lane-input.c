#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-velocity-lane-private.h"

#include <math.h>

#define REACH 4.0           /* pixels around a stem */
#define LEAST_CARRY 3.0

static void
set_pending (AriettaVelocityLane *self,
             guint                track,
             guint                nth,
             int                  velocity)
{
  gint64 key = arietta_velocity_lane_pack (track, nth);

  g_hash_table_insert (self->pending, g_memdup2 (&key, sizeof key), GINT_TO_POINTER (CLAMP (velocity, 1, 127)));
}

typedef struct
{
  double x0, y0, x1, y1;
} Segment;

static void
draw_along_cb (AriettaVelocityLane *self,
               const AriettaNote   *note,
               guint                track,
               guint                nth,
               guint                hue,
               gpointer             user_data)
{
  const Segment *way = user_data;
  AriettaSelection *selection = arietta_piano_roll_get_selection (self->roll);
  double x = arietta_time_axis_tick_to_x (arietta_lane_get_axis (ARIETTA_LANE (self)), note->onset_ticks), y;

  if (arietta_selection_get_n (selection) > 0 && !arietta_selection_contains (selection, track, nth))
    return;
  if (way->x1 == way->x0)
    y = way->y1;
  else
    y = way->y0 + (way->y1 - way->y0) * CLAMP ((x - way->x0) / (way->x1 - way->x0), 0, 1);
  set_pending (self, track, nth, arietta_velocity_lane_from_y (self, y));
}

static void
draw_along (AriettaVelocityLane *self,
            Segment              way)
{
  AriettaTimeAxis *axis = arietta_lane_get_axis (ARIETTA_LANE (self));
  double left = MIN (way.x0, way.x1) - REACH, right = MAX (way.x0, way.x1) + REACH;

  arietta_velocity_lane_foreach (self, arietta_time_axis_x_to_tick (axis, left),
                                 arietta_time_axis_x_to_tick (axis, right), draw_along_cb, &way);
}

static void
shift_all (AriettaVelocityLane *self,
           int                  by)
{
  AriettaPiece *piece = arietta_velocity_lane_get_piece (self);
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (arietta_piano_roll_get_selection (self->roll), &n_refs);

  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (piece, refs[i].track), &n);

      set_pending (self, refs[i].track, refs[i].nth, notes[refs[i].nth].velocity + by);
    }
}

typedef struct
{
  double   x, y;
  gboolean found;
} HeadSearch;

static void
find_head_cb (AriettaVelocityLane *self,
              const AriettaNote   *note,
              guint                track,
              guint                nth,
              guint                hue,
              gpointer             user_data)
{
  HeadSearch *search = user_data;

  if (fabs (arietta_velocity_lane_to_y (self, note->velocity) - search->y) <= 2 * REACH &&
      arietta_selection_contains (arietta_piano_roll_get_selection (self->roll), track, nth))
    search->found = TRUE;
}

static gboolean
is_on_head (AriettaVelocityLane *self,
            double               x,
            double               y)
{
  HeadSearch search = { x, y, FALSE };
  AriettaTimeAxis *axis = arietta_lane_get_axis (ARIETTA_LANE (self));

  arietta_velocity_lane_foreach (self, arietta_time_axis_x_to_tick (axis, x - 2 * REACH),
                                 arietta_time_axis_x_to_tick (axis, x + REACH), find_head_cb, &search);
  return search.found;
}

static gboolean
arietta_velocity_lane_press (AriettaLane     *lane,
                             double           x,
                             double           y,
                             GdkModifierType  modifiers,
                             int              n_press)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);

  if (self->roll == NULL || !arietta_piano_roll_get_editable (self->roll))
    return FALSE;

  self->pending = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->press_x = self->last_x = x;
  self->press_y = self->last_y = y;
  self->on_head = is_on_head (self, x, y);
  self->drag = ARIETTA_VELOCITY_DRAG_PRESS;
  if (!self->on_head && (modifiers & GDK_SHIFT_MASK) == 0)
    {
      self->drag = ARIETTA_VELOCITY_DRAG_FREE;
      draw_along (self, (Segment) { x, y, x, y });
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  return TRUE;
}

static void
arietta_velocity_lane_drag (AriettaLane     *lane,
                            double           x,
                            double           y,
                            GdkModifierType  modifiers)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);

  if (self->drag == ARIETTA_VELOCITY_DRAG_PRESS && hypot (x - self->press_x, y - self->press_y) >= LEAST_CARRY)
    self->drag = self->on_head ? ARIETTA_VELOCITY_DRAG_TOGETHER : ARIETTA_VELOCITY_DRAG_LINE;

  switch (self->drag)
    {
    case ARIETTA_VELOCITY_DRAG_FREE:
      draw_along (self, (Segment) { self->last_x, self->last_y, x, y });
      break;
    case ARIETTA_VELOCITY_DRAG_LINE:
      g_hash_table_remove_all (self->pending);
      draw_along (self, (Segment) { self->press_x, self->press_y, x, y });
      break;
    case ARIETTA_VELOCITY_DRAG_TOGETHER:
      shift_all (self, arietta_velocity_lane_from_y (self, y) - arietta_velocity_lane_from_y (self, self->press_y));
      break;
    case ARIETTA_VELOCITY_DRAG_PRESS:
    case ARIETTA_VELOCITY_DRAG_NONE:
    default:
      return;
    }
  self->last_x = x;
  self->last_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
emit_drawn (AriettaVelocityLane *self)
{
  g_autoptr(GArray) refs = g_array_new (FALSE, FALSE, sizeof (AriettaNoteRef));
  g_autoptr(AriettaSelection) notes = NULL;
  g_autoptr(GByteArray) velocities = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  const AriettaNoteRef *sorted;
  GHashTableIter iter;
  gpointer key;
  guint n;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const AriettaNoteRef ref = { (guint) (*(gint64 *) key >> 32), (guint) *(gint64 *) key };

      g_array_append_val (refs, ref);
    }
  notes = arietta_selection_new ((const AriettaNoteRef *) (void *) refs->data, refs->len);
  sorted = arietta_selection_get_refs (notes, &n);
  for (guint i = 0; i < n; i++)
    {
      gint64 wanted = arietta_velocity_lane_pack (sorted[i].track, sorted[i].nth);
      guint8 velocity = (guint8) GPOINTER_TO_INT (g_hash_table_lookup (self->pending, &wanted));

      g_byte_array_append (velocities, &velocity, 1);
    }
  bytes = g_bytes_new (velocities->data, velocities->len);
  g_signal_emit_by_name (self, "drawn", notes, bytes);
}

static void
arietta_velocity_lane_release (AriettaLane *lane,
                               gboolean     cancelled)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);

  self->drag = ARIETTA_VELOCITY_DRAG_NONE;
  if (!cancelled && self->pending != NULL && g_hash_table_size (self->pending) > 0)
    emit_drawn (self);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static const char *
arietta_velocity_lane_hover (AriettaLane *lane,
                             double       x,
                             double       y)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);

  if (self->roll == NULL || !arietta_piano_roll_get_editable (self->roll))
    return NULL;
  return is_on_head (self, x, y) ? "ns-resize" : "crosshair";
}

void
arietta_velocity_lane_class_init_input (AriettaLaneClass *lane_class)
{
  lane_class->press = arietta_velocity_lane_press;
  lane_class->drag = arietta_velocity_lane_drag;
  lane_class->release = arietta_velocity_lane_release;
  lane_class->hover = arietta_velocity_lane_hover;
}
