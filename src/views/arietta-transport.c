#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-transport.h"

#include <glib/gi18n.h>
#include <math.h>

#include "music/arietta-bar-map.h"
#include "music/arietta-tap.h"
#include "views/arietta-a11y.h"
#include "views/arietta-late-menu.h"
#include "widgets/arietta-piece-strip.h"

#define TEMPO_STEP 1.02
#define TEMPO_MIN 0.25
#define TEMPO_MAX 4.0

struct _AriettaTransport
{
  GtkWidget          parent_instance;

  AriettaSession    *session;
  AriettaBarMap     *bars;        /* of the piece on the stand */
  double             beats_per_minute; /* at the play head, before scaling; 0 for a sound */
  AriettaTap         tap;
  guint              narrow : 1;
  guint              compact : 1;
  guint              settling : 1; /* we move the seek bar, not the person */

  /* template children */
  GtkWidget         *grid;
  GtkWidget         *left_box;
  GtkWidget         *middle_stack;
  GtkWidget         *right_box;
  GtkButton         *play_button;
  GtkWidget         *record_menu_button;
  GtkWidget         *metronome_button;
  AriettaPieceStrip *strip;
  GtkRange          *seek_scale;
  GtkLabel          *place_label;
  GtkLabel          *time_label;
  GtkMenuButton     *tempo_button;
  GtkLabel          *tempo_label;
  GtkAdjustment     *tempo_adjustment;
  GtkWidget         *volume_box;
  GtkWidget         *volume_button;
  GtkAdjustment     *volume_adjustment;
  GtkLevelBar       *level_bar;
};

