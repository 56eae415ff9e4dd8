#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>


static void arietta_piano_roll_scrollable_init (GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AriettaPianoRoll, arietta_piano_roll, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, arietta_piano_roll_scrollable_init))

enum
{
  PROP_0,
  PROP_PIECE,
  PROP_POSITION,
  PROP_FOLLOW,
  PROP_PIXELS_PER_QUARTER,
  PROP_PIXELS_PER_PITCH,
  PROP_PLAYING,
  PROP_TRACK,
  PROP_GHOSTS,
  PROP_SCALE,
  PROP_TONIC,
  PROP_LOOP,
  PROP_LOOP_START,
  PROP_LOOP_END,
  N_PROPS,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  SIGNAL_KEY_PRESSED,
  SIGNAL_KEY_RELEASED,
  SIGNAL_SEEK,
  SIGNAL_LOOP_SET,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
arietta_piano_roll_emit_key (AriettaPianoRoll *self,
                             gboolean          pressed,
                             int               pitch)
{
  g_signal_emit (self, signals[pressed ? SIGNAL_KEY_PRESSED : SIGNAL_KEY_RELEASED], 0, pitch);
}

void
arietta_piano_roll_emit_seek (AriettaPianoRoll *self,
                              gint64            tick)
{
  g_signal_emit (self, signals[SIGNAL_SEEK], 0, tick);
}

void
arietta_piano_roll_emit_loop (AriettaPianoRoll *self)
{
  g_signal_emit (self, signals[SIGNAL_LOOP_SET], 0, self->loop_start, self->loop_end);
}

static void
set_position (AriettaPianoRoll *self,
              gint64            position)
{
  gint64 before = self->position;

  if (position == before)
    return;

  self->position = position;
  if (self->follow && gtk_widget_get_width (GTK_WIDGET (self)) > 0)
    arietta_piano_roll_follow_position (self, before);
  arietta_time_axis_set_position (self->axis, position);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static void
show_piece (AriettaPianoRoll *self,
            AriettaPiece     *piece)
{
  g_clear_pointer (&self->index, arietta_roll_index_free);
  self->index = arietta_roll_index_new (piece);
  arietta_time_axis_set_piece (self->axis, piece);
  self->bars = arietta_time_axis_get_bars (self->axis);
  arietta_tile_cache_clear (self->tiles);
  arietta_piano_roll_forget_marks (self);
  arietta_piano_roll_input_reset (self);
  arietta_piano_roll_update_rows (self);
}

static void
set_piece (AriettaPianoRoll *self,
           AriettaPiece     *piece)
{
  gboolean first = self->piece == NULL;

  if (self->piece == piece)
    return;

  g_clear_pointer (&self->piece, arietta_piece_unref);
  if (piece != NULL)
    {
      self->piece = arietta_piece_ref (piece);
      show_piece (self, piece);
    }
  else
    {
      g_autoptr(AriettaPiece) nothing = arietta_piece_freeze (arietta_piece_new (ARIETTA_TICKS_PER_QUARTER));

      show_piece (self, nothing);
    }

  /* An edited version of the same piece should not jump; the first piece should be seen. */
  if (first && piece != NULL)
    arietta_piano_roll_zoom_to_fit (self);
  else
    arietta_piano_roll_configure (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIECE]);
}

static void
adjustment_changed_cb (AriettaPianoRoll *self)
{
  arietta_piano_roll_scrolled (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_adjustment (AriettaPianoRoll *self,
                GtkAdjustment   **place,
                GtkAdjustment    *adjustment)
{
  if (*place != NULL && *place == adjustment)
    return;

  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_clear_object (place);
  *place = g_object_ref_sink (adjustment != NULL ? adjustment : gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (*place, "value-changed", G_CALLBACK (adjustment_changed_cb), self);
  if (place == &self->hadjustment)
    arietta_time_axis_set_adjustment (self->axis, *place);
  if (self->hadjustment != NULL && self->vadjustment != NULL)
    arietta_piano_roll_configure (self);
}

static void
repaint (AriettaPianoRoll *self)
{
  arietta_tile_cache_clear (self->tiles);
  arietta_piano_roll_forget_marks (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What becomes a shade can no longer be selected. */
static void
set_track (AriettaPianoRoll *self,
           int               track,
           gboolean          ghosts)
{
  gboolean was_drums = self->drums;

  if (self->track == track && self->ghosts == ghosts)
    return;
  self->track = track;
  self->ghosts = ghosts;
  arietta_piano_roll_update_rows (self);
  if (ghosts || self->drums || was_drums)
    {
      arietta_piano_roll_set_selection (self, NULL);
      arietta_piano_roll_set_cursor (self, NULL, FALSE);
      repaint (self);
    }
}

static void
arietta_piano_roll_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);

  arietta_piano_roll_measure_text (self);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? self->keyboard_width * 3 : self->ruler_height * 3;
  *natural = *minimum * 3;
}

static void
arietta_piano_roll_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);

  arietta_piano_roll_measure_text (self);
  if ((self->fit_pending || self->fitted) && width > 1 && height > 1)
    arietta_piano_roll_fit_now (self);
  else
    arietta_piano_roll_configure (self);
}

static void
arietta_piano_roll_css_changed (GtkWidget         *widget,
                                GtkCssStyleChange *change)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (widget);

  GTK_WIDGET_CLASS (arietta_piano_roll_parent_class)->css_changed (widget, change);

  self->palette_valid = FALSE;
  g_clear_object (&self->layout);
  arietta_tile_cache_clear (self->tiles);
  arietta_piano_roll_forget_marks (self);
  gtk_widget_queue_resize (widget);
}

static void
arietta_piano_roll_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (object);

