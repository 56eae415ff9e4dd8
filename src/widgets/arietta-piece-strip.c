#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piece-strip.h"

#include <glib/gi18n.h>
#include <math.h>

#include "drawing/arietta-roll.h"
#include "widgets/arietta-colors.h"
#include "widgets/arietta-raster.h"

#define PADDING 4.0
#define MANY_NOTES 10000   /* more are painted by a worker, the old picture standing meanwhile */

struct _AriettaPieceStrip
{
  GtkWidget      parent_instance;

  AriettaPiece  *piece;
  AriettaBarMap *bars;          /* NULL without a piece */
  gint64         end_ticks;     /* of the last bar with notes; at least 1 */
  gint64         position;
  gint64         loop_start;
  gint64         loop_end;
  gboolean       loop;
  double         drag_x;
  GdkTexture    *texture;       /* the notes; NULL: never painted yet */
  gboolean       stale;         /* it shows what was before */
  gboolean       painting;      /* a worker is at it */
  int            texture_width;
  int            texture_height;
};

G_DEFINE_FINAL_TYPE (AriettaPieceStrip, arietta_piece_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_PIECE,
  PROP_POSITION,
  PROP_LOOP,
  PROP_LOOP_START,
  PROP_LOOP_END,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint seek_signal;

static double
tick_to_x (AriettaPieceStrip *self,
           gint64             tick)
{
  return (double) tick / (double) self->end_ticks * gtk_widget_get_width (GTK_WIDGET (self));
}

static void
emit_seek (AriettaPieceStrip *self,
           gint64             tick)
{
  if (self->piece != NULL)
    g_signal_emit (self, seek_signal, 0, CLAMP (tick, 0, self->end_ticks));
}

static void
repaint (AriettaPieceStrip *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_value (AriettaPieceStrip *self)
{
  g_autofree char *text = NULL;

  if (self->piece != NULL)
    {
      guint n = arietta_bar_map_find (self->bars, MAX (self->end_ticks - 1, 0)) + 1;
      guint nth = arietta_bar_map_find (self->bars, self->position);

      text = g_strdup_printf (_("Bar %u of %u"), MIN (nth + 1, n), n);
    }
  else
    text = g_strdup (_("No piece"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) self->end_ticks,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) MIN (self->position, self->end_ticks),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                  -1);
}

static void
set_piece (AriettaPieceStrip *self,
           AriettaPiece      *piece)
{
  if (self->piece == piece)
    return;

  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->end_ticks = 1;
  if (piece != NULL)
    {
      gint64 last = MAX (arietta_piece_get_notes_end_ticks (piece) - 1, 0);

      self->piece = arietta_piece_ref (piece);
      self->bars = arietta_bar_map_new (piece);
      self->end_ticks = MAX (arietta_bar_map_get_start (self->bars, arietta_bar_map_find (self->bars, last) + 1), 1);
    }

  repaint (self);
  update_value (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIECE]);
}

/* A bar back goes to the start of this bar first, as a person would with a recorder. */
static gboolean
move_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   user_data)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (widget);
  int step = g_variant_get_int32 (args);
  guint nth;
  gint64 start;

  if (self->piece == NULL)
    return FALSE;

  nth = arietta_bar_map_find (self->bars, self->position);
  start = arietta_bar_map_get_start (self->bars, nth);
  if (step == -2)
    emit_seek (self, 0);
  else if (step == 2)
    emit_seek (self, self->end_ticks);
  else if (step > 0)
    emit_seek (self, arietta_bar_map_get_start (self->bars, nth + 1));
  else if (self->position > start || nth == 0)
    emit_seek (self, start);
  else
    emit_seek (self, arietta_bar_map_get_start (self->bars, nth - 1));

  return TRUE;
}

static void
seek_to_x (AriettaPieceStrip *self,
           double             x)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);

  emit_seek (self, (gint64) round (CLAMP (x / width, 0.0, 1.0) * (double) self->end_ticks));
}

static void
drag_begin_cb (AriettaPieceStrip *self,
               double             x,
               double             y,
               GtkGesture        *gesture)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_x = x;
  seek_to_x (self, x);
}

static void
drag_update_cb (AriettaPieceStrip *self,
                double             dx,
                double             dy,
                GtkGestureDrag    *gesture)
{
  seek_to_x (self, self->drag_x + dx);
}

