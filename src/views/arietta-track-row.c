#define G_LOG_DOMAIN "arietta-views"

#include "config.h"

#include "views/arietta-track-row.h"

#include <glib/gi18n.h>

#include "music/arietta-general-midi.h"
#include "music/arietta-track-verbs.h"
#include "studio/arietta-export-file.h"
#include "views/arietta-a11y.h"
#include "views/arietta-drag-out.h"
#include "views/arietta-instrument-list.h"
#include "widgets/arietta-colors.h"

#define DEFAULT_VOLUME 100
#define MIDDLE 64
/* So long a slider rests before its place becomes a step. */
#define SETTLE_MS 300

struct _AriettaTrackRow
{
  GtkListBoxRow    parent_instance;

  AriettaSession  *session;
  AriettaPiece    *piece;
  guint            track;
  guint            hue;
  guint            settle_id;
  gboolean         filling;       /* the sliders are set by us */

  /* template children */
  GtkWidget       *swatch;
  GtkLabel        *name_label;
  GtkLabel        *instrument_label;
  GtkToggleButton *mute_button;
  GtkToggleButton *solo_button;
  GtkPopover      *popover;
  GtkEditable     *name_entry;
  GtkAdjustment   *volume;
  GtkAdjustment   *pan;
  GtkScale        *pan_scale;
  AriettaInstrumentList *instruments;
  GtkBox          *colors;
};

G_DEFINE_FINAL_TYPE (AriettaTrackRow, arietta_track_row, GTK_TYPE_LIST_BOX_ROW)

static AriettaTrack *
get_track (AriettaTrackRow *self)
{
  return arietta_piece_get_track (self->piece, self->track);
}

static void
draw_swatch_cb (GtkDrawingArea *area,
                cairo_t        *cr,
                int             width,
                int             height,
                gpointer        user_data)
{
  AriettaTrackRow *self = user_data;
  AriettaPalette palette;
  AriettaColor color;

  arietta_colors_get (GTK_WIDGET (self), &palette);
  color = palette.hues[self->hue % ARIETTA_PALETTE_SIZE];
  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
  cairo_set_line_width (cr, width);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, width / 2.0, width / 2.0);
  cairo_line_to (cr, width / 2.0, height - width / 2.0);
  cairo_stroke (cr);
}

/* ---- Colours ---- */

static const char * const hue_names[ARIETTA_PALETTE_SIZE] = {
  N_("Blue"), N_("Orange"), N_("Green"), N_("Magenta"), N_("Violet"), N_("Cyan"), N_("Olive"), N_("Red"),
};

static void
draw_color_cb (GtkDrawingArea *area,
               cairo_t        *cr,
               int             width,
               int             height,
               gpointer        user_data)
{
  AriettaPalette palette;
  AriettaColor color;

  arietta_colors_get (GTK_WIDGET (area), &palette);
  color = palette.hues[GPOINTER_TO_UINT (user_data)];
  cairo_set_source_rgb (cr, color.red, color.green, color.blue);
  cairo_arc (cr, width / 2.0, height / 2.0, MIN (width, height) / 2.0, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
color_clicked_cb (AriettaTrackRow *self,
                  GtkWidget       *button)
{
  guint hue = 0;

  for (GtkWidget *before = gtk_widget_get_prev_sibling (button); before != NULL;
       before = gtk_widget_get_prev_sibling (before))
    hue++;
  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "page.track-hue", "(uu)", self->track, hue);
}

/* Made when first looked at, as the instruments are. */
static void
make_colors (AriettaTrackRow *self)
{
  if (gtk_widget_get_first_child (GTK_WIDGET (self->colors)) != NULL)
    return;
  for (guint hue = 0; hue < ARIETTA_PALETTE_SIZE; hue++)
    {
      GtkWidget *area = gtk_drawing_area_new (), *button = gtk_button_new ();

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 16);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 16);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_color_cb, GUINT_TO_POINTER (hue), NULL);
      gtk_button_set_child (GTK_BUTTON (button), area);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "small");
      gtk_widget_set_tooltip_text (button, _(hue_names[hue]));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(hue_names[hue]), -1);
      g_signal_connect_swapped (button, "clicked", G_CALLBACK (color_clicked_cb), self);
      gtk_box_append (self->colors, button);
    }
}

/* ---- Listening ---- */

static void
mute_cb (AriettaTrackRow *self)
{
  arietta_player_set_mute (arietta_session_get_player (self->session), self->track,
                           gtk_toggle_button_get_active (self->mute_button));
}

static void
solo_cb (AriettaTrackRow *self)
{
  arietta_player_set_solo (arietta_session_get_player (self->session), self->track,
                           gtk_toggle_button_get_active (self->solo_button));
}

/* Muted or soloed elsewhere: in the mixer, for one. */
static void
mix_changed_cb (AriettaTrackRow *self)
{
  AriettaPlayer *player = arietta_session_get_player (self->session);

  gtk_toggle_button_set_active (self->mute_button, arietta_player_get_mute (player, self->track));
  gtk_toggle_button_set_active (self->solo_button, arietta_player_get_solo (player, self->track));
}

/* ---- Asking for changes ---- */

static gboolean
settle_cb (gpointer user_data)
{
  AriettaTrackRow *self = user_data;
  const guint volume = (guint) gtk_adjustment_get_value (self->volume);
  const guint pan = (guint) (gtk_adjustment_get_value (self->pan) + MIDDLE);

  self->settle_id = 0;
  if ((int) volume != arietta_tracks_get_control (self->piece, self->track, ARIETTA_CONTROL_VOLUME, DEFAULT_VOLUME))
    gtk_widget_activate_action (GTK_WIDGET (self), "page.track-control", "(uuu)", self->track,
                                (guint) ARIETTA_CONTROL_VOLUME, volume);
  if ((int) pan != arietta_tracks_get_control (self->piece, self->track, ARIETTA_CONTROL_PAN, MIDDLE))
    gtk_widget_activate_action (GTK_WIDGET (self), "page.track-control", "(uuu)", self->track,
                                (guint) ARIETTA_CONTROL_PAN, pan);
  return G_SOURCE_REMOVE;
}

