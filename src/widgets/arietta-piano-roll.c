#define G_LOG_DOMAIN "arietta-widgets"

#include "widgets/arietta-piano-roll-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MIN_QUARTER 1.0
#define MAX_QUARTER 800.0
#define MIN_PITCH 3.0
#define MAX_PITCH 48.0
#define N_PITCHES 128
#define SCROLL_MS 200

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
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static int
ticks_per_quarter (AriettaPianoRoll *self)
{
  return arietta_piece_get_ticks_per_quarter (arietta_roll_index_get_piece (self->index));
}

double
arietta_piano_roll_get_pixels_per_tick (AriettaPianoRoll *self)
{
  return self->pixels_per_quarter / ticks_per_quarter (self);
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

gint64
arietta_piano_roll_x_to_tick (AriettaPianoRoll *self,
                              double            x)
{
  double content = x - self->keyboard_width + gtk_adjustment_get_value (self->hadjustment);

  return (gint64) round (MAX (content, 0.0) / arietta_piano_roll_get_pixels_per_tick (self));
}

int
arietta_piano_roll_y_to_pitch (AriettaPianoRoll *self,
                               double            y)
{
  double content = y - self->ruler_height + gtk_adjustment_get_value (self->vadjustment);

  return CLAMP (N_PITCHES - 1 - (int) floor (content / self->pixels_per_pitch), 0, N_PITCHES - 1);
}

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

static void
configure_adjustments (AriettaPianoRoll *self)
{
  double page = page_width (self);
  double upper = MAX (content_width (self), page);

  gtk_adjustment_configure (self->hadjustment,
                            CLAMP (gtk_adjustment_get_value (self->hadjustment), 0, upper - page),
                            0, upper, self->pixels_per_quarter, page * 0.9, page);

  page = page_height (self);
  upper = MAX (N_PITCHES * self->pixels_per_pitch, page);
  gtk_adjustment_configure (self->vadjustment,
                            CLAMP (gtk_adjustment_get_value (self->vadjustment), 0, upper - page),
                            0, upper, self->pixels_per_pitch * 3, page * 0.9, page);
}

static void
set_scale (AriettaPianoRoll *self,
           double            pixels_per_quarter,
           double            pixels_per_pitch)
{
  /* Whole pixels a pitch keep the rows crisp. */
  pixels_per_quarter = CLAMP (pixels_per_quarter, MIN_QUARTER, MAX_QUARTER);
  pixels_per_pitch = CLAMP (round (pixels_per_pitch), MIN_PITCH, MAX_PITCH);

  g_object_freeze_notify (G_OBJECT (self));
  if (self->pixels_per_quarter != pixels_per_quarter)
    {
      self->pixels_per_quarter = pixels_per_quarter;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIXELS_PER_QUARTER]);
    }
  if (self->pixels_per_pitch != pixels_per_pitch)
    {
      self->pixels_per_pitch = pixels_per_pitch;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIXELS_PER_PITCH]);
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

  self->fit_pending = FALSE;
  set_scale (self, pixels_per_quarter, pixels_per_pitch);
  configure_adjustments (self);
  gtk_adjustment_set_value (self->hadjustment, quarters * self->pixels_per_quarter - in_x);
  gtk_adjustment_set_value (self->vadjustment, rows * self->pixels_per_pitch - in_y);
}

static void
fit_now (AriettaPianoRoll *self)
{
  AriettaPiece *piece = arietta_roll_index_get_piece (self->index);
  gint64 end = arietta_piece_get_notes_end_ticks (piece);
  guint n_bars = arietta_bar_map_find (self->bars, MAX (end - 1, 0)) + 1;
  double quarters = (double) arietta_bar_map_get_start (self->bars, n_bars) / ticks_per_quarter (self);
  int lowest, highest;

  self->fit_pending = FALSE;
  arietta_roll_index_get_pitches (self->index, &lowest, &highest);

  /* A short piece is not blown up beyond what is pleasant to read. */
  set_scale (self, MIN (page_width (self) / MAX (quarters, 1.0), 120.0),
             CLAMP (floor (page_height (self) / (highest - lowest + 5)), 6.0, 20.0));
  configure_adjustments (self);
  gtk_adjustment_set_value (self->hadjustment, 0);
  gtk_adjustment_set_value (self->vadjustment,
                            (N_PITCHES - (highest + lowest + 1) / 2.0) * self->pixels_per_pitch
                            - page_height (self) / 2);
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
  target = adw_property_animation_target_new (G_OBJECT (self->hadjustment), "value");
  self->scroll_animation = G_OBJECT (adw_timed_animation_new (GTK_WIDGET (self), now, value, SCROLL_MS, target));
  adw_animation_play (ADW_ANIMATION (self->scroll_animation));
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
      double top = (N_PITCHES - 1 - pitch) * self->pixels_per_pitch;
      double air = MIN (2 * self->pixels_per_pitch, page_height (self) / 4);

      gtk_adjustment_clamp_page (self->vadjustment, top - air, top + self->pixels_per_pitch + air);
    }
}