/* What a picture needs, so that it can be painted elsewhere. */
typedef struct
{
  AriettaPiece   *piece;
  gint64          end_ticks;
  AriettaPalette  palette;
  int             width, height, scale_factor;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  arietta_piece_unref (picture->piece);
  g_free (picture);
}

static cairo_surface_t *
paint (const Picture *picture)
{
  g_autoptr(AriettaRollIndex) index = arietta_roll_index_new (picture->piece);
  cairo_surface_t *surface = arietta_raster_begin (picture->width, picture->height, picture->scale_factor);
  AriettaRollView view = { .width = picture->width, .height = picture->height - 2 * PADDING };
  int lowest, highest;
  cairo_t *cr;

  if (surface == NULL)
    return NULL;

  arietta_roll_index_get_pitches (index, &lowest, &highest);
  /* At least two octaves, so that a flat line looks flat. */
  highest += MAX (24 - (highest - lowest), 0) / 2;
  lowest = MIN (lowest, highest - 24);
  view.pixels_per_tick = (double) picture->width / (double) picture->end_ticks;
  view.pixels_per_pitch = view.height / (highest - lowest + 1);
  view.top_pitch = highest;

  cr = cairo_create (surface);
  cairo_translate (cr, 0, PADDING);
  arietta_roll_draw_notes_with_index (index, &view, cr, &picture->palette);
  cairo_destroy (cr);
  return surface;
}

static void
show_picture (AriettaPieceStrip *self,
              const Picture     *picture,
              cairo_surface_t   *surface)
{
  g_clear_object (&self->texture);
  self->texture = surface != NULL ? arietta_raster_end (surface) : NULL;
  self->texture_width = picture->width;
  self->texture_height = picture->height;
  self->stale = picture->piece != self->piece;
}

static void
paint_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_task_return_pointer (task, paint (data), (GDestroyNotify) cairo_surface_destroy);
}

static void
painted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (source);

  self->painting = FALSE;
  show_picture (self, g_task_get_task_data (G_TASK (result)), g_task_propagate_pointer (G_TASK (result), NULL));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_texture (AriettaPieceStrip    *self,
                const AriettaPalette *palette,
                int                   width,
                int                   height)
{
  Picture *picture;

  if (self->painting || (!self->stale && self->texture != NULL && self->texture_width == width &&
                         self->texture_height == height))
    return;

  picture = g_new0 (Picture, 1);
  picture->piece = arietta_piece_ref (self->piece);
  picture->end_ticks = self->end_ticks;
  picture->palette = *palette;
  picture->width = width;
  picture->height = height;
  picture->scale_factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  if (arietta_piece_get_n_notes (self->piece) > MANY_NOTES)
    {
      g_autoptr(GTask) task = g_task_new (self, NULL, painted_cb, NULL);

      self->painting = TRUE;
      g_task_set_source_tag (task, update_texture);
      g_task_set_task_data (task, picture, picture_free);
      g_task_run_in_thread (task, paint_in_thread);
      return;
    }
  show_picture (self, picture, paint (picture));
  picture_free (picture);
}

static void
append_rectangle (GtkSnapshot  *snapshot,
                  AriettaColor  color,
                  double        alpha,
                  double        x,
                  double        y,
                  double        width,
                  double        height)
{
  GdkRGBA rgba = arietta_colors_to_rgba (color, alpha);

  gtk_snapshot_append_color (snapshot, &rgba,
                             &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
arietta_piece_strip_snapshot (GtkWidget   *widget,
                              GtkSnapshot *snapshot)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  AriettaPalette palette;
  double x;

  if (self->piece == NULL || width <= 0 || height <= 2 * PADDING)
    return;

  arietta_colors_get (widget, &palette);
  update_texture (self, &palette, width, height);
  if (self->loop && self->loop_end > self->loop_start)
    {
      double from = tick_to_x (self, self->loop_start), to = tick_to_x (self, self->loop_end);

      append_rectangle (snapshot, palette.accent, 0.16, from, 0, to - from, height);
      append_rectangle (snapshot, palette.accent, 0.9, floor (from), 0, 2, height);
      append_rectangle (snapshot, palette.accent, 0.9, ceil (to) - 2, 0, 2, height);
    }

  x = round (tick_to_x (self, MIN (self->position, self->end_ticks)));
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT (0, 0, width, height));

  /* What was played lies in a light haze. */
  append_rectangle (snapshot, palette.accent, 0.10, 0, 0, x, height);
  append_rectangle (snapshot, palette.foreground, 0.9, MIN (MAX (x - 1, 0), width - 2), 0, 2, height);
}

