#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-velocity-lane.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "widgets/arietta-colors.h"

#define HEIGHT 72
#define AIR 6.0             /* pixels above 127 and below 1 */
#define REACH 4.0           /* pixels around a stem */
#define LEAST_CARRY 3.0
#define MANY 400            /* stems; more are drawn as one column a pixel */

typedef enum
{
  DRAG_NONE,
  DRAG_PRESS,     /* nothing yet */
  DRAG_FREE,
  DRAG_LINE,
  DRAG_TOGETHER,
} Drag;

struct _AriettaVelocityLane
{
  AriettaLane       parent_instance;

  AriettaPianoRoll *roll;       /* owned, NULL before one was set */
  GHashTable       *pending;    /* a note as packed by key_of () -> its velocity; while dragging */
  Drag              drag;
  gboolean          on_head;    /* of a selected note */
  double            press_x, press_y, last_x, last_y;
};

G_DEFINE_FINAL_TYPE (AriettaVelocityLane, arietta_velocity_lane, ARIETTA_TYPE_LANE)

enum
{
  SIGNAL_DRAWN,
  SIGNAL_CHANGED_BY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static AriettaTimeAxis *
get_axis (AriettaVelocityLane *self)
{
  return arietta_lane_get_axis (ARIETTA_LANE (self));
}

static AriettaPiece *
get_piece (AriettaVelocityLane *self)
{
  return arietta_roll_index_get_piece (arietta_piano_roll_get_index (self->roll));
}

static gint64
key_of (guint track,
        guint nth)
{
  return (gint64) track << 32 | nth;
}

static double
velocity_to_y (AriettaVelocityLane *self,
               double               velocity)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * AIR;

  return AIR + height * (1 - velocity / 127.0);
}

static int
y_to_velocity (AriettaVelocityLane *self,
               double               y)
{
  double height = MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * AIR, 1);

  return CLAMP ((int) round ((1 - (y - AIR) / height) * 127), 1, 127);
}

/* ---- The notes ---- */

typedef void (*NoteFunc) (AriettaVelocityLane *self,
                          const AriettaNote   *note,
                          guint                track,
                          guint                nth,
                          guint                hue,
                          gpointer             user_data);

typedef struct
{
  AriettaVelocityLane *self;
  AriettaSelection    *selection;
  int                  active;
  gint64               from, to;
  NoteFunc             func;
  gpointer             user_data;
} Walk;

static void
walk_cb (const AriettaNote *note,
         guint              track,
         guint              hue,
         gpointer           user_data)
{
  Walk *walk = user_data;
  guint n, nth;

  if (note->onset_ticks < walk->from || note->onset_ticks > walk->to ||
      !arietta_piano_roll_is_meant (walk->self->roll, track))
    return;
  nth = (guint) (note - arietta_track_get_notes (arietta_piece_get_track (get_piece (walk->self), track), &n));
  if (walk->active >= 0 && track != (guint) walk->active && !arietta_selection_contains (walk->selection, track, nth))
    return;
  walk->func (walk->self, note, track, nth, hue, walk->user_data);
}

/* Notes of the lane that begin in @from <= tick <= @to. */
static void
foreach_note (AriettaVelocityLane *self,
              gint64               from,
              gint64               to,
              NoteFunc             func,
              gpointer             user_data)
{
  Walk walk = { .self = self, .selection = arietta_piano_roll_get_selection (self->roll), .from = from, .to = to,
                .func = func, .user_data = user_data };

  g_object_get (self->roll, "track", &walk.active, NULL);
  arietta_roll_index_foreach (arietta_piano_roll_get_index (self->roll), from, to + 1, walk_cb, &walk);
}

/* ---- Drawing ---- */

typedef struct
{
  float  x;
  guint8 velocity;
  guint8 hue;
  guint8 selected;
} Stem;