/* Pages on when the head runs out of sight, and jumps where it jumps; but a person who scrolled away while
 * listening is left alone until the head comes by. */
static void
follow_position (AriettaPianoRoll *self,
                 gint64            before)
{
  double scale = arietta_piano_roll_get_pixels_per_tick (self), page = page_width (self);
  double value = gtk_adjustment_get_value (self->hadjustment);
  double x = (double) self->position * scale, was = (double) before * scale;
  gboolean was_seen = was >= value && was <= value + page;
  gboolean jumped = ABS (self->position - before) > 2 * ticks_per_quarter (self);

  if (x >= value && x <= value + page * 0.94)
    return;
  if (self->scroll_animation != NULL
      && adw_animation_get_state (ADW_ANIMATION (self->scroll_animation)) == ADW_ANIMATION_PLAYING)
    return;
  if (was_seen || jumped)
    scroll_to (self, x - page * 0.06);
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
    follow_position (self, before);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

static void
show_piece (AriettaPianoRoll *self,
            AriettaPiece     *piece)
{
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_pointer (&self->index, arietta_roll_index_free);
  self->bars = arietta_bar_map_new (piece);
  self->index = arietta_roll_index_new (piece);
  arietta_tile_cache_clear (self->tiles);
  arietta_piano_roll_input_reset (self);
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
    configure_adjustments (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PIECE]);
}

static void
adjustment_changed_cb (AriettaPianoRoll *self)
{
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
  if (self->hadjustment != NULL && self->vadjustment != NULL)
    configure_adjustments (self);
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
  if (self->fit_pending && width > 1 && height > 1)
    fit_now (self);
  else
    configure_adjustments (self);
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
      {
        gboolean *flag = id == PROP_FOLLOW ? &self->follow : &self->playing;

        if (*flag == g_value_get_boolean (value))
          break;
        *flag = g_value_get_boolean (value);
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

  g_clear_pointer (&self->stops, g_array_unref);
  g_clear_pointer (&self->selection, arietta_selection_unref);
  g_clear_pointer (&self->edit_keep, arietta_selection_unref);
  g_clear_pointer (&self->tiles, arietta_tile_cache_free);
  g_clear_pointer (&self->bars, arietta_bar_map_free);
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
    g_param_spec_double ("pixels-per-quarter", NULL, NULL, MIN_QUARTER, MAX_QUARTER, 48, flags);
  properties[PROP_PIXELS_PER_PITCH] =
    g_param_spec_double ("pixels-per-pitch", NULL, NULL, MIN_PITCH, MAX_PITCH, 12, flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
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

  gtk_widget_class_set_css_name (widget_class, "pianoroll");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  arietta_piano_roll_input_class_init (widget_class);
  arietta_piano_roll_edit_class_init (widget_class);
}

static void
arietta_piano_roll_init (AriettaPianoRoll *self)
{
  g_autoptr(AriettaPiece) nothing = arietta_piece_freeze (arietta_piece_new (ARIETTA_TICKS_PER_QUARTER));

  self->pixels_per_quarter = 48;
  self->pixels_per_pitch = 12;
  self->follow = TRUE;
  self->tiles = arietta_tile_cache_new (arietta_piano_roll_paint_tile, self);
  self->cursor = -1;
  self->pressed_pitch = -1;
  self->hovered_pitch = -1;
  show_piece (self, nothing);
  set_adjustment (self, &self->hadjustment, NULL);
  set_adjustment (self, &self->vadjustment, NULL);

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
    fit_now (self);
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

  return self->cursor >= 0 ? g_array_index (self->stops, AriettaRollCursorStop, self->cursor).note : NULL;
}
