#define G_LOG_DOMAIN "arietta-widgets"

#include "config.h"

#include "widgets/arietta-velocity-lane-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "widgets/arietta-colors.h"

#define HEIGHT 72
#define AIR 6.0             /* pixels above 127 and below 1 */
#define MANY 400            /* stems; more are drawn as one column a pixel */

G_DEFINE_FINAL_TYPE (AriettaVelocityLane, arietta_velocity_lane, ARIETTA_TYPE_LANE)

enum
{
  SIGNAL_DRAWN,
  SIGNAL_CHANGED_BY,
  SIGNAL_EDIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static AriettaTimeAxis *
get_axis (AriettaVelocityLane *self)
{
  return arietta_lane_get_axis (ARIETTA_LANE (self));
}

/* ---- The notes ---- */

AriettaPiece *
arietta_velocity_lane_get_piece (AriettaVelocityLane *self)
{
  return arietta_roll_index_get_piece (arietta_piano_roll_get_index (self->roll));
}

gint64
arietta_velocity_lane_pack (guint track,
                            guint nth)
{
  return (gint64) track << 32 | nth;
}

double
arietta_velocity_lane_to_y (AriettaVelocityLane *self,
                            double               velocity)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * AIR;

  return AIR + height * (1 - velocity / 127.0);
}

int
arietta_velocity_lane_from_y (AriettaVelocityLane *self,
                              double               y)
{
  double height = MAX (gtk_widget_get_height (GTK_WIDGET (self)) - 2 * AIR, 1);

  return CLAMP ((int) round ((1 - (y - AIR) / height) * 127), 1, 127);
}

typedef struct
{
  AriettaVelocityLane *self;
  AriettaSelection    *selection;
  int                  active;
  gint64               from, to;
  AriettaVelocityFunc  func;
  gpointer             user_data;
} Walk;

static void
walk_cb (const AriettaNote *note,
         guint              track,
         guint              hue,
         gpointer           user_data)
{
  Walk *walk = user_data;
  AriettaPiece *piece = arietta_velocity_lane_get_piece (walk->self);
  guint n, nth;

  if (note->onset_ticks < walk->from || note->onset_ticks > walk->to ||
      !arietta_piano_roll_is_meant (walk->self->roll, track))
    return;
  nth = (guint) (note - arietta_track_get_notes (arietta_piece_get_track (piece, track), &n));
  if (walk->active >= 0 && track != (guint) walk->active && !arietta_selection_contains (walk->selection, track, nth))
    return;
  walk->func (walk->self, note, track, nth, hue, walk->user_data);
}

void
arietta_velocity_lane_foreach (AriettaVelocityLane *self,
                               gint64               from,
                               gint64               to,
                               AriettaVelocityFunc  func,
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
  gint64 key = arietta_velocity_lane_pack (track, nth);
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
  double x = floor (stem->x), y = round (arietta_velocity_lane_to_y (self, stem->velocity));
  double alpha = dim && !stem->selected ? 0.35 : 1;

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
        double y = round (arietta_velocity_lane_to_y (self, loudest[x]->velocity));

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
    arietta_colors_append (snapshot, palette->foreground, 0.06, 0,
                           round (arietta_velocity_lane_to_y (self, 127 * line / 4.0)), width, 1);
  arietta_velocity_lane_foreach (self, arietta_time_axis_x_to_tick (axis, arietta_time_axis_get_margin (axis) - 8),
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

  if (self->drag == ARIETTA_VELOCITY_DRAG_LINE)
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

static gboolean
edit_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  AriettaVelocityLane *self = ARIETTA_VELOCITY_LANE (widget);

  if (self->roll == NULL || !arietta_piano_roll_get_editable (self->roll) ||
      arietta_selection_get_n (arietta_piano_roll_get_selection (self->roll)) == 0)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_EDIT], 0);
  return TRUE;
}

static void
selection_changed_cb (AriettaVelocityLane *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
  arietta_velocity_lane_class_init_input (lane_class);

  signals[SIGNAL_DRAWN] = g_signal_new ("drawn", ARIETTA_TYPE_VELOCITY_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, ARIETTA_TYPE_SELECTION, G_TYPE_BYTES);
  signals[SIGNAL_CHANGED_BY] = g_signal_new ("changed-by", ARIETTA_TYPE_VELOCITY_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                             NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  signals[SIGNAL_EDIT] = g_signal_new ("edit", ARIETTA_TYPE_VELOCITY_LANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, edit_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, edit_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F2, 0, edit_cb, NULL);
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
  g_signal_connect_object (roll, "selection-changed", G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (roll, "notify::track", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}