static void
collect_stem_cb (AriettaVelocityLane *self,
                 const AriettaNote   *note,
                 guint                track,
                 guint                nth,
                 guint                hue,
                 gpointer             user_data)
{
  gint64 key = key_of (track, nth);
  gpointer pending = self->pending != NULL ? g_hash_table_lookup (self->pending, &key) : NULL;
  Stem stem = {
    .x = (float) arietta_time_axis_tick_to_x (get_axis (self), note->onset_ticks),
    .velocity = pending != NULL ? (guint8) GPOINTER_TO_INT (pending) : note->velocity,
    .hue = (guint8) (hue % ARIETTA_PALETTE_SIZE),
    .selected = arietta_selection_contains (arietta_piano_roll_get_selection (self->roll), track, nth),
  };

  g_array_append_val ((GArray *) user_data, stem);
}

static void
draw_stem (AriettaVelocityLane *self,
           GtkSnapshot         *snapshot,
           const Stem          *stem,
           gboolean             dim,
           double               head,
           double               height)
{
  const AriettaPalette *palette = arietta_lane_get_palette (ARIETTA_LANE (self));
  AriettaColor color = stem->selected ? palette->accent : palette->hues[stem->hue];
  double x = floor (stem->x), y = round (velocity_to_y (self, stem->velocity)), alpha = dim && !stem->selected ? 0.35 : 1;

  arietta_colors_append (snapshot, color, 0.55 * alpha, x, y, 2, height - y);
  arietta_colors_append (snapshot, color, alpha, x, y - 1, head, 3);
}

/* The loudest of each pixel. */
static void
draw_columns (AriettaVelocityLane *self,
              GtkSnapshot         *snapshot,
              GArray              *stems,
              double               width,
              double               height)
{
  const AriettaPalette *palette = arietta_lane_get_palette (ARIETTA_LANE (self));
  int n = (int) width + 1;
  g_autofree const Stem **loudest = g_new0 (const Stem *, (gsize) n);

  for (guint i = 0; i < stems->len; i++)
    {
      const Stem *stem = &g_array_index (stems, Stem, i);
      int x = (int) stem->x;

      if (x >= 0 && x < n && (loudest[x] == NULL || stem->velocity > loudest[x]->velocity))
        loudest[x] = stem;
    }
  for (int x = 0; x < n; x++)
    if (loudest[x] != NULL)
      {
        double y = round (velocity_to_y (self, loudest[x]->velocity));

        arietta_colors_append (snapshot, loudest[x]->selected ? palette->accent : palette->hues[loudest[x]->hue], 0.8, x, y,
                               1, height - y);
      }
}

static void
arietta_velocity_lane_paint (AriettaLane *lane,
                             GtkSnapshot *snapshot,
                             double       width,
                             double       height)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);
  AriettaTimeAxis *axis = arietta_lane_get_axis (lane);
  const AriettaPalette *palette = arietta_lane_get_palette (lane);
  g_autoptr(GArray) stems = g_array_new (FALSE, FALSE, sizeof (Stem));
  gboolean any;
  double head;

  if (self->roll == NULL)
    return;

  any = arietta_selection_get_n (arietta_piano_roll_get_selection (self->roll)) > 0;
  for (int line = 1; line < 4; line++)
    arietta_colors_append (snapshot, palette->foreground, 0.06, 0, round (velocity_to_y (self, 127 * line / 4.0)), width,
                           1);
  foreach_note (self, arietta_time_axis_x_to_tick (axis, arietta_time_axis_get_margin (axis) - 8),
                arietta_time_axis_x_to_tick (axis, width), collect_stem_cb, stems);
  /* Heads that would run into each other are left out. */
  head = CLAMP (width / MAX (stems->len, 1) - 2, 2, 7);
  if (stems->len > MANY)
    draw_columns (self, snapshot, stems, width, height);
  else
    for (int pass = 0; pass < 2; pass++)
      for (guint i = 0; i < stems->len; i++)
        if (g_array_index (stems, Stem, i).selected == (pass == 1))
          draw_stem (self, snapshot, &g_array_index (stems, Stem, i), any, head, height);

  if (self->drag == DRAG_LINE)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

      cairo_set_source_rgb (cr, palette->foreground.red, palette->foreground.green, palette->foreground.blue);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, self->press_x, self->press_y);
      cairo_line_to (cr, self->last_x, self->last_y);
      cairo_stroke (cr);
      cairo_destroy (cr);
    }
}

