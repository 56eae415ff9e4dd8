#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-mixer-strip.h"

#include "music/arietta-track-verbs.h"
#include "views/arietta-track-row.h"
#include "widgets/arietta-level-meter.h"

/* So long a slider rests before its place becomes a step. */
#define SETTLE_MS 300

/* In the order of the adjustments. */
static const struct
{
  int controller;
  int fallback;
} knobs[] = {
  { ARIETTA_CONTROL_VOLUME, 100 },
  { ARIETTA_CONTROL_PAN, 64 },
  { ARIETTA_CONTROL_REVERB, 0 },
  { ARIETTA_CONTROL_CHORUS, 0 },
};

#define N_KNOBS G_N_ELEMENTS (knobs)

struct _AriettaMixerStrip
{
  GtkWidget          parent_instance;

  AriettaSession    *session;
  AriettaPiece      *piece;
  guint              track;
  guint              settle_id;
  gboolean           filling;    /* the controls are set by us */

  /* template children */
  GtkWidget         *box;
  GtkLabel          *name_label;
  AriettaLevelMeter *meter;
  GtkAdjustment     *volume;
  GtkAdjustment     *pan;
  GtkAdjustment     *reverb;
  GtkAdjustment     *chorus;
  GtkToggleButton   *mute_button;
  GtkToggleButton   *solo_button;
};

G_DEFINE_FINAL_TYPE (AriettaMixerStrip, arietta_mixer_strip, GTK_TYPE_WIDGET)

static GtkAdjustment *
get_adjustment (AriettaMixerStrip *self,
                guint              knob)
{
  GtkAdjustment *all[] = { self->volume, self->pan, self->reverb, self->chorus };

  return all[knob];
}

static int
get_control (AriettaMixerStrip *self,
             guint              knob)
{
  return arietta_tracks_get_control (self->piece, self->track, knobs[knob].controller, knobs[knob].fallback);
}

static gboolean
settle_cb (gpointer user_data)
{
  AriettaMixerStrip *self = user_data;

  self->settle_id = 0;
  for (guint i = 0; i < N_KNOBS; i++)
    {
      guint value = (guint) gtk_adjustment_get_value (get_adjustment (self, i));

      if ((int) value != get_control (self, i))
        gtk_widget_activate_action (GTK_WIDGET (self), "page.track-control", "(uuu)", self->track,
                                    (guint) knobs[i].controller, value);
    }
  return G_SOURCE_REMOVE;
}

static void
control_cb (AriettaMixerStrip *self)
{
  if (self->filling)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

static void
mute_cb (AriettaMixerStrip *self)
{
  if (!self->filling)
    arietta_player_set_mute (arietta_session_get_player (self->session), self->track,
                             gtk_toggle_button_get_active (self->mute_button));
}

static void
solo_cb (AriettaMixerStrip *self)
{
  if (!self->filling)
    arietta_player_set_solo (arietta_session_get_player (self->session), self->track,
                             gtk_toggle_button_get_active (self->solo_button));
}

/* Muted or soloed elsewhere: in the track list, for one. */
static void
mix_changed_cb (AriettaMixerStrip *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);

  self->filling = TRUE;
  gtk_toggle_button_set_active (self->mute_button, arietta_player_get_mute (player, self->track));
  gtk_toggle_button_set_active (self->solo_button, arietta_player_get_solo (player, self->track));
  self->filling = FALSE;
}

static void
arietta_mixer_strip_dispose (GObject *object)
{
  AriettaMixerStrip *self = ARIETTA_MIXER_STRIP (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (arietta_mixer_strip_parent_class)->dispose (object);
}

static void
arietta_mixer_strip_class_init (AriettaMixerStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_mixer_strip_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-mixer-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, box);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, name_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, meter);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, volume);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, pan);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, reverb);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, chorus);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, mute_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaMixerStrip, solo_button);
  gtk_widget_class_bind_template_callback (widget_class, control_cb);
  gtk_widget_class_bind_template_callback (widget_class, mute_cb);
  gtk_widget_class_bind_template_callback (widget_class, solo_cb);
}

static void
arietta_mixer_strip_init (AriettaMixerStrip *self)
{
  g_type_ensure (ARIETTA_TYPE_LEVEL_METER);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
arietta_mixer_strip_new (AriettaSession *session,
                         guint           track)
{
  AriettaMixerStrip *self = g_object_new (ARIETTA_TYPE_MIXER_STRIP, NULL);

  self->session = g_object_ref (session);
  self->track = track;
  g_signal_connect_object (arietta_session_get_player (session), "mix-changed", G_CALLBACK (mix_changed_cb), self,
                           G_CONNECT_SWAPPED);
  mix_changed_cb (self);
  return GTK_WIDGET (self);
}

void
arietta_mixer_strip_set_piece (AriettaMixerStrip *self,
                               AriettaPiece      *piece)
{
  g_autofree char *name = arietta_track_row_dup_name (piece, self->track);

  arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;
  gtk_widget_set_visible (GTK_WIDGET (self), arietta_tracks_plays (piece, self->track));
  gtk_label_set_label (self->name_label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  if (self->settle_id != 0)
    return;   /* a hand is at the slider */
  self->filling = TRUE;
  for (guint i = 0; i < N_KNOBS; i++)
    gtk_adjustment_set_value (get_adjustment (self, i), get_control (self, i));
  self->filling = FALSE;
}

gboolean
arietta_mixer_strip_measure (AriettaMixerStrip *self,
                             gint64             time_us)
{
  return arietta_level_meter_take (self->meter,
                                   arietta_player_take_track_level (arietta_session_get_player (self->session),
                                                                    self->track),
                                   time_us);
}