G_DEFINE_FINAL_TYPE (AriettaTransport, arietta_transport, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_NARROW,
  PROP_COMPACT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static char *
dup_clock (double seconds)
{
  int whole = (int) MAX (seconds, 0.0);

  return g_strdup_printf ("%d:%02d", whole / 60, whole % 60);
}

/* Beats count in the metre's own unit: 3.2 is the second eighth of bar 3 in 6/8. A pickup is bar
 * 0. */
static char *
dup_place (AriettaTransport *self,
           AriettaPiece     *piece,
           gint64            ticks)
{
  guint nth = arietta_bar_map_find (self->bars, ticks);
  gint64 start = arietta_bar_map_get_start (self->bars, nth);
  const AriettaBar *bar = arietta_bar_map_get_nth (self->bars,
                                                   MIN (nth, arietta_bar_map_get_n (self->bars) - 1));
  gint64 beat_ticks = MAX (1, 4 * (gint64) arietta_piece_get_ticks_per_quarter (piece)
                              / MAX (1, bar->denominator));
  int shown = (int) nth + (arietta_bar_map_has_pickup (self->bars) ? 0 : 1);

  return g_strdup_printf ("%d.%d", shown, (int) ((ticks - start) / beat_ticks) + 1);
}

static double
find_tempo (AriettaPiece *piece,
            gint64        ticks)
{
  guint n;
  const AriettaTempo *tempos = arietta_piece_get_tempos (piece, &n);
  guint32 us = 500000;

  for (guint i = 0; i < n && tempos[i].tick <= ticks; i++)
    us = tempos[i].us_per_quarter;
  return us > 0 ? 6e7 / us : 0.0;
}

static void
set_label (GtkLabel   *label,
           const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
show_tempo (AriettaTransport *self)
{
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;
  double scale;

  g_object_get (arietta_session_get_player (self->session), "tempo-scale", &scale, NULL);

  if (self->beats_per_minute > 0.0)
    {
      double tempo = round (self->beats_per_minute * scale);

      text = g_strdup_printf ("♩ = %.0f", tempo);
      /* Translators: said by a screen reader, and shown when the pointer rests on the tempo */
      spoken = g_strdup_printf (_("Tempo: %.0f quarters a minute (scroll to change)"), tempo);
    }
  else
    {
      text = g_strdup_printf ("%.0f %%", scale * 100.0);
      spoken = g_strdup_printf (_("Tempo: %.0f %% (scroll to change)"), scale * 100.0);
    }

  if (g_strcmp0 (gtk_label_get_text (self->tempo_label), text) == 0)
    return;
  gtk_label_set_text (self->tempo_label, text);
  arietta_a11y_set_tooltip (GTK_WIDGET (self->tempo_button), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tempo_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* Thirty times a second while playing: labels are set only when their text changes. */
static void
show_position (AriettaTransport *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);
  AriettaPiece *piece = arietta_session_get_piece (self->session);
  g_autofree char *now = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *clock = NULL;
  gint64 duration_ns;
  gint64 position_ns;

  g_object_get (player, "duration-ns", &duration_ns, "position-ns", &position_ns, NULL);

  if (piece != NULL && self->bars != NULL)
    {
      gint64 ticks = arietta_player_get_position (player);
      g_autofree char *place = NULL;
      guint count;

      /* Counted in, one wants to know how many beats are left. */
      g_object_get (player, "count", &count, NULL);
      place = count > 0 ? g_strdup_printf ("−%u", count) : dup_place (self, piece, ticks);
      set_label (self->place_label, place);
      now = dup_clock (arietta_piece_ticks_to_seconds (piece, ticks));
      whole = dup_clock (arietta_piece_get_duration_seconds (piece));
      self->beats_per_minute = find_tempo (piece, ticks);
    }
  else
    {
      set_label (self->place_label, "");
      now = dup_clock (position_ns / 1e9);
      whole = dup_clock (duration_ns / 1e9);
      self->beats_per_minute = 0.0;

      self->settling = TRUE;
      gtk_range_set_range (self->seek_scale, 0.0, MAX (duration_ns / 1e9, 0.1));
      gtk_range_set_value (self->seek_scale, position_ns / 1e9);
      self->settling = FALSE;
    }

  clock = g_strdup_printf ("%s / %s", now, whole);
  set_label (self->time_label, clock);
  show_tempo (self);
}

static void
show_stand (AriettaTransport *self)
{
  AriettaPiece *piece = arietta_session_get_piece (self->session);

  g_clear_pointer (&self->bars, arietta_bar_map_free);
  if (piece != NULL)
    self->bars = arietta_bar_map_new (piece);

  g_object_set (self->strip, "piece", piece, NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->middle_stack),
                                    piece == NULL && !arietta_session_is_empty (self->session)
                                      ? "sound" : "piece");
  gtk_widget_set_visible (GTK_WIDGET (self->place_label), piece != NULL);
  show_position (self);
}

static void
show_playing (AriettaTransport *self)
{
  gboolean playing = arietta_player_is_playing (arietta_session_get_player (self->session));
  const char *label = playing ? _("Stop") : _("Play");
  const char *tooltip = playing ? _("Stop (Space)") : _("Play (Space)");

  gtk_button_set_icon_name (self->play_button, playing ? "media-playback-stop-symbolic"
                                                       : "media-playback-start-symbolic");
  arietta_a11y_set_tooltip (GTK_WIDGET (self->play_button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (!playing)
    gtk_level_bar_set_value (self->level_bar, 0.0);
}

static void
seek_cb (AriettaTransport *self,
         gint64            ticks)
{
  arietta_player_seek (arietta_session_get_player (self->session), ticks);
}

static void
seek_scale_cb (AriettaTransport *self)
{
  if (!self->settling && self->session != NULL)
    arietta_player_seek_ns (arietta_session_get_player (self->session),
                            (gint64) (gtk_range_get_value (self->seek_scale) * 1e9));
}

static void
set_tempo_scale (AriettaTransport *self,
                 double            scale)
{
  g_object_set (arietta_session_get_player (self->session),
                "tempo-scale", CLAMP (scale, TEMPO_MIN, TEMPO_MAX), NULL);
}

static gboolean
tempo_scroll_cb (AriettaTransport *self,
                 double            dx,
                 double            dy)
{
  double scale;

  g_object_get (arietta_session_get_player (self->session), "tempo-scale", &scale, NULL);
  set_tempo_scale (self, scale * pow (TEMPO_STEP, -dy));
  return GDK_EVENT_STOP;
}

static void
tempo_reset_cb (AriettaTransport *self)
{
  set_tempo_scale (self, 1.0);
}

/* The piece's own tempo where it can be changed, else how fast it plays. */
static void
tap_cb (AriettaTransport *self)
{
  double tempo = arietta_tap_add (&self->tap, g_get_monotonic_time ());

  if (tempo <= 0.0)
    return;
  if (!gtk_widget_activate_action (GTK_WIDGET (self), "page.tempo", "d", round (tempo)) && self->beats_per_minute > 0.0)
    set_tempo_scale (self, tempo / self->beats_per_minute);
}

static void
level_cb (AriettaTransport *self)
{
  double level;

  g_object_get (arietta_session_get_player (self->session), "level", &level, NULL);
  gtk_level_bar_set_value (self->level_bar, CLAMP (level, 0.0, 1.0));
}

/* The slider is in per cent of speed on a logarithmic scale: half as fast is as far as twice as
 * fast. */
static gboolean
scale_to_slider (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  g_value_set_double (to, log2 (MAX (g_value_get_double (from), 0.01)));
  return TRUE;
}

static gboolean
slider_to_scale (GBinding     *binding,
                 const GValue *from,
                 GValue       *to,
                 gpointer      user_data)
{
  g_value_set_double (to, exp2 (g_value_get_double (from)));
  return TRUE;
}

static void
place_children (AriettaTransport *self)
{
  GtkGrid *grid = GTK_GRID (self->grid);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (self->grid);
  GtkLayoutChild *left = gtk_layout_manager_get_layout_child (layout, self->left_box);
  GtkLayoutChild *middle = gtk_layout_manager_get_layout_child (layout, self->middle_stack);
  GtkLayoutChild *right = gtk_layout_manager_get_layout_child (layout, self->right_box);

  g_object_set (left, "row", self->narrow ? 1 : 0, "column", 0, NULL);
  g_object_set (middle, "row", 0, "column", self->narrow ? 0 : 1,
                "column-span", self->narrow ? 2 : 1, NULL);
  g_object_set (right, "row", self->narrow ? 1 : 0, "column", self->narrow ? 1 : 2, NULL);
  gtk_grid_set_column_spacing (grid, self->narrow ? 6 : 12);
  gtk_widget_set_visible (self->volume_box, !self->narrow);
  gtk_widget_set_visible (self->volume_button, self->narrow);
  /* Beside all the rest the piece would be a few pixels wide. */
  gtk_widget_set_visible (GTK_WIDGET (self->time_label), !self->narrow && !self->compact);
  gtk_widget_set_visible (self->record_menu_button, !self->narrow);
  gtk_widget_set_visible (self->metronome_button, !self->narrow && !self->compact);   /* among the tempo's then */
  gtk_box_set_spacing (GTK_BOX (self->left_box), self->narrow ? 0 : 3);
  gtk_box_set_spacing (GTK_BOX (self->right_box), self->narrow ? 0 : 6);
  gtk_label_set_width_chars (self->place_label, self->narrow ? 4 : 5);
  gtk_label_set_width_chars (self->tempo_label, self->narrow ? 6 : 7);
}

static void
attach_session (AriettaTransport *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);

  g_signal_connect_object (self->session, "notify::piece", G_CALLBACK (show_stand), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::playing", G_CALLBACK (show_playing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::position-ticks", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::position-ns", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::duration-ns", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::tempo-scale", G_CALLBACK (show_tempo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (player, "notify::level", G_CALLBACK (level_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (player, "position-ticks", self->strip, "position", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "loop", self->strip, "loop", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "loop-start", self->strip, "loop-start", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "loop-end", self->strip, "loop-end", G_BINDING_SYNC_CREATE);
  g_object_bind_property (player, "volume", self->volume_adjustment, "value",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property_full (player, "tempo-scale", self->tempo_adjustment, "value",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL,
                               scale_to_slider, slider_to_scale, NULL, NULL);
  show_playing (self);
  show_stand (self);
}

static void
arietta_transport_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  AriettaTransport *self = ARIETTA_TRANSPORT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_transport_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AriettaTransport *self = ARIETTA_TRANSPORT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_return_if_fail (self->session == NULL);
      self->session = g_value_dup_object (value);
      if (self->session != NULL)
        attach_session (self);
      break;
    case PROP_NARROW:
      if (self->narrow != g_value_get_boolean (value))
        {
          self->narrow = g_value_get_boolean (value);
          place_children (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_COMPACT:
      if (self->compact != g_value_get_boolean (value))
        {
          self->compact = g_value_get_boolean (value);
          place_children (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
arietta_transport_dispose (GObject *object)
{
  AriettaTransport *self = ARIETTA_TRANSPORT (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_pointer (&self->bars, arietta_bar_map_free);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_transport_parent_class)->dispose (object);
}

static void
arietta_transport_class_init (AriettaTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = arietta_transport_get_property;
  object_class->set_property = arietta_transport_set_property;
  object_class->dispose = arietta_transport_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, ARIETTA_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COMPACT] =
    g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "transport");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/arietta/Arietta/arietta-transport.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, grid);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, left_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, middle_stack);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, right_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, play_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, record_menu_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, metronome_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, strip);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, seek_scale);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, place_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, time_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, tempo_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, tempo_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, tempo_adjustment);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, volume_box);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, volume_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, volume_adjustment);
  gtk_widget_class_bind_template_child (widget_class, AriettaTransport, level_bar);
  gtk_widget_class_bind_template_callback (widget_class, seek_cb);
  gtk_widget_class_bind_template_callback (widget_class, seek_scale_cb);
  gtk_widget_class_bind_template_callback (widget_class, tempo_scroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, tempo_reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, tap_cb);
}

/* Musical time runs from left to right for everyone: so do its controls, "0:02 / 0:33" and the
 * strip. */
static void
keep_direction (GtkWidget *widget)
{
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    keep_direction (child);
}

static void
arietta_transport_init (AriettaTransport *self)
{
  g_type_ensure (ARIETTA_TYPE_LATE_MENU);
  g_type_ensure (ARIETTA_TYPE_PIECE_STRIP);
  gtk_widget_init_template (GTK_WIDGET (self));
  keep_direction (GTK_WIDGET (self));
  place_children (self);
}

void
arietta_transport_tap (AriettaTransport *self)
{
  g_return_if_fail (ARIETTA_IS_TRANSPORT (self));

  tap_cb (self);
}