/* ---- The pointer ---- */

static void
set_pending (AriettaVelocityLane *self,
             guint                track,
             guint                nth,
             int                  velocity)
{
  gint64 key = key_of (track, nth);

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
  double x = arietta_time_axis_tick_to_x (get_axis (self), note->onset_ticks), y;

  if (arietta_selection_get_n (selection) > 0 && !arietta_selection_contains (selection, track, nth))
    return;
  if (way->x1 == way->x0)
    y = way->y1;
  else
    y = way->y0 + (way->y1 - way->y0) * CLAMP ((x - way->x0) / (way->x1 - way->x0), 0, 1);
  set_pending (self, track, nth, y_to_velocity (self, y));
}

static void
draw_along (AriettaVelocityLane *self,
            Segment              way)
{
  AriettaTimeAxis *axis = get_axis (self);
  double left = MIN (way.x0, way.x1) - REACH, right = MAX (way.x0, way.x1) + REACH;

  foreach_note (self, arietta_time_axis_x_to_tick (axis, left), arietta_time_axis_x_to_tick (axis, right), draw_along_cb,
                &way);
}

static void
shift_all (AriettaVelocityLane *self,
           int                  by)
{
  guint n_refs;
  const AriettaNoteRef *refs = arietta_selection_get_refs (arietta_piano_roll_get_selection (self->roll), &n_refs);

  for (guint i = 0; i < n_refs; i++)
    {
      guint n;
      const AriettaNote *notes = arietta_track_get_notes (arietta_piece_get_track (get_piece (self), refs[i].track), &n);

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

  if (fabs (velocity_to_y (self, note->velocity) - search->y) <= 2 * REACH &&
      arietta_selection_contains (arietta_piano_roll_get_selection (self->roll), track, nth))
    search->found = TRUE;
}

static gboolean
is_on_head (AriettaVelocityLane *self,
            double               x,
            double               y)
{
  HeadSearch search = { x, y, FALSE };
  AriettaTimeAxis *axis = get_axis (self);

  foreach_note (self, arietta_time_axis_x_to_tick (axis, x - 2 * REACH), arietta_time_axis_x_to_tick (axis, x + REACH),
                find_head_cb, &search);
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
  self->drag = DRAG_PRESS;
  if (!self->on_head && (modifiers & GDK_SHIFT_MASK) == 0)
    {
      self->drag = DRAG_FREE;
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

  if (self->drag == DRAG_PRESS && hypot (x - self->press_x, y - self->press_y) >= LEAST_CARRY)
    self->drag = self->on_head ? DRAG_TOGETHER : DRAG_LINE;

  switch (self->drag)
    {
    case DRAG_FREE:
      draw_along (self, (Segment) { self->last_x, self->last_y, x, y });
      break;
    case DRAG_LINE:
      g_hash_table_remove_all (self->pending);
      draw_along (self, (Segment) { self->press_x, self->press_y, x, y });
      break;
    case DRAG_TOGETHER:
      shift_all (self, y_to_velocity (self, y) - y_to_velocity (self, self->press_y));
      break;
    case DRAG_PRESS:
    case DRAG_NONE:
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
      gint64 wanted = key_of (sorted[i].track, sorted[i].nth);
      guint8 velocity = (guint8) GPOINTER_TO_INT (g_hash_table_lookup (self->pending, &wanted));

      g_byte_array_append (velocities, &velocity, 1);
    }
  bytes = g_bytes_new (velocities->data, velocities->len);
  g_signal_emit (self, signals[SIGNAL_DRAWN], 0, notes, bytes);
}

static void
arietta_velocity_lane_release (AriettaLane *lane,
                               gboolean     cancelled)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (lane);

  self->drag = DRAG_NONE;
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

/* ---- Keys ---- */

static void
describe (AriettaVelocityLane *self)
{
  const AriettaNote *note = arietta_piano_roll_get_cursor (self->roll);
  guint n = arietta_selection_get_n (arietta_piano_roll_get_selection (self->roll));
  g_autofree char *text = NULL;

  if (note != NULL)
    {
      g_autofree char *place = arietta_time_axis_dup_place (get_axis (self), note->onset_ticks);

      text = g_strdup_printf (_("velocity %d, %s"), note->velocity, place);
    }
  else
    text = g_strdup_printf (ngettext ("%u note selected", "%u notes selected", n), n);
  arietta_lane_describe (ARIETTA_LANE (self), text);
}

static gboolean
go_cb (GtkWidget *widget,
       GVariant  *args,
       gpointer   user_data)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (widget);
  int step;

  g_variant_get (args, "(i)", &step);
  if (self->roll == NULL || !arietta_piano_roll_move_cursor (self->roll, step, 0, FALSE))
    return FALSE;
  describe (self);
  return TRUE;
}

static gboolean
change_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (widget);
  int by;

  g_variant_get (args, "(i)", &by);
  if (self->roll == NULL || arietta_selection_get_n (arietta_piano_roll_get_selection (self->roll)) == 0)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_CHANGED_BY], 0, by);
  describe (self);
  return TRUE;
}