  switch (id)
    {
    case PROP_PIECE:
      g_value_set_boxed (value, self->piece);
      break;
    case PROP_POSITION:
      g_value_set_int64 (value, self->position);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->follow);
      break;
    case PROP_PIXELS_PER_QUARTER:
      g_value_set_double (value, self->pixels_per_quarter);
      break;
    case PROP_PIXELS_PER_PITCH:
      g_value_set_double (value, self->pixels_per_pitch);
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, self->playing);
      break;
    case PROP_TRACK:
      g_value_set_int (value, self->track);
      break;
    case PROP_GHOSTS:
      g_value_set_boolean (value, self->ghosts);
      break;
    case PROP_SCALE:
      g_value_set_uint (value, self->scale);
      break;
    case PROP_TONIC:
      g_value_set_int (value, self->tonic);
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
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_piano_roll_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (object);

  switch (id)
    {
    case PROP_PIECE:
      set_piece (self, g_value_get_boxed (value));
      break;
    case PROP_POSITION:
      set_position (self, g_value_get_int64 (value));
      break;
    case PROP_FOLLOW:
    case PROP_PLAYING:
    case PROP_LOOP:
      {
        gboolean *flag = id == PROP_FOLLOW ? &self->follow : id == PROP_LOOP ? &self->loop : &self->playing;

        if (*flag == g_value_get_boolean (value))
          break;
        *flag = g_value_get_boolean (value);
        if (id != PROP_LOOP)
          self->follow_paused = FALSE;
        gtk_widget_queue_draw (GTK_WIDGET (self));
        g_object_notify_by_pspec (object, pspec);
      }
      break;
    case PROP_PIXELS_PER_QUARTER:
      arietta_piano_roll_zoom_around (self, g_value_get_double (value), self->pixels_per_pitch, 0, 0);
      break;
    case PROP_PIXELS_PER_PITCH:
      arietta_piano_roll_zoom_around (self, self->pixels_per_quarter, g_value_get_double (value), 0, 0);
      break;
    case PROP_TRACK:
      set_track (self, g_value_get_int (value), self->ghosts);
      break;
    case PROP_GHOSTS:
      set_track (self, self->track, g_value_get_boolean (value));
      break;
    case PROP_SCALE:
      self->scale = g_value_get_uint (value) & 0xFFF;
      repaint (self);
      break;
    case PROP_TONIC:
      self->tonic = g_value_get_int (value);
      repaint (self);
      break;
    case PROP_LOOP_START:
      self->loop_start = g_value_get_int64 (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    case PROP_LOOP_END:
      self->loop_end = g_value_get_int64 (value);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
arietta_piano_roll_dispose (GObject *object)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (object);

  g_clear_handle_id (&self->redraw_id, g_source_remove);
  if (self->scroll_animation != NULL)
    adw_animation_pause (ADW_ANIMATION (self->scroll_animation));
  g_clear_object (&self->scroll_animation);
  if (self->hadjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->hadjustment, self);
  if (self->vadjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->vadjustment, self);
  g_clear_object (&self->layout);

  G_OBJECT_CLASS (arietta_piano_roll_parent_class)->dispose (object);
}

static void
arietta_piano_roll_finalize (GObject *object)
{
  AriettaPianoRoll *self = ARIETTA_PIANO_ROLL (object);

  g_clear_pointer (&self->selection, arietta_selection_unref);
  g_clear_pointer (&self->edit_keep, arietta_selection_unref);
  g_clear_pointer (&self->tiles, arietta_tile_cache_free);
  g_clear_pointer (&self->marks, arietta_tile_cache_free);
  g_clear_pointer (&self->carried, arietta_tile_cache_free);
  g_clear_object (&self->axis);
  g_clear_pointer (&self->index, arietta_roll_index_free);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_object (&self->hadjustment);
  g_clear_object (&self->vadjustment);

  G_OBJECT_CLASS (arietta_piano_roll_parent_class)->finalize (object);
}

static void
arietta_piano_roll_scrollable_init (GtkScrollableInterface *iface)
{
}

static void
arietta_piano_roll_class_init (AriettaPianoRollClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = arietta_piano_roll_dispose;
  object_class->finalize = arietta_piano_roll_finalize;
  object_class->get_property = arietta_piano_roll_get_property;
  object_class->set_property = arietta_piano_roll_set_property;
  widget_class->measure = arietta_piano_roll_measure;
  widget_class->size_allocate = arietta_piano_roll_size_allocate;
  widget_class->snapshot = arietta_piano_roll_snapshot;
  widget_class->css_changed = arietta_piano_roll_css_changed;

  properties[PROP_PIECE] = g_param_spec_boxed ("piece", NULL, NULL, ARIETTA_TYPE_PIECE, flags);
  properties[PROP_POSITION] = g_param_spec_int64 ("position", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_FOLLOW] = g_param_spec_boolean ("follow", NULL, NULL, TRUE, flags);
  properties[PROP_PIXELS_PER_QUARTER] =
    g_param_spec_double ("pixels-per-quarter", NULL, NULL, ARIETTA_ROLL_MIN_QUARTER, ARIETTA_ROLL_MAX_QUARTER, 48, flags);
  properties[PROP_PIXELS_PER_PITCH] =
    g_param_spec_double ("pixels-per-pitch", NULL, NULL, ARIETTA_ROLL_MIN_PITCH, ARIETTA_ROLL_MAX_PITCH, 12, flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  properties[PROP_TRACK] = g_param_spec_int ("track", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_GHOSTS] = g_param_spec_boolean ("ghosts", NULL, NULL, FALSE, flags);
  properties[PROP_SCALE] = g_param_spec_uint ("scale", NULL, NULL, 0, 0xFFF, 0, flags);
  properties[PROP_TONIC] = g_param_spec_int ("tonic", NULL, NULL, 0, 11, 0, flags);
  properties[PROP_LOOP] = g_param_spec_boolean ("loop", NULL, NULL, FALSE, flags);
  properties[PROP_LOOP_START] = g_param_spec_int64 ("loop-start", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LOOP_END] = g_param_spec_int64 ("loop-end", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[SIGNAL_KEY_PRESSED] = g_signal_new ("key-pressed", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_KEY_RELEASED] = g_signal_new ("key-released", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_SEEK] = g_signal_new ("seek", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_LOOP_SET] = g_signal_new ("loop-set", ARIETTA_TYPE_PIANO_ROLL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);

  gtk_widget_class_set_css_name (widget_class, "pianoroll");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  arietta_piano_roll_input_class_init (widget_class);
  arietta_piano_roll_cursor_class_init (widget_class);
  arietta_piano_roll_edit_class_init (widget_class);
}

/* A lane was asked to zoom; it lies over or under us, at our x. */
static void
axis_zoom_cb (AriettaPianoRoll *self,
              double            factor,
              double            x)
{
  arietta_piano_roll_zoom_around (self, self->pixels_per_quarter * factor, self->pixels_per_pitch, x,
                                  gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
arietta_piano_roll_init (AriettaPianoRoll *self)
{
  g_autoptr(AriettaPiece) nothing = arietta_piece_freeze (arietta_piece_new (ARIETTA_TICKS_PER_QUARTER));

  self->pixels_per_quarter = 48;
  self->pixels_per_pitch = 12;
  self->follow = TRUE;
  self->tiles = arietta_tile_cache_new (arietta_piano_roll_paint_tile, TRUE, self);
  self->marks = arietta_tile_cache_new (arietta_piano_roll_paint_marks, FALSE, self);
  self->carried = arietta_tile_cache_new (arietta_piano_roll_paint_carried, FALSE, self);
  self->track = -1;
  self->axis = arietta_time_axis_new ();
  self->bars = arietta_time_axis_get_bars (self->axis);
  g_signal_connect_swapped (self->axis, "zoom", G_CALLBACK (axis_zoom_cb), self);
  self->pressed_pitch = -1;
  self->hovered_pitch = -1;
  set_adjustment (self, &self->hadjustment, NULL);
  set_adjustment (self, &self->vadjustment, NULL);
  show_piece (self, nothing);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Piano Roll"), -1);
  arietta_piano_roll_input_init (self);
}

GtkWidget *
arietta_piano_roll_new (void)
{
  return g_object_new (ARIETTA_TYPE_PIANO_ROLL, NULL);
}

void
arietta_piano_roll_zoom_to_fit (AriettaPianoRoll *self)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  if (gtk_widget_get_width (GTK_WIDGET (self)) > self->keyboard_width + 1)
    arietta_piano_roll_fit_now (self);
  else
    {
      self->fit_pending = TRUE;
      gtk_widget_queue_allocate (GTK_WIDGET (self));
    }
}

void
arietta_piano_roll_show_range (AriettaPianoRoll *self,
                               gint64            start_ticks,
                               gint64            end_ticks,
                               int               pitch)
{
  g_return_if_fail (ARIETTA_IS_PIANO_ROLL (self));

  arietta_piano_roll_reveal (self, start_ticks, end_ticks, pitch);
}

const AriettaNote *
arietta_piano_roll_get_cursor (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), NULL);

  return self->cursor.note;
}

AriettaTimeAxis *
arietta_piano_roll_get_axis (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), NULL);

  return self->axis;
}

AriettaRollIndex *
arietta_piano_roll_get_index (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), NULL);

  return self->index;
}

gboolean
arietta_piano_roll_is_drums (AriettaPianoRoll *self)
{
  g_return_val_if_fail (ARIETTA_IS_PIANO_ROLL (self), FALSE);

  return self->drums;
}