static void
arietta_piece_strip_measure (GtkWidget      *widget,
                             GtkOrientation  orientation,
                             int             for_size,
                             int            *minimum,
                             int            *natural,
                             int            *minimum_baseline,
                             int            *natural_baseline)
{
  /* The height is min-height in style.css. */
  *minimum = 0;
  *natural = 0;
}

static void
arietta_piece_strip_css_changed (GtkWidget         *widget,
                                 GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (arietta_piece_strip_parent_class)->css_changed (widget, change);

  repaint (ARIETTA_PIECE_STRIP (widget));
}

static void
arietta_piece_strip_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (object);

  switch (id)
    {
    case PROP_PIECE:
      g_value_set_boxed (value, self->piece);
      break;
    case PROP_POSITION:
      g_value_set_int64 (value, self->position);
      break;
    case PROP_LOOP:
      g_value_set_boolean (value, self->loop);
      break;
    case PROP_LOOP_START:
      g_value_set_int64 (value, self->loop_start);
      break;
    case PROP_LOOP_END:
      g_value_set_int64 (value, self->loop_end);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_piece_strip_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (object);
  gint64 *tick;

  switch (id)
    {
    case PROP_PIECE:
      set_piece (self, g_value_get_boxed (value));
      break;
    case PROP_LOOP:
      if (self->loop == g_value_get_boolean (value))
        break;
      self->loop = g_value_get_boolean (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_POSITION:
    case PROP_LOOP_START:
    case PROP_LOOP_END:
      tick = id == PROP_POSITION ? &self->position : id == PROP_LOOP_START ? &self->loop_start : &self->loop_end;
      if (*tick == g_value_get_int64 (value))
        break;
      *tick = g_value_get_int64 (value);
      if (id == PROP_POSITION)
        update_value (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_piece_strip_finalize (GObject *object)
{
  AriettaPieceStrip *self = ARIETTA_PIECE_STRIP (object);

  g_clear_object (&self->texture);
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);

  G_OBJECT_CLASS (arietta_piece_strip_parent_class)->finalize (object);
}

static void
arietta_piece_strip_class_init (AriettaPieceStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  static const struct
  {
    guint keys[2];
    int   step;
  } MOVES[] = {
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, -1 },
    { { GDK_KEY_Right, GDK_KEY_KP_Right }, 1 },
    { { GDK_KEY_Home, GDK_KEY_KP_Home }, -2 },
    { { GDK_KEY_End, GDK_KEY_KP_End }, 2 },
  };

  object_class->finalize = arietta_piece_strip_finalize;
  object_class->get_property = arietta_piece_strip_get_property;
  object_class->set_property = arietta_piece_strip_set_property;
  widget_class->measure = arietta_piece_strip_measure;
  widget_class->snapshot = arietta_piece_strip_snapshot;
  widget_class->css_changed = arietta_piece_strip_css_changed;

  properties[PROP_PIECE] = g_param_spec_boxed ("piece", NULL, NULL, ARIETTA_TYPE_PIECE, flags);
  properties[PROP_POSITION] = g_param_spec_int64 ("position", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LOOP] = g_param_spec_boolean ("loop", NULL, NULL, FALSE, flags);
  properties[PROP_LOOP_START] = g_param_spec_int64 ("loop-start", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LOOP_END] = g_param_spec_int64 ("loop-end", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  seek_signal = g_signal_new ("seek", ARIETTA_TYPE_PIECE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_INT64);

  for (guint i = 0; i < G_N_ELEMENTS (MOVES); i++)
    for (int k = 0; k < 2; k++)
      gtk_widget_class_add_binding (widget_class, MOVES[i].keys[k], 0, move_cb, "i", MOVES[i].step);

  gtk_widget_class_set_css_name (widget_class, "piecestrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
arietta_piece_strip_init (AriettaPieceStrip *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->end_ticks = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Position in the Piece"), -1);
  update_value (self);

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (repaint), NULL);
}

GtkWidget *
arietta_piece_strip_new (void)
{
  return g_object_new (ARIETTA_TYPE_PIECE_STRIP, NULL);
}