/* ---- Overrides ---- */

static void
arietta_velocity_lane_measure (GtkWidget      *widget,
                               GtkOrientation  orientation,
                               int             for_size,
                               int            *minimum,
                               int            *natural,
                               int            *minimum_baseline,
                               int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 80 : HEIGHT;
}

static void
arietta_velocity_lane_dispose (GObject *object)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (object);

  if (self->roll != NULL)
    g_signal_handlers_disconnect_by_data (self->roll, self);
  g_clear_object (&self->roll);
  g_clear_pointer (&self->pending, g_hash_table_unref);

  G_OBJECT_CLASS (arietta_velocity_lane_parent_class)->dispose (object);
}

static void
arietta_velocity_lane_class_init (AriettaVelocityLaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AriettaLaneClass *lane_class = ARIETTA_LANE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_velocity_lane_dispose;
  widget_class->measure = arietta_velocity_lane_measure;
  lane_class->paint = arietta_velocity_lane_paint;
  lane_class->press = arietta_velocity_lane_press;
  lane_class->drag = arietta_velocity_lane_drag;
  lane_class->release = arietta_velocity_lane_release;
  lane_class->hover = arietta_velocity_lane_hover;

  signals[SIGNAL_DRAWN] = g_signal_new ("drawn", ARIETTA_TYPE_VELOCITY_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, ARIETTA_TYPE_SELECTION, G_TYPE_BYTES);
  signals[SIGNAL_CHANGED_BY] = g_signal_new ("changed-by", ARIETTA_TYPE_VELOCITY_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, go_cb, "(i)", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, go_cb, "(i)", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, change_cb, "(i)", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, change_cb, "(i)", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_SHIFT_MASK, change_cb, "(i)", 10);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_SHIFT_MASK, change_cb, "(i)", -10);
}

static void
arietta_velocity_lane_init (AriettaVelocityLane *self)
{
}

/* ---- Public ---- */

GtkWidget *
arietta_velocity_lane_new (void)
{
  return g_object_new (ARIETTA_TYPE_VELOCITY_LANE, NULL);
}

void
arietta_velocity_lane_set_roll (AriettaVelocityLane *self,
                                AriettaPianoRoll    *roll)
{
  g_return_if_fail (ARIETTA_IS_VELOCITY_LANE (self) && ARIETTA_IS_PIANO_ROLL (roll));

  if (self->roll == roll)
    return;
  if (self->roll != NULL)
    g_signal_handlers_disconnect_by_data (self->roll, self);
  g_set_object (&self->roll, roll);
  arietta_lane_set_axis (ARIETTA_LANE (self), arietta_piano_roll_get_axis (roll));
  g_signal_connect_object (roll, "selection-changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (roll, "notify::track", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