static void
control_cb (AriettaTrackRow *self)
{
  if (self->filling)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

static void
renamed_cb (AriettaTrackRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "page.track-rename", "(us)", self->track,
                              gtk_editable_get_text (self->name_entry));
  gtk_popover_popdown (self->popover);
}

static void
remove_cb (AriettaTrackRow *self)
{
  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "page.track-remove", "u", self->track);
}

static void
instrument_cb (AriettaTrackRow *self,
               int              program)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "page.track-program", "(uu)", self->track, (guint) program);
}

static void
popover_shown_cb (AriettaTrackRow *self)
{
  gboolean percussion = arietta_track_is_percussion (get_track (self));

  make_colors (self);
  gtk_editable_set_text (self->name_entry, arietta_track_get_name (get_track (self)));
  gtk_widget_set_visible (GTK_WIDGET (self->instruments), !percussion);
  if (!percussion)
    arietta_instrument_list_select (self->instruments, arietta_track_get_program (get_track (self)));
}

/* ---- Overrides ---- */

static void
arietta_track_row_dispose (GObject *object)
{
  AriettaTrackRow *self = ARIETTA_TRACK_ROW (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->piece, arietta_piece_unref);

  G_OBJECT_CLASS (arietta_track_row_parent_class)->dispose (object);
}

static void
arietta_track_row_class_init (AriettaTrackRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = arietta_track_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/arietta/Arietta/arietta-track-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, instrument_label);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, mute_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, solo_button);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, popover);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, name_entry);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, volume);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, pan);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, pan_scale);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, instruments);
  gtk_widget_class_bind_template_child (widget_class, AriettaTrackRow, colors);
  gtk_widget_class_bind_template_callback (widget_class, mute_cb);
  gtk_widget_class_bind_template_callback (widget_class, solo_cb);
  gtk_widget_class_bind_template_callback (widget_class, control_cb);
  gtk_widget_class_bind_template_callback (widget_class, renamed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, instrument_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_shown_cb);
}

static void
arietta_track_row_init (AriettaTrackRow *self)
{
  g_type_ensure (ARIETTA_TYPE_INSTRUMENT_LIST);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->swatch), draw_swatch_cb, self, NULL);
  gtk_scale_add_mark (self->pan_scale, 0, GTK_POS_BOTTOM, NULL);
}

/* ---- Public ---- */

static gboolean
drag_track (GtkWidget      *widget,
            gpointer        user_data,
            AriettaDragged *dragged)
{
  AriettaTrackRow *self = ARIETTA_TRACK_ROW (widget);
  const char *title = arietta_session_get_title (self->session);

  dragged->piece = arietta_export_take_track (self->piece, self->track);
  dragged->title = g_strdup_printf ("%s - %s", title != NULL ? title : "", gtk_label_get_text (self->name_label));
  return TRUE;
}

GtkWidget *
arietta_track_row_new (AriettaSession *session,
                       guint           track)
{
  AriettaTrackRow *self = g_object_new (ARIETTA_TYPE_TRACK_ROW, NULL);

  self->session = g_object_ref (session);
  self->track = track;
  arietta_drag_out_add (GTK_WIDGET (self), session, drag_track, NULL);
  g_signal_connect_object (arietta_session_get_player (session), "mix-changed", G_CALLBACK (mix_changed_cb), self,
                           G_CONNECT_SWAPPED);
  mix_changed_cb (self);
  return GTK_WIDGET (self);
}

char *
arietta_track_row_dup_name (AriettaPiece *piece,
                            guint         track)
{
  const char *name = arietta_track_get_name (arietta_piece_get_track (piece, track));

  return *name != '\0' ? g_strdup (name)
                       : g_strdup_printf (_("Track %u"), arietta_tracks_count_playing (piece, track) + 1);
}

void
arietta_track_row_set_piece (AriettaTrackRow *self,
                             AriettaPiece    *piece,
                             guint            hue)
{
  AriettaTrack *track = arietta_piece_get_track (piece, self->track);
  gboolean percussion = arietta_track_is_percussion (track);
  const char *instrument, *own_name = arietta_track_get_name (track);
  g_autofree char *name = arietta_track_row_dup_name (piece, self->track);

  arietta_piece_ref (piece);
  g_clear_pointer (&self->piece, arietta_piece_unref);
  self->piece = piece;
  self->hue = hue;
  gtk_widget_queue_draw (self->swatch);
  gtk_widget_set_visible (GTK_WIDGET (self), arietta_tracks_plays (piece, self->track));

  instrument = percussion ? _("Drums") : arietta_general_midi_get_program (arietta_track_get_program (track));
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->instrument_label, instrument);
  arietta_a11y_set_tooltip (GTK_WIDGET (self->name_label), *own_name != '\0' ? own_name : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, instrument, -1);

  if (self->settle_id != 0)
    return;   /* a hand is at the slider */
  self->filling = TRUE;
  gtk_adjustment_set_value (self->volume, arietta_tracks_get_control (piece, self->track, ARIETTA_CONTROL_VOLUME,
                                                                      DEFAULT_VOLUME));
  gtk_adjustment_set_value (self->pan, arietta_tracks_get_control (piece, self->track, ARIETTA_CONTROL_PAN, MIDDLE)
                                         - MIDDLE);
  self->filling = FALSE;
}
